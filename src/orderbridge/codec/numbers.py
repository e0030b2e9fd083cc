"""Numbers: what partners write as numbers or as texts is decimal text at the hub, digit for digit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from orderbridge.codec.codec import Codec, Refused
from orderbridge.codec.tables import currency_digits

_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
_COUNTED: Final = re.compile(r"([0-9]+)[ \u00a0]*[A-Za-z]+\.?").fullmatch
_DIGITS: Final = re.compile(r"0|[1-9][0-9]*").fullmatch
_MOST: Final = 1_000
_NO_NUMBER: Final = Refused("this is not a number")
_TOO_LONG: Final = Refused("a number of more than 1,000 digits")
_NO_TEXT: Final = Refused("this is not a decimal number as the hub writes it")
_FRACTION: Final = "{} has a fraction, and only whole numbers can be said here"


def text_of(value: Any) -> str | Refused:
    """Write a number, or a text that is plainly one, as decimal text: `12.30` stays `12.30`, `1e3` is `1000`."""
    kind = type(value)
    if kind is int:
        return str(value) if value.bit_length() < 4 * _MOST else _TOO_LONG
    if kind is str:
        if not _PLAIN(value):
            return _NO_NUMBER
        return value if len(value) <= _MOST else _TOO_LONG
    if kind is float:
        value = Decimal(repr(value))
    elif kind is not Decimal:
        return _NO_NUMBER
    return _decimal(value)


def _decimal(value: Decimal) -> str | Refused:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return _NO_NUMBER
    if abs(exponent) > _MOST or abs(value.adjusted()) > _MOST:
        return _TOO_LONG
    text = format(value, "f")
    return text if len(text) <= _MOST else _TOO_LONG


def number_of(text: Any, _currency: Any = None) -> Any:
    """Write decimal text as a number, whole ones as integers."""
    if type(text) is not str or not _PLAIN(text) or len(text) > _MOST:
        return _NO_TEXT
    return Decimal(text) if "." in text else int(text)


def _up(value: Any, _currency: Any) -> Any:
    return text_of(value)


def _up_counted(value: Any, _currency: Any) -> Any:
    if type(value) is str and (match := _COUNTED(value)):
        return text_of(match[1].lstrip("0") or "0")
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
    return text if type(text) is str and _PLAIN(text) and len(text) <= _MOST else _NO_TEXT


def _down_whole(text: Any, _currency: Any) -> Any:
    value = number_of(text)
    if type(value) is not Decimal:
        return value
    whole = value.to_integral_value()
    return int(whole) if whole == value else Refused(_FRACTION.format(text))


def _up_integer(value: Any, _currency: Any) -> Any:
    if type(value) is int:
        return value
    if type(value) is Decimal and value.is_finite() and abs(value.adjusted()) < _MOST:
        whole = value.to_integral_value()
        return int(whole) if whole == value else Refused("this is not an integer")
    return Refused("this is not an integer")


def _down_integer(value: Any, _currency: Any) -> Any:
    return value if type(value) is int else Refused("this is not an integer")


def _up_integer_text(value: Any, _currency: Any) -> Any:
    if type(value) is str and _DIGITS(value) and len(value) <= _MOST:
        return int(value)
    return _up_integer(value, None)


def _up_minor(value: Any, currency: Any) -> Any:
    digits = currency_digits().get(currency) if isinstance(currency, str) else None
    if digits is None:
        return Refused(_unknown(currency))
    whole = _up_integer_text(value, None)
    if isinstance(whole, Refused):
        return whole
    return text_of(Decimal(whole).scaleb(-digits)) if digits else text_of(whole)


def _down_minor(text: Any, currency: Any) -> Any:
    digits = currency_digits().get(currency) if isinstance(currency, str) else None
    if digits is None:
        return Refused(_unknown(currency))
    value = number_of(text)
    if isinstance(value, Refused):
        return value
    head, _, tail = text.partition(".")
    if tail[digits:].strip("0"):
        rest = f"0.{'0' * digits}{tail[digits:]}"
        return Refused(f"{text} {currency} is not a whole number of its smallest unit: {rest} would be left over")
    return int(f"{head}{tail[:digits].ljust(digits, '0')}")


def _unknown(currency: Any) -> str:
    if currency is None:
        return "without a currency nobody knows how large the smallest unit is"
    return f"{currency!r} is no currency of ISO 4217 with a smallest unit"


def _up_digits(value: Any, _currency: Any) -> Any:
    if type(value) is int and value >= 0:
        return text_of(value)
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= _MOST:
        return value
    if type(value) is Decimal and value.is_finite() and value >= 0:
        whole = _up_integer(value, None)
        return whole if isinstance(whole, Refused) else str(whole)
    return Refused("these are not digits")


def _down_digits(text: Any, _currency: Any) -> Any:
    if type(text) is not str or len(text) > _MOST:
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
        refuses_up=(True, None, "some", "4 nos 5", ""),
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
        samples=((50000, "500.00"), (1, "0.01")),
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
