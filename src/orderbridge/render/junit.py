"""`--format junit`: one test case per document, for the test reports of CI servers.

A suite's counts are attributes of its first tag, known only at the end: the cases wait in a spool, in memory
while they are few and in a temporary file beyond. Errors are the case's one failure (readers look at the first
only), warnings its output.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from orderbridge.render.printable import printable
from orderbridge.render.report import TOOL
from orderbridge.render.wording import count, headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.problem import Problem
    from orderbridge.render.report import Checked, Topic, Totals

SPOOL: Final = 1 << 20
"""Characters of test cases that are kept in memory."""

_CHUNK: Final = 1 << 16
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
# XML 1.0 cannot hold these characters, not even as character references.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Junit:
    """Write one `testsuites` document with one suite."""

    wants_clean = True

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Take the options of every format; JUnit has no place for them."""
        self._parts: tuple[str, ...] = ()
        self._spool: IO[str] | None = None

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield nothing yet: the head holds the counts."""
        self._parts = topic.parts
        yield from ()

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield nothing yet; keep the test case."""
        if self._spool is None:
            self._spool = _spool()
        self._spool.write(_case(checked, class_name=".".join(self._parts)))
        yield from ()

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the head with its counts, the kept test cases, and the tail."""
        counts = _attributes(tests=totals.checked, failures=totals.invalid, errors=0, skipped=0)
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f"<testsuites{_attributes(name=TOOL)}>\n"
        yield f"<testsuite{_attributes(name=' '.join(self._parts))}{counts}>\n"
        yield from self._cases()
        yield "</testsuite>\n</testsuites>\n"

    def _cases(self) -> Iterator[str]:
        if self._spool is None:
            return
        with self._spool as spool:
            spool.seek(0)
            while chunk := spool.read(_CHUNK):
                yield chunk


def _spool() -> IO[str]:
    from tempfile import SpooledTemporaryFile  # noqa: PLC0415 - costs start-up time that the other formats save

    return SpooledTemporaryFile(max_size=SPOOL, mode="w+", encoding="utf-8", newline="")


def _case(checked: Checked, *, class_name: str) -> str:
    name = checked.file if checked.record is None else f"{checked.file} record {checked.record}"
    case = f"<testcase{_attributes(classname=class_name, name=printable(name), file=printable(checked.file))}"
    if not checked.problems:
        return f"{case}/>\n"
    errors = [problem for problem in checked.placed() if problem.severity == "error"]
    warnings = [problem for problem in checked.placed() if problem.severity == "warning"]
    return f"{case}>\n{_failure(errors)}{_output(warnings)}</testcase>\n"


def _failure(errors: list[Problem]) -> str:
    if not errors:
        return ""
    first = errors[0]
    message = f"{count(len(errors), 'error')}: {printable(first.message)}"
    return f"<failure{_attributes(message=message, type=first.code)}>{_lines(errors)}</failure>\n"


def _output(warnings: list[Problem]) -> str:
    return f"<system-out>{_lines(warnings)}</system-out>\n" if warnings else ""


def _lines(problems: list[Problem]) -> str:
    return "\n".join(_escape(line) for problem in problems for line in _described(problem))


def _described(problem: Problem) -> Iterator[str]:
    yield headline(problem)
    if problem.fix:
        yield f"  fix: {printable(problem.fix)}"


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{_escape(str(value))}"' for name, value in values.items())


def _escape(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPES)
