"""Processes that check chunks and give their answers in the order of the chunks.

Smaller than the standard library's pool, and different where it matters here: a worker inherits the compiled
contract instead of loading it again, gets a chunk only when it is idle, dies with its parent however that one
ends, and leaves Ctrl-C to the parent.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections import deque
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import wait
from traceback import format_exc
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

State = TypeVar("State")
Task = TypeVar("Task")
Answer = TypeVar("Answer")

_AHEAD: Final = 4
"""Answers per worker that may wait for an earlier one."""
_GRACE: Final = 5.0
"""Seconds in which a worker without work has to end by itself."""


class WorkerLostError(Exception):
    """A worker ended before its work: killed, or out of memory."""


class Workers(Generic[State, Task, Answer]):
    """A context in which `map` runs `work(state, task)` in other processes."""

    def __init__(
        self, work: Callable[[State, Task], Answer], state: State, make: Callable[[], State], jobs: int
    ) -> None:
        """Take what to do, and what to do it with: `state` where it can be inherited, else what `make` makes."""
        self._work = work
        self._state = state
        self._make = make
        self._jobs = jobs
        self._idle: list[Connection[Any, Any]] = []
        self._processes: list[BaseProcess] = []

    def __enter__(self) -> Workers[State, Task, Answer]:
        """Start the processes."""
        inherits = _can_fork()
        context: Any = get_context("fork" if inherits else "spawn")
        make = _Inherited(self._state) if inherits else self._make
        # What is buffered would be written by each process that inherits the buffer.
        sys.stdout.flush()
        sys.stderr.flush()
        with _ctrl_c_waits():
            for _ in range(self._jobs):
                ours, theirs = context.Pipe()
                # A worker also holds our ends of the pipes of those before it. When we are gone, the last one sees
                # its pipe end, and after it the one before.
                process = context.Process(target=_serve, args=(theirs, ours, self._work, make), daemon=True)
                process.start()
                theirs.close()
                self._idle.append(ours)
                self._processes.append(process)
            self._connections = list(self._idle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes: by closing their pipes, and when that comes from an error at once."""
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            if kind is not None:
                process.terminate()
            process.join(_GRACE)
            if process.exitcode is None:
                process.kill()
                process.join()

    def map(self, tasks: Iterable[Task]) -> Iterator[Answer]:
        """Yield the answer to each task, in order.

        Raises:
            WorkerLostError: a worker has ended.

        """
        remaining = enumerate(tasks)
        busy: dict[Connection[Any, Any], int] = {}
        answers: dict[int, Answer] = {}
        waiting: deque[int] = deque()
        more = True
        while more or waiting:
            while more and self._idle and len(waiting) < _AHEAD * self._jobs:
                number, task = next(remaining, (-1, None))
                more = number >= 0
                if more:
                    connection = self._idle.pop(0)
                    _send(connection, task)
                    busy[connection] = number
                    waiting.append(number)
            while waiting and waiting[0] in answers:
                yield answers.pop(waiting.popleft())
            if waiting and waiting[0] not in answers:
                self._collect(busy, answers)

    def _collect(self, busy: dict[Connection[Any, Any], int], answers: dict[int, Answer]) -> None:
        """Wait for one answer at least."""
        for ready in wait(list(busy)):
            connection: Any = ready
            answer = _receive(connection)
            answers[busy.pop(connection)] = answer
            self._idle.append(connection)


class _Inherited(Generic[State]):
    """Gives what a forked process has anyway."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __call__(self) -> State:
        return self._state


def _can_fork() -> bool:
    """Fork where nothing speaks against it: a fresh interpreter costs as much as ten thousand orders."""
    return threading.active_count() == 1 and "fork" in get_all_start_methods()


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold SIGINT back: a process that is just starting inherits that, and no trace comes of a Ctrl-C meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    connection: Connection[Any, Any],
    parents: Connection[Any, Any],
    work: Callable[[Any, Any], Any],
    make: Callable[[], Any],
) -> None:
    """Answer tasks until the parent closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parents.close()
    try:
        state = make()
        while True:
            task = connection.recv()
            connection.send(_answer(work, state, task))
    except (EOFError, OSError):
        return


def _answer(work: Callable[[Any, Any], Any], state: Any, task: Any) -> tuple[Any, tuple[str, str] | None]:
    try:
        return work(state, task), None
    except Exception as error:  # noqa: BLE001 - raised again by the parent; not every exception can be pickled
        return None, (f"{type(error).__name__}: {error}", format_exc())


def _send(connection: Connection[Any, Any], task: Any) -> None:
    try:
        connection.send(task)
    except OSError as error:
        raise _lost() from error


def _receive(connection: Connection[Any, Any]) -> Any:
    try:
        answer, failure = connection.recv()
    except (EOFError, OSError) as error:
        raise _lost() from error
    if failure is None:
        return answer
    what, trace = failure
    failed = RuntimeError(what)
    failed.add_note(trace)
    raise failed


def _lost() -> WorkerLostError:
    return WorkerLostError("a process that checks records has ended; was it killed, or out of memory?")
