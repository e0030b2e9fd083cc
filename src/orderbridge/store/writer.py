"""One thread that writes: takes all works that wait, runs them in one transaction, and commits them together.

A commit costs a wait for the disk, however much it holds. While one batch waits for it the next one gathers, and works
that come while a batch is run still go with it, so that sixty callers at once pay for one or two waits instead of
sixty. A work that raises is taken back alone: where it has changed
something, the batch is run once more with a savepoint around each work, which always to have would cost too much.
Nobody hears of a result, not even of a refusal, before the commit that it rests on is durable.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from orderbridge.errors import UsageError
from orderbridge.store.refusals import Overloaded, Unavailable
from orderbridge.store.transaction import Transaction

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from orderbridge.store.database import Connection, Database

E = TypeVar("E", bound=BaseException)

_TOGETHER: Final = 128
_GATHERS: Final = 0.01
"""Seconds for which a batch that has begun takes more works: nobody waits longer for those who came later."""
_ATTEMPTS: Final = 3


class Job(NamedTuple):
    """A work and the future that whoever waits for it has: a thread, or a task of an event loop."""

    work: Callable[[Transaction], Any]
    future: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None

    def is_wanted(self) -> bool:
        """Tell whether somebody still waits; a thread cannot stop waiting from here on."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


class Outcome(NamedTuple):
    """What a work came to, kept back until the commit."""

    result: Any = None
    error: BaseException | None = None

    def tell(self, future: Future[Any] | asyncio.Future[Any]) -> None:
        """Tell whoever waits."""
        if future.cancelled():
            return
        if self.error is None:
            future.set_result(self.result)
        else:
            future.set_exception(self.error)


Told = list[tuple["asyncio.Future[Any]", Outcome]]


def tell(jobs: list[Job], outcomes: list[Outcome]) -> None:
    """Tell everybody; each event loop is woken once, which costs more than telling one of its tasks."""
    loops: dict[asyncio.AbstractEventLoop, Told] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        if isinstance(job.future, Future):
            outcome.tell(job.future)
        elif job.loop is not None:
            loops.setdefault(job.loop, []).append((job.future, outcome))
    for loop, told in loops.items():
        # A loop that is closed has nobody who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell_all, told)


def _tell_all(told: Told) -> None:
    for future, outcome in told:
        outcome.tell(future)


