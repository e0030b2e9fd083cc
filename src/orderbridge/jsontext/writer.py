"""Values to JSON bytes, every number exactly as it is.

A library does the writing. It knows no `Decimal` and refuses integers beyond 64 bits, and it turns
NaN into null without a word; what it cannot write exactly is handed to it as ready-made text.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, Final

import orjson

from orderbridge.errors import UsageError
from orderbridge.jsontext.limits import LEAST_EXPONENT, MOST_DIGITS, MOST_EXPONENT

_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
_STEP: Final = 2
_INDENT: Final = re.compile(rb"^(?:  )+", re.MULTILINE)
_MOST: Final = 10**MOST_DIGITS
_INT64: Final = range(-(2**63), 2**64)


def write(value: Any, *, indent: int | None = None, is_sorted: bool = False) -> bytes:
    """Write a JSON value as UTF-8, compact, or with members on lines of their own when `indent` is given.

    Whatever `read` returned is written back equal in value, and whatever this writes `read` accepts. Sorted, objects
    with the same members are the same text.

    Raises:
        UsageError: the value is not JSON (a set, a key that is not a string, NaN, text with lone
            surrogates), holds itself, is nested too deeply, or has a number beyond what `read` accepts.

    """
    options = _OPTIONS if indent is None else _OPTIONS | orjson.OPT_INDENT_2
    if is_sorted:
        options |= orjson.OPT_SORT_KEYS
    data = _written(value, options)
    return data if indent is None or indent == _STEP else _indented(data, indent)


def _written(value: Any, options: int) -> bytes:
    try:
        data = orjson.dumps(value, default=_text_of, option=options)
    except TypeError:
        return _written_exactly(value, options)
    # NaN and infinity come out as null.
    return _written_exactly(value, options) if b"null" in data else data


def _written_exactly(value: Any, options: int) -> bytes:
    try:
        return orjson.dumps(_boxed(value), default=_text_of, option=options)
    except (TypeError, RecursionError) as error:
        cause = error.__cause__
        if isinstance(cause, UsageError):
            raise cause from None
        msg = f"this value cannot be written as JSON: {_reason(value, error)}"
        raise UsageError(msg) from error


def _boxed(value: Any) -> Any:
    """Copy a value, with ready-made text for each number that the library would not write exactly."""
    if isinstance(value, dict):
        return {key: _boxed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_boxed(item) for item in value]
    if isinstance(value, int) and value not in _INT64:
        return _integer(value)
    if isinstance(value, float):
        return _float(value)
    return value


def _text_of(value: Any) -> orjson.Fragment:
    """Write what the library does not know. It wraps what is raised here in its own TypeError."""
    if isinstance(value, Decimal):
        return orjson.Fragment(_decimal(value))
    msg = f"a {type(value).__name__} is not a JSON value"
    raise UsageError(msg)


def _integer(value: int) -> orjson.Fragment:
    if abs(value) >= _MOST:
        msg = f"an integer of more than {MOST_DIGITS:,} digits cannot be written as JSON"
        raise UsageError(msg)
    return orjson.Fragment(str(value))


def _float(value: float) -> float | orjson.Fragment:
    if not math.isfinite(value):
        msg = f"{value} is not a JSON number"
        raise UsageError(msg)
    return value


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        msg = f"{value} is not a JSON number"
        raise UsageError(msg)
    text = str(value)
    _, mark, exponent = text.upper().partition("E")
    if mark and not LEAST_EXPONENT <= int(exponent) <= MOST_EXPONENT:
        text = f"{value:f}" if abs(int(exponent)) <= MOST_DIGITS else "0" * (MOST_DIGITS + 1)
    if sum(map(str.isdigit, text)) > MOST_DIGITS:
        msg = f"a number of more than {MOST_DIGITS:,} digits cannot be written as JSON"
        raise UsageError(msg)
    return text


def _reason(value: Any, error: Exception) -> str:
    for words in (str(error), str(error.__cause__ or "")):
        if words and "Recursion" not in words:
            return words
    return f"it is nested too deeply, or holds itself ({type(value).__name__})"


def _indented(data: bytes, indent: int) -> bytes:
    if indent < 0:
        msg = f"an indent is a number of spaces, not {indent}"
        raise UsageError(msg)
    # Strings hold no raw line breaks, so that leading spaces are always indentation.
    return _INDENT.sub(lambda match: b" " * (len(match[0]) // _STEP * indent), data)
