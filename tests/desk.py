"""One partner as the reference server serves it, and what callers say to it: tests of the server share it.

Calls go through the whole application in this process. What is saved of an answer is written `$name` later.
"""

from __future__ import annotations

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

from orderbridge import jsontext, pointer
from orderbridge.api import Partner
from orderbridge.api import partner as built_in
from orderbridge.behaviour.effects import ORDER
from orderbridge.contract.catalogue import catalogue
from orderbridge.mapping.compiling import compiled_lower
from orderbridge.server.app import Settings, build

if TYPE_CHECKING:
    from orderbridge.contract.model import Operation

SUITE: Final = Path(__file__).parent / "suite" / "_reference"
CONTRACTS: Final = Path(__file__).parent / "data" / "contracts"


def load(name: str) -> Partner:
    if name != "acme":
        return built_in(name)
    known = catalogue([CONTRACTS])
    return Partner(known.contract(name), known)


def serve(name: str, database: str) -> Desk:
    """Serve a partner from a database."""
    partner = load(name)
    headers = json.loads((SUITE / f"{name}.json").read_bytes())["headers"]
    return Desk(partner, build([partner], Settings(mode="reference", database=database)), database, headers)


@dataclass
class Desk:
    """One partner as it is served, with callers of its own."""

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

    async def close(self) -> None:
        """Stop the server as its host would, so that it lets go of its database."""
        messages = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            assert not message["type"].endswith(".failed")

        await self.app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

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
