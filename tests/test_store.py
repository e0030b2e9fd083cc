"""The store of records: what is kept, for whom, under which names, and what a work may rely on."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge.errors import UsageError
from orderbridge.store import writer
from orderbridge.store.records import Page, Record
from orderbridge.store.refusals import Overloaded, Stale, StoreError, Taken, Unavailable
from orderbridge.store.store import open_store
from tests.durability.databases import KINDS, fresh, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Reader, Transaction

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
ODD_NAMES: Final = (
    "",
    " ",
    "a",
    "A",
    "a ",
    "a\0",
    "a\0b",
    "é",
    "e\u0301",
    "\ud800",
    "\udfff",
    "x" * 200,
    "x" * 201,
    "x" * 100_000,
    "sha256:",
    "sha256:" + "0" * 64,
    "%s",
    "%(p_id)s",
    ":p_id",
    "'; DROP TABLE orderbridge_record; --",
)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON
        self.read = 0

    def __call__(self) -> datetime:
        self.read += 1
        return self.now


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with opened(url, clock=clock) as made:
        yield made


def order(name: str = "o1", **changed: Any) -> Record:
    return Record(partner="acme", owner="ann", kind="order", id=name, document={"n": 1})._replace(**changed)


def read(store: Store, work: Callable[[Reader], Any]) -> Any:
    return asyncio.run(store.read(work))


def put(store: Store, record: Record, *names: str) -> Record:
    return store.run_now(lambda tx: tx.put(record, names))


def get(store: Store, name: str, **changed: str) -> Record | None:
    key = {"partner": "acme", "owner": "ann", "kind": "order", "name": name, **changed}
    found: Record | None = read(store, lambda reader: reader.get(**key))
    return found


def adding(name: str) -> Callable[[Transaction], Record]:
    return lambda tx: tx.put(order(name))


def listed(store: Store, **filters: Any) -> Page:
    found: Page = read(store, lambda reader: reader.find(**{"owner": "ann", "kind": "order", **filters}))
    return found


def ids(page: Page) -> list[str]:
    return [record.id for record in page.records]


# Records


def test_a_record_comes_back_as_it_was_put(store: Store) -> None:
    document = {"price": Decimal("12.30"), "big": 10**29, "none": None, "text": "\0é\U0001f600", "list": [[], {}]}
    stored = put(store, order(document=document, hub={"lines": [{"sku": "1"}]}, answer=[1, Decimal("1E+2")]))
    assert stored == order(
        document=document,
        hub={"lines": [{"sku": "1"}]},
        answer=[1, Decimal("1E+2")],
        created_at=NOON,
        updated_at=NOON,
        version=1,
        seq=stored.seq,
    )
    found = get(store, "o1")
    assert found == stored
    assert str(found.document["price"]) == "12.30"


def test_a_record_survives_its_store(url: str) -> None:
    with opened(url) as first:
        stored = put(first, order(), "n1")
    with opened(url) as second:
        assert get(second, "n1") == stored


def test_a_record_is_found_under_its_other_names(store: Store) -> None:
    stored = put(store, order(), "short", "number")
    assert [get(store, name) for name in ("o1", "short", "number", "none")] == [stored, stored, stored, None]


def test_an_id_wins_over_another_name(store: Store) -> None:
    put(store, order("o1"), "o2")
    second = put(store, order("o2"))
    assert get(store, "o2") == second


def test_a_given_time_of_creation_stays(store: Store) -> None:
    before = NOON - timedelta(days=3, microseconds=7)
    put(store, order(created_at=before))
    found = get(store, "o1")
    assert found is not None
    assert (found.created_at, found.updated_at) == (before, before)


@pytest.mark.parametrize("changed", [{"owner": "bob"}, {"partner": "other"}, {"kind": "cart"}], ids=str)
def test_what_is_somebody_elses_is_missing(store: Store, changed: dict[str, str]) -> None:
    put(store, order(), "n1")
    assert (get(store, "o1", **changed), get(store, "n1", **changed)) == (None, None)
    assert ids(listed(store, **changed)) == ids(listed(store, **changed, name="n1")) == []
    assert ids(listed(store)) == ids(listed(store, name="n1")) == ["o1"]


@pytest.mark.parametrize("changed", [{"owner": "bob"}, {"partner": "other"}, {"kind": "cart"}], ids=str)
def test_names_are_free_for_everybody_else(store: Store, changed: dict[str, Any]) -> None:
    put(store, order(), "n1")
    stored = put(store, order(**changed), "n1")
    assert get(store, "n1", **changed) == stored


@pytest.mark.parametrize(("name", "names"), [("o1", ()), ("o2", ("n2", "n1")), ("o2", ("n2", "n2"))])
def test_a_name_is_taken_once(store: Store, name: str, names: tuple[str, ...]) -> None:
    first = put(store, order("o1"), "n1")
    with pytest.raises(Taken) as caught:
        put(store, order(name, document={"n": 2}), *names)
    assert caught.value.name == (names[-1] if names else name)
    assert listed(store).records == (first,)
    assert get(store, "n2") is None


def test_a_work_may_go_on_after_a_taken_name(store: Store) -> None:
    put(store, order("o1"), "n1")

    def work(tx: Transaction) -> Record:
        try:
            return tx.put(order("o2"), ["n2", "n1"])
        except Taken:
            return tx.put(order("o3"), ["n2", "n3"])

    third = store.run_now(work)
    assert [get(store, name) for name in ("o2", "n2", "n3")] == [None, third, third]


def test_every_odd_name_is_a_name_of_its_own(store: Store) -> None:
    for name in ODD_NAMES:
        put(store, order(f"id of {name!r}"[:50] + str(len(name))), "alias " + name)
        put(store, order(name, kind="cart", owner=name, document=name.encode("utf-8", "replace").decode()))
    for name in ODD_NAMES:
        found = get(store, name, kind="cart", owner=name)
        assert found is not None
        assert (found.id, found.owner) == (name, name)
        aliased = get(store, "alias " + name)
        assert aliased is not None
        assert aliased.id == f"id of {name!r}"[:50] + str(len(name))


def test_a_change_is_stored_with_its_version(store: Store, clock: Clock) -> None:
    stored = put(store, order(), "n1")
    clock.now += timedelta(seconds=5)
    changed = store.run_now(lambda tx: tx.update(stored._replace(document={"n": 2}, hub={}, answer="x")))
    assert changed == stored._replace(document={"n": 2}, hub={}, answer="x", version=2, updated_at=clock.now)
    assert get(store, "n1") == changed


def test_a_change_of_what_changed_meanwhile_is_refused(store: Store) -> None:
    stored = put(store, order())
    changed = store.run_now(lambda tx: tx.update(stored))
    with pytest.raises(Stale):
        store.run_now(lambda tx: tx.update(stored._replace(document={"n": 3})))
    with pytest.raises(Stale):
        store.run_now(lambda tx: tx.delete(stored))
    assert get(store, "o1") == changed


def test_what_is_deleted_is_gone_with_its_names(store: Store) -> None:
    stored = put(store, order(), "n1")
    store.run_now(lambda tx: tx.delete(stored))
    assert (get(store, "o1"), get(store, "n1")) == (None, None)
    again = put(store, order(), "n1")
    assert again.seq > stored.seq


def test_a_record_gets_more_names(store: Store) -> None:
    stored = put(store, order())
    store.run_now(lambda tx: tx.name(stored, "n1", "n2"))
    assert get(store, "n2") == stored
    with pytest.raises(Taken):
        store.run_now(lambda tx: tx.name(stored, "n3", "n1"))
    assert get(store, "n3") is None


def test_a_deleted_record_gets_no_names(store: Store) -> None:
    stored = put(store, order())
    store.run_now(lambda tx: tx.delete(stored))
    with pytest.raises(Stale):
        store.run_now(lambda tx: tx.name(stored, "n1"))


# Lists


def test_pages_hold_everything_once_while_more_comes(store: Store) -> None:
    stored = [put(store, order(f"o{number}")) for number in range(25)]
    first = listed(store, limit=10)
    store.run_now(lambda tx: tx.update(stored[0]))
    put(store, order("late"))
    second = listed(store, limit=10, after=first.after)
    third = listed(store, limit=10, after=second.after)
    assert [*ids(first), *ids(second), *ids(third)] == [*(record.id for record in stored), "late"]
    assert third.after is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["o1", "o2", "o1"]),
        ({"partner": "acme"}, ["o1", "o2"]),
        ({"partner": "none"}, []),
        ({"name": "o1"}, ["o1", "o1"]),
        ({"name": "o1", "partner": "other"}, ["o1"]),
        ({"name": "n"}, ["o2", "o1"]),
        ({"name": "n", "partner": "acme"}, ["o2"]),
        ({"limit": 1}, ["o1"]),
        ({"limit": 0}, ["o1"]),
        ({"after": 10**30}, []),
        ({"after": -1}, ["o1", "o2", "o1"]),
    ],
    ids=str,
)
def test_lists_are_of_what_is_asked_for(store: Store, filters: dict[str, Any], expected: list[str]) -> None:
    put(store, order("o1"))
    put(store, order("o2"), "n")
    put(store, order("o1", partner="other"), "n")
    put(store, order("c1", kind="cart"))
    assert ids(listed(store, **filters)) == expected


def test_the_last_full_page_says_that_it_is_the_last(store: Store) -> None:
    stored = [put(store, order(f"o{number}")) for number in range(4)]
    assert [listed(store, limit=size).after for size in (3, 4, 5)] == [stored[2].seq, None, None]


@pytest.mark.parametrize(("length", "first", "pages"), [(10, 50, 2), (60_000, 50, 2), (400_000, 11, 10)])
def test_pages_of_large_records_are_shorter(tmp_path: Path, length: int, first: int, pages: int) -> None:
    def all_of_them(tx: Transaction) -> list[str]:
        return [tx.put(order(f"o{number}", document="x" * length)).id for number in range(100)]

    with opened(str(tmp_path / "o.db")) as store:
        expected = store.run_now(all_of_them)
        found = [listed(store)]
        while found[-1].after is not None:
            found.append(listed(store, after=found[-1].after))
    assert [name for page in found for name in ids(page)] == expected
    assert len(found[0].records) == first
    assert len(found) == pages


# Counters


def test_counters_count_each_for_itself(store: Store) -> None:
    def work(tx: Transaction) -> list[int]:
        return [tx.next("a"), tx.next("a"), tx.next("b", first=1000), tx.next("b", first=1000), tx.next("a")]

    assert store.run_now(work) == [1, 2, 1000, 1001, 3]


def test_a_failed_work_uses_no_number(store: Store) -> None:
    def failing(tx: Transaction) -> None:
        tx.next("a")
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        store.run_now(failing)
    assert store.run_now(lambda tx: tx.next("a")) == 1


# Works


def held(store: Store) -> tuple[threading.Event, Future[Any]]:
    """Keep the writer busy until the event is set, so that everything after it gathers."""
    begun, ends = threading.Event(), threading.Event()

    def work(_: Transaction) -> None:
        begun.set()
        ends.wait(20)

    future = store.submit(work)
    assert begun.wait(20)
    return ends, future


def test_works_that_wait_are_committed_together(store: Store, clock: Clock) -> None:
    ends, _ = held(store)
    futures = [store.submit(adding(f"o{n}")) for n in range(50)]
    before = clock.read
    ends.set()
    sequence = [future.result(20).seq for future in futures]
    assert sequence == sorted(set(sequence))
    # The clock is read once per transaction; they may join the one that kept the writer busy.
    assert clock.read - before in {0, 1}


@pytest.mark.parametrize(("seconds", "transactions"), [(60, 1), (0, 2)], ids=["soon", "too late"])
def test_a_work_that_comes_while_others_are_run_goes_with_them(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, seconds: float, transactions: int
) -> None:
    monkeypatch.setattr(writer, "_GATHERS", seconds)
    before = clock.read

    def work(_: Transaction) -> Future[Record]:
        return store.submit(adding("late"))

    assert store.run_now(work).result(20).id == "late"
    assert clock.read - before == transactions


def test_a_work_that_joined_is_undone_alone(store: Store) -> None:
    def failing(tx: Transaction) -> None:
        tx.put(order("bad"))
        raise LookupError("on purpose")

    joined: list[Future[Any]] = []

    def work(tx: Transaction) -> Record:
        if not joined:  # it is run again with them
            joined.extend(map(store.submit, (failing, adding("o2"))))
        return tx.put(order("o1"))

    first = store.run_now(work)
    with pytest.raises(LookupError, match="on purpose"):
        joined[0].result(20)
    assert (first.id, joined[1].result(20).id) == ("o1", "o2")
    assert ids(listed(store)) == ["o1", "o2"]


def test_tasks_of_one_turn_of_a_loop_are_committed_together(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_GATHERS", 60)

    async def scene() -> list[Record]:
        return await asyncio.gather(*(store.run(adding(f"o{n}")) for n in range(20)))

    before = clock.read
    assert [record.id for record in asyncio.run(scene())] == [f"o{n}" for n in range(20)]
    assert clock.read == before + 1


def test_a_work_that_fails_is_undone_alone(store: Store) -> None:
    def failing(tx: Transaction) -> None:
        tx.put(order("bad"), ["n-bad"])
        tx.next("a")
        raise LookupError("on purpose")

    ends, _ = held(store)
    good = store.submit(lambda tx: tx.put(order("o1")))
    bad = store.submit(failing)
    taken = store.submit(lambda tx: tx.put(order("o1")))
    last = store.submit(lambda tx: (tx.put(order("o2")).id, tx.next("a")))
    ends.set()
    assert good.result(20).id == "o1"
    with pytest.raises(LookupError, match="on purpose"):
        bad.result(20)
    with pytest.raises(Taken):
        taken.result(20)
    assert last.result(20) == ("o2", 1)
    assert ids(listed(store)) == ["o1", "o2"]


@pytest.mark.parametrize(("changes", "runs"), [(False, 1), (True, 2)], ids=["nothing", "something"])
def test_a_batch_is_run_again_where_a_work_that_raises_has_changed_something(
    store: Store, *, changes: bool, runs: int
) -> None:
    ran: list[str] = []

    def raising_work(tx: Transaction) -> None:
        if changes:
            tx.next("a")
        raise LookupError("on purpose")

    def noted(tx: Transaction) -> int:
        ran.append("good")
        return tx.next("a")

    ends, _ = held(store)
    good, bad = store.submit(noted), store.submit(raising_work)
    ends.set()
    with pytest.raises(LookupError):
        bad.result(20)
    assert (good.result(20), len(ran)) == (1, runs)
    assert store.run_now(lambda tx: tx.next("a")) == 2


def test_a_work_sees_what_came_before_it_in_the_same_commit(store: Store) -> None:
    ends, _ = held(store)
    first = store.submit(lambda tx: tx.put(order("o1"), ["n1"]))
    second = store.submit(lambda tx: tx.get("acme", "ann", "order", "n1"))
    ends.set()
    assert second.result(20) == first.result(20)


def test_a_work_that_hides_a_failed_statement_does_not_succeed(store: Store) -> None:
    stored = put(store, order("o1"))
    store.run_now(lambda tx: tx.delete(stored))

    def hiding(tx: Transaction) -> str:
        tx.put(order("o2"))
        try:
            tx.name(stored, "n1")
        except StoreError:
            return "fine"
        return "not even refused"

    ends, _ = held(store)
    hidden = store.submit(hiding)
    other = store.submit(lambda tx: tx.put(order("o3")))
    ends.set()
    with pytest.raises(Stale):
        hidden.result(20)
    assert other.result(20).id == "o3"
    assert get(store, "o2") is None


@pytest.mark.parametrize("error", [SystemExit("no"), KeyboardInterrupt("no")], ids=repr)
def test_the_writer_outlives_whatever_a_work_raises(store: Store, error: BaseException) -> None:
    def work(tx: Transaction) -> None:
        tx.put(order("o1"))
        raise error

    with pytest.raises(type(error)):
        store.run_now(work)
    assert put(store, order("o1")).version == 1


def test_a_task_is_told_whatever_its_work_raises(store: Store) -> None:
    async def scene() -> list[Any]:
        works = [store.run(raising(error)) for error in (StopIteration("no"), LookupError("no"))]
        return await asyncio.wait_for(asyncio.gather(*works, return_exceptions=True), 20)

    assert [type(error) for error in asyncio.run(scene())] == [UsageError, LookupError]


def raising(error: Exception) -> Callable[[Transaction], None]:
    def work(_: Transaction) -> None:
        raise error

    return work


def test_a_loop_that_is_gone_does_no_harm(store: Store) -> None:
    async def scene() -> None:
        task = asyncio.create_task(store.run(adding("o1")))
        await asyncio.sleep(0)
        assert not task.done()

    ends, _ = held(store)
    asyncio.run(scene())
    ends.set()
    assert put(store, order("o2")).id == "o2"


def test_a_transaction_cannot_be_used_when_it_is_over(store: Store) -> None:
    transaction = store.run_now(lambda tx: tx)
    with pytest.raises(UsageError, match="is over"):
        transaction.put(order())
    reader = read(store, lambda reader: reader)
    with pytest.raises(UsageError, match="is over"):
        reader.get("acme", "ann", "order", "o1")


def test_too_many_waiting_works_are_refused_and_the_others_done(url: str) -> None:
    with opened(url, waiting=3) as store:
        ends, _ = held(store)
        futures = [store.submit(adding(f"o{n}")) for n in range(3)]
        with pytest.raises(Overloaded):
            store.submit(adding("o3"))
        ends.set()
        assert [future.result(20).id for future in futures] == ["o0", "o1", "o2"]
        assert put(store, order("o4")).id == "o4"
        assert get(store, "o3") is None


def test_too_many_waiting_reads_are_refused_and_the_others_done(url: str) -> None:
    async def scene(store: Store) -> list[Any]:
        ends = threading.Event()
        waiting = [asyncio.create_task(store.read(lambda _: ends.wait(20))) for _ in range(6)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await store.read(lambda reader: reader.get("acme", "ann", "order", "o1"))
        ends.set()
        done = await asyncio.gather(*waiting)
        return [*done, await store.read(lambda reader: reader.get("acme", "ann", "order", "o1"))]

    with opened(url, waiting=6) as store:
        assert asyncio.run(scene(store)) == [True] * 6 + [None]


def test_reads_do_not_wait_for_the_writer(store: Store) -> None:
    stored = put(store, order("o1"))
    ends, future = held(store)
    put_later = store.submit(lambda tx: tx.put(order("o2")))
    assert get(store, "o1") == stored
    assert get(store, "o2") is None
    ends.set()
    future.result(20)
    put_later.result(20)
    assert get(store, "o2") is not None


def test_a_reader_sees_one_moment(store: Store) -> None:
    put(store, order("o1"))

    def work(reader: Reader) -> list[int]:
        before = len(reader.find("ann", "order").records)
        put(store, order("o2"))
        return [before, len(reader.find("ann", "order").records)]

    assert read(store, work) == [1, 1]
    assert ids(listed(store)) == ["o1", "o2"]


def test_a_read_that_fails_leaves_the_next_ones_alone(store: Store) -> None:
    def failing(reader: Reader) -> None:
        reader.find("ann", "order")
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        read(store, failing)
    assert get(store, "o1") is None
    put(store, order("o1"))
    assert get(store, "o1") is not None
    asyncio.run(store.check())


def test_a_work_whose_caller_is_gone_is_not_begun(store: Store) -> None:
    async def scene() -> None:
        ends, _ = held(store)
        task = asyncio.create_task(store.run(lambda tx: tx.put(order("o1"))))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ends.set()
        await store.run(lambda tx: tx.put(order("o2")))

    asyncio.run(scene())
    assert (get(store, "o1"), get(store, "o2") is None) == (None, False)


def test_closing_finishes_what_waits_and_takes_no_more(url: str) -> None:
    async def scene(store: Store) -> list[Record]:
        tasks = [asyncio.create_task(store.run(adding(f"o{n}"))) for n in range(300)]
        await asyncio.sleep(0)
        await store.close()
        with pytest.raises(Unavailable, match="closed"):
            await store.run(lambda tx: tx.put(order("late")))
        with pytest.raises(Unavailable, match="closed"):
            await store.read(lambda reader: reader.find("ann", "order"))
        return await asyncio.gather(*tasks)

    stored = asyncio.run(scene(open_store(url)))
    assert [record.id for record in stored] == [f"o{n}" for n in range(300)]
    with opened(url) as again:
        assert list(listed(again, limit=500).records) == stored


def test_a_store_is_not_used_in_another_process(tmp_path: Path) -> None:
    with opened(str(tmp_path / "o.db")) as store:
        child = os.fork()
        if child == 0:
            try:
                store.submit(lambda tx: tx.next("a"))
            except UsageError:
                os._exit(7)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


# Several stores on one database, as several processes have it


def test_racing_stores_give_a_name_to_one(url: str) -> None:
    def race(store: Store) -> int:
        won = 0
        for number in range(50):
            try:
                put(store, order(f"o{number}"), f"n{number}")
                won += 1
            except Taken:
                continue
        return won

    with opened(url) as one, opened(url) as two, ThreadPoolExecutor() as threads:
        assert sum(threads.map(race, [one, two])) == 50
        assert len(ids(listed(one, limit=500))) == 50


def test_stores_share_counters(url: str) -> None:
    def count(store: Store) -> list[int]:
        return [store.run_now(lambda tx: tx.next("a")) for _ in range(50)]

    with opened(url) as one, opened(url) as two, ThreadPoolExecutor() as threads:
        assert sorted(chain(*threads.map(count, [one, two]))) == [*range(1, 101)]


def test_a_cursor_misses_nothing_while_several_stores_write(url: str) -> None:
    """A lower `seq` must not become visible after a higher one, or whoever pages on would never see it."""

    def write(store: Store, name: str) -> None:
        futures = [store.submit(adding(f"{name}{n}")) for n in range(200)]
        for future in futures:
            future.result(30)

    def follow(store: Store, done: threading.Event) -> list[str]:
        seen: list[str] = []
        after = 0
        while True:
            last = done.is_set()
            page = listed(store, after=after, limit=7)
            seen += ids(page)
            after = page.records[-1].seq if page.records else after
            if last and not page.records:
                return seen

    done = threading.Event()
    with opened(url) as one, opened(url) as two, ThreadPoolExecutor() as threads:
        seen = threads.submit(follow, one, done)
        writing = [threads.submit(write, one, "a"), threads.submit(write, two, "b")]
        for each in writing:
            each.result(60)
        done.set()
        found = seen.result(60)
    assert sorted(found) == sorted(f"{name}{number}" for name in "ab" for number in range(200))
