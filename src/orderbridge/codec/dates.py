"""Instants and days: every instant is known to the second in UTC, a time without an offset is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, Final

from orderbridge.codec.codec import Codec, Refused

_INSTANT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))"
).fullmatch
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}.*").fullmatch
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_AMERICAN: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})").fullmatch
_MOST_FRACTION: Final = 12
_LAST_MS: Final = 253_402_300_799_999
_HOURS: Final = 24
_MINUTES: Final = 60
_THOUSAND: Final = 1_000


def _up(value: Any, _currency: Any) -> Any:
    if type(value) is not str:
        return Refused("this is not a text that names an instant")
    match = _INSTANT(value)
    if match is None:
        return Refused("a time without an offset names no instant" if _LOCAL(value) else "this is not an instant")
    if (
        value.endswith("Z")
        and value[10] == "T"
        and not (match[7] and (value[-2] == "0" or len(match[7]) > _MOST_FRACTION))
    ):
        return value if _exists(match) else Refused("there is no such day or time")
    return _in_utc(match)


def _moment(match: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _exists(match: re.Match[str]) -> bool:
    try:
        _moment(match, UTC)
    except ValueError:
        return False
    return True


def _in_utc(match: re.Match[str]) -> str | Refused:
    # One instant has one spelling, so that two of them can be compared.
    fraction = (match[7] or "").rstrip("0").removesuffix(".")
    if len(fraction) > _MOST_FRACTION:
        return Refused("a fraction of a second of more than eleven digits")
    offset = timedelta()
    if match[9]:
        hours, minutes = int(match[10]), int(match[11])
        if hours >= _HOURS or minutes >= _MINUTES:
            return Refused("there is no such offset")
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[9] == "-" else 1)
    try:
        moment = _moment(match, timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return Refused("there is no such day or time")
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + f"{fraction}Z"


def _down(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _up(value, None) == value else Refused("this is not an instant in UTC")


def _up_epoch(value: Any, _currency: Any) -> Any:
    if type(value) is Decimal and value.is_finite() and value == value.to_integral_value():
        value = int(value) if abs(value) <= _LAST_MS else -1
    if type(value) is not int or not 0 <= value <= _LAST_MS:
        return Refused("this is not a number of milliseconds since 1970")
    seconds, rest = divmod(value, _THOUSAND)
    fraction = f".{rest:03d}".rstrip("0").removesuffix(".")
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}{fraction}Z"


def _down_epoch(value: Any, _currency: Any) -> Any:
    match = _INSTANT(value) if type(value) is str and _up(value, None) == value else None
    if match is None:
        return Refused("this is not an instant in UTC")
    fraction = (match[7] or ".")[1:]
    if fraction[3:].strip("0"):
        return Refused("it is known more finely than to the millisecond")
    moment = _moment(match, UTC)
    number = int(moment.timestamp()) * _THOUSAND + int(fraction[:3].ljust(3, "0"))
    return number if number >= 0 else Refused("it lies before 1970")


def _up_day(value: Any, _currency: Any) -> Any:
    if type(value) is not str:
        return Refused("this is not a day")
    match = _DAY(value)
    parts = match.groups() if match else None
    if parts is None and (match := _AMERICAN(value)):
        parts = (match[3], match[1], match[2])
    if parts is None:
        return Refused("this is not a day")
    try:
        date(*map(int, parts))
    except ValueError:
        return Refused("there is no such day")
    return "-".join(parts)


def _down_day(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _DAY(value) and _up_day(value, None) == value else Refused("this is no day")


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
