"""Codecs as source: the ways that are cheap enough to be written out, and calls for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.registry import CODECS
from orderbridge.mapping.compiled.running import Known, up_of

if TYPE_CHECKING:
    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.compiled.writer import Code

_REMEMBERED: Final = frozenset(
    {"country", "country3", "country_name", "country_name_lower", "currency", "locale", "unit"}
)
"""Codecs of texts of which few different ones are ever seen."""
_NUMERIC: Final = frozenset({"decimal", "decimal_text", "whole", "quantity_text", "digits"})
"""Codecs that read an integer as its digits."""
_SAFE: Final = 10**15


@dataclass(frozen=True)
class Value:
    """The test whether a codec takes a value, and the expression of what it makes of it."""

    test: str
    value: str


def read_value(code: Code, codec: Codec, name: str, currency: str) -> Value:
    """Write what reads a partner's value, which may be anything, a blank too."""
    own = codec.name if CODECS.get(codec.name) is codec else ""
    if own == "text":
        return Value(f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"type({name}) is bool", name)
    if own == "one_line":
        return Value(f"type({name}) is str and {name}", f"[{name}]")
    made, up = code.name("m"), code.constant("up", codec.up if own else _up_of(codec))
    if own == "integer":
        code.line(f"{made} = {name} if type({name}) is int else {up}({name}, None)")
    elif own in _NUMERIC:
        least = 0 if own == "digits" else -_SAFE
        code.line(
            f"{made} = str({name}) if type({name}) is int and {least} <= {name} <= {_SAFE} else {up}({name}, None)"
        )
    elif own in _REMEMBERED or (not codec.currency and _is_table(codec)):
        known = code.constant("t", _known(codec, is_up=True))
        code.line(f"{made} = {known}[{name}] if type({name}) is str else {up}({name}, None)")
    else:
        code.line(f"{made} = {up}({name}, {currency})")
    return Value(f"type({made}) is not Refused", made)


_TEXTUAL: Final = frozenset({"text"})
"""Codecs that make a text, never an empty one, of whatever they take."""


def as_written(codec: Codec, name: str, codecs: frozenset[str]) -> Value | None:
    """Give a value that is written as it stands; `codecs` are all that can have read it, none where nobody knows."""
    own = codec.name if CODECS.get(codec.name) is codec else ""
    if own == "text":
        is_text = bool(codecs) and codecs <= _TEXTUAL
        return Value(f"{name} is not None" if is_text else f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"{name} is not None" if codecs == {"flag"} else f"type({name}) is bool", name)
    return None


def written_value(code: Code, codec: Codec, name: str, currency: str) -> Value:
    """Write what writes a hub value that is there."""
    own = codec.name if CODECS.get(codec.name) is codec else ""
    if own == "text":
        return Value(f"type({name}) is str and {name}", name)
    if own == "flag":
        return Value(f"type({name}) is bool", name)
    made, down = code.name("m"), code.constant("down", codec.down)
    if own in _REMEMBERED or (not codec.currency and _is_table(codec)):
        known = code.constant("t", _known(codec, is_up=False))
        code.line(f"{made} = {known}[{name}] if type({name}) is str else {down}({name}, None)")
    else:
        code.line(f"{made} = {down}({name}, {currency})")
    return Value(f"type({made}) is not Refused", made)


_KNOWN: Final[dict[tuple[int, bool], tuple[Codec, Known]]] = {}
_UPS: Final[dict[int, tuple[Codec, Any]]] = {}


def _known(codec: Codec, *, is_up: bool) -> Known:
    """Give what is remembered of a codec; by the codec itself, which is held so that its identity stays its own."""
    key = (id(codec), is_up)
    if key not in _KNOWN:
        way = _up_of(codec) if is_up else codec.down
        _KNOWN[key] = (codec, Known(lambda text: way(text, None)))
    return _KNOWN[key][1]


def _up_of(codec: Codec) -> Any:
    if id(codec) not in _UPS:
        _UPS[id(codec)] = (codec, up_of(codec))
    return _UPS[id(codec)][1]


def _is_table(codec: Codec) -> bool:
    return codec.up.__module__ == CODECS_MODULE


CODECS_MODULE: Final = "orderbridge.codec.registry"
