"""How paths are written in a mapping file, and read.

Partner paths name members of the partner's document, hub paths leaves of the hub's; both are dotted. Text in back
quotes is one member name, whatever it holds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from orderbridge.mapping.operations import HubPath, Select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.mapping.operations import Path, Token

ROWS: Final = "*"
_STEP: Final = re.compile(r"(?P<quoted>`[^`]+`)|(?P<plain>[^.`]+)")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
ROOT: Final = "."


class PathError(ValueError):
    """A path that cannot be read; the message says why."""


def read_path(text: str) -> Path:
    """Read a partner path; `*` stands for the elements of a list, `.` for the document itself.

    Raises:
        PathError: it is empty, or has an empty step or a stray back quote.

    """
    if text == ROOT:
        return ()
    steps: list[Token] = []
    at = 0
    while True:
        match = _STEP.match(text, at)
        if match is None:
            reason = f"{text!r} is not a path: a member name is expected at character {at + 1}"
            raise PathError(reason)
        steps.append(_step(match))
        at = match.end()
        if at == len(text):
            return tuple(steps)
        if text[at] != ".":
            reason = f"{text!r} is not a path: '.' is expected at character {at + 1}"
            raise PathError(reason)
        at += 1


def _step(match: re.Match[str]) -> Token:
    if match["quoted"] is not None:
        return match["quoted"][1:-1]
    text = match["plain"]
    if _INDEX.fullmatch(text):
        return int(text)
    member, equals, value = text.partition("=")
    return Select(member, value) if equals and member and value else text


def write_path(path: Iterable[Token]) -> str:
    """Write a partner path as a mapping file has it."""
    return ".".join(map(_written, path)) or ROOT


@lru_cache(maxsize=8_192)
def path_text(path: Path) -> str:
    """Write a path of a line, as `write_path` does; the same lines are asked for theirs with every document."""
    return write_path(path)


def _written(token: Token) -> str:
    if isinstance(token, Select):
        return f"{token.member}={token.value}"
    if isinstance(token, int):
        return str(token)
    plain = token == ROWS or not (_INDEX.fullmatch(token) or re.search(r"[.=*`]", token))
    return token if plain else f"`{token}`"


def read_hub_path(text: str, lists: Iterable[str]) -> HubPath:
    """Read a hub path; `lists` are the hub's lists at the root, whose first row can be named.

    Raises:
        PathError: it is empty or has an empty step.

    """
    leaf = text.lstrip("^")
    up = len(text) - len(leaf)
    if not leaf or "" in leaf.split("."):
        reason = f"{text!r} is not a hub path"
        raise PathError(reason)
    for name in lists:
        if leaf.startswith(f"{name}.0."):
            return HubPath(leaf[len(name) + 3 :], up, name)
        if leaf == f"{name}.0":
            return HubPath("", up, name)
    return HubPath(leaf, up)


def below(path: HubPath, leaf: str) -> HubPath:
    """Go on from a prefix to a leaf below it."""
    return HubPath(f"{path.leaf}.{leaf}" if path.leaf else leaf, path.up, path.first)
