"""What people write that is not JSON, and the words for it: tables, one row per habit.

The scanner knows only where the text stops being JSON and what should have stood there; these rows
turn that into a message that names the habit and the remedy. No row quotes more of the text than a
fixed word or one character, because the place may be the value of a secret.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple


class Fault(NamedTuple):
    """One fault of a text: a code, its place and the words for it.

    `sound` is where the token begins that holds the fault: the text before it is well-formed.
    """

    code: str
    offset: int
    message: str
    expected: str
    actual: str
    fix: str
    pointer: str = ""
    sound: int = -1


class Words(NamedTuple):
    """What is wrong, what stands there, and what to do about it."""

    message: str
    actual: str
    fix: str


class Habit(NamedTuple):
    """A pattern at the place of the fault, and the words for it."""

    pattern: re.Pattern[str]
    words: Words


BOM: Final = Words("the text begins with a byte order mark", "U+FEFF", "save the file as UTF-8 without the mark")
EMPTY: Final = Words("there is nothing here", "no text", "send a JSON value")
DEEP: Final = Words("arrays and objects are nested too deeply", "a deeper one", "send a flatter document")
CUT: Final = Words("the text ends before the value does", "the end of the text", "send the whole text")
ESCAPE: Final = Words("there is no such escape", "an unknown escape", r"write a backslash as \\")
UNCLOSED: Final = Words("this string is never closed", "the end of the text", 'close the string with "')
LINE_BREAK: Final = Words("a line ends inside a string", "a line break", r'close the string with ", or write \n')
CONTROL: Final = Words("a control character stands inside a string", "", r"write it as an escape, such as \t")
RANGE: Final = Words("this number is beyond what can be handed on exactly", "", "send an ordinary number, or a string")
SURROGATE: Final = Words(
    "half of a surrogate pair stands alone: it is not a character and cannot be sent on",
    "",
    "write both halves, or the character itself",
)


def _habit(pattern: str, message: str, actual: str, fix: str) -> Habit:
    return Habit(re.compile(pattern), Words(message, actual, fix))


_QUOTES: Final = (
    _habit("['`]", "JSON strings stand in double quotes, not in single ones", "a single quote", 'write "…"'),
    _habit(
        "[\u2018-\u201f\u00ab\u00bb]", "a typographic quote does not begin a string", "a typographic quote", 'use "'
    ),
)

_COMMENT: Final = _habit("//|/\\*|#|<!--", "JSON has no comments", "a comment", "take the comment out")

_EVERYWHERE: Final = (
    _COMMENT,
    _habit("\ufeff", "a byte order mark does not belong here", "a byte order mark", "take the mark out"),
    _habit("\x00", "a NUL character does not belong here", "a NUL character", "take the character out"),
    _habit(
        "[\x0b\x0c\x85\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000]",
        "this looks like white space, but JSON knows only space, tab and line break",
        "a character that JSON does not count as white space",
        "use an ordinary space",
    ),
)

AT_VALUE: Final = (
    *_EVERYWHERE,
    *_QUOTES,
    _habit(
        r"[-+]?(?i:nan|inf(?:inity)?)\b",
        "JSON has no NaN and no infinity",
        "NaN or Infinity",
        "send null, or leave the member out",
    ),
    _habit(r"True\b", "`True` is Python, JSON says `true`", "True", "write true"),
    _habit(r"False\b", "`False` is Python, JSON says `false`", "False", "write false"),
    _habit(r"None\b", "`None` is Python, JSON says `null`", "None", "write null"),
    _habit(r"(?:undefined|nil)\b", "JSON has no such word: nothing is `null`", "undefined or nil", "write null"),
    _habit(r"(?i:true|false|null)\b", "true, false and null are written in lower case", "a word", "use lower case"),
    _habit(r"\+", "a number does not begin with a plus sign", "a plus sign", "leave the + out"),
    _habit(r"-?0[xXoObB]", "JSON numbers are decimal", "a number with a base prefix", "write the number in decimal"),
    _habit(
        r"-?0[0-9]",
        "a number does not begin with a zero",
        "a number with a leading zero",
        "leave the zero out, or quote it if it is a code",
    ),
    _habit(r"-?\.[0-9]", "a digit must stand before the decimal point", "a decimal point", "write 0 before the point"),
    _habit(
        r"-?[0-9]+\.(?![0-9])", "a digit must follow the decimal point", "a number ending in a point", "add a digit"
    ),
    _habit(
        r"-?[0-9]+(?:\.[0-9]+)?[eE][-+]?(?![0-9])",
        "the exponent of this number has no digits",
        "a number with an unfinished exponent",
        "add the exponent's digits",
    ),
    _habit(
        r"-?[0-9]",
        "this begins like a number but does not go on like one",
        "text that begins with a number",
        "put it in double quotes if it is text",
    ),
    _habit(r"-", "a minus sign stands only before a number", "a minus sign", "add the number, or write null"),
    _habit(r",", "a value is missing before the comma", "a comma", "take one comma out, or add the value"),
    _habit(r"[\]}]", "a value is missing before the closing bracket", "a closing bracket", "add the value"),
    _habit(r"[:=;]", "a value should stand here", "a separator", "add the value"),
    _habit(r"\\", "a backslash stands only inside a string", "a backslash", 'put the text in "…"'),
    _habit(r"[^\W\d]|\$", "text stands in double quotes", "text without quotes", 'put it in "…"'),
)

AT_KEY: Final = (
    *_EVERYWHERE,
    *_QUOTES,
    _habit(r",", "a member is missing before the comma", "a comma", "take one comma out"),
    _habit(r"\]", "this object is closed by the wrong bracket", "a closing square bracket", "close it with }"),
    _habit(r":", "a key is missing before the colon", "a colon", "add the key"),
    _habit(r"[-+]?[0-9]", "a key is a string, not a number", "a number", 'write the key as "…"'),
    _habit(r"[\[{]", "a key is a string", "an opening bracket", 'write the key as "…"'),
    _habit(r"[^\W\d]|\$", "a key stands in double quotes", "a key without quotes", 'put the key in "…"'),
)

_BEGINS_VALUE: Final = r'["\[{0-9]|-[0-9]|(?:true|false|null)\b'

AT_COLON: Final = (
    *_EVERYWHERE,
    _habit(r"[=]>?", "a key and its value are joined by a colon", "an equals sign", "write a colon"),
    _habit(_BEGINS_VALUE, "a colon is missing between the key and its value", "a value", "add a colon"),
    _habit(r"[,}]", "this key has no value", "the end of the member", "add a colon and the value"),
)

AFTER_MEMBER: Final = (
    *_EVERYWHERE,
    _habit(r'["\u2018-\u201f\'`]', "a comma is missing between two members", "a quote", "add a comma before it"),
    _habit(r"\]", "this object is closed by the wrong bracket", "a closing square bracket", "close it with }"),
    _habit(r";", "members are separated by commas", "a semicolon", "write a comma"),
    _habit(r":", "a second colon does not belong here", "a colon", "take it out, or add a comma and a key before"),
    _habit(_BEGINS_VALUE, "a second value follows the first", "a value", "join them, or add a comma and a key"),
    _habit(r"[^\W\d]|\$", "a comma is missing here", "text without quotes", 'add a comma and a key in "…"'),
)

AFTER_ELEMENT: Final = (
    *_EVERYWHERE,
    _habit(_BEGINS_VALUE, "a comma is missing between two elements", "a value", "add a comma before it"),
    _habit(r"\}", "this array is closed by the wrong bracket", "a closing curly bracket", "close it with ]"),
    _habit(r";", "elements are separated by commas", "a semicolon", "write a comma"),
    _habit(r":", "an array has no keys", "a colon", "use {…} for members with keys"),
    _habit(
        r"[^\W\d]|\$|['`]", "a comma is missing here", "text without double quotes", 'add a comma, and quote with "'
    ),
)

AFTER_ALL: Final = (
    _COMMENT,
    _habit(r"[\]}]", "one closing bracket too many", "a closing bracket", "take it out"),
    _habit(r",", "a comma follows the end of the value", "a comma", "take it out"),
    _habit(_BEGINS_VALUE, "a second value follows", "a second value", "send one value, or NDJSON line by line"),
)


def words_at(habits: tuple[Habit, ...], text: str, offset: int) -> Words:
    """Pick the first row that fits, or name the character."""
    for habit in habits:
        if habit.pattern.match(text, offset):
            return habit.words
    name = character(text[offset])
    return Words(f"{name} does not belong here", name, "take it out, or quote it")


def character(char: str) -> str:
    """Name one character so that it can be shown anywhere: `U+200B ZERO WIDTH SPACE`, `'%'`."""
    if " " < char <= "~":
        return f"'{char}'"
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()
