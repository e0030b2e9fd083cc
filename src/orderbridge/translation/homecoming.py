"""The way back as a translation: a ticket opened and checked, the sender's document with the receiver's edits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.codec.codec import is_same
from orderbridge.errors import UsageError
from orderbridge.mapping.document import ABSENT, copied, leaves, read, without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.problem import Problem
from orderbridge.translation import report
from orderbridge.translation.returning import bring_back
from orderbridge.translation.side import is_secret
from orderbridge.translation.supply import read_supply
from orderbridge.translation.ticket import Ticket, digest, foreign, read_ticket, stale, take_from_slot, unseal
from orderbridge.translation.translating import Translation, problem_row, read_payload, refusing, supply_to, verdict_of
from orderbridge.translation.withholding import withhold

if TYPE_CHECKING:
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.trace import Lifted, Lowered
    from orderbridge.translation.missing import Gap
    from orderbridge.translation.returning import Returned
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Request
    from orderbridge.translation.verdict import Verdict

SOURCE_OUTCOMES: Final = ("unchanged", "returned", "not-returnable", "conflict", "withheld")
TARGET_CAUSES: Final = ("source", "restored", "followed", "missing")


@dataclass(frozen=True)
class Homecoming(Translation):
    """A message that came back: `draft` is the sender's own document with what changed at the receiver."""

    returned: Returned | None = field(default=None, repr=False)
    untold: tuple[Place, ...] = ()
    """Members under a name of the receiver's secrets that it was given, and keeps out of what came."""

    @cached_property
    def source_leaves(self) -> list[dict[str, Any]]:
        """The rows of the leaves that came back."""
        if self.returned is None:
            return []
        return [self._row(place, value, self.returned.verdicts.get(place)) for place, value in leaves(self.document)]

    def _row(self, place: Place, value: Any, verdict: Verdict | None) -> dict[str, Any]:
        row: dict[str, Any] = {"pointer": pointer.join(place)}
        if is_secret(place, self.source.secrets) or verdict is None:
            return {**row, "outcome": "withheld"}
        return {**row, **_verdict_row(verdict), **({"value": value} if self.request.values else {})}

    @cached_property
    def target_leaves(self) -> list[dict[str, Any]]:
        """The rows of the leaves of the sender's document."""
        if self.returned is None:
            return []
        rows = []
        for place, value in leaves(self.draft):
            cause, sources = self.returned.causes.get(place, ("restored", ()))
            row = {"pointer": pointer.join(place), "cause": cause, "sources": [*map(pointer.join, sources)]}
            rows.append({**row, "value": value} if self.request.values else row)
        return rows

    @cached_property
    def removed_leaves(self) -> list[dict[str, Any]]:
        """The rows of what the receiver had been given and no longer has, under its pointers there."""
        if self.returned is None:
            return []
        rows = [
            {"pointer": pointer.join(place), **_verdict_row(verdict)}
            for place, verdict in self.returned.removed.items()
        ]
        return [*rows, *({"pointer": pointer.join(place), "outcome": "withheld"} for place in self.untold)]

    @cached_property
    def report(self) -> dict[str, Any]:
        """The account of every leaf, as a JSON value."""
        source, target = self.source_leaves, self.target_leaves
        return {
            "report": report.VERSION,
            "source": {"partner": self.source.name, "message": self.request.message},
            "target": {"partner": self.target.name},
            "mode": self.request.mode,
            "complete": self.complete,
            "counts": {
                "source": report.counted(source, "outcome", SOURCE_OUTCOMES),
                "target": report.counted(target, "cause", TARGET_CAUSES),
                "removed": dict(Counter(row["outcome"] for row in self.removed_leaves)),
            },
            "problems": [problem_row(each) for each in self.problems],
            "source_leaves": source,
            "target_leaves": target,
            "removed_leaves": self.removed_leaves,
        }

    @property
    def headers(self) -> dict[str, str] | None:
        """The sender has its own headers."""
        return None

    @property
    def missing_headers(self) -> tuple[Gap, ...]:
        """None: the same."""
        return ()

    @property
    def header_problems(self) -> tuple[Problem, ...]:
        """None: there are no headers to make."""
        return ()

    @property
    def ticket(self) -> dict[str, Any] | None:
        """None: the message is home."""
        return None


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    row: dict[str, Any] = {"outcome": verdict.outcome, "how": verdict.how}
    if verdict.why is not None:
        row["why"] = verdict.why
    if verdict.hub is not None:
        row["hub"] = verdict.hub
    row["targets"] = [pointer.join(place) for place in verdict.targets]
    return row


