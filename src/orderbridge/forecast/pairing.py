"""What becomes of every member, for one pair of partners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from orderbridge.contract.members import ANY
from orderbridge.forecast.fit import conversion, doubts, is_exact
from orderbridge.forecast.half import ALWAYS, SOMETIMES, Half, Source, shown
from orderbridge.forecast.table import Carried, Matrix, Member, Pair
from orderbridge.forecast.ways import SECRET, Way, Ways
from orderbridge.mapping.operations import Each, Leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Steps
    from orderbridge.forecast.half import Feed
    from orderbridge.mapping.operations import Mapping
    from orderbridge.mapping.survey import Seen


@dataclass(frozen=True, slots=True)
class Halves:
    """A partner's order and the headers beside it."""

    name: str
    order: Half
    headers: Half

    @classmethod
    def of(cls, contract: Contract, mapping: Mapping) -> Halves:
        """See a contract and its mapping as what they say of orders."""
        return cls(contract.name, Half(contract, mapping), Half(contract, mapping, message="headers"))


def matrix(partners: Iterable[Halves]) -> Matrix:
    """Tell all ordered pairs of some partners."""
    known = {each.name: each for each in partners}
    pairs = {(one, other): pair(known[one], known[other]) for one in known for other in known if one != other}
    return Matrix(tuple(known), pairs)


def pair(source: Halves | None, target: Halves) -> Pair:
    """Say what a translation of orders between two partners will do; without a source, what it does for none of them.

    The headers of the target are members as well: they are fed by the order and by the source's own headers.
    """
    given = () if source is None else (source.order, source.headers)
    order = Pairing(Source(given[:1]), target.order)
    headers = Pairing(Source(given), target.headers)
    used = order.used | headers.used
    leaves = [(half, steps) for half in given[:1] for steps in half.leaves]
    carried = tuple(left for half, steps in leaves if (left := _carried(half, steps, used)) is not None)
    return Pair(
        source=source.name if source is not None else "",
        target=target.name,
        members=(*order.members(), *headers.members()),
        carried=carried,
        mapped=len(leaves) - len(carried),
        lists=frozenset(shown(target.order, steps[:-1]) for steps in order.written if steps[-1:] == (ANY,)),
    )


def _carried(half: Half, steps: Steps, used: set[int]) -> Carried | None:
    lines = [*half.lines(steps), *half.stand_ins.get(steps, ())]
    if any(id(seen.line) in used or isinstance(seen.line, Each) or seen.role == "tag" for seen in lines):
        return None
    seen = next(iter(lines), None)
    if seen is None:
        return Carried(shown(half, steps), "not mapped")
    if isinstance(seen.line, Leave):
        return Carried(shown(half, steps), seen.line.reason)
    return Carried(shown(half, steps), "no home at the target", str(seen.hub) if seen.hub is not None else None)


_OPTIONAL: Final = "all that `{}` may hold is optional at the source"
_SECRET: Final = "a secret, which is never handed on"
_SOMETIMES: Final = "only some orders have to have it"


