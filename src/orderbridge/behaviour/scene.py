"""What the sources of a behaviour's lines see: the request, the records that were found, the hub's result."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge import jsontext
from orderbridge.behaviour.effects import ORDER
from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, is_blank, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderbridge.behaviour.effects import Source, Template, Test
    from orderbridge.behaviour.forms import Number

Result = dict[str, Any]
"""The hub's result of an order, flat: what was answered, and the order itself below `order.`."""

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

    def look(self, source: Source) -> Any:
        """Give what a source names, or `ABSENT`."""
        own = _OWN.get(source.root)
        if own is not None:
            return own(self, source)
        if source.root in self.request:
            return read(self.request[source.root], source.path)[0]
        return self._record(source)

    def holds(self, tests: tuple[Test, ...]) -> bool:
        """Tell whether all of some tests hold."""
        return not tests or all(self._holds(test) for test in tests)

    def fails(self, tests: tuple[Test, ...]) -> bool:
        """Tell whether there are tests that hold: what `unless` asks for."""
        return bool(tests) and self.holds(tests)

    def text(self, template: Template) -> str | None:
        """Write a text; None where none of its alternatives is complete."""
        for pieces in template.alternatives:
            written = [piece if isinstance(piece, str) else self._written(piece) for piece in pieces]
            if None not in written:
                return "".join(piece for piece in written if piece is not None)
        return None

    def records_of(self, source: Source) -> tuple[Kept, ...] | None:
        """Give the records that a source names as a list; None where it names no such list."""
        found = self.records.get(source.root) if not source.path else None
        return None if isinstance(found, Kept) else found

    def _record(self, source: Source) -> Any:
        found = self.records.get(source.root)
        return read(found.document, source.path)[0] if isinstance(found, Kept) else ABSENT

    def _holds(self, test: Test) -> bool:
        value = self.look(test.source)
        if None in test.values and (value is ABSENT or is_blank(value)):
            return True
        return any(is_same(value, each) for each in test.values)

    def _written(self, source: Source) -> str | None:
        value = self.look(source)
        if value is ABSENT or is_blank(value):
            return None
        return value if isinstance(value, str) else jsontext.write(value).decode()


def hub_value(result: Mapping[str, Any], leaf: str) -> Any:
    """Read a leaf of a flat hub document, or of a row of one of its lists by its position."""
    if leaf in result:
        return result[leaf]
    for name, rows in result.items():
        if isinstance(rows, list) and leaf.startswith(f"{name}."):
            position, _, inner = leaf[len(name) + 1 :].partition(".")
            row = rows[int(position)] if position.isdigit() and int(position) < len(rows) else {}
            return row.get(inner, ABSENT) if isinstance(row, dict) else ABSENT
    return ABSENT


def _row(scene: Scene, source: Source) -> Any:
    if isinstance(scene.row, dict) and source.leaf in scene.row:
        return scene.row[source.leaf]
    return read(scene.row, source.path)[0] if scene.row is not ABSENT else ABSENT


def _count(scene: Scene, source: Source) -> Any:
    found = scene.records.get(source.leaf)
    return ABSENT if found is None or isinstance(found, Kept) else len(found)


_OWN: Final[dict[str, Callable[[Scene, Source], Any]]] = {
    "caller": lambda scene, source: scene.caller.get(source.leaf, ABSENT),
    "count": _count,
    "missed": lambda scene, source: scene.missed.get(source.leaf, ABSENT),
    "name": lambda scene, source: scene.names.get(source.leaf, ABSENT),
    "now": lambda scene, _source: scene.now,
    "result": lambda scene, source: hub_value(scene.result, source.leaf),
    "row": _row,
    "value": lambda scene, _source: scene.value,
}

__all__ = ["ORDER", "Kept", "Result", "Scene", "hub_value"]
