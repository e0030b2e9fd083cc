"""Which hub leaves a section writes when it is lifted, and which it reads when it is lowered.

What one partner writes and another never reads is not worked out on the way between the two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from orderbridge.codec.registry import CODECS
from orderbridge.mapping.derive import NAMES, identifying
from orderbridge.mapping.lifting import PARENT, ROW
from orderbridge.mapping.operations import (
    Count,
    Each,
    Either,
    Group,
    HubPath,
    Join,
    Key,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    RegionCode,
    Rest,
    Text,
    Tree,
)
from orderbridge.mapping.saying import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.compiled.lower_values import Lookup
    from orderbridge.mapping.operations import Operation, Section

Place: TypeAlias = tuple[str, str]
"""A list of the hub, empty for the order itself, and a leaf."""
UNKNOWN = ""


@dataclass
class Written:
    """What lifting may write: by which codecs, how many lines, and the lines of each list."""

    codecs: dict[Place, set[str]] = field(default_factory=dict)
    lines: Counter[tuple[str | int, str]] = field(default_factory=Counter)
    lists: dict[str, list[Each]] = field(default_factory=dict)
    firsts: set[str] = field(default_factory=set)
    handles: set[Place] = field(default_factory=set)
    plain: set[Place] = field(default_factory=set)
    members: list[Members] = field(default_factory=list)
    times: Counter[Place] = field(default_factory=Counter)
    beside: set[Place] = field(default_factory=set)
    """Currencies that stand beside amounts: whoever writes the amount writes them as well."""
    outward: dict[str, set[Place]] = field(default_factory=dict)
    """What the elements of a list write that is not of its own rows: leaves, and rows of other lists."""
    inside: dict[str, set[str]] = field(default_factory=dict)
    """The lists whose elements hold elements of a list, or write into its first row."""

    def has(self, place: Place) -> bool:
        """Tell whether a leaf can be there."""
        return place in self.codecs

    def is_once(self, place: Place, path: HubPath, list_key: str | int) -> bool:
        """Tell whether one line writes a leaf, at most once.

        Its lines are counted by the line of the list that they stand in (`list_key`), and else by the list's name.
        """
        rows, leaf = place
        key = rows if path.first is not None or not list_key else list_key
        is_mixed = rows in self.firsts and rows in self.lists
        return not is_mixed and place not in self.beside and self.lines[key, leaf] <= 1


@dataclass
class Read:
    """What lowering may look at: leaves and lists; `handles` are leaves that name rows, `plain` those that do not."""

    places: set[Place] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    handles: set[Place] = field(default_factory=set)
    plain: set[Place] = field(default_factory=set)
    codecs: dict[Place, set[str]] = field(default_factory=dict)
    """By which codecs leaves are written; unknown where they are looked at in any other way."""
    times: Counter[Place] = field(default_factory=Counter)
    trees: dict[Place, list[Tree | Rest]] = field(default_factory=dict)
    told_apart: set[str] = field(default_factory=set)
    """Lists of which it matters which row is which."""
    is_choosing: bool = False
    """Whether alternatives are chosen by what rows hold."""
    flat: set[str] = field(default_factory=set)
    """Lists of which rows with a parent are always left out."""


def every(operations: Iterable[Operation]) -> Iterable[Operation]:
    """Yield operations with all that they hold."""
    for each in operations:
        yield each
        if isinstance(each, Each):
            yield from every(each.body)
        elif isinstance(each, Group):
            yield from every(each.lines)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from every(one)


def written(section: Section) -> Written:
    """Look through what a section lifts."""
    found = Written()
    for leaf, _ in section.context:
        _note(found, ("", leaf), "", UNKNOWN)
        found.plain.add(("", leaf))
    _write(found, section.operations, ("",), ())
    return found


def _note(found: Written, place: Place, key: str | int, codec: str) -> None:
    found.codecs.setdefault(place, set()).add(codec)
    found.times[place] += 1
    found.lines[key, place[1]] += 1


def name_of(codec: Codec) -> str:
    """Give the name of one of the registry's own codecs, nothing for any other."""
    return codec.name if CODECS.get(codec.name) is codec else UNKNOWN


