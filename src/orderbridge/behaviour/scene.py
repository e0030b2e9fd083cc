"""What the sources of a behaviour's lines see: the request, the records that were found, the hub's result."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.mapping.document import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderbridge.behaviour.forms import Number
    from orderbridge.behaviour.result import Result

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Kept(NamedTuple):
    """A record as lines see it: its document and, of an order, the hub's result."""

    kind: str
    id: str
    document: Any
    result: Result


class Scene(NamedTuple):
    """Everything that a source can name.

    `request` has the members of `REQUEST_ROOTS`. A record that was looked for in vain is None, those of a list are a
    tuple. `number` counts, `show` gives an order as the partner shows it.

    A tuple and no dataclass: a call sees ten of them on its way, and a frozen one takes five times as long to make.
    """

    request: Mapping[str, Any] = _NOTHING
    records: Mapping[str, Kept | tuple[Kept, ...] | None] = _NOTHING
    result: Mapping[str, Any] = _NOTHING
    names: Mapping[str, str] = _NOTHING
    missed: Mapping[str, list[Any]] = _NOTHING
    caller: Mapping[str, str] = _NOTHING
    now: str = ""
    row: Any = ABSENT
    value: Any = ABSENT
    number: Number | None = None
    show: Callable[[Kept], Any] | None = None

    def at(self, row: Any) -> Scene:
        """See an element of a list as `row`."""
        # By hand: every line that is laid over rows asks for each of them, and `_replace` takes twice as long.
        return Scene(
            self.request,
            self.records,
            self.result,
            self.names,
            self.missed,
            self.caller,
            self.now,
            row,
            self.value,
            self.number,
            self.show,
        )

    def begun(self, records: Mapping[str, Kept | tuple[Kept, ...] | None], now: str) -> Scene:
        """See some records, at a time."""
        # By hand for the same reason.
        return Scene(
            self.request,
            records,
            self.result,
            self.names,
            self.missed,
            self.caller,
            now,
            self.row,
            self.value,
            self.number,
            self.show,
        )

    def making(self, names: Mapping[str, str], number: Number) -> Scene:
        """See the names of a record that is being made, and count."""
        # By hand for the same reason.
        return Scene(
            self.request,
            self.records,
            self.result,
            names,
            self.missed,
            self.caller,
            self.now,
            self.row,
            self.value,
            number,
            self.show,
        )

    def having(self, name: str, kept: Kept | tuple[Kept, ...] | None, result: Mapping[str, Any]) -> Scene:
        """See a record, or a list of them, under a name, and a result of the hub."""
        # By hand for the same reason.
        return Scene(
            self.request,
            {**self.records, name: kept},
            result,
            self.names,
            self.missed,
            self.caller,
            self.now,
            self.row,
            self.value,
            self.number,
            self.show,
        )

    def of(self, value: Any) -> Scene:
        """See a value that a text speaks of."""
        return self._replace(value=value)
