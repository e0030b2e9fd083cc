"""What lowering makes of hub leaves: how each may be written, and which of them decide more than what is written.

Most leaves are written by one line or another and are otherwise looked at by nobody. Some are compared with a constant
(conditions, the constants of lists, currencies), some with each other (keys): what they are can change the account of
other leaves, so they have to be told apart by their values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.mapping.compiled.box import paths_written
from orderbridge.mapping.compiled.survey import name_of, place_of
from orderbridge.mapping.operations import (
    Each,
    Either,
    Group,
    HubPath,
    Join,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    RegionCode,
    Rest,
    Same,
    Text,
    Tree,
)
from orderbridge.mapping.saying import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderbridge.codec.codec import Codec, Way
    from orderbridge.mapping.compiled.survey import Place
    from orderbridge.mapping.operations import Fill, Operation, Path, Section

QUANTITY: Final = "quantity"
"""The leaf that says whether a row can stand for its parts."""


_SCALARS: Final = frozenset({"text", "decimal", "integer", "flag"})
_CONTAINERS: Final = frozenset({"array", "object", "any"})


def is_scalar(codec: Codec) -> bool:
    """Tell whether a codec turns one scalar into another, and needs nothing else for it."""
    return not codec.currency and codec.hub in _SCALARS and _CONTAINERS.isdisjoint(codec.takes)


class Writing(NamedTuple):
    """How a leaf may be written: the function, which of its values lose something, and whether texts stay as they are.

    None where what is written depends on more than the leaf.
    """

    down: Way | None
    lossy: Mapping[Any, str] = {}
    keeps_texts: bool = False


@dataclass
class Asked:
    """What a section makes of hub leaves: `is_open` means that nobody can tell.

    `writings` are the ways in which lines write a leaf; `parts` are leaves that several places hold between them,
    `trees` those of free members; `values` are leaves that are compared with constants, `equals` those that are
    compared with each other; `lookups` are the numbers of the tables that leaves are looked up in.
    """

    writings: dict[Place, list[Writing]] = field(default_factory=dict)
    parts: set[Place] = field(default_factory=set)
    trees: set[Place] = field(default_factory=set)
    values: set[Place] = field(default_factory=set)
    equals: set[Place] = field(default_factory=set)
    lookups: dict[Place, list[int]] = field(default_factory=dict)
    names_rows: bool = False
    is_open: bool = False


def asked(section: Section, lookups: Sequence[tuple[Path, str]] = ()) -> Asked:
    """Look through what a section does when it is lowered; `lookups` are the paths and the leaves of a supply's."""
    found = Asked(values={("", leaf) for leaf, _ in section.context})
    _ask(found, section.operations, ("",))
    lists = {rows for rows, _ in (*found.writings, *found.parts, *found.trees, *found.values, *found.equals)}
    for number, (path, leaf) in enumerate(lookups):
        for rows in lists | {""} if "*" in path else {""}:
            found.lookups.setdefault((rows, leaf), []).append(number)
    return found


def _ask(found: Asked, operations: Iterable[Operation], scopes: Sequence[str]) -> None:
    operations = tuple(operations)
    for each in operations:
        _ask_fill(found, getattr(each, "fill", None), scopes)
        if isinstance(each, Leaf):
            _ask_leaf(found, each, (each.to, *each.otherwise), scopes)
        elif isinstance(each, Parts):
            found.parts.update(place_of(path, scopes) for path in (each.to, *each.otherwise))
        elif isinstance(each, (Tree, Rest)):
            found.trees.add(place_of(each.to, scopes))
        elif isinstance(each, Group):
            _ask(found, each.lines, scopes)
            _ask_elsewhere(found, each, scopes)
        elif isinstance(each, Each):
            _ask_list(found, each, scopes)
        elif isinstance(each, Either):
            for one in each.sets:
                _ask(found, one, scopes)
        elif not isinstance(each, Leave):
            _ask_names(found, each)
    _ask_conditions(found, [*_flat(operations)], scopes)


