"""Every codec by its name, and codecs made of value tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec import dates, numbers, places, words
from orderbridge.codec.codec import Codec, JsonType, Refused, is_same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN: Final = 5
_CURRENCY: Final = "INR"
_JSON: Final[dict[type, JsonType]] = {bool: "boolean", int: "integer", str: "string"}


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
    """
    ordered = sorted(rows, key=lambda row: not row.preferred)
    up: dict[Any, Any] = {}
    down: dict[Any, Row] = {}
    for row in ordered:
        up.setdefault(_key(row.partner), row.hub)
        down.setdefault(_key(row.hub), row)

    def read(value: Any, _currency: Any) -> Any:
        key = _key(value)
        return up[key] if key in up else Refused(_without_row(value, [row.partner for row in rows]))

    def write(value: Any, _currency: Any) -> Any:
        row = down.get(_key(value))
        return row.partner if row is not None else Refused(_without_row(value, [row.hub for row in rows]))

    samples = [
        (row.partner, row.hub)
        for row in rows
        if up[_key(row.partner)] == row.hub and down[_key(row.hub)].partner == row.partner
    ]
    return Codec(
        name,
        read,
        write,
        "normalised",
        tuple(dict.fromkeys(_JSON.get(type(row.partner), "any") for row in rows)),
        "flag" if rows and all(isinstance(row.hub, bool) for row in rows) else "text",
        samples=tuple(samples),
        lossy={row.hub: row.lossy for row in down.values() if row.lossy is not None},
    )


def _key(value: Any) -> Any:
    """Tell true from 1, and find what is not hashable nowhere."""
    if isinstance(value, bool):
        return ("flag", value)
    return value if isinstance(value, (str, int)) or value.__hash__ is not None else ("none", repr(value))


def _without_row(value: Any, known: list[Any]) -> str:
    shown = ", ".join(str(each) for each in known[:_SHOWN])
    more = ", …" if len(known) > _SHOWN else ""
    what = repr(value)[:40] if isinstance(value, (str, int)) else "this value"
    return f"the value table has no row for {what}; it has {shown}{more}"


def breaches(codec: Codec) -> Iterator[str]:
    """Yield how a codec breaks the laws that it promises by its samples."""
    for partner, hub in codec.samples:
        meant, written = codec.up(partner, _CURRENCY), codec.down(hub, _CURRENCY)
        if not codec.same(meant, hub):
            yield f"{partner!r} is read as {meant!r}, not {hub!r}"
        if not is_same(written, partner):
            yield f"{hub!r} is written as {written!r}, not {partner!r}"
    for value in codec.refuses_up:
        if not isinstance(codec.up(value, _CURRENCY), Refused):
            yield f"{value!r} should be refused and is read"
    for value in codec.refuses_down:
        if not isinstance(codec.down(value, _CURRENCY), Refused):
            yield f"{value!r} should be refused and is written"


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
