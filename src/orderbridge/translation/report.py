"""The account of a translation: every leaf of the source with its outcome, every leaf of the target with its cause.

Leaves are scalars and empty containers. Values are not shown unless asked for, secrets never.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import leaves, read
from orderbridge.mapping.operations import Join, Leaf, Parts, Text
from orderbridge.mapping.trace import Address, Cause
from orderbridge.translation.side import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message, Operation
    from orderbridge.mapping.trace import Lifted, Lowered, Mark
    from orderbridge.translation.missing import Gap
    from orderbridge.translation.side import Side

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
    def fed(self) -> dict[Place, list[Address]]:
        """The hub leaves that each place of the source was read into; some are read by several lines."""
        found: dict[Place, list[Address]] = {}
        for address in self.lifted.reads:
            for place in _places(self.lifted, address):
                found.setdefault(place, []).append(address)
        return found

    @cached_property
    def positions(self) -> dict[str, dict[str, int]]:
        """The positions of rows in their lists, by their handles."""
        return {
            name: {row["row"]: index for index, row in reversed([*enumerate(rows)]) if "row" in row}
            for name, rows in self.lifted.hub.items()
            if isinstance(rows, list) and rows and isinstance(rows[0], dict)
        }


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


def source_leaves(trip: Trip, *, values: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a row for each leaf of the source, in its order."""
    targets = _targets(trip.lowered)
    refused: dict[Address, str] = {}
    for each in trip.lowered.no_images:
        refused.setdefault(each.hub, each.why)
    prefix, secrets, kept = trip.prefix, trip.source.secrets_in(trip.message), _kept(trip)
    marks = trip.lifted.marks
    for place, value in leaves(trip.document):
        row: dict[str, Any] = {"pointer": prefix + _pointer(place)}
        if secrets and is_secret(place, secrets):
            row["outcome"] = "withheld"
            yield row
            continue
        mark = marks[place]
        if mark.came != "read" or mark.hub is None:
            row |= {"outcome": kept, **_unread(trip, place, mark), "targets": []}
        elif reached := _reached(trip, place, mark.hub, targets):
            how, why = _how(trip, value, mark, reached)
            row |= {"outcome": "mapped", "how": how, **({"why": why} if why else {})}
            row |= {"hub": _shown(mark.hub, trip), "targets": _written(prefix, reached)}
        else:
            why = refused.get(mark.hub)
            row |= {"outcome": kept, **({"how": "no-image", "why": why} if why is not None else {"how": "no-home"})}
            row |= {"hub": _shown(mark.hub, trip), "targets": []}
        if mark.line is not None:
            row["rule"] = _rule(mark.line)
        if values:
            row["value"] = value
        yield row


def _targets(lowered: Lowered) -> dict[Address, list[tuple[Place, Cause]]]:
    targets: dict[Address, list[tuple[Place, Cause]]] = {}
    for place, cause in lowered.causes.items():
        for address in cause.sources:
            targets.setdefault(address, []).append((place, cause))
    return targets


def _written(prefix: str, reached: Sequence[tuple[Place, Cause]]) -> list[str]:
    if len(reached) == 1:
        return [prefix + _pointer(reached[0][0])]
    return list(dict.fromkeys([prefix + _pointer(target) for target, _ in reached]))


def _reached(
    trip: Trip, place: Place, hub: Address, targets: Mapping[Address, list[tuple[Place, Cause]]]
) -> Sequence[tuple[Place, Cause]]:
    """Give the target's leaves that a place went to, through every hub leaf that it was read into."""
    fed = trip.fed.get(place, ())
    if len(fed) == 1 and fed[0] == hub:
        return targets.get(hub, ())
    return [each for address in dict.fromkeys((hub, *fed)) for each in targets.get(address, ())]


def _shown(address: Address, trip: Trip) -> str:
    """Write a hub leaf as reports show it, rows by position."""
    rows, row, leaf, member = address
    if not rows:
        return f"{leaf}.{member}" if member else leaf
    position = trip.positions.get(rows, {}).get(row, row)
    return f"{rows}.{position}.{leaf}.{member}" if member else f"{rows}.{position}.{leaf}"


def _of_part(
    place: Place, address: Address, reached: Iterable[tuple[Place, Cause]], lifted: Lifted
) -> list[tuple[Place, Cause]]:
    """Pick the leaves that one leaf of a free member became, out of those of the whole member."""
    whole = lifted.reads[address].place or ()
    return [each for each in reached if _is_part(each[0], address, place[len(whole) :])]


