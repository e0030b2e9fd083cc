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
_PAUSE: Final = 0.1
"""Seconds between two looks of the bar."""


def shown_progress(
    steps: Iterable[Step], *, total: int, size: Callable[[Step], int], prints: Callable[[Step], bool]
) -> Iterator[Step]:
    """Pass steps on and show how many of `total` bytes they have covered (0: unknown).

    The bar is away while a step that `prints` is dealt with: data may go to the same terminal.
    """
    if not sys.stderr.isatty():
        yield from steps
        return
    bar = _Bar(total)
    try:
        for step in steps:
            if prints(step):
                bar.hide()
            yield step
            bar.advance(size(step))
    finally:
        bar.hide()


class _Bar:
    """A bar that comes late and can go away. Drawn by whoever advances it: there is no thread behind it."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._due = monotonic() + _PATIENCE
        self._bar: Progress | None = None

    def advance(self, size: int) -> None:
        self._done += size
        now = monotonic()
        if now < self._due:
            return
        self._due = now + _PAUSE
        if self._bar is None:
            self._bar = _progress(self._total)
        self._bar.update(self._bar.task_ids[0], completed=self._done)
        if self._bar.live.is_started:
            self._bar.refresh()
        else:
            self._bar.start()

    def hide(self) -> None:
        if self._bar is not None and self._bar.live.is_started:
            self._bar.stop()
            self._due = 0.0


def _progress(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        # Data stays on standard output; the bar must not take it over.
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", total=total or None)
    return bar
