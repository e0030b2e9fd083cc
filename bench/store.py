"""How many orders a second are on disk and acknowledged, beside the loop that one would write without the store."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from bench import orders
from bench.harness import interleaved
from bench.report import Section, Table, Target, duration, figure, half
from orderbridge import jsontext
from orderbridge.store.records import Key, Record, StoredAnswer
from orderbridge.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.harness import Samples, Scale
    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Transaction

PARTNER: Final = "unisouk"
COLUMNS: Final = ("contender", "creates per second", "time per create", "x minimal loop", "middle half")
MINIMAL: Final = "minimal loop: sqlite3, one row, one commit each"
ALONE: Final = "store, one caller"
MANY: Final = "store, 64 callers at once"
KEYED: Final = "store, 64 callers at once, with idempotency keys"
TWO: Final = "two stores on one file, 32 callers each"

_CALLERS: Final = 64
_EACH: Final = 20
_FEW: Final = 3
_OF_MINIMAL: Final = 0.8
_METHOD: Final = (
    "SQLite on the disk of this checkout, write-ahead log, synchronous FULL; every create waits until its commit is "
    "synced. The minimal loop writes the same document into one table of two columns. The store writes the document, "
    "the hub order, the answer, indexes for lists and another name of the order; with a key also the answer that it "
    "would be repeated with. Interleaved rounds; a ratio above 1 x means more creates a second than the loop."
)


def run(scale: Scale) -> Section:
    """Create orders in every way."""
    orders.CACHE.mkdir(parents=True, exist_ok=True)
    creates = _EACH if scale.rounds > _FEW else 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=orders.CACHE)))
        contenders = _contenders(folder, stack, creates)
        samples = interleaved(contenders, scale.pairs)
    targets = [_target(name, samples) for name in (MANY, KEYED)]
    table = Table(f"{PARTNER}, durable creates", COLUMNS, [_row(name, samples) for name in contenders])
    return Section("Keeping orders", _METHOD, targets, [table])


def _contenders(folder: Path, stack: ExitStack, creates: int) -> dict[str, Callable[[], float]]:
    order = orders.case(PARTNER).order
    shared = [_opened(folder / "two.db", stack) for _ in range(2)]
    alone, many, keyed = (_opened(folder / f"{number}.db", stack) for number in range(3))
    return {
        MINIMAL: minimal_loop(folder / "minimal.db", stack, jsontext.write(order).decode(), creates * 10),
        ALONE: partial(_one_by_one, alone, partial(_create, order), creates * 10),
        MANY: partial(_at_once, [many], partial(_create, order), creates),
        KEYED: partial(_at_once, [keyed], partial(_create_with_key, order), creates),
        TWO: partial(_at_once, shared, partial(_create, order), creates),
    }


def _opened(file: Path, stack: ExitStack) -> Store:
    store = open_store(str(file))
    stack.callback(store.close_now)
    return store


def minimal_loop(file: Path, stack: ExitStack, document: str, creates: int) -> Callable[[], float]:
    """Give what writes that many documents, one durable commit each, and says how long one took, in seconds."""
    connection = sqlite3.connect(file, isolation_level=None)
    stack.callback(connection.close)
    for statement in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {statement}")
    connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, document TEXT)")

    def measure() -> float:
        started = perf_counter()
        for _ in range(creates):
            connection.execute("INSERT INTO record VALUES (?, ?)", (token_hex(12), document))
        return (perf_counter() - started) / creates

    return measure


def _one_by_one(store: Store, create: Callable[[Transaction], object], creates: int) -> float:
    async def measure() -> float:
        started = perf_counter()
        for _ in range(creates):
            await store.run(create)
        return (perf_counter() - started) / creates

    return asyncio.run(measure())


def _at_once(stores: list[Store], create: Callable[[Transaction], object], creates: int) -> float:
    async def caller(store: Store) -> None:
        for _ in range(creates):
            await store.run(create)

    async def measure() -> float:
        started = perf_counter()
        await asyncio.gather(*(caller(stores[number % len(stores)]) for number in range(_CALLERS)))
        return (perf_counter() - started) / (creates * _CALLERS)

    return asyncio.run(measure())


def _create(order: Any, tx: Transaction) -> Record:
    record = Record(partner=PARTNER, owner="bench", kind="order", id=token_hex(12), document=order, hub=order)
    return tx.put(record, [f"number:{record.id}"])


def _create_with_key(order: Any, tx: Transaction) -> None:
    key = Key("bench", "createOrder", token_hex(16))
    if tx.recall(key, "fingerprint") is None:
        record = _create(order, tx)
        tx.remember(key, "fingerprint", StoredAnswer(201, record.id.encode()))


def _target(name: str, samples: Samples) -> Target:
    return Target(f"{name}: creates x minimal loop", samples.ratio(MINIMAL, name), _OF_MINIMAL, at_least=True)


def _row(name: str, samples: Samples) -> tuple[str, ...]:
    ratio, seconds = samples.ratio(MINIMAL, name), samples.seconds(name).median
    return name, figure(1 / seconds), duration(seconds), figure(ratio.median), half(ratio)