def _ask_leaf(found: Asked, line: Leaf, paths: Iterable[HubPath], scopes: Sequence[str]) -> None:
    for path in paths:
        found.writings.setdefault(place_of(path, scopes), []).append(_writing(line.codec))


def _writing(codec: Codec) -> Writing:
    return Writing(codec.down if is_scalar(codec) else None, codec.lossy, name_of(codec) == "text")


def _ask_elsewhere(found: Asked, group: Group, scopes: Sequence[str]) -> None:
    """Note the leaves that stand in for a group's own."""
    for other in group.otherwise:
        for line in group.lines:
            if isinstance(line, Leaf):
                _ask_leaf(found, line, (moved(line.to, (group.prefix, other)),), scopes)
            elif isinstance(line, Parts):
                found.parts.add(place_of(moved(line.to, (group.prefix, other)), scopes))


def _ask_list(found: Asked, line: Each, scopes: Sequence[str]) -> None:
    found.values.update((line.to, leaf) for leaf, _ in line.where)
    if line.components != "refuse" and line.nest is None:
        found.values.add((line.to, QUANTITY))
    inside = (*scopes, line.to)
    for each in line.body:
        # An element whose key another has is written without it.
        if isinstance(each, Leaf) and each.at == line.key:
            found.equals.update(place_of(path, inside) for path in (each.to, *each.otherwise))
    _ask(found, line.body, inside)


def _ask_names(found: Asked, line: Reference | Members) -> None:
    found.names_rows = True
    if isinstance(line, Members):
        leaves = [each for way in line.match for each in way] + ([line.quantity] if line.quantity is not None else [])
        found.values.update((line.rows, each.to.leaf) for each in leaves)


def _ask_fill(found: Asked, fill: Fill | None, scopes: Sequence[str]) -> None:
    if isinstance(fill, RegionCode):
        found.values.update(place_of(path, scopes) for path in (fill.region, fill.country))
    for path in _told(fill):
        found.writings.setdefault(place_of(path, scopes), []).append(_TOLD)


_TOLD: Final = Writing(lambda value, _: str(value), keeps_texts=True)


def _told(fill: Fill | None) -> Iterator[HubPath]:
    if isinstance(fill, Join):
        yield from fill.of
    elif isinstance(fill, Text):
        yield from (part for part in fill.parts if isinstance(part, HubPath))


# Conditions look at what stands in the document by then


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the lines that write into one object."""
    for each in operations:
        if isinstance(each, Group):
            yield from each.lines
            yield each
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _flat(one)
        else:
            yield each


def _ask_conditions(found: Asked, lines: Sequence[Operation], scopes: Sequence[str]) -> None:
    guards = [each.when for each in lines if isinstance(each, (Leaf, Parts)) and each.when is not None]
    for path in {path for guard in guards for path in (guard.at, *guard.aka)}:
        for each in lines:
            if _may_write(each, path):
                _ask_value(found, each, scopes)


def _may_write(line: Operation, path: Path) -> bool:
    if isinstance(line, (Tree, Rest)):
        below = path[len(line.at) :]
        return path[: len(line.at)] == line.at[: len(path)] and not (below and below[0] in line.declared)
    if isinstance(line, Group):
        return any(_may_write(each, path) for each in line.lines)
    return any(each[: len(path)] == path[: len(each)] for each in paths_written(line))


def _ask_value(found: Asked, line: Operation, scopes: Sequence[str]) -> None:
    if isinstance(line, Group):
        for other in line.otherwise:
            inner = (each for each in line.lines if isinstance(each, (Leaf, Parts)))
            found.values.update(place_of(moved(each.to, (line.prefix, other)), scopes) for each in inner)
        return
    if isinstance(line, (Each, Reference, Members)) or isinstance(getattr(line, "fill", None), Same):
        found.is_open = True
        return
    if isinstance(line, (Tree, Rest)):
        found.values.add(place_of(line.to, scopes))
    if isinstance(line, (Leaf, Parts)):
        found.values.update(place_of(path, scopes) for path in (line.to, *line.otherwise))
    found.values.update(place_of(path, scopes) for path in _told(getattr(line, "fill", None)))
