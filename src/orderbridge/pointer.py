"""JSON Pointer (RFC 6901): the one notation for places in documents.

Tokens are kept as strings; an array index is its decimal digits. Parsing is lenient only where the
RFC leaves no other reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def join(tokens: Iterable[str | int]) -> str:
    """Write tokens as a pointer: `join(["a/b", 0])` is `/a~1b/0`."""
    return "".join([f"/{escape(token) if isinstance(token, str) else token}" for token in tokens])


def escape(token: str) -> str:
    """Escape one token (`~` first, then `/`)."""
    return token.replace("~", "~0").replace("/", "~1") if "~" in token or "/" in token else token


def split(pointer: str) -> list[str]:
    """Read a pointer into its unescaped tokens.

    Raises:
        ValueError: the pointer is not empty and does not start with `/`.

    """
    if not pointer:
        return []
    if not pointer.startswith("/"):
        msg = f"a JSON Pointer starts with '/': {pointer!r}"
        raise ValueError(msg)
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def get(document: Any, pointer: str) -> Any:
    """Read the value at a pointer.

    Raises:
        LookupError: nothing is there.

    """
    value = document
    for token in split(pointer):
        value = step(value, token)
    return value


def step(value: Any, token: str) -> Any:
    """Read one member or element.

    Raises:
        LookupError: nothing is there.

    """
    if isinstance(value, dict):
        return value[token]
    if isinstance(value, list) and is_index(token):
        return value[int(token)]
    raise LookupError(token)


def is_index(token: str) -> bool:
    """Tell whether a token is an array index: ASCII digits without a leading zero."""
    return token == "0" or (token.isascii() and token.isdigit() and token[0] != "0")
