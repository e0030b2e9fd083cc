"""Findings with their places in the HAR: the line and column of the very character, also inside a body.

A body stands in a HAR as a string, so what is wrong in it has two addresses: where the string is, and where in the
body. Both are said, as `/log/entries/0/response/content/text#/items/0/price`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderbridge import jsontext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orderbridge.problem import Problem

_RUN: Final = re.compile(
    r"[^\\\"]+|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL
)
"""Characters of a JSON string that stand for themselves, or one escape: a pair of surrogates is one character."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, the pointer of what it is about in the HAR, and the pointer inside that.

    `text` is the body that the problem's own line and column are of, if the HAR holds it as it is.
    """

    problem: Problem
    at: str
    inside: str = ""
    text: str | None = None

    @property
    def pointer(self) -> str:
        """Both addresses in one."""
        return f"{self.at}#{self.inside}" if self.inside else self.at


def placed(findings: Sequence[Finding], text: str, file: str) -> Iterator[Problem]:
    """Give the problems with their places in the text of the HAR, in their order."""
    places = jsontext.locate(text, {each.at for each in findings} | {_above(each.at) for each in findings})
    for each in findings:
        place = places.get(each.at) or places.get(_above(each.at))
        known: dict[str, str | int | None] = {"pointer": each.pointer, "file": file, "line": None, "column": None}
        if place is not None:
            known |= {"line": place.line, "column": place.column + _offset(each, text, place)}
        yield each.problem.placed(**known)


def _above(where: str) -> str:
    """Give the object that lacks what stands at a pointer."""
    return where.rpartition("/")[0]


def _offset(finding: Finding, text: str, place: jsontext.Place) -> int:
    """Count the characters from the quote that opens a string to the one that stands for a place in it."""
    line, column = finding.problem.line, finding.problem.column
    if finding.text is None or line is None or column is None or text[place.offset : place.offset + 1] != '"':
        return 0
    left = _characters(finding.text, line, column)
    at = place.offset + 1
    while left > 0 and (run := _RUN.match(text, at)):
        is_plain = text[at] != "\\"
        at = min(run.end(), at + left) if is_plain else run.end()
        left -= at - run.start() if is_plain else 1
    return at - place.offset


def _characters(text: str, line: int, column: int) -> int:
    """Count the characters before a line and column."""
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return at + column - 1
