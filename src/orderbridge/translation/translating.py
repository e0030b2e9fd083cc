"""One message from one partner's format into another's.

The document itself is made in a straight line; its account, its ticket and its gaps are worked out when somebody
reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.errors import UnknownOperationError, UsageError
from orderbridge.mapping.compiling import compiled_pair
from orderbridge.mapping.document import ABSENT, copied, leaves, read, without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.trace import Cause
from orderbridge.problem import Problem
from orderbridge.translation import headers as headers_
from orderbridge.translation import modes
from orderbridge.translation import report as reports
from orderbridge.translation.accounts import accounts_of
from orderbridge.translation.missing import Gap, gaps
from orderbridge.translation.supply import NOTHING, Supply, lay, looked_up, overlay
from orderbridge.translation.ticket import Ticket, digest, put_in_slot, seal
from orderbridge.validation import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.mapping.operations import Message
    from orderbridge.mapping.trace import Lifted, Lowered
    from orderbridge.translation.accounts import Account
    from orderbridge.translation.side import Side
    from orderbridge.translation.supply import Lookup

CARRIES: Final = ("none", "slot")
MESSAGES: Final = ("request", "response", "error")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for beside the two partners and the document."""

    message: Message = "request"
    status: str | None = None
    mode: str = "lenient"
    supply: Supply = NOTHING
    headers: Mapping[str, Any] | None = None
    check: bool = True
    carry: str = "none"
    ticket_key: str | bytes | None = None
    keeps_ticket: bool = True
    values: bool = False

    def checked(self) -> Request:
        """Refuse what does not exist.

        Raises:
            UsageError: a message, mode or carry is not one, headers are none, or a slot comes without its key.

        """
        if self.message not in MESSAGES:
            raise UnknownOperationError("message", str(self.message), MESSAGES)
        if self.mode not in modes.MODES:
            raise UnknownOperationError("mode", str(self.mode), modes.MODES)
        if self.carry not in CARRIES:
            raise UnknownOperationError("carry", str(self.carry), CARRIES)
        if self.carry == "slot" and self.ticket_key is None:
            msg = "a ticket that travels in the document is encrypted: give a ticket key"
            raise UsageError(msg)
        if self.headers is not None:
            headers_.check(self.headers)
        return self


