"""The account of a translation: every leaf of the source with its outcome, every leaf of the target with its cause.

Leaves are scalars and empty containers. Values are not shown unless asked for, secrets never.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, leaves, read
from orderbridge.mapping.operations import Join, Leaf, Parts, Text
from orderbridge.mapping.trace import Address, Cause
from orderbridge.translation.side import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message, Operation
    from orderbridge.mapping.trace import Lifted, Lowered
    from orderbridge.translation.missing import Gap
    from orderbridge.translation.side import Side

    _Targets = dict[Address, list[tuple[Place, Cause]]]
    _Inside = dict[Place, list[tuple[Place, Cause]]]

VERSION: Final = 1
SOURCE_OUTCOMES: Final = ("mapped", "carried", "withheld", "dropped")
TARGET_CAUSES: Final = ("source", "derived", "defaulted", "supplied", "implied", "missing")
HOW: Final = ("exact", "normalised", "widened", "narrowed", "recoded")
"""From the harmless to the grave: a leaf with several targets is as grave as the gravest."""
_HOW_UNMAPPED: Final[Mapping[str, str]] = {
    "blank": "blank",
    "contradicts": "contradicts",
    "left": "no-home",
    "no-image": "no-image",
    "shadowed": "shadowed",
    "unmapped": "no-home",
    "unreadable": "unreadable",
}


@dataclass(frozen=True)
class Trip:
    """All that is known of one translation, from which its account is made."""

    source: Side
    target: Side
    message: Message
    document: Any
    lifted: Lifted
    lowered: Lowered
    gaps: tuple[Gap, ...]
    carried: bool
    prefix: str = ""

    @cached_property
    def read(self) -> Sequence[tuple[Place, Any]]:
        """The leaves of the source's document."""
        known = self.lifted.leaves
        return known[1] if known is not None and known[0] is self.document else [*leaves(self.document)]

    @cached_property
    def written(self) -> dict[Place, Any]:
        """The leaves of the target's document, by their places."""
        known = self.lowered.leaves
        return dict(leaves(self.lowered.document)) if known is None else known

    def at(self, place: Place) -> Any:
        """Give what stands at a place of the target's document."""
        value = self.written.get(place, ABSENT)
        return read(self.lowered.document, place)[0] if value is ABSENT else value

    @cached_property
    def positions(self) -> dict[str, dict[str, int]]:
        """The positions of rows in their lists, by their handles."""
        return {
            name: {row["row"]: index for index, row in reversed([*enumerate(rows)]) if "row" in row}
            for name, rows in self.lifted.hub.items()
            if isinstance(rows, list) and rows and isinstance(rows[0], dict)
        }

    @cached_property
    def scopes(self) -> dict[tuple[str, str], Place]:
        """Where the rows of the hub stand in the target's document."""
        return {row: place for place, row in self.lowered.rows.items()}


@lru_cache(maxsize=8_192)
def _pointer(place: Place) -> str:
    """Write a place as a JSON Pointer; the same places come again and again."""
    return pointer.join(place)


_RULES: Final[dict[int, tuple[Operation, str]]] = {}
"""How lines are shown, by the lines themselves, which are held so that their identity stays their own."""
_MOST_RULES: Final = 20_000


def _rule(line: Operation) -> str:
    known = _RULES.get(id(line))
    if known is None:
        if len(_RULES) >= _MOST_RULES:
            _RULES.clear()
        known = _RULES[id(line)] = (line, str(line.origin))
    return known[1]


def source_leaves(trip: Trip, *, values: bool = False) -> list[dict[str, Any]]:
    """Give a row for each leaf of the source, in its order."""
    prefix, secrets, kept = trip.prefix, trip.source.secrets_in(trip.message), _kept(trip)
    marks, refused, ways = trip.lifted.marks, _refused(trip.lowered), _Ways(trip)
    rows: list[dict[str, Any]] = []
    for place, value in trip.read:
        row: dict[str, Any] = {"pointer": prefix + _pointer(place)}
        rows.append(row)
        mark = marks.get(place)
        if mark is None and is_secret(place, secrets):
            row["outcome"] = "withheld"
            continue
        came, line, hub, why = mark or marks[place]
        if came != "read" or hub is None:
            row["outcome"] = kept
            row["how"] = _HOW_UNMAPPED.get(came, "no-home") if came != "unmapped" else _unmapped(trip, place)
            if why:
                row["why"] = why
            row["targets"] = []
        elif reached := ways.of(place, hub) if ways.more or hub.member else ways.targets.get(hub):
            row["outcome"] = "mapped"
            row["how"], lossy = _how(trip, value, line, reached)
            if lossy:
                row["why"] = lossy
            row["hub"] = _shown(hub, trip)
            row["targets"] = _written(prefix, reached)
        else:
            row["outcome"] = kept
            why = refused.get(hub)
            row["how"] = "no-home" if why is None else "no-image"
            if why is not None:
                row["why"] = why
            row["hub"] = _shown(hub, trip)
            row["targets"] = []
        if line is not None:
            row["rule"] = _rule(line)
        if values:
            row["value"] = value
    return rows


