"""What operations reach for in a partner's document: their paths, their conditions, and the order in which they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.document import ABSENT, is_blank, read
from orderbridge.mapping.operations import Each, Either, Group, Leaf, Parts, Rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Guard, Members, Operation, Path, Section

_TURNS: Final[dict[int, tuple[Section, tuple[tuple[Operation, ...], tuple[Operation, ...]]]]] = {}
"""Operations in the order in which they are lifted, by the section itself, which is held so that its identity stays."""
_MOST_TURNS: Final = 5_000


@dataclass(slots=True)
class Scope:
    """Where operations stand: an element and its place, a hub row and its name, and the scope around."""

    value: Any
    place: Place
    row: dict[str, Any]
    rows: str = ""
    handle: str = ""
    above: Scope | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """An element that says of a row that it belongs to the row around the element."""

    line: Members
    element: Any
    place: Place
    row: dict[str, Any]
    handle: str


def heads(operation: Operation) -> tuple[str, ...] | None:
    """Give the members of an object of which an operation reads one at least; None where that cannot be said."""
    read_: list[Path] = [*paths(operation)]
    if isinstance(operation, Group) and operation.otherwise_from is not None:
        read_.append(operation.otherwise_from.at)
    first = [path[0] if path else None for path in read_]
    if not all(isinstance(head, str) for head in first) or isinstance(operation, Rest):
        return None
    return tuple(dict.fromkeys(str(head) for head in first))


def holds(value: Any, guard: Guard) -> bool:
    """Tell whether a constant test holds."""
    found = (read(value, path)[0] for path in (guard.at, *guard.aka))
    return is_same(next((each for each in found if each is not ABSENT), ABSENT), guard.value)


def value_at(value: Any, path: Path) -> Any:
    """Give the value at a path, None where there is none."""
    found = read(value, path)[0]
    return None if found is ABSENT else found


def is_there(value: Any, operation: Operation) -> bool:
    """Tell whether an operation has anything to read that is not blank."""
    return any(not is_blank(value_at(value, path)) for path in paths(operation))


def rebased(path: Path, base: tuple[Path, Path]) -> Path:
    """Give the path that stands in for one below an object that is read elsewhere."""
    old, new = base
    return (*new, *path[len(old) :]) if path[: len(old)] == old else path


def paths(operation: Operation) -> Sequence[Path]:
    """Give the partner paths that an operation reads, from its scope."""
    if isinstance(operation, Parts):
        return operation.at
    if isinstance(operation, Leaf):
        return (operation.at, *operation.aka, *operation.also)
    if isinstance(operation, Each):
        return (operation.at, *operation.aka)
    if isinstance(operation, Group):
        return tuple(path for line in operation.lines for path in paths(line))
    if isinstance(operation, Either):
        return tuple(path for one in operation.sets for each in one for path in paths(each))
    return (operation.at,)


def in_turn(section: Section) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Put the currency before everything else."""
    known = _TURNS.get(id(section))
    if known is None:
        if len(_TURNS) >= _MOST_TURNS:
            _TURNS.clear()
        named = [isinstance(each, Leaf) and each.to.leaf == section.currency for each in section.operations]
        first = tuple(each for each, is_named in zip(section.operations, named, strict=True) if is_named)
        rest = tuple(each for each, is_named in zip(section.operations, named, strict=True) if not is_named)
        known = _TURNS[id(section)] = (section, (first, rest))
    return known[1]


def row_named(element: Any, line: Members, rows: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Find the row that an element names, by the first way that leads to one."""
    for way in line.match:
        wanted = [(each.to.leaf, each.codec.up(read(element, each.at)[0], None)) for each in way]
        if any(isinstance(value, Refused) for _, value in wanted):
            continue
        for row in rows:
            if all(is_same(row.get(leaf), value) for leaf, value in wanted):
                return row
    return None


def is_whole(line: Members, element: Any, row: dict[str, Any]) -> bool:
    """Tell whether an element that names a row means all of it."""
    if line.quantity is None:
        return True
    value, _ = read(element, line.quantity.at)
    leaf = line.quantity.to.leaf
    if value is ABSENT or leaf not in row:
        return True
    meant = line.quantity.codec.up(value, None)
    return not isinstance(meant, Refused) and line.quantity.codec.same(meant, row[leaf])
