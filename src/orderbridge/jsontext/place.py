"""Where things stand in a text: offset to line and column, JSON Pointer to the value's place.

Values carry no positions, because keeping them would slow down every reading for the sake of the few
documents that have problems. Those few are walked again, along the wanted pointers only.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from orderbridge import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
# One match per member or element: its key, and where it is a scalar, that and what follows it.
_SCALAR: Final = r'(?:("[^"\\]*+(?:\\.[^"\\]*+)*+"|[-+.0-9A-Za-z]++)[ \t\r\n]*+(%s))?'
_MEMBER: Final = re.compile(
    r'[ \t\r\n]*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*+:[ \t\r\n]*+' + _SCALAR % "[,}]", re.DOTALL
)
_ELEMENT: Final = re.compile(r"[ \t\r\n]*+()" + _SCALAR % r"[,\]]", re.DOTALL)
# Numbers stay text: nobody looks at them here, and `int` refuses more than 4,300 digits.
_SKIP: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode


class Place(NamedTuple):
    """Where a value begins: its first character, at line and column from 1."""

    offset: int
    line: int
    column: int


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Count the line and column of an offset, from 1, in code points.

    Only `\n` ends a line, so that CRLF is one line end; a tab is one column.
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class Lines:
    """Many positions in one text: linear to build, logarithmic to ask. Agrees with `position`."""

    def __init__(self, text: str) -> None:
        """Remember where the lines of `text` end."""
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def position(self, offset: int) -> tuple[int, int]:
        """Say line and column of an offset, from 1, in code points."""
        line = bisect_left(self._ends, offset)
        return line + 1, offset - (self._ends[line - 1] if line else -1)


def locate(text: str, pointers: Iterable[str]) -> dict[str, Place]:
    """Find the values at JSON Pointers in a text that `read` has accepted.

    A pointer to nothing is left out. Of a text that is broken after all, only what begins before the
    break is found; nothing is raised.
    """
    wanted = _trie(pointers)
    starts: dict[str, int] = {}
    start = _after_space(text, 0)
    with suppress(ValueError, RecursionError, _BrokenError):
        _visit(text, start, wanted, starts, need_end=False)
    return _with_lines(text, starts)


class _BrokenError(Exception):
    """The text is not JSON at this place."""


class _Wanted:
    """A place on the way to wanted values: the pointers that end here, and what lies below."""

    __slots__ = ("below", "pointers")

    def __init__(self) -> None:
        self.pointers: list[str] = []
        self.below: dict[str, _Wanted] = {}


def _trie(pointers: Iterable[str]) -> _Wanted:
    root = _Wanted()
    for text in dict.fromkeys(pointers):
        if not text.startswith("/") and text:
            continue
        node = root
        for token in pointer.split(text):
            below = node.below.get(token)
            if below is None:
                below = node.below[token] = _Wanted()
            node = below
        node.pointers.append(text)
    return root


def _visit(text: str, start: int, node: _Wanted, starts: dict[str, int], *, need_end: bool) -> int:
    """Find what is wanted in the value at `start`; its end, or anything when nobody needs the end."""
    for wanted in node.pointers:
        starts[wanted] = start
    if node.below and text[start : start + 1] in ("{", "["):
        return _parts(text, start, node.below, starts, need_end=need_end)
    # Finding the end of a value takes as long as reading it.
    return _SKIP(text, start)[1] if need_end else start


def _parts(text: str, start: int, below: dict[str, _Wanted], starts: dict[str, int], *, need_end: bool) -> int:
    """Walk the members or elements of the container at `start`, as far as anybody needs."""
    pattern, closing = (_MEMBER, "}") if text[start] == "{" else (_ELEMENT, "]")
    missing = len(below)
    at = _after_space(text, start + 1)
    if text.startswith(closing, at):
        return at + 1
    index = 0
    while match := pattern.match(text, at):
        key = _decoded(match[1]) if closing == "}" else str(index)
        node = below.get(key)
        missing -= node is not None
        if match[3]:
            at, mark = match.end(), match[3]
            for wanted in node.pointers if node else ():
                starts[wanted] = match.start(2)
        else:
            at, mark = match.end(), ""
            at = _visit(text, at, node, starts, need_end=need_end or missing > 0) if node else _SKIP(text, at)[1]
        if not missing and not need_end:
            return at
        if not mark:
            at = _after_space(text, at) + 1
            mark = text[at - 1 : at]
        if mark == closing:
            return at
        if mark != ",":
            break
        index += 1
    raise _BrokenError


def _decoded(key: str) -> str:
    return str(json.loads(f'"{key}"')) if "\\" in key else key


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _with_lines(text: str, starts: dict[str, int]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    line, seen = 1, 0
    for wanted, offset in sorted(starts.items(), key=itemgetter(1)):
        line += text.count("\n", seen, offset)
        seen = offset
        places[wanted] = Place(offset, line, offset - text.rfind("\n", 0, offset))
    return places