def _refused(lowered: Lowered) -> dict[Address, str]:
    """Say of the hub leaves that cannot be said in the target why; the first reason of each."""
    found: dict[Address, str] = {}
    for hub, why, _ in lowered.no_images:
        if hub not in found:
            found[hub] = why
    return found


def _read_twice(lifted: Lifted) -> dict[Place, list[Address]]:
    """Name the hub leaves that a place was read into beside the one that its mark names."""
    found: dict[Place, list[Address]] = {}
    marks = lifted.marks
    for address, (whole, _, _, several) in lifted.reads.items():
        # Mostly one place, whose mark names this very leaf: that is told without a comparison.
        if whole is not None and not several and whole in marks and marks[whole].hub is address:
            continue
        for place in several or (() if whole is None else (whole,)):
            mark = marks.get(place)
            if mark is None or mark.hub != address:
                found.setdefault(place, []).append(address)
    return found


def _targets(lowered: Lowered) -> _Targets:
    targets: _Targets = {}
    for way in lowered.causes.items():
        for address in way[1].sources:
            if address in targets:
                targets[address].append(way)
            else:
                targets[address] = [way]
    return targets


class _Ways:
    """The leaves of the target that leaves of the source went to."""

    def __init__(self, trip: Trip) -> None:
        """Take the trip."""
        self.trip = trip
        self.targets = _targets(trip.lowered)
        self.more = _read_twice(trip.lifted)
        self._parts: dict[Address, _Inside] = {}

    def of(self, place: Place, hub: Address) -> Sequence[tuple[Place, Cause]]:
        """Give the target's leaves that a place went to, through every hub leaf that it was read into.

        Without such places, and for what is no part of a free member, these are just the `targets` of the hub leaf.
        """
        if self.more and place in self.more:
            return [each for address in (hub, *self.more[place]) for each in self.targets.get(address, ())]
        reached = self.targets.get(hub, ())
        read_at = self.trip.lifted.reads.get(hub) if hub.member else None
        if read_at is None or read_at.place is None or len(read_at.place) == len(place):
            return reached
        return self._inside(hub, reached).get(place[len(read_at.place) :], ())

    def _inside(self, hub: Address, reached: Iterable[tuple[Place, Cause]]) -> _Inside:
        """Tell the leaves that a free member became by where they are in it: it stands there as it came."""
        known = self._parts.get(hub)
        if known is not None:
            return known
        scope = self.trip.scopes.get((hub.rows, hub.row), ())
        made: _Inside = {}
        for target, cause in reached:
            above = (*(scope if target[: len(scope)] == scope else ()), *getattr(cause.line, "at", ()), hub.member)
            made.setdefault(target[len(above) :], []).append((target, cause))
        self._parts[hub] = made
        return made


def _written(prefix: str, reached: Sequence[tuple[Place, Cause]]) -> list[str]:
    if len(reached) == 1:
        return [prefix + _pointer(reached[0][0])]
    return list(dict.fromkeys([prefix + _pointer(target) for target, _ in reached]))


def _shown(address: Address, trip: Trip) -> str:
    """Write a hub leaf as reports show it, rows by position."""
    rows, row, leaf, member = address
    if not rows:
        return f"{leaf}.{member}" if member else leaf
    position = trip.positions.get(rows, {}).get(row, row)
    return f"{rows}.{position}.{leaf}.{member}" if member else f"{rows}.{position}.{leaf}"


def _kept(trip: Trip) -> str:
    return "carried" if trip.carried else "dropped"


def _unmapped(trip: Trip, place: Place) -> str:
    return "no-home" if trip.source.declares(trip.message, place) else "unknown"


def _how(
    trip: Trip, value: Any, line: Operation | None, reached: Sequence[tuple[Place, Cause]]
) -> tuple[str, str | None]:
    """Say what happened to a value on its way, by the gravest of its targets."""
    if len(reached) == 1:
        target, cause = reached[0]
        if cause.lossy:
            return "recoded", cause.lossy
        written = trip.at(target)
        return "exact" if _is_kept(value, written) else _change(value, written, line, cause), None
    own = [(target, cause) for target, cause in reached if cause.kind != "derived"] or list(reached)
    each_written = [(trip.at(target), cause) for target, cause in own]
    lossy = next((cause.lossy for _, cause in each_written if cause.lossy), None)
    if lossy is not None:
        return "recoded", lossy
    if isinstance(line, Parts) and any(is_same(value, each) for each, _ in each_written):
        return "exact", None
    return max((_change(value, each, line, cause) for each, cause in each_written), key=HOW.index), None


