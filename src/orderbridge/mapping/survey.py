"""What the lines of a mapping speak of, seen from the whole document and the whole order.

Operations are nested and relative, as lifting and lowering want them. Lint, the matrix and the schema of what must
be supplied ask other questions: which line stands for this member of the contract, which line feeds this leaf of the
hub. Here every line is one flat entry with absolute paths on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from orderbridge.codec.registry import CODECS
from orderbridge.contract.members import ANY
from orderbridge.mapping.notation import below
from orderbridge.mapping.operations import (
    Each,
    Either,
    Group,
    HubPath,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    Rest,
    Select,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.contract.members import Steps
    from orderbridge.mapping.operations import Guard, Operation, Path, Section

Role = Literal["at", "aka", "also", "currency", "tag", "match", "rows", "key", "test", "else"]
"""How a line comes to speak of a path: as its own, another spelling, a twin, the currency beside an amount, what a
selected element is known by, what tells which row is meant, the list itself, what its rows are known by, a test, what
is read in the place of its own path."""
_LOOKED_AT: Final = frozenset({"key", "test", "else"})
"""Roles of paths that are only looked at, and need a line of their own."""
Line: TypeAlias = Leaf | Parts | Each | Reference | Members | Tree | Rest | Leave


class HubPlace(NamedTuple):
    """A leaf of the hub: the list whose rows hold it (empty: the order itself), and its path there."""

    rows: str
    leaf: str

    def __str__(self) -> str:
        return f"{self.rows}.*.{self.leaf}" if self.rows else self.leaf


class Choice(NamedTuple):
    """One of the alternative sets of an `either`."""

    either: int
    number: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One path of the partner's that a line speaks of, and the leaf of the hub that it means.

    `at` is the whole path, with `*` for the elements of the `lists` around the line (the outermost first), `written`
    the path as the line has it. `home` is the list whose rows hold the leaf of the hub; `first` says that the line
    knows the first row of a list only. `fallbacks` are the leaves that are written where the hub lacks that one; those
    of a `group` only where it has nothing of the group.
    """

    line: Line
    at: Path
    written: Path
    role: Role = "at"
    hub: HubPlace | None = None
    home: Each | None = None
    first: bool = False
    fallbacks: tuple[HubPlace, ...] = ()
    group: Group | None = None
    lists: tuple[Each, ...] = ()
    choice: Choice | None = None

    @property
    def steps(self) -> Steps:
        """The path as the contract has it."""
        return steps_of(self.at)

    @property
    def guard(self) -> Guard | None:
        """The condition that the line holds under."""
        return self.line.when if isinstance(self.line, (Leaf, Parts)) else None


@dataclass(frozen=True, slots=True)
class _Around:
    """Where lines stand: the path to them, the lists around, the hub lists that `^` climbs through, the alternative."""

    at: Path = ()
    lists: tuple[Each, ...] = ()
    rows: tuple[tuple[str, Each | None], ...] = (("", None),)
    choice: Choice | None = None

    def place(self, path: HubPath) -> HubPlace:
        """Make a hub path absolute."""
        return HubPlace(path.first if path.first is not None else self.rows[-1 - path.up][0], path.leaf)

    def seen(self, line: Line, path: Path, role: Role = "at") -> Seen:
        """Make the entry of a line that means nothing at the hub."""
        return Seen(line, (*self.at, *path), path, role, lists=self.lists, choice=self.choice)

    def meant(self, line: Line, path: Path, to: HubPath, role: Role = "at") -> Seen:
        """Make the entry of a line that means a leaf of the hub."""
        home = self.rows[-1 - to.up][1] if to.first is None else None
        seen = self.seen(line, path, role)
        return replace(seen, hub=self.place(to), home=home, first=to.first is not None)

    def looked_at(self, line: Line, path: Path) -> Iterator[Seen]:
        """Give the members that selected elements are known by."""
        for index, token in enumerate(path):
            if isinstance(token, Select):
                yield self.seen(line, (*path[: index + 1], token.member), "tag")

    def tested(self, line: Line, guard: Guard | None) -> Iterator[Seen]:
        """Give the sibling that a condition looks at."""
        if guard is not None:
            yield self.seen(line, guard.at, "test")


