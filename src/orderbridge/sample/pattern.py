"""Texts that match a regular expression, made from the expression itself.

Reads the part of ECMA 262 that contracts use: literals, classes, groups, alternatives, repetition.
Anchors and look-around say nothing about which characters to write and are read over, so a caller
whose pattern has them checks what it gets.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_PRINTABLE: Final = "".join(chr(code) for code in range(0x20, 0x7F))
_WORD: Final = string.ascii_letters + string.digits + "_"
_CLASSES: Final = {"d": string.digits, "w": _WORD, "s": " \t"}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_ZERO_WIDTH: Final = frozenset("bB")
_CODE_UNITS: Final = {"x": 2, "u": 4}
_MOST_REPEATS: Final = 6


@dataclass(frozen=True, slots=True)
class _Choice:
    """One character out of several."""

    characters: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    """Something a number of times; `most` is None without a limit."""

    part: _Part
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Either:
    alternatives: tuple[_Part, ...]


_Part = _Choice | _Repeat | _Sequence | _Either
_NOTHING: Final = _Sequence(())


def sample(pattern: str, random: Random, least: int = 0) -> str:
    """Make a text that matches a pattern, short where the pattern leaves the length open.

    Of a text that would be shorter than `least` the repetitions go on for as long as they may. Total: for an expression
    beyond what is read here it is a text of the right outline only.
    """
    part, state = _read(pattern), random.getstate() if least else None
    made = "".join(_write(part, random, _Room()))
    if state is None or len(made) >= least:
        return made
    # The same choices once more, so that the repetitions add what is missing and no more.
    random.setstate(state)
    return "".join(_write(part, random, _Room(least - len(made))))


@dataclass(slots=True)
class _Room:
    """How many characters a text still lacks."""

    lacking: int = 0


def _write(part: _Part, random: Random, room: _Room) -> list[str]:
    match part:
        case _Choice(characters):
            return [random.choice(characters)] if characters else []
        case _Repeat():
            return _repeated(part, random, room)
        case _Sequence(parts):
            return [text for inner in parts for text in _write(inner, random, room)]
        case _Either(alternatives):
            return _write(random.choice(alternatives), random, room)


def _repeated(part: _Repeat, random: Random, room: _Room) -> list[str]:
    least, most = part.least, part.most
    usual = least + _MOST_REPEATS if most is None else min(most, least + _MOST_REPEATS * 4)
    count = random.randint(least, max(least, usual))
    found = [text for _ in range(count) for text in _write(part.part, random, room)]
    while room.lacking > 0 and (most is None or count < most):
        more = _write(part.part, random, room)
        if not more:
            break
        room.lacking -= sum(map(len, more))
        count += 1
        found += more
    return found


@lru_cache(maxsize=512)
def _read(pattern: str) -> _Part:
    return _Reader(pattern).alternatives()


class _Reader:
    """A recursive-descent reader; whatever does not fit the grammar stands for itself."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> _Part:
        found = [self.sequence()]
        while self.accept("|"):
            found.append(self.sequence())
        return found[0] if len(found) == 1 else _Either(tuple(found))

    def sequence(self) -> _Part:
        parts: list[_Part] = []
        while self.at < len(self.pattern) and self.peek() not in "|)":
            parts.append(self.repeated(self.atom()))
        return _Sequence(tuple(parts))

    def atom(self) -> _Part:
        char = self.take()
        match char:
            case "(":
                return self.group()
            case "[":
                return _Choice(self.characters())
            case "\\":
                return self.escape()
            case ".":
                return _Choice(_PRINTABLE)
            case "^" | "$":
                return _NOTHING
            case _:
                return _Choice(char)

    def group(self) -> _Part:
        is_look_around = any(self.accept(mark) for mark in ("?=", "?!", "?<=", "?<!"))
        if self.accept("?<"):  # a name
            while self.at < len(self.pattern) and self.take() != ">":
                pass
        else:
            self.accept("?:")
        inner = self.alternatives()
        self.accept(")")
        return _NOTHING if is_look_around else inner

    def escape(self) -> _Part:
        if self.at == len(self.pattern):
            return _Choice("\\")
        if self.peek() in _ZERO_WIDTH:
            self.take()
            return _NOTHING
        return _Choice(self.escaped())

    def escaped(self) -> str:
        """Read what follows a backslash, as the characters it stands for."""
        char = self.take()
        if char.lower() in _CLASSES:
            characters = _CLASSES[char.lower()]
            return characters if char.islower() else _others(characters)
        if char in _CODE_UNITS:
            digits = self.pattern[self.at : self.at + _CODE_UNITS[char]]
            if len(digits) == _CODE_UNITS[char] and all(digit in string.hexdigits for digit in digits):
                self.at += len(digits)
                return chr(int(digits, 16))
        return _CONTROLS.get(char, char)

    def characters(self) -> str:
        """Read a class after its `[`."""
        is_negated = self.accept("^")
        found: list[str] = []
        while self.at < len(self.pattern) and not self.accept("]"):
            first = self.one_of_class()
            if len(first) == 1 and self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in {"", "]"}:
                self.take()
                last = self.one_of_class()
                found.extend(map(chr, range(ord(first), min(ord(last[:1] or first), ord(first) + 0xFFF) + 1)))
            else:
                found.append(first)
        characters = "".join(found)
        return _others(characters) if is_negated else characters

    def one_of_class(self) -> str:
        char = self.take()
        return self.escaped() if char == "\\" and self.at < len(self.pattern) else char

    def repeated(self, part: _Part) -> _Part:
        bounds = self.bounds()
        if bounds is None:
            return part
        self.accept("?")  # lazy: the same texts
        return _Repeat(part, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.accept(mark):
                return bounds
        if self.peek() != "{":
            return None
        inner, closed, _ = self.pattern[self.at + 1 :].partition("}")
        least, comma, most = inner.partition(",")
        if not closed or not least.isdecimal() or (most and not most.isdecimal()):
            return None
        self.at += len(inner) + 2
        return int(least), int(most) if most else None if comma else int(least)

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def accept(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True


def _others(characters: str) -> str:
    return "".join(char for char in _PRINTABLE if char not in characters)
