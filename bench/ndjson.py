"""How long a stream of many orders takes, with one process and with two, and how much memory."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

import orjson

from bench import orders, rivals
from bench.commands import UnexpectedEndError, orderbridge, output, peak_memory, wall
from bench.harness import Samples, Spread, interleaved, once
from bench.report import Section, Table, Target, duration, figure, half

if TYPE_CHECKING:
    from bench.harness import Scale
    from bench.orders import Case

PARTNER: Final = "unisouk"
COLUMNS: Final = ("contender", "time", "orders per second", "time x baseline", "middle half", "remarks")
MEMORY_COLUMNS: Final = ("command", "lines", "peak of the largest process")

ONE_JOB: Final = "orderbridge validate --jobs 1"
TWO_JOBS: Final = "orderbridge validate --jobs 2"
BARE: Final = f"bare loop, {rivals.ORJSON_RS}"
BARE_INSIDE: Final = "bare loop without its start"
IN_PROCESS: Final = f"in process: {rivals.OURS}"
BARE_IN_PROCESS: Final = f"in process: {rivals.ORJSON_RS}"
JSONSCHEMA_IN_PROCESS: Final = f"in process: {rivals.JSONSCHEMA}"

_FINDINGS: Final = 1
_JOBS: Final = (1, 2)
_TWO_PROCESSES: Final = 1.5
_OF_BARE: Final = 0.7
_FLAT: Final = 20.0
_MIB: Final = 1 << 20
_LOOP: Final = Path(__file__).parent / "bare_loop.py"
_METHOD: Final = (
    "Made unisouk orders, ids, names and amounts varied by a fixed seed, 1 % of them with a fault, one per line. Whole "
    "commands are timed from outside, start included, in interleaved rounds, and compared with the bare loop, a "
    "program of the same kind; our command reads strictly and writes a report on each fault, the bare loop only "
    "counts. The rows in process are loops over lines in memory, everything compiled, compared with each other. "
    "A throughput of 0.7 x means seven orders for every ten of the other."
)


@dataclass(frozen=True, slots=True)
class Stream:
    """A made file, the rules in a file beside it, and the truth about both."""

    case: Case
    path: Path
    schema: Path
    lines: int
    invalid: int

    def agree(self, invalid: int, who: str) -> None:
        """Compare a count of invalid orders with the true one.

        Raises:
            UnexpectedEndError: whoever counted did another job than the one that is measured.

        """
        if invalid != self.invalid:
            msg = f"{who} finds {invalid} invalid orders where {self.invalid} were made"
            raise UnexpectedEndError(msg)


@dataclass(frozen=True, slots=True)
class Memory:
    """Peaks, in MiB, of the same command on a short and on a long stream."""

    few: int
    least: float
    many: int
    most: float

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Give the lines and the peak of each stream."""
        return (f"{self.few:,}", f"{self.least:.1f} MiB"), (f"{self.many:,}", f"{self.most:.1f} MiB")


def run(scale: Scale) -> Section:
    """Make the stream, let every contender at it, and remove it again."""
    stream = _made(scale.lines)
    try:
        commands = _commands(stream, scale.pairs)
        inside = _inside(stream, scale)
        memory = _memory(stream, scale)
        size = stream.path.stat().st_size
    finally:
        stream.path.unlink()
    table = Table(f"{stream.lines:,} lines, {size:,} bytes", COLUMNS, _rows(stream, commands, inside, scale))
    peaks = Table("Memory", MEMORY_COLUMNS, [(f"--jobs {jobs}", *cells) for jobs, one in memory for cells in one.rows])
    growth = [_growth(jobs, one) for jobs, one in memory]
    return Section("A stream of orders", _METHOD, [*_throughput(commands), *growth], [table, peaks])


def _made(lines: int) -> Stream:
    case = orders.case(PARTNER)
    path = orders.CACHE / f"{PARTNER}-{lines}.ndjson"
    invalid = orders.write_stream(path, case.order, lines)
    schema = orders.CACHE / f"{PARTNER}.schema.json"
    schema.write_bytes(orjson.dumps(case.schema))
    return Stream(case, path, schema, lines, invalid)


def _validate(path: Path, jobs: int, *more: str) -> list[str]:
    return orderbridge("validate", PARTNER, str(path), "--jobs", str(jobs), *more)


