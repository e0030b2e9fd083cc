"""`--format text`: for people. The problem, the user's own line with a caret, the fix; totals at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderbridge.render.excerpt import Source
from orderbridge.render.printable import printable
from orderbridge.render.wording import place, pointer, totals_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.problem import Problem
    from orderbridge.render.report import Checked, Topic, Totals

    Paint = Callable[[str, str], str]

_INDENT = "    "


class Text:
    """Write problems as a compiler would: `FILE:LINE:COL: error CODE at POINTER: MESSAGE`."""

    wants_clean = False

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Choose colours or none; the version is for machines."""
        self._paint = _painter(color=color)

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield nothing: people know what they asked for."""
        yield from ()

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield each problem with its excerpt and its fix."""
        if not checked.problems:
            return
        source = _source(checked)
        for problem in checked.placed():
            yield self._headline(problem)
            if source and problem.file == checked.file:
                yield from self._excerpt(problem, source)
            if problem.fix:
                yield f"  {self._paint('fix', 'fix:')} {printable(problem.fix)}\n"

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the totals in one line."""
        yield self._paint(_mood(totals), totals_sentence(totals)) + "\n"

    def _headline(self, problem: Problem) -> str:
        paint = self._paint
        what = f"{paint(problem.severity, problem.severity)} {paint('code', problem.code)}"
        where = paint("pointer", pointer(problem))
        return f"{paint('place', place(problem) + ':')} {what} at {where}: {printable(problem.message)}\n"

    def _excerpt(self, problem: Problem, source: Source) -> Iterator[str]:
        if problem.line is None or problem.column is None:
            return
        excerpt = source.excerpt(problem.line, problem.column)
        if excerpt:
            yield f"{_INDENT}{excerpt.line}\n"
            yield f"{_INDENT}{' ' * excerpt.caret}{self._paint(problem.severity, '^')}\n"


def _mood(totals: Totals) -> str:
    if totals.invalid:
        return "error"
    return "warning" if totals.warnings else "clean"


def _source(checked: Checked) -> Source | None:
    if checked.text is None:
        return None
    return Source.of(checked.text, checked.secrets, single=checked.record is not None)


def _painter(*, color: bool) -> Paint:
    if not color:
        return _plain
    from orderbridge.render.colour import paint  # noqa: PLC0415 - brings rich, which plain output does without

    return paint


def _plain(role: str, text: str) -> str:
    return text
