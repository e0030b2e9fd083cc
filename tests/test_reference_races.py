"""Many at once, and what is left when the server is gone: one key, one cart, one number make one order."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext
from tests.desk import serve
from tests.durability.databases import KINDS, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

ORDER = {"call": "createOrder", "example": "main", "status": 200}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an empty database of each kind."""
    with fresh(request.param, tmp_path) as url:
        yield url


async def together(desk: Desk, steps: list[dict[str, Any]]) -> list[Any]:
    try:
        return await asyncio.gather(*(desk.send(step) for step in steps))
    finally:
        await desk.close()


def ids_of(answers: list[Any]) -> set[str]:
    return {json.loads(each.content)["data"]["id"] for each in answers if each.status_code == 200}


def test_sixty_four_calls_under_one_key_are_one_order(database: str, *, prove: bool) -> None:
    desk = serve("placeorder", database)
    for attempt in range(20 if prove else 2):
        answers = asyncio.run(together(desk, [{**ORDER, "key": f"k-{attempt}"} for _ in range(64)]))
        done = [each for each in answers if each.status_code == 200]
        assert {each.status_code for each in answers} <= {200, 409}
        assert len({each.content for each in done}) == 1
    again = asyncio.run(together(desk, [{**ORDER, "key": "k-0"}, {**ORDER, "key": "another"}]))
    first, second = (jsontext.read(each.content)[0] for each in again)
    assert [each.status_code for each in again] == [200, 200]
    assert first != second


def test_sixty_four_calls_for_one_cart_are_one_order(database: str) -> None:
    desk = serve("unisouk", database)
    answers = asyncio.run(together(desk, [ORDER] * 64))
    assert sorted(each.status_code for each in answers) == [200] + [409] * 63
    assert len(ids_of(answers)) == 1


def test_sixty_four_callers_may_have_the_same_number(database: str) -> None:
    desk = serve("fabric", database)
    answers = asyncio.run(together(desk, [{**ORDER, "token": str(number)} for number in range(64)]))
    assert [each.status_code for each in answers] == [200] * 64


def test_numbers_that_are_counted_differ(database: str) -> None:
    desk = serve("ccagent", database)
    answers = asyncio.run(together(desk, [{**ORDER, "example": "minimal"}] * 64))
    numbers = {json.loads(each.content)["orderId"] for each in answers}
    assert len(numbers) == 64


def test_an_order_survives_the_server(database: str) -> None:
    desk = serve("configurator", database)
    (answer,) = asyncio.run(together(desk, [{**ORDER, "key": "k"}]))
    order = json.loads(answer.content)
    later = serve("configurator", database)
    later.tokens = desk.tokens
    steps: list[dict[str, Any]] = [
        {"call": "getOrder", "path": {"id": order["shortId"]}},
        {**ORDER, "key": "k"},
        {**ORDER, "key": "k", "example": "minimal"},
    ]

    async def one_after_another() -> list[Any]:
        answers = [await later.send(step) for step in steps]
        await later.close()
        return answers

    read, repeated, other = asyncio.run(one_after_another())
    assert (read.status_code, read.content) == (200, answer.content)
    assert (repeated.status_code, repeated.content) == (200, answer.content)
    assert other.status_code == 422


def test_items_put_into_a_cart_at_once_are_all_there(database: str) -> None:
    desk = serve("unisouk", database)

    async def run() -> Any:
        cart = json.loads((await desk.send({"call": "createCart", "example": "main"})).content)["data"]["id"]
        item = {"cartId": cart, "variantId": "a", "quantity": 1, "price": 10}
        await asyncio.gather(*(desk.send({"call": "addCartItem", "body": item}) for _ in range(32)))
        answer = await desk.send({"call": "getCart", "path": {"cartId": cart}})
        await desk.close()
        return json.loads(answer.content)["data"]

    cart = asyncio.run(run())
    assert (cart["totalAmount"], cart["items"]) == (320, [{"variantId": "a", "quantity": 32, "price": 10}])


def test_nothing_secret_is_kept(tmp_path: Path) -> None:
    database = str(tmp_path / "orders.db")
    desk = serve("ccagent", database)

    async def run() -> None:
        opened = json.loads((await desk.send({**ORDER, "example": "minimal"})).content)["orderId"]
        for example in ("submit", "payGiftCard"):
            await desk.send({**ORDER, "example": example, "patch": {"/id": opened}, "key": example})
        await desk.close()

    asyncio.run(run())
    with closing(sqlite3.connect(database)) as connection:
        rows = [*connection.execute("select document, hub, answer from orderbridge_record")]
        rows += connection.execute("select key, fingerprint, headers, body from orderbridge_key")
    kept = " ".join(str(value) for row in rows for value in row)
    secrets = ("4111111111111111", "9800000000000034", "cardCVV", "cardNumber", "giftCardPin")
    assert "Ana" in kept
    assert [each for each in (*secrets, *desk.tokens.values()) if each in kept] == []