def _is_part(place: Place, address: Address, inside: Place) -> bool:
    """Tell whether a place is one inside of a free member, wherever the member stands."""
    way = (address.member, *inside)
    return place[-len(way) :] == way


def _kept(trip: Trip) -> str:
    return "carried" if trip.carried else "dropped"


def _unread(trip: Trip, place: Place, mark: Mark) -> dict[str, Any]:
    how = _HOW_UNMAPPED.get(mark.came, "no-home")
    if mark.came == "unmapped" and not trip.source.declares(trip.message, place):
        how = "unknown"
    return {"how": how, "why": mark.why} if mark.why else {"how": how}


def _how(trip: Trip, value: Any, mark: Mark, reached: Sequence[tuple[Place, Cause]]) -> tuple[str, str | None]:
    """Say what happened to a value on its way, by the gravest of its targets."""
    if len(reached) == 1 and not reached[0][1].lossy and is_same(value, read(trip.lowered.document, reached[0][0])[0]):
        return "exact", None
    own = [(target, cause) for target, cause in reached if cause.kind != "derived"] or list(reached)
    written = [(read(trip.lowered.document, target)[0], cause) for target, cause in own]
    lossy = next((cause.lossy for _, cause in written if cause.lossy), None)
    if lossy is not None:
        return "recoded", lossy
    if isinstance(mark.line, Parts) and any(is_same(value, each) for each, _ in written):
        return "exact", None
    return max((_change(value, each, mark, cause) for each, cause in written), key=HOW.index), None


def _change(value: Any, written: Any, mark: Mark, cause: Cause) -> str:
    if is_same(value, written):
        return "exact"
    if cause.kind == "derived":
        return "narrowed" if _joins(getattr(cause.line, "fill", None)) else "normalised"
    if isinstance(cause.line, Leaf) and cause.line.codec.kind == "narrowed":
        return "narrowed"
    if isinstance(cause.line, Parts) and isinstance(mark.line, Parts):
        return "narrowed"
    return "widened" if isinstance(mark.line, Leaf) and mark.line.codec.kind == "widened" else "normalised"


def _joins(fill: Any) -> bool:
    """Tell whether several values were put into one text, which nobody can take apart again."""
    return isinstance(fill, Join) or (isinstance(fill, Text) and len(fill.parts) > 1)


def target_leaves(trip: Trip, *, values: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a row for each leaf of the target, in its order, then one for each that is missing."""
    for place, value in leaves(trip.lowered.document):
        cause = trip.lowered.causes.get(place, _MADE)
        kind, sources = _cause(trip, place, cause)
        row: dict[str, Any] = {"pointer": trip.prefix + _pointer(place), "cause": kind, "sources": sources}
        if cause.line is not None:
            row["rule"] = _rule(cause.line)
        if values and not is_secret(place, trip.target.secrets_in(trip.message)):
            row["value"] = value
        yield row
    for gap in trip.gaps:
        row = {"pointer": f"{trip.prefix}{pointer.join(gap.place)}", "cause": "missing", "required": gap.required}
        if gap.need is not None:
            row["need"] = gap.need
        if gap.line is not None:
            row["rule"] = str(gap.line.origin)
        yield row


_MADE: Final = Cause("derived")


def _cause(trip: Trip, place: Place, cause: Cause) -> tuple[str, list[str]]:
    if trip.lifted.restored and any(_plain(address) in trip.lifted.restored for address in cause.sources):
        return "restored", []
    if (
        trip.lifted.implied
        and cause.kind == "source"
        and all(address in trip.lifted.implied for address in cause.sources)
        and cause.sources
    ):
        return "implied", []
    sources = [trip.prefix + _pointer(home) for address in cause.sources for home in _homes(trip, place, address)]
    return cause.kind, list(dict.fromkeys(sources))


def _plain(address: Address) -> str:
    return address.rows or address.leaf


def _homes(trip: Trip, place: Place, address: Address) -> Iterator[Place]:
    """Give the source's leaves that a leaf was made of; of a free member the one that is the same part of it."""
    for home in _places(trip.lifted, address):
        if not address.member:
            yield home
            continue
        for leaf, _ in leaves(read(trip.document, home)[0], home):
            if _is_part(place, address, leaf[len(home) :]):
                yield leaf


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
    counts = Counter(row[member] for row in rows)
    return {word: counts[word] for word in (*words, *(word for word in counts if word not in set(words)))}
