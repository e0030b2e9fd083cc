"""FILE arguments as sources of documents: names, globs, `-`, one document or one per line."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from orderbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN: Final = "-"
_LINED: Final = frozenset({".ndjson", ".jsonl"})


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its name as the user wrote it, and whether each line of it is a document."""

    name: str
    lined: bool

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open it for reading; standard input stays open afterwards.

        Raises:
            InputError: it cannot be opened.

        """
        if self.name == STDIN:
            return nullcontext(_standard_input())
        try:
            return Path(self.name).open("rb")
        except OSError as error:
            raise InputError(_unreadable(self.name, error)) from error

    @property
    def size(self) -> int:
        """Its size in bytes, 0 where that is not known beforehand."""
        return 0 if self.name == STDIN else Path(self.name).stat().st_size


def sources(names: Iterable[str], *, lined: bool) -> list[Source]:
    """Expand FILE arguments; with `lined` every source holds one document per line.

    Raises:
        InputError: a file is missing, is a folder or may not be read, or a pattern matches nothing.

    """
    found = [Source(name, lined or Path(name).suffix.lower() in _LINED) for name in _expanded(names)]
    if sum(source.name == STDIN for source in found) > 1:
        raise InputError("standard input can be read only once: `-` is there twice")
    return found


def read_whole(source: Source) -> bytes:
    """Read a source of one document.

    Raises:
        InputError: it cannot be read.

    """
    try:
        with source.open() as stream:
            return stream.read()
    except OSError as error:
        raise InputError(_unreadable(source.name, error)) from error


def _expanded(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name == STDIN or not has_magic(name) or Path(name).exists():
            yield _checked(name)
            continue
        found = glob(name, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        matches = sorted(match for match in found if Path(match).is_file())
        if not matches:
            reason = f"no file matches {name}"
            raise InputError(reason)
        yield from matches


def _checked(name: str) -> str:
    if name == STDIN:
        return name
    path = Path(name)
    try:
        if path.is_dir():
            reason = f"{name} is a folder; name its files, for example '{name.rstrip('/')}/*.json'"
            raise InputError(reason)
        path.stat()
        # Said before anything is checked, not in the middle of a report.
        if not os.access(path, os.R_OK):
            raise InputError(f"{name} cannot be read: permission denied")
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(name, error)) from error
    return name


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:
        raise InputError("standard input is closed")
    return sys.stdin.buffer


def _unreadable(name: str, error: OSError | ValueError) -> str:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{name} cannot be read: {why}"
