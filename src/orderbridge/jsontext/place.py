"""Where things stand in a text: offset to line and column, JSON Pointer to the value's place.

Values carry no positions, because keeping them would slow down every reading for the sake of the few
documents that have problems. Those few are walked again, along the wanted pointers only.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from orderbridge import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_KEY: Final = re.compile(r'[ \t\r\n]*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*+:[ \t\r\n]*+', re.DOTALL)
_SCALAR: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[-+.0-9A-Za-z]++', re.DOTALL)
# Numbers stay text: nobody looks at them here, and `int` refuses more than 4,300 digits.
_SKIP: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode
_LONGEST_INDEX: Final = 18


class Place(NamedTuple):
    """Where a value stands: `text[offset:end]`, its first character at line and column from 1."""

    offset: int
    end: int
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

    A pointer to nothing is left out. Of a text that is broken after all, only what stands before the
    break is found; nothing is raised.
    """
    wanted = _trie(pointers)
    spans: dict[str, tuple[int, int]] = {}
    start = _after_space(text, 0)
    try:
        _visit(text, start, wanted, spans, need_end=False)
    except (ValueError, _BrokenError):
        pass  # the docstring's promise: what stands before the break has been found
    return _with_lines(text, spans)


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
        node = root
        for token in pointer.split(text):
            below = node.below.get(token)
            if below is None:
                below = node.below[token] = _Wanted()
            node = below
        node.pointers.append(text)
    return root


def _visit(text: str, start: int, node: _Wanted, spans: dict[str, tuple[int, int]], *, need_end: bool) -> int:
    """Find what is wanted in the value at `start`; its end, or anything when nobody needs the end."""
    need_end = need_end or bool(node.pointers)
    opening = text[start : start + 1]
    if not node.below or opening not in ("{", "["):
        end = _skip(text, start)
    elif opening == "{":
        end = _members(text, start + 1, node.below, spans, need_end=need_end)
    else:
        end = _elements(text, start + 1, node.below, spans, need_end=need_end)
    for wanted in node.pointers:
        spans[wanted] = (start, end)
    return end


def _members(
    text: str, at: int, below: dict[str, _Wanted], spans: dict[str, tuple[int, int]], *, need_end: bool
) -> int:
    missing = len(below)
    while match := _KEY.match(text, at):
        key = match[1]
        node = below.get(json.loads(f'"{key}"') if "\\" in key else key)
        if node is None:
            at = _skip(text, match.end())
        else:
            missing -= 1
            at = _visit(text, match.end(), node, spans, need_end=need_end or missing > 0)
            if not missing and not need_end:
                return at
        at, more = _next(text, at, "}")
        if not more:
            return at
    return _next(text, at, "}")[0]


def _elements(
    text: str, at: int, below: dict[str, _Wanted], spans: dict[str, tuple[int, int]], *, need_end: bool
) -> int:
    nodes = {int(key): node for key, node in below.items() if len(key) <= _LONGEST_INDEX and pointer.is_index(key)}
    last = max(nodes, default=-1)
    index = 0
    at = _after_space(text, at)
    while text[at : at + 1] != "]":
        node = nodes.get(index)
        if node is None:
            at = _skip(text, at)
        else:
            at = _visit(text, at, node, spans, need_end=need_end or index < last)
        if index >= last and not need_end:
            return at
        at, more = _next(text, at, "]")
        if not more:
            return at
        at = _after_space(text, at)
        index += 1
    return at + 1


def _next(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Step over what follows a member or element: its comma (more comes) or the closing bracket."""
    at = _after_space(text, at)
    mark = text[at : at + 1]
    if mark not in (",", closing):
        raise _BrokenError
    return at + 1, mark == ","


def _skip(text: str, start: int) -> int:
    """Find the end of the value at `start` without keeping it."""
    match = _SCALAR.match(text, start)
    return match.end() if match else _SKIP(text, start)[1]


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _with_lines(text: str, spans: dict[str, tuple[int, int]]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    line, seen = 1, 0
    for wanted, (offset, end) in sorted(spans.items(), key=lambda item: item[1]):
        line += text.count("\n", seen, offset)
        seen = offset
        places[wanted] = Place(offset, end, line, offset - text.rfind("\n", 0, offset))
    return places
