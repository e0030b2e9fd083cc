"""Which of several alternative sets of lines a hub document is written by: the one that can say most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    said = len(rows[0].keys() & _firsts(line, operations)) if rows else 0
    for each in operations:
        if isinstance(each, Each) and each.to == line.to:
            said = max(said, sum(_said_of(each, row) for row in rows))
            said += sum(_bound(member, hub) for member in each.body if isinstance(member, Members))
    return said


_FIRSTS: Final[dict[tuple[str, int], tuple[tuple[Operation, ...], frozenset[str]]]] = {}
_OWN: Final[dict[int, tuple[Each, frozenset[str] | None]]] = {}
"""What was worked out of lines, by these themselves, which are held so that their identities stay their own."""
_MOST: Final = 5_000


def _firsts(line: Either, operations: tuple[Operation, ...]) -> frozenset[str]:
    """Name what a set can say of the list's first row from outside of the list."""
    key = (line.to, id(operations))
    known = _FIRSTS.get(key)
    if known is None:
        if len(_FIRSTS) >= _MOST:
            _FIRSTS.clear()
        firsts = frozenset(path.leaf for path in _hub_paths(operations, {}) if path.first == line.to)
        known = _FIRSTS[key] = (operations, firsts)
    return known[1]


def _said_of(each: Each, row: dict[str, Any]) -> int:
    known = _OWN.get(id(each))
    if known is None:
        if len(_OWN) >= _MOST:
            _OWN.clear()
        known = _OWN[id(each)] = (each, None if _is_conditional(each.body) else _own(each, {}))
    own = known[1]
    return len(row.keys() & (_own(each, row) if own is None else own))


def _own(each: Each, row: dict[str, Any]) -> frozenset[str]:
    return frozenset(path.leaf for path in _hub_paths(each.body, row)) | {leaf for leaf, _ in each.where}


def _is_conditional(operations: Iterable[Operation]) -> bool:
    """Tell whether what lines can say depends on the row."""
    return any(
        _is_conditional(each.lines) if isinstance(each, Group) else getattr(each, "when", None) is not None
        for each in operations
    )


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
