"""`--format json`: one object for the whole run, its problems written as they are found.

The counts come after the problems: they are known last, and holding a report back (or on disk) to
put them first would cost more than an order of members that no JSON reader may rely on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderbridge.render.machine import compact, opened, problem_json
from orderbridge.render.report import TOOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.render.report import Checked, Topic, Totals


class JsonReport:
    """Write one JSON object, one problem per line."""

    wants_clean = False

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Remember the tool's version; JSON has no colours."""
        self._version = version
        self._separator = "\n  "

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield the head, up to the opened list of problems."""
        head: dict[str, object] = {"tool": TOOL, "version": self._version, **topic.members()}
        yield f'{opened(head)},\n "problems":['

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield each problem."""
        for problem in checked.placed():
            yield self._separator + compact(problem_json(problem))
            self._separator = ",\n  "

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the counts."""
        yield f"],\n {compact(totals.members())[1:]}\n"
