"""`--format github`: workflow commands, which GitHub Actions shows as annotations beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderbridge.render.printable import printable
from orderbridge.render.wording import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.problem import Problem
    from orderbridge.render.report import Checked, Topic, Totals

# The runner decodes exactly these: in the message three characters, in a property five.
_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


class Github:
    """Write one workflow command per problem and nothing else."""

    wants_clean = False

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Take the options of every format; workflow commands need none."""

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield nothing."""
        yield from ()

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield the command of each problem."""
        for problem in checked.placed():
            yield _command(problem)

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield nothing."""
        yield from ()


def _command(problem: Problem) -> str:
    properties = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.code}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value is not None)
    return f"::{problem.severity} {written}::{_message(problem)}\n"


def _property(value: str | int) -> str:
    return printable(str(value)).translate(_PROPERTY)


def _message(problem: Problem) -> str:
    lines = [printable(problem.message), f"at {pointer(problem)}"]
    if problem.fix:
        lines.append(f"fix: {printable(problem.fix)}")
    return "\n".join(lines).translate(_DATA)
