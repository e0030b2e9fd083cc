"""Work on a stream of tasks, by this process or by several: the answers are the same, and in the same order."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

State = TypeVar("State")
Task = TypeVar("Task")
Answer = TypeVar("Answer")


@contextmanager
def crew(
    work: Callable[[State, Task], Answer], state: State, make: Callable[[], State], jobs: int
) -> Iterator[Callable[[Iterable[Task]], Iterator[Answer]]]:
    """Give what answers tasks in order, for as long as the context lasts.

    `make` builds the state again, for a process that cannot inherit this one; it must be picklable.

    Raises:
        WorkerLostError: a process has ended before its work.

    """
    if jobs == 1:
        yield lambda tasks: (work(state, task) for task in tasks)
        return
    from orderbridge.batch.workers import Workers  # noqa: PLC0415 - one process alone does without

    with Workers(work, state, make, jobs) as workers:
        yield workers.map
