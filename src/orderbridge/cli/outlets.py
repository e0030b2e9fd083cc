"""Where the parts of a translation go: orders, reports, tickets, headers and rejects, each to its file or stream.

No file appears before everything is written; what could not be finished leaves nothing behind.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, NamedTuple

from orderbridge.cli.job import PLAN, STDOUT
from orderbridge.cli.output import report_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from orderbridge.cli.job import Asked


class Names(NamedTuple):
    """The file of each part: `-` is standard output, None nowhere."""

    orders: str | None
    reports: str | None
    tickets: str | None
    headers: str | None
    rejects: str | None

    @classmethod
    def of(cls, asked: Asked) -> Names:
        """Take them from the options. A plan gives reports in the place of orders."""
        if asked.mode == PLAN:
            return cls(None, asked.report or asked.output or STDOUT, None, None, None)
        return cls(asked.output or STDOUT, asked.report, asked.ticket_out, asked.headers_out, asked.rejects)

    def only(self, parts: Iterable[str]) -> Names:
        """Keep only some parts."""
        kept = set(parts)
        return Names(*(name if part in kept else None for part, name in zip(self._fields, self, strict=True)))


class Outlets(NamedTuple):
    """An open stream for each part that goes anywhere."""

    orders: IO[str] | None
    reports: IO[str] | None
    tickets: IO[str] | None
    headers: IO[str] | None
    rejects: IO[str] | None


@contextmanager
def opened(names: Names) -> Iterator[Outlets]:
    """Open every outlet; the files take their names when the context ends without an error.

    Raises:
        InputError: a file cannot be written.

    """
    with ExitStack() as stack:
        yield Outlets(*(None if name is None else stack.enter_context(_stream(name)) for name in names))


def _stream(name: str) -> AbstractContextManager[IO[str]]:
    return report_stream(None if name == STDOUT else name, machine=True)


def standard_error() -> IO[str]:
    """Give standard error for lines that programs read: UTF-8 wherever it goes."""
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stderr
