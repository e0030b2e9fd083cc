"""Bytes to a JSON value, strictly and exactly, or to the list of everything that is wrong with the text.

A library reads; three cheap checks cover what it lets through. Whatever looks wrong goes to the
scanner, which decides and explains, so that the fast ways refuse exactly what the slow one refuses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jiter import from_json
from orjson import OPT_INDENT_2, dumps, loads

from orderbridge.jsontext.limits import MOST_DEPTH, MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.problem import Problem

Json: TypeAlias = Any
"""A JSON value: None, bool, int, Decimal, str, list, dict (and float where `exact=False` allows it)."""

# One pass over the bytes leaves what matters: digits and signs as 0, e and E as e, opening brackets as {,
# and quotes, so that what stands apart stays apart; the other hex digits, so that ids rarely look like numbers.
_TABLE: Final = bytes.maketrans(b"0123456789+-E[]}", b"000000000000e{,,")
_NOISE: Final = bytes(set(range(256)) - set(b'0123456789+-eE{[,]}"abcdfABCDF'))
_BIG_EXPONENT: Final = b"0e000"
_BIG_EXPONENT_ENDS: Final = re.compile(rb"0e0{3,}(?:,|\Z)").search
# A hit may be by chance, or inside a string: the scanner decides. Each pattern begins with a literal byte, which
# is what makes it fast; the digit before it is looked at afterwards.
_EXPONENT: Final = re.compile(rb"e[-+0-9](?<=[0-9]e.)[0-9]{2,}(?<=[0-9]{3})(?=[ \t\r\n,\]}]|\Z)").search
_EXPONENT_UPPER: Final = re.compile(rb"E[-+0-9](?<=[0-9]E.)[0-9]{2,}(?<=[0-9]{3})(?=[ \t\r\n,\]}]|\Z)").search
_FRACTION: Final = re.compile(rb"\.(?<=[0-9]\.)[0-9]").search
_SHORT_EXPONENT: Final = re.compile(rb"e(?<=[0-9]e)[-+0-9]").search
# A number of 1,001 digits covers four neighbours among every 250th byte.
_SAMPLE: Final = MOST_DIGITS // 4
_SAMPLED_NUMBER: Final = re.compile(rb"[-+.0-9Ee]{4}").search
_LONG_NUMBER: Final = re.compile(rb"[-+.0-9Ee]{%d}" % MOST_DIGITS).search

_EMPTY: Final = re.compile(rb"\[[ \t\r\n]*\]|\{[ \t\r\n]*\}").search
_SPACE: Final = b" \t\r\n"
_BLANKS: Final = b" \t\r"
_HEAD: Final = 64
_INDENTED: Final = b'\n  "'
_OBJECTS_TOO_DEEP: Final = 5 * MOST_DEPTH
"""Bytes below which objects alone cannot be nested too deep: a level is at least `{"":` and `}`."""
_WRITER_DEPTH: Final = 254


def read(data: bytes | str, *, exact: bool = True) -> tuple[Json, tuple[Problem, ...]]:
    """Read one JSON text: the value and no problems, or None and every fault of the text.

    Nothing is ever raised. Numbers are int or Decimal, exactly as written; with `exact=False` they
    may be floats where the text is the shortest decimal of that float. Both ways refuse the same texts.
    Every duplicate key, number out of range and lone surrogate up to the first malformed place is
    named, in text order, with line and column in code points.
    """
    # One function on purpose: a call costs as much as a tenth of reading a small order.
    raw = data if type(data) is bytes else _bytes(data)
    # The quick way gives what was written, but floats for numbers with a fraction or an exponent.
    is_quick = not exact or (_FRACTION(raw) is None and _SHORT_EXPONENT(raw) is None)
    if is_quick and (value := _read_quickly(raw)) is not UNREAD:
        return value, ()
    try:
        value = from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, float_mode="decimal")
    except ValueError:
        return None, _faults_of(data)
    marks = raw.translate(_TABLE, _NOISE)
    if (
        (marks.rfind(_BIG_EXPONENT) >= 0 and _BIG_EXPONENT_ENDS(marks) and (_EXPONENT(raw) or _EXPONENT_UPPER(raw)))
        or (len(marks) > MOST_DIGITS and _SAMPLED_NUMBER(raw[::_SAMPLE]) and _LONG_NUMBER(raw))
        or (marks.count(b"{") > MOST_DEPTH and _may_be_too_deep(raw))
    ):
        problems = _faults_of(data, refused=False)
        return (None, problems) if problems else (value, ())
    return value, ()


PASSED: Final = object()
"""What a quick test gives for a text that is clean and whose value passes."""

UNREAD: Final = object()
"""What a quick test gives for a text that it cannot tell about: `read` has to."""


def quick_test(test: Callable[[Json], bool]) -> Callable[[bytes], Json]:
    """Make a function that tells at once whether a text is clean and its value passes a test.

    It gives `PASSED`, or the value that does not pass, or `UNREAD`. It never passes what `read` refuses.
    """

    # What comes out again byte for byte was read right: duplicate keys, numbers that a float cannot hold and odd
    # escapes get lost on that way and show as a difference. Depth does not; what was written again is asked about it:
    # it has the same brackets.
    # All in one function, as `read` is: this is what a clean order costs.
    def quick(raw: bytes) -> Json:
        try:
            value = loads(raw)
            # Most texts that people read are laid out in just this way; taking white space out takes twice as long.
            written = dumps(value, None, OPT_INDENT_2) if raw[1:5] == _INDENTED else dumps(value)
            if (written == raw or _is_only_spaced(written, raw)) and (
                (len(written) < _OBJECTS_TOO_DEEP and b"[" not in written)
                # Taking the brackets out counts them in a third of the time that `count` takes.
                or len(written) - len(written.replace(b"{", b"").replace(b"[", b"")) <= MOST_DEPTH
                or not _nests_too_deeply(value)
            ):
                return PASSED if test(value) else value
        except (ValueError, TypeError):
            pass
        return UNREAD

    return quick


def read_lines(data: bytes) -> list[Json] | None:
    """Read several texts at once, one per line: the value of each, or None if one has to be looked at alone.

    Values are given only if `quick_test` would find every one of the lines clean; a blank line is none.
    """
    # Each value is written by itself, and no line break is ever written: where all of it comes out again with its line
    # breaks, each line is the text of its own value, and no value began on one line and ended on another. That holds
    # with white space left out as well, but for line breaks: what is left has the same tokens.
    try:
        values = loads(b"[%b]" % data.replace(b"\n", b","))
        texts = list(map(dumps, values))
    except (ValueError, TypeError):
        return None
    written = b"\n".join(texts)
    is_proven = (written == data or _is_only_spaced(written, data, _BLANKS)) and (
        (b"[" not in written and max(map(len, texts), default=0) < _OBJECTS_TOO_DEEP)
        or len(written) - len(written.replace(b"{", b"").replace(b"[", b"")) <= MOST_DEPTH
        or not _nests_too_deeply(values, around=1)
    )
    return values if is_proven and values else None


def _is_only_spaced(written: bytes, raw: bytes, space: bytes = _SPACE) -> bool:
    """Tell whether a text is what was written again but for white space.

    All of it is left out on both sides, that inside strings too: what is left still has every quote, bracket, comma
    and digit in its order, and the strings themselves were written from the text.
    """
    # Whatever else makes a difference, the attempt would be wasted on a text that looks compact.
    if b'": ' not in raw[:_HEAD] and not raw.endswith((b"\n", b"\r")):
        return False
    return raw.translate(None, space) == written.translate(None, space)


_read_quickly: Final = quick_test(lambda _: False)


def _faults_of(data: bytes | str, *, refused: bool = True) -> tuple[Problem, ...]:
    from orderbridge.jsontext.scanner import faults_of  # noqa: PLC0415 - most runs never meet a broken text

    return faults_of(data, refused=refused)


def _bytes(data: bytes | str) -> bytes:
    # Half a surrogate pair becomes bytes that are not UTF-8, and is refused as such.
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)


def _may_be_too_deep(raw: bytes) -> bool:
    """Ask the library about the text in one more bracket.

    Its limit is ours, but for an empty array or object, which it lets through one level deeper.
    """
    if not _EMPTY(raw):
        return False
    try:
        from_json(b"[" + raw + b"]", cache_mode="none")
    except ValueError:
        return True
    return False


def _nests_too_deeply(value: Json, *, around: int = 0) -> bool:
    """Ask the writer, whose limit is above ours by as many levels as are put around the value, or already are."""
    for _ in range(_WRITER_DEPTH - MOST_DEPTH - around):
        value = (value,)
    try:
        dumps(value)
    except TypeError:
        return True
    return False