def _write(found: Written, operations: Iterable[Operation], scopes: Sequence[str], keys: Sequence[int]) -> None:
    for each in operations:
        if isinstance(each, Group):
            _write(found, each.lines, scopes, keys)
        elif isinstance(each, Either):
            for one in each.sets:
                _write(found, one, scopes, keys)
        elif isinstance(each, Each):
            _write_list(found, each, scopes, keys)
        elif isinstance(each, Reference):
            _handle(found, (scopes[-1], each.to))
        elif isinstance(each, Members):
            found.members.append(each)
            _outward(found, (each.rows, each.leaf), scopes)
            _handle(found, (each.rows, each.leaf))
        elif not isinstance(each, Leave):
            _write_leaf(found, each, scopes, keys)


def _write_list(found: Written, line: Each, scopes: Sequence[str], keys: Sequence[int]) -> None:
    found.lists.setdefault(line.to, []).append(line)
    found.inside.setdefault(line.to, set()).update(scopes[1:])
    found.codecs.setdefault((line.to, ROW), set()).add(UNKNOWN)
    _outward(found, (line.to, ROW), scopes)
    for leaf, _ in line.where:
        _note(found, (line.to, leaf), id(line), UNKNOWN)
        found.plain.add((line.to, leaf))
    if line.nest is not None:
        _handle(found, (line.to, PARENT))
    if line.owner is not None:
        _handle(found, (line.to, line.owner))
    _write(found, line.body, (*scopes, line.to), (*keys, id(line)))


def _handle(found: Written, place: Place) -> None:
    found.codecs.setdefault(place, set()).add(UNKNOWN)
    found.handles.add(place)


def _write_leaf(found: Written, line: Leaf | Parts | Tree | Rest, scopes: Sequence[str], keys: Sequence[int]) -> None:
    codec = name_of(line.codec) if isinstance(line, Leaf) else type(line).__name__
    place = place_of(line.to, scopes)
    key: str | int = place[0]
    if line.to.first is not None:
        found.firsts.add(line.to.first)
        found.inside.setdefault(line.to.first, set()).update(scopes[1:])
    elif line.to.up == 0 and keys:
        key = keys[-1]
    lines = [place]
    if isinstance(line, Leaf) and line.currency is not None:
        lines.append((place[0], currency_of(place[1])))
        found.codecs.setdefault(lines[1], set()).add(UNKNOWN)
        found.beside.add(lines[1])
    # A line that climbs is met once for each row below.
    times = 2 if line.to.up or (line.to.first is not None and keys) else 1
    for _ in range(times):
        _note(found, place, key, codec)
    found.plain.update(lines)
    for each in lines:
        _outward(found, each, scopes)


def _outward(found: Written, place: Place, scopes: Sequence[str]) -> None:
    for rows in scopes[1:]:
        if rows != place[0]:
            found.outward.setdefault(rows, set()).add(place)


def place_of(path: HubPath, scopes: Sequence[str]) -> Place:
    """Give the list and leaf that a hub path names, seen from nested lists."""
    rows = path.first if path.first is not None else scopes[max(0, len(scopes) - 1 - path.up)]
    return rows, path.leaf


def currency_of(leaf: str) -> str:
    """Give the leaf that names the currency of an amount."""
    return f"{leaf.removesuffix('.amount')}.currency"


# Lowering


def read(section: Section, lookups: Iterable[Lookup] = ()) -> Read:
    """Look through what a section reads when it is lowered."""
    found = Read()
    for lookup in lookups:
        named = [each.to for each in every(section.operations) if isinstance(each, Each) and each.at == lookup.head]
        for rows in named if lookup.head is not None else [""]:
            _look(found, (rows, lookup.by))
    for leaf in (section.currency, *(leaf for leaf, _ in section.only)):
        _look(found, ("", leaf))
    _read(found, section.operations, ("",))
    lists = [each for each in every(section.operations) if isinstance(each, Each)]
    found.flat = {each.to for each in lists} - {
        each.to for each in lists if each.nest is not None or each.components != "refuse"
    }
    found.is_choosing = any(isinstance(each, Either) for each in section.operations)
    found.told_apart |= {each.to for each in lists if each.nest is not None}
    if any(isinstance(each, (Reference, Members, Either)) for each in every(section.operations)):
        found.told_apart |= {each.to for each in lists}
    if any(isinstance(fill, Key) for fill in _fills(section.operations)):
        found.told_apart |= {each.to for each in lists}
        for leaf in (*identifying(section), *NAMES):
            _look(found, ("", leaf))
    return found


