"""Lines to the answers of the quick test, many lines at a time: what a stream of clean orders costs.

A call takes its time whatever it does, so a few lines together are read, proven and tested for less than each alone.
What they give is what the quick test gives for each; lines that do not let themselves be read together are asked alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from orderbridge.jsontext import PASSED, UNREAD, Json, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECE: Final = 1 << 14
"""Bytes of lines that are read together: values of more than that fall out of the processor's nearest memory."""


class Tester(Protocol):
    """What tells quickly that a document is clean."""

    @property
    def passes(self) -> Callable[[Json], bool]:
        """What tells whether a value is clean."""

    @property
    def quick(self) -> Callable[[bytes], Any]:
        """What gives `PASSED` for a clean document, else its value, or `UNREAD`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A few whole lines without the last line break, and the answer for each; no answers where all have passed."""

    data: bytes
    lines: int
    answers: list[Any] | None

    def pairs(self) -> Iterator[tuple[bytes, Any]]:
        """Give each line with its answer."""
        answers = [PASSED] * self.lines if self.answers is None else self.answers
        return zip(self.data.split(b"\n"), answers, strict=True)


def pieces(data: bytes, tester: Tester, size: int = PIECE) -> Iterator[Piece]:
    """Cut whole lines into pieces of about a size, and test each."""
    test, quick = tester.passes, tester.quick
    together = True
    for piece in _cut(data, size):
        values = read_lines(piece) if together and b"\n" in piece else None
        if values is None:
            answers = list(map(quick, piece.split(b"\n")))
            # Where most lines are written in a way that cannot be proven quickly, so will be the next.
            together = 2 * answers.count(UNREAD) <= len(answers)
            yield Piece(piece, len(answers), answers)
            continue
        passed = list(map(test, values))
        if False in passed:
            pairs = zip(passed, values, strict=True)
            yield Piece(piece, len(values), [PASSED if good else value for good, value in pairs])
        else:
            yield Piece(piece, len(values), None)


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    start, end = 0, len(data) - data.endswith(b"\n")
    while start <= end:
        stop = data.find(b"\n", start + size, end)
        if stop < 0:
            stop = end
        yield data[start:stop]
        start = stop + 1
