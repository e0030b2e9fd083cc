"""The reference server: `tests/suite/_reference/<partner>.json` are conversations as data, held through the real gate.

A step is a call with what its answer has to be, or a stored order read in another partner's format. What is saved of
an answer is written `$name` later; `~` is a pattern, `#` any number, `*n` a text of n characters.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx
import pytest

from orderbridge import jsontext, pointer
from orderbridge.api import Partner
from orderbridge.api import partner as built_in
from orderbridge.behaviour.effects import ORDER
from orderbridge.contract.catalogue import catalogue
from orderbridge.mapping.compiling import compiled_lower
from orderbridge.server.app import Settings, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.model import Operation

SUITE: Final = Path(__file__).parent / "suite" / "_reference"
CONTRACTS: Final = Path(__file__).parent / "data" / "contracts"
FILES: Final = sorted(SUITE.glob("*.json"))
PARTNERS: Final = [path.stem for path in FILES if path.stem != "acme"]
CONVERSATIONS: Final = [
    pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}")
    for path in FILES
    for case in jsontext.read(path.read_bytes())[0]["cases"]
]


def load(name: str) -> Partner:
    if name != "acme":
        return built_in(name)
    known = catalogue([CONTRACTS])
    return Partner(known.contract(name), known)


@dataclass
class Desk:
    """One partner as it is served, and what callers say to it."""

    partner: Partner
    app: Any
    database: str
    headers: dict[str, str]
    saved: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    async def send(self, step: dict[str, Any]) -> httpx.Response:
        operation = self.partner.operations[step["call"]]
        body = self.body(operation, step)
        headers = {**self.headers, **self.credential(step.get("token", "a")), **step.get("headers", {})}
        if body is not None:
            headers["content-type"] = "application/json"
        if "key" in step:
            headers["idempotency-key"] = step["key"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://desk") as client:
            url = self.path(operation, step)
            query = self.filled(step.get("query", {}))
            return await client.request(operation.method, url, params=query, headers=headers, content=body)

    def credential(self, token: str) -> dict[str, str]:
        value = self.tokens.setdefault(token, secrets.token_hex(16))
        scheme = next(iter(self.partner.contract.document["components"]["securitySchemes"].values()))
        if scheme["type"] == "apiKey":
            return {scheme["name"]: value}
        return {"authorization": f"Bearer {value}"}

    def path(self, operation: Operation, step: dict[str, Any]) -> str:
        values = {name: quote(str(self.filled(value))) for name, value in step.get("path", {}).items()}
        return operation.path.format(**values)

    def body(self, operation: Operation, step: dict[str, Any]) -> bytes | None:
        value = self.filled(step.get("body"))
        if "example" in step:
            folder = self.partner.known.entry(self.partner.name).folder if self.partner.known else CONTRACTS
            value, _ = jsontext.read(
                (folder / "examples" / f"{operation.id}.request.{step['example']}.json").read_bytes()
            )
        for place, new in step.get("patch", {}).items():
            holder, _, name = place.rpartition("/")
            there = pointer.get(value, holder)
            there[int(name) if isinstance(there, list) else name] = self.filled(new)
        step["sent"] = value
        return None if value is None else jsontext.write(value)

    def filled(self, value: Any) -> Any:
        """Put in what was saved."""
        if isinstance(value, dict):
            return {name: self.filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if not isinstance(value, str):
            return value
        if value.startswith("*"):
            return "x" * int(value[1:])
        if value.startswith("$") and value[1:] in self.saved:
            return self.saved[value[1:]]
        return re.sub(r"\$([a-z]+)", lambda found: str(self.saved[found[1]]), value)

    def read(self, step: dict[str, Any]) -> Any:
        """Write a stored order as another partner's request."""
        text = "select document, hub from orderbridge_record where kind = ? and id = ?"
        with closing(sqlite3.connect(self.database)) as connection:
            document, hub = connection.execute(text, (ORDER, self.filled(step["read"]))).fetchone()
        if step["as"] == self.partner.name:
            return jsontext.read(document)[0]
        target = built_in(step["as"]).side
        return compiled_lower(target.section("request"), target.reserved)(jsontext.read(hub)[0])


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Serve each partner once; conversations have callers of their own, and so never meet."""
    made: dict[str, tuple[Partner, Any, str]] = {}

    def serve(name: str) -> tuple[Partner, Any, str]:
        if name not in made:
            partner, database = load(name), str(tmp_path_factory.mktemp(name) / "orders.db")
            made[name] = partner, build([partner], Settings(mode="reference", database=database)), database
        return made[name]

    yield serve


def desk(apps: Any, name: str) -> Desk:
    return Desk(*apps(name), headers=json.loads((SUITE / f"{name}.json").read_bytes())["headers"])


def value_at(document: Any, place: str) -> Any:
    try:
        return pointer.get(document, place)
    except LookupError:
        return "(nothing)"


def is_as(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str) and wanted.startswith("~"):
        return isinstance(value, str) and re.fullmatch(wanted[1:], value) is not None
    if wanted == "#":
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(wanted, dict) and isinstance(value, dict):
        return wanted.keys() == value.keys() and all(is_as(value[name], each) for name, each in wanted.items())
    return bool(value == wanted)


def faults(step: dict[str, Any], value: Any, at: Desk) -> list[str]:
    found = [
        f"{place or '(root)'} is {value_at(value, place)!r}, not {wanted!r}"
        for place, wanted in at.filled(step.get("expect", {})).items()
        if not is_as(value_at(value, place), wanted)
    ]
    for place, other in step.get("repeats", {}).items():
        if value_at(value, place) != value_at(step["sent"], other):
            found.append(f"{place} is {value_at(value, place)!r} and does not repeat {value_at(step['sent'], other)!r}")
    found += [f"{place} is there" for place in step.get("absent", []) if value_at(value, place) != "(nothing)"]
    at.saved.update({name: pointer.get(value, place) for name, place in step.get("save", {}).items()})
    one, other = step.get("differ", [None, None])
    return [*found, *([f"{one} and {other} are equal"] if one and at.saved[one] == at.saved[other] else [])]


def broken(partner: Partner, step: dict[str, Any], content: bytes) -> list[str]:
    """Say what of an answer breaks the contract, where the contract knows such an answer."""
    operation, status = step["call"], step["status"]
    if partner.operations[operation].response(str(status)) is None:
        return []
    problems = partner.validate(content, message="response", operation=operation, status=status)
    return [each.message for each in problems if each.severity == "error"]


@pytest.mark.parametrize(("name", "case"), CONVERSATIONS)
def test_a_conversation_goes_as_it_is_written(apps: Any, name: str, case: dict[str, Any]) -> None:
    at = desk(apps, name)
    for number, step in enumerate(case["steps"]):
        if "read" in step:
            value = at.read(step)
        else:
            answer = asyncio.run(at.send(step))
            assert answer.status_code == step["status"], f"step {number}: {answer.text}"
            value, problems = jsontext.read(answer.content)
            assert problems == ()
            assert broken(at.partner, step, answer.content) == [], f"step {number}"
        assert faults(step, jsontext.read(jsontext.write(value))[0], at) == [], f"step {number}"
