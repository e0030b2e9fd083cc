"""What one request and one server may cost: a table of limits, each with a name that users set it by.

The same table is printed on the documentation page, so that a limit nobody documented cannot exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderbridge.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNITS: Final = {"": 1, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_AMOUNT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(kib|mib|gib|s|)", re.IGNORECASE)
_LONGEST: Final = 3600


def _limit(default: float, kind: str, excess: str, meaning: str) -> Any:
    return field(default=default, metadata={"kind": kind, "excess": excess, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server process; sizes in bytes, times in seconds."""

    body: int = _limit(1024**2, "bytes", "413", "a request's body")
    headers: int = _limit(64 * 1024, "bytes", "431", "all headers of a request together")
    header_count: int = _limit(200, "count", "431", "headers of a request")
    request_line: int = _limit(8 * 1024, "bytes", "414", "method, target and version")
    header_seconds: float = _limit(15.0, "seconds", "408", "from the first byte of a request to its last header")
    body_seconds: float = _limit(30.0, "seconds", "408", "from the last header to the end of the body")
    idle_seconds: float = _limit(10.0, "seconds", "closed", "between two requests on a connection")
    read_seconds: float = _limit(30.0, "seconds", "closed", "for a caller to take its answer")
    drain: int = _limit(8 * 1024**2, "bytes", "closed", "read and thrown away after an answer that came early")
    in_flight: int = _limit(512, "count", "503", "requests that are being answered at once")
    connections: int = _limit(10_000, "count", "503", "open connections")
    stop_seconds: float = _limit(9.0, "seconds", "closed", "for what is in flight when the server is stopped")


@dataclass(frozen=True, slots=True)
class Row:
    """One limit as users see it."""

    name: str
    default: str
    excess: str
    meaning: str


def rows() -> list[Row]:
    """Give the table of limits for the documentation."""
    return [_row(each.name, each.metadata) for each in fields(Limits)]


def _row(name: str, metadata: Mapping[str, Any]) -> Row:
    default = _text(getattr(Limits(), name), metadata["kind"])
    return Row(_public(name), default, metadata["excess"], metadata["meaning"])


def read_limits(settings: Iterable[str]) -> Limits:
    """Read `NAME=VALUE` settings: sizes as `512KiB`, times as `2.5s` or `2.5`.

    Raises:
        UsageError: a name is unknown, or a value is not one that the limit can have.

    """
    known = {_public(each.name): each for each in fields(Limits)}
    found: dict[str, Any] = {
        known[name].name: _value(name, text, known[name].metadata) for name, text in _pairs(settings, known)
    }
    return replace(Limits(), **found)


def _pairs(settings: Iterable[str], known: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for setting in settings:
        name, found, text = setting.partition("=")
        name = name.strip().lower().replace("_", "-")
        if not found:
            raise UsageError(f"a limit is set as NAME=VALUE, not {setting[:50]!r}")
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there is {', '.join(known)}"
            raise UsageError(f"there is no limit {name[:50]!r}; {hint}")
        yield name, text.strip()


def _value(name: str, text: str, metadata: Mapping[str, Any]) -> float:
    match = _AMOUNT.fullmatch(text)
    unit = match[2].lower() if match else ""
    kind = metadata["kind"]
    if match is None or (unit == "s") > (kind == "seconds") or (unit in {"kib", "mib", "gib"}) > (kind == "bytes"):
        raise UsageError(f"{name} is {_EXPECTED[kind]}, not {text[:50]!r}")
    amount = float(match[1]) * _UNITS.get(unit, 1)
    if kind != "seconds":
        amount = int(amount)
    if amount <= 0 or (kind == "seconds" and amount > _LONGEST):
        raise UsageError(f"{name} is {_EXPECTED[kind]}, not {text[:50]!r}")
    return amount


_EXPECTED: Final = {
    "bytes": "a size such as 65536, 64KiB or 1MiB",
    "count": "a whole number above 0",
    "seconds": f"a time above 0 and up to {_LONGEST} seconds, such as 15 or 2.5s",
}


def _public(name: str) -> str:
    return name.replace("_", "-")


def _text(amount: float, kind: str) -> str:
    if kind == "seconds":
        return f"{amount:g} s"
    if kind == "count":
        return f"{int(amount):,}"
    for unit, size in (("MiB", 1024**2), ("KiB", 1024)):
        if amount % size == 0:
            return f"{int(amount) // size} {unit}"
    return f"{int(amount):,} bytes"
