"""The application: contracts handed to the framework, a gate before each operation, and the edges around them all."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connexion import AsyncApp
from connexion.middleware.routing import RoutingMiddleware
from connexion.resolver import Resolver

from orderbridge.server.fault import Fault
from orderbridge.server.gate import Gate, GateMiddleware, Handler, Limits, Served, parameter_check, send_answer
from orderbridge.server.http import ANYBODY, Answer
from orderbridge.server.modes import Mode, reference_mode
from orderbridge.server.paths import Paths, allow, paths_of
from orderbridge.server.refusals import Refusals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.http import Caller

Answering = "Callable[[Partner, Operation], Handler]"
_LEVEL: Final = "documented"


@dataclass(frozen=True)
class Settings:
    """How the server runs; the defaults are what `orderbridge serve` has."""

    mode: str = "mock"
    database: str = "orderbridge.db"
    fixtures: Path | None = None
    limits: Limits = field(default_factory=Limits)


def build(partners: Sequence[Partner], settings: Settings) -> ASGIApp:
    """Build the application for some partners: one alone at its documented paths, several under their names."""
    alone = len(partners) == 1
    prefixes = {partner.name: "" if alone else f"/{partner.name}" for partner in partners}
    refusals = {partner.name: _refusals(partner) for partner in partners}
    mode = reference_mode(partners, settings.database, settings.fixtures) if settings.mode == "reference" else Mode()
    app = AsyncApp("orderbridge", middlewares=[RoutingMiddleware, GateMiddleware])
    for partner in partners:
        served = Served(prefixes[partner.name], partner, _gates(partner, refusals[partner.name], settings))
        app.add_api(
            partner.contract.at(_LEVEL).document,
            base_path=served.prefix,
            name=partner.name,
            resolver=_Resolver(partner, mode),
            served=served,
        )
    paths = paths_of((prefixes[partner.name], partner.contract) for partner in partners)
    by_prefix = {prefixes[name]: each for name, each in refusals.items()}
    return Edge(app, paths, by_prefix, mode.close)


def _refusals(partner: Partner) -> Refusals:
    if partner.known is None:
        return Refusals(partner)
    behaviour = partner.behaviour
    return Refusals(partner, partner.mapping, behaviour.codes if behaviour is not None else {})


class _Resolver(Resolver):  # type: ignore[misc] # the framework ships no types
    """Finds what answers an operation; the framework asks for it by operation id."""

    def __init__(self, partner: Partner, mode: Mode) -> None:
        super().__init__(self.handler)
        self._partner = partner
        self._mode = mode

    def handler(self, operation_id: str) -> Handler:
        """Make what answers an operation."""
        return self._mode.handler(self._partner, self._partner.operations[operation_id])


def _gates(partner: Partner, refusals: Refusals, settings: Settings) -> Callable[[Operation, Handler], Gate]:
    def gate(operation: Operation, handler: Handler) -> Gate:
        body = operation.request
        has_json = body is not None and body.json_schema is not None
        return Gate(
            operation,
            handler,
            refusals,
            _anybody,
            parameter_check(partner, operation),
            partner.validator(operation=operation.id) if has_json else None,
            settings.limits,
        )

    return gate


def _anybody(_operation: Operation, _headers: Mapping[str, str], _query: str) -> Caller:
    return ANYBODY


class Edge:
    """What every request meets first: a request id, the methods of its path, and an answer whatever happens."""

    def __init__(
        self, app: ASGIApp, paths: Paths, refusals: Mapping[str, Refusals], close: Callable[[], Awaitable[None]]
    ) -> None:
        """Stand before the framework; `close` is called once nothing is in flight any more."""
        self._close = close
        self._app = app
        self._paths = paths
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            if scope["type"] == "lifespan":
                await self._close()
            return
        scope["request_id"] = os.urandom(8).hex()
        methods = self._paths.methods(scope["path"])
        method = scope["method"]
        if methods is None:
            await self._refuse(
                Fault("not_found", "there is nothing at this path", "unknown-path", status=404), scope, send
            )
        elif method == "OPTIONS":
            await send_answer(Answer(204, headers=(allow(methods),)), scope, send)
        elif method not in methods:
            fault = Fault(
                "unsupported",
                f"this path has no {method[:20]}",
                "unknown-method",
                status=405,
                headers=(allow(methods),),
            )
            await self._refuse(fault, scope, send)
        else:
            if method == "HEAD":
                scope["method"], scope["is_head"] = "GET", True
            await self._app(scope, receive, send)

    async def _refuse(self, fault: Fault, scope: Scope, send: Send) -> None:
        refusals = self._at(scope["path"])
        await send_answer(refusals.answer(fault, None, scope["request_id"]), scope, send)

    def _at(self, path: str) -> Refusals:
        """Find whose shape an answer at a path has to have."""
        first = f"/{path.split('/', 2)[1]}" if path.startswith("/") else ""
        return self._refusals.get(first) or self._refusals.get("") or Refusals(None)
