"""What a draft lacks: every required leaf that is not there, with the evidence of the requirement and where to get it.

The validator says which members are missing; a member that holds others stands for the leaves that it has to hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderbridge.mapping.operations import Each, Either, Group, Leaf, Parts, Reference
from orderbridge.mapping.reach import paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message, Operation, Path
    from orderbridge.problem import Evidence
    from orderbridge.translation.side import Side

_MOST_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """A required leaf that is missing."""

    place: Place
    required: Evidence
    need: str | None
    line: Operation | None


def gaps(document: Any, side: Side, message: Message, status: str | None = None) -> tuple[Gap, ...]:
    """Name the required leaves that a document lacks, in the order of the contract's problems."""
    found: dict[Place, Gap] = {}
    for where, member, evidence in side.validator(message, status).missing(document):
        at = (*where, member)
        for place in _leaves(side.spot(message, at), at, 0):
            found.setdefault(place, _gap(place, evidence, side, message))
    return tuple(found.values())


def _gap(place: Place, evidence: Evidence, side: Side, message: Message) -> Gap:
    line = line_at(side.section(message).operations, place)
    need = getattr(line, "need", None) if line is not None else None
    return Gap(place, evidence, need or _inherited(side.section(message).operations, place), line)


def _leaves(spot: Spot, place: Place, depth: int) -> Iterator[Place]:
    """Yield the leaves that have to be there below a missing member; itself if it holds nothing that has to be."""
    if depth > _MOST_DEPTH:
        yield place
        return
    if "array" in spot.types and spot.elements.exists:
        yield from _leaves(spot.elements, (*place, 0), depth + 1)
        return
    members = spot.members
    required = [name for name in spot.required if name in members]
    if not required:
        yield place
        return
    for name in required:
        yield from _leaves(members[name], (*place, name), depth + 1)


def line_at(operations: Iterable[Operation], place: Place) -> Operation | None:
    """Find the operation that writes a place."""
    for operation in operations:
        if isinstance(operation, Group):
            found = line_at(operation.lines, place)
            if found is not None:
                return found
        elif isinstance(operation, Either):
            for one in operation.sets:
                found = line_at(one, place)
                if found is not None:
                    return found
        elif isinstance(operation, Each):
            rest = _below(operation.at, place)
            if rest is not None:
                return _in_rows(operation, rest) or operation
        elif any(_below(path, place) == () for path in paths(operation)):
            return operation
    return None


def _in_rows(each: Each, rest: Place) -> Operation | None:
    if not rest:
        return None
    inside = rest[1:]
    while each.nest is not None and inside and inside[0] == each.nest:
        inside = inside[2:]
    return line_at(each.body, inside)


def _below(path: Path, place: Place) -> Place | None:
    """Give what is left of a place behind a path; a selected element may stand at any position."""
    if len(place) < len(path):
        return None
    for token, step in zip(path, place, strict=False):
        if token != step and not (not isinstance(token, (str, int)) and isinstance(step, int)):
            return None
    return place[len(path) :]


def _inherited(operations: Iterable[Operation], place: Place) -> str | None:
    """Find the need of the nearest list around a place."""
    for length in range(len(place) - 1, 0, -1):
        line = line_at(operations, place[:length])
        need = getattr(line, "need", None)
        if isinstance(need, str) and not isinstance(line, (Leaf, Parts, Reference)):
            return need
    return None
