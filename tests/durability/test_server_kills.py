"""A server that is killed while it creates a thousand orders has lost none that it answered, and doubles none."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.durability.databases import KINDS, fresh
from tests.server.client import request, serving
from tests.server.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.server.client import Server

CREATE: Final = next(target for target in targets() if target.id == "fabric.createOrder")
EXAMPLE: Final = json.loads(CREATE.body or b"null")
ORDERS: Final = 1000
CONNECTIONS: Final = 500

Answers = dict[int, tuple[int, bytes]]
"""The number of an order -> the status and the body that its create call was answered with."""


class Crowd:
    """Callers who create orders at once, each on a connection of its own, until all are made or the server is gone."""

    def __init__(self, server: Server, numbers: Iterable[int], kill_after: int | None = None) -> None:
        self._server = server
        self._kill_after = kill_after
        self._numbers = iter(numbers)
        self.answers: Answers = {}

    def create(self) -> Answers:
        """Create orders; give what was answered."""
        asyncio.run(self._all())
        return self.answers

    async def _all(self) -> None:
        await asyncio.gather(*(self._caller(self._numbers) for _ in range(CONNECTIONS)))

    async def _caller(self, numbers: Iterator[int]) -> None:
        try:
            reader, writer = await asyncio.open_connection(*self._server.address)
        except OSError:
            assert self._kill_after is not None
            return
        try:
            for number in numbers:
                writer.write(_request(number))
                self.answers[number] = await _answer(reader)
                if len(self.answers) == self._kill_after:
                    self._server.process.kill()
        except (OSError, asyncio.IncompleteReadError):
            # Gone with the server; half an answer is none.
            assert self._kill_after is not None
        finally:
            writer.close()


def _request(number: int) -> bytes:
    headers = {**CREATE.headers, "Idempotency-Key": f"key-{number}"}
    body = json.dumps({**EXAMPLE, "orderNumber": f"N{number}"}).encode()
    return request(CREATE.method, CREATE.path, headers, body)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.lower().split(b"\r\n")
    length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    return int(first.split()[1]), await reader.readexactly(length)


def stored(server: Server) -> list[dict[str, Any]]:
    """List all orders that the server has."""
    orders: list[dict[str, Any]] = []
    cursor: str | None = "0"
    while cursor is not None:
        answer = server.call("GET", f"/bridge/v1/orders?limit=200&cursor={cursor}", CREATE.headers)
        assert answer.status == 200, answer.body
        orders += answer.json["orders"]
        cursor = answer.json["next"]
    return orders


def statuses(answers: Answers) -> set[int]:
    return {status for status, _ in answers.values()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_server_loses_nothing_it_answered_and_doubles_nothing(
    kind: str, tmp_path: Path, *, prove: bool
) -> None:
    chance = Random(kind)  # noqa: S311 - moments, not secrets
    for _ in range(20 if prove else 3):
        with fresh(kind, tmp_path) as url:
            command = (CREATE.partner, "--mode", "reference", "--database", url)
            with serving(*command, folder=tmp_path) as server:
                told = Crowd(server, range(ORDERS), chance.randrange(1, ORDERS)).create()
                assert server.process.wait(30) == -signal.SIGKILL
            assert statuses(told) == {200}
            with serving(*command, folder=tmp_path) as server:
                kept = Counter(order["number"] for order in stored(server))
                assert {f"N{number}" for number in told} <= set(kept)
                assert set(kept.values()) == {1}
                # Whoever has no answer comes again; of the others a tenth, for most of them it would be the same.
                asking = [number for number in range(ORDERS) if prove or number not in told or number % 10 == 0]
                again = Crowd(server, asking).create()
                assert statuses(again) == {200}
                assert {
                    number: told[number] for number in told if again.get(number, told[number]) != told[number]
                } == {}
                assert sorted(order["number"] for order in stored(server)) == sorted(f"N{n}" for n in range(ORDERS))
