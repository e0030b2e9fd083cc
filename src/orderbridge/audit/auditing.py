"""HAR files against a contract: every exchange that is for it judged, everything else counted, drift at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orderbridge.audit.drift import Drift
from orderbridge.audit.exchange import header, read_exchange
from orderbridge.audit.exercised import Exercised
from orderbridge.audit.finding import Finding, placed
from orderbridge.audit.har import ENTRIES, read_har
from orderbridge.audit.judging import Judge, Verdict, status_key, unknown_method
from orderbridge.audit.opinion import Outside, Route
from orderbridge.audit.routing import UNKNOWN_METHOD, Router
from orderbridge.render.report import Checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.api import Partner
    from orderbridge.audit.exchange import Exchange
    from orderbridge.audit.har import Har
    from orderbridge.problem import Evidence
    from orderbridge.render.audit import Audited

_SANITIZING: Final = "WebInspector"
"""The browser that leaves credentials out of a recording unless it is told not to."""
_MOST_HOSTS: Final = 100


@dataclass
class Audit:
    """One run over any number of files."""

    partner: Partner
    level: Evidence
    skipped: Counter[str] = field(default_factory=Counter)
    unrecorded: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    unjudged: int = 0

    def __post_init__(self) -> None:
        """Build what judges, once."""
        contract = self.partner.contract
        outside = Outside(contract.at(self.level))
        self._judge = Judge(contract, outside, self.level)
        self._router = Router(outside)
        self._drift = Drift(contract)
        self._exercised = Exercised(self.partner.side) if self.partner.mapping is not None else None

    def file(self, name: str, data: bytes) -> Iterator[Checked]:
        """Yield each exchange of a HAR text that is for the contract, with what is wrong with it.

        Exchanges are numbered from 1 as they stand in the file, others included. A text that is not acceptable
        JSON is one checked document without a number.

        Raises:
            DocumentError: it is JSON, but no HAR.

        """
        har, faults = read_har(name, data)
        if har is None:
            yield Checked(name, None, faults)
            return
        found = list(self._findings(har))
        problems = iter(list(placed([each for _, findings in found for each in findings], har.text, name)))
        for number, findings in found:
            yield Checked(name, number, tuple(next(problems) for _ in findings))

    def report(self, totals: Audited) -> Audited:
        """Add to the counts what was skipped, what was not recorded, and the drift."""
        drift = self._drift.report()
        drift["unused_mapping_lines"] = self._exercised.report() if self._exercised is not None else []
        return totals.told(
            skipped=dict(sorted(self.skipped.items())),
            not_recorded=dict(sorted(self.unrecorded.items())),
            unanswered=self.unanswered,
            unjudged=self.unjudged,
            drift=drift,
        )

    def _findings(self, har: Har) -> Iterator[tuple[int, list[Finding]]]:
        exchanges = [read_exchange(raw, f"{ENTRIES}/{index}") for index, raw in enumerate(har.entries)]
        credentials = har.creator != _SANITIZING or any(
            each is not None and header(each.request.headers, "authorization") is not None for each, _ in exchanges
        )
        for number, (exchange, problems) in enumerate(exchanges, 1):
            if exchange is None:
                yield number, [Finding(each, each.pointer) for each in problems]
                continue
            verdict = self._verdict(exchange, credentials=credentials)
            if verdict is not None:
                yield number, verdict.findings

    def _verdict(self, exchange: Exchange, *, credentials: bool) -> Verdict | None:
        route = self._router.find(exchange)
        if route == UNKNOWN_METHOD:
            return Verdict([unknown_method(exchange, self._router.methods(exchange.request.path))])
        if not isinstance(route, Route):
            self.skipped[route] += 1
            if len(self.hosts) < _MOST_HOSTS:
                self.hosts[exchange.request.host] += 1
            return None
        verdict = self._judge.judge(exchange, route, credentials=credentials)
        self._take(exchange, route, verdict)
        return verdict

    def _take(self, exchange: Exchange, route: Route, verdict: Verdict) -> None:
        self.unrecorded.update(verdict.unrecorded)
        self.unjudged += verdict.unjudged
        response = exchange.response
        self.unanswered += response is None
        status = status_key(route, response.status) if response is not None else None
        self._drift.called(route.operation, status, response.headers if response is not None else ())
        if self._exercised is not None:
            self._exercised.headers(route.operation.id, exchange.request.headers)
        for message in verdict.messages:
            self._drift.message(message)
            if self._exercised is not None:
                self._exercised.message(message)
