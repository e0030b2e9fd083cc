"""Documents of any number of sources, checked in order, in constant memory, by one process or several.

A chunk of lines is the unit of work: what a chunk says about clean records is a count, so that a million
clean orders cost a million validations and nothing else.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from orderbridge.batch.crew import crew
from orderbridge.batch.lines import Tester, pieces
from orderbridge.batch.sources import Source, read_whole
from orderbridge.batch.spans import Span, read_from, read_span, spans
from orderbridge.errors import InputError
from orderbridge.jsontext import PASSED
from orderbridge.render.report import Checked, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

    from orderbridge.jsontext import Json
    from orderbridge.problem import Problem

Task: TypeAlias = "tuple[str, bytes | Span, bool]"
"""Lines of a file, or where they are, and whether clean records are shown too."""

CHUNK: Final = 1 << 19
"""Bytes of lines that one process checks in one go: more would not stay in the memory near the processor."""


class Checker(Tester, Protocol):
    """What checks one document: a compiled validator."""

    @property
    def secrets(self) -> frozenset[str]:
        """The member names whose values no excerpt may show."""

    def check(self, payload: bytes) -> list[Problem]:
        """Give every problem of one document."""

    def explain(self, payload: bytes, answer: Json) -> list[Problem]:
        """Give every problem of a document that has not passed the quick test, whose answer for it is given too."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of one source; `line` is the number of the first."""

    file: str
    data: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one chunk or document gave: counts of all records, the records worth showing, its bytes and lines."""

    totals: Totals
    shown: tuple[Checked, ...]
    size: int
    lines: int = 0


def check_document(source: Source, checker: Checker) -> Outcome:
    """Check a source that holds one document.

    Raises:
        InputError: it cannot be read.

    """
    data = read_whole(source)
    problems = tuple(checker.check(data))
    text = data.decode("utf-8", "replace") if problems else None
    checked = Checked(source.name, None, problems, text, checker.secrets)
    return Outcome(Totals().plus(checked), (checked,), len(data))


def check_chunk(file: str, chunk: bytes, checker: Checker, *, clean: bool) -> Outcome:
    """Check each line of a chunk of a file; with `clean` the records without problems are shown too.

    Records and lines are numbered from 1 in each chunk; blank lines hold no record.
    """
    doubtful: list[tuple[int, int, bytes, Json]] = []
    records = lines = 0
    for piece in pieces(chunk, checker):
        if piece.answers is None and not clean:
            records += piece.lines
        else:
            for line, (data, answer) in enumerate(piece.pairs(), lines + 1):
                if data and not data.isspace():
                    records += 1
                    if clean or answer is not PASSED:
                        doubtful.append((records, line, data, answer))
        lines += piece.lines
    # One after the other: what explains takes half as long again where reading and testing come in between.
    explained = [_explained(file, each, checker) for each in doubtful]
    shown = tuple([record for record in explained if record.problems or clean])
    totals = sum((Totals().plus(record) for record in shown), Totals())
    unseen = records - totals.checked
    totals = replace(totals, checked=records, valid=totals.valid + unseen)
    return Outcome(totals, shown, len(chunk), lines)


def _explained(file: str, line: tuple[int, int, bytes, Json], checker: Checker) -> Checked:
    record, number, data, answer = line
    found = [] if answer is PASSED else checker.explain(data, answer)
    # Settled, because a chunk of nothing but faults would be held as values until it is shown.
    problems = tuple([problem.settled() for problem in found])
    text = data.decode("utf-8", "replace") if problems else None
    return Checked(file, record, problems, text, checker.secrets, number)


def chunks(source: Source, size: int = CHUNK) -> Iterator[Chunk]:
    """Cut a source into chunks of whole lines.

    Raises:
        InputError: it cannot be read.

    """
    line = 1
    with source.open() as stream:
        for data in whole_lines(stream, source.name, size):
            yield Chunk(source.name, data, line)
            line += data.count(b"\n")


def whole_lines(stream: IO[bytes], name: str, size: int) -> Iterator[bytes]:
    """Read pieces of about a size that end where a line ends, however long that line is.

    Raises:
        InputError: the stream cannot be read; `name` says which.

    """
    while True:
        try:
            data = stream.read(size)
            if data and not data.endswith(b"\n"):
                data += stream.readline()
        except OSError as error:
            reason = f"{name} cannot be read: {error.strerror or error}"
            raise InputError(reason) from error
        if not data:
            return
        yield data


def check_all(
    inputs: Iterable[Source],
    checker: Checker,
    make: Callable[[], Checker],
    *,
    jobs: int = 1,
    clean: bool = False,
) -> Iterator[Outcome]:
    """Check every document of every source, in order.

    `make` builds the same checker again, for a process that cannot inherit this one; it must be picklable.

    Raises:
        InputError: a source cannot be read.
        WorkerLostError: a process that checks has ended before its work.

    """
    lined = sum(source.lined for source in inputs)
    shared = jobs > 1
    with crew(_check_task, checker, make, jobs if lined else 1) as check:
        for source in inputs:
            if source.lined:
                yield from numbered(_check_lines(source, checker, check, clean=clean, shared=shared))
            else:
                yield check_document(source, checker)


def _check_lines(
    source: Source,
    checker: Checker,
    check: Callable[[Iterable[Task]], Iterator[Outcome | None]],
    *,
    clean: bool,
    shared: bool,
) -> Iterator[Outcome]:
    with source.open() as stream:
        handed: deque[Span | None] = deque()

        def tasks() -> Iterator[Task]:
            for chunk in _chunks(stream, source.name, shared=shared):
                # Lines that were handed over are not kept here as well.
                handed.append(chunk if isinstance(chunk, Span) else None)
                yield source.name, chunk, clean

        for outcome in check(tasks()):
            chunk = handed.popleft()
            if outcome is not None:
                yield outcome
            elif chunk is not None:
                # The file is no longer where its name leads to; here it is still open.
                yield check_chunk(source.name, read_from(stream, source.name, chunk), checker, clean=clean)


def _chunks(stream: IO[bytes], name: str, *, shared: bool) -> Iterator[bytes | Span]:
    found = spans(stream, name, CHUNK)
    if found is None:
        return whole_lines(stream, name, CHUNK)
    return found if shared else (read_from(stream, name, span) for span in found)


def numbered(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Count records and lines on from chunk to chunk; none knows how many came before it."""
    records = lines = 0
    for outcome in outcomes:
        yield replace(outcome, shown=tuple(_moved(record, records, lines) for record in outcome.shown))
        records += outcome.totals.checked
        lines += outcome.lines


def _moved(record: Checked, records: int, lines: int) -> Checked:
    return replace(record, record=(record.record or 0) + records, line=(record.line or 0) + lines)


def _check_task(checker: Checker, task: Task) -> Outcome | None:
    file, chunk, clean = task
    data = read_span(chunk) if isinstance(chunk, Span) else chunk
    return None if data is None else check_chunk(file, data, checker, clean=clean)
