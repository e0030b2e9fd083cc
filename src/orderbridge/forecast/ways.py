"""How a member of the target comes about: fed by the source, filled by its own line, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, singledispatchmethod
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.operations import (
    Constant,
    Each,
    HubPath,
    Join,
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
from orderbridge.mapping.survey import HubPlace, Seen

if TYPE_CHECKING:
    from orderbridge.contract.members import Steps
    from orderbridge.forecast.half import Feed, Half, Source
    from orderbridge.mapping.operations import Fill, Group
    from orderbridge.mapping.survey import Choice


@dataclass(frozen=True, slots=True)
class Way:
    """What a line of the target makes of what the source gives.

    `spare` is what stands in where the order lacks that, or what says which row is meant. `doubts` are the reasons for
    which the source's value may not be there although it has one; `is_derived` says that it comes from another leaf of
    the hub than the line's own.
    """

    seen: Seen | None = None
    feeds: tuple[Feed, ...] = ()
    spare: tuple[Feed, ...] = ()
    filled: str | None = None
    is_derived: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """What is fed goes before what is filled, and that before nothing."""
        return 3 - self.is_derived if self.feeds else int(self.filled is not None)


_NOTHING: Final = Way()
SECRET: Final = Way()
"""The way of a secret: whatever the source has, nothing of it is handed on."""


@dataclass(frozen=True)
class Ways:
    """Finds the way of every member of one target for one source."""

    source: Source
    target: Half
    _groups: dict[int, bool] = field(default_factory=dict, repr=False, compare=False)

    def of(self, steps: Steps) -> Way:
        """Give the best way of a member: of several lines, the one that the source feeds."""
        lines = [seen for seen in self.target.lines(steps) if seen.choice not in self._idle]
        return max((self._line(seen.line, seen) for seen in lines), key=_rank, default=_NOTHING)

    @cached_property
    def _idle(self) -> set[Choice | None]:
        """The alternatives that are never written, since one before them says all that they say, of all rows."""
        said: dict[Choice, set[HubPlace]] = {}
        for seen in self.target.seen:
            if seen.choice is not None and seen.hub is not None and self._fed(seen.hub, seen):
                said.setdefault(seen.choice, set()).add(seen.hub)
        whole = {seen.choice for seen in self.target.seen if isinstance(seen.line, Each) and not seen.lists}
        return {
            choice
            for choice, places in said.items()
            for other, others in said.items()
            if other.either == choice.either and other.number < choice.number and places <= others
            if other in whole or choice not in whole
        }

    @singledispatchmethod
    def _line(self, line: Any, seen: Seen) -> Way:
        raise TypeError(line)

    @_line.register(Each)
    def _(self, line: Each, seen: Seen) -> Way:
        return Way(seen)

    @_line.register(Leave)
    def _(self, line: Leave, seen: Seen) -> Way:
        return Way(seen, filled=_named(line.fill) if seen.role != "tag" else "names the element")

    @_line.register(Tree)
    @_line.register(Rest)
    def _(self, line: Tree | Rest, seen: Seen) -> Way:
        fill = line.fill if isinstance(line, Tree) else None
        return Way(seen, self._fed(seen.hub, seen), filled=self._filled(fill, seen))

    @_line.register(Reference)
    def _(self, line: Reference, seen: Seen) -> Way:
        feeds = self._fed(seen.hub, seen)
        return Way(seen, feeds, filled=None if feeds else "the only one, where there is just one")

    @_line.register(Members)
    def _(self, line: Members, seen: Seen) -> Way:
        return Way(seen, self._fed(seen.hub, seen))

    @_line.register(Leaf)
    @_line.register(Parts)
    def _(self, line: Leaf | Parts, seen: Seen) -> Way:
        if seen.role == "tag":
            return Way(seen, filled="names the element")
        bound = self._bound(seen) if seen.role == "match" else ()
        if seen.role == "match" and not bound:
            return Way(seen)
        filled = self._filled(line.fill, seen)
        own = self._fed(seen.hub, seen)
        doubts = () if line.when is None else (f"only where `{line.when.at[-1]}` is {line.when.value}",)
        stand_ins = (*seen.fallbacks, *_asked_of(line.fill, seen))
        spare = tuple(feed for place in stand_ins for feed in self._fed(place, seen))
        if own:
            return Way(seen, own, (*bound, *spare), filled, doubts=doubts)
        return replace(self._fallback(line, seen, filled, doubts), spare=spare)

    def _fallback(self, line: Leaf | Parts, seen: Seen, filled: str | None, doubts: tuple[str, ...]) -> Way:
        """Look at the leaves that are written in the place of the line's own; a group's stand for all of it or none."""
        for number, place in enumerate(seen.fallbacks):
            feeds = self._fed(place, seen)
            if not feeds:
                continue
            if number >= len(line.otherwise) and seen.group is not None and self._feeds_group(seen.group):
                doubts = (*doubts, f"only where the order has nothing at `{seen.group.prefix}`")
            return Way(seen, feeds, filled=filled, is_derived=True, doubts=doubts)
        return Way(seen, filled=filled)

    def _feeds_group(self, group: Group) -> bool:
        if id(group) not in self._groups:
            own = [seen for seen in self.target.seen if seen.group is group and seen.hub is not None]
            self._groups[id(group)] = any(self._fed(seen.hub, seen) for seen in own)
        return self._groups[id(group)]

    def _bound(self, seen: Seen) -> tuple[Feed, ...]:
        """Find what of the source says which rows belong to the row around elements that name them."""
        around = [each for each in self.target.seen if isinstance(each.line, Members)]
        return tuple(
            feed for each in around if seen.at[: len(each.at)] == each.at for feed in self._fed(each.hub, each)
        )

    def _fed(self, place: HubPlace | None, seen: Seen) -> tuple[Feed, ...]:
        if place is None:
            return ()
        home = seen.home if seen.home is not None and place.rows == seen.home.to else None
        return tuple(self.source.of(place, home))

    def _filled(self, fill: Fill | None, seen: Seen) -> str | None:
        """Say what is written in the place of what the order lacks; None if even that depends on what it lacks."""
        fed = [bool(self._fed(place, seen)) for place in _asked_of(fill, seen)]
        if isinstance(fill, Join):
            return _named(fill) if any(fed) else None
        return _named(fill) if all(fed) else None


def _rank(way: Way) -> int:
    return way.rank


def _asked_of(fill: Fill | None, seen: Seen) -> list[HubPlace]:
    return [HubPlace(_rows(path, seen), path.leaf) for path in _asked(fill)]


def _rows(path: HubPath, seen: Seen) -> str:
    if path.first is not None:
        return path.first
    rows = ("", *(each.to for each in seen.lists))
    return rows[-1 - path.up]


def _asked(fill: Fill | None) -> tuple[HubPath, ...]:
    """Give the leaves of the hub that a derivation cannot do without."""
    if isinstance(fill, Text):
        return tuple(part for part in fill.parts if isinstance(part, HubPath))
    if isinstance(fill, Join):
        return fill.of
    return (fill.region, fill.country) if isinstance(fill, RegionCode) else ()


def _named(fill: Fill | None) -> str | None:
    if fill is None:
        return None
    return f"always {fill.value!r}" if isinstance(fill, Constant) else "derived"
