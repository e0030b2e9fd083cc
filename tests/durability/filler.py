"""A program that fills the space that a database has, and says what it was told meanwhile as one JSON object.

Arguments: the database file, and `limit` (this process may write no larger file) or `disk` (its disk is small, and
becomes larger when the ballast beside the file is removed).
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from orderbridge.store.records import Record
from orderbridge.store.refusals import Unavailable
from orderbridge.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Reader, Transaction

BALLAST: Final = "ballast"
_SPACE: Final = 300_000
_TOGETHER: Final = 32
_MOST: Final = 10_000


async def main(file: Path, way: str) -> None:
    """Fill it, look around, make room, and go on."""
    store = open_store(str(file))
    said: dict[str, list[str]] = {"kept": [], "refused": [], "kept_again": []}
    await _create(store, said)
    if way == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (_size(file) + _SPACE, resource.RLIM_INFINITY))
    while not said["refused"] and len(said["kept"]) < _MOST:
        await _create(store, said)
    read = [await store.read(_finding(name)) for name in said["kept"]]
    await _create(store, said)
    if way == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        file.with_name(BALLAST).unlink()
    said["kept_again"].append(await store.run(_putting(token_hex(8))))
    await store.close()
    print(json.dumps({**said, "readable": sum(read)}))  # noqa: T201 - its answer


def _size(file: Path) -> int:
    return max(each.stat().st_size for each in (file, file.with_name(file.name + "-wal")))


async def _create(store: Store, said: dict[str, list[str]]) -> None:
    names = [token_hex(8) for _ in range(_TOGETHER)]
    works = (store.run(_putting(name)) for name in names)
    for name, outcome in zip(names, await asyncio.gather(*works, return_exceptions=True), strict=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, Unavailable):
            raise outcome
        said["refused" if isinstance(outcome, Unavailable) else "kept"].append(name)


def _putting(name: str) -> Callable[[Transaction], str]:
    record = Record(partner="acme", owner="ann", kind="order", id=name, document=["x" * 100] * 10)
    return lambda tx: tx.put(record, [f"n-{name}"]).id


def _finding(name: str) -> Callable[[Reader], bool]:
    return lambda reader: reader.get("acme", "ann", "order", f"n-{name}") is not None


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
