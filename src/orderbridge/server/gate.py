"""The gate: one compiled check per operation, between the framework's router and what answers.

Credentials first, before the body is read; then media type, size, text, parameters and the contract; then the
operation's function; then its answer is checked as well. Connexion routes to it as to any of its middlewares.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware

from orderbridge import jsontext
from orderbridge.contract.model import is_json
from orderbridge.server.fault import Fault, invalid
from orderbridge.server.http import ANYBODY, Answer, Caller, Request
from orderbridge.validation.parameters import ParameterCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connexion.operations import AbstractOperation
    from starlette.types import ASGIApp, Receive, Scope, Send

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.refusals import Refusals
    from orderbridge.validation.validator import Validator

Handler = Callable[[Request], Awaitable[Answer]]
Authenticate = Callable[["Operation", "Mapping[str, str]", str], Caller]
_BODYLESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost."""

    body: int = 1024 * 1024
    body_seconds: float = 30.0


@dataclass(frozen=True)
class Gate:
    """Everything that one operation's requests are checked with."""

    operation: Operation
    handler: Handler
    refusals: Refusals
    authenticate: Authenticate
    parameters: ParameterCheck | None
    body: Validator | None
    limits: Limits

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Let a request through to its handler, or refuse it."""
        request_id = scope.get("request_id", "")
        try:
            headers = _headers(scope)
            query = scope["query_string"].decode("latin-1")
            caller = self.authenticate(self.operation, headers, query)
            raw = await read_body(receive, headers, self.limits) if scope["method"] != "GET" else b""
            value = self._value(raw, headers)
            self._check_parameters(scope, query, headers)
            request = Request(
                self.operation, scope.get("path_params", {}), query, headers, caller, value, raw, request_id
            )
            return await self.handler(request)
        except Fault as fault:
            return self.refusals.answer(fault, self.operation, request_id)

    def _value(self, raw: bytes, headers: Mapping[str, str]) -> Any:
        expected = self.operation.request
        if expected is None or self.body is None:
            return None
        if not raw and not expected.required and "content-type" not in headers:
            return None
        media_type = headers.get("content-type", "")
        if not is_json(media_type):
            raise Fault(
                "unsupported",
                f"the body has to be JSON, not {media_type[:100] or 'of an unknown type'}",
                "not-json",
                status=415,
            )
        value, problems = jsontext.read(raw)
        if problems:
            raise invalid(problems)
        if not self.body.allows(value):
            raise invalid(each for each in self.body.check_value(value) if each.severity == "error")
        return value

    def _check_parameters(self, scope: Scope, query: str, headers: Mapping[str, str]) -> None:
        if self.parameters is None:
            return
        found = self.parameters.check(path=scope.get("path_params"), query=query, headers=headers)
        errors = [each for each in found if each.severity == "error"]
        if errors:
            raise invalid(errors)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def read_body(receive: Receive, headers: Mapping[str, str], limits: Limits) -> bytes:
    """Read a body within its bounds of size and time.

    Raises:
        Fault: it is too large, too slow, or its sender is gone.

    """
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length) > limits.body:
        await _drained(receive, limits)
        raise _too_large(limits)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        data: bytes = message.get("body", b"")
        if len(data) > limits.body:
            raise _too_large(limits)
        return data
    return await _rest_of_body(receive, message, limits)


async def _rest_of_body(receive: Receive, message: Any, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while message["type"] == "http.request":
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > limits.body:
                    await _drained(receive, limits)
                    raise _too_large(limits)
                if not message.get("more_body", False):
                    return b"".join(parts)
                message = await receive()
    except TimeoutError as error:
        raise Fault("unavailable", "the body took too long to arrive", "body-timeout", status=408) from error
    raise Fault("invalid", "the connection ended before the body", "incomplete-body", status=400)


async def _drained(receive: Receive, limits: Limits) -> None:
    """Read on for a while what nobody wants, so that the sender sees the answer and not a broken connection."""
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while size < 8 * limits.body:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                size += len(message.get("body", b""))
    except TimeoutError:
        return


def _too_large(limits: Limits) -> Fault:
    return Fault("too_large", f"the body is larger than {limits.body:,} bytes", "body-too-large", status=413)


async def send_answer(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer; a HEAD request gets its headers."""
    headers = [(b"content-length", str(len(answer.body)).encode()), *answer.headers]
    if answer.body:
        headers.append((b"content-type", answer.media_type.encode()))
    elif answer.status in _BODYLESS:
        headers = list(answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope.get("is_head") else answer.body})


class GateOperation:
    """A gate as the framework calls it."""

    def __init__(self, gate: Gate) -> None:
        """Take the gate."""
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await send_answer(await self._gate.answer(scope, receive), scope, send)


@dataclass(frozen=True)
class Served:
    """One contract as it is served: its prefix, and what makes the gate of each of its operations."""

    prefix: str
    partner: Partner
    gate: Callable[[Operation, Handler], Gate]


class GateAPI(RoutedAPI[GateOperation]):  # type: ignore[misc] # the framework ships no types
    """The gates of one contract."""

    def __init__(self, *arguments: Any, served: Served, **settings: Any) -> None:
        """Take what the framework hands over, and the contract as we serve it."""
        super().__init__(*arguments, **settings)
        self._served = served
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> GateOperation:
        """Compile the gate of an operation; the framework has resolved its function."""
        own = self._served.partner.operations[operation.operation_id]
        return GateOperation(self._served.gate(own, operation.function))


class GateMiddleware(RoutedMiddleware[GateAPI]):  # type: ignore[misc] # the same
    """The gates of all contracts."""

    api_cls = GateAPI

    def __init__(self, app: ASGIApp) -> None:
        """Stand before what answers nothing by itself."""
        super().__init__(app)


def parameter_check(partner: Partner, operation: Operation) -> ParameterCheck | None:
    """Compile the check of an operation's parameters; None where it has none."""
    return ParameterCheck(partner.contract, operation) if operation.parameters else None


__all__ = ["ANYBODY", "Gate", "GateMiddleware", "Handler", "Limits", "Served", "parameter_check", "send_answer"]
