"""Rules on values: codecs that fit the contract's types, tables that fit its lists, and what is written comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.codec.registry import CODECS, breaches
from orderbridge.contract.members import listed
from orderbridge.mapping.lint.subject import Found, Part, Subject, mentioned, origin, rows_of, shown
from orderbridge.mapping.operations import Constant, Each, HubPath, Leaf, Leave, Parts, Same, Text, Tree
from orderbridge.mapping.survey import HubPlace, is_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.lint.subject import TableRow
    from orderbridge.mapping.operations import Fill
    from orderbridge.mapping.survey import Seen

_WRITTEN = frozenset({"at", "also"})
_FROM_ORDERS = frozenset({"at", "also", "match"})
"""Roles in which a line writes what an order holds."""
_SHOWN: Final = 5
_FORMATS: Final = {"date-time": "^[0-9-]{10}T.*Z$", "date": "^[0-9-]{10}$"}
"""How the hub writes what its contract names by a format."""
_WIDER = {"integer": frozenset({"integer", "number"})}
"""The types of a contract that take what is of a JSON type: itself, and for an integer any number."""


def codec(part: Part) -> Iterator[Found]:
    """Find codecs that write a type which the contract refuses, or read none that it allows."""
    for seen, line in _leaves(part):
        for here in part.spots(seen):
            if not here.types or "any" in line.codec.takes:
                continue
            types = ", ".join(sorted(here.types))
            if seen.role in _WRITTEN and not _takes(here, line.codec.takes[0]):
                what = f"writes {line.codec.takes[0]}"
            elif not any(_takes(here, kind) for kind in line.codec.takes):
                what = f"reads {' or '.join(line.codec.takes)}"
            else:
                continue
            yield Found(line.origin, f"{_codec_name(line)} {what}, and the contract has {types} at {shown(seen)}")
    for seen, line in _leaves(part, "at"):
        if seen.hub is not None and not is_table(line) and not _suits(line, part.hub_spot(seen.hub)):
            yield Found(line.origin, f"{_codec_name(line)} gives nothing that `{seen.hub}` of the hub takes")
    for seen in part.seen:
        if isinstance(seen.line, Parts) and any(here.types and "string" not in here.types for here in part.spots(seen)):
            yield Found(seen.line.origin, f"{shown(seen)} holds a line of text, and the contract has no string there")


def _suits(line: Leaf, here: Spot) -> bool:
    """Tell whether a leaf of the hub takes any of the texts that a codec gives, as far as it has samples of them.

    `text` gives any text; whether it is one that the leaf takes is the order's to show.
    """
    if line.codec is CODECS["text"]:
        return True
    texts = [meant for _, meant in line.codec.samples if isinstance(meant, str)]
    patterns = [part["pattern"] for part in here.parts if "pattern" in part]
    patterns += [_FORMATS[part["format"]] for part in here.parts if part.get("format") in _FORMATS]
    return not texts or any(all(re.search(pattern, text) for pattern in patterns) for text in texts)


def _takes(here: Spot, kind: str) -> bool:
    return bool(here.types & _WIDER.get(kind, frozenset({kind})))


def _codec_name(line: Leaf) -> str:
    return f"the table `{line.codec.name}`" if is_table(line) else f"the codec `{line.codec.name}`"


def _leaves(part: Part, *roles: str) -> Iterator[tuple[Seen, Leaf]]:
    wanted = roles or ("at", "aka", "also", "match")
    for seen in part.seen:
        if isinstance(seen.line, Leaf) and seen.role in wanted:
            yield seen, seen.line


def value(part: Part) -> Iterator[Found]:
    """Find values of tables, constants and conditions that the contract or the hub does not list."""
    for seen, line in _leaves(part):
        if is_table(line) and seen.hub is not None:
            yield from _table_values(part, seen, line, seen.hub)
    for seen in part.seen:
        yield from _constants(part, seen)
        if isinstance(seen.line, Each) and seen.role == "rows":
            for leaf, constant in seen.line.where:
                yield from _at_hub(part, HubPlace(seen.line.to, leaf), constant, seen.line.origin)


def _table_values(part: Part, seen: Seen, line: Leaf, place: HubPlace) -> Iterator[Found]:
    for here in part.spots(seen):
        values = listed(here)
        for row in rows_of(part, line, here):
            if values is not None and not _is_among(row.partner, values):
                what = f"{row.partner!r} of the table `{line.codec.name}`"
                yield Found(origin(row.raw), f"{what} is not listed by the contract at {shown(seen)}")
            yield from _at_hub(part, place, row.hub, origin(row.raw))


def _constants(part: Part, seen: Seen) -> Iterator[Found]:
    for what, constant in _given(seen):
        for here in part.spots(seen):
            values = listed(here)
            if values is not None and not _is_among(constant, values):
                yield Found(seen.line.origin, f"{what} {constant!r} is not listed by the contract at {shown(seen)}")


def _given(seen: Seen) -> Iterator[tuple[str, Any]]:
    """Yield the constants in the partner's terms that a line has for a path."""
    line = seen.line
    fill: Fill | None = line.fill if isinstance(line, (Leaf, Parts, Leave, Tree)) else None
    if seen.role == "at" and isinstance(fill, Constant):
        yield "the value", fill.value
    if seen.role == "test" and seen.guard is not None:
        yield "the condition's value", seen.guard.value