def from_slot(source: Side, document: Any, key: str | bytes | None) -> tuple[Any, Any]:
    """Take a sealed ticket out of a document that brings one: the document without it, and the ticket or None."""
    slot = source.mapping.slot
    if slot is None or key is None:
        return document, None
    bare, text = take_from_slot(document, slot)
    return (bare, None) if text is None else (bare, unseal(text, key))


def translate_back(source: Side, target: Side, payload: Any, request: Request, ticket: Any) -> Translation:
    """Bring a message home with its ticket.

    Raises:
        UsageError: the request does not fit together.

    """
    request = request.checked()
    if request.message != "request":
        msg = "only an order comes home with a ticket; an answer is translated with it, by message='response'"
        raise UsageError(msg)
    came, problems = read_payload(payload)
    if problems:
        return refusing(source, target, request, came, problems)
    slot = source.mapping.slot
    if slot is not None:
        came, _ = take_from_slot(came, slot)
    opened = ticket if isinstance(ticket, (Ticket, Problem)) else read_ticket(ticket)
    checked = opened if isinstance(opened, Problem) else _checked(opened, source, target)
    if isinstance(checked, Problem):
        return refusing(source, target, request, came, (checked,))
    if request.check:
        broken = verdict_of(source, request, came)
        if broken:
            return refusing(source, target, request, came, broken)
    return _home(source, target, request, came, checked)


def _checked(ticket: Ticket, source: Side, target: Side) -> Ticket | Problem:
    if (ticket.source, ticket.target) != (target.name, source.name) or ticket.message != "request":
        return foreign(f"it was made on the way from {ticket.source} to {ticket.target}")
    return ticket


def _home(source: Side, target: Side, request: Request, came: Any, ticket: Ticket) -> Translation:
    sent = without(ticket.order, target.secrets)
    made = made_again(source, target, ticket, sent)
    if made is None:
        return refusing(source, target, request, came, (stale(),))
    lifted, lowered = made
    why = _other_order(source, lowered, came)
    if why is not None:
        return refusing(source, target, request, came, (foreign(why),))
    told = withhold(came, lowered.document, source.secrets)
    back = bring_back(
        target,
        source,
        "request",
        sent=sent,
        lifted=lifted,
        lowered=lowered,
        came=told,
        is_acceptable=_acceptable(target, request, sent),
    )
    hidden = () if told is came else (place for place, _ in leaves(told) if is_secret(place, source.secrets))
    untold = tuple(place for place in hidden if read(came, place)[0] is ABSENT)
    done = Homecoming(source, target, request, came, back.document, (), returned=back, untold=untold)
    if not request.check:
        return done
    broken = verdict_of(target, request, back.document)
    return replace(done, is_valid=not broken, problems=broken)


def made_again(source: Side, target: Side, ticket: Ticket, sent: Any) -> tuple[Lifted, Lowered] | None:
    """Make again what the receiver (`source`) was given by `target`; None if that is not what the ticket says."""
    try:
        supply = read_supply(ticket.supply)
    except UsageError:
        return None
    lifted = lift(sent, target.section("request"))
    lowered = lower(lifted.hub, source.section("request"), reserved=source.reserved)
    supply_to(lowered, lifted.hub, supply)
    return (lifted, lowered) if digest(lowered.document) == ticket.sha256 else None


def _other_order(source: Side, lowered: Lowered, came: Any) -> str | None:
    """Say by what a document is not the one that the ticket was made for."""
    for path in source.section("request").identity:
        given, now = read(lowered.document, path)[0], read(came, path)[0]
        if given is ABSENT or now is ABSENT or is_same(given, now):
            continue
        return "the two do not name the same order"
    return None


def _acceptable(side: Side, request: Request, sent: Any) -> Any:
    """Judge documents by the contract, unless what was sent broke it already or nobody asks."""
    if not request.check:
        return lambda _: True
    allows = side.validator("request").allows
    return allows if allows(sent) else lambda _: True


def identity_of(side: Side, document: Any) -> list[Any] | None:
    """Give the values that name an order at a partner; None where one of them is absent."""
    values = [read(document, path)[0] for path in side.section("request").identity]
    return None if not values or any(value is ABSENT for value in values) else [copied(value) for value in values]
