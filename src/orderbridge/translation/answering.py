"""Answers: what the receiver replied, in the sender's own terms.

A success carries what the receiver knows of the order; what it leaves out, the order's ticket knows. An error points at
the receiver's document; through the ticket its places become places of what the sender sent, and what was supplied on
the way is named as such and not blamed on the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.codec.codec import Refused
from orderbridge.codec.registry import CODECS
from orderbridge.errors import UsageError
from orderbridge.mapping.document import without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.problem import Problem
from orderbridge.translation.homecoming import made_again
from orderbridge.translation.ticket import Ticket, foreign, read_ticket, stale
from orderbridge.translation.translating import Translation, read_payload, refusing, supply_to, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.trace import Cause, Lifted, Lowered
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Request

_ORDER: Final = "order."
_GROUP: Final = 2
_CONTACTS: Final = frozenset({"bill_to", "buyer"})
_SHIPMENTS: Final = "order.shipments"
_PLACES: Final = CODECS["property_path"]
_GATEWAY: Final = "this value was supplied or derived on the way, it was not in the order that was sent"


@dataclass(frozen=True)
class Answer(Translation):
    """A translated answer; `status` is the HTTP status of an error in the sender's terms."""

    traced: tuple[Lifted, Lowered] | None = field(default=None, repr=False)
    status: str | None = None

    @cached_property
    def _traced(self) -> tuple[Lifted, Lowered]:
        if self.traced is None:
            return super()._traced
        return self.traced

    @property
    def target_status(self) -> str | None:
        """The status under which the sender's contract describes the answer."""
        return self.status

    @property
    def ticket(self) -> dict[str, Any] | None:
        """None: nobody answers an answer."""
        return None


def translate_answer(source: Side, target: Side, payload: Any, request: Request, ticket: Any) -> Translation:
    """Translate a success or an error of `source` into the terms of `target`, who sent the order.

    Raises:
        UsageError: the request does not fit together, or an error comes without its status.

    """
    request = request.checked()
    if request.message == "error" and request.status is None:
        msg = "an error is read by its HTTP status: give it too"
        raise UsageError(msg)
    document, problems = read_payload(payload)
    if not problems and request.check:
        problems = verdict_of(source, request, document)
    order = _order(ticket, source, target)
    if isinstance(order, Problem):
        problems = (*problems, order)
    if problems or isinstance(order, Problem):
        return refusing(source, target, request, document, problems)
    lifted = lift(without(document, source.secrets), source.section(request.message))
    status = None
    if request.message == "error":
        status = _rendered(lifted, source, target, str(request.status), order)
    elif order is not None:
        _fill_from(order[0], lifted)
    return _lowered(source, target, request, document, lifted=lifted, status=status)


def _order(ticket: Any, source: Side, target: Side) -> tuple[Lifted, Lowered] | Problem | None:
    """Make the order of a ticket again, with the way that it took; None without a ticket."""
    if ticket is None:
        return None
    opened = ticket if isinstance(ticket, Ticket) else read_ticket(ticket)
    if isinstance(opened, Problem):
        return opened
    if (opened.source, opened.target) != (target.name, source.name):
        return foreign(f"it was made on the way from {opened.source} to {opened.target}")
    return made_again(source, target, opened, without(opened.order, target.secrets)) or stale()


def _lowered(
    source: Side, target: Side, request: Request, document: Any, *, lifted: Lifted, status: str | None
) -> Translation:
    lowered = lower(lifted.hub, target.section(request.message), reserved=target.reserved)
    supply_to(lowered, lifted.hub, request.supply)
    made = Answer(source, target, request, document, lowered.document, (), traced=(lifted, lowered), status=status)
    if not request.check:
        return made
    problems = verdict_of(target, replace(request, status=status), lowered.document)
    return replace(made, is_valid=not problems, problems=problems)


# A success


def _fill_from(order: Lifted, answer: Lifted) -> None:
    """Let the order say what the answer does not: whole lists and whole contacts, never half of one.

    Amounts are restored only under the currency that they were stated in.
    """
    speaks = _currency(answer.hub, _ORDER) in {None, _currency(order.hub, "")}
    said = {_group(leaf) for leaf in answer.hub}
    for leaf, value in order.hub.items():
        own = f"{_ORDER}{leaf}"
        kept = value if speaks else _without_amounts(leaf, value)
        if kept is None:
            continue
        if _group(own) not in said:
            answer.hub[own] = kept
            answer.restored.add(own)
        elif own == _SHIPMENTS and len(answer.hub.get(own, ())) == len(kept):
            for row, sent in zip(answer.hub[own], kept, strict=True):
                _fill_contacts(row, sent)