def _fills(operations: Iterable[Operation]) -> Iterator[Any]:
    for each in operations:
        yield getattr(each, "fill", None)
        if isinstance(each, Each):
            yield from _fills(each.body)
        elif isinstance(each, Group):
            yield from _fills(each.lines)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _fills(one)


def _read(found: Read, operations: Iterable[Operation], scopes: Sequence[str]) -> None:
    for each in operations:
        _read_fill(found, getattr(each, "fill", None), scopes)
        if isinstance(each, Group):
            _read_group(found, each, scopes)
        elif isinstance(each, Either):
            found.lists.add(each.to)
            for one in each.sets:
                _read(found, one, scopes)
        elif isinstance(each, Each):
            _read_list(found, each, scopes)
        elif isinstance(each, Reference):
            found.handles.add((scopes[-1], each.to))
        elif isinstance(each, Members):
            _read_members(found, each)
        elif not isinstance(each, Leave):
            _read_line(found, each, scopes)


def _read_line(found: Read, line: Leaf | Parts | Tree | Rest, scopes: Sequence[str]) -> None:
    codec = name_of(line.codec) if isinstance(line, Leaf) else UNKNOWN
    if isinstance(line, (Tree, Rest)):
        found.trees.setdefault(place_of(line.to, scopes), []).append(line)
    otherwise = line.otherwise if isinstance(line, (Leaf, Parts)) else ()
    for path in (line.to, *otherwise):
        _read_leaf(found, path, scopes, codec)


def _read_leaf(found: Read, path: HubPath, scopes: Sequence[str], codec: str = UNKNOWN) -> None:
    rows, leaf = place_of(path, scopes)
    found.places.add((rows, leaf))
    found.codecs.setdefault((rows, leaf), set()).add(codec)
    found.times[rows, leaf] += 1
    found.plain.add((rows, leaf))
    if path.first is not None:
        found.lists.add(rows)
    if leaf.endswith(".amount"):
        found.places.add((rows, currency_of(leaf)))


def _look(found: Read, place: Place) -> None:
    """Note that a leaf is looked at as it stands at the hub."""
    found.places.add(place)
    found.codecs.setdefault(place, set()).add(UNKNOWN)
    found.times[place] += 1


def _read_fill(found: Read, fill: Any, scopes: Sequence[str]) -> None:
    paths: Iterable[Any] = ()
    if isinstance(fill, Text):
        paths = (part for part in fill.parts if isinstance(part, HubPath))
    elif isinstance(fill, Join):
        paths = fill.of
    elif isinstance(fill, RegionCode):
        paths = (fill.region, fill.country)
    elif isinstance(fill, Count):
        found.lists.add(fill.of)
        found.told_apart.add(fill.of)
    for path in paths:
        _read_leaf(found, path, scopes)


def _read_group(found: Read, group: Group, scopes: Sequence[str]) -> None:
    _read(found, group.lines, scopes)
    for line in group.lines:
        if not isinstance(line, Leave):
            for other in group.otherwise:
                codec = name_of(line.codec) if isinstance(line, Leaf) else UNKNOWN
                _read_leaf(found, moved(line.to, (group.prefix, other)), scopes, codec)


def _read_list(found: Read, line: Each, scopes: Sequence[str]) -> None:
    found.lists.add(line.to)
    found.handles.add((line.to, PARENT))
    found.places.add((line.to, "quantity"))
    for leaf, _ in line.where:
        _look(found, (line.to, leaf))
        found.plain.add((line.to, leaf))
    for each in line.body:
        if isinstance(each, Leaf) and each.at == line.key:
            # Keys are compared.
            _look(found, (line.to, each.to.leaf))
    if line.owner is not None:
        found.handles.add((line.to, line.owner))
        found.told_apart.add(scopes[-1])
    _read(found, line.body, (*scopes, line.to))


def _read_members(found: Read, line: Members) -> None:
    found.lists.add(line.rows)
    found.handles |= {(line.rows, line.leaf), (line.rows, PARENT)}
    found.told_apart.add(line.rows)
    for way in (*line.match, (line.quantity,) if line.quantity is not None else ()):
        for each in way:
            _look(found, (line.rows, each.to.leaf))
            found.plain.add((line.rows, each.to.leaf))