class Queue:
    """The works that wait, at most so many."""

    def __init__(self, most: int) -> None:
        """Let `most` works wait."""
        self._most = most
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> None:
        """Let a work wait.

        Raises:
            Overloaded: there are too many.
            Unavailable: the store is closed.

        """
        with self._changed:
            if self._closed:
                raise Unavailable("the store is closed")
            if len(self._jobs) >= self._most:
                raise Overloaded(f"{self._most} works wait already")
            self._jobs.append(job)
            self._changed.notify()

    def take(self) -> list[Job]:
        """Wait for works and take those that may go together; nothing: the queue is closed and empty."""
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            return self._taken(_TOGETHER)

    def take_more(self, room: int) -> list[Job]:
        """Take at most so many of those that have come meanwhile, without waiting for any."""
        with self._changed:
            return self._taken(room)

    def _taken(self, most: int) -> list[Job]:
        return [self._jobs.popleft() for _ in range(min(len(self._jobs), most))]

    def close(self) -> None:
        """Take no more; what waits is still done."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Writer:
    """The one thread of a process that writes to a database."""

    def __init__(self, database: Database, queue: Queue, clock: Callable[[], datetime], purge_every: timedelta) -> None:
        """Write what comes through a queue."""
        self._database = database
        self._queue = queue
        self._clock = clock
        self._purge_every = purge_every
        self._purge_at = clock()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="orderbridge-store", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the queue is closed and everything in it is done."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while jobs := self._queue.take():
            wanted = _wanted(jobs)
            outcomes = self._outcomes(wanted) if wanted else []
            tell(wanted, outcomes)
        self._drop()

    def _outcomes(self, jobs: list[Job]) -> list[Outcome]:
        """Give what each job comes to; others may join them, in place."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._together(jobs)
            except Unavailable as error:
                self._drop()
                if not error.may_retry or attempt == _ATTEMPTS:
                    return [Outcome(error=_copied(error)) for _ in jobs]
            except BaseException as error:  # noqa: BLE001 - a thread that dies here would leave everybody waiting
                self._drop()
                return [Outcome(error=error) for _ in jobs]
        return []

    def _together(self, jobs: list[Job]) -> list[Outcome]:
        if self._connection is None:
            self._connection = self._database.connect()
        connection = self._connection
        now = self._begun(connection)
        outcomes = self._joined(jobs, connection, now)
        if outcomes is None:
            connection.rollback()
            now = self._begun(connection)
            outcomes = [_alone(job.work, connection, now) for job in jobs]
        if now >= self._purge_at:
            self._purge_at = now + self._purge_every
            _alone(Transaction.purge, connection, now)
        connection.commit()
        return outcomes

    def _joined(self, jobs: list[Job], connection: Connection, now: datetime) -> list[Outcome] | None:
        """Run the works of a batch, and let those join it that come meanwhile; None: one has to be taken back."""
        until = time.monotonic() + _GATHERS
        outcomes: list[Outcome] = []
        fresh = list(jobs)
        while fresh:
            made = _plainly(fresh, connection, now)
            if made is None:
                return None
            outcomes += made
            room = _TOGETHER - len(jobs) if time.monotonic() < until else 0
            fresh = _wanted(self._queue.take_more(room))
            jobs += fresh
        return outcomes

    def _begun(self, connection: Connection) -> datetime:
        """Begin a transaction, and give its time."""
        connection.begin()
        return self._clock()

    def _drop(self) -> None:
        """Let go of the connection: in whatever state an error left it, a new one knows nothing of that."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _wanted(jobs: list[Job]) -> list[Job]:
    """Leave those out who have stopped waiting: nobody would learn what became of the work."""
    return [job for job in jobs if job.is_wanted()]


def _plainly(jobs: list[Job], connection: Connection, now: datetime) -> list[Outcome] | None:
    """Run the works of a batch; None: one raised that has to be taken back."""
    outcomes = []
    for job in jobs:
        outcome, is_clean = _outcome(job.work, connection, now)
        if outcome.error is not None and not is_clean:
            return None
        outcomes.append(outcome)
    return outcomes


def _alone(work: Callable[[Transaction], Any], connection: Connection, now: datetime) -> Outcome:
    """Run one work of a batch, and take back what it did if it raises."""
    connection.savepoint()
    outcome, _ = _outcome(work, connection, now)
    if outcome.error is None:
        connection.release()
    else:
        connection.undo()
    return outcome


def _outcome(work: Callable[[Transaction], Any], connection: Connection, now: datetime) -> tuple[Outcome, bool]:
    """Run one work; tell too whether it has left everything as it was.

    Raises:
        Unavailable: the database gave up.

    """
    transaction = Transaction(connection, now)
    try:
        outcome = Outcome(work(transaction))
    except StopIteration as error:
        # A task cannot be told this one: it would end whatever iterates around it.
        outcome = Outcome(error=_chained(UsageError("a work must not raise StopIteration"), error))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to whoever waits for this work
        outcome = Outcome(error=error)
    transaction.end()
    if isinstance(transaction.failed, Unavailable):
        raise transaction.failed
    if transaction.failed is not None:
        # One kind of database does nothing more in a transaction in which a statement failed.
        return Outcome(error=transaction.failed), False
    return outcome, not transaction.has_changed


def _copied(error: Unavailable) -> Unavailable:
    """Make each caller an exception of its own: one that is raised in many places gathers all their traces."""
    return _chained(Unavailable(str(error)), error.__cause__)


def _chained(error: E, cause: BaseException | None) -> E:
    error.__cause__ = cause
    return error
