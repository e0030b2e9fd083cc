"""Streams of documents: cut into chunks and checked by several processes as one process would, in constant memory."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import orderbridge
from orderbridge.batch import checking, workers
from orderbridge.batch.checking import Outcome, check_all, check_chunk, chunks
from orderbridge.batch.lines import pieces
from orderbridge.batch.sources import Source, sources
from orderbridge.batch.spans import read_from, read_span, spans
from orderbridge.batch.workers import WorkerLostError, Workers
from orderbridge.contract.catalogue import built_in_folder
from orderbridge.errors import InputError
from orderbridge.jsontext import PASSED, UNREAD
from orderbridge.problem import Problem
from orderbridge.render.report import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.validation.validator import Validator

PROGRAM: Final = str(Path(sys.executable).parent / "orderbridge")
PARTNER: Final = "unisouk"
MIB: Final = 1 << 20


def order() -> dict[str, Any]:
    path = built_in_folder() / PARTNER / "examples" / "createOrder.request.main.json"
    value: dict[str, Any] = json.loads(path.read_bytes())
    return value


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def invalid() -> dict[str, Any]:
    value = order()
    value["buyerInfo"]["pincode"] = "380001"
    return value


GOOD: Final = compact(order())
BAD: Final = compact(invalid())


class Even:
    """Finds fault with every line that is not an even number; stands for a validator."""

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset()

    @property
    def passes(self) -> Callable[[Any], bool]:
        return lambda value: value % 2 == 0

    @property
    def quick(self) -> Callable[[bytes], object]:
        # As a validator does that cannot tell about some clean documents.
        return lambda payload: PASSED if payload == b"8" else UNREAD

    def explain(self, payload: bytes, answer: Any) -> list[Problem]:
        # Lines that are read together have their values; what `quick` cannot tell has none.
        assert answer is UNREAD or answer % 2
        return self.check(payload)

    def check(self, payload: bytes) -> list[Problem]:
        text = payload.strip()
        if not text:
            return [Problem("empty", "nothing there", line=1, column=1)]
        if int(text) % 2:
            return [Problem("odd", f"{int(text)} is odd", line=1, column=2)]
        return []


def checked(text: bytes, size: int, *, clean: bool = False) -> Outcome:
    """Check a text in chunks of a size, and put the outcomes together."""
    found = checking.whole_lines(BytesIO(text), "f", size)
    outcomes = list(checking.numbered(check_chunk("f", chunk, Even(), clean=clean) for chunk in found))
    totals = sum((outcome.totals for outcome in outcomes), Totals())
    shown = tuple(record for outcome in outcomes for record in outcome.shown)
    size, lines = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("size", "lines"))
    return Outcome(totals, shown, size, lines)


LINES = st.lists(
    st.tuples(st.sampled_from(["", " ", "1", "2", " 34", "5555555", "66666666"]), st.sampled_from(["\n", "\r\n"]))
)


@given(lines=LINES, tail=st.sampled_from(["", "7", "8"]), size=st.integers(1, 40), clean=st.booleans())
def test_where_chunks_are_cut_changes_nothing(
    lines: list[tuple[str, str]], tail: str, size: int, *, clean: bool
) -> None:
    text = ("".join(line + end for line, end in lines) + tail).encode()
    whole = checked(text, 1_000_000, clean=clean)
    assert checked(text, size, clean=clean) == whole
    assert b"".join(checking.whole_lines(BytesIO(text), "f", size)) == text
    assert whole.lines == text.count(b"\n") + (not text.endswith(b"\n") and bool(text))
    records = [(number, line) for number, line in enumerate(text.decode().split("\n"), 1) if line.strip()]
    expected = [(record, number) for record, (number, line) in enumerate(records, 1) if int(line) % 2]
    faulty = [record for record in whole.shown if record.problems]
    assert [(record.record, record.line) for record in faulty] == expected
    assert [problem.line for record in faulty for problem in record.placed()] == [number for _, number in expected]
    assert (whole.totals.checked, whole.totals.invalid) == (len(records), len(expected))
    assert len(whole.shown) == (len(records) if clean else len(expected))


SPACED: Final = json.dumps(order()).encode()
TEXTS: Final = (
    *(GOOD, GOOD, GOOD, BAD, SPACED, GOOD + b"\r", b"", b" "),
    *(GOOD.replace(b'"city"', b'"city":"x","city"'), GOOD + b"," + GOOD, b"[" + GOOD, GOOD + b"]", GOOD[:-1], b"}"),
    *(b'{"x":[{}', b"{}]}", b'{"x":"', b'"}', b"[" * 300 + b"]" * 300, b"\xef\xbb\xbf" + GOOD, b"1e400", b"\xff"),
)
"""Clean and broken orders, orders that others can write, and parts that make an order only with what comes next."""


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """Draw lines of which some have lost a part, or got one too many."""
    data = bytearray(b"\n".join(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8))))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(
            st.sampled_from([b"", b",", b'"', b"\n", b" ", b"{", b"0", b"\xff"])
        )
    return bytes(data)


@settings(max_examples=200, deadline=None)
@given(data=mutilated(), size=st.sampled_from([1, 100, 2_000, 1 << 14]), end=st.sampled_from([b"", b"\n"]))
def test_lines_get_the_verdict_together_that_each_gets_alone(data: bytes, size: int, end: bytes) -> None:
    text = data + end
    validator = orderbridge.partner(PARTNER).validator()
    found = [pair for piece in pieces(text, validator, size) for pair in piece.pairs()]
    assert [line for line, _ in found] == text.removesuffix(b"\n").split(b"\n")
    for line, answer in found:
        told = [] if answer is PASSED else validator.explain(line, answer)
        assert told == validator.check(line)


def test_a_line_longer_than_a_chunk_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "o.ndjson"
    path.write_bytes(b" " * 5_000 + b"1\n2")
    cut = list(chunks(Source(str(path), lined=True), 100))
    assert [(chunk.line, len(chunk.data)) for chunk in cut] == [(1, 5_002), (2, 1)]


def test_a_missing_file_is_told_before_another_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    with pytest.raises(InputError, match=r"b\.json cannot be read: No such file"):
        sources([str(tmp_path / "a.json"), str(tmp_path / "b.json")], lined=False)


def test_names_decide_whether_a_file_holds_lines(tmp_path: Path) -> None:
    for name in ("a.json", "b.ndjson", "c.JSONL", "d"):
        (tmp_path / name).touch()
    assert [source.lined for source in sources([f"{tmp_path}/*"], lined=False)] == [False, True, True, False]
    assert all(source.lined for source in sources([f"{tmp_path}/*", "-"], lined=True))


def test_a_file_that_vanishes_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    path.touch()
    found = sources([str(path)], lined=False)
    path.unlink()
    with pytest.raises(InputError, match="No such file"):
        list(check_all(found, Even(), Even))


# Several processes


def no_children() -> bool:
    return multiprocessing.active_children() == []


def squared(state: int, task: int) -> int:
    time.sleep(0.02 if task % 7 == 0 else 0)
    return state * task * task


def two() -> int:
    return 2


@pytest.mark.parametrize("inherits", [True, False])
@pytest.mark.parametrize("jobs", [1, 3])
def test_answers_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch, jobs: int, *, inherits: bool) -> None:
    monkeypatch.setattr(workers, "_can_fork", lambda: inherits)
    with Workers(squared, 2, two, jobs) as pool:
        assert list(pool.map(range(40))) == [2 * task * task for task in range(40)]
        assert list(pool.map([])) == []
        assert list(pool.map([3])) == [18]
    assert no_children()


def big(state: int, task: bytes) -> bytes:
    return task * state


def test_large_tasks_and_answers_do_not_block_each_other() -> None:
    with Workers(big, 2, two, 2) as pool:
        assert [len(answer) for answer in pool.map([b"x" * (3 * MIB)] * 9)] == [6 * MIB] * 9


def test_tasks_are_taken_only_as_far_ahead_as_answers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    with Workers(squared, 1, two, 2) as pool:
        answers = pool.map(tasks())
        next(answers)
        assert taken <= 10


def failing(state: int, task: int) -> int:
    if task == 3:
        msg = "three"
        raise LookupError(msg)
    return task


def test_an_error_in_a_worker_is_raised_here_with_its_trace() -> None:
    with Workers(failing, 2, two, 2) as pool, pytest.raises(RuntimeError, match="LookupError: three") as caught:
        list(pool.map(range(9)))
    assert "in failing" in caught.value.__notes__[0]
    assert no_children()


def dying(state: int, task: int) -> int:
    if task == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_killed_worker_is_noticed() -> None:
    with pytest.raises(WorkerLostError), Workers(dying, 2, two, 2) as pool:
        list(pool.map(range(100)))
    assert no_children()


INTERRUPTED_AT_BIRTH: Final = """
import os, signal, sys
from orderbridge.batch import workers

