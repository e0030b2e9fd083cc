"""Texts and numbers within given limits: what stands at the leaves of a made message.

Numbers are int or Decimal, never float, so that what is made is what is written.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from orderbridge.sample import pattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_WORDS: Final = (
    "order",
    "main street 5",
    "A-1",
    "380001",
    "x",
    "Zoë",
    "漢字",
    'say "hi"',
    "a\\b",
    "😀",
    "tab\there",
    "New York",
)
_TRIES: Final = 30
_SPAN: Final = 10_000
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class TextRule:
    """What a text has to keep: length in code points, patterns, format."""

    least: int = 0
    most: int | None = None
    patterns: tuple[str, ...] = ()
    format: str | None = None


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What a number has to keep; the bounds are inclusive unless said otherwise."""

    least: int | Decimal | None = None
    most: int | Decimal | None = None
    above: bool = False
    below: bool = False
    step: int | Decimal | None = None
    whole: bool = False


def text(rule: TextRule, random: Random) -> str:
    """Make a text that keeps a rule; if the parts of the rule hardly go together, one that keeps the first pattern."""
    made = ""
    for _ in range(_TRIES):
        made = _candidate(rule, random)
        if _keeps(made, rule):
            return made
    return made


def number(rule: NumberRule, random: Random) -> int | Decimal:
    """Make a number that keeps a rule, the limits themselves more often than chance would."""
    step = Decimal(rule.step) if rule.step else Decimal(1)
    if not rule.step and not rule.whole:
        step = random.choice((Decimal(1), Decimal("0.01"), Decimal("0.5"), Decimal("0.0001")))
        if rule.least is not None and rule.most is not None and rule.most - rule.least < 1:
            step = (Decimal(rule.most) - Decimal(rule.least)) / 8 or Decimal(1)
    low, high = _steps(rule, step)
    count = random.choice((low, high, random.randint(low, high), random.randint(low, high))) if low <= high else low
    return _plain(count * step)


def _steps(rule: NumberRule, step: Decimal) -> tuple[int, int]:
    """Give the first and the last multiple of the step within the limits."""
    if rule.least is None and rule.most is None:
        return 0, _SPAN
    if rule.least is None:
        high = _last(rule, step)
        return high - _SPAN, high
    low = _first(rule, step)
    return low, low + _SPAN if rule.most is None else _last(rule, step)


def _first(rule: NumberRule, step: Decimal) -> int:
    least = Decimal(rule.least or 0)
    count = int(least // step)  # towards zero, so never beyond the first
    while count * step < least or (rule.above and count * step == least):
        count += 1
    return count


def _last(rule: NumberRule, step: Decimal) -> int:
    turned = replace(rule, least=-Decimal(rule.most or 0), above=rule.below)
    return -_first(turned, step)


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value.normalize()


def _candidate(rule: TextRule, random: Random) -> str:
    if rule.patterns:
        made = pattern.sample(rule.patterns[0], random, rule.least)
        # What does not say where the text ends lets anything follow.
        return made if rule.patterns[0].endswith("$") else made.ljust(rule.least, "x")
    if rule.format in _FORMATS:
        return _FORMATS[rule.format](random)
    length = random.randint(rule.least, _longest(rule))
    made = " ".join(random.choice(_WORDS) for _ in range(1 + length // 4))
    return (made + "x" * rule.least)[:length]


def _longest(rule: TextRule) -> int:
    most = rule.least + _LONGEST // 2
    return most if rule.most is None else max(rule.least, min(rule.most, most))


def _keeps(made: str, rule: TextRule) -> bool:
    if len(made) < rule.least or (rule.most is not None and len(made) > rule.most):
        return False
    return all(_matches(each, made) for each in rule.patterns[1:])


def _matches(expression: str, made: str) -> bool:
    try:
        return re.search(expression, made) is not None
    except re.error:  # ECMA 262 knows forms that Python does not
        return True


def _date(random: Random) -> str:
    return f"{random.randint(1970, 2035)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _time(random: Random) -> str:
    zone = random.choice(("Z", "+05:30", "-07:00"))
    fraction = random.choice(("", ".5", ".123"))
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}{fraction}{zone}"


def _host(random: Random) -> str:
    return random.choice(("example.com", "shop.example.org", "a.example.net"))


_FORMATS: Final[dict[str | None, Callable[[Random], str]]] = {
    "byte": lambda random: b64encode(random.randbytes(random.randint(0, 12))).decode(),
    "date": _date,
    "date-time": lambda random: f"{_date(random)}T{_time(random)}",
    "duration": lambda random: f"P{random.randint(1, 30)}D",
    "email": lambda random: f"user{random.randint(1, 999)}@{_host(random)}",
    "hostname": _host,
    "ipv4": lambda random: ".".join(str(random.randint(0, 255)) for _ in range(4)),
    "ipv6": lambda random: ":".join(f"{random.randint(0, 0xFFFF):x}" for _ in range(8)),
    "time": _time,
    "uri": lambda random: f"https://{_host(random)}/{random.randint(1, 999)}?q=a%20b",
    "uri-reference": lambda random: f"/{random.randint(1, 999)}",
    "uuid": lambda random: str(UUID(int=random.getrandbits(128), version=4)),
}
