"""Texts, flags and lists as they stand, and words with a form of their own: languages, units, currencies."""

from __future__ import annotations

import re
from typing import Any, Final

from orderbridge import pointer
from orderbridge.codec.codec import Codec, Refused
from orderbridge.codec.numbers import text_of, whole_of
from orderbridge.codec.tables import currency_digits

_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?").fullmatch
_UNIT: Final = re.compile(r"[A-Z0-9]{2,3}").fullmatch
_PROPERTIES: Final = re.compile(
    r"[A-Za-z_$][A-Za-z0-9_$]*(?:\[(?:0|[1-9][0-9]{0,8})\]|\.[A-Za-z_$][A-Za-z0-9_$]*)*"
).fullmatch
_PROPERTY: Final = re.compile(r"([A-Za-z_$][A-Za-z0-9_$]*)|\[([0-9]+)\]").findall
_WRONG_REGIONS: Final = {"UK": "GB"}
_JOINT: Final = ", "
_NO_INTEGERS: Final = Refused("this is not a list of integers")
_NO_PROPERTY: Final = Refused("this is not a path to a property")


def _text(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and value else Refused("this is not a text")


def _flag(value: Any, _currency: Any) -> Any:
    return value if type(value) is bool else Refused("this is neither true nor false")


def _texts_up(value: Any, _currency: Any) -> Any:
    texts = [value] if type(value) is str else value
    if type(texts) is not list or not texts or not all(type(each) is str and each for each in texts):
        return Refused("this is not a list of texts")
    return list(texts)


def _texts_down(value: Any, _currency: Any) -> Any:
    return _texts_up(value, None) if type(value) is list else Refused("this is not a list of texts")


def _line_up(value: Any, _currency: Any) -> Any:
    return [value] if type(value) is str and value else Refused("this is not a text")


def _line_down(value: Any, _currency: Any) -> Any:
    texts = _texts_down(value, None)
    return texts if isinstance(texts, Refused) else _JOINT.join(texts)


def _integers_up(value: Any, _currency: Any) -> Any:
    if type(value) is not list or not value:
        return _NO_INTEGERS
    numbers = [_integer(each) for each in value]
    return _NO_INTEGERS if any(isinstance(each, Refused) for each in numbers) else numbers


def _integer(value: Any) -> int | Refused:
    text = text_of(value)
    return text if isinstance(text, Refused) else whole_of(text)


def _integers_down(value: Any, _currency: Any) -> Any:
    if type(value) is not list or not all(type(each) is int for each in value):
        return _NO_INTEGERS
    return _integers_up(value, None)


def _locale_up(value: Any, _currency: Any) -> Any:
    match = _TAG(value) if type(value) is str else None
    if match is None:
        return Refused("this is not a language tag of language, script and region")
    language, script, region = match.groups()
    parts = [language.lower()]
    if script:
        parts.append(script.title())
    if region:
        parts.append(_WRONG_REGIONS.get(region.upper(), region.upper()))
    return "-".join(parts)


def _locale_down(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _locale_up(value, None) == value else Refused("this is not a language tag")


def _unit(value: Any, _currency: Any) -> Any:
    if type(value) is str and _UNIT(value):
        return value
    return Refused("this has not the form of a unit code of UN/ECE Recommendation 20")


def _money_code(value: Any, _currency: Any) -> Any:
    if type(value) is str and value in currency_digits():
        return value
    return Refused("this is not a currency code of ISO 4217")


def _property_up(value: Any, _currency: Any) -> Any:
    """Read `items[0].sku` (or a JSON Pointer) as a JSON Pointer."""
    if type(value) is not str:
        return _NO_PROPERTY
    if value.startswith("/"):
        return value
    if not _PROPERTIES(value):
        return _NO_PROPERTY
    return pointer.join(name or index for name, index in _PROPERTY(value))


def _property_down(value: Any, _currency: Any) -> Any:
    if type(value) is not str or not value.startswith("/"):
        return Refused("this is not a place in the document")
    text = ""
    for token in pointer.split(value):
        text += f"[{token}]" if pointer.is_index(token) else f".{token}" if text else token
    return text if _property_up(text, None) == value else value


CODECS: Final = (
    Codec(
        "text",
        _text,
        _text,
        "exact",
        ("string",),
        "text",
        samples=(("one", "one"), ("another", "another")),
        refuses_up=(1, None, True, "", []),
        refuses_down=(1, None, ""),
    ),
    Codec(
        "flag",
        _flag,
        _flag,
        "exact",
        ("boolean",),
        "flag",
        samples=((True, True), (False, False)),
        refuses_up=(1, "true", None),
        refuses_down=(1, None),
    ),
    Codec(
        "texts",
        _texts_up,
        _texts_down,
        "normalised",
        ("array", "string"),
        "texts",
        samples=((["a", "b"], ["a", "b"]),),
        refuses_up=([], [1], "", None),
        refuses_down=("a", [], [1]),
    ),
    Codec(
        "one_line",
        _line_up,
        _line_down,
        "narrowed",
        ("string",),
        "texts",
        samples=(("78 Ring Road", ["78 Ring Road"]), ("12 Main Street", ["12 Main Street"])),
        refuses_up=(1, "", None, ["a"]),
        refuses_down=([], "a", [1]),
    ),
    Codec(
        "integers",
        _integers_up,
        _integers_down,
        "normalised",
        ("array",),
        "integers",
        samples=(([1, 2], [1, 2]), ([-7], [-7])),
        refuses_up=([], [True], ["x"], ["1e5"], "1", [1.5]),
        refuses_down=([], ["1"], [True], 1),
    ),
    Codec(
        "locale",
        _locale_up,
        _locale_down,
        "normalised",
        ("string",),
        "text",
        samples=(("en", "en"), ("en-US", "en-US"), ("fr-CA", "fr-CA")),
        refuses_up=("languageCode", "e", "", None, 1),
        refuses_down=("EN", "en-UK", None),
    ),
    Codec(
        "unit",
        _unit,
        _unit,
        "exact",
        ("string",),
        "text",
        samples=(("EA", "EA"), ("C62", "C62")),
        refuses_up=("nos", "each", "", None),
        refuses_down=("ea", None),
    ),
    Codec(
        "currency",
        _money_code,
        _money_code,
        "exact",
        ("string",),
        "text",
        samples=(("USD", "USD"), ("JPY", "JPY")),
        refuses_up=("usd", "US", "XXX", "", None),
        refuses_down=("usd", None),
    ),
    Codec(
        "property_path",
        _property_up,
        _property_down,
        "normalised",
        ("string",),
        "text",
        samples=(("items[0].sku", "/items/0/sku"), ("op", "/op")),
        refuses_up=("", ".", "a..b", "a.", "[0]", "[00]", "a[0]b", None, "a b", "x["),
        refuses_down=("op", None, 1),
    ),
)