os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))

def double(state, task):
    return state * task

def two():
    return 2

with workers.Workers(double, 2, two, 2) as pool:
    print(list(pool.map(range(4))))
"""


def test_a_worker_that_ctrl_c_meets_while_it_starts_leaves_it_to_the_parent() -> None:
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED_AT_BIRTH], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"[0, 2, 4, 6]\n", b"")


def lines(path: Path, count: int, *, faulty: int = 100) -> Path:
    with path.open("wb") as stream:
        for number in range(count):
            stream.write((BAD if number % faulty == faulty // 2 else GOOD) + b"\n")
    return path


def validate(*arguments: str | Path, **settings: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([PROGRAM, "validate", PARTNER, *map(str, arguments)], **settings)


@pytest.mark.parametrize("output_format", ["text", "json", "ndjson"])
def test_two_processes_write_what_one_writes(tmp_path: Path, output_format: str) -> None:
    first, second = lines(tmp_path / "a.ndjson", 4_000), lines(tmp_path / "b.ndjson", 50, faulty=3)
    with first.open("ab") as stream:
        stream.write(b'\n  \r\n{"a":1,"a":2}\r\n\xff')
    single = tmp_path / "c.json"
    single.write_bytes(BAD)
    digests = set()
    for jobs in (1, 2):
        process = validate(
            first, single, second, "--jobs", str(jobs), "--format", output_format, stdout=subprocess.PIPE
        )
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        digests.add(hashlib.sha256(out).hexdigest())
    assert len(digests) == 1


def children(pid: int) -> list[int]:
    """Find the children of a process, and wait for them to be there."""
    for _ in range(200):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        if len(found) >= 2:
            return [int(child) for child in found]
        time.sleep(0.05)
    pytest.fail("the workers never came")


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2]
    except OSError:
        return True
    return state.startswith("Z")


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="the children of a process are looked up in /proc"
)


def working() -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start two workers and keep them waiting for more input."""
    pipe = subprocess.PIPE
    process = validate("--ndjson", "--jobs", "2", "-", stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdin is not None
    process.stdin.write((GOOD + b"\n") * 5_000)
    process.stdin.flush()
    return process, children(process.pid)


@needs_proc
def test_a_killed_worker_ends_the_command_with_three_and_one_line() -> None:
    process, found = working()
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    _, err = process.communicate((GOOD + b"\n") * 5_000, timeout=30)
    assert process.returncode == 3
    assert err.startswith(b"orderbridge: internal error (WorkerLostError: ")
    assert err.count(b"\n") == 1


@needs_proc
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_worker_survives_the_command(how: signal.Signals) -> None:
    process, found = working()
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not all(map(is_gone, found)):
        time.sleep(0.05)
    assert all(map(is_gone, found))


# Files that the processes read themselves


@given(
    text=st.lists(st.sampled_from([b"1", b"", b"22222", b"\n", b"\n", b"\r\n"])).map(b"".join), size=st.integers(1, 9)
)
def test_spans_are_the_whole_file_cut_where_lines_end(
    tmp_path_factory: pytest.TempPathFactory, text: bytes, size: int
) -> None:
    path = tmp_path_factory.mktemp("spans") / "o.ndjson"
    path.write_bytes(text)
    with path.open("rb") as stream:
        found = list(spans(stream, str(path), size) or ())
        parts = [read_span(span) for span in found]
        assert parts == [read_from(stream, str(path), span) for span in found]
    assert b"".join(part or b"" for part in parts) == text
    assert all(part and part.endswith(b"\n") for part in parts[:-1])


def test_what_is_no_regular_file_has_no_spans(tmp_path: Path) -> None:
    assert spans(BytesIO(b"1\n"), "-", 10) is None
    for name in ("/dev/null", "/proc/self/status"):
        if Path(name).exists():
            with Path(name).open("rb") as stream:
                assert spans(stream, name, 10) is None
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"1\n")
    other.write_bytes(b"2\n")
    with path.open("rb") as stream:
        span = next(iter(spans(stream, str(path), 10) or ()))
        assert spans(stream, str(other), 10) is None
        other.replace(path)
        assert (read_span(span), read_from(stream, str(path), span)) == (None, b"1\n")


