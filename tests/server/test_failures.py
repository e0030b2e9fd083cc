"""What nobody expects: exceptions and answers that break the contract, inside the application."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge
from orderbridge.api import Partner
from orderbridge.contract.loading import load
from orderbridge.server.answers import AnswerCheck
from orderbridge.server.app import Settings, build
from orderbridge.server.http import Answer
from orderbridge.server.logs import Silence
from orderbridge.server.mock import Mock
from tests.server.client import Response, serving
from tests.server.targets import Target, faults, targets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERY: Final = [pytest.param(each, id=each.id) for each in targets()]
ORDER: Final = next(each for each in targets() if each.id == "unisouk.createOrder")


class Kept(Silence):
    """A log that remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def _put(self, text: str) -> None:
        self.lines.append(json.loads(text))


def ask(target: Target, log: Kept) -> Response:
    """Put one request through the application without a network."""
    edge = build([orderbridge.partner(each) for each in sorted({each.partner for each in targets()})], Settings(), log)
    sent: list[Any] = []
    headers = [(name.lower().encode(), value.encode()) for name, value in target.headers.items()]
    if target.body is not None:
        headers.append((b"content-length", str(len(target.body)).encode()))
    scope = {
        "type": "http",
        "method": target.method,
        "path": target.prefixed,
        "query_string": b"",
        "headers": headers,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": target.body or b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(edge(scope, receive, send))
    start, body = sent
    return Response(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"])


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Answer]) -> None:
    async def handle(_self: Mock, _request: object) -> Answer:
        return answer()

    monkeypatch.setattr(Mock, "__call__", handle)


@pytest.mark.parametrize("target", EVERY)
def test_an_exception_is_a_500_without_a_word_about_it(monkeypatch: pytest.MonkeyPatch, target: Target) -> None:
    def fail() -> Answer:
        raise ValueError("the words of the exception")

    answering(monkeypatch, fail)
    log = Kept()
    response = ask(target, log)
    assert (response.status, response.headers["content-type"]) == (500, "application/json")
    assert faults(target, response) == []
    assert not re.search(rb"words|ValueError|Traceback|\.py|line \d", response.body)
    failure, line = log.lines
    assert (failure["error"], failure["id"]) == ("ValueError", response.headers["x-request-id"])
    assert (line["status"], line["level"], line["id"]) == (500, "error", failure["id"])


BROKEN: Final = {
    "a body of another shape": (Answer(200, b'{"message":1}'), "type at /message"),
    "a member too few": (Answer(200, b"{}"), "`data` is missing at (root)"),
    "no JSON": (Answer(200, b"{"), "malformed-json at (root)"),
    "no body": (Answer(200), "no body"),
    "another media type": (Answer(200, b"{}", "text/html"), "text/html is not declared"),
    "an unknown status": (Answer(299, b"{}"), "the contract has no such status"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_that_breaks_the_contract_is_a_500(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    answer, why = BROKEN[name]
    answering(monkeypatch, lambda: answer)
    log = Kept()
    response = ask(ORDER, log)
    assert (response.status, faults(ORDER, response)) == (500, [])
    failure = log.lines[0]
    assert failure["error"] == "BrokenAnswerError"
    assert why in failure["message"]


def test_a_behaviour_whose_answer_breaks_the_contract_is_a_logged_500_and_stores_nothing(tmp_path: Path) -> None:
    source = orderbridge.partner("unisouk").contract.folder
    shutil.copytree(source, tmp_path / "amiss")
    behaviour = tmp_path / "amiss" / "behaviour.yaml"
    text = behaviour.read_text().replace(
        "      data.totalAmount: cart.totalAmount\n      # The sums",
        """\
      data.totalAmount: {value: "the amount"}
      # The sums""",
    )
    assert "the amount" in text
    behaviour.write_text(text)
    headers = {**ORDER.headers, "Idempotency-Key": "once", "X-Request-Id": "mine"}
    with serving("amiss", "--mode", "reference", "--contracts", str(tmp_path), folder=tmp_path) as server:
        for _ in range(2):  # what failed burns no key, and is never repeated from memory
            response = server.call("POST", ORDER.path, headers, ORDER.body)
            assert (response.status, response.headers["x-request-id"]) == (500, "mine")
            assert faults(ORDER, response) == []
            assert not re.search(rb"amount|Broken|Traceback|\.py|line \d", response.body)
        kept = server.call("GET", "/bridge/v1/orders", {"Authorization": headers["Authorization"]})
        assert kept.json["orders"] == []
        failures = [line for line in server.log() if line["event"] == "failure"]
    assert [(each["code"], each["error"], each["id"]) for each in failures] == [
        ("broken-answer", "BrokenAnswerError", "mine")
    ] * 2
    assert "type at /data/totalAmount" in failures[0]["message"]
    assert "the amount" not in json.dumps(failures)


def test_what_the_database_gave_up_for_is_in_the_log_alone(tmp_path: Path) -> None:
    with serving("unisouk", "--mode", "reference", folder=tmp_path) as server:
        with closing(sqlite3.connect(tmp_path / "orderbridge.db")) as database:
            database.execute("ALTER TABLE orderbridge_record RENAME TO gone")
        refused = server.call("POST", ORDER.path, {**ORDER.headers, "X-Request-Id": "kept"}, ORDER.body)
        unready = server.call("GET", "/ready")
        server.stop()
        lines = [(line.get("id"), line["code"], line["message"]) for line in server.log() if line["event"] == "failure"]
    assert (refused.status, unready.status) == (503, 503)
    assert b"table" not in refused.body + unready.body
    why = "no such table: orderbridge_record"
    assert lines == [("kept", "store-unavailable", why), (None, "store-unavailable", why)]


def test_a_fixed_answer_is_checked_once_and_another_one_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Answer] = []
    original = AnswerCheck.faults

    def noted(self: AnswerCheck, answer: Answer) -> list[str]:
        checked.append(answer)
        return original(self, answer)

    monkeypatch.setattr(AnswerCheck, "faults", noted)
    check = AnswerCheck(orderbridge.partner(ORDER.partner), ORDER.operation)
    folder = orderbridge.partner(ORDER.partner).contract.folder / "examples"
    body = (folder / "createOrder.200.main.json").read_bytes()
    for answer in (Answer(200, body, fixed=True), Answer(200, body), Answer(200, body, proven=True)):
        for _ in range(3):
            check.check(answer)
    assert [(each.fixed, each.proven) for each in checked] == [(True, False), *[(False, False)] * 3]


def test_a_required_header_has_to_be_sent(tmp_path: Path) -> None:
    headers = {"X-Needed": {"required": True, "schema": {"type": "string"}}}
    responses = {"200": {"description": "d", "headers": headers}}
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}}
    file = tmp_path / "t.json"
    file.write_text(json.dumps({**document, "paths": {"/a": {"get": {"operationId": "a", "responses": responses}}}}))
    partner = Partner(load(file, "t"))
    check = AnswerCheck(partner, partner.operations["a"])
    assert check.faults(Answer(200)) == ["no header X-Needed"]
    assert check.faults(Answer(200, headers=((b"x-needed", b"1"),))) == []
