"""A small recorder: what is said to a live server, as the HAR file that a browser would write of it."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from orderbridge import jsontext
from tests.desk import SUITE, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation

TOKEN: Final = "tok-5ecre7-of-the-recording"
IDS: Final = ("orderId", "id", "_id")
"""Members of an answer by which an order is read again."""


def har(*entries: Any, creator: str = "recorder") -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": list(entries)}}


def entry(
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    body: str | None = None,
    *,
    status: int = 200,
    answered: dict[str, str] | None = None,
    text: str = "",
) -> dict[str, Any]:
    """Write one entry as browsers do."""
    request: dict[str, Any] = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": []}
    request |= {"headers": rows(headers or {}), "queryString": [], "headersSize": -1, "bodySize": len(body or "")}
    if body is not None:
        request["postData"] = {"mimeType": (headers or {}).get("content-type", ""), "text": body}
    content = {"size": len(text.encode()), "mimeType": (answered or {}).get("content-type", ""), "text": text}
    response = {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": rows(answered or {})}
    response |= {"cookies": [], "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1}
    return {"startedDateTime": "2026-01-31T09:30:00Z", "time": 1, "request": request, "response": response}


def rows(pairs: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs.items()]


def call(base: str, method: str, path: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
    """Call a live server and write down what was said."""
    parts = urlsplit(base)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    target = f"{parts.path}{path}"
    connection.request(method, target, body.encode() if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    answered = {name.lower(): value for name, value in answer.getheaders()}
    url = f"{parts.scheme}://{parts.netloc}{target}"
    return entry(method, url, headers, body, status=answer.status, answered=answered, text=text)


def recorded(name: str, base: str) -> dict[str, Any]:
    """Place every order of a partner's examples, and read each of them again."""
    partner = load(name)
    said = json.loads((SUITE / f"{name}.json").read_bytes())["headers"]
    headers = {**said, **credential(partner)}
    return har(*(each for text in orders(partner) for each in _order(partner, base, headers, text)))


def credential(partner: Partner) -> dict[str, str]:
    scheme = next(iter(partner.contract.document["components"]["securitySchemes"].values()))
    return {scheme["name"]: TOKEN} if scheme["type"] == "apiKey" else {"authorization": f"Bearer {TOKEN}"}


def orders(partner: Partner) -> Iterator[str]:
    assert partner.known is not None
    folder: Path = partner.known.entry(partner.name).folder / "examples"
    yield from (each.read_text("utf-8") for each in sorted(folder.glob("createOrder.request.*.json")))


def _order(partner: Partner, base: str, headers: dict[str, str], text: str) -> Iterator[dict[str, Any]]:
    created = partner.contract.operation()
    yield (made := call(base, "POST", created.path, {**headers, "content-type": "application/json"}, text))
    answer, _ = jsontext.read(made["response"]["content"]["text"])
    for operation in partner.operations.values():
        path = _path_of(operation, answer)
        if path is not None and made["response"]["status"] < 300:
            yield call(base, "GET", path, headers)


def _path_of(operation: Operation, answer: Any) -> str | None:
    names = [each for each in operation.parameters if each.location == "path"]
    found = next((str(answer[name]) for name in IDS if isinstance(answer, dict) and name in answer), None)
    if operation.method != "get" or len(names) != 1 or found is None or names[0].style != "simple":
        return None
    return operation.path.replace(f"{{{names[0].name}}}", found)
