"""A text to all of its faults, each with pointer, line and column.

The library that reads stops at the first fault and counts bytes. This scanner is slow and thorough:
it goes on after duplicate keys, odd numbers and lone surrogates until the text stops being JSON,
in linear time and without recursion, whatever the text is.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from orderbridge import pointer
from orderbridge.jsontext import faults
from orderbridge.jsontext.faults import Fault, Habit, Words
from orderbridge.jsontext.limits import LEAST_EXPONENT, MOST_DEPTH, MOST_DIGITS, MOST_EXPONENT
from orderbridge.jsontext.place import Lines
from orderbridge.problem import Problem

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE]([-+]?[0-9]++))?(?![-+.0-9A-Za-z_])")
_WORD: Final = re.compile(r"(?:true|false|null)(?![-+.0-9A-Za-z_])")
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*+')
_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u([0-9a-fA-F]{4}))')
_LOW_ESCAPE: Final = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_BOM: Final = "\ufeff"
# Undecodable bytes 0x80 to 0xFF come as these, by the rules of "surrogateescape".
_UNDECODABLE: Final = re.compile("[\udc80-\udcff]")
_LONGEST_SHOWN: Final = 60
# Every fault is named, but a hostile text must not turn its size squared into pointers.
_POINTER_BUDGET: Final = 16 * 1024 * 1024
_FAULT_COST: Final = 100

_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Without a mark: what the first two characters of a JSON text, which are nearly always ASCII, look like in wide
# encodings.
_WIDE_START: Final = re.compile(
    rb"(?P<utf_32_le>(?:[\x09-\x7e]\0\0\0){1,2})|(?P<utf_32_be>(?:\0\0\0[\x09-\x7e]){1,2})"
    rb"|(?P<utf_16_le>[\x09-\x7e]\0(?:[\x09-\x7e]\0|\Z))|(?P<utf_16_be>\0[\x09-\x7e](?:\0[\x09-\x7e]|\Z))"
)


def faults_of(data: bytes | str, *, refused: bool = True) -> tuple[Problem, ...]:
    """Name every fault of a text that can be told, in text order; never raises.

    With `refused` the answer is never empty: the reader has already refused the text.
    """
    encoding = None if isinstance(data, str) else _wide_encoding(data)
    if encoding:
        return (_problem(_not_utf8(0, f"text in {encoding}"), (1, 1)),)
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    found = scan(text, decoded=not isinstance(data, str))
    if not found and refused:
        found = [Fault("malformed-json", 0, "this text is not JSON", "JSON", "something else", "send JSON")]
    lines = Lines(text)
    return tuple(_problem(fault, lines.position(fault.offset)) for fault in found)


def scan(text: str, *, decoded: bool = False) -> list[Fault]:
    """Find every fault of a text, in text order: [] exactly when `read` accepts it.

    `decoded` says that lone surrogates from U+DC80 stand for bytes that are not UTF-8.
    """
    scanner = _Scanner(text, decoded=decoded)
    scanner.run()
    return sorted(scanner.faults, key=lambda fault: fault.offset)


class _StopError(Exception):
    """Nothing after this place can be understood."""


@dataclass(slots=True)
class _Frame:
    """An array or object that is open."""

    opening: str
    offset: int
    token: str = "0"
    index: int = 0
    keys: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "object" if self.opening == "{" else "array"


class _Scanner:
    """One pass over one text; `at` is the next character, `faults` what was found so far."""

    def __init__(self, text: str, *, decoded: bool) -> None:
        self.text = text
        self.decoded = decoded
        self.at = 0
        self.frames: list[_Frame] = []
        self.faults: list[Fault] = []
        self.budget = _POINTER_BUDGET
        self.lines: Lines | None = None

    def run(self) -> None:
        """Scan the whole text, or up to where it stops being JSON."""
        try:
            self.start()
            self.values()
            self.end()
        except _StopError:
            return

    def start(self) -> None:
        undecodable = _UNDECODABLE.search(self.text) if self.decoded else None
        if undecodable:
            byte = ord(undecodable[0]) - 0xDC00
            self.add(_not_utf8(undecodable.start(), f"the byte 0x{byte:02X}"))
        if self.text.startswith(_BOM):
            self.found("bom", 0, faults.BOM, "JSON from the first byte on")
            self.at = len(_BOM)
        self.space()
        if self.at == len(self.text):
            self.stop("empty", 0, faults.EMPTY, "a JSON value")

    def end(self) -> None:
        self.space()
        if self.at < len(self.text):
            words = faults.words_at(faults.AFTER_ALL, self.text, self.at)
            message = f"the JSON value has ended, but the text goes on: {words.message}"
            self.stop("trailing-text", self.at, words._replace(message=message), "the end of the text")

    def values(self) -> None:
        """Scan one value with all that is inside it, keeping the open containers on a list."""
        while True:
            if self.value():
                continue
            while self.frames and not self.goes_on():
                self.frames.pop()
            if not self.frames:
                return

    def value(self) -> bool:
        """Scan a scalar or an empty container; True when a container was opened: a value comes next."""
        char = self.text[self.at : self.at + 1]
        if char == '"':
            self.string()
            return False
        if char in ("{", "["):
            return self.opened(char)
        if char == "-" or char.isdigit():
            self.number()
            return False
        match = _WORD.match(self.text, self.at)
        if not match:
            self.malformed(faults.AT_VALUE, "a value")
        self.at = match.end()
        return False

    def opened(self, char: str) -> bool:
        if len(self.frames) == MOST_DEPTH:
            self.stop("too-deep", self.at, faults.DEEP, f"at most {MOST_DEPTH} levels")
        frame = _Frame(char, self.at)
        self.at += 1
        self.space()
        if self.text.startswith("}" if char == "{" else "]", self.at):
            self.at += 1
            return False
        self.frames.append(frame)
        if char == "{":
            self.key(frame)
        return True

    def goes_on(self) -> bool:
        """Step over what follows a value in the innermost container: True at a comma, False at its end."""
        frame = self.frames[-1]
        self.space()
        char = self.text[self.at : self.at + 1]
        closing = "}" if frame.opening == "{" else "]"
        if char == closing:
            self.at += 1
            return False
        if char != ",":
            habits = faults.AFTER_MEMBER if frame.opening == "{" else faults.AFTER_ELEMENT
            self.malformed(habits, f"a comma or {closing}", parent=True)
        comma = self.at
        self.at += 1
        self.space()
        if self.text.startswith(closing, self.at):
            words = Words(f"a comma stands before the closing {closing}", "a comma", "take the comma out")
            self.stop("malformed-json", comma, words, f"another value, or {closing}", parent=True)
        if frame.opening == "{":
            self.key(frame)
        else:
            frame.index += 1
            frame.token = str(frame.index)
        return True

    def key(self, frame: _Frame) -> None:
        """Scan a key and its colon."""
        start = self.at
        if not self.text.startswith('"', start):
            self.malformed(faults.AT_KEY, 'a key in "…"', parent=True)
        frame.token = ""
        # The pointer of what is wrong inside a key can only be the object.
        key = self.string(parent=True)
        frame.token = _shown(key)
        if key in frame.keys:
            self.twice(key, start, frame.keys[key])
        frame.keys.setdefault(key, start)
        self.space()
        if not self.text.startswith(":", self.at):
            self.malformed(faults.AT_COLON, "a colon")
        self.at += 1
        self.space()

    def twice(self, key: str, start: int, first: int) -> None:
        shown = _quoted(key)
        words = Words(
            f"the key {shown} stands twice in this object (first at {self.place(first, start)})",
            shown,
            "keep one of the two members",
        )
        self.found("duplicate-key", start, words, "each key once")

    def place(self, offset: int, here: int) -> str:
        """Name another place in the text; its line only if it is another one, for a record of many knows no number."""
        self.lines = self.lines or Lines(self.text)
        line, column = self.lines.position(offset)
        is_here = line == self.lines.position(here)[0]
        return f"column {column} of this line" if is_here else f"line {line}, column {column}"

    def string(self, *, parent: bool = False) -> str:
        """Scan a string; its text, in which lone surrogates are kept."""
        start = self.at
        parts: list[str] = []
        self.at += 1
        while True:
            match = _PLAIN.match(self.text, self.at)
            if match:
                parts.append(match[0])
                self.at = match.end()
            char = self.text[self.at : self.at + 1]
            if char == '"':
                self.at += 1
                return "".join(parts)
            if char == "\\":
                parts.append(self.escape(start, parent=parent))
            elif char and char >= " ":
                self.raw_surrogate(char, parent=parent)
                parts.append(char)
            else:
                self.broken_string(start, char, parent=parent)

    def escape(self, start: int, *, parent: bool) -> str:
        match = _ESCAPE.match(self.text, self.at)
        if not match:
            if self.at + 1 >= len(self.text):
                self.broken_string(start, "", parent=parent)
            self.stop("malformed-json", self.at, faults.ESCAPE, _ESCAPES, parent=parent, sound=start)
        offset = self.at
        self.at = match.end()
        unit = int(match[1], 16) if match[1] else 0
        if not _is_surrogate(unit):
            return str(json.loads(f'"{match[0]}"'))
        low = _LOW_ESCAPE.match(self.text, self.at)
        if _is_high(unit) and low:
            self.at = low.end()
            return str(json.loads(f'"{match[0]}{low[0]}"'))
        self.lone(offset, f"U+{unit:04X}", parent=parent)
        return chr(unit)

    def raw_surrogate(self, char: str, *, parent: bool) -> None:
        if not (self.decoded and _UNDECODABLE.match(char)):
            self.lone(self.at, f"U+{ord(char):04X}", parent=parent)
        self.at += 1

    def lone(self, offset: int, shown: str, *, parent: bool) -> None:
        words = faults.SURROGATE._replace(actual=shown)
        self.found("lone-surrogate", offset, words, "whole characters", parent=parent)

    def broken_string(self, start: int, char: str, *, parent: bool) -> NoReturn:
        if not char:
            self.stop("malformed-json", start, faults.UNCLOSED, 'a closing "', parent=parent)
        control = faults.CONTROL._replace(actual=faults.character(char))
        words = faults.LINE_BREAK if char in "\r\n" else control
        self.stop("malformed-json", self.at, words, "an escape", parent=parent, sound=start)

    def number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if not match:
            self.malformed(faults.AT_VALUE, "a number")
        digits = sum(map(str.isdigit, match[0])) if match.end() - self.at > MOST_DIGITS else 0
        if digits > MOST_DIGITS:
            self.out_of_range(f"a number of {digits:,} digits")
        elif match[1] and not LEAST_EXPONENT <= int(match[1]) <= MOST_EXPONENT:
            self.out_of_range(f"the exponent {int(match[1])}" if len(match[1]) < _LONGEST_SHOWN else "an exponent")
        self.at = match.end()

    def out_of_range(self, actual: str) -> None:
        expected = f"at most {MOST_DIGITS:,} digits and an exponent from {LEAST_EXPONENT} to {MOST_EXPONENT}"
        self.found("number-out-of-range", self.at, faults.RANGE._replace(actual=actual), expected)

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def malformed(self, habits: tuple[Habit, ...], expected: str, *, parent: bool = False) -> NoReturn:
        if self.at >= len(self.text):
            self.cut_short(expected)
        if self.decoded and _UNDECODABLE.match(self.text, self.at):
            raise _StopError  # reported already, as not UTF-8
        words = faults.words_at(habits, self.text, self.at)
        self.stop("malformed-json", self.at, words, expected, parent=parent)

    def cut_short(self, expected: str) -> NoReturn:
        # White space at the end is not where anybody looks: the place is behind the last token.
        offset = len(self.text.rstrip(" \t\r\n"))
        if not self.frames:
            self.stop("malformed-json", offset, faults.CUT, expected)
        frame = self.frames[-1]
        message = f"the text ends inside the {frame.kind} that begins at {self.place(frame.offset, offset)}"
        words = Words(message, "the end of the text", "send the whole text, and close what is open")
        self.stop("malformed-json", offset, words, expected, parent=True)

    def found(
        self, code: str, offset: int, words: Words, expected: str, *, parent: bool = False, sound: int = -1
    ) -> None:
        where = pointer.join(frame.token for frame in (self.frames[:-1] if parent else self.frames))
        sound = offset if sound < 0 else sound
        self.add(Fault(code, offset, words.message, expected, words.actual, words.fix, where, sound))

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.budget -= len(fault.pointer) + _FAULT_COST
        if self.budget < 0:
            raise _StopError

    def stop(
        self, code: str, offset: int, words: Words, expected: str, *, parent: bool = False, sound: int = -1
    ) -> NoReturn:
        self.found(code, offset, words, expected, parent=parent, sound=sound)
        raise _StopError


_ESCAPES: Final = r"one of \" \\ \/ \b \f \n \r \t \uXXXX"


def _not_utf8(offset: int, actual: str) -> Fault:
    message = "this text is not in UTF-8"
    return Fault("not-utf8", offset, message, "UTF-8", actual, "encode the text as UTF-8", sound=offset)


def _wide_encoding(data: bytes) -> str | None:
    for mark, codec, name in _WIDE:
        if data.startswith(mark) and _decodes(data, codec):
            return name
    match = _WIDE_START.match(data)
    if match and match.lastgroup and _decodes(data, match.lastgroup):
        return "UTF-32" if "32" in match.lastgroup else "UTF-16"
    return None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_surrogate(unit: int) -> bool:
    return 0xD800 <= unit <= 0xDFFF  # noqa: PLR2004 - the bounds of the Unicode block


def _is_high(unit: int) -> bool:
    return unit < 0xDC00  # noqa: PLR2004 - where the low half begins


def _shown(text: str) -> str:
    """Make a key fit to be written: what is no character is shown as the replacement character."""
    return _SURROGATES.sub("\ufffd", text)


def _quoted(key: str) -> str:
    text = key if len(key) <= _LONGEST_SHOWN else f"{key[:_LONGEST_SHOWN]}…"
    return json.dumps(_shown(text), ensure_ascii=False)


def _problem(fault: Fault, place: tuple[int, int]) -> Problem:
    line, column = place
    return Problem(
        fault.code,
        fault.message,
        fault.pointer,
        expected=fault.expected,
        actual=fault.actual,
        fix=fault.fix,
        line=line,
        column=column,
    )