def _at_hub(part: Part, place: HubPlace, constant: Any, where: Any) -> Iterator[Found]:
    here = part.hub_spot(place)
    values = listed(here)
    patterns = [each["pattern"] for each in here.parts if "pattern" in each]
    what = f"{constant!r} is no value of `{place}` of the hub, which"
    if values is not None and not _is_among(constant, values):
        yield Found(where, f"{what} lists {', '.join(map(str, values))}")
    elif isinstance(constant, str) and not all(re.search(pattern, constant) for pattern in patterns):
        yield Found(where, f"{what} matches {' and '.join(patterns)}")


def _is_among(constant: Any, values: tuple[Any, ...]) -> bool:
    return any(is_same(constant, each) for each in values)


def head_value(whole: Subject) -> Iterator[Found]:
    """Find values of the hub that the head of the file names and the hub does not list."""
    for part in whole.parts:
        if part.message == "request":
            for leaf, constant in part.section.context:
                yield from _at_hub(part, HubPlace("", leaf), constant, whole.head("context"))
            for leaf, constant in part.section.only:
                yield from _at_hub(part, HubPlace("", leaf), constant, whole.head("only"))
        if part.message == "error":
            for kind, raw in whole.draft.statuses.items():
                yield from _at_hub(part, HubPlace("", "kind"), kind, origin(raw))


def enum_row(part: Part) -> Iterator[Found]:
    """Find values that the contract lists and the line's table has no row for."""
    for seen, line in _leaves(part, "at", "also"):
        if not is_table(line):
            continue
        for here in part.spots(seen):
            known = mentioned(part, line, here)
            missing = [each for each in listed(here) or () if each is not None and not _is_among(each, tuple(known))]
            if missing:
                what = f"the table `{line.codec.name}` has no row for {', '.join(map(repr, missing))}"
                yield Found(line.origin, f"{what}, which the contract lists at {shown(seen)}")


def unlisted(part: Part) -> Iterator[Found]:
    """Find lines that may write a value which the contract does not list, as far as its list is documented.

    A table refuses what it has no row for. Any other codec takes whatever the hub holds: what that can be is known
    only where the hub lists its values, or the mapping states the one that is meant.
    """
    for seen in part.seen:
        for what, values in _writes(part, seen):
            for here in part.spots(seen, ruled=True):
                known = listed(here.elements if _is_list(seen) else here)
                which = _beyond(values, known) if known is not None else None
                if which is not None:
                    listing = _some([each for each in known or () if each is not None])
                    message = f"{what} can write {which}, and the contract lists {listing} at {shown(seen)}"
                    yield Found(seen.line.origin, message)


def _is_list(seen: Seen) -> bool:
    """Tell whether a line writes a list of values, so that it is their elements which the contract may list."""
    return isinstance(seen.line, Leaf) and seen.line.codec.takes[0] == "array"


