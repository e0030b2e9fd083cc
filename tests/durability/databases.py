"""Empty databases to try a store on, of each kind; tests everywhere may use them.

ORDERBRIDGE_TEST_POSTGRES names the PostgreSQL server. Without it the usual local one is tried, and its tests are
skipped where none answers; with it they have to run.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import psycopg
import pytest

from orderbridge.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.store.store import Store

KINDS: Final = ("sqlite", "postgresql")

# Read when this is imported: tests run without what a developer's shell says about us.
_NAMED: Final = os.environ.get("ORDERBRIDGE_TEST_POSTGRES")
SERVER: Final = _NAMED or "postgresql://postgres@127.0.0.1:5432/test"


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database and remove it afterwards."""
    if kind == "sqlite":
        yield str(folder / f"{token_hex(4)}.db")
        return
    _need_server()
    schema = f"store_{token_hex(8)}"
    ask(f"CREATE SCHEMA {schema}")
    try:
        yield with_options(SERVER, f"-csearch_path={schema}")
    finally:
        ask(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def opened(url: str, **settings: Any) -> Iterator[Store]:
    """Open a store and close it afterwards."""
    store = open_store(url, **settings)
    try:
        yield store
    finally:
        store.close_now()


def with_options(url: str, options: str) -> str:
    """Add options of a connection to a PostgreSQL URL."""
    return f"{url}{'&' if '?' in url else '?'}options={quote(options)}"


def ask(statement: str, *values: str) -> list[tuple[Any, ...]]:
    """Run a statement on the server, outside of any store."""
    with psycopg.connect(SERVER.replace("+psycopg", ""), autocommit=True, connect_timeout=3) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description is not None else []


def _need_server() -> None:
    why = _unreachable()
    if why is None:
        return
    if _NAMED is not None:
        pytest.fail(f"ORDERBRIDGE_TEST_POSTGRES names a server that does not answer: {why}")
    pytest.skip(f"no PostgreSQL answers on 127.0.0.1:5432 and ORDERBRIDGE_TEST_POSTGRES names none: {why}")


@cache
def _unreachable() -> str | None:
    try:
        ask("SELECT 1")
    except psycopg.OperationalError as error:
        return str(error).splitlines()[0]
    return None