def _is_kept(value: Any, written: Any) -> bool:
    """Compare as `is_same` does, texts without a call: most values are."""
    return value == written if type(value) is str else is_same(value, written)


def _change(value: Any, written: Any, line: Operation | None, cause: Cause) -> str:
    if is_same(value, written):
        return "exact"
    if cause.kind == "derived":
        return "narrowed" if _joins(getattr(cause.line, "fill", None)) else "normalised"
    if isinstance(cause.line, Leaf) and cause.line.codec.kind == "narrowed":
        return "narrowed"
    if isinstance(cause.line, Parts) and isinstance(line, Parts):
        return "narrowed"
    return "widened" if isinstance(line, Leaf) and line.codec.kind == "widened" else "normalised"


def _joins(fill: Any) -> bool:
    """Tell whether several values were put into one text, which nobody can take apart again."""
    return isinstance(fill, Join) or (isinstance(fill, Text) and len(fill.parts) > 1)


def target_leaves(trip: Trip, *, values: bool = False) -> list[dict[str, Any]]:
    """Give a row for each leaf of the target, in its order, then one for each that is missing."""
    return [*written_leaves(trip, values=values), *missing_leaves(trip.gaps, trip.prefix)]


def written_leaves(trip: Trip, *, values: bool = False) -> list[dict[str, Any]]:
    """Give a row for each leaf of the target, in its order."""
    causes, prefix = trip.lowered.causes, trip.prefix
    secrets = trip.target.secrets_in(trip.message) if values else frozenset()
    rows: list[dict[str, Any]] = []
    for place, value in trip.written.items():
        cause = causes.get(place, _MADE)
        kind, sources = _cause(trip, place, cause)
        row: dict[str, Any] = {"pointer": prefix + _pointer(place), "cause": kind, "sources": sources}
        if cause.line is not None:
            row["rule"] = _rule(cause.line)
        if values and not is_secret(place, secrets):
            row["value"] = value
        rows.append(row)
    return rows


def missing_leaves(gaps: Iterable[Gap], prefix: str = "") -> list[dict[str, Any]]:
    """Give a row for each leaf that the target requires and does not get."""
    return [_missing(prefix, gap) for gap in gaps]


def _missing(prefix: str, gap: Gap) -> dict[str, Any]:
    row = {"pointer": f"{prefix}{pointer.join(gap.place)}", "cause": "missing", "required": gap.required}
    if gap.need is not None:
        row["need"] = gap.need
    if gap.line is not None:
        row["rule"] = str(gap.line.origin)
    return row


_MADE: Final = Cause("derived")


def _cause(trip: Trip, place: Place, cause: Cause) -> tuple[str, list[str]]:
    kind, addresses, _, _ = cause
    if not addresses:
        return kind, []
    reads, implied, restored = trip.lifted.reads, trip.lifted.implied, trip.lifted.restored
    if restored and any(_plain(address) in restored for address in addresses):
        return "restored", []
    if implied and kind == "source" and addresses[0] in implied and all(each in implied for each in addresses):
        return "implied", []
    if len(addresses) == 1 and not addresses[0].member:
        found = reads.get(addresses[0])
        if found is not None and found.place is not None and not found.places:
            return kind, [trip.prefix + _pointer(found.place)]
    sources = [trip.prefix + _pointer(home) for address in addresses for home in _homes(trip, place, address)]
    return kind, list(dict.fromkeys(sources))


def _plain(address: Address) -> str:
    return address.rows or address.leaf


def _homes(trip: Trip, place: Place, address: Address) -> Iterator[Place]:
    """Give the source's leaves that a leaf was made of; of a free member the one that is the same part of it."""
    for home in _places(trip.lifted, address):
        if not address.member:
            yield home
            continue
        insides, whole = _insides(place, address.member), read(trip.document, home)[0]
        if len(insides) > 1:
            yield from (leaf for leaf, _ in leaves(whole, home) if leaf[len(home) :] in insides)
        elif insides and _is_leaf(read(whole, insides[0])[0]):
            yield (*home, *insides[0])


def _insides(place: Place, member: str) -> list[Place]:
    """Give the ways below a free member that a place can be, wherever the member stands in it."""
    return [place[index + 1 :] for index, token in enumerate(place) if token == member]


def _is_leaf(value: Any) -> bool:
    return value is not ABSENT and not (value and isinstance(value, (dict, list)))


def _places(lifted: Lifted, address: Address) -> Iterator[Place]:
    found = lifted.reads.get(address)
    if found is None:
        return
    if found.places:
        yield from found.places
    elif found.place is not None:
        value = found.place
        yield value


def counted(rows: Iterable[Mapping[str, Any]], member: str, words: Iterable[str]) -> dict[str, int]:
    """Count rows by a word: the promised words in their order, then any other that occurs."""
    return dict.fromkeys(words, 0) | Counter(map(itemgetter(member), rows))
