"""A line of the user's own text with the caret column under it, fit for a terminal.

The text is the user's and may be hostile or enormous: only a window around the caret is looked at, secrets
are masked before anything else, control characters are escaped, and the caret is counted in terminal cells
of what is really shown, so it stays under its character after all of that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from orderbridge import jsontext
from orderbridge.render.printable import visible, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK: Final = "•••"
CUT: Final = "…"
WIDTH: Final = 100
"""Terminal cells of text shown at most; the marks where it is cut come on top."""

_TAB: Final = "    "
_LINE_END: Final = re.compile("\n")
_INK: Final = re.compile(r"\S")

Span = tuple[int, int]
Cells = str | list[str]
"""What is shown for each character: a plain text stands for itself."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A shown line, and how many cells of it stand before the caret."""

    line: str
    caret: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text that excerpts are taken from, with its lines and secrets found once."""

    text: str
    starts: tuple[int, ...]
    secrets: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, secrets: frozenset[str] = frozenset(), *, single: bool = False) -> Source:
        """Prepare a text; `single` says that it is one record of a file, whose lines are counted elsewhere."""
        starts = (0,) if single else (0, *(match.end() for match in _LINE_END.finditer(text)))
        spans = sorted(jsontext.secret_spans(text, secrets)) if secrets else ()
        return cls(text, starts, tuple(spans))

    def excerpt(self, line: int, column: int) -> Excerpt | None:
        """Show the place at a line and column (from 1, in code points); None when there is nothing to see."""
        number = 1 if len(self.starts) == 1 else line
        if not 1 <= number <= len(self.starts):
            return None
        start, end = self._bounds(number)
        if not _INK.search(self.text, start, end):
            return None
        return self._window(start, end, min(start + column - 1, end))

    def _bounds(self, number: int) -> Span:
        start = self.starts[number - 1]
        if number == len(self.starts):
            end = len(self.text.rstrip("\r\n")) if len(self.starts) == 1 else len(self.text)
            return start, end
        end = self.starts[number] - 1
        return start, end - (end > start and self.text[end - 1] == "\r")

    def _window(self, start: int, end: int, at: int) -> Excerpt:
        at = max(start, self._unmasked(at))
        low, high = max(start, at - WIDTH), min(end, at + WIDTH)
        before: Cells
        after: Cells
        plain = self._is_plain(low, high)
        if plain:
            before, after = self.text[low:at], self.text[at:high]
            right: Cells = after[: max(WIDTH // 2, WIDTH - len(before))]
            left: Cells = before[max(0, len(before) + len(right) - WIDTH) :]
        else:
            before, after = list(self._cells(low, at)), list(self._cells(at, high))
            right = _fit(after, max(WIDTH // 2, WIDTH - sum(map(_width, before))))
            left = _fit(reversed(before), WIDTH - sum(map(_width, right)))[::-1]
        head = CUT if low > start or len(left) < len(before) else ""
        tail = CUT if high < end or len(right) < len(after) else ""
        shown = head + "".join(left)
        return Excerpt(line=shown + "".join(right) + tail, caret=len(shown) if plain else width(shown))

    def _is_plain(self, low: int, high: int) -> bool:
        """Tell whether every character takes one cell as it is, as nearly all do: no need to look at each."""
        window = self.text[low:high]
        if not window.isprintable() or not (window.isascii() or all(map(_is_narrow, set(window)))):
            return False
        return not any(first < high and last > low for first, last in self.secrets)

    def _unmasked(self, at: int) -> int:
        """Move a place inside a secret to the secret's start, where the mask stands."""
        index = bisect_right(self.secrets, at, key=_first) - 1
        return self.secrets[index][0] if index >= 0 and at < self.secrets[index][1] else at

    def _cells(self, low: int, high: int) -> Iterator[str]:
        """Yield what is shown for each character between two places; a secret is one of them."""
        index = max(0, bisect_right(self.secrets, low, key=_first) - 1)
        while low < high and index < len(self.secrets) and self.secrets[index][0] < high:
            first, last = self.secrets[index]
            index += 1
            if last <= low:
                continue
            yield from map(_shown, self.text[low : max(first, low)])
            yield MASK
            low = last
        yield from map(_shown, self.text[low:high])


def _first(span: Span) -> int:
    return span[0]


# Excerpts of one stream are made of the same few characters again and again.
_width: Final = lru_cache(maxsize=4096)(width)


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    return _TAB if character == "\t" else visible(character)


def _is_narrow(character: str) -> bool:
    return _width(character) == 1


def _fit(cells: Iterable[str], room: int) -> list[str]:
    """Take cells from the front as long as they fit."""
    taken: list[str] = []
    for cell in cells:
        room -= _width(cell)
        if room < 0:
            break
        taken.append(cell)
    return taken
