"""What is wrong with data: one `Problem` per fault.

A problem says what, where in the document, where in the contract, how sure we are and how to fix it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Evidence = Literal["seed", "documented", "observed", "inferred"]
Severity = Literal["error", "warning"]

LEVELS: Final[tuple[Evidence, ...]] = ("seed", "documented", "observed", "inferred")
"""From the strongest evidence to the weakest. A level stands for itself and all before it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one document.

    `line` and `column` count from 1, in code points, at the first character of the value (for a
    missing member: of the object that misses it, and `pointer` is that object); None without text.
    `actual` shows a scalar or describes a container; a secret is shown as `•••`.
    """

    code: str
    message: str
    pointer: str = ""
    severity: Severity = "error"
    evidence: Evidence | None = None
    schema_pointer: str | None = None
    expected: str | None = None
    actual: str | None = None
    fix: str | None = None
    line: int | None = None
    column: int | None = None
    file: str | None = None
    record: int | None = None
    _late: Callable[[], dict[str, Any]] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def late(cls, code: str, severity: Severity, rest: Callable[[], dict[str, Any]]) -> Problem:
        """Make a problem whose other fields are worked out when one of them is first read.

        Words and places cost more than finding the fault; who only counts or filters need not pay.
        """
        problem = object.__new__(cls)
        _put_code(problem, code)
        _put_severity(problem, severity)
        _put_late(problem, rest)
        return problem

    def __getattr__(self, name: str) -> Any:
        """Work the late fields out; reached only while a field has no value yet."""
        late = self._late if name in _LATE else None
        if late is None:
            # A name that there is not, or a field that another thread has just filled.
            return object.__getattribute__(self, name)
        values = late()
        for each, put in _LATE.items():
            put(self, values.get(each))
        return values.get(name)

    def settled(self) -> Problem:
        """Work the late fields out now and let go of the document that they come from; give the same problem."""
        if self._late is not None:
            self.__getattr__("message")
            _put_late(self, None)
        return self

    def placed(self, **known: str | int | None) -> Problem:
        """Give the same problem with a better known `file`, `record` or `line`.

        What `dataclasses.replace` does, in a tenth of its time: every broken line of a stream needs it.
        """
        placed = object.__new__(Problem)
        placed.__setstate__(_values_of(self))
        for name, value in known.items():
            _SLOTS[name](placed, value)
        return placed

    def __getstate__(self) -> tuple[Any, ...]:
        """Pickle the values, all worked out."""
        return _values_of(self)

    def __setstate__(self, state: Iterable[Any]) -> None:
        """Take the values back."""
        for put, value in zip(_SLOTS.values(), state, strict=True):
            put(self, value)
        _put_late(self, None)


# The slots themselves: what fills a field of a frozen value, in this module only, before anybody has read it. No name
# has to be looked up where problems are made by the million.
_SLOTS: Final = {each.name: Problem.__dict__[each.name].__set__ for each in fields(Problem) if each.name != "_late"}
_LATE: Final = {name: put for name, put in _SLOTS.items() if name not in {"code", "severity"}}
_values_of: Final[Callable[[Problem], tuple[Any, ...]]] = attrgetter(*_SLOTS)
_put_code, _put_severity, _put_late = (Problem.__dict__[name].__set__ for name in ("code", "severity", "_late"))