@dataclass(frozen=True)
class Translation:
    """A translated message.

    `order` is the target's document if it is complete and the mode accepts it, else None; `draft` is that document
    as far as it goes, None where the source's contract refuses the message. `problems` says why there is no order.
    """

    source: Side = field(repr=False)
    target: Side = field(repr=False)
    request: Request = field(repr=False)
    document: Any = field(repr=False)
    draft: Any
    problems: tuple[Problem, ...]
    is_valid: bool = False
    _hub: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def order(self) -> Any:
        """The target's document, or None."""
        mode = modes.MODES[self.request.mode]
        if not self.complete or not mode.gives or (mode.refuses and self.refusals):
            return None
        return self.draft

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that is required, and the target's contract has no error; never if unchecked."""
        if self.request.headers is None:
            return self.is_valid
        return self.is_valid and not self.missing_headers and not self.header_problems

    @cached_property
    def refusals(self) -> tuple[Mapping[str, Any], ...]:
        """The leaves for which the mode refuses the order."""
        if not modes.MODES[self.request.mode].refuses:
            return ()
        return tuple(modes.refused(self.request.mode, self.source_leaves))

    @cached_property
    def trip(self) -> reports.Trip:
        """The account's material: the same translation once more, this time keeping where everything came from."""
        lifted, lowered = self._traced
        return reports.Trip(
            self.source,
            self.target,
            self.request.message,
            self.document,
            lifted,
            lowered,
            self._gaps,
            self.request.keeps_ticket,
        )

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        """What the target requires and does not get; its own ticket fills no gap."""
        if self.is_valid or not self.request.check:
            return ()
        document = self.draft if self.request.carry == "none" else self._traced[1].document
        return gaps(document, self.target, self.request.message, self.target_status)

    @property
    def _kept_headers(self) -> dict[str, Any] | None:
        headers = self.request.headers
        return None if headers is None else without(dict(headers), self.source.secrets_in("headers"))

    @property
    def target_status(self) -> str | None:
        """The status under which the target's contract describes the message; None for a request or a success."""
        return None

    @cached_property
    def _bare(self) -> Any:
        """The document without its secrets."""
        return without(self.document, self.source.secrets)

    @cached_property
    def _traced(self) -> tuple[Lifted, Lowered]:
        message = self.request.message
        lifted = lift(self._bare, self.source.section(message))
        lowered = lower(lifted.hub, self.target.section(message), reserved=self.target.reserved)
        supply_to(lowered, lifted.hub, self.request.supply)
        return lifted, lowered

    @cached_property
    def _account(self) -> Account:
        """The rows of all leaves that are there; of an order that shows no values they are known by its shape."""
        if self.request.message != "request" or self.request.values:
            return self._worked_out()
        known = accounts_of(self.source, self.target, self.request.supply)
        carried = self.request.keeps_ticket
        return known.of(self.document, self._bare, is_carried=carried, work_out=self._worked_out)

    def _worked_out(self) -> Account:
        values = self.request.values
        return reports.source_leaves(self.trip, values=values), reports.written_leaves(self.trip, values=values)

    @cached_property
    def source_leaves(self) -> list[dict[str, Any]]:
        """The rows of the source's leaves."""
        rows = self._account[0]
        return rows if self.request.headers is None else [*rows, *self._header_rows[0]]

    @cached_property
    def target_leaves(self) -> list[dict[str, Any]]:
        """The rows of the target's leaves."""
        rows = self._with_slot([*self._account[1], *reports.missing_leaves(self._gaps)])
        return rows if self.request.headers is None else [*rows, *self._header_rows[1]]

    def _with_slot(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Account for the ticket that travels in the document; what it stands in is not empty."""
        slot = self.target.mapping.slot
        if slot is None or self.request.carry != "slot" or self.request.message != "request":
            return rows
        held, place = read(self.draft, slot.at)
        if held is ABSENT:
            return rows
        where = [pointer.join(leaf) for leaf, _ in leaves(held, place)]
        others = [row for row in rows if not where[0].startswith(f"{row['pointer']}/")]
        made = [{"pointer": each, "cause": "derived", "sources": []} for each in where]
        missing = [row for row in others if row["cause"] == "missing"]
        return [*(row for row in others if row["cause"] != "missing"), *made, *missing]

    @cached_property
    def report(self) -> dict[str, Any]:
        """The account of every leaf, as a JSON value."""
        refused = self.draft is None
        source = [] if refused else self.source_leaves
        target = [] if refused else self.target_leaves
        return {
            "report": reports.VERSION,
            "source": {"partner": self.source.name, "message": self.request.message},
            "target": {"partner": self.target.name},
            "mode": self.request.mode,
            "complete": self.complete,
            "counts": {
                "source": reports.counted(source, "outcome", reports.SOURCE_OUTCOMES),
                "target": reports.counted(target, "cause", reports.TARGET_CAUSES),
            },
            "problems": [problem_row(each) for each in (*self.problems, *self.header_problems)],
            "source_leaves": source,
            "target_leaves": target,
        }

    @cached_property
    def ticket(self) -> dict[str, Any] | None:
        """What is needed to come back, as a JSON value; None where there is nothing to come back from."""
        if self.draft is None:
            return None
        return Ticket(
            self.source.name,
            self.target.name,
            self.request.message,
            self._bare,
            self.request.supply.raw,
            self._kept_headers,
            digest(self.draft),
            {side.name: side.mapping.sha256 for side in (self.source, self.target)},
        ).written()

    # Headers are a second, small document of the same trip

    @cached_property
    def _header_trip(self) -> reports.Trip | None:
        if self.request.headers is None or self.request.message != "request" or self.draft is None:
            return None
        document = headers_.document_of(self.source, self.request.headers)
        lifted = lift(without(document, self.source.secrets_in("headers")), self.source.section("headers"))
        hub = {**self._traced[0].hub, **lifted.hub}
        lowered = lower(hub, self.target.section("headers"))
        missing = tuple(headers_.gaps(self.target, lowered.document))
        return reports.Trip(
            self.source,
            self.target,
            "headers",
            document,
            lifted,
            lowered,
            missing,
            self.request.keeps_ticket,
            "header:",
        )

    @cached_property
    def headers(self) -> dict[str, str] | None:
        """The target's request headers, None unless the source's were given."""
        trip = self._header_trip
        return (
            None if trip is None else {name: headers_.written(value) for name, value in trip.lowered.document.items()}
        )

    @cached_property
    def header_problems(self) -> tuple[Problem, ...]:
        """The errors of the target's headers by its contract."""
        made = self.headers
        return headers_.errors(self.target, made) if made and self.request.check else ()

    @property
    def missing_headers(self) -> tuple[Gap, ...]:
        """The headers that the target requires and does not get; none unless the source's were given."""
        return () if self._header_trip is None else self._header_trip.gaps

    @cached_property
    def _header_rows(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        trip = self._header_trip
        if trip is None:
            return [], []
        values = self.request.values
        # Without headers there is nothing to account for, not even an empty document.
        source = reports.source_leaves(trip, values=values) if trip.document else ()
        target = reports.target_leaves(trip, values=values)
        return [*map(headers_.row, source)], [row for row in map(headers_.row, target) if row["pointer"] != "header:"]

    def model(self) -> Any:
        """Give the order as the target's generated model; None where there is no order.

        Raises:
            MissingExtraError: the models' extra is not installed.

        """
        from orderbridge.translation.models import as_model  # noqa: PLC0415 - models are an extra

        return None if self.order is None else as_model(self.target, self.order, self.request.message)


def translate(source: Side, target: Side, payload: Any, request: Request) -> Translation:
    """Translate a message forwards.

    Raises:
        UsageError: the request does not fit together, or a mapping has nothing for such a message.

    """
    request = request.checked()
    message = request.message
    document, problems = read_payload(payload)
    if not problems and request.check:
        problems = verdict_of(source, request, document)
    if problems:
        return refusing(source, target, request, document, problems)
    draft, hub = _made(source, target, document, request)
    if request.check:
        problems = verdict_of(target, request, draft)
        if hub:
            problems = (*_clashes(hub, target, message), *problems)
    is_valid = request.check and not problems
    return _carrying(Translation(source, target, request, document, draft, problems, is_valid))


def _clashes(hub: dict[str, Any], target: Side, message: Message) -> Iterator[Problem]:
    """Yield why an order is none that the target could be sent: a request for a price must not become an order."""
    for leaf, value in target.section(message).only:
        if leaf in hub and hub[leaf] != value:
            yield Problem(
                "meaning-contradicted",
                f"the {leaf} of this message is {hub[leaf]!r}, and {target.name} can be sent {value!r} only",
                fix="send it to a partner that can take it",
            )


def _made(source: Side, target: Side, document: Any, request: Request) -> tuple[Any, dict[str, Any]]:
    """Make the target's document with what is supplied, and tell the hub's leaves that it may contradict."""
    from_, to, supply = source.section(request.message), target.section(request.message), request.supply
    keys = tuple([(each.at, each.by) for each in supply.lookups])
    pair = compiled_pair(from_, to, target.reserved, source.secrets, keys)
    if pair is not None:
        draft, hub = pair(document, [each.table for each in supply.lookups] if keys else ())
        lay(draft, supply)
        return draft, hub
    # Which row of the hub an element of a list in a list is, only the way with an account knows.
    hub = lift(without(document, source.secrets), from_).hub
    lowered = lower(hub, to, reserved=target.reserved)
    supply_to(lowered, hub, supply)
    return lowered.document, hub


def _carrying(made: Translation) -> Translation:
    if made.request.carry != "slot" or made.request.ticket_key is None or made.ticket is None:
        return made
    slot = made.target.mapping.slot
    if slot is None:
        msg = f"{made.target.name} has no place in which a ticket could travel"
        raise UsageError(msg)
    carrier = copied(made.draft)
    why = put_in_slot(carrier, slot, seal(made.ticket, made.request.ticket_key))
    if why is not None:
        problem = Problem("ticket-too-large", why, fix="keep the ticket beside the document instead")
        return replace(made, is_valid=False, problems=(*made.problems, problem))
    ticket = made.ticket
    carried = replace(made, draft=carrier)
    # The hash is of the document without its ticket.
    carried.__dict__["ticket"] = ticket
    return carried


def read_payload(payload: Any) -> tuple[Any, tuple[Problem, ...]]:
    """Read JSON text, a JSON value or a model into an exact value, or say what is wrong with it."""
    if isinstance(payload, (bytes, str)):
        return jsontext.read(payload)
    return plain.exact(payload)


def verdict_of(side: Side, request: Request, document: Any) -> tuple[Problem, ...]:
    """Give the errors of a message by a partner's contract; warnings pass."""
    validator = side.validator(request.message, request.status)
    if validator.allows(document):
        return ()
    return tuple(each for each in validator.check_value(document) if each.severity == "error")


def refusing(source: Side, target: Side, request: Request, document: Any, problems: tuple[Problem, ...]) -> Translation:
    """Give the translation that is none, for what is wrong with the message."""
    return Translation(source, target, request, document, None, problems)


def supply_to(lowered: Lowered, hub: dict[str, Any], supply: Supply) -> None:
    """Lay what the caller supplies over a lowered document, in place."""
    if supply.is_empty:
        return
    for lookup in supply.lookups:
        _look_up(lowered, hub, lookup)
    for place in overlay(lowered.document, supply):
        lowered.causes[place] = Cause("supplied")
    _forget_what_is_gone(lowered)


def _forget_what_is_gone(lowered: Lowered) -> None:
    """Drop the causes of leaves that an override replaced by something else."""
    there = lowered.leaves = dict(leaves(lowered.document))
    if lowered.causes.keys() <= there.keys():
        return
    for place in lowered.causes.keys() - there.keys():
        del lowered.causes[place]


def _look_up(lowered: Lowered, hub: dict[str, Any], lookup: Lookup) -> None:
    if "*" not in lookup.at:
        value = looked_up(lookup.table, hub.get(lookup.by))
        if value is not ABSENT and read(lowered.document, lookup.at)[0] is ABSENT:
            _write(lowered, lookup.at, value)
        return
    cut = lookup.at.index("*")
    head, tail = lookup.at[:cut], lookup.at[cut + 1 :]
    lists = {rows for rows, _ in lowered.rows.values()}
    known = {rows: {each["row"]: each for each in reversed(hub.get(rows, ()))} for rows in lists}
    for place, (rows, handle) in lowered.rows.items():
        if place[:-1] != head:
            continue
        row = known[rows].get(handle, {})
        value = looked_up(lookup.table, row[lookup.by]) if lookup.by in row else ABSENT
        path = (*place, *tail)
        if value is not ABSENT and read(lowered.document, path)[0] is ABSENT:
            _write(lowered, path, value)


def _write(lowered: Lowered, path: Any, value: Any) -> None:
    from orderbridge.mapping.document import write  # noqa: PLC0415

    place, _ = write(lowered.document, path, value)
    if place:
        lowered.causes[place] = Cause("supplied")


def problem_row(problem: Problem) -> dict[str, Any]:
    """Write a problem as reports hold it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "pointer": problem.pointer,
        "message": problem.message,
        "fix": problem.fix,
    }
