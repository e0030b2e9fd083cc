"""Where each value of a text stands, found by the plainest scanner there can be: an oracle for line and column."""

from __future__ import annotations

import json
import re
from typing import Final

_TOKEN: Final = re.compile(r'[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^ \t\r\n{}\[\]:,"]+)')


def offsets(text: str) -> dict[str, int]:
    """Give the offset of the value at every pointer of a sound text, without duplicate keys."""
    found: dict[str, int] = {}
    _value(text, 0, "", found)
    return found


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Count lines and code points up to an offset, both from 1."""
    before = text[:offset].split("\n")
    return len(before), len(before[-1]) + 1


def _token(text: str, at: int) -> tuple[str, int, int]:
    match = _TOKEN.match(text, at)
    assert match is not None, text[at : at + 20]
    return match[1], match.start(1), match.end(1)


def _value(text: str, at: int, where: str, found: dict[str, int]) -> int:
    token, start, at = _token(text, at)
    found[where] = start
    if token not in "[{":
        return at
    if _token(text, at)[0] in "]}":
        return _token(text, at)[2]
    index = 0
    separator = ","
    while separator == ",":
        step = str(index)
        if token == "{":
            key, _, at = _token(text, at)
            step = json.loads(key).replace("~", "~0").replace("/", "~1")
            at = _token(text, at)[2]
        at = _value(text, at, f"{where}/{step}", found)
        separator, _, at = _token(text, at)
        index += 1
    return at
