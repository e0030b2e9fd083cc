"""The `Prefer` header (RFC 7240) as far as a mock obeys it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from orderbridge.server.fault import Entry, Fault

_MOST_DELAY: Final = 60_000
_TOKEN: Final = re.compile(
    r"""[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:;[^,]*)?(?:,|\Z)"""
)
_WORDS: Final = {"true": True, "false": False, "": True}


@dataclass(frozen=True, slots=True)
class Prefer:
    """What a caller would like; `applied` are the preferences as they are answered."""

    code: str | None = None
    example: str | None = None
    dynamic: bool = False
    seed: int = 0
    delay: int = 0
    handling: str = "lenient"
    applied: tuple[str, ...] = ()


def read_prefer(text: str | None) -> Prefer | None:
    """Read a header; None where there is none.

    Unknown preferences are ignored, as the RFC asks, unless handling is strict.

    Raises:
        Fault: a known preference has a value that it cannot have.

    """
    if not text:
        return None
    found = dict(_pairs(text))
    known = {name: value for name, value in found.items() if name in _READERS}
    if found.get("handling") == "strict" and len(known) < len(found):
        strange = next(name for name in found if name not in _READERS)
        raise _refused(f"the preference {strange!r} is unknown, and handling is strict")
    # A seed asks for what is made, unless that is refused.
    values: dict[str, object] = {"dynamic": "seed" in known}
    values |= {name: _READERS[name](name, value) for name, value in known.items()}
    return Prefer(**values, applied=tuple(f"{name}={value}" if value else name for name, value in known.items()))  # type: ignore[arg-type] # each reader gives what its field holds


def _pairs(text: str) -> list[tuple[str, str]]:
    """Divide a header into preferences; the first of equal names counts."""
    pairs: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        quoted = match[2]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match[3] or ""
        pairs.setdefault(match[1].lower(), value)
        at = match.end()
    return list(pairs.items())


def _code(name: str, value: str) -> str:
    # Those below say that the answer is still to come.
    if re.fullmatch(r"[2-5][0-9]{2}", value):
        return value
    raise _refused(f"{name} is an HTTP status from 200 to 599, not {value[:20]!r}")


def _name(name: str, value: str) -> str:
    if value:
        return value
    raise _refused(f"{name} names an example")


def _flag(name: str, value: str) -> bool:
    if value in _WORDS:
        return _WORDS[value]
    raise _refused(f"{name} is true or false, not {value[:20]!r}")


def _count(name: str, value: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    raise _refused(f"{name} is a whole number, not {value[:20]!r}")


def _delay(name: str, value: str) -> int:
    count = _count(name, value)
    if count <= _MOST_DELAY:
        return count
    raise _refused(f"{name} is at most {_MOST_DELAY:,} milliseconds")


def _handling(name: str, value: str) -> str:
    if value in {"strict", "lenient"}:
        return value
    raise _refused(f"{name} is strict or lenient, not {value[:20]!r}")


_READERS: Final = {
    "code": _code,
    "delay": _delay,
    "dynamic": _flag,
    "example": _name,
    "handling": _handling,
    "seed": _count,
}


def _refused(message: str) -> Fault:
    return Fault("invalid", message, "unusable-preference", (Entry("header:prefer", message, "unusable-preference"),))
