"""Documents of any number of sources, checked in order, in constant memory, by one process or several.

A chunk of lines is the unit of work: what a chunk says about clean records is a count, so that a million
clean orders cost a million validations and nothing else.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING, Final, Protocol

from orderbridge.batch.sources import Source, read_whole
from orderbridge.errors import InputError
from orderbridge.render.report import Checked, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

    from orderbridge.problem import Problem

CHUNK: Final = 1 << 20
"""Bytes of lines that are checked together."""


class Checker(Protocol):
    """What checks one document: a compiled validator."""

    @property
    def secrets(self) -> frozenset[str]:
        """The member names whose values no excerpt may show."""

    def check(self, payload: bytes) -> list[Problem]:
        """Give every problem of one document."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of one source; `line` is the number of the first."""

    file: str
    data: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one chunk or document gave: the counts of all records, and the records worth showing."""

    totals: Totals
    shown: tuple[Checked, ...]
    size: int


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


def check_chunk(chunk: Chunk, checker: Checker, *, clean: bool) -> Outcome:
    """Check each line of a chunk; with `clean` the records without problems are shown too.

    Records are numbered from 1 in each chunk; blank lines hold none.
    """
    check = checker.check
    shown: list[Checked] = []
    totals = Totals()
    number, accepted = 0, 0
    for offset, line in enumerate(chunk.data.splitlines() if b"\r" not in chunk.data else chunk.data.split(b"\n")):
        if not line or line.isspace():
            continue
        number += 1
        problems = check(line)
        if not problems and not clean:
            accepted += 1
            continue
        record = _record(chunk, number, chunk.line + offset, problems, line, checker.secrets)
        totals = totals.plus(record)
        shown.append(record)
    totals = replace(totals, checked=totals.checked + accepted, valid=totals.valid + accepted)
    return Outcome(totals, tuple(shown), len(chunk.data))


def _record(
    chunk: Chunk,
    number: int,
    line: int,
    problems: list[Problem],
    data: bytes,
    secrets: frozenset[str],
) -> Checked:
    # A record is one line: whatever line its own text counts, the file's line is this one.
    placed = tuple(replace(problem, line=line, record=number) for problem in problems)
    text = data.decode("utf-8", "replace") if problems else None
    return Checked(chunk.file, number, placed, text, secrets)


def chunks(source: Source, size: int = CHUNK) -> Iterator[Chunk]:
    """Cut a source into chunks of whole lines.

    Raises:
        InputError: it cannot be read.

    """
    line = 1
    with source.open() as stream:
        for data in _whole_lines(stream, source.name, size):
            yield Chunk(source.name, data, line)
            line += data.count(b"\n")


def _whole_lines(stream: IO[bytes], name: str, size: int) -> Iterator[bytes]:
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
    make: Callable[[], Checker],
    *,
    jobs: int = 1,
    clean: bool = False,
) -> Iterator[Outcome]:
    """Check every document of every source, in order.

    `make` builds the checker, once per process; with several jobs it must be picklable.

    Raises:
        InputError: a source cannot be read.

    """
    checker = make()
    for source in inputs:
        if not source.lined:
            yield check_document(source, checker)
        elif jobs == 1:
            yield from _numbered(check_chunk(chunk, checker, clean=clean) for chunk in chunks(source))
        else:
            yield from _numbered(_check_parallel(source, make, jobs, clean=clean))


def _numbered(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Number the records of one source through; a chunk does not know how many came before it."""
    before = 0
    for outcome in outcomes:
        yield replace(outcome, shown=tuple(_moved(record, before) for record in outcome.shown)) if before else outcome
        before += outcome.totals.checked


def _moved(record: Checked, by: int) -> Checked:
    number = (record.record or 0) + by
    problems = tuple(replace(problem, record=number) for problem in record.problems)
    return replace(record, record=number, problems=problems)


def _check_parallel(source: Source, make: Callable[[], Checker], jobs: int, *, clean: bool) -> Iterator[Outcome]:
    """Keep every process busy with two chunks, and take the answers in the order of the file."""
    context = get_context(_start_method())
    with ProcessPoolExecutor(jobs, context, initializer=_set_up, initargs=(make,)) as pool:
        pending: deque[Future[Outcome]] = deque()
        for chunk in chunks(source):
            pending.append(pool.submit(_check_in_worker, chunk, clean))
            if len(pending) > 2 * jobs:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _start_method() -> str:
    """Fork where nothing speaks against it: a fresh interpreter costs as much as ten thousand orders."""
    single = threading.active_count() == 1
    return "fork" if single and "fork" in get_all_start_methods() else "spawn"


_WORKER: list[Checker] = []
"""The checker of this worker process, set once by its initializer."""


def _set_up(make: Callable[[], Checker]) -> None:
    _WORKER[:] = [make()]


def _check_in_worker(chunk: Chunk, clean: bool) -> Outcome:  # noqa: FBT001 - the pool passes positions
    return check_chunk(chunk, _WORKER[0], clean=clean)
