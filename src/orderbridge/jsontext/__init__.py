"""The one reader and writer of JSON text: strict, exact, and able to say where every fault is.

Reading is done by a library and takes microseconds; only text that the library refuses (or that it
lets through although its numbers are out of range) is gone over again by our own scanner, which
exists to name every fault with its line and column.
"""

from __future__ import annotations

from orderbridge.jsontext.place import Place, locate, position
from orderbridge.jsontext.reader import PASSED, UNREAD, Json, quick_test, read, read_lines
from orderbridge.jsontext.secret import secret_spans
from orderbridge.jsontext.writer import write

__all__ = [
    "PASSED",
    "UNREAD",
    "Json",
    "Place",
    "locate",
    "position",
    "quick_test",
    "read",
    "read_lines",
    "secret_spans",
    "write",
]
