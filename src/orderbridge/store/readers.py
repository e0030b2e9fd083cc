"""Threads that read: each work sees the database as it is at one moment, and waits for no writer."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orderbridge.store.refusals import Overloaded, Unavailable
from orderbridge.store.transaction import Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from orderbridge.store.database import Connection, Database

T = TypeVar("T")

_THREADS: Final = 4
_ATTEMPTS: Final = 2


class Readers:
    """A few threads, each with a connection while it works."""

    def __init__(self, database: Database, most: int, clock: Callable[[], datetime]) -> None:
        """Read from a database; at most `most` works wait."""
        self._database = database
        self._most = most
        self._clock = clock
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="orderbridge-reader")
        self._idle: deque[Connection] = deque()
        self._inside = 0
        self._counting = threading.Lock()

    def submit(self, work: Callable[[Reader], T]) -> Future[T]:
        """Let a work wait for its turn.

        Raises:
            Overloaded: too many wait.
            Unavailable: the store is closed.

        """
        with self._counting:
            if self._inside >= self._most:
                raise Overloaded(f"{self._most} works wait already")
            self._inside += 1
        try:
            future = self._threads.submit(self._run, work)
        except RuntimeError as error:
            self._left(None)
            raise Unavailable("the store is closed") from error
        future.add_done_callback(self._left)
        return future

    def close(self) -> None:
        """Finish what waits and let go of all connections."""
        self._threads.shutdown()
        self._drop_idle()

    def _left(self, _future: Future[Any] | None) -> None:
        with self._counting:
            self._inside -= 1

    def _run(self, work: Callable[[Reader], T]) -> T:
        for _ in range(1, _ATTEMPTS):
            try:
                return self._once(work)
            except Unavailable as error:
                # What ended one connection will have ended the others that were idle.
                self._drop_idle()
                if not error.may_retry:
                    raise
        return self._once(work)

    def _once(self, work: Callable[[Reader], T]) -> T:
        connection = self._connection()
        try:
            result = _read(connection, work, self._clock())
        except BaseException:
            # Being told that something is not there is no fault of the connection.
            self._give_back(connection)
            raise
        self._give_back(connection)
        return result

    def _give_back(self, connection: Connection) -> None:
        try:
            connection.commit()
        except Unavailable:
            connection.close()
        else:
            self._idle.append(connection)

    def _drop_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _connection(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._database.connect(reading=True)


def _read(connection: Connection, work: Callable[[Reader], T], now: datetime) -> T:
    connection.begin()
    reader = Reader(connection, now)
    try:
        result = work(reader)
    finally:
        reader.end()
    if reader.failed is not None:
        raise reader.failed
    return result
