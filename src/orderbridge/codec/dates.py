"""Instants and days: an instant is written in UTC and never rounded, a time without an offset is none.

Second 60 is refused: whether there was a leap second needs a table that changes, and any other spelling of it would be
another instant.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from orderbridge.codec.codec import Codec, Refused
from orderbridge.codec.numbers import integer_of

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
).fullmatch
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?").fullmatch
_LEAP: Final = re.compile(r"[0-9-]{10}[Tt][0-9]{2}:[0-9]{2}:60").match
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_AMERICAN: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})").fullmatch
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - all arithmetic here is in UTC, and texts without +00:00 come out
_LAST_MS: Final = 253_402_300_799_999
_DAY_SECONDS: Final = 86_400
_THOUSAND: Final = 1_000
_NO_INSTANT: Final = Refused("this is not an instant")
_NO_UTC: Final = Refused("this is not an instant in UTC")
_NO_DAY: Final = Refused("this is not a day")


def _up(value: Any, _currency: Any) -> Any:
    match = _INSTANT(value) if type(value) is str else None
    if match is None:
        return _why(value)
    fraction, sign = match[1], match[2]
    try:
        moment = datetime.fromisoformat(value[:19])
        if sign is not None:
            offset = timedelta(hours=int(match[3]), minutes=int(match[4]))
            moment = moment - offset if sign == "+" else moment + offset
    except (ValueError, OverflowError):
        return Refused("there is no such day")
    if value[-1] == "Z" and value[10] == "T" and (fraction is None or fraction[-1] != "0"):
        return value
    return _written(moment, fraction)


def _written(moment: datetime, fraction: str | None) -> str:
    # One instant has one spelling, so that two of them can be compared.
    rest = fraction.rstrip("0") if fraction else ""
    return f"{moment.isoformat()}.{rest}Z" if rest else f"{moment.isoformat()}Z"


def _why(value: Any) -> Refused:
    if type(value) is not str:
        return _NO_INSTANT
    if _LOCAL(value):
        return Refused("a time without an offset names no instant")
    return Refused("a leap second has no other spelling") if _LEAP(value) else _NO_INSTANT


def _down(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _up(value, None) == value else _NO_UTC


def _up_epoch(value: Any, _currency: Any) -> Any:
    number = integer_of(value)
    if isinstance(number, Refused) or not 0 <= number <= _LAST_MS:
        return Refused("this is not a number of milliseconds since 1970")
    seconds, rest = divmod(number, _THOUSAND)
    return _written(_EPOCH + timedelta(seconds=seconds), f"{rest:03d}")


def _down_epoch(value: Any, _currency: Any) -> Any:
    if _down(value, None) is not value:
        return _NO_UTC
    fraction = value[20:-1]
    if len(fraction) > len("999"):
        return Refused("it is known more finely than to the millisecond")
    passed = datetime.fromisoformat(value[:19]) - _EPOCH
    if passed.days < 0:
        return Refused("it lies before 1970")
    return (passed.days * _DAY_SECONDS + passed.seconds) * _THOUSAND + int(fraction.ljust(3, "0"))


def _up_day(value: Any, _currency: Any) -> Any:
    if type(value) is not str:
        return _NO_DAY
    day = f"{match[3]}-{match[1]}-{match[2]}" if (match := _AMERICAN(value)) else value
    if not _DAY(day):
        return _NO_DAY
    try:
        date.fromisoformat(day)
    except ValueError:
        return Refused("there is no such day")
    return day


def _down_day(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _up_day(value, None) == value else _NO_DAY


CODECS: Final = (
    Codec(
        "instant",
        _up,
        _down,
        "normalised",
        ("string",),
        "text",
        samples=(("2022-05-12T09:30:31.198Z", "2022-05-12T09:30:31.198Z"), ("2018-06-27T12:59:59Z",) * 2),
        refuses_up=(
            "2022-05-12T09:30:31",
            "2022-02-30T00:00:00Z",
            "2022-05-12",
            "",
            None,
            1,
            "9999-12-31T23:59:59-05:00",
            "0001-01-01T00:00:00+05:00",
            "0000-01-01T00:00:00Z",
            "2016-12-31T23:59:60Z",
            "2022-05-12T24:00:00Z",
            "2022-05-12T09:30:31+24:00",
            "2022-05-12T09:30:31+0200",
            "2022-05-12 09:30:31Z",
        ),
        refuses_down=("2022-05-12T09:30:31+02:00", None, "x"),
    ),
    Codec(
        "epoch_ms",
        _up_epoch,
        _down_epoch,
        "normalised",
        ("integer", "number"),
        "text",
        samples=((1548571340000, "2019-01-27T06:42:20Z"), (1250, "1970-01-01T00:00:01.25Z")),
        refuses_up=(True, None, "1548571340000", -1, 10**18),
        refuses_down=("2019-01-27T06:42:20.0001Z", "x", None, "1969-12-31T23:59:59Z"),
    ),
    Codec(
        "date",
        _up_day,
        _down_day,
        "normalised",
        ("string",),
        "text",
        samples=(("2016-12-01", "2016-12-01"), ("2026-02-28", "2026-02-28")),
        refuses_up=("2016-13-01", "1/2/2016", "", None, 20161201),
        refuses_down=("12/01/2016", None),
    ),
)
