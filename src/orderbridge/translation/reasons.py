"""Why a translation has no order, as problems: what is missing, what the target refuses, what the mode refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.problem import Problem
from orderbridge.translation.missing import gaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.mapping.trace import NoImage
    from orderbridge.translation.missing import Gap
    from orderbridge.translation.translating import Translation

_REFUSED: Final[Mapping[str, str]] = {"no-image": "no-image", "unreadable": "unreadable"}
"""The code of a refused leaf by what became of it; any other is refused by the mode alone."""
AT_SOURCE: Final = frozenset({"mode-refused", "no-image", "unreadable"})
"""Codes whose pointers lead into the source's document although there is one of the target."""


def reasons(made: Translation) -> tuple[Problem, ...]:
    """Say why there is no order; () where there is one, or would be if the mode gave any.

    What is required and missing is named leaf by leaf, at its place in the target's document, with where to get it.
    """
    if made.draft is None:
        return made.problems
    if made.complete and not made.refusals:
        return ()
    return (
        *_missing(made),
        *_broken(made),
        *_missing_headers(made),
        *made.header_problems,
        *map(_refused, made.refusals),
    )


def _missing(made: Translation) -> Iterator[Problem]:
    found = gaps(made.draft, made.target, made.request.message, made.target_status) if not made.is_valid else ()
    for gap in found:
        yield _lacking(gap, made.target.name, pointer.join(gap.place))
        yield from _unsaid(made, gap)


def _lacking(gap: Gap, name: str, where: str) -> Problem:
    return Problem(
        "required-target-missing",
        f"{name} requires this, and nothing in the message becomes it",
        pointer=where,
        evidence=gap.required,
        fix=gap.need or "supply it",
    )


def _unsaid(made: Translation, gap: Gap) -> Iterator[Problem]:
    """Name the values that would have filled a gap if they could be said there."""
    lifted, lowered = made.trip.lifted, made.trip.lowered
    for each in lowered.no_images:
        read = lifted.reads.get(each.hub)
        if each.line is not None and each.line is gap.line and read is not None and read.place is not None:
            yield _no_image(each, pointer.join(read.place), made.target.name, pointer.join(gap.place))


def _no_image(each: NoImage, where: str, name: str, target: str) -> Problem:
    return Problem(
        "no-image",
        f"this cannot be said at {target} of {name}: {each.why}",
        pointer=where,
        fix="change the value, or supply what the target is to get instead",
    )


def _broken(made: Translation) -> Iterator[Problem]:
    """Give what else the target's contract has to say about the draft; what is missing is named better above."""
    for problem in made.problems:
        if problem.schema_pointer is None:
            yield problem
        elif problem.code != "required":
            yield replace(problem, message=f"in the document for {made.target.name}: {problem.message}")


def _missing_headers(made: Translation) -> Iterator[Problem]:
    for gap in made.missing_headers:
        yield _lacking(gap, made.target.name, f"header:{gap.place[0]}")


def _refused(row: Mapping[str, Any]) -> Problem:
    what = str(row.get("how", row["outcome"]))
    why = f": {row['why']}" if row.get("why") else ""
    return Problem(
        _REFUSED.get(what, "mode-refused"),
        f"the mode refuses what is {row['outcome']} ({what}){why}" if what != row["outcome"] else f"dropped{why}",
        pointer=row["pointer"],
        fix="use lenient mode to send the order without it",
    )
