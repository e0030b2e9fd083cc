"""Idempotency keys: the answer of the first request is everybody's, for a day, and for nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge.store.records import IN_FLIGHT, MISMATCH, Claim, Key, Recalled, Record, StoredAnswer
from orderbridge.store.refusals import Lost, Taken
from tests.durability.databases import KINDS, fresh, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orderbridge.store.store import Store
    from orderbridge.store.transaction import Transaction

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(hours=24)
TICK: Final = timedelta(microseconds=1)
KEY: Final = Key("ann", "acme.createOrder", "k1")
ANSWER: Final = StoredAnswer(
    201, b'{"id": "\xc3\xa9"}\0\xff', (("location", "/o1"), ("x-twice", "a"), ("x-twice", "b"))
)


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
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


def remember(store: Store, key: Key | Claim = KEY, answer: StoredAnswer = ANSWER, **settings: Any) -> None:
    store.run_now(lambda tx: tx.remember(key, "f1", answer, **settings))


def recall(store: Store, key: Key = KEY, fingerprint: str = "f1") -> Recalled | None:
    return asyncio.run(store.read(lambda reader: reader.recall(key, fingerprint)))


def claim(store: Store, fingerprint: str = "f1", **settings: Any) -> Claim | Recalled:
    return store.run_now(lambda tx: tx.claim(KEY, fingerprint, **settings))


def test_an_answer_is_recalled_as_it_was(store: Store) -> None:
    assert recall(store) is None
    remember(store)
    assert recall(store) == ANSWER


def test_an_answer_survives_its_store(url: str) -> None:
    with opened(url) as first:
        remember(first)
    with opened(url) as second:
        assert recall(second) == ANSWER


def test_another_request_under_the_same_key_is_a_mismatch(store: Store) -> None:
    remember(store)
    assert recall(store, fingerprint="f2") is MISMATCH
    assert claim(store, "f2") is MISMATCH


@pytest.mark.parametrize("changed", [{"owner": "bob"}, {"operation": "acme.other"}, {"value": "k2"}], ids=str)
def test_a_key_is_nobody_elses(store: Store, changed: dict[str, str]) -> None:
    remember(store)
    assert recall(store, replace(KEY, **changed)) is None


@pytest.mark.parametrize("value", ["", "\0", "x" * 10_000, "\ud800", "é", "sha256:"], ids=["", "NUL", "long", *"abc"])
def test_any_text_is_a_key(store: Store, value: str) -> None:
    remember(store, replace(KEY, value=value))
    assert recall(store, replace(KEY, value=value)) == ANSWER
    assert recall(store, replace(KEY, value=value + "x")) is None


def test_an_answer_lives_for_a_day(store: Store, clock: Clock) -> None:
    remember(store)
    clock.now = NOON + DAY - TICK
    assert recall(store) == ANSWER
    clock.now = NOON + DAY
    assert recall(store) is None
    later = StoredAnswer(200)
    remember(store, answer=later)
    assert recall(store) == later


def test_a_key_in_use_is_not_used_again(store: Store) -> None:
    remember(store)
    with pytest.raises(Lost):
        remember(store, answer=StoredAnswer(200))
    assert recall(store) == ANSWER


def test_a_failed_work_burns_no_key(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.remember(KEY, "f1", ANSWER)
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        store.run_now(work)
    assert recall(store) is None


def test_what_is_over_is_forgotten(store: Store, clock: Clock) -> None:
    remember(store)
    remember(store, replace(KEY, value="k2"), kept=2 * DAY)
    clock.now = NOON + DAY
    assert store.run_now(lambda tx: tx.purge()) == 1
    clock.now = NOON
    assert recall(store) is None
    assert recall(store, replace(KEY, value="k2")) == ANSWER


def test_the_store_forgets_by_itself(store: Store, clock: Clock) -> None:
    remember(store)
    clock.now = NOON + DAY
    store.run_now(lambda tx: tx.next("anything"))
    clock.now = NOON
    assert recall(store) is None


def test_a_claim_keeps_a_key_until_it_is_answered(store: Store) -> None:
    claimed = claim(store)
    assert isinstance(claimed, Claim)
    assert (claim(store), recall(store), recall(store, fingerprint="f2")) == (IN_FLIGHT, IN_FLIGHT, MISMATCH)
    remember(store, claimed)
    assert recall(store) == claim(store) == ANSWER


def test_a_claim_is_of_all_stores(store: Store, url: str, clock: Clock) -> None:
    with opened(url, clock=clock) as other:
        claimed = claim(store)
        assert isinstance(claimed, Claim)
        assert claim(other) is IN_FLIGHT
        remember(store, claimed)
        assert claim(other) == ANSWER


def test_a_released_key_is_free(store: Store) -> None:
    claimed = claim(store)
    assert isinstance(claimed, Claim)
    store.run_now(lambda tx: tx.release(claimed))
    assert recall(store) is None
    assert isinstance(claim(store, "f2"), Claim)


def test_a_claim_whose_lease_is_over_is_lost_to_the_next(store: Store, clock: Clock) -> None:
    first = claim(store, lease=timedelta(seconds=5))
    clock.now = NOON + timedelta(seconds=5)
    second = claim(store)
    assert isinstance(first, Claim)
    assert isinstance(second, Claim)

    def late(tx: Transaction) -> None:
        tx.put(Record(partner="acme", owner="ann", kind="order", id="o1"))
        tx.remember(first, "f1", ANSWER)

    with pytest.raises(Lost):
        store.run_now(late)
    # Neither the order of the one who came too late nor its giving back does anything to the other.
    store.run_now(lambda tx: tx.release(first))
    assert asyncio.run(store.read(lambda reader: reader.get("acme", "ann", "order", "o1"))) is None
    assert recall(store) is IN_FLIGHT
    remember(store, second)
    assert recall(store) == ANSWER


def test_a_claim_whose_lease_is_over_still_answers_if_nobody_came(store: Store, clock: Clock) -> None:
    claimed = claim(store, lease=timedelta(seconds=5))
    clock.now = NOON + timedelta(seconds=6)
    assert isinstance(claimed, Claim)
    assert recall(store) is None
    remember(store, claimed)
    assert recall(store) == ANSWER


def test_many_at_once_with_one_key_make_one_order(url: str, *, prove: bool) -> None:
    def create(number: int) -> Callable[[Transaction], Recalled]:
        def work(tx: Transaction) -> Recalled:
            known = tx.recall(key, "f1")
            if known is not None:
                return known
            record = tx.put(Record(partner="acme", owner="ann", kind="order", id=f"{key.value}-{number}"))
            answer = StoredAnswer(201, record.id.encode())
            tx.remember(key, "f1", answer)
            return answer

        return work

    async def race(stores: list[Store]) -> list[Recalled]:
        return await asyncio.gather(*(stores[number % 2].run(create(number)) for number in range(64)))

    rounds = 20 if prove else 2
    with opened(url) as one, opened(url) as two:
        for number in range(rounds):
            key = Key("ann", "acme.createOrder", f"k{number}")
            answers = asyncio.run(race([one, two]))
            assert len(set(answers)) == 1
        page = asyncio.run(one.read(lambda reader: reader.find("ann", "order", limit=500)))
        assert len(page.records) == rounds


def test_many_at_once_with_one_claim_make_one_order(url: str, *, prove: bool) -> None:
    async def create(store: Store, key: Key, number: int) -> str:
        claimed = await store.run(lambda tx: tx.claim(key, "f1"))
        if not isinstance(claimed, Claim):
            return "in flight" if claimed is IN_FLIGHT else "replayed"

        def work(tx: Transaction) -> str:
            record = tx.put(Record(partner="acme", owner="ann", kind="order", id=f"{key.value}-{number}"))
            tx.remember(claimed, "f1", StoredAnswer(201, record.id.encode()))
            return "created"

        return await store.run(work)

    async def race(stores: list[Store], key: Key) -> list[str]:
        return await asyncio.gather(*(create(stores[number % 2], key, number) for number in range(64)))

    rounds = 20 if prove else 2
    with opened(url) as one, opened(url) as two:
        for number in range(rounds):
            words = asyncio.run(race([one, two], Key("ann", "acme.createOrder", f"k{number}")))
            assert words.count("created") == 1
            assert set(words) <= {"created", "in flight", "replayed"}


def test_a_natural_key_makes_one_order_of_many(url: str) -> None:
    async def create(store: Store, number: int) -> bool:
        record = Record(partner="acme", owner="ann", kind="order", id=f"o{number}")
        try:
            await store.run(lambda tx: tx.put(record, ["number:77"]))
        except Taken:
            return False
        return True

    async def race(stores: list[Store]) -> list[bool]:
        return await asyncio.gather(*(create(stores[number % 2], number) for number in range(64)))

    with opened(url) as one, opened(url) as two:
        assert asyncio.run(race([one, two])).count(True) == 1
