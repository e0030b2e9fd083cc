"""Text from anywhere made safe to show: in a terminal, in a log, in an XML or JSON document.

A payload may hold escape sequences, line ends or right-to-left overrides; shown raw they would let it
rewrite what the reader sees. Everything that Python does not call printable is written as its JSON escape.
"""

from __future__ import annotations

from typing import Final

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def printable(text: str) -> str:
    """Escape every character that could act instead of being read; printable text is returned unchanged."""
    return text if text.isprintable() else "".join(map(visible, text))


def visible(character: str) -> str:
    """Show one character: itself, or its JSON escape."""
    if character.isprintable():
        return character
    return _SHORT.get(character) or _escape(ord(character))


def encodable(text: str) -> str:
    r"""Write lone surrogates (undecodable bytes of a file name) as `\udcff`, so that UTF-8 can hold the text."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def width(text: str) -> int:
    """Count the terminal cells that printable text takes: East Asian wide characters take two, accents none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - rich costs start-up time that plain ASCII need not pay

    return cell_len(text)


def _escape(code_point: int) -> str:
    if code_point <= 0xFFFF:  # noqa: PLR2004 - the last code point that four hex digits can write
        return f"\\u{code_point:04x}"
    return f"\\U{code_point:08x}"
