"""What depends on nothing that is kept is worked out before the write lock is taken, and everything else under it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge.server import reference, reference_work
from orderbridge.server.reference_ahead import Ahead
from tests.desk import serve

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("fabric", ["before"]),
        ("configurator", ["before"]),
        ("placeorder", ["before", "inside"]),  # counts
        ("unisouk", ["inside"]),  # refers to a cart
    ],
)
def test_an_order_is_worked_out_where_it_can_be(
    name: str, seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    original = reference_work.outcome

    def noted(call: Any, case: Any, reader: Any) -> Any:
        found.append("before" if isinstance(reader, Ahead) else "inside")
        return original(call, case, reader)

    monkeypatch.setattr(reference, "outcome", noted)
    desk = serve(name, str(tmp_path / "orders.db"))

    async def scene() -> Any:
        answer = await desk.send({"call": "createOrder", "example": "main"})
        await desk.close()
        return answer

    answer = asyncio.run(scene())
    assert answer.is_success, answer.text
    assert found == seen
