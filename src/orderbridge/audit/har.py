"""A HAR file to its entries, read by the one strict reader of JSON.

HAR 1.1 and 1.2 alike (http://www.softwareishard.com/blog/har-12-spec/): what the two differ in is not looked at.
A file is read whole, because places in it are looked up afterwards; its size is bounded instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.errors import DocumentError, InputError

if TYPE_CHECKING:
    from typing import IO

    from orderbridge.problem import Problem

MOST_BYTES: Final = 256 << 20
"""Bytes of one HAR file."""
ENTRIES: Final = "/log/entries"

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Har:
    """The entries of one file as they are, the text they were read from, and the program that wrote it."""

    file: str
    text: str
    creator: str
    entries: list[Any]


def read_bytes(stream: IO[bytes], name: str) -> bytes:
    """Read a HAR file.

    Raises:
        InputError: it cannot be read, or is larger than can be dealt with.

    """
    try:
        data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = f"{name} cannot be read: {error.strerror or error}"
        raise InputError(reason) from error
    if len(data) > MOST_BYTES:
        reason = f"{name} is larger than {MOST_BYTES >> 20} MiB: record in parts, or without the bodies of other hosts"
        raise InputError(reason)
    return data


def read_har(name: str, data: bytes) -> tuple[Har | None, tuple[Problem, ...]]:
    """Read the entries of a HAR text, or say what keeps the text from being JSON.

    Raises:
        DocumentError: it is JSON, but no HAR.

    """
    data = data.removeprefix(_BOM)  # HAR 1.2: tools are to support and ignore a byte order mark
    value, problems = jsontext.read(data, exact=False)
    if problems:
        return None, problems
    log = value.get("log") if isinstance(value, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        reason = "this is no HAR file: a HAR file is an object with the list `log.entries`"
        raise DocumentError(reason, file=name, line=1, column=1)
    return Har(name, data.decode(), _creator(log), entries), ()


def _creator(log: dict[str, Any]) -> str:
    creator = log.get("creator")
    name = creator.get("name") if isinstance(creator, dict) else None
    return name if isinstance(name, str) else ""
