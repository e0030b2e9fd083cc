"""Values as people read them in messages: short, on one line, harmless to a terminal, secrets hidden."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

SECRET: Final = "•••"
_LONGEST: Final = 60
_TYPES: Final[dict[type, str]] = {
    bool: "a boolean",
    str: "a string",
    int: "an integer",
    float: "a number",
    Decimal: "a number",
    dict: "an object",
    list: "an array",
    type(None): "null",
}
_ARTICLES: Final = {"array": "an array", "integer": "an integer", "null": "null", "object": "an object"}


_WRITE: Final = json.JSONEncoder(ensure_ascii=False).encode


def value(shown: Any) -> str:
    """Write a scalar as JSON, cut when long; describe a container by its size."""
    if isinstance(shown, dict):
        return f"an object with {_count(len(shown), 'member')}"
    if isinstance(shown, list):
        return f"an array of {_count(len(shown), 'element')}"
    return _cut(_harmless(_scalar(shown)))


def name(member: str) -> str:
    """Write a member name in back quotes."""
    return f"`{_cut(_harmless(member))}`"


def type_of(shown: Any) -> str:
    """Name a value's JSON type with its article."""
    return _TYPES[type(shown)]


def type_name(schema_type: str) -> str:
    """Name a type as a contract writes it, with its article."""
    return _ARTICLES.get(schema_type, f"a {schema_type}")


def choice(entries: list[str], most: int = 12) -> str:
    """Join alternatives with commas and a last "or"."""
    if len(entries) > most:
        entries = [*entries[:most], f"{len(entries) - most} more"]
    if len(entries) < 2:  # noqa: PLR2004 - one needs no conjunction
        return "".join(entries)
    return f"{', '.join(entries[:-1])} or {entries[-1]}"


def _scalar(shown: Any) -> str:
    if isinstance(shown, Decimal):
        return str(shown)
    if isinstance(shown, int) and not isinstance(shown, bool):
        # Python refuses to print very long integers; Decimal does not.
        return str(Decimal(shown))
    return _WRITE(shown)


def _harmless(text: str) -> str:
    """Escape what a terminal would act on, or a reader could not see (controls, bidi, separators)."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) > 0x7E or ord(char) < 0x20 else f"\\u{ord(char):04x}"  # noqa: PLR2004 - ASCII


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
