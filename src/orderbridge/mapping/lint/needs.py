"""Rules on what a partner requires: that it is written, or that its absence is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderbridge.contract.members import ANY
from orderbridge.mapping.lint.subject import Found, Part
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each, Leaf, Leave, Members, Parts, Reference, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.members import Spot, Steps
    from orderbridge.mapping.operations import Path
    from orderbridge.mapping.survey import Seen

_ONLY_READ: Final = frozenset({"aka", "key", "test", "else"})
"""Roles of paths that a line looks at and never writes."""


def unfed(part: Part) -> Iterator[Found]:
    """Find required members whose line has neither a `fill` nor a `need`: every leaf of the hub is optional.

    Only of requests, which a caller can supplement: nobody could supply what an answer lacks.
    """
    if part.message == "headers":
        yield from _headers(part)
    elif part.message == "request":
        for root in part.ruled:
            for steps in required(root):
                yield from _unfed(part, steps, root)


def _headers(part: Part) -> Iterator[Found]:
    for parameter in part.whole.contract.at("documented").operation().parameters:
        if parameter.location == "header" and parameter.required:
            yield from _unfed(part, (parameter.name.lower(),))


def _unfed(part: Part, steps: Steps, root: Spot | None = None) -> Iterator[Found]:
    lines = part.cover.of_leaf(steps)
    if root is not None:
        lines = [seen for seen in lines if not _is_never_lacking(part, root, seen, steps)]
    if lines and not any(_is_explained(seen) for seen in lines):
        yield Found(lines[0].line.origin, f"`{write_path(steps)}` is required, and has neither `fill` nor `need`")


def _is_explained(seen: Seen) -> bool:
    line = seen.line
    if isinstance(line, (Leaf, Parts, Leave, Tree)) and line.fill is not None:
        return True
    if isinstance(line, (Leaf, Parts, Leave, Each, Reference)) and line.need is not None:
        return True
    # What tells rows apart, or which of them is meant, comes with the rows.
    return seen.role in {"tag", "match"} or any(each.need is not None for each in seen.lists)


def _is_never_lacking(part: Part, root: Spot, own: Seen, steps: Steps) -> bool:
    """Tell whether a container around a leaf may be absent, and no other line makes it than the leaf's own.

    Such is a list that is left, and the element of a list that only one line writes into.
    """
    inner = part.cover.unnested(steps)
    place = (*own.at, *inner[len(own.at) :])
    return any(
        not is_required(root, inner[:length]) and not _is_made(part, place[:length], own)
        for length in range(1, len(place))
    )


def _is_made(part: Part, container: Path, own: Seen) -> bool:
    others = (seen for seen in part.seen if seen.line is not own.line and _writes(seen))
    return any(_written(seen)[: len(container)] == container for seen in others)


def _written(seen: Seen) -> Path:
    """Give the place that a line makes: of a list, its elements."""
    return (*seen.at, ANY) if isinstance(seen.line, (Each, Members)) else seen.at


def _writes(seen: Seen) -> bool:
    if isinstance(seen.line, Leave):
        return seen.line.fill is not None
    return seen.role not in _ONLY_READ


def required(root: Spot) -> Iterator[Steps]:
    """Yield the leaves that their containers require, each container seen for itself."""
    for steps, _ in root.leaves():
        if is_required(root, steps):
            yield steps


def is_required(root: Spot, steps: Steps) -> bool:
    """Tell whether the nearest object around a leaf requires it (or the list that it is an element of)."""
    named = steps
    while named and named[-1] == ANY:
        named = named[:-1]
    return bool(named) and named[-1] in root.at(named[:-1]).required
