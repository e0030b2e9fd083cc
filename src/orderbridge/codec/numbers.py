"""Numbers: what partners write as numbers or as texts is decimal text at the hub, digit for digit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from orderbridge.codec.codec import Codec, Refused
from orderbridge.codec.tables import currency_digits

_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
# Digits, and words that only count. A unit of measure is none of them: "4 kg" are not four of a thing.
_COUNTED: Final = re.compile(
    r"([0-9]{1,1000})(?:[ \u00a0]*(?:nos?|numbers?|pcs?|pieces?|ea|each|units?|items?|qty)\.?)?",
    re.IGNORECASE | re.ASCII,
).fullmatch
_DIGITS: Final = re.compile(r"0|[1-9][0-9]*").fullmatch
_MOST: Final = 1_000
_BEYOND: Final = 10**_MOST
_NO_NUMBER: Final = Refused("this is not a number")
_NO_INTEGER: Final = Refused("this is not an integer")
_NO_DIGITS: Final = Refused("these are not digits")
_TOO_LONG: Final = Refused("a number of more than 1,000 digits")
_NO_TEXT: Final = Refused("this is not a decimal number as the hub writes it")


def text_of(value: Any) -> str | Refused:
    """Write a number, or a text that is plainly one, as decimal text: `12.30` stays `12.30`, `1e3` is `1000`."""
    kind = type(value)
    if kind is int:
        return str(value) if -_BEYOND < value < _BEYOND else _TOO_LONG
    if kind is str:
        return (value if _fits(value) else _TOO_LONG) if _PLAIN(value) else _NO_NUMBER
    if kind is float:
        value = Decimal(repr(value))
    elif kind is not Decimal:
        return _NO_NUMBER
    text = str(value)
    # The usual amount; all else is a matter of exponents and of what is no number at all.
    return text if len(text) <= _MOST and _PLAIN(text) else _expanded(value)


def _fits(text: str) -> bool:
    """Count digits the way the reader of JSON does: neither sign nor point is one."""
    return len(text) <= _MOST or len(text.lstrip("-").replace(".", "", 1)) <= _MOST


def _expanded(value: Decimal) -> str | Refused:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return _NO_NUMBER
    # Checked before it is written out: an exponent of a billion is a short text.
    if abs(exponent) > _MOST or abs(value.adjusted()) > _MOST:
        return _TOO_LONG
    text = format(value, "f")
    return text if _fits(text) else _TOO_LONG


def integer_of(value: Any) -> int | Refused:
    """Read an integer, also one that is written with a fraction of zeros or an exponent."""
    kind = type(value)
    if kind is int:
        return value if -_BEYOND < value < _BEYOND else _TOO_LONG
    if kind is not Decimal and kind is not float:
        return _NO_INTEGER
    text = text_of(value)
    return text if isinstance(text, Refused) else whole_of(text)


def whole_of(text: str) -> int | Refused:
    """Read decimal text as an integer, if its fraction is zero."""
    whole, _, fraction = text.partition(".")
    return _NO_INTEGER if fraction.strip("0") else int(whole)


def number_of(text: Any, _currency: Any = None) -> Any:
    """Write decimal text as a number, whole ones as integers."""
    if type(text) is not str or not _PLAIN(text) or not _fits(text):
        return _NO_TEXT
    return Decimal(text) if "." in text else int(text)


def _up(value: Any, _currency: Any) -> Any:
    return text_of(value)


def _up_counted(value: Any, _currency: Any) -> Any:
    if type(value) is str and (match := _COUNTED(value)):
        return match[1].lstrip("0") or "0"
    return text_of(value)


def _up_stated(value: Any, _currency: Any) -> Any:
    text = text_of(value)
    if isinstance(text, Refused) or text.strip("-0.") != "":
        return text
    return Refused("zero stands for a number that is not known yet")


def _down_stated(text: Any, _currency: Any) -> Any:
    if type(text) is str and text.strip("-0.") == "":
        return Refused("zero would be read as not known")
    return number_of(text)


def _down_text(text: Any, _currency: Any) -> Any:
    return text if type(text) is str and _PLAIN(text) and _fits(text) else _NO_TEXT


def _down_whole(text: Any, _currency: Any) -> Any:
    if type(text) is not str or not _PLAIN(text) or not _fits(text):
        return _NO_TEXT
    whole, _, fraction = text.partition(".")
    if fraction.strip("0"):
        return Refused(f"only whole numbers can be said here: 0.{fraction} would be left over")
    return int(whole)


def _up_integer(value: Any, _currency: Any) -> Any:
    return integer_of(value)


def _down_integer(value: Any, _currency: Any) -> Any:
    return value if type(value) is int and -_BEYOND < value < _BEYOND else _NO_INTEGER


def _up_integer_text(value: Any, _currency: Any) -> Any:
    if type(value) is str and _DIGITS(value):
        return int(value) if len(value) <= _MOST else _TOO_LONG
    return integer_of(value)


def _up_minor(value: Any, currency: Any) -> Any:
    digits = currency_digits().get(currency) if type(currency) is str else None
    if digits is None:
        return _unknown(currency)
    whole = _up_integer_text(value, None)
    if isinstance(whole, Refused) or not digits:
        return text_of(whole) if type(whole) is int else whole
    # As text: a Decimal would round to the precision of its context.
    text = str(whole) if whole >= 0 else str(-whole)
    if len(text) <= digits:
        text = text.zfill(digits + 1)
    return f"{'-' if whole < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def _down_minor(text: Any, currency: Any) -> Any:
    digits = currency_digits().get(currency) if type(currency) is str else None
    if digits is None:
        return _unknown(currency)
    if type(text) is not str or not _PLAIN(text) or not _fits(text):
        return _NO_TEXT
    whole, _, fraction = text.partition(".")
    if len(fraction) == digits:
        return integer_of(int(whole + fraction))
    if fraction[digits:].strip("0"):
        rest = f"0.{'0' * digits}{fraction[digits:]}"
        return Refused(f"not a whole number of the smallest unit of {currency}: {rest} would be left over")
    return integer_of(int(f"{whole}{fraction[:digits].ljust(digits, '0')}"))


def _unknown(currency: Any) -> Refused:
    if currency is None:
        return Refused("without a currency nobody knows how large the smallest unit is")
    return Refused("this order's currency is no currency of ISO 4217 with a smallest unit")


def _up_digits(value: Any, _currency: Any) -> Any:
    if type(value) is str:
        return value if value.isascii() and value.isdigit() and len(value) <= _MOST else _NO_DIGITS
    whole = integer_of(value)
    return str(whole) if type(whole) is int and whole >= 0 else _NO_DIGITS


def _down_digits(text: Any, _currency: Any) -> Any:
    if type(text) is not str or not text or len(text) > _MOST:
        return Refused("this is not a text of digits")
    if _DIGITS(text):
        return int(text)
    if text.isascii() and text.isdigit():
        return Refused("leading zero")
    return Refused("letters, spaces or signs cannot be said as a number")


_EXACT: Final = ((Decimal("19.99"), "19.99"), (Decimal("12.30"), "12.30"), (0, "0"), (-1, "-1"))
_BAD: Final[tuple[Any, ...]] = (True, None, "x", "1e5", " 7", "0x1", "1,5", [], {}, "")

CODECS: Final = (
    Codec(
        "decimal",
        _up,
        number_of,
        "normalised",
        ("number", "integer", "string"),
        "decimal",
        samples=_EXACT,
        refuses_up=_BAD,
        refuses_down=("x", "1e5", None, 5),
        numeric=True,
    ),
    Codec(
        "decimal_or_zero",
        _up_stated,
        _down_stated,
        "normalised",
        ("number", "integer", "string"),
        "decimal",
        samples=((Decimal("9.90"), "9.90"), (25, "25")),
        refuses_up=(0, Decimal("0.00"), *_BAD),
        refuses_down=("0", "0.00", "x"),
        numeric=True,
    ),
    Codec(
        "decimal_text",
        _up,
        _down_text,
        "normalised",
        ("string", "number", "integer"),
        "decimal",
        samples=(("722.0", "722.0"), ("9.90", "9.90"), ("30", "30")),
        refuses_up=_BAD,
        refuses_down=("x", None, 5),
        numeric=True,
    ),
    Codec(
        "whole",
        _up,
        _down_whole,
        "normalised",
        ("integer", "number", "string"),
        "decimal",
        samples=((1, "1"), (60, "60")),
        refuses_up=_BAD,
        refuses_down=("1.5", "x", None),
        numeric=True,
    ),
    Codec(
        "quantity_text",
        _up_counted,
        _down_text,
        "normalised",
        ("string", "integer", "number"),
        "decimal",
        samples=(("1", "1"), ("5", "5")),
        refuses_up=(True, None, "some", "4 nos 5", "4 kg", "1e", "4 nos, 5 nos", "nos", ""),
        refuses_down=("x", None),
        numeric=True,
    ),
    Codec(
        "minor",
        _up_minor,
        _down_minor,
        "normalised",
        ("integer", "number", "string"),
        "decimal",
        samples=((50000, "500.00"), (1, "0.01"), (-5, "-0.05"), (0, "0.00"), (10**30 + 1, "1" + "0" * 27 + "0.01")),
        refuses_up=(True, None, "x", 1.5),
        refuses_down=("19.999", "x", None),
        numeric=True,
        currency=True,
    ),
    Codec(
        "integer",
        _up_integer,
        _down_integer,
        "exact",
        ("integer", "number"),
        "integer",
        samples=((1, 1), (0, 0), (7, 7)),
        refuses_up=(True, None, "1", Decimal("1.5")),
        refuses_down=(True, "1", None),
    ),
    Codec(
        "integer_text",
        _up_integer_text,
        _down_integer,
        "normalised",
        ("integer", "number", "string"),
        "integer",
        samples=((1, 1), (12, 12)),
        refuses_up=(True, None, "x", "1.5", "-1"),
        refuses_down=(True, "1", None),
    ),
    Codec(
        "digits",
        _up_digits,
        _down_digits,
        "widened",
        ("integer", "number", "string"),
        "text",
        samples=((380001, "380001"), (12, "12")),
        refuses_up=(True, None, "12a", -5, Decimal("1.5"), ""),
        refuses_down=("02134", "SW1A 1AA", "", None, "\uff11\uff12"),
    ),
)
