"""What a run met: requests by operation and phase, how many were answered with success, which checks failed.

Schemathesis counts test cases; who wants to know whether anything was checked has to know how many were accepted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True)
class Share:
    """How many of some requests were accepted."""

    accepted: int
    asked: int

    @property
    def part(self) -> float:
        """The share from 0 to 1; of no requests none was accepted."""
        return self.accepted / self.asked if self.asked else 0.0

    def __str__(self) -> str:
        return f"{self.accepted} of {self.asked} ({self.part:.1%})"


@dataclass
class Tally:
    """Counts of one run, each by operation (as `POST /order`) and phase."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Failed checks, with the name of the check."""
    checked: Counter[str] = field(default_factory=Counter)
    """Checks that were made, by name."""

    def answer(self, operation: str, phase: str, status: int | None) -> None:
        """Count one request by its answer; None: there was none."""
        self.asked[operation, phase] += 1
        self.accepted[operation, phase] += status in _SUCCESS

    def check(self, operation: str, phase: str, name: str, *, failed: bool) -> None:
        """Count one check."""
        self.checked[name] += 1
        if failed:
            self.failed[operation, phase, name] += 1

    def add(self, other: Tally) -> None:
        """Count what another run met as well."""
        self.asked.update(other.asked)
        self.accepted.update(other.accepted)
        self.failed.update(other.failed)
        self.checked.update(other.checked)

    @property
    def operations(self) -> list[str]:
        """The operations that were called, in the order of their paths."""
        return sorted({operation for operation, _ in self.asked}, key=lambda each: each.split(" ")[::-1])

    def share(self, operation: str | None = None) -> Share:
        """Give the share of success of one operation, or of all."""
        return Share(*(_sum(each, operation) for each in (self.accepted, self.asked)))

    def failures(self, operation: str | None = None) -> int:
        """Count the failed checks of one operation, or of all."""
        return sum(count for (each, _, _), count in self.failed.items() if operation in {None, each})

    def lines(self) -> Iterator[str]:
        """Write the share of every operation, and of all."""
        shares = {each: self.share(each) for each in self.operations}
        width = max(map(len, shares), default=0)
        yield "Accepted (2xx):"
        for operation, share in shares.items():
            yield f"  {operation:<{width}}  {share}"
        yield f"  {'all':<{width}}  {self.share()}"


def _sum(counter: Counter[tuple[str, str]], operation: str | None) -> int:
    return sum(count for (each, _), count in counter.items() if operation in {None, each})
