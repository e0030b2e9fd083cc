"""Codecs as source: the ways that are cheap enough to be written out, and calls for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderbridge.codec.registry import table_codec
from orderbridge.mapping.compiled.running import Known, up_of
from orderbridge.mapping.compiled.survey import name_of

if TYPE_CHECKING:
    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.compiled.writer import Code

_REMEMBERED: Final = frozenset(
    {"country", "country3", "country_name", "country_name_lower", "currency", "locale", "unit"}
)
"""Codecs of texts of which few different ones are ever seen."""
_NUMERIC: Final = frozenset({"decimal", "decimal_text", "whole", "quantity_text", "digits"})
"""Codecs that read an integer as its digits."""
NUMERIC_UP: Final = frozenset({"decimal", "decimal_text", "whole", "quantity_text"})
NUMERIC_DOWN: Final = NUMERIC_UP
"""Codecs of which one may write what another has read without a text in between."""
_SAFE: Final = 10**15


@dataclass(frozen=True)
class Value:
    """The test whether a codec takes a value, and the expression of what it makes of it."""

    test: str
    value: str


def read_value(code: Code, codec: Codec, name: str, currency: str, *, is_raw: bool = False) -> Value:
    """Write what reads a partner's value, which may be anything, a blank too."""
    own = name_of(codec)
    if own == "text":
        return Value(f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"type({name}) is bool", name)
    if own == "one_line":
        return Value(f"type({name}) is str and {name}", f"[{name}]")
    made, up = code.name("m"), _up_of(code, codec)
    if own == "integer":
        code.line(f"{made} = {name} if type({name}) is int and {-_SAFE} <= {name} <= {_SAFE} else {up}({name}, None)")
    elif own in NUMERIC_UP and is_raw:
        code.line(f"{made} = {name} if type({name}) is int and {-_SAFE} <= {name} <= {_SAFE} else number({name}, {up})")
    elif own in _NUMERIC:
        least = 0 if own == "digits" else -_SAFE
        code.line(
            f"{made} = str({name}) if type({name}) is int and {least} <= {name} <= {_SAFE} else {up}({name}, None)"
        )
    elif own in _REMEMBERED or (not codec.currency and _is_table(codec)):
        known = _known(code, codec, is_up=True)
        code.line(f"{made} = {known}[{name}] if type({name}) is str else {up}({name}, None)")
    else:
        code.line(f"{made} = {up}({name}, {currency})")
    return Value(f"type({made}) is not Refused", made)


_TEXTUAL: Final = frozenset({"text"})
"""Codecs that make a text, never an empty one, of whatever they take."""


def as_written(codec: Codec, name: str, codecs: frozenset[str]) -> Value | None:
    """Give a value that is written as it stands; `codecs` are all that can have read it, none where nobody knows."""
    own = name_of(codec)
    if own == "text":
        is_text = bool(codecs) and codecs <= _TEXTUAL
        return Value(f"{name} is not None" if is_text else f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"{name} is not None" if codecs == {"flag"} else f"type({name}) is bool", name)
    return None


def _from_raw(own: str, name: str, down: str) -> str:
    """Write a number that was kept as it came; texts among them are written by the codec."""
    if own == "decimal":
        return f"{name} if type({name}) is not str else {down}({name}, None)"
    if own == "whole":
        return f"{name} if type({name}) is int else {down}(str({name}), None)"
    return f"str({name}) if type({name}) is not str else {down}({name}, None)"


def written_value(code: Code, codec: Codec, name: str, currency: str, *, is_raw: bool = False) -> Value:
    """Write what writes a hub value that is there."""
    own = name_of(codec)
    if own == "text":
        return Value(f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"type({name}) is bool", name)
    made, down = code.name("m"), code.constant("down", codec.down)
    if is_raw:
        code.line(f"{made} = {_from_raw(own, name, down)}")
    elif own in _REMEMBERED or (not codec.currency and _is_table(codec)):
        known = _known(code, codec, is_up=False)
        code.line(f"{made} = {known}[{name}] if type({name}) is str else {down}({name}, None)")
    else:
        code.line(f"{made} = {down}({name}, {currency})")
    return Value(f"type({made}) is not Refused", made)


def _known(code: Code, codec: Codec, *, is_up: bool) -> str:
    """Give the name of what is remembered of a codec, one for each function."""
    key = ("known", id(codec), is_up)
    if key not in code.memo:
        way = up_of(codec) if is_up else codec.down
        code.memo[key] = code.constant("t", Known(lambda text: way(text, None)))
    return code.memo[key]


def _up_of(code: Code, codec: Codec) -> str:
    key = ("up", id(codec), True)
    if key not in code.memo:
        code.memo[key] = code.constant("up", codec.up if name_of(codec) else up_of(codec))
    return code.memo[key]


def _is_table(codec: Codec) -> bool:
    return codec.up.__module__ == table_codec.__module__
