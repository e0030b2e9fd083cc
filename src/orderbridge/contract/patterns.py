"""Whether a regular expression is safe in engines that backtrack.

Our own engine takes linear time whatever the pattern, but a contract is read by other tools too. This looks
for what makes backtracking explode: an unbounded repetition whose rounds can be divided in many ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"(?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\])|(?P<open>\((?:\?(?:[:=!]|<[=!]|P?<\w+>))?)|(?P<close>\))"
    r"|(?P<many>(?:[*+]|\{[0-9]+,\})[?+]?)|(?P<few>\?[?+]?|\{[0-9]+(?:,[0-9]+)?\}[?+]?)|(?P<bar>\|)|(?P<atom>\\.|[^\\])",
    re.DOTALL,
)
_BACKTRACKING: Final = re.compile(r"\(\?<?[=!]|\\[1-9]")
_ANCHORS: Final = frozenset({"^", "$", r"\b", r"\B"})


@dataclass(slots=True)
class _Group:
    """What stands in one group: its plain characters that every round has, and what repeats in it."""

    start: int
    fixed: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    last: str = ""
    has_choice: bool = False


def risks(pattern: str) -> Iterator[str]:
    """Yield the parts of a pattern that need a backtracking engine or make one run for very long."""
    open_groups = [_Group(0)]
    closed: _Group | None = None
    for match in _TOKEN.finditer(pattern):
        kind, text = str(match.lastgroup), match.group()
        if _BACKTRACKING.fullmatch(text):
            yield text
        if kind == "many" and closed is not None:
            if _is_ambiguous(closed):
                yield pattern[closed.start : match.end()]
            open_groups[-1].repeated |= closed.fixed
        closed = None
        if kind == "close" and len(open_groups) > 1:
            closed = open_groups.pop()
            _settle(closed)
            open_groups[-1].repeated |= closed.repeated
        else:
            _take(open_groups, kind, text, match.start())


def _take(open_groups: list[_Group], kind: str, text: str, start: int) -> None:
    here = open_groups[-1]
    if kind == "open":
        _settle(here)
        open_groups.append(_Group(start))
    elif kind in {"set", "atom"}:
        _settle(here)
        here.last = "" if text in _ANCHORS else text
    elif kind == "many":
        here.repeated |= {here.last} - {""}
        here.last = ""
    elif kind == "few":
        here.last = ""
    elif kind == "bar":
        _settle(here)
        here.has_choice = True


def _settle(group: _Group) -> None:
    if group.last:
        group.fixed.add(group.last)
    group.last = ""


def _is_ambiguous(group: _Group) -> bool:
    """Tell whether rounds of a group run into each other: no fixed character keeps its repetitions apart."""
    if not group.repeated:
        return False
    return group.has_choice or not any(_separates(fixed, group.repeated) for fixed in group.fixed)


def _separates(fixed: str, repeated: set[str]) -> bool:
    character = fixed[-1] if len(fixed) == 1 or fixed[:1] == "\\" else ""
    if not character or (fixed[:1] == "\\" and character.isalnum()) or fixed == ".":
        return False
    return not any(_matches(each, character) for each in repeated)


def _matches(atom: str, character: str) -> bool:
    try:
        return re.fullmatch(atom, character, re.DOTALL) is not None
    except re.error:
        return True
