"""Values for programs: the members of a problem in their promised order, and JSON on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orderbridge import jsontext
from orderbridge.render.printable import encodable

if TYPE_CHECKING:
    from orderbridge.problem import Problem

KEYS: Final = (
    "code",
    "severity",
    "evidence",
    "file",
    "record",
    "line",
    "column",
    "pointer",
    "schema_pointer",
    "message",
    "expected",
    "actual",
    "fix",
)
"""The members of a problem in JSON, in the order they are written."""

_C1: Final = re.compile("[\x7f-\x9f\u2028\u2029]")


def problem_json(problem: Problem) -> dict[str, str | int | None]:
    """Turn a problem into the object that every JSON format shows: always all keys, null for the unknown."""
    return {key: _value(getattr(problem, key)) for key in KEYS}


def compact(value: object) -> str:
    """Write JSON on one line, without a line end.

    JSON lets DEL, the C1 controls and two more line ends stand raw in strings, where a terminal would obey them
    and many a reader of lines would cut: they are escaped too.
    """
    return plain(jsontext.write(value))


def plain(written: bytes) -> str:
    """Escape what a terminal would obey in JSON that was written: DEL, the C1 controls and the two more line ends."""
    text = written.decode("utf-8")
    return text if written.isascii() and b"\x7f" not in written else _C1.sub(_escaped, text)


def opened(members: dict[str, object]) -> str:
    """Write an object without its closing brace, for members that follow later."""
    return compact(members)[:-1]


def _value(value: str | int | None) -> str | int | None:
    return encodable(value) if isinstance(value, str) else value


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
