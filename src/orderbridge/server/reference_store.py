"""The store of a server process, opened when it is first needed: a store belongs to the process that opened it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from orderbridge.server.fault import Fault
from orderbridge.store.process import here
from orderbridge.store.refusals import Overloaded, Unavailable
from orderbridge.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Reader, Transaction

T = TypeVar("T")

_AGAIN: Final = ((b"retry-after", b"1"),)


@dataclass
class Keeper:
    """Runs works in the store at a URL; what the store cannot do becomes a refusal."""

    url: str
    _store: Store | None = field(default=None, repr=False)
    _process: int = 0

    def open(self) -> Store:
        """Give the store of this process.

        Raises:
            UsageError: the URL names no database that the store can be in.
            InputError: the database cannot be used.

        """
        if self._store is None or self._process != here():
            self._store, self._process = open_store(self.url), here()
        return self._store

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a work in a transaction and return its result once it is durable.

        Raises:
            Fault: the store cannot take it, or what the work raised.

        """
        try:
            return await self.open().run(work)
        except (Overloaded, Unavailable) as error:
            raise _unavailable(error) from error

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Run a work that only reads.

        Raises:
            Fault: the store cannot be read, or what the work raised.

        """
        try:
            return await self.open().read(work)
        except (Overloaded, Unavailable) as error:
            raise _unavailable(error) from error

    async def close(self) -> None:
        """Finish what waits and let go of the database."""
        store, self._store = self._store, None
        if store is not None and self._process == here():
            await store.close()


def _unavailable(error: Overloaded | Unavailable) -> Fault:
    if isinstance(error, Overloaded):
        return Fault("unavailable", "too many calls wait; try again soon", "overloaded", headers=_AGAIN)
    return Fault("unavailable", "orders cannot be kept or read just now", error.code, headers=_AGAIN)