def survey(section: Section) -> tuple[Seen, ...]:
    """Flatten the lines of one kind of message, in the order in which they were written."""
    return tuple(_survey(section.operations, _Around()))


def is_table(line: Leaf) -> bool:
    """Tell whether a line reads by a value table of its file rather than by a codec."""
    return CODECS.get(line.codec.name) is not line.codec


def steps_of(path: Path) -> Steps:
    """Write a path as steps of the contract: any element of a list is like any other."""
    return tuple(token if isinstance(token, str) else ANY for token in path)


def _survey(operations: Iterable[Operation], around: _Around) -> Iterator[Seen]:
    for operation in operations:
        yield from _SURVEY[type(operation)](operation, around)


def _leaf(line: Leaf, around: _Around) -> Iterator[Seen]:
    fallbacks = tuple(map(around.place, line.otherwise))
    roles: tuple[tuple[Role, tuple[Path, ...]], ...] = (("at", (line.at,)), ("aka", line.aka), ("also", line.also))
    for role, paths in roles:
        for path in paths:
            yield replace(around.meant(line, path, line.to, role), fallbacks=fallbacks)
            yield from around.looked_at(line, path)
    if line.currency is not None:
        money = replace(line.to, leaf=f"{line.to.leaf.removesuffix('.amount')}.currency")
        yield around.meant(line, line.currency, money, "currency")
    yield from around.tested(line, line.when)


def _parts(line: Parts, around: _Around) -> Iterator[Seen]:
    fallbacks = tuple(map(around.place, line.otherwise))
    for path in line.at:
        yield replace(around.meant(line, path, line.to), fallbacks=fallbacks)
        yield from around.looked_at(line, path)
    yield from around.tested(line, line.when)


def _group(group: Group, around: _Around) -> Iterator[Seen]:
    for line in group.lines:
        for seen in _survey((line,), around):
            moved = tuple(around.place(_moved(line, group.prefix, other)) for other in group.otherwise)
            here = (*seen.fallbacks, *moved) if seen.hub is not None else ()
            yield replace(seen, fallbacks=here, group=group)
            if group.otherwise_from is not None and seen.role == "at":
                rest = seen.written[len(group.at) :]
                yield replace(seen, at=(*around.at, *group.otherwise_from.at, *rest), role="else", group=group)


def _moved(line: Operation, prefix: HubPath, other: HubPath) -> HubPath:
    """Give the leaf of a shape's line below another prefix."""
    leaf = line.to.leaf if isinstance(line, (Leaf, Parts)) else ""
    return below(other, leaf[len(prefix.leaf) + 1 :] if prefix.leaf else leaf)


def _each(line: Each, around: _Around) -> Iterator[Seen]:
    for path in (line.at, *line.aka):
        is_first = path is line.at
        yield around.seen(line, path, "rows" if is_first else "aka")
        here = (*around.at, *path)
        inside = replace(around, lists=(*around.lists, line), rows=(*around.rows, (line.to, line)))
        for at in ((*here, ANY), here) if line.bare else ((*here, ANY),):
            spelled = _elements(line, replace(inside, at=at))
            yield from spelled if is_first and at is not here else map(_other_spelling, spelled)


def _elements(line: Each, inside: _Around) -> Iterator[Seen]:
    if line.key is not None:
        yield inside.seen(line, line.key, "key")
    yield from _survey(line.body, inside)


def _other_spelling(seen: Seen) -> Seen:
    """Say that a line was reached through a list's other spelling."""
    return seen if seen.role in _LOOKED_AT else replace(seen, role="aka")


def _reference(line: Reference, around: _Around) -> Iterator[Seen]:
    yield around.meant(line, line.at, HubPath(line.to))


