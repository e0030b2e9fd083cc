"""Every codec by its name, codecs made of value tables, and the laws that all of them keep."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec import dates, numbers, places, words
from orderbridge.codec.codec import Codec, HubType, JsonType, Refused, is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SHOWN: Final = 5
_LONGEST: Final = 50
_NEAR: Final = 0.8
_REMEMBERED: Final = 64
_CURRENCIES: Final = ("INR", "JPY", None)
_JSON: Final[dict[type, JsonType]] = {bool: "boolean", int: "integer", Decimal: "number", str: "string"}
_HUB: Final[dict[type, HubType]] = {bool: "flag", int: "integer"}
_TYPES: Final[dict[JsonType, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
# What a codec that was written for good values alone would stumble over.
_PROBES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 7, 10**400, 1.5, float("inf"), float("nan")),
    *(Decimal("1.50"), Decimal("1E+400"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")),
    *("", " ", "x", "7", "-0", "1e5", "1.50", "2026-02-28", "2026-02-28T10:00:00Z", "US", "EUR", "/a/0", "\ud800"),
    *([], [None], ["x"], [1], [[]], {}, {"x": 1}),
)
_NOWHERE: Final = object()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a value table: the partner's value, the hub's, why writing it loses something, and precedence."""

    partner: Any
    hub: Any
    lossy: str | None = None
    preferred: bool = False


def table_codec(name: str, rows: tuple[Row, ...]) -> Codec:
    """Make a codec of a value table.

    Of several rows with one value the preferred one holds, else the first; the others hold in the other direction.
    A row of lists or objects holds in neither.
    """
    up: dict[Any, Row] = {}
    down: dict[Any, Row] = {}
    plain = [row for row in rows if _NOWHERE not in (_key(row.partner), _key(row.hub))]
    for row in sorted(plain, key=lambda row: not row.preferred):
        up.setdefault(_key(row.partner), row)
        down.setdefault(_key(row.hub), row)
    return Codec(
        name,
        _look_up({key: row.hub for key, row in up.items()}, [row.partner for row in plain]),
        _look_up({key: row.partner for key, row in down.items()}, [row.hub for row in plain]),
        "normalised",
        tuple(dict.fromkeys(_JSON.get(type(row.partner), "any") for row in rows)),
        _hub_type(rows),
        samples=tuple(
            (row.partner, row.hub)
            for row in plain
            if is_same(up[_key(row.partner)].hub, row.hub) and is_same(down[_key(row.hub)].partner, row.partner)
        ),
        lossy={row.hub: row.lossy for row in down.values() if row.lossy is not None},
    )


def _look_up(found: Mapping[Any, Any], known: list[Any]) -> Callable[[Any, Any], Any]:
    # The orders of one sender tend to lack the same row.
    refused = lru_cache(maxsize=_REMEMBERED)(partial(_without_row, known))

    def answer(value: Any, _currency: Any) -> Any:
        is_text = type(value) is str
        answered = found.get(value if is_text else _key(value), _NOWHERE)
        return refused(value[:_LONGEST] if is_text else "") if answered is _NOWHERE else answered

    return answer


def _hub_type(rows: tuple[Row, ...]) -> HubType:
    kinds = {type(row.hub) for row in rows}
    return _HUB.get(kinds.pop(), "text") if len(kinds) == 1 else "text"


def _key(value: Any) -> Any:
    """Tell true from 1, take 1 and 1.0 for one number, and find nowhere what no table can hold."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is bool:
        return ("flag", value)
    number = Decimal(repr(value)) if kind is float else value
    return number if type(number) is Decimal and number.is_finite() else _NOWHERE


def _without_row(known: list[Any], text: str) -> Refused:
    """Say what there is, without the value itself: reports do not hold values unless they are asked for."""
    names = {str(each).casefold(): _shown(each) for each in known}
    near = get_close_matches(text.casefold(), names, n=1, cutoff=_NEAR)
    if near:
        return Refused(f"the value table has no row for this value; the nearest is {names[near[0]]}")
    shown = list(dict.fromkeys(names.values()))
    more = ", …" if len(shown) > _SHOWN else ""
    return Refused(f"the value table has no row for this value; it has {', '.join(shown[:_SHOWN]) or 'none'}{more}")


def _shown(value: Any) -> str:
    return str(value).lower() if type(value) is bool else str(value)


def breaches(codec: Codec) -> Iterator[str]:
    """Yield how a codec breaks the laws: samples come back, refusals are refused, nothing is ever raised."""
    if not codec.samples:
        yield "it has no samples"
    try:
        yield from _broken_samples(codec)
        for value in _PROBES:
            for currency in _CURRENCIES:
                yield from _broken_laws(codec, value, currency)
    except Exception as error:  # noqa: BLE001 - whatever it raises, that it raises is the finding
        yield f"it raises {type(error).__name__}"


def _broken_samples(codec: Codec) -> Iterator[str]:
    currency = _CURRENCIES[0]
    for partner, hub in codec.samples:
        meant, written = codec.up(partner, currency), codec.down(hub, currency)
        if not codec.same(meant, hub):
            yield f"{partner!r} is read as {meant!r}, not {hub!r}"
        if not is_same(written, partner):
            yield f"{hub!r} is written as {written!r}, not {partner!r}"
    for value in codec.refuses_up:
        if not isinstance(codec.up(value, currency), Refused):
            yield f"{value!r} should be refused and is read"
    for value in codec.refuses_down:
        if not isinstance(codec.down(value, currency), Refused):
            yield f"{value!r} should be refused and is written"


def _broken_laws(codec: Codec, value: Any, currency: str | None) -> Iterator[str]:
    """Yield what is wrong with how one value is read, written and read again, and with how it is written itself."""
    meant = codec.up(value, currency)
    for hub in (meant, value):
        written = codec.down(hub, currency) if not isinstance(hub, Refused) else hub
        if isinstance(written, Refused):
            continue
        if not _is_declared(codec, written):
            yield f"{hub!r} is written as {written!r}, which is not {codec.takes[0]}"
        again = codec.up(written, currency)
        # What is narrowed is said for good, and reported as such.
        if codec.kind != "narrowed" and (isinstance(again, Refused) or not codec.same(again, hub)):
            yield f"{hub!r} is written as {written!r} and read again as {again!r}"


def _is_declared(codec: Codec, written: Any) -> bool:
    kind = codec.takes[0]
    return kind == "any" or type(written) in _TYPES[kind]


def describe() -> list[tuple[str, tuple[JsonType, ...], HubType, JsonType]]:
    """List the codecs: name, JSON types that are read, what the hub holds, and the JSON type that is written."""
    return [(codec.name, codec.takes, codec.hub, codec.takes[0]) for codec in CODECS.values()]


_ALL: Final[dict[str, Codec]] = {
    codec.name: codec for family in (numbers, words, dates, places) for codec in family.CODECS
}
CODECS: Final[Mapping[str, Codec]] = _ALL
"""The codecs that a mapping can name."""


def register(codec: Codec) -> Codec:
    """Add a codec that one partner alone needs, once its samples are shown to come back.

    Raises:
        ValueError: a codec of this name is there already, or this one breaks its own promises.

    """
    found = next(breaches(codec), None)
    if codec.name in _ALL or found is not None:
        reason = found or "the name is taken"
        raise ValueError(f"the codec {codec.name!r} cannot be registered: {reason}")
    _ALL[codec.name] = codec
    return codec
