"""Python values as exact JSON values: what callers hand over instead of text.

A float is read as the decimal of its `repr`; a generated model as what it would send.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final

from orderbridge import pointer
from orderbridge.errors import UsageError
from orderbridge.jsontext.limits import LEAST_EXPONENT, MOST_DEPTH, MOST_DIGITS, MOST_EXPONENT
from orderbridge.problem import Problem

_EXPONENTS: Final = range(LEAST_EXPONENT, MOST_EXPONENT + 1)
_FIX: Final = f"send a number within {MOST_DIGITS:,} digits and an exponent from {LEAST_EXPONENT} to {MOST_EXPONENT}"

Path = tuple[str | int, ...]


def exact(payload: Any) -> tuple[Any, tuple[Problem, ...]]:
    """Give the payload with exact numbers, or the problems that keep it from being JSON.

    Raises:
        UsageError: it holds a Python value that has no JSON form, such as a set or a date.

    """
    problems: list[Problem] = []
    value = _exact(_dumped(payload), (), problems)
    return (None, tuple(problems)) if problems else (value, ())


def _dumped(value: Any) -> Any:
    """Dump a pydantic model by duck type: models are an extra, this module is not."""
    dump = getattr(value, "model_dump", None)
    return dump(mode="json", by_alias=True) if callable(dump) else value


def _exact(value: Any, at: Path, problems: list[Problem]) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        return _number(Decimal(repr(value)) if math.isfinite(value) else value, at, problems)
    if isinstance(value, (int, Decimal)):
        return _number(value, at, problems)
    if len(at) >= MOST_DEPTH:
        problems.append(_problem("too-deep", f"nested more than {MOST_DEPTH} deep", at))
        return None
    if isinstance(value, dict):
        return {_member(key, at): _exact(entry, (*at, key), problems) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(entry, (*at, index), problems) for index, entry in enumerate(value)]
    msg = f"{type(value).__name__} at {pointer.join(at) or 'the top'} is no JSON value"
    raise UsageError(msg)


def _member(key: Any, at: Path) -> str:
    if isinstance(key, str):
        return key
    msg = f"the member name {key!r} at {pointer.join(at) or 'the top'} is not a string"
    raise UsageError(msg)


def _number(value: float | Decimal, at: Path, problems: list[Problem]) -> Any:
    if _is_in_range(value):
        return value
    problems.append(_problem("number-out-of-range", "the number is outside what JSON readers agree on", at))
    return None


def _is_in_range(value: float | Decimal) -> bool:
    if isinstance(value, int):
        return value.bit_length() < 4 * MOST_DIGITS and abs(value) < 10**MOST_DIGITS
    if isinstance(value, float) or not value.is_finite():
        return False
    _, digits, exponent = value.as_tuple()
    return (
        len(digits) <= MOST_DIGITS
        and isinstance(exponent, int)
        and abs(exponent) <= MOST_DIGITS
        and value.adjusted() in _EXPONENTS
    )


def _problem(code: str, message: str, at: Path) -> Problem:
    return Problem(code, message, pointer.join(at), fix=_FIX)
