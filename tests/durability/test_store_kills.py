"""What was acknowledged is there after the process was killed, and coming again makes nothing twice."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge.store.database import database_at
from orderbridge.store.statements import Statement
from tests.durability.databases import KINDS, fresh, opened

if TYPE_CHECKING:
    from orderbridge.store.records import Record
    from orderbridge.store.store import Store

CREATOR: Final = Path(__file__).with_name("creator.py")
ORDERS: Final = 1000
TOGETHER: Final = (ORDERS, 64, 8)


def create(url: str, together: int, *, orders: int = ORDERS, kill_after: int | None = None) -> dict[int, str]:
    """Run the creator, perhaps until it has acknowledged so many orders; give what it acknowledged."""
    command = [sys.executable, str(CREATOR), url, str(orders), str(together)]
    acknowledged: dict[int, str] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="ascii") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if kill_after == 0:
            child.kill()
        for line in child.stdout:
            # The last line may be cut; who reads half an answer was told nothing.
            if line.endswith("\n"):
                number, made = line.split()
                acknowledged[int(number)] = made
            if len(acknowledged) == kill_after:
                child.kill()
    assert child.returncode == (0 if kill_after is None else -signal.SIGKILL)
    return acknowledged


def everything(store: Store) -> list[Record]:
    records: list[Record] = []
    after: int | None = 0
    while after is not None:
        page = asyncio.run(store.read(_listing(after)))
        records += page.records
        after = page.after
    return records


def _listing(after: int) -> Any:
    return lambda reader: reader.find("ann", "order", after=after, limit=500)


def check(url: str, acknowledged: dict[int, str]) -> dict[int, str]:
    """See that nothing acknowledged is lost, nothing is there twice, and every part of an order is there."""
    with opened(url) as store:
        records = everything(store)
        numbers = Counter(record.hub["number"] for record in records)
        assert [number for number, count in numbers.items() if count > 1] == []
        kept = {record.hub["number"]: record.id for record in records}
        assert {number: made for number, made in acknowledged.items() if kept.get(number) != made} == {}
        named = asyncio.run(
            store.read(lambda tx: [tx.get("acme", "ann", "order", f"number:{number}") for number in kept])
        )
        assert [record.id for record in named if record is not None] == [*kept.values()]
        assert store.run_now(lambda tx: tx.next("short")) > len(kept)
    return kept


def is_sound(url: str) -> bool:
    """Ask a file whether its pages are in order; a server sees to that itself."""
    if url.startswith("postgresql"):
        return True
    connection = database_at(url).connect()
    connection.execute(Statement("PRAGMA integrity_check"), {})
    row = connection.cursor.fetchone()
    connection.close()
    return row is not None and row[0] == "ok"


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_process_loses_nothing_acknowledged(kind: str, tmp_path: Path, *, prove: bool) -> None:
    chance = Random(kind)  # noqa: S311 - moments, not secrets
    # A server is killed more often: see test_server_kills.
    for turn in range(20 if prove else 1):
        with fresh(kind, tmp_path) as url:
            moment = chance.randrange(ORDERS)
            acknowledged = create(url, TOGETHER[turn % len(TOGETHER)], kill_after=moment)
            assert len(acknowledged) >= moment
            kept = check(url, acknowledged)
            again = create(url, ORDERS)
            assert len(again) == ORDERS
            assert {number: made for number, made in kept.items() if again[number] != made} == {}
            assert check(url, again) == again
            assert is_sound(url)


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_that_create_the_same_orders_create_each_once(kind: str, tmp_path: Path) -> None:
    with fresh(kind, tmp_path) as url, ThreadPoolExecutor() as threads:
        one, two = threads.map(lambda together: create(url, together, orders=200), [200, 16])
        assert len(one) == 200
        assert one == two
        assert check(url, one) == one