def _commands(stream: Stream, rounds: int) -> Samples:
    for jobs in _JOBS:
        report = orjson.loads(output(_validate(stream.path, jobs, "--format", "json"), code=_FINDINGS))
        stream.agree(report["invalid"], f"--jobs {jobs}")
    inner: list[float] = []
    samples = interleaved(
        {
            ONE_JOB: partial(wall, _validate(stream.path, 1), code=_FINDINGS),
            TWO_JOBS: partial(wall, _validate(stream.path, 2), code=_FINDINGS),
            BARE: partial(_bare_loop, stream, inner),
        },
        rounds,
    )
    return Samples({**samples.rounds, BARE_INSIDE: inner})


def _bare_loop(stream: Stream, inner: list[float]) -> float:
    """Time the bare loop as a process; what it took by its own clock is added to `inner`."""
    started = perf_counter()
    said = output([sys.executable, str(_LOOP), str(stream.path), str(stream.schema)])
    taken = perf_counter() - started
    invalid, seconds = said.split()
    stream.agree(int(invalid), BARE)
    inner.append(float(seconds))
    return taken


def _inside(stream: Stream, scale: Scale) -> Samples:
    lines = stream.path.read_bytes().splitlines()
    accepts = {rival.name: rival.check for rival in rivals.verdicts(stream.case) if rival.check is not None}

    def loop(name: str) -> float:
        check = accepts[name]
        return once(lambda: stream.agree(sum(1 for line in lines if not check(line)), name))

    def sample() -> float:
        check = accepts[rivals.JSONSCHEMA]
        return once(lambda: [check(line) for line in lines[: scale.sample]]) * len(lines) / scale.sample

    return interleaved(
        {
            IN_PROCESS: partial(loop, rivals.OURS),
            BARE_IN_PROCESS: partial(loop, rivals.ORJSON_RS),
            JSONSCHEMA_IN_PROCESS: sample,
        },
        scale.pairs,
    )


def _rows(stream: Stream, commands: Samples, inside: Samples, scale: Scale) -> list[tuple[str, ...]]:
    return [
        _row(stream, commands, ONE_JOB, BARE, "strict, reports every fault"),
        _row(stream, commands, TWO_JOBS, BARE, "the same in two processes"),
        _row(stream, commands, BARE, BARE, "the baseline; takes duplicates, rounds numbers, counts only"),
        _row(stream, commands, BARE_INSIDE, BARE, "its own clock: no start, no imports, no compiling"),
        _row(stream, inside, IN_PROCESS, BARE_IN_PROCESS, "a list of problems each"),
        _row(stream, inside, BARE_IN_PROCESS, BARE_IN_PROCESS, "the baseline in process; verdicts only"),
        _row(stream, inside, JSONSCHEMA_IN_PROCESS, BARE_IN_PROCESS, f"**extrapolated** from {scale.sample:,} lines"),
    ]


def _row(stream: Stream, samples: Samples, name: str, baseline: str, note: str) -> tuple[str, ...]:
    seconds = samples.seconds(name).median
    ratio = samples.ratio(name, baseline)
    return name, duration(seconds), figure(stream.lines / seconds), figure(ratio.median), half(ratio), note


def _throughput(commands: Samples) -> list[Target]:
    """Compare throughputs: the inverse of times, so the other one's time stands on top."""
    shares = (
        ("--jobs 2 / --jobs 1", commands.ratio(ONE_JOB, TWO_JOBS), _TWO_PROCESSES),
        ("--jobs 1 / bare loop, both with their start", commands.ratio(BARE, ONE_JOB), _OF_BARE),
        ("--jobs 1 with its start / bare loop without", commands.ratio(BARE_INSIDE, ONE_JOB), _OF_BARE),
    )
    return [Target(f"throughput, {what}", ratio, limit, at_least=True) for what, ratio, limit in shares]


def _memory(stream: Stream, scale: Scale) -> list[tuple[int, Memory]]:
    few = orders.CACHE / f"{PARTNER}-memory-{scale.few}.ndjson"
    many = orders.CACHE / f"{PARTNER}-memory-{scale.many}.ndjson"
    try:
        orders.write_cycled(few, stream.path, scale.few)
        orders.write_cycled(many, stream.path, scale.many)
        return [(jobs, Memory(scale.few, _peak(few, jobs), scale.many, _peak(many, jobs))) for jobs in _JOBS]
    finally:
        few.unlink(missing_ok=True)
        many.unlink(missing_ok=True)


def _peak(path: Path, jobs: int) -> float:
    return peak_memory(_validate(path, jobs), code=_FINDINGS) / _MIB


def _growth(jobs: int, memory: Memory) -> Target:
    grown = abs(memory.most - memory.least)
    what = f"memory, --jobs {jobs}: {memory.many:,} lines against {memory.few:,}, difference"
    return Target(what, Spread.of([grown]), _FLAT, unit="MiB")
