"""What the lines of a mapping speak of, seen from the whole document and the whole order.

Operations are nested and relative, as lifting and lowering want them. Lint, the matrix and the schema of what must
be supplied ask other questions: which line stands for this member of the contract, which line feeds this leaf of the
hub. Here every line is one flat entry with absolute paths on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

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

Role = Literal["at", "aka", "also", "currency", "tag", "match", "rows"]
"""How a line comes to speak of a path: as its own, another spelling, a twin, the currency beside an amount, what a
selected element is known by, what tells which row is meant, the list itself."""
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

    `fallbacks` are the leaves that are written where the hub lacks that one; `first` says that the line knows the
    first row of the list only; `lists` are the lists around the line, the outermost first.
    """

    line: Line
    steps: Steps
    role: Role = "at"
    hub: HubPlace | None = None
    fallbacks: tuple[HubPlace, ...] = ()
    first: bool = False
    lists: tuple[Each, ...] = ()
    choice: Choice | None = None

    @property
    def guard(self) -> Guard | None:
        """The condition that the line holds under."""
        return self.line.when if isinstance(self.line, (Leaf, Parts)) else None


@dataclass(frozen=True, slots=True)
class _Around:
    """Where lines stand: the steps to them, the lists around, the hub lists whose rows `^` reaches, the alternative."""

    steps: Steps = ()
    lists: tuple[Each, ...] = ()
    rows: tuple[str, ...] = ("",)
    choice: Choice | None = None

    def place(self, path: HubPath) -> HubPlace:
        """Make a hub path absolute."""
        return HubPlace(path.first if path.first is not None else self.rows[-1 - path.up], path.leaf)

    def seen(self, line: Line, path: Path, role: Role = "at") -> Seen:
        """Make the entry of a line that means nothing at the hub."""
        return Seen(line, (*self.steps, *steps_of(path)), role, lists=self.lists, choice=self.choice)

    def tags(self, line: Line, path: Path) -> Iterator[Seen]:
        """Give the members that selected elements are known by."""
        for index, token in enumerate(path):
            if isinstance(token, Select):
                yield self.seen(line, (*path[: index + 1], token.member), "tag")


def survey(section: Section) -> tuple[Seen, ...]:
    """Flatten the lines of one kind of message, in the order in which they were written."""
    return tuple(_survey(section.operations, _Around()))


def steps_of(path: Path) -> Steps:
    """Write a path as steps of the contract: any element of a list is like any other."""
    return tuple(token if isinstance(token, str) else ANY for token in path)


def _survey(operations: Iterable[Operation], around: _Around) -> Iterator[Seen]:
    for operation in operations:
        yield from _SURVEY[type(operation)](operation, around)


def _leaf(line: Leaf, around: _Around) -> Iterator[Seen]:
    meant = _meaning(line.to, line.otherwise, around)
    roles: tuple[tuple[Role, tuple[Path, ...]], ...] = (("at", (line.at,)), ("aka", line.aka), ("also", line.also))
    for role, paths in roles:
        for path in paths:
            yield replace(meant(line, path, role))
            yield from around.tags(line, path)
    if line.currency is not None:
        money = replace(line.to, leaf=f"{line.to.leaf.removesuffix('.amount')}.currency")
        yield replace(around.seen(line, line.currency, "currency"), hub=around.place(money))


def _parts(line: Parts, around: _Around) -> Iterator[Seen]:
    meant = _meaning(line.to, line.otherwise, around)
    for path in line.at:
        yield meant(line, path, "at")
        yield from around.tags(line, path)


def _meaning(to: HubPath, otherwise: tuple[HubPath, ...], around: _Around) -> Callable[[Line, Path, Role], Seen]:
    hub, fallbacks = around.place(to), tuple(map(around.place, otherwise))

    def meant(line: Line, path: Path, role: Role) -> Seen:
        return replace(around.seen(line, path, role), hub=hub, fallbacks=fallbacks, first=to.first is not None)

    return meant