def validator() -> Validator:
    """Make what checks; a function of a module, for processes that cannot inherit it."""
    return orderbridge.partner(PARTNER).validator()


@pytest.mark.parametrize("inherits", [True, False])
def test_a_file_that_loses_its_name_is_checked_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, inherits: bool
) -> None:
    # Where there are other threads, as some tests before this may have left, nothing is inherited.
    monkeypatch.setattr(workers, "_can_fork", lambda: inherits)
    monkeypatch.setattr(checking, "CHUNK", 10_000)
    path = tmp_path / "o.ndjson"
    path.write_bytes(b"".join((BAD if number % 7 == 0 else GOOD) + b"\n" for number in range(1_000)))

    def outcomes(jobs: int) -> Iterator[Outcome]:
        return check_all([Source(str(path), lined=True)], validator(), validator, jobs=jobs)

    def told(found: list[Outcome]) -> list[tuple[int | None, int | None]]:
        return [(record.record, record.line) for outcome in found for record in outcome.shown]

    alone = list(outcomes(1))
    shared = outcomes(2)
    begun = [next(shared)]
    path.unlink()
    assert told([*begun, *shared]) == told(alone) == [(number, number) for number in range(1, 1_001, 7)]


# Constant memory


def peak(count: int, jobs: int) -> float:
    """Validate lines made on the fly, and give the peak memory of the largest process in MiB."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [PROGRAM, "validate", PARTNER, "--ndjson", "--jobs", str(jobs), "-"]
    process = subprocess.Popen([sys.executable, "-c", code, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    piece = b"".join((BAD if number == 50 else GOOD) + b"\n" for number in range(100))
    for _ in range(count // 100):
        process.stdin.write(piece)
    out, _ = process.communicate(timeout=600)
    status, size = map(int, out.split())
    assert status == 1
    return size / (MIB if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_does_not_grow_with_the_stream(*, prove: bool, jobs: int) -> None:
    few, many = (10_000, 1_000_000) if prove else (2_000, 30_000)
    assert abs(peak(many, jobs) - peak(few, jobs)) <= 20


def test_the_program_checks_what_the_library_checks() -> None:
    problems = orderbridge.partner(PARTNER).validate(BAD)
    process = validate("-", "--format", "json", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = process.communicate(BAD, timeout=30)
    assert [each["message"] for each in json.loads(out)["problems"]] == [problem.message for problem in problems]
