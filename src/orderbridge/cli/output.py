"""Where a report goes: standard output, or a file that appears only when the report is complete."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING

from orderbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def report_stream(file: str | None, *, machine: bool) -> Iterator[IO[str]]:
    """Open what a report is written to; a file takes its name when everything is written, not before.

    Machine formats are UTF-8 wherever they go; text for people keeps the encoding of their terminal, in which
    what it lacks is escaped.

    Raises:
        InputError: the file cannot be written.

    """
    if file is None:
        yield _standard_output(machine=machine)
        return
    try:
        with _file(Path(file)) as stream:
            yield stream
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = f"{file} cannot be written: {error.strerror or error}"
        raise InputError(reason) from error


def _standard_output(*, machine: bool) -> IO[str]:
    if isinstance(sys.stdout, TextIOWrapper):
        if machine:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        else:
            sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


@contextmanager
def _file(path: Path) -> Iterator[IO[str]]:
    target = path.resolve()
    if target.exists() and not target.is_file():
        # A pipe or a device (or a folder, which refuses): nothing that could be put in its place.
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    from tempfile import mkstemp

    handle, temporary = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123 - an open descriptor
            yield stream
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _mode(target: Path) -> int:
    """Give the permissions that the file has, or would get by being created."""
    with suppress(OSError):
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