def _members(line: Members, around: _Around) -> Iterator[Seen]:
    yield replace(around.seen(line, line.at), hub=HubPlace(line.rows, line.leaf))
    rows = (*around.rows, (line.rows, None))
    inside = replace(around, at=(*around.at, *line.at, ANY), rows=rows)
    named = [*(leaf for way in line.match for leaf in way), *([line.quantity] if line.quantity else [])]
    for leaf in named:
        yield from (replace(seen, role="match") for seen in _leaf(leaf, inside))
    yield from _survey(line.left, inside)


def _free(line: Tree | Rest, around: _Around) -> Iterator[Seen]:
    yield around.meant(line, line.at, line.to)


def _leave(line: Leave, around: _Around) -> Iterator[Seen]:
    yield around.seen(line, line.at)
    yield from around.looked_at(line, line.at)


def _either(either: Either, around: _Around) -> Iterator[Seen]:
    for number, operations in enumerate(either.sets):
        yield from _survey(operations, replace(around, choice=Choice(id(either), number)))


_SURVEY: Final[dict[type[Operation], Callable[..., Iterator[Seen]]]] = {
    Each: _each,
    Either: _either,
    Group: _group,
    Leaf: _leaf,
    Leave: _leave,
    Members: _members,
    Parts: _parts,
    Reference: _reference,
    Rest: _free,
    Tree: _free,
}


@dataclass(frozen=True)
class Cover:
    """Which members of a contract the lines of a section stand for.

    `nests` are the elements of lists that have children, and the member that these stand in; `bare` the lists that may
    be one object.
    """

    exact: dict[Steps, list[Seen]]
    nests: tuple[tuple[Steps, str], ...]
    bare: tuple[Steps, ...]

    @classmethod
    def of(cls, entries: Iterable[Seen]) -> Cover:
        """Sort entries by their paths."""
        exact: dict[Steps, list[Seen]] = {}
        nests: list[tuple[Steps, str]] = []
        bare: list[Steps] = []
        for seen in entries:
            if seen.role in _LOOKED_AT:
                continue
            exact.setdefault(seen.steps, []).append(seen)
            if isinstance(seen.line, Each) and seen.line.nest is not None:
                nests.append(((*seen.steps, ANY), seen.line.nest))
            if isinstance(seen.line, Each) and seen.line.bare:
                bare.append(seen.steps)
        return cls(exact, tuple(nests), tuple(bare))

    def of_leaf(self, steps: Steps) -> list[Seen]:
        """Find the lines that stand for a leaf of the contract: its own, or one that leaves all around it."""
        given, steps = steps, self.unnested(steps)
        found = self.exact.get(steps, [])
        if not found and steps != given and any(steps == head for head, _ in self.nests):
            return self.exact[steps[:-1]]  # a child in which the contract repeats itself
        if not found and steps and steps[-1] == ANY:
            found = [seen for seen in self.exact.get(steps[:-1], []) if isinstance(seen.line, (Leaf, Parts))]
        return found or self._around(steps)

    def _around(self, steps: Steps) -> list[Seen]:
        for length in range(len(steps), -1, -1):
            found = [seen for seen in self.exact.get(steps[:length], []) if isinstance(seen.line, Leave)]
            if found:
                return found
        return []

    def nearest(self, steps: Steps) -> Seen | None:
        """Find a line of the innermost container of a path that has one."""
        for length in range(len(steps), -1, -1):
            found = self.exact.get(steps[:length])
            if found:
                return found[0]
        return None

    def unnested(self, steps: Steps) -> Steps:
        """See the children of a nested list as elements of the list itself, and a bare object as its only element."""
        for here in self.bare:
            if steps[: len(here)] == here and len(steps) > len(here) and steps[len(here)] != ANY:
                steps = (*here, ANY, *steps[len(here) :])
        for head, member in self.nests:
            inner = (*head, member, ANY)
            while steps[: len(inner)] == inner:
                steps = (*head, *steps[len(inner) :])
        return steps
