"""What an answer repeats of the order, word for word: read off the two halves of a mapping, nothing written twice.

A line of the response whose leaf is the order's own says what a line of the request says. Lowered from the hub it
comes in the spelling that is preferred, or not at all where the hub could not read it; here it is answered as it was
sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge.mapping.document import ABSENT, copied, is_blank, read, write
from orderbridge.mapping.notation import ROWS
from orderbridge.mapping.operations import Leaf, Parts, Tree
from orderbridge.mapping.survey import HubPlace, survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.operations import Path, Section
    from orderbridge.mapping.survey import Seen

_ORDER: Final = "order."
_Side: TypeAlias = "tuple[Any, Path]"
"""A part of a document, and the path from there on."""
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Echo:
    """One place of the answer, the places of the order that say the same, and what may stand there.

    `nests` are the members in which the elements of the lists around have children, from the outside.
    """

    to: Path
    sources: tuple[Path, ...]
    types: frozenset[str]
    takes_null: bool
    nests: tuple[str | None, ...] = ()


def echoes(request: Section, response: Section, answer: Spot, decided: frozenset[str]) -> tuple[Echo, ...]:
    """Find what an answer repeats; `decided` are leaves that the server decides, whatever was sent."""
    sent: dict[tuple[HubPlace, int], list[Seen]] = {}
    for seen in survey(request):
        if seen.hub is not None and seen.role in {"at", "aka", "also"} and str(seen.hub) not in decided:
            sent.setdefault((seen.hub, _part(seen)), []).append(seen)
    return tuple(_echoes(survey(response), sent, answer))


def _echoes(lines: Iterable[Seen], sent: Mapping[tuple[HubPlace, int], list[Seen]], answer: Spot) -> Iterator[Echo]:
    for seen in lines:
        place = _own(seen)
        if place is None:
            continue
        sources = tuple(each.at for each in sent.get((place, _part(seen)), ()) if _is_like(seen, each))
        if sources:
            here = answer.at(seen.steps)
            takes_null = any(part.get("nullable") is True for part in here.parts)
            yield Echo(seen.at, sources, here.types, takes_null, tuple(each.nest for each in seen.lists))


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
        for source in line.sources:
            if _follow(line, (answer, line.to), (order, source), line.nests):
                break
    return answer


def _follow(line: Echo, target: _Side, source: _Side, nests: tuple[str | None, ...]) -> bool:
    """Write one value, or those of all elements of a list; tell whether the order says anything there."""
    (answer, to), (order, path) = target, source
    if ROWS not in to:
        value, _ = read(order, path)
        # A blank means nothing at the hub, and is still what was sent.
        is_free = not is_blank(value) or read(answer, to)[0] is ABSENT
        if value is not ABSENT and is_free and _fits(value, line):
            write(answer, to, copied(value))
        return value is not ABSENT and not is_blank(value)
    cut, other = to.index(ROWS), path.index(ROWS)
    there, rows = read(answer, to[:cut])[0], read(order, path[:other])[0]
    if not _are_rows(there, rows):
        return False
    return _rows(line, (there, to[cut + 1 :]), (rows, path[other + 1 :]), nests)


def _rows(line: Echo, target: _Side, source: _Side, nests: tuple[str | None, ...]) -> bool:
    """Write the values of the elements of a list, and of their children."""
    (there, to), (rows, path) = target, source
    done = False
    for one, other in zip(there, rows, strict=True):
        if not isinstance(one, dict) or not isinstance(other, dict):
            continue
        done = _follow(line, (one, to), (other, path), nests[1:]) or done
        if nests and nests[0] and _are_rows(one.get(nests[0]), other.get(nests[0])):
            done = _rows(line, (one[nests[0]], to), (other[nests[0]], path), nests) or done
    return done


def _are_rows(there: Any, rows: Any) -> bool:
    return isinstance(there, list) and isinstance(rows, list) and len(there) == len(rows)


def _fits(value: Any, line: Echo) -> bool:
    types = line.types
    if value is None or not types:
        return value is not None or line.takes_null
    if isinstance(value, bool):
        return "boolean" in types
    known = any(isinstance(value, _TYPES[kind]) for kind in types if kind in _TYPES)
    return known or ("number" in types and not isinstance(value, (str, list, dict)))
