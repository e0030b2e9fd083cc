"""The gate: one compiled check per operation, between the framework's router and what answers.

Credentials first, before the body is read; then media types, size, text, parameters and the contract; then the
operation's function; then its answer is checked as well. Connexion routes to it as to any of its middlewares.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware

from orderbridge import jsontext
from orderbridge.contract import templates
from orderbridge.contract.model import is_json
from orderbridge.server.accepting import Offer, sent_as
from orderbridge.server.excerpt import Finder
from orderbridge.server.exchange import exchange_of
from orderbridge.server.fault import Entry, Fault, cause_of, invalid
from orderbridge.server.http import JSON, Answer, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connexion.operations import AbstractOperation
    from starlette.types import ASGIApp, Receive, Scope, Send

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.answers import AnswerCheck
    from orderbridge.server.exchange import Exchange
    from orderbridge.server.limits import Limits
    from orderbridge.server.parameters import Parameters
    from orderbridge.server.refusals import Refusals
    from orderbridge.server.security import Security
    from orderbridge.validation.validator import Validator

Handler = Callable[[Request], Awaitable[Answer]]
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
_MOST_TYPES: Final = 64
_LARGE: Final = 128 * 1024
"""Bytes of a body that are read within a millisecond or two; what is larger is read, and checked, on a thread."""
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True)
class Gate:
    """Everything that one operation's requests and answers are checked with."""

    operation: Operation
    handler: Handler
    refusals: Refusals
    security: Security
    parameters: Parameters | None
    body: Validator | None
    limits: Limits
    offer: Offer
    answers: AnswerCheck
    known_types: set[tuple[str | None, str | None]] = field(default_factory=set, repr=False, compare=False)

    def warm(self) -> None:
        """Compile what is compiled when it is first used."""
        if self.body is not None:
            self.body.allows(None)
        self.answers.warm()

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Let a request through to its handler, or refuse it.

        Raises:
            BrokenAnswerError: the handler's answer breaks the contract.

        """
        exchange = exchange_of(scope)
        exchange.operation = self.operation
        try:
            answer = await self.handler(await self._request(exchange, scope, receive))
        except Fault as fault:
            exchange.cause = cause_of(fault)
            return self.refusals.answer(fault, self.operation, exchange.id)
        if len(answer.body) > _LARGE and not answer.proven:
            await asyncio.to_thread(self.answers.check, answer)
        else:
            self.answers.check(answer)
        return answer

    async def _request(self, exchange: Exchange, scope: Scope, receive: Receive) -> Request:
        headers = exchange.headers
        query = scope["query_string"].decode("latin-1")
        caller = self.security.caller(headers, query)
        exchange.owner = caller.owner
        self.offer.check(headers.get("accept"))
        if self.operation.request is not None:
            stated = headers.get("content-type"), headers.get("content-encoding")
            if stated not in self.known_types:
                self._check_type(headers)
                self._keep(stated)
        # A body that nobody wants is read all the same: what is no HTTP behind its head is not answered.
        raw = await read_body(receive, headers, self.limits) if _FRAMING & headers.keys() else b""
        # Reading a large text, and saying what is wrong with it, would keep everybody else waiting.
        if len(raw) > _LARGE:
            value, is_clean = await asyncio.to_thread(self._value, raw, headers)
        else:
            value, is_clean = self._value(raw, headers)
        given = scope.get("path_params")
        path = templates.named(self.operation.path, given) if given else {}
        if self.parameters is not None:
            self.parameters.check(path, query, headers)
        return Request(self.operation, path, query, headers, caller, value, raw, exchange.id, is_clean)

    def _keep(self, stated: tuple[str | None, str | None]) -> None:
        """Remember what a body may be stated as; some clients state something new each time."""
        if len(self.known_types) < _MOST_TYPES:
            self.known_types.add(stated)

    def _check_type(self, headers: Mapping[str, str]) -> None:
        """Refuse a body by its media type, before anybody waits for it."""
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"", "identity"}:
            raise _unsupported("content-encoding", f"the body has to come as it is, not {coding[:50]}")
        given = headers.get("content-type")
        if given is None:
            return
        kind, _, parameters = given.partition(";")
        if not self._takes(kind.strip().lower()):
            takes = " or ".join(self.operation.request.content) if self.operation.request else JSON
            raise _unsupported("content-type", f"the body has to be {takes}, not {given[:100]}")
        charset = _charset(parameters)
        if charset is not None and charset not in _UTF8:
            raise _unsupported("content-type", f"the body has to be UTF-8, not {charset[:50]}")

    def _takes(self, kind: str) -> bool:
        declared = self.operation.request
        if declared is None or not declared.content or (self.body is not None and is_json(kind)):
            return True
        ranges = {"*/*", f"{kind.partition('/')[0]}/*", kind}
        return any(each.partition(";")[0].strip().lower() in ranges for each in declared.content)

    def _value(self, raw: bytes, headers: Mapping[str, str]) -> tuple[Any, bool]:
        """Read a body, and tell whether the contract has nothing at all to say about it."""
        expected = self.operation.request
        if expected is None or self.body is None:
            return None, False
        if not raw and not expected.required:
            return None, False
        if raw and "content-type" not in headers:
            raise _unsupported("content-type", "the body comes without a media type")
        if not is_json(headers.get("content-type", JSON)):
            return None, False  # another declared type, of which the contract has no rules that we can check
        value, problems = jsontext.read(raw)
        if problems:
            # Whatever a partner's status for a broken contract is: this is no message of anybody's.
            raise replace(invalid(problems, "the body is not acceptable JSON"), code="malformed", status=400)
        if self.body.passes(value):
            return value, True
        if not self.body.allows(value):
            found = self.finder.errors(value)
            raise invalid(found.problems, complete=found.complete)
        return value, False

    @cached_property
    def finder(self) -> Finder:
        """What says what is wrong with a body."""
        assert self.body is not None  # noqa: S101 - the caller looked
        return Finder(self.body)


def _charset(parameters: str) -> str | None:
    pairs = (each.strip().partition("=") for each in parameters.split(";"))
    return next((value.strip('"').lower() for name, _, value in pairs if name.strip().lower() == "charset"), None)


def _unsupported(header: str, message: str) -> Fault:
    entry = Entry(f"header:{header}", message, "unsupported-media-type")
    return Fault("unsupported", message, "unsupported-media-type", (entry,), status=415)


async def read_body(receive: Receive, headers: Mapping[str, str], limits: Limits) -> bytes:
    """Read a body within its bounds; how long it may take is the protocol's to see to.

    Raises:
        Fault: it is too large, or its sender is gone.

    """
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length) > limits.body:
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
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limits.body:
            raise _too_large(limits)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()
    raise Fault("invalid", "the connection ended before the body", "incomplete-body", status=400)


def _too_large(limits: Limits) -> Fault:
    # The protocol reads on for a while, so that the sender sees the answer and not a broken connection.
    message = f"the body is larger than {limits.body:,} bytes"
    return Fault("too_large", message, "body-too-large", status=413, headers=((b"connection", b"close"),))


class GateOperation:
    """A gate as the framework calls it, compiled when the first request comes."""

    def __init__(self, make: Callable[[], Gate]) -> None:
        """Take what makes the gate."""
        self._make = make

    @cached_property
    def gate(self) -> Gate:
        """The gate."""
        return self._make()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await exchange_of(scope).answer(await self.gate.answer(scope, receive), send)


@dataclass(frozen=True)
class Served:
    """One contract as it is served: its prefix, and what makes the gate of each of its operations."""

    prefix: str
    partner: Partner
    gate: Callable[[Operation, Handler], Gate]
    operations: list[GateOperation] = field(default_factory=list, repr=False, compare=False)


class GateAPI(RoutedAPI[GateOperation]):  # type: ignore[misc] # the framework ships no types
    """The gates of one contract."""

    def __init__(self, *arguments: Any, served: Served, **settings: Any) -> None:
        """Take what the framework hands over, and the contract as we serve it."""
        super().__init__(*arguments, **settings)
        self._served = served
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> GateOperation:
        """Prepare the gate of an operation; the framework has resolved its function."""
        own = self._served.partner.operations[operation.operation_id]
        made = GateOperation(lambda: self._served.gate(own, operation.function))
        self._served.operations.append(made)
        return made


class GateMiddleware(RoutedMiddleware[GateAPI]):  # type: ignore[misc] # the same
    """The gates of all contracts."""

    api_cls = GateAPI

    def __init__(self, app: ASGIApp) -> None:
        """Stand before what answers nothing by itself."""
        super().__init__(app)


def offer_of(operation: Operation) -> Offer:
    """Name the media types that an operation answers with when all is well."""
    body = operation.responses.get(operation.success or "")
    return Offer(tuple(map(sent_as, body.content)) if body is not None else ())
