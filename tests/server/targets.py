"""One good request for every operation of every contract that is served, from the contracts alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from orderbridge import pointer
from orderbridge.api import Partner
from orderbridge.contract.catalogue import catalogue
from tests.server.client import Response, request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.contract.model import Operation, Parameter

TOKEN: Final = "a-token"
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
OWN: Final = "_orderbridge"
_OWN_BASE: Final = "/bridge/v1"


@dataclass(frozen=True)
class Target:
    """An operation, and a request that it answers."""

    partner: str
    operation: Operation
    path: str
    headers: Mapping[str, str] = field(hash=False)
    body: bytes | None = None

    @property
    def id(self) -> str:
        """Name it for a test."""
        return f"{self.partner}.{self.operation.id}"

    @property
    def method(self) -> str:
        """The method in capitals."""
        return self.operation.method.upper()

    @property
    def prefixed(self) -> str:
        """The path where several partners are served."""
        return f"{_OWN_BASE if self.partner == OWN else f'/{self.partner}'}{self.path}"

    @property
    def refusal(self) -> str:
        """The media type in which its path refuses."""
        return PROBLEM if self.partner == OWN else JSON

    def request(self, body: bytes | None = None, *, without: str = "", **changed: str) -> bytes:
        """Write the request, with another body and changed headers (`content_type` for `Content-Type`)."""
        headers = {name: value for name, value in self.headers.items() if name.lower() != without}
        names = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {name: value for name, value in headers.items() if name.lower() not in names} | names
        return request(self.method, self.prefixed, headers, self.body if body is None else body)


@cache
def targets() -> list[Target]:
    """Give those of all partners."""
    return [each for entry in catalogue().partners for each in _targets(entry.name)]


@cache
def own_targets() -> list[Target]:
    """Give those of our own API."""
    return _targets(OWN)


@cache
def known(name: str) -> Partner:
    """Load a partner, or our own API as if it were one."""
    return Partner(catalogue().contract(name), catalogue())


def _targets(partner: str) -> list[Target]:
    return [_target(partner, operation) for operation in known(partner).operations.values()]


def _target(partner: str, operation: Operation) -> Target:
    given = {(each.location, each.name): _example(partner, each) for each in operation.parameters}
    path = re.sub(r"\{([^{}]+)\}", lambda match: quote(given["path", match[1]], safe=""), operation.path)
    headers = {each.name: given["header", each.name] for each in operation.parameters if each.location == "header"}
    headers["Authorization"] = f"Bearer {TOKEN}"
    body = None
    if operation.request is not None:
        headers["Content-Type"] = JSON
        file = known(partner).contract.folder / "examples" / f"{operation.id}.request.main.json"
        body = file.read_bytes()
    return Target(partner, operation, path, headers, body)


def _example(partner: str, parameter: Parameter) -> str:
    document = known(partner).contract.document
    raw = pointer.get(document, parameter.pointer)
    if parameter.media_type is not None:
        media = raw["content"][parameter.media_type]
        return json.dumps(next(iter(_values(media, document))))
    found = [*_values(raw, document), *_values(pointer.get(document, str(parameter.schema)), document)]
    return str(found[0]) if found else "1"


def _values(raw: Any, document: Any) -> list[Any]:
    named = [each.get("value") for each in raw.get("examples", {}).values()] if "examples" in raw else []
    return [*named, *([raw["example"]] if "example" in raw else [])]


def faults(target: Target, response: Response) -> list[str]:
    """Say what is wrong with an answer by the contract, as our own server asks itself."""
    from orderbridge.server.answers import AnswerCheck
    from orderbridge.server.http import Answer

    headers = tuple((name.encode(), value.encode("latin-1")) for name, value in response.headers.items())
    answer = Answer(response.status, response.body, response.headers.get("content-type", ""), headers)
    return AnswerCheck(known(target.partner), target.operation).faults(answer)


__all__ = ["Target", "faults", "own_targets", "targets"]