def _beyond(values: list[Any] | None, known: tuple[Any, ...]) -> str | None:
    """Name the values that are not known ones; None where all of them are."""
    if values is None:
        return "other values"
    return _some([each for each in values if not _is_among(each, known)]) or None


def _some(values: list[Any]) -> str:
    said = ", ".join(map(repr, values[:_SHOWN]))
    return f"{said} and {len(values) - _SHOWN} more" if len(values) > _SHOWN else said


def _writes(part: Part, seen: Seen) -> Iterator[tuple[str, list[Any] | None]]:
    """Yield what a line writes to a path by, and the values that can come of it; None where these are not known."""
    line = seen.line
    if isinstance(line, Leaf) and seen.role in _FROM_ORDERS and not is_table(line):
        held = [_held(part, place, seen.home) for place in (seen.hub, *seen.fallbacks) if place is not None]
        yield _codec_name(line), _written(line, held)
    if seen.role == "currency":
        yield "the currency", None
    fill = line.fill if isinstance(line, (Leaf, Parts, Leave)) else None
    if seen.role == "at" and fill is not None and not isinstance(fill, Constant):
        yield "the `fill`", _filled(part, seen, fill)


def _written(line: Leaf, held: Iterable[tuple[Any, ...] | None]) -> list[Any] | None:
    if line.codec.takes[0] == "boolean":
        return [True, False]
    written: list[Any] = []
    for values in held:
        if values is None:
            return None
        written += (line.codec.down(each, None) for each in values)
    return [each for each in written if not isinstance(each, Refused)]


def _filled(part: Part, seen: Seen, fill: Fill) -> list[Any] | None:
    if isinstance(fill, Same):
        return [True, False]
    match fill:
        case Text((HubPath() as path,)):
            rows = ("", *(each.to for each in seen.lists))
            place = HubPlace(path.first if path.first is not None else rows[-1 - path.up], path.leaf)
            values = _held(part, place, None)
            return None if values is None else list(values)
        case _:
            return None


def _held(part: Part, place: HubPlace, home: Each | None) -> tuple[Any, ...] | None:
    """Give the values that a leaf of the hub can have: the one that the mapping states, or those that the hub lists."""
    of_all = () if place.rows else (*part.section.context, *part.section.only)
    stated = home.where if home is not None else of_all
    meant = tuple(value for leaf, value in stated if leaf == place.leaf)
    return meant[:1] or listed(part.hub_spot(place))


def ambiguous_row(whole: Subject) -> Iterator[Found]:
    """Find values that stand in several rows of a table of which not exactly one is preferred."""
    for name, rows in whole.draft.tables.items():
        for side, what in (("from", "read"), ("to", "written")):
            same: dict[str, list[Any]] = {}
            for raw in (row for row in rows if isinstance(row.value, dict) and side in row.value):
                same.setdefault(repr(raw.value[side]), []).append(raw)
            for text, several in same.items():
                preferred = sum(raw.value.get("preferred") is True for raw in several)
                if len(several) > 1 and preferred != 1:
                    why = "none is preferred" if not preferred else f"{preferred} are preferred"
                    message = f"{text} stands in {len(several)} rows of `{name}`: which is {what} is open, since {why}"
                    yield Found(origin(several[1]), message)


def sample(part: Part) -> Iterator[Found]:
    """Find values that do not come back as they were: samples of codecs, rows of tables."""
    for seen, line in _leaves(part, "at"):
        if not is_table(line):
            for breach in breaches(line.codec):
                yield Found(line.origin, f"the codec `{line.codec.name}` breaks its promise: {breach}")
            continue
        for here in part.spots(seen):
            for row in rows_of(part, line, here):
                yield from _comes_back(line, row)


def _comes_back(line: Leaf, row: TableRow) -> Iterator[Found]:
    written = line.codec.down(row.hub, None)
    again = Refused("") if isinstance(written, Refused) else line.codec.up(written, None)
    if row.hub in line.codec.lossy or is_same(again, row.hub):
        return
    result = "not at all" if isinstance(again, Refused) else f"as {again!r}"
    yield Found(origin(row.raw), f"{row.hub!r} is written as {written!r}, and that is read {result}: is the row lossy?")
