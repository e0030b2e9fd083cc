"""A body full of faults gets its refusal, and nobody else waits for it."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge
from orderbridge.server.excerpt import MOST_VALUES, Excerpt, Finder, has_more
from orderbridge.server.fault import MOST_LISTED
from tests.server.client import request, serving
from tests.server.targets import Target, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Response, Server

_BYTES: Final = 5_000_000
_PATIENCE: Final = 2.0
"""Seconds: one, and as much again for a machine that has other work to do."""


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve all partners with room for large bodies."""
    with serving("--limit", "body=8MiB", folder=tmp_path_factory.mktemp("roomy")) as server:
        yield server


def _creates() -> list[Target]:
    return [each for each in targets() if each.operation.id == "createOrder"]


def _fabric() -> tuple[Target, Any]:
    target = next(each for each in _creates() if each.partner == "fabric")
    return target, json.loads(target.body or b"")


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    for member in value.values() if isinstance(value, dict) else ():
        yield from _lists(member)


def _full_of_faults(target: Target, kind: str) -> bytes:
    """Write five megabytes in which nearly every value is wrong."""
    if kind == "twice":
        return b"{" + b",".join([b'"a":0'] * (_BYTES // 6)) + b"}"
    order = json.loads(target.body or b"")
    rows = next(_lists(order), None)
    if rows is None:  # no list: members that nobody knows, beside one that is wrong
        order.update({f"m{number:06}": 0 for number in range(_BYTES // 12)})
        del order["cartId"]
    else:
        rows[:] = [0] * (_BYTES // 2)
    return json.dumps(order, separators=(",", ":")).encode()


@pytest.mark.parametrize("kind", ["wrong", "twice"])
@pytest.mark.parametrize("target", _creates(), ids=lambda each: each.id)
def test_five_megabytes_of_faults_are_refused_and_keep_nobody_waiting(roomy: Server, target: Target, kind: str) -> None:
    """Others are answered meanwhile, and the status is the one of any broken order."""
    body = _full_of_faults(target, kind)
    assert len(body) > _BYTES * 0.9
    expected = 400 if kind == "twice" else roomy.send(target.request(b"[]", Connection="close"))[0].status
    answer, waited = _others_wait(roomy, target.request(body, Connection="close"))
    assert answer.status == expected
    assert len(answer.body) < 500_000
    assert b"problems" in answer.body
    assert waited < _PATIENCE


def _others_wait(server: Server, call: bytes) -> tuple[Response, float]:
    """Send a call; give its answer, and how long somebody else had to wait meanwhile at most."""
    answers: list[Response] = []
    caller = threading.Thread(target=lambda: answers.extend(server.send(call, 60)))
    waited = []
    caller.start()
    while caller.is_alive():
        started = time.perf_counter()
        assert server.call("GET", "/health").status == 200
        waited.append(time.perf_counter() - started)
        time.sleep(0.01)
    (answer,) = answers
    return answer, max(waited)


def test_our_own_validation_of_such_a_body_keeps_nobody_waiting(roomy: Server) -> None:
    """The verdict is that of the whole body, the problems are those of its first part."""
    target, _ = _fabric()
    headers = {"Authorization": "Bearer a", "Content-Type": "application/json", "Connection": "close"}
    call = request("POST", "/bridge/v1/validate/fabric", headers, _full_of_faults(target, "wrong"))
    started = time.perf_counter()
    answer = roomy.send(call, 60)[0]
    assert time.perf_counter() - started < 2 * _PATIENCE
    assert (answer.status, answer.json["valid"]) == (200, False)
    assert 0 < len(answer.json["problems"]) <= MOST_LISTED


def _translation(order: Any, query: str = "") -> bytes:
    headers = {"Authorization": "Bearer a", "Content-Type": "application/json", "Connection": "close"}
    body = json.dumps({"order": order}, separators=(",", ":")).encode()
    return request("POST", f"/bridge/v1/translate/fabric/placeorder{query}", headers, body)


def test_a_translation_of_such_a_body_is_refused_and_keeps_nobody_waiting(roomy: Server) -> None:
    """What is wrong is said as far as it was looked for, and that it was not looked for everywhere."""
    target, _ = _fabric()
    order = json.loads(_full_of_faults(target, "wrong"))
    started = time.perf_counter()
    answer, waited = _others_wait(roomy, _translation(order))
    assert time.perf_counter() - started < 3 * _PATIENCE
    assert waited < _PATIENCE
    assert (answer.status, answer.json["report"]["complete"]) == (422, False)
    assert 0 < len(answer.json["errors"]) <= MOST_LISTED
    assert "looked at in part" in answer.json["title"]


def test_what_is_wrong_beside_such_an_order_is_said_first(roomy: Server) -> None:
    """A large order does not hide that the operation does not exist."""
    target, _ = _fabric()
    order = json.loads(_full_of_faults(target, "wrong"))
    answer = roomy.send(_translation(order, "?operation=nothing"), 60)[0]
    assert (answer.status, answer.json["code"]) == (404, "unknown-operation")


def test_a_large_report_keeps_nobody_waiting(roomy: Server) -> None:
    """An order that its own contract takes is translated and accounted for, leaf by leaf, while others are answered."""
    _, order = _fabric()
    order["attributes"] = {f"m{number:06}": 0 for number in range(80_000)}
    answer, waited = _others_wait(roomy, _translation(order))
    assert waited < _PATIENCE
    assert len(answer.json["report"]["source_leaves"]) > 80_000


def test_all_problems_of_an_ordinary_body_are_named() -> None:
    """Nothing is left out where there is time for all of it."""
    _, order = _fabric()
    order["items"] = [0] * 100
    validator = orderbridge.partner("fabric").validator()
    found = Finder(validator).errors(order)
    expected = [each.pointer for each in validator.check_value(order) if each.severity == "error"]
    assert found.complete
    assert [each.pointer for each in found.problems] == expected


def test_what_an_excerpt_lacks_is_never_a_problem() -> None:
    """Whatever is named in part is wrong with the whole as well."""
    _, order = _fabric()
    order["items"] = [*order["items"], *[{"sku": 5}] * 300]
    order["attributes"] = {f"m{number}": [[]] * 9 for number in range(MOST_VALUES // 9)}
    validator = orderbridge.partner("fabric").validator()
    found = Finder(validator).errors(order)
    assert not found.complete
    whole = {(each.pointer, each.code) for each in validator.check_value(order)}
    assert found.problems
    assert {(each.pointer, each.code) for each in found.problems} <= whole


def test_values_are_counted_no_further_than_asked() -> None:
    """A list alone is one value and its elements."""
    assert not has_more([0] * 9, 10)
    assert has_more([0] * 10, 10)
    assert has_more([{"a": [0, 0]}, 0], 5)
    assert not has_more("text", 1)


def test_an_excerpt_keeps_what_the_contract_knows() -> None:
    """Undeclared members are what makes room."""
    value = {**{f"m{number}": 0 for number in range(500)}, "known": 1}
    part = Excerpt(frozenset({"known", "a", "b"}))
    copied = part.of({"a": value, "b": [1]})
    assert len(copied["a"]) == 201
    assert copied["a"]["known"] == 1
    assert copied["b"] == [1]
    assert part.cut == {"", "/a"}
