"""The store as everybody else sees it: works go in, results come out when they are durable.

A work is a plain function of a `Transaction` (or of a `Reader`). It may be run again if the database undid it, so it
does nothing but read and write through what it is given.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from orderbridge.errors import UsageError
from orderbridge.store.database import database_at
from orderbridge.store.process import here
from orderbridge.store.readers import Readers
from orderbridge.store.refusals import Overloaded, Unavailable
from orderbridge.store.writer import Job, Outcome, Queue, Writer, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.store.database import Database
    from orderbridge.store.transaction import Reader, Transaction

T = TypeVar("T")

_WAITING: Final = 1024
_FULL: Final = 64
_PATIENCE: Final = 0.02
"""Seconds for which works of an event loop gather while each of its turns brings more of them."""
_PURGE_EVERY: Final = timedelta(minutes=10)


def utc_now() -> datetime:
    """Give the time that records are stamped with."""
    return datetime.now(UTC)


def open_store(url: str, *, waiting: int = _WAITING, clock: Callable[[], datetime] = utc_now) -> Store:
    """Open a database, a file or a PostgreSQL URL, and make its tables if it has none.

    `waiting` bounds the writes, and the reads, that wait. A store belongs to the process that opened it.

    Raises:
        UsageError: the URL names no database that the store can be in.
        InputError: the database cannot be used, or was written by another schema version.

    """
    database = database_at(url)
    database.prepare()
    return Store(database, waiting, clock)


class Store:
    """Records in a database: one writer, several readers."""

    def __init__(self, database: Database, waiting: int, clock: Callable[[], datetime]) -> None:
        """Use a database that is prepared."""
        self._process = here()
        self._queue = Queue(waiting)
        self._gathered: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        self._writer = Writer(database, self._queue, clock, _PURGE_EVERY)
        self._readers = Readers(database, waiting, clock)
        self._writer.start()

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a work in a transaction; return its result when it is durable, raise what it raised when undone.

        Raises:
            Overloaded: too many wait; the work was not begun.
            Unavailable: the work is not known to be done.

        """
        self._see_to_process()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        gathered = self._gathered.get(loop)
        if gathered is None:
            gathered = self._gathered[loop] = []
            loop.call_soon(self._gather, loop, 0, loop.time() + _PATIENCE)
        gathered.append(Job(work, future, loop))
        return await future

    def _gather(self, loop: asyncio.AbstractEventLoop, before: int, until: float) -> None:
        """Hand over what a loop has gathered once a turn brings no more.

        Sooner, the loop and the writer would only take the interpreter from each other for every single work.
        """
        gathered = len(self._gathered.get(loop, ()))
        if before < gathered < _FULL and loop.time() < until:
            loop.call_soon(self._gather, loop, gathered, until)
        else:
            self._hand_over(loop)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        for job in self._gathered.pop(loop, ()):
            try:
                self._queue.put(job)
            except (Overloaded, Unavailable) as refusal:
                tell([job], [Outcome(error=refusal)])

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Let a work wait for its turn, and give what it will come to."""
        future: Future[T] = Future()
        self._see_to_process()
        self._queue.put(Job(work, future))
        return future

    def run_now(self, work: Callable[[Transaction], T]) -> T:
        """Do the same without an event loop, for programs that have none."""
        return self.submit(work).result()

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Run a work that only reads, beside the writer and other readers.

        Raises:
            Overloaded: too many wait; the work was not begun.
            Unavailable: the database cannot be read.

        """
        self._see_to_process()
        return await asyncio.wrap_future(self._readers.submit(work))

    async def check(self) -> None:
        """See whether the database answers.

        Raises:
            Unavailable: it does not.

        """
        await self.read(lambda reader: reader.find("", "", limit=1))

    async def close(self) -> None:
        """Take no more, finish what waits, and let go of the database."""
        self._hand_over(asyncio.get_running_loop())
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Do the same without an event loop."""
        self._queue.close()
        self._writer.join()
        self._readers.close()

    def _see_to_process(self) -> None:
        # Threads do not come along into a forked process: whoever asked there would wait for ever.
        if here() != self._process:
            raise UsageError("a store belongs to the process that opened it: open one in each")
