"""Which of several alternative sets of lines a hub document is written by: the one that can say most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.codec.codec import is_same
from orderbridge.mapping.operations import Constant, Each, Group, Leaf, Members, Parts, Rest, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.mapping.operations import Either, Guard, HubPath, Operation


def chosen_set(line: Either, hub: dict[str, Any]) -> tuple[Operation, ...]:
    """Choose the first set of lines that can say all there is of the list's rows, else the one that says most."""
    best = max(range(len(line.sets)), key=lambda index: (_said(line, line.sets[index], hub), -index))
    return line.sets[best]


def _said(line: Either, operations: tuple[Operation, ...], hub: dict[str, Any]) -> int:
    """Count the leaves of the list's rows that a set can say, and the rows that it binds to them."""
    rows = hub.get(line.to, ())
    firsts = {path.leaf for path in _hub_paths(operations, {}) if path.first == line.to}
    said = sum(leaf in firsts for leaf in (rows[0] if rows else ()))
    for each in operations:
        if isinstance(each, Each) and each.to == line.to:
            said = max(said, sum(_said_of(each, row) for row in rows))
            said += sum(_bound(member, hub) for member in each.body if isinstance(member, Members))
    return said


def _said_of(each: Each, row: dict[str, Any]) -> int:
    own = {path.leaf for path in _hub_paths(each.body, row)} | {leaf for leaf, _ in each.where}
    return sum(leaf in own for leaf in row)


def _bound(line: Members, hub: dict[str, Any]) -> int:
    return sum(line.leaf in row for row in hub.get(line.rows, ()))


def _hub_paths(
    operations: Iterable[Operation], row: dict[str, Any], around: Iterable[Operation] = ()
) -> Iterable[HubPath]:
    """Yield the hub leaves that lines say of a row; a line under a condition only where it would hold."""
    siblings = (*operations, *around)
    for each in operations:
        if isinstance(each, Group):
            yield from _hub_paths(each.lines, row, siblings)
        elif isinstance(each, (Leaf, Parts, Tree, Rest)):
            when = getattr(each, "when", None)
            if when is None or _would_hold(when, siblings, row):
                yield each.to


def _would_hold(guard: Guard, operations: Iterable[Operation], row: dict[str, Any]) -> bool:
    line = next((each for each in operations if isinstance(each, Leaf) and each.at == guard.at), None)
    if line is None:
        return True
    value = row.get(line.to.leaf)
    if value is None:
        return isinstance(line.fill, Constant) and is_same(line.fill.value, guard.value)
    return is_same(line.codec.down(value, None), guard.value)
