"""Requests that nobody can read: broken bodies and broken HTTP, made systematically and always the same.

What can be listed is in `malformed.json`; here it is put into requests, cut, and mixed with every forbidden byte.
"""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orderbridge import jsontext

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTED: Final = {
    kind: [each.encode("latin-1") for each in parts]
    for kind, parts in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="ascii")).items()
    if isinstance(parts, list)
}
_TRUNCATIONS: Final = 60
_PLACES: Final = 20
_STRUCTURE: Final = b'{}[]:,"'
_INSERTED: Final = (b"\x00", b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\x1f\x8b")
"""A NUL, a byte of no UTF-8, a broken sequence, an encoded surrogate, the mark of gzip."""
_NUMBERS: Final = (*_LISTED["json numbers"], b"9" * 1001, b"1" * 5000 + b".5")
_FORMS: Final = (b"%s", b"[%s]", b'{"a":%s}')
_DEEP: Final = (201, 1000, 20_000, 100_000)
_OPENED: Final = (b"[", b'{"a":', b'[{"a":', b'[""', b"[[],")
_CONTROLS: Final = [bytes([code]) for code in (*range(9), *range(11, 13), *range(14, 32), 127)]


def bodies(example: bytes) -> Iterator[tuple[str, bytes]]:
    """Make bodies that are not acceptable JSON of one that is."""
    yield from (("nothing", b""), ("blank", b" \r\n\t"))
    compact = jsontext.write(jsontext.read(example)[0])
    size = len(compact)
    for cut in sorted({max(1, size * step // (_TRUNCATIONS + 1)) for step in range(1, _TRUNCATIONS + 1)}):
        yield f"cut at {cut}", compact[:cut]
    for place in sorted({size * step // _PLACES for step in range(_PLACES)}):
        for inserted in _INSERTED:
            yield f"{inserted!r} at {place}", compact[:place] + inserted + compact[place:]
    yield from _without_structure(compact)
    for part in (*_NUMBERS, *_LISTED["json words"], *_LISTED["json strings"]):
        for form in _FORMS:
            yield f"{part[:12]!r} in {form!r}", form.replace(b"%s", part)
    for around in _LISTED["around json"]:
        yield f"around {around!r}", around.replace(b"%s", compact)
    for depth in _DEEP:
        for opened in _OPENED:
            yield f"{depth} times {opened!r}", opened * depth
        yield f"{depth} closed lists", b"[" * depth + b"]" * depth
    yield from _other_encodings(compact)


def _without_structure(text: bytes) -> Iterator[tuple[str, bytes]]:
    places = [place for place, byte in enumerate(text) if byte in _STRUCTURE and text[place - 1 : place] != b"\\"]
    for place in places[:: max(1, len(places) // _PLACES)]:
        left_out = text[:place] + text[place + 1 :]
        # Some texts are as good without: a colon within a word, say.
        if jsontext.read(left_out)[1]:
            yield f"without the character at {place}", left_out


def _other_encodings(text: bytes) -> Iterator[tuple[str, bytes]]:
    words = text.decode()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield encoding, words.encode(encoding)
    yield "latin-1", b'{"a":"\xe9"}'
    yield "gzip", gzip.compress(text, mtime=0)
    yield "duplicate", b'{"a":1,"a":2}'
    yield "duplicate by escape", b'{"a":1,"\\u0061":2}'
    random_bytes = random.Random(20260101)  # noqa: S311 - the same bytes each time, that is all
    for length in (1, 2, 3, 7, 64, 1000, 65_536):
        yield f"{length} random bytes", b"\xff" + random_bytes.randbytes(length - 1)


def wire(method: bytes, path: bytes, headers: bytes) -> Iterator[tuple[str, bytes]]:
    """Make HTTP requests for an operation that break HTTP; `headers` are those of a good one, without the framing."""
    start = b"%s %s HTTP/1.1\r\n" % (method, path)
    good = b"Host: a\r\n" + headers
    for fault in [*_LISTED["headers"], *(b"X: a%sb\r\n" % each for each in _CONTROLS)]:
        yield f"first header {fault!r}", start + fault + good + b"\r\n"
        yield f"last header {fault!r}", start + good + fault + b"\r\n"
    yield "no host", start + headers + b"\r\n"
    for fault in _LISTED["framing"]:
        yield f"framing {fault!r}", start + good + fault + b"\r\n{}"
        yield f"framing with chunks {fault!r}", start + good + fault + b"\r\n2\r\n{}\r\n0\r\n\r\n"
    for fault in _LISTED["chunks"]:
        yield f"chunks {fault!r}", start + good + b"Transfer-Encoding: chunked\r\n\r\n" + fault
    yield from _first_lines(method, path, good)
    for greeting in _LISTED["greetings"]:
        yield f"greeting {greeting[:20]!r}", greeting
    yield "the proxy's method", b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"
    yield "a body cut off", start + good + b"Content-Length: 10\r\n\r\n{"
    yield "a head cut off", start + good


def _first_lines(method: bytes, path: bytes, good: bytes) -> Iterator[tuple[str, bytes]]:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    yield "chunks in HTTP/1.0", b"%s %s HTTP/1.0\r\n" % (method, path) + good + chunked
    for target in _LISTED["targets"]:
        yield f"target {target!r}", b"%s %s HTTP/1.1\r\n" % (method, target.replace(b"%s", path[1:])) + good + b"\r\n"
    for version in _LISTED["versions"]:
        yield f"version {version!r}", b"%s %s %s\r\n" % (method, path, version) + good + b"\r\n"
    for name in [*_LISTED["methods"], b"A" * 10_000]:
        yield f"method {name[:12]!r}", b"%s %s HTTP/1.1\r\n" % (name, path) + good + b"\r\n"
