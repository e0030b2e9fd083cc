"""What an answer repeats of the order, word for word: read off the two halves of a mapping, nothing written twice.

A line of the response whose leaf is the order's own says what a line of the request says. Lowered from the hub it
comes in the spelling that is preferred, or not at all where the hub could not read it; here it is answered as it was
sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orderbridge.mapping.document import ABSENT, copied, is_blank, read, write
from orderbridge.mapping.notation import ROWS
from orderbridge.mapping.operations import Leaf, Parts, Tree
from orderbridge.mapping.survey import HubPlace, survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.operations import Path, Section, Token
    from orderbridge.mapping.survey import Seen

_ORDER: Final = "order."
_Side: TypeAlias = "tuple[Any, Path]"
"""A part of a document, and the path from there on."""
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_ANY: Final = frozenset(kind for kinds in _TYPES.values() for kind in kinds)


class Member(NamedTuple):
    """A member of the answer, the members of the order that say the same, and the types that may stand there."""

    to: Token
    sources: tuple[Token, ...]
    types: frozenset[type]


class Plain(NamedTuple):
    """A member of the answer, the one member of the order that says the same, and the types that may stand there."""

    to: str
    source: str
    types: frozenset[type]


@dataclass(frozen=True, slots=True)
class Echo:
    """The members of one object of an answer that repeat members of one object of the order.

    `nests` are the members in which the elements of the lists around have children, from the outside.
    """

    to: Path
    source: Path
    members: tuple[Member, ...]
    nests: tuple[str | None, ...] = ()
    plain: tuple[Plain, ...] = ()
    """The same members where each has but one source, which most have: what can be repeated quickly."""


def echoes(request: Section, response: Section, answer: Spot, decided: frozenset[str]) -> tuple[Echo, ...]:
    """Find what an answer repeats; `decided` are leaves that the server decides, whatever was sent."""
    sent: dict[tuple[HubPlace, int], list[Seen]] = {}
    for seen in survey(request):
        if seen.hub is not None and seen.role in {"at", "aka", "also"} and str(seen.hub) not in decided:
            sent.setdefault((seen.hub, _part(seen)), []).append(seen)
    return tuple(_echoes(survey(response), sent, answer))


def _echoes(lines: Iterable[Seen], sent: Mapping[tuple[HubPlace, int], list[Seen]], answer: Spot) -> Iterator[Echo]:
    """Put together what stands in one object of the answer and in one of the order."""
    found: dict[tuple[Path, Path, tuple[str | None, ...]], dict[Token, Member]] = {}
    for seen in lines:
        place = _own(seen)
        for other in sent.get((place, _part(seen)), ()) if place is not None else ():
            if seen.at and other.at and _is_like(seen, other):
                key = (seen.at[:-1], other.at[:-1], tuple(each.nest for each in seen.lists))
                members, name = found.setdefault(key, {}), seen.at[-1]
                sources = members[name].sources if name in members else ()
                members[name] = Member(name, (*sources, other.at[-1]), _types(answer.at(seen.steps)))
    for (to, source, nests), members in found.items():
        yield Echo(to, source, tuple(members.values()), nests, _plain(members.values()))


def _plain(members: Iterable[Member]) -> tuple[Plain, ...]:
    """Give members in the quick form; none where it cannot say all of them."""
    found: list[Plain] = []
    for to, sources, types in members:
        if len(sources) > 1 or not isinstance(to, str) or not isinstance(sources[0], str):
            return ()
        found.append(Plain(to, sources[0], types))
    return tuple(found)


def _types(here: Spot) -> frozenset[type]:
    known = [kind for name in here.types for kind in _TYPES.get(name, ())]
    nothing = [type(None)] if any(part.get("nullable") is True for part in here.parts) else []
    return frozenset([*(known or _ANY), *nothing])


def _own(seen: Seen) -> HubPlace | None:
    """Give the leaf of the order that a line of the response means; None where it means something else."""
    plain = isinstance(seen.line, (Leaf, Parts, Tree)) and seen.choice is None and seen.role in {"at", "also"}
    if not plain or seen.hub is None:
        return None
    rows, leaf = seen.hub
    if rows:
        return HubPlace(rows.removeprefix(_ORDER), leaf) if rows.startswith(_ORDER) else None
    return HubPlace("", leaf.removeprefix(_ORDER)) if leaf.startswith(_ORDER) else None


def _part(seen: Seen) -> int:
    """Tell which of several places of a list of texts a line speaks of."""
    return seen.line.at.index(seen.written) if isinstance(seen.line, Parts) else 0


def _is_like(seen: Seen, other: Seen) -> bool:
    """Tell whether two lines spell a value the same way, in the same rows, under the same kind of condition."""
    lists = [(each.to.removeprefix(_ORDER), each.nest, each.where) for each in seen.lists]
    others = [(each.to, each.nest, each.where) for each in other.lists]
    same_kind = _spelling(seen) == _spelling(other) and (seen.guard is None) == (other.guard is None)
    return lists == others and same_kind and seen.first == other.first and not any(each.bare for each in other.lists)


def _spelling(seen: Seen) -> tuple[type, str]:
    return type(seen.line), seen.line.codec.name if isinstance(seen.line, Leaf) else ""


def echo(lines: Iterable[Echo], order: Any, answer: Any) -> Any:
    """Lay what an answer repeats over it, in place; where its lists are not those of the order, they stay."""
    for line in lines:
        _follow(line, (answer, line.to), (order, line.source), line.nests)
    return answer


def _follow(line: Echo, target: _Side, source: _Side, nests: tuple[str | None, ...]) -> None:
    """Go to the object that a line speaks of, or to those in all elements of a list."""
    (answer, to), (order, path) = target, source
    if ROWS not in to:
        there, _ = read(order, path)
        if there is not ABSENT:
            _repeat(line, answer, to, there)
        return
    cut, other = to.index(ROWS), path.index(ROWS)
    there, rows = read(answer, to[:cut])[0], read(order, path[:other])[0]
    if _are_rows(there, rows):
        _rows(line, (there, to[cut + 1 :]), (rows, path[other + 1 :]), nests)


def _rows(line: Echo, target: _Side, source: _Side, nests: tuple[str | None, ...]) -> None:
    """Go on with the elements of a list, and with their children."""
    (there, to), (rows, path) = target, source
    for one, other in zip(there, rows, strict=True):
        if not isinstance(one, dict) or not isinstance(other, dict):
            continue
        _follow(line, (one, to), (other, path), nests[1:])
        if nests and nests[0] and _are_rows(one.get(nests[0]), other.get(nests[0])):
            _rows(line, (one[nests[0]], to), (other[nests[0]], path), nests)


def _are_rows(there: Any, rows: Any) -> bool:
    return isinstance(there, list) and isinstance(rows, list) and len(there) == len(rows)


def _repeat(line: Echo, answer: Any, to: Path, order: Any) -> None:
    """Write the members of one object."""
    holder, _ = read(answer, to)
    if line.plain and type(order) is dict and type(holder) is dict:
        _repeat_plainly(line.plain, holder, order)
        return
    for name, sources, types in line.members:
        value = _first(order, sources)
        if type(value) not in types:  # what is absent is of no type
            continue
        # A blank means nothing at the hub, and is still what was sent.
        if is_blank(value) and holder is not ABSENT and read(holder, (name,))[0] is not ABSENT:
            continue
        write(answer, (*to, name), copied(value))
        holder, _ = read(answer, to)


def _repeat_plainly(members: Iterable[Plain], holder: dict[str, Any], order: dict[str, Any]) -> None:
    """Do the same where both are there and every member has one source, as in most objects of most answers."""
    said = order.get
    for name, source, types in members:
        value = said(source, ABSENT)
        kind = type(value)
        if kind in types and (value or not is_blank(value) or name not in holder):
            holder[name] = copied(value) if kind is dict or kind is list else value


def _first(order: Any, sources: tuple[Token, ...]) -> Any:
    """Give the first member that says anything, or else the first that is there."""
    blank: Any = ABSENT
    for name in sources:
        value = order.get(name, ABSENT) if type(order) is dict and type(name) is str else read(order, (name,))[0]
        if value is not ABSENT and not is_blank(value):
            return value
        blank = value if blank is ABSENT else blank
    return blank
