"""A progress bar on a terminal's standard error, for work that takes longer than a second."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress

Step = TypeVar("Step")

_PATIENCE: Final = 1.0
"""Seconds before a bar appears."""


def shown_progress(steps: Iterable[Step], *, total: int, size: Callable[[Step], int]) -> Iterator[Step]:
    """Pass steps on and show how many of `total` bytes they have covered (0: unknown)."""
    if not sys.stderr.isatty():
        yield from steps
        return
    started, done = monotonic(), 0
    bar: Progress | None = None
    try:
        for step in steps:
            done += size(step)
            if bar is None and monotonic() - started > _PATIENCE:
                bar = _bar(total)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)
            yield step
    finally:
        if bar is not None:
            bar.stop()


def _bar(total: int) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=total or None)
    bar.start()
    return bar
