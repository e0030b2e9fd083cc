"""Whole lines of a file as places in it: whoever checks them reads them, be it another process.

Handing the lines to a process would copy each of them four times, and the one process that does it would keep all
others waiting. Only a regular file can be read that way, and by others only as long as its name still leads to it.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from orderbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Span:
    """`size` bytes of a file from `start` on; `identity` tells the file from any other that gets its name."""

    path: str
    identity: tuple[int, int]
    start: int
    size: int


def spans(stream: IO[bytes], name: str, size: int) -> Iterator[Span] | None:
    """Cut an open file into spans of about a size that end where a line ends; None where it is not a regular file.

    Each step moves the position in the stream, and none minds where it is. What is added to the file later is left out.

    Raises:
        InputError: it cannot be read, in the course of the iteration.

    """
    path = os.path.realpath(name)
    try:
        opened, found = os.fstat(stream.fileno()), Path(path).stat()
    except (OSError, ValueError):
        return None
    # What the system makes up when it is read has no size beforehand.
    if not stat.S_ISREG(opened.st_mode) or not opened.st_size or _identity(opened) != _identity(found):
        return None
    whole = Span(path, _identity(opened), 0, opened.st_size)
    return _parts(stream, whole, name, size)


def _parts(stream: IO[bytes], whole: Span, name: str, size: int) -> Iterator[Span]:
    start = 0
    while start < whole.size:
        try:
            stream.seek(start + size)
            stream.readline()
            stop = min(stream.tell(), whole.size)
        except OSError as error:
            raise InputError(_unreadable(name, error)) from error
        yield replace(whole, start=start, size=stop - start)
        start = stop


def read_span(span: Span) -> bytes | None:
    """Read a span in whatever process; None where its name leads to another file by now, or to none."""
    try:
        with Path(span.path).open("rb", buffering=0) as stream:
            if _identity(os.fstat(stream.fileno())) != span.identity:
                return None
            data = _read(stream, span)
    except OSError:
        return None
    return data if len(data) == span.size else None


def read_from(stream: IO[bytes], name: str, span: Span) -> bytes:
    """Read a span of an open file: what there is of it.

    Raises:
        InputError: it cannot be read.

    """
    try:
        return _read(stream, span)
    except OSError as error:
        raise InputError(_unreadable(name, error)) from error


def _read(stream: IO[bytes], span: Span) -> bytes:
    stream.seek(span.start)
    parts: list[bytes] = []
    missing = span.size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _unreadable(name: str, error: OSError) -> str:
    return f"{name} cannot be read: {error.strerror or error}"


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
