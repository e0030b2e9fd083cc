"""Figures as Markdown: tables, targets with PASS or MISS, and the machine that they were taken on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.harness import Spread

PACKAGES: Final = (
    "orderbridge",
    "fastjsonschema",
    "glom",
    "jiter",
    "jsonata-python",
    "jsonschema",
    "jsonschema-rs",
    "openapi-core",
    "orjson",
    "pydantic",
)
_CPU: Final = Path("/proc/cpuinfo")
_UNITS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of ready texts."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was promised, and what was measured."""

    what: str
    measured: Spread
    limit: float
    at_least: bool = False
    unit: str = "x"

    @property
    def is_met(self) -> bool:
        """Whether the median keeps the promise."""
        return self.measured.median >= self.limit if self.at_least else self.measured.median <= self.limit

    @property
    def row(self) -> tuple[str, ...]:
        """Give the cells of the table of targets."""
        bound = f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
        verdict = "PASS" if self.is_met else "**MISS**"
        return self.what, f"{figure(self.measured.median)} {self.unit}", half(self.measured), bound, verdict


@dataclass(frozen=True, slots=True)
class Section:
    """The answer to one question: how it was measured, what was promised, and the figures."""

    title: str
    method: str
    targets: Sequence[Target] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def markdown(sections: Iterable[Section], *, quick: bool) -> Iterator[str]:
    """Write everything, in one run: the machine first, then each question."""
    yield "# Benchmarks\n"
    yield "Written by `python -m bench` (`make bench`), never edited.\n"
    if quick:
        yield "**A quick run: it shows that the scripts work, its figures mean nothing.**\n"
    yield from _machine()
    for section in sections:
        yield f"\n## {section.title}\n"
        yield section.method
        if section.targets:
            yield from _table(
                Table(
                    "Targets", ("what", "measured", "middle half", "target", ""), [one.row for one in section.targets]
                )
            )
        for table in section.tables:
            yield from _table(table)


def duration(seconds: float) -> str:
    """Write a time in its natural unit."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{figure(seconds / size)} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def figure(value: float) -> str:
    """Write a number with three digits that count."""
    if abs(value) >= _WHOLE:
        return f"{value:,.0f}"
    return f"{value:#.3g}" if value else "0"


def half(spread: Spread) -> str:
    """Write the bounds of the middle half."""
    return f"{figure(spread.low)} to {figure(spread.high)}"


def _machine() -> Iterator[str]:
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    yield f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average at the end {load}"
    yield f"- {_processor()}, {os.cpu_count()} logical processors; {platform.system()} {platform.machine()}"
    yield f"- {platform.python_implementation()} {platform.python_version()}"
    yield f"- {', '.join(f'{name} {version(name)}' for name in PACKAGES)}"


def _processor() -> str:
    if _CPU.is_file():
        for line in _CPU.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _table(table: Table) -> Iterator[str]:
    yield f"\n### {table.title}\n"
    yield _line(table.columns)
    yield _line(["---"] * len(table.columns))
    for row in table.rows:
        yield _line(row)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
