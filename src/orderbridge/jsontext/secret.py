"""Where secrets stand in a text, so that an excerpt can be shown without them.

An excerpt is shown when something is wrong, so the text may well be broken. What stands before the
break is read exactly; from the break on, everything behind a secret's name is taken for secret.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Final

from orderbridge.jsontext.reader import read

_STRING: Final = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_MARK: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_SCALAR: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,\[\]{}"]++', re.DOTALL)
_GOES_ON: Final = frozenset({"duplicate-key", "lone-surrogate", "number-out-of-range", "bom", "not-utf8"})


def secret_spans(text: str, names: frozenset[str]) -> list[tuple[int, int]]:
    """Find the values that stand under secret names: [(start, end)], in order, not overlapping.

    Names are compared without regard to case, escapes in keys are decoded, and a container under a
    secret name is covered whole. In malformed text the span may reach to the end: it rather hides
    too much than shows a secret. Nothing is raised.
    """
    folded = frozenset(name.casefold() for name in names if name)
    if not folded:
        return []
    sound = _sound_end(text)
    spans = list(_sound_spans(text, folded, sound))
    if sound < len(text) and not (spans and spans[-1][1] == len(text)):
        match = _loose(folded).search(text, sound)
        if match:
            spans.append((match.start(), len(text)))
    return spans


def _sound_end(text: str) -> int:
    """Say up to where the text is well-formed."""
    if not read(text, exact=False)[1]:
        return len(text)
    from orderbridge.jsontext.scanner import scan  # noqa: PLC0415 - most runs never meet a broken text

    return min((fault.sound for fault in scan(text) if fault.code not in _GOES_ON), default=len(text))


def _sound_spans(text: str, folded: frozenset[str], sound: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    while match := _STRING.search(text, at, sound):
        at = match.end()
        if _decoded(match[1]).casefold() not in folded:
            continue
        start = _value_start(text, at)
        if start is None and _after_space(text, at) < sound:
            continue
        start = _after_space(text, at) if start is None else start
        end = _value_end(text, start, sound)
        # A value that the break follows at once may go on behind it.
        at = len(text) if end is None or (sound < len(text) and _after_space(text, end) >= sound) else end
        if start < at:
            spans.append((start, at))
    return spans


def _value_start(text: str, at: int) -> int | None:
    """Find the value behind a key that ends at `at`; None when no colon follows: a string, not a key."""
    colon = _after_space(text, at)
    return _after_space(text, colon + 1) if text.startswith(":", colon) else None


def _value_end(text: str, start: int, sound: int) -> int | None:
    """Find the end of a value, None when it does not end before the break."""
    if start >= sound:
        return None
    if text[start] not in "[{":
        match = _SCALAR.match(text, start, sound)
        return match.end() if match else None
    depth = 0
    for mark in _MARK.finditer(text, start, sound):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if not depth:
            return mark.end()
    return None


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _decoded(raw: str) -> str:
    if "\\" not in raw:
        return raw
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


@lru_cache(maxsize=64)
def _loose(folded: frozenset[str]) -> re.Pattern[str]:
    """Match any of the names as a word, each character as itself or as its escape."""
    words = "|".join("".join(_either(char) for char in name) for name in sorted(folded))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def _either(char: str) -> str:
    return rf"(?:{re.escape(char)}|\\u{ord(char):04x})"
