"""A program that creates orders through a store and says which ones it was told are kept; it is there to be killed.

Arguments: the database, how many orders, how many at once. Each line of its output is the number and the id of one.
"""

from __future__ import annotations

import asyncio
import os
import sys
from secrets import token_hex
from typing import TYPE_CHECKING

from orderbridge.store.records import Key, Record, StoredAnswer
from orderbridge.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Transaction

_DOCUMENT = {"lines": [{"sku": f"sku-{number}", "quantity": number} for number in range(10)]}


def create(number: int) -> Callable[[Transaction], bytes]:
    """Make the work of a create call: the answer of before, or an order with a new id."""
    key = Key("ann", "acme.createOrder", f"key-{number}")

    def work(tx: Transaction) -> bytes:
        known = tx.recall(key, "same")
        if isinstance(known, StoredAnswer):
            return known.body
        made = token_hex(12)
        record = Record(partner="acme", owner="ann", kind="order", id=made, document=_DOCUMENT, hub={"number": number})
        tx.put(record, [f"number:{number}", f"short:{tx.next('short')}"])
        tx.remember(key, "same", StoredAnswer(201, made.encode()))
        return made.encode()

    return work


async def main(url: str, count: int, together: int) -> None:
    """Create them all."""
    store = open_store(url)
    os.write(1, b"ready\n")
    # One iterator, which all callers take from.
    numbers = iter(range(count))
    await asyncio.gather(*(_caller(store, numbers) for _ in range(together)))
    await store.close()


async def _caller(store: Store, numbers: Iterator[int]) -> None:
    for number in numbers:
        made = await store.run(create(number))
        # At once and unbuffered: what is said here is what a client would have been told.
        os.write(1, b"%d %s\n" % (number, made))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
