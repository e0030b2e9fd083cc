"""The application: contracts handed to the framework, a gate before each operation, and the edges around them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connexion import AsyncApp
from connexion.resolver import Resolver

from orderbridge.server.answers import AnswerCheck
from orderbridge.server.edge import OWN, Edge
from orderbridge.server.gate import Gate, GateMiddleware, Handler, Served, offer_of
from orderbridge.server.limits import Limits
from orderbridge.server.logs import Silence
from orderbridge.server.modes import Mode, reference_mode
from orderbridge.server.own import Own
from orderbridge.server.pages import pages_of
from orderbridge.server.parameters import parameters_of
from orderbridge.server.paths import paths_of
from orderbridge.server.refusals import Refusals
from orderbridge.server.routes import routes_of
from orderbridge.server.routing import Routing
from orderbridge.server.security import plain_parameters, security_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.logs import Log
    from orderbridge.server.tokens import Tokens


@dataclass(frozen=True)
class Settings:
    """How the server runs; the defaults are what `orderbridge serve` has.

    `key_reused` is the status of a call that comes with the idempotency key of another one.
    """

    mode: str = "mock"
    database: str = "orderbridge.db"
    fixtures: Path | None = None
    key_reused: int = 422
    tokens: Tokens | None = None
    limits: Limits = field(default_factory=Limits)


def build(partners: Sequence[Partner], settings: Settings, log: Log | None = None) -> Edge:
    """Build the application for some partners: one alone at its documented paths, several under their names."""
    alone = len(partners) == 1
    prefixes = {partner.name: "" if alone else f"/{partner.name}" for partner in partners}
    refusals = {partner.name: Refusals(partner) for partner in partners}
    mode = _mode(partners, settings)
    app = AsyncApp("orderbridge", middlewares=[Routing, GateMiddleware])
    own = Own.of(partners, prefixes, mode)
    by_prefix = {_first(OWN): Refusals(own.partner), **{prefixes[name]: each for name, each in refusals.items()}}
    # Ours comes first: a partner served alone has every other path.
    served = [Served(OWN, own.partner, _gates(own.partner, by_prefix[_first(OWN)], settings))]
    served += [Served(prefixes[each.name], each, _gates(each, refusals[each.name], settings)) for each in partners]
    for each in served:
        _serve(app, each, own if each.partner is own.partner else mode)
    log = log if log is not None else Silence()
    log.plain = frozenset().union(*(plain_parameters(each.partner.contract) for each in served))
    return Edge(
        app,
        paths_of((each.prefix, each.partner.contract) for each in served),
        by_prefix,
        {_first(each.prefix): pages_of(each.partner.contract, settings.tokens) for each in served},
        limits=settings.limits,
        log=log,
        check=mode.check,
        close=mode.close,
        warm=lambda: _warm(served, refusals.values(), mode),
    )


def _first(prefix: str) -> str:
    """Give the first part of a prefix, by which everything about a path is found."""
    return f"/{prefix.split('/')[1]}" if prefix else ""


def _mode(partners: Sequence[Partner], settings: Settings) -> Mode:
    if settings.mode != "reference":
        return Mode()
    return reference_mode(partners, settings.database, settings.fixtures, settings.key_reused)


def _serve(app: AsyncApp, served: Served, answers: Mode | Own) -> None:
    app.add_api(
        routes_of(served.partner.contract),
        base_path=served.prefix,
        name=served.partner.name,
        resolver=_Resolver(served.partner, answers),
        served=served,
    )


def _warm(served: Iterable[Served], refusals: Iterable[Refusals], mode: Mode) -> None:
    """Compile what the first requests would have to wait for, and find out what cannot be used."""
    for refusal in refusals:
        refusal.warm()
    for each in served:
        for operation in each.operations:
            operation.gate.warm()
    mode.warm()


class _Resolver(Resolver):  # type: ignore[misc] # the framework ships no types
    """Finds what answers an operation; the framework asks for it by operation id."""

    def __init__(self, partner: Partner, answers: Mode | Own) -> None:
        super().__init__(self.handler)
        self._partner = partner
        self._answers = answers
        self._made: dict[str, Handler] = {}

    def handler(self, operation_id: str) -> Handler:
        """Make what answers an operation; each part of the framework asks again."""
        if operation_id not in self._made:
            operation = self._partner.operations[operation_id]
            self._made[operation_id] = self._answers.handler(self._partner, operation)
        return self._made[operation_id]


def _gates(partner: Partner, refusals: Refusals, settings: Settings) -> Callable[[Operation, Handler], Gate]:
    def gate(operation: Operation, handler: Handler) -> Gate:
        body = operation.request
        has_json = body is not None and body.json_schema is not None
        return Gate(
            operation,
            handler,
            refusals,
            security_of(partner.contract, operation, settings.tokens),
            parameters_of(partner, operation),
            partner.validator(operation=operation.id) if has_json else None,
            settings.limits,
            offer_of(operation),
            AnswerCheck(partner, operation),
        )

    return gate
