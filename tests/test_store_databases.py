"""Which databases a store opens, how it speaks to them, and what it says when they fail it."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from psycopg.conninfo import conninfo_to_dict

from orderbridge.errors import InputError, MissingExtraError, UsageError
from orderbridge.store.database import database_at
from orderbridge.store.records import Record
from orderbridge.store.refusals import Unavailable
from orderbridge.store.statements import Statement
from orderbridge.store.store import open_store
from tests.durability.databases import KINDS, SERVER, ask, fresh, opened, with_options
from tests.durability.proxy import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Reader

SHORT: Final = 0.3


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.db"


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    with fresh("postgresql", tmp_path) as made:
        yield made


def put(store: Store, name: str) -> Record:
    return store.run_now(lambda tx: tx.put(Record(partner="acme", owner="ann", kind="order", id=name)))


def names(store: Store) -> list[str]:
    page = asyncio.run(store.read(lambda reader: reader.find("ann", "order", limit=500)))
    return [record.id for record in page.records]


def said(statement: str, url: str) -> object:
    """Ask a connection as the store makes it."""
    connection = database_at(url).connect()
    try:
        connection.execute(Statement(statement), {})
        row = connection.cursor.fetchone()
        return row[0] if row is not None else None
    finally:
        connection.close()


# Opening


def test_a_path_and_a_url_are_the_same_file(file: Path) -> None:
    with opened(str(file)) as store:
        put(store, "o1")
    with opened(f"sqlite:///{file}") as store:
        assert names(store) == ["o1"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "has to be a file"),
        (":memory:", "has to be a file"),
        ("sqlite://", "has to be a file"),
        ("mysql://root@host/db", "SQLite or PostgreSQL, not mysql"),
        ("://", "a file or a URL"),
        ("postgresql+nodriver://host/db", r"'postgresql\+nodriver' is not one"),
    ],
)
def test_what_names_no_database_is_refused(url: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        open_store(url)
    assert "\n" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"orderbridge\[postgres\]"):
        open_store("postgresql://postgres@127.0.0.1/test")


def test_a_file_that_is_no_database_is_refused_and_left_alone(file: Path) -> None:
    file.write_text("orders: none\n" * 100, encoding="utf-8")
    with pytest.raises(InputError, match=r"orders\.db.*not a database"):
        open_store(str(file))
    assert file.read_text(encoding="utf-8") == "orders: none\n" * 100


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/orders\.db: unable to open"):
        open_store(str(tmp_path / "none" / "orders.db"))


def test_a_server_that_does_not_answer_is_refused_without_its_password() -> None:
    with pytest.raises(InputError, match=r"cannot open the database postgresql\+psycopg://me:") as caught:
        open_store("postgresql://me:s3cret@127.0.0.1:1/test")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_another_schema_version_is_refused_and_left_alone(url: str, version: int) -> None:
    with opened(url) as store:
        put(store, "o1")
    _restamp(url, version)
    with pytest.raises(InputError, match=f"has schema version {version}; this orderbridge knows 1"):
        open_store(url)
    _restamp(url, 1)
    with opened(url) as store:
        assert names(store) == ["o1"]


def _restamp(url: str, version: int) -> None:
    connection = database_at(url).connect()
    connection.begin()
    connection.execute(Statement(f"UPDATE orderbridge_schema SET version = {version}"), {})  # noqa: S608 - a number of our own
    connection.commit()
    connection.close()


def test_tables_of_others_are_no_matter(url: str) -> None:
    connection = database_at(url).connect()
    connection.execute(Statement("CREATE TABLE record (id INTEGER)"), {})
    connection.close()
    with opened(url) as store:
        put(store, "o1")
        assert names(store) == ["o1"]


def test_many_open_a_new_database_at_once(url: str) -> None:
    def use(number: int) -> None:
        with opened(url) as store:
            put(store, f"o{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))
    with opened(url) as store:
        assert sorted(names(store)) == [f"o{number}" for number in range(8)]


def test_importing_what_a_store_gives_brings_no_driver() -> None:
    code = "import sys, orderbridge.store.records, orderbridge.store.refusals; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert {"sqlalchemy", "psycopg", "sqlite3"} & set(answer.stdout.split()) == set()


# SQLite


def test_a_file_is_written_ahead_and_synchronously(file: Path) -> None:
    with opened(str(file)):
        settings = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
        assert [said(f"PRAGMA {name}", str(file)) for name in settings] == ["wal", 2, 1, 10_000]


def test_a_file_that_stays_locked_is_unavailable_and_serves_again_later(file: Path) -> None:
    with opened(f"sqlite:///{file}?timeout={SHORT}") as store, closing(_plain(file)) as other:
        put(store, "o1")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            put(store, "o2")
        assert names(store) == ["o1"]
        other.execute("ROLLBACK")
        put(store, "o3")
        assert names(store) == ["o1", "o3"]


def test_a_file_that_is_locked_for_a_moment_is_waited_for(file: Path) -> None:
    with opened(str(file)) as store, closing(_plain(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = store.submit(lambda tx: tx.next("a"))
        time.sleep(SHORT)
        assert not waiting.done()
        other.execute("COMMIT")
        assert waiting.result(20) == 1


def test_what_was_refused_while_it_was_locked_was_not_done(file: Path) -> None:
    with opened(f"sqlite:///{file}?timeout={SHORT}") as store, closing(_plain(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        works = [store.submit(lambda tx: tx.next("a")) for _ in range(5)]
        for work in works:
            with pytest.raises(Unavailable):
                work.result(20)
        other.execute("ROLLBACK")
        assert store.run_now(lambda tx: tx.next("a")) == 1


def test_a_damaged_table_is_unavailable(file: Path) -> None:
    with opened(str(file)) as store, closing(_plain(file)) as other:
        other.execute("DROP TABLE orderbridge_record")
        with pytest.raises(Unavailable, match="orderbridge_record"):
            put(store, "o1")
        with pytest.raises(Unavailable, match="orderbridge_record"):
            names(store)
        with pytest.raises(Unavailable):
            asyncio.run(store.check())


def _plain(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


def test_a_file_that_may_only_be_read_is_refused_at_once(file: Path) -> None:
    with closing(_plain(file)) as other:
        other.execute("CREATE TABLE record (id INTEGER)")
    before = time.monotonic()
    with pytest.raises(InputError, match="readonly"):
        open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert time.monotonic() - before < SHORT * 10


# PostgreSQL


def test_postgresql_acknowledges_what_is_on_disk_whatever_it_does_for_others(postgres: str) -> None:
    assert said("SHOW synchronous_commit", postgres) == "on"
    lazy = postgres.replace("options=", "options=-csynchronous_commit%3Doff%20")
    assert said("SHOW synchronous_commit", lazy) == "on"
    local = postgres.replace("options=", "options=-csynchronous_commit%3Dremote_apply%20")
    assert said("SHOW synchronous_commit", local) == "remote_apply"


def test_a_server_that_only_reads_is_unavailable_for_writing(postgres: str) -> None:
    with opened(postgres) as store:
        put(store, "o1")
    with opened(postgres.replace("options=", "options=-cdefault_transaction_read_only%3Don%20")) as store:
        with pytest.raises(Unavailable, match="read-only"):
            put(store, "o2")
        assert names(store) == ["o1"]


def test_a_server_that_ended_all_connections_is_connected_to_again(postgres: str) -> None:
    meeting = threading.Barrier(4)

    def meet(reader: Reader) -> int:
        meeting.wait(20)
        return len(reader.find("ann", "order").records)

    async def four_readers(store: Store) -> list[int]:
        return await asyncio.gather(*(store.read(meet) for _ in range(4)))

    name = postgres.rpartition("%3D")[2]
    with opened(f"{postgres}&application_name={name}") as store:
        put(store, "o1")
        assert asyncio.run(four_readers(store)) == [1] * 4
        ended = ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", name)
        assert ended == [(True,)] * 5
        put(store, "o2")
        assert names(store) == ["o1", "o2"]
        assert asyncio.run(four_readers(store)) == [2] * 4


def test_the_server_knows_its_guest_by_name(postgres: str) -> None:
    assert said("SHOW application_name", postgres) == "orderbridge"


@pytest.fixture
def wire(postgres: str) -> Iterator[tuple[Wire, str]]:
    server = conninfo_to_dict(SERVER.replace("+psycopg", ""))
    wire = Wire(str(server.get("host", "127.0.0.1")), int(server.get("port") or 5432))
    account = f"{server.get('user', 'postgres')}:{server.get('password', '')}"
    url = f"postgresql://{account}@127.0.0.1:{wire.port}/{server.get('dbname', 'test')}"
    yield wire, f"{url}?{postgres.partition('?')[2]}"
    wire.close()


def test_a_commit_whose_answer_is_lost_is_never_repeated_nor_called_a_success(wire: tuple[Wire, str]) -> None:
    between, url = wire
    with opened(url) as store:
        put(store, "o1")
        between.cut_at = b"COMMIT\0"
        with pytest.raises(Unavailable):
            store.run_now(lambda tx: tx.next("a"))
        assert between.cuts == 1
        # It had arrived; doing it again would have counted twice.
        assert store.run_now(lambda tx: tx.next("a")) == 2


def test_a_commit_that_is_lost_on_its_way_is_no_success(wire: tuple[Wire, str]) -> None:
    between, url = wire
    with opened(url) as store:
        put(store, "o1")
        between.cut_at, between.passed_on = b"COMMIT\0", False
        with pytest.raises(Unavailable):
            store.run_now(lambda tx: tx.next("a"))
        assert between.cuts == 1
        assert store.run_now(lambda tx: tx.next("a")) == 1


def test_a_connection_that_breaks_before_the_commit_is_made_again(wire: tuple[Wire, str]) -> None:
    between, url = wire
    with opened(url) as store:
        put(store, "o1")
        between.cut_at = b"INSERT INTO orderbridge_counter"
        assert store.run_now(lambda tx: tx.next("a")) == 1
        assert between.cuts == 1
        assert store.run_now(lambda tx: tx.next("a")) == 2


def test_a_server_that_is_gone_is_unavailable_and_serves_again_later(wire: tuple[Wire, str]) -> None:
    between, url = wire
    with opened(url) as store:
        put(store, "o1")
        between.close()
        with pytest.raises(Unavailable):
            put(store, "o2")
        with pytest.raises(Unavailable):
            names(store)
        with pytest.raises(Unavailable):
            asyncio.run(store.check())


def test_a_frozen_writer_does_not_stop_the_others_for_ever(postgres: str) -> None:
    quick = with_options(postgres.partition("?")[0], f"-csearch_path={postgres.rpartition('%3D')[2]}")
    with opened(quick) as store:
        frozen = database_at(quick).connect()
        frozen.execute(Statement(f"SET idle_in_transaction_session_timeout = '{int(SHORT * 1000)}ms'"), {})
        frozen.begin()
        assert store.run_now(lambda tx: tx.next("a")) == 1
        with pytest.raises(Unavailable):
            frozen.commit()
        frozen.close()
