"""A small server with one fault at a time, for tools that should find it.

Without a fault it keeps `planted.yaml`. It knows the callers that `orderbridge fuzz` makes up.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from orderbridge.api import Partner
from orderbridge.contract.loading import load
from orderbridge.fuzz.callers import CALLERS
from orderbridge.server.listening import Listening, bind, url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

CONTRACT: Final = load(Path(__file__).with_name("planted.yaml"), "planted")
VALIDATOR: Final = Partner(CONTRACT).validator(operation="createItem")
OWNERS: Final = {f"Bearer {each.credential}": each.name for each in CALLERS}
METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "QUERY"]
ALLOWED: Final = {"/items": {"POST"}, "/items/{id}": {"GET", "DELETE"}}

FAULTS: Final = {
    "breaks on a dear item": "not_a_server_error",
    "answers with another status": "status_code_conformance",
    "answers in another media type": "content_type_conformance",
    "answers in another shape": "response_schema_conformance",
    "forgets a header of the answer": "response_headers_conformance",
    "takes invalid items": "negative_data_rejection",
    "refuses some valid items": "positive_data_acceptance",
    "does without a required header": "missing_required_header",
    "does not look at credentials": "ignored_auth",
    "answers every method": "unsupported_method",
    "says nothing of the methods it knows": "unsupported_method",
    "names methods it does not know": "allow_header_conformance",
    "gives what was removed": "use_after_free",
    "does not find what was just made": "ensure_resource_availability",
    "gives what is somebody else's": "object_level_authorization",
}
"""Fault -> the check of Schemathesis that finds it."""

MEDIA_TYPE: Final = "takes items of any media type"
"""A fault that the fuzzer gives occasion for and does not mind: an audit of what was recorded names it."""
DRIFT: Final = "answers a member that is not in the contract"
"""A fault that the contract does not forbid: no check of a fuzzer can find it, an audit of recorded answers does."""


@dataclass
class Shop:
    """The items, and the one fault."""

    fault: str = ""
    items: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    made: int = 0

    def app(self) -> Starlette:
        """Give the application."""
        return Starlette(routes=[Route(path, self.answer, methods=METHODS) for path in ALLOWED])

    def has(self, fault: str) -> bool:
        """Tell whether the server has a fault."""
        assert fault in {*FAULTS, MEDIA_TYPE, DRIFT}, fault
        return self.fault == fault

    async def answer(self, request: Request) -> Response:
        """Answer any request: method, credential and header first."""
        path = "/items/{id}" if "id" in request.path_params else "/items"
        allowed = ALLOWED[path]
        if request.method not in allowed:
            return self.other_method(allowed)
        owner = OWNERS.get(request.headers.get("authorization", ""))
        if owner is None and not self.has("does not look at credentials"):
            return refused(401, {"WWW-Authenticate": "Bearer"})
        shop = request.headers.get("x-shop")
        lenient = request.method == "GET" or (shop is None and self.has("does without a required header"))
        if shop not in {"north", "south"} and not lenient:
            return refused(400)
        if path == "/items":
            if request.headers.get("content-type") != "application/json" and not self.has(MEDIA_TYPE):
                return refused(400)
            return self.create(await request.body(), owner or "")
        return self.stored(request, owner or "")

    def other_method(self, allowed: set[str]) -> Response:
        """Answer a method that the path does not know."""
        if self.has("answers every method"):
            return JSONResponse({})
        if self.has("says nothing of the methods it knows"):
            return refused(405)
        if self.has("names methods it does not know"):
            allowed = {*allowed, "PUT"}
        return refused(405, {"Allow": ", ".join(sorted(allowed))})

    def create(self, body: bytes, owner: str) -> Response:
        """Keep an item."""
        problems = VALIDATOR.check(body)
        if problems and not self.has("takes invalid items"):
            return refused(400)
        item: Any = {"name": "?", "price": 0} if problems else json.loads(body)
        if self.has("breaks on a dear item") and item["price"] > 50_000:
            return refused(500)
        if self.has("refuses some valid items") and item["price"] > 50_000:
            return refused(400)
        self.made += 1
        name = f"item-{self.made}"
        if not self.has("does not find what was just made"):
            self.items[name] = owner, item
        headers = {} if self.has("forgets a header of the answer") else {"Location": f"/items/{name}"}
        if self.has("answers in another media type"):
            return PlainTextResponse("kept", 201, headers)
        return JSONResponse(self.written(name, item), 202 if self.has("answers with another status") else 201, headers)

    def stored(self, request: Request, owner: str) -> Response:
        """Give or remove an item of the caller's."""
        name = request.path_params["id"]
        whose, item = self.items.get(name, ("", None))
        if item is None or (whose != owner and not self.has("gives what is somebody else's")):
            return refused(404)
        if request.method == "GET":
            return JSONResponse(self.written(name, item))
        if not self.has("gives what was removed"):
            del self.items[name]
        return Response(status_code=204)

    def written(self, name: str, item: dict[str, Any]) -> dict[str, Any]:
        """Write an item as it is answered."""
        price = str(item["price"]) if self.has("answers in another shape") else item["price"]
        more = {"colour": "blue"} if self.has(DRIFT) else {}
        return {"id": name, "name": item["name"], "price": price, **more}


def refused(status: int, headers: dict[str, str] | None = None) -> Response:
    """Refuse in the contract's shape."""
    return JSONResponse({"message": "no"}, status, headers)


@contextmanager
def planted(fault: str) -> Iterator[str]:
    """Serve the shop with a fault (an empty one: none) on a free port, and give its URL."""
    bound = bind(Listening(port=0))
    server = uvicorn.Server(uvicorn.Config(Shop(fault).app(), log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield url(bound)
    finally:
        server.should_exit = True
        thread.join()
        bound.close()