def _currency(hub: Mapping[str, Any], prefix: str) -> Any:
    return hub.get(f"{prefix}currency")


def _group(leaf: str) -> str:
    """Name what is restored together: a contact as a whole, anything else leaf by leaf."""
    steps = leaf.split(".")
    return ".".join(steps[:_GROUP]) if len(steps) > _GROUP and steps[1] in _CONTACTS else leaf


def _fill_contacts(row: dict[str, Any], sent: Mapping[str, Any]) -> None:
    """Restore the ends of a shipment that the answer leaves out."""
    said = {leaf.partition(".")[0] for leaf in row}
    for leaf, value in sent.items():
        head, dot, _ = leaf.partition(".")
        if dot and head not in said:
            row[leaf] = value


def _without_amounts(leaf: str, value: Any) -> Any:
    """Leave out what would be read in the answer's currency; None where nothing is left."""
    if leaf == "currency" or leaf.startswith("totals.") or leaf == "adjustments":
        return None
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [
            {name: each for name, each in row.items() if not name.endswith((".amount", ".currency"))} for row in value
        ]
    return value


# An error


def _rendered(
    lifted: Lifted, source: Side, target: Side, status: str, order: tuple[Lifted, Lowered] | None
) -> str | None:
    """Say what kind of error it is and where, in the sender's terms; give the sender's status."""
    hub = lifted.hub
    kind = _kind(source, status)
    hub.setdefault("kind", kind)
    hub.setdefault("status", int(status) if status.isdigit() else 0)
    own = _status(target, str(hub["kind"]), status)
    if own is not None:
        hub["status"] = int(own)
    lines = dict(places(order)) if order is not None else {}
    _locate_in_words(hub, lines)
    for row in hub.get("errors", ()):
        _locate(row, lines)
    return own


def _kind(side: Side, status: str) -> str:
    for kind, known in side.mapping.statuses:
        if str(known) == status:
            return kind
    return "internal" if status.startswith("5") else "invalid"


def _status(side: Side, kind: str, otherwise: str) -> str | None:
    found = next((str(status) for known, status in side.mapping.statuses if known == kind), None)
    declared = side.contract.operation().responses
    if found is not None:
        return found
    return otherwise if otherwise in declared else next((each for each in declared if each[:1] in "45"), None)


def _locate(row: dict[str, Any], lines: Mapping[str, str | None]) -> None:
    """Turn a place in the receiver's document into one in the sender's, or say that there is none."""
    where = row.pop("pointer", None)
    if where is None:
        found = _locate_in_words(row, lines)
        if found is not None:
            row["pointer"] = found
        return
    found = _nearest(where, lines)
    if found is not None:
        row["pointer"] = found
    elif where in lines:
        row["message"] = f"{row['message']} ({_GATEWAY})" if "message" in row else _GATEWAY


def _locate_in_words(row: dict[str, Any], lines: Mapping[str, str | None]) -> str | None:
    """Do the same for a place that a message begins with: `buyerInfo.city must be a string`; give the new place."""
    path, blank, rest = str(row.get("message", "")).partition(" ")
    where = _PLACES.up(path, None)
    if not blank or isinstance(where, Refused):
        return None
    found = _nearest(where, lines)
    if found is not None:
        said = _PLACES.down(found, None)
        row["message"] = row["message"] if isinstance(said, Refused) else f"{said} {rest}"
    elif where in lines:
        row["message"] = f"{row['message']} ({_GATEWAY})"
    return found


def _nearest(where: str, lines: Mapping[str, str | None]) -> str | None:
    """Find the sender's place for the receiver's: of the value itself, or the parent of what it holds."""
    if where in lines:
        return lines[where]
    inside = [home for away, home in lines.items() if home is not None and away.startswith(f"{where}/")]
    return _common(inside) if inside else None


def _common(pointers: list[str]) -> str:
    """Give the place that holds all of some places."""
    paths = [pointer.split(each)[:-1] for each in pointers]
    shared = []
    for steps in zip(*paths, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return pointer.join(shared)


def places(order: tuple[Lifted, Lowered]) -> Iterator[tuple[str, str | None]]:
    """Yield each leaf that the receiver got, with the sender's leaf that it came from (None: from the way)."""
    lifted, lowered = order
    for place, cause in lowered.causes.items():
        yield pointer.join(place), _came_from(lifted, cause)


def _came_from(lifted: Lifted, cause: Cause) -> str | None:
    for address in cause.sources:
        found: Any = lifted.reads.get(address)
        if found is not None and found.place is not None:
            home: Place = found.place
            return pointer.join(home)
    return None
