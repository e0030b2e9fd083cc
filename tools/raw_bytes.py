"""Bodies that no generator makes, sent to every operation: broken UTF-8, cut and deep JSON, other encodings.

Generators write JSON, so whatever they send can be read. The corpus of the tests goes to real server processes here,
mock and reference, every partner's operations and those of our own API.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.server.client import serving
from tests.server.refusing import send_bodies
from tests.server.targets import own_targets, targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODES: Final = ("mock", "reference")
HEADER: Final = "| malformed bodies | operations | bodies | statuses | findings |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    """What came of one server: how many bodies went to how many operations, the answers by status, the findings."""

    mode: str
    operations: int
    statuses: Counter[int | None]
    findings: Sequence[str]

    def __str__(self) -> str:
        answered = ", ".join(f"{status or 'none'}: {count}" for status, count in sorted(self.statuses.items(), key=str))
        bodies = self.statuses.total()
        return f"| {self.mode} | {self.operations} | {bodies} | {answered} | {len(self.findings)} |"


def rows() -> Iterator[Row]:
    """Send everything to both kinds of server."""
    for mode in MODES:
        with tempfile.TemporaryDirectory(prefix="orderbridge-raw-") as folder:
            yield row(mode, Path(folder))


def row(mode: str, folder: Path) -> Row:
    """Send everything to one server; that it lived on, and logged no fault of its own, is part of it."""
    asked = [each for each in (*targets(), *own_targets()) if each.body is not None]
    statuses: Counter[int | None] = Counter()
    findings: list[str] = []
    with serving("--mode", mode, folder=folder) as server:
        for target in asked:
            done = send_bodies(server, target)
            statuses.update(done.statuses)
            findings += done.findings
        findings += [f"logged: {line}" for line in server.log() if line["level"] != "info"]
        if not server.is_alive:
            findings.append("the server ended")
    return Row(mode, len(asked), statuses, findings)
