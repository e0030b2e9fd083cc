"""How well a value of the source fits at the target: as it stands, in another spelling, or not always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderbridge.codec.codec import Refused
from orderbridge.contract.members import listed
from orderbridge.mapping.operations import Leaf, Parts, Rest, Tree
from orderbridge.mapping.survey import is_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.survey import Seen

_SOME_CURRENCY = "INR"


def is_exact(given: Seen, taken: Seen) -> bool:
    """Tell whether a value that the source's line reads is written as it was by the target's line."""
    up, down = given.line, taken.line
    if isinstance(up, Leaf) and isinstance(down, Leaf):
        if up.codec.kind == "exact" and down.codec.kind == "exact":
            return True
        return up.codec.name == down.codec.name and up.codec.numeric and not is_table(up)
    return type(up) is type(down) or (isinstance(up, (Tree, Rest)) and isinstance(down, (Tree, Rest)))


def conversion(given: Seen, taken: Seen) -> str | None:
    """Say by what a value is converted."""
    names = [name for line in (given.line, taken.line) if (name := _named(line)) is not None]
    return " then ".join(dict.fromkeys(names)) or None


def _named(line: object) -> str | None:
    if isinstance(line, Parts):
        return "lines"
    if not isinstance(line, Leaf) or line.codec.kind == "exact":
        return None
    return f"table {line.codec.name}" if is_table(line) else line.codec.name


def doubts(given: Seen, taken: Seen, here: Spot, there: Spot) -> Iterator[str]:
    """Yield why a value that the source has may not get there: what one of the two codecs refuses."""
    up, down = given.line, taken.line
    if isinstance(up, Leaf) and is_table(up):
        yield from _without_row(up, here)
    if isinstance(up, Leaf) and isinstance(down, Leaf):
        yield from _refused(up, down)
    elif isinstance(up, Parts) and isinstance(down, Leaf) and down.codec.kind == "narrowed":
        yield f"several lines become one (`{down.codec.name}`)"
    if isinstance(down, Leaf) and not is_table(down) and listed(there) is not None:
        yield "the target lists its values"


def _without_row(line: Leaf, here: Spot) -> Iterator[str]:
    values = listed(here)
    missing = [each for each in values or () if each is not None and isinstance(line.codec.up(each, None), Refused)]
    if values is None:
        yield f"the table `{line.codec.name}` of the source has no row for every value"
    elif missing:
        yield f"the table `{line.codec.name}` of the source has no row for {', '.join(map(str, missing))}"


def _refused(up: Leaf, down: Leaf) -> Iterator[str]:
    if down.codec.name == up.codec.name and not is_table(up):
        return
    made = [hub for _, hub in up.codec.samples]
    refused = [hub for hub in made if isinstance(down.codec.down(hub, _SOME_CURRENCY), Refused)]
    if is_table(down):
        if is_table(up) and not refused:
            return
        shown = f" for {', '.join(dict.fromkeys(map(str, refused)))}" if is_table(up) else " for every value"
        yield f"the table `{down.codec.name}` of the target has no row{shown}"
    elif refused or down.codec.kind in {"narrowed", "widened"}:
        yield f"`{down.codec.name}` cannot say every value"
