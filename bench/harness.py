"""Measures contenders in rounds, A B C A B C …, and compares them round by round.

A machine that slows down for a second slows all contenders of that round alike, so the median of the rounds' ratios
says more than the ratio of two medians that were taken at different times.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REPEATS: Final = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: how often, and how many lines."""

    rounds: int
    batch_seconds: float
    """How long one measurement of a fast contender takes at least."""
    pairs: int
    starts: int
    lines: int
    sample: int
    """The lines that a contender gets which is too slow for all of them."""
    few: int
    many: int


FULL: Final = Scale(
    rounds=25, batch_seconds=0.003, pairs=5, starts=15, lines=100_000, sample=2_000, few=10_000, many=1_000_000
)
QUICK: Final = Scale(rounds=2, batch_seconds=0.0001, pairs=1, starts=2, lines=1_000, sample=100, few=1_000, many=20_000)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures and the bounds of the middle half of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: list[float]) -> Spread:
        """Sum figures up; one alone is its own spread."""
        if len(figures) == 1:
            return cls(figures[0], figures[0], figures[0])
        low, _, high = quantiles(figures, n=4, method="inclusive")
        return cls(median(figures), low, high)


@dataclass(frozen=True, slots=True)
class Samples:
    """What each contender took in each round, in seconds."""

    rounds: Mapping[str, list[float]]

    def seconds(self, name: str) -> Spread:
        """Give the time of a contender."""
        return Spread.of(self.rounds[name])

    def best(self, name: str) -> float:
        """Give the shortest time of a contender."""
        return min(self.rounds[name])

    def ratio(self, name: str, baseline: str) -> Spread:
        """Compare two contenders within each round: how many times as long the first one takes."""
        pairs = zip(self.rounds[name], self.rounds[baseline], strict=True)
        return Spread.of([one / other for one, other in pairs])


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> Samples:
    """Measure every contender once per round."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            taken[name].append(measure())
    return Samples(taken)


def compared(actions: Mapping[str, Callable[[], object]], scale: Scale) -> Samples:
    """Measure fast actions: each round takes, of a few batches, the time per call of the quickest."""
    contenders = {name: _batched(action, scale.batch_seconds) for name, action in actions.items()}
    # What the imports of all rivals left behind would otherwise be gone through by the collector again and again, in
    # whoever's turn it happens to be.
    gc.collect()
    gc.freeze()
    try:
        return interleaved(contenders, scale.rounds)
    finally:
        gc.unfreeze()


def once(action: Callable[[], object]) -> float:
    """Time one call."""
    started = perf_counter()
    action()
    return perf_counter() - started


def _batched(action: Callable[[], object], seconds: float) -> Callable[[], float]:
    action()
    number = max(1, round(seconds / min(once(action) for _ in range(_REPEATS))))
    calls = range(number)

    def batch() -> float:
        started = perf_counter()
        for _ in calls:
            action()
        return (perf_counter() - started) / number

    return lambda: min(batch() for _ in range(_REPEATS))
