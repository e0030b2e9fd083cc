"""The edge: what every request meets first, and what answers whatever happens behind it.

A request id, the server's own health, the methods of the path, a bound on what is in flight; then the framework. What
nobody expected becomes a line in the log and the partner's own 500, without a word about how we are made.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from orderbridge import jsontext
from orderbridge.server.exchange import Exchange
from orderbridge.server.fault import Fault, cause_of
from orderbridge.server.http import Answer
from orderbridge.server.paths import allow, routed
from orderbridge.server.refusals import Refusals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from orderbridge.server.limits import Limits
    from orderbridge.server.logs import Log
    from orderbridge.server.pages import Pages
    from orderbridge.server.paths import Paths

OWN: Final = "/bridge/v1"
EVERYTHING: Final = "*"
"""The target of `OPTIONS *`, which asks about the server and not about a path."""
_OWN_PREFIX: Final = f"/{OWN.split('/')[1]}"
_READ_BY_ALL: Final = frozenset({"GET", "HEAD"})
"""Methods whose answers a cache may keep: it has to know that they differ by origin, whoever asks first."""
_OWN_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Edge:
    """Stands before the framework."""

    def __init__(
        self,
        app: ASGIApp,
        paths: Paths,
        refusals: Mapping[str, Refusals],
        pages: Mapping[str, Pages],
        *,
        limits: Limits,
        log: Log,
        check: Callable[[], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
        warm: Callable[[], None],
    ) -> None:
        """Stand before an application; `check` fails while it is not ready, `close` ends it when it is idle."""
        self.limits = limits
        self.log = log
        self.warm = warm
        self._app = app
        self._paths = paths
        self._refusals = refusals
        self._pages = pages
        self._check = check
        self._close = close
        self._in_flight = 0
        self._own = self._own_routes()

    def _own_routes(self) -> dict[str, Callable[[], Awaitable[Answer]]]:
        """Give our own health; at the short paths only where no contract claims them."""
        own: dict[str, Callable[[], Awaitable[Answer]]] = {"/health": self._health, "/ready": self._ready}
        free = {path: answer for path, answer in own.items() if self._paths.methods(path) is None}
        return free | {f"{OWN}{path}": answer for path, answer in own.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, self._closing(receive), send)
            return
        exchange = Exchange(scope["headers"], scope.get("at_once"))
        raw = scope.get("raw_path") or b""
        if b"%" in raw:
            scope["path"] = routed(raw)
        scope["exchange"] = exchange
        self._in_flight += 1
        try:
            await self._answer(exchange, scope, receive, send)
        except Exception as error:  # noqa: BLE001 - nothing may reach a caller as anything but an answer
            await self._failed(error, exchange, scope, send)
        except asyncio.CancelledError:
            # The server ends and has waited long enough. Whether it was done is not known: the caller has to ask again.
            await self._stopped(exchange, scope, send)
        finally:
            self._in_flight -= 1
        if exchange.cause is not None:
            self.log.failure(exchange.cause, exchange)
        if not scope.get("refused"):
            self.log.request(exchange, scope["method"], scope["path"], scope["query_string"].decode("latin-1"))

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        own = self._own.get(path)
        methods = _OWN_METHODS if own is not None or path == EVERYTHING else self._paths.methods(path)
        exchange.is_head = method == "HEAD"
        try:
            exchange.join_equal_names()
            pages = self._pages_at(path) if method in _READ_BY_ALL or "origin" in exchange.headers else None
            if pages is not None:
                exchange.shared = pages.shared(exchange.headers)
            if self._in_flight > self.limits.in_flight and own is None:
                raise _unavailable("too many requests at once; try again soon", "overloaded")
            answer = self._of_the_path(method, methods)
            if answer is not None and methods is not None and pages is not None:
                answer = answer.with_headers(*pages.preflight(exchange.headers, methods))
            if answer is None and own is not None:
                answer = await own()
        except Fault as fault:
            answer = self.refusal(fault, path, exchange.id)
        if answer is not None:
            await exchange.answer(answer, send)
            return
        # The server beneath decides by the method of its own scope whether it sends a body. A HEAD may be all there is.
        is_get = exchange.is_head and methods is not None and "GET" in methods
        inner = {**scope, "method": "GET"} if is_get else scope
        await self._app(inner, receive, send)

    def _of_the_path(self, method: str, methods: frozenset[str] | None) -> Answer | None:
        """Answer what the path alone decides."""
        if methods is None:
            raise _unknown()
        if method == "OPTIONS":
            return Answer(204, headers=(allow(methods),))
        if method in methods:
            return None
        raise Fault(
            "unsupported", f"this path has no {method[:20]}", "unknown-method", status=405, headers=(allow(methods),)
        )

    async def _failed(self, error: Exception, exchange: Exchange, scope: Scope, send: Send) -> None:
        if exchange.status:  # an answer is on its way: there can be no other
            self.log.failure(error, exchange)
            return
        if isinstance(error, HTTPException):
            # The framework's own converters take less than our patterns do.
            await exchange.answer(self.refusal(_unknown(), scope["path"], exchange.id), send)
            return
        self.log.failure(error, exchange)
        refusals = self._at(scope["path"])
        await exchange.answer(refusals.answer(_failed(), exchange.operation, exchange.id), send)

    async def _stopped(self, exchange: Exchange, scope: Scope, send: Send) -> None:
        if exchange.status == 0:
            fault = _unavailable("the server was stopped before it could answer", "stopped")
            await exchange.answer(self.refusal(fault, scope["path"], exchange.id), send)

    def refusal(self, fault: Fault, path: str | None, request_id: str) -> Answer:
        """Write a refusal in the shape of whoever the path belongs to; as problem details where nobody knows."""
        return (self._at(path) if path is not None else Refusals(None)).answer(fault, None, request_id)

    def _at(self, path: str) -> Refusals:
        return self._refusals.get(_first(path)) or self._refusals.get("") or Refusals(None)

    def _pages_at(self, path: str) -> Pages | None:
        return self._pages.get(_first(path)) or self._pages.get("") or self._pages.get(_OWN_PREFIX)

    async def _health(self) -> Answer:
        return _HEALTHY

    async def _ready(self) -> Answer:
        try:
            await self._check()
        except Exception as error:
            cause = cause_of(error) if isinstance(error, Fault) else error
            if cause is not None:
                self.log.failure(cause)
            raise _unavailable("orders cannot be kept or read just now", "not-ready") from error
        return _IS_READY

    def _closing(self, receive: Receive) -> Receive:
        async def inner() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self._close()
            return message

        return inner


def _first(path: str) -> str:
    return f"/{path.split('/', 2)[1]}" if path.startswith("/") else ""


def _unavailable(message: str, code: str) -> Fault:
    return Fault("unavailable", message, code, status=503, headers=((b"retry-after", b"1"),))


def _unknown() -> Fault:
    return Fault("not_found", "there is nothing at this path", "unknown-path", status=404)


def _failed() -> Fault:
    return Fault("internal", "the server failed to answer this request", "internal", status=500)


def _state(status: str) -> Answer:
    body: dict[str, Any] = {"status": status}
    return Answer(200, jsontext.write(body), headers=((b"cache-control", b"no-store"),))


_HEALTHY: Final = _state("ok")
_IS_READY: Final = _state("ready")