def _group(group: Group, around: _Around) -> Iterator[Seen]:
    for line in group.lines:
        for seen in _survey((line,), around):
            moved = tuple(around.place(_moved(line, group.prefix, other)) for other in group.otherwise)
            yield replace(seen, fallbacks=(*seen.fallbacks, *moved)) if seen.hub is not None else seen


def _moved(line: Operation, prefix: HubPath, other: HubPath) -> HubPath:
    """Give the leaf of a shape's line below another prefix."""
    leaf = line.to.leaf if isinstance(line, (Leaf, Parts)) else ""
    return below(other, leaf[len(prefix.leaf) + 1 :] if prefix.leaf else leaf)


def _each(line: Each, around: _Around) -> Iterator[Seen]:
    for path in (line.at, *line.aka):
        role: Role = "rows" if path is line.at else "aka"
        yield around.seen(line, path, role)
        here = (*around.steps, *steps_of(path))
        inside = replace(around, lists=(*around.lists, line), rows=(*around.rows, line.to))
        for steps in ((*here, ANY), here) if line.bare else ((*here, ANY),):
            spelled = _survey(line.body, replace(inside, steps=steps))
            yield from spelled if role == "rows" and steps[-1:] == (ANY,) else map(_other_spelling, spelled)


def _other_spelling(seen: Seen) -> Seen:
    """Say that a line was reached through a list's other spelling."""
    return replace(seen, role="aka")


def _reference(line: Reference, around: _Around) -> Iterator[Seen]:
    yield replace(around.seen(line, line.at), hub=HubPlace(around.rows[-1], line.to))


def _members(line: Members, around: _Around) -> Iterator[Seen]:
    yield replace(around.seen(line, line.at), hub=HubPlace(line.rows, line.leaf))
    inside = replace(around, steps=(*around.steps, *steps_of(line.at), ANY), rows=(*around.rows, line.rows))
    named = [*(leaf for way in line.match for leaf in way), *([line.quantity] if line.quantity else [])]
    for leaf in named:
        yield from (replace(seen, role="match") for seen in _leaf(leaf, inside))
    yield from _survey(line.left, inside)


def _free(line: Tree | Rest, around: _Around) -> Iterator[Seen]:
    hub = around.place(line.to)
    yield replace(around.seen(line, line.at), hub=hub, first=line.to.first is not None)


def _leave(line: Leave, around: _Around) -> Iterator[Seen]:
    yield around.seen(line, line.at)
    yield from around.tags(line, line.at)


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
    """Which members of a contract the lines of a section stand for."""

    entries: tuple[Seen, ...]
    exact: dict[Steps, list[Seen]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: tuple[Seen, ...]) -> Cover:
        """Sort entries by their paths."""
        exact: dict[Steps, list[Seen]] = {}
        for seen in entries:
            exact.setdefault(seen.steps, []).append(seen)
        return cls(entries, exact)

    def of_leaf(self, steps: Steps) -> list[Seen]:
        """Find the lines that stand for a leaf of the contract: its own, or one that takes or leaves all around it."""
        steps = self.unnested(steps)
        found = self.exact.get(steps, [])
        if found:
            return found
        if steps and steps[-1] == ANY:
            found = [seen for seen in self.exact.get(steps[:-1], []) if isinstance(seen.line, (Leaf, Parts))]
        return found or self._around(steps)

    def _around(self, steps: Steps) -> list[Seen]:
        for length in range(len(steps), -1, -1):
            found = [seen for seen in self.exact.get(steps[:length], []) if isinstance(seen.line, (Leave, Tree))]
            if found:
                return found
        return []

    def unnested(self, steps: Steps) -> Steps:
        """See the children of a nested list as elements of the list itself."""
        for seen in self.entries:
            line = seen.line
            if not isinstance(line, Each) or line.nest is None or seen.role == "tag":
                continue
            head = (*seen.steps, ANY)
            inner = (*head, line.nest, ANY)
            while steps[: len(inner)] == inner:
                steps = (*head, *steps[len(inner) :])
        return steps