def _sources(feeds: Iterable[Feed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(feed.path for feed in feeds if feed.seen is not None))


def _bound(feed: Feed) -> Iterator[Seen]:
    """Give the lines by which rows are found that belong to another row."""
    inside = (*feed.steps, ANY)
    for seen in feed.half.seen if feed.seen is not None else ():
        if seen.role == "match" and seen.steps[: len(inside)] == inside:
            yield seen


class Pairing:
    """One source and one target, for one kind of message."""

    def __init__(self, source: Source, target: Half) -> None:
        """Find the way of each member."""
        self.target = target
        finder = Ways(source, target)
        self.ways: dict[Steps, Way] = {
            steps: SECRET if target.is_secret(steps) else finder.of(steps) for steps in target.declared
        }

    @cached_property
    def used(self) -> set[int]:
        """The lines of the source that become some member, by identity."""
        feeds = [feed for way in self.ways.values() for feed in (*way.feeds, *way.spare)]
        lines = [feed.seen.line for feed in feeds if feed.seen is not None]
        return {id(line) for line in [*lines, *(seen.line for feed in feeds for seen in _bound(feed))]}

    @cached_property
    def written(self) -> set[Steps]:
        """The containers of which the target's document will have at least a part."""
        fed = {around for steps, way in self.ways.items() if way.feeds for around in self.target.around(steps)}
        fed |= {(*seen.steps, ANY) for seen in self.target.seen if isinstance(seen.line, Each) and seen.line.make}
        fed |= {steps[:-1] for steps in fed if steps[-1:] == (ANY,)}
        filled = (steps for steps, way in self.ways.items() if way.filled is not None)
        return fed | {around for steps in filled if self._has_rows(steps, fed) for around in self.target.around(steps)}

    def _has_rows(self, steps: Steps, there: set[Steps]) -> bool:
        """Tell whether the lists around a member will have elements; nothing is filled where there is no row."""
        return all(around in there for around in self.target.around(steps) if around[-1] == ANY)

    def needs(self, steps: Steps) -> int:
        """Say whether a member has to be there, given what the containers around it require and what is written."""
        around = [*self.target.around(steps)][::-1]
        level = min((ALWAYS if here in self.written else self.target.asks(here) for here in around), default=ALWAYS)
        return min(level, self.target.asks(steps))

    @cached_property
    def bare(self) -> dict[Steps, tuple[Steps, ...]]:
        """The containers that have to be there although nothing in them has to, by what is documented.

        Each with the leaves that it is expected to have all the same: where it is missing, these are.
        """
        found: dict[Steps, tuple[Steps, ...]] = {}
        for here in dict.fromkeys(here for steps in self.ways for here in [*self.target.around(steps)][::-1]):
            inside = [steps for steps in self.ways if steps[: len(here)] == here]
            if here[-1] == ANY or self.needs(here) != ALWAYS or self._is_sure(inside):
                continue
            if not any(self.target.is_certain(steps, len(here)) for steps in inside):
                wanted = (steps for steps in inside if self.target.is_certain(steps, len(here), ruled=False))
                found[here] = tuple(wanted)
        return found

    def _is_sure(self, inside: list[Steps]) -> bool:
        """Tell whether something of a container is always written."""
        ways = [(steps, self.ways[steps]) for steps in inside]
        if any(way.filled is not None and self._is_made(steps) for steps, way in ways):
            return True
        certain = [(steps, way) for steps, way in ways if any(self._is_certain(feed, steps) for feed in way.feeds)]
        return any(not any(self._doubts(steps, way)) for steps, way in certain)

    def _is_made(self, steps: Steps) -> bool:
        """Tell whether the lists around a member have a row whatever the order has."""
        made = {seen.steps for seen in self.target.seen if isinstance(seen.line, Each) and seen.line.make}
        return all(around[:-1] in made for around in self.target.around(steps) if around[-1] == ANY)

    def members(self) -> Iterator[Member]:
        """Yield every member of the target: its leaves, and required objects that require nothing themselves."""
        wanted = {steps: here for here, leaves in self.bare.items() for steps in leaves}
        told: set[Steps] = set()
        for steps, way in self.ways.items():
            for here in [*self.target.around(steps)][::-1]:
                if here in self.bare and here not in told and not self.bare[here]:
                    told.add(here)
                    yield self._object(here)
            member = self._wanted(steps, way, wanted[steps]) if steps in wanted else self._member(steps, way)
            if way is not SECRET or member.kind != "empty":
                yield member

    def _object(self, steps: Steps) -> Member:
        """Say of a required container that nothing required stands in what becomes of it."""
        inside = [way for leaf, way in self.ways.items() if leaf[: len(steps)] == steps]
        sources = _sources([feed for way in inside for feed in way.feeds])
        need = next((each for way in inside if (each := self._need(way))), None)
        path = shown(self.target, steps)
        if sources:
            return Member(path, "conditional", True, sources, None, _OPTIONAL.format(path), need)  # noqa: FBT003 - the order of a row of a table
        return Member(path, "supplied", True, need=need)  # noqa: FBT003 - the order of a row of a table

    def _wanted(self, steps: Steps, way: Way, around: Steps) -> Member:
        """Tell of a member that is missing where all around it is."""
        told = replace(self._member(steps, way), required=True, need=self._need(way))
        if not any(here[: len(around)] == around for here in self.written):
            return replace(told, kind="supplied", why=None)
        return replace(told, kind="conditional", why=_OPTIONAL.format(shown(self.target, around)))

    def _member(self, steps: Steps, way: Way) -> Member:
        level = self.needs(steps)
        path = shown(self.target, steps)
        hub = str(way.seen.hub) if way.seen is not None and way.seen.hub is not None else None
        sources = _sources(way.feeds)
        told = Member(path, "empty", level == ALWAYS, sources, hub)
        if way.feeds and not sources:
            return replace(told, kind="filled", why="implied by the source")
        if way.feeds:
            return self._fed(replace(told, need=self._need(way)), steps, way, level)
        if way.filled is not None and self._has_rows(steps, self.written):
            return replace(told, kind="filled", why=way.filled)
        if level == ALWAYS:
            return replace(told, kind="supplied", why=_SECRET if way is SECRET else None, need=self._need(way))
        if level == SOMETIMES and way.seen is not None and way.seen.role == "at":
            return replace(told, kind="conditional", why=_SOMETIMES, need=self._need(way))
        return told

    def _fed(self, told: Member, steps: Steps, way: Way, level: int) -> Member:
        if level:
            why = "; ".join(dict.fromkeys(self._doubts(steps, way)))
            if why:
                return replace(told, kind="conditional", why=why if level == ALWAYS else f"{_SOMETIMES}; {why}")
        told = replace(told, need=None)
        given, taken = way.feeds[0].seen, way.seen
        if given is None or taken is None or way.is_derived or not is_exact(given, taken):
            how = conversion(given, taken) if given is not None and taken is not None else None
            return replace(told, kind="converted", why=how or ("another leaf of the hub" if way.is_derived else None))
        return replace(told, kind="exact")

    def _doubts(self, steps: Steps, way: Way) -> Iterator[str]:
        """Yield why a required member may be missing although the source feeds it."""
        yield from way.doubts
        feeds = [feed for feed in way.feeds if feed.seen is not None]
        if not feeds:
            return
        if way.filled is None and not any(self._is_certain(feed, steps) for feed in feeds):
            yield f"optional at the source: {' or '.join(dict.fromkeys(feed.path for feed in feeds))}"
        best = next((feed for feed in feeds if self._is_certain(feed, steps)), feeds[0])
        if best.seen is not None and way.seen is not None:
            yield from doubts(best.seen, way.seen, best.half.root.at(best.steps), self.target.root.at(steps))

    def _is_certain(self, feed: Feed, steps: Steps) -> bool:
        """Tell whether the source always has a member: in every order, or in every row that becomes a row there."""
        if feed.seen is None:
            return True
        if feed.seen.guard is not None or feed.seen.choice is not None:
            return False
        start = 0
        if feed.home is not None and ANY in steps and ANY in feed.steps and not self._is_list_needed(steps):
            start = len(feed.steps) - feed.steps[::-1].index(ANY)
        return feed.half.is_certain(feed.steps, start)

    def _is_list_needed(self, steps: Steps) -> bool:
        end = len(steps) - steps[::-1].index(ANY)
        return self.target.is_certain(steps[:end])

    def _need(self, way: Way) -> str | None:
        if way.seen is None:
            return None
        own = getattr(way.seen.line, "need", None)
        return own or next((each.need for each in reversed(way.seen.lists) if each.need), None)
