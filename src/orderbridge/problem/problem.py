"""What is wrong with data: one `Problem` per fault.

A problem says what, where in the document, where in the contract, how sure we are and how to fix it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Evidence = Literal["seed", "documented", "observed", "inferred"]
Severity = Literal["error", "warning"]

LEVELS: Final[tuple[Evidence, ...]] = ("seed", "documented", "observed", "inferred")
"""From the strongest evidence to the weakest. A level stands for itself and all before it."""


_put: Final = object.__setattr__
"""Fills a field of a frozen value, in this module only, before anybody has read it."""


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
        if name not in _LATE or self._late is None:
            msg = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(msg)
        values = self._late()
        for each in _LATE:
            _put(self, each, values.get(each))
        return values.get(name)

    def placed(self, **known: str | int | None) -> Problem:
        """Give the same problem with a better known `file`, `record` or `line`.

        What `dataclasses.replace` does, in a sixth of its time: every broken line of a stream needs it twice.
        """
        placed = object.__new__(Problem)
        for name in _FIELDS:
            _put(placed, name, known[name] if name in known else getattr(self, name))
        _put(placed, "_late", None)
        return placed

    def __getstate__(self) -> list[Any]:
        """Pickle the values, all worked out."""
        return [getattr(self, name) for name in _FIELDS]

    def __setstate__(self, state: list[Any]) -> None:
        """Take the values back."""
        for name, value in zip(_FIELDS, state, strict=True):
            _put(self, name, value)
        _put(self, "_late", None)


_FIELDS: Final = tuple(each.name for each in fields(Problem) if each.name != "_late")
_LATE: Final = tuple(name for name in _FIELDS if name not in {"code", "severity"})
# The slots themselves, for the one way in which problems are made by the million: no name has to be looked up.
_put_code, _put_severity, _put_late = (Problem.__dict__[name].__set__ for name in ("code", "severity", "_late"))
