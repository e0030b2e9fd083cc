"""The stored orders through our own API: the caller's list, and one order in any partner's format.

An order is found among what its caller created; another's is not there. In its own format it is what was sent, in
another it is made from what it means at the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from orderbridge.behaviour.effects import ORDER
from orderbridge.mapping.compiling import compiled_lower
from orderbridge.server.fault import Fault
from orderbridge.server.http import json_answer
from orderbridge.server.own_messages import finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderbridge.api import Partner
    from orderbridge.behaviour.scene import Kept
    from orderbridge.server.http import Answer
    from orderbridge.server.modes import Mode
    from orderbridge.server.own_known import Known
    from orderbridge.server.reference_store import Keeper
    from orderbridge.store.records import Page, Record
    from orderbridge.store.transaction import Reader


def keeper_of(mode: Mode) -> Keeper:
    """Give what keeps the orders.

    Raises:
        Fault: nothing does.

    """
    if mode.keeper is None:
        raise Fault("not_found", "a mock keeps no orders: serve with --mode reference", "no-orders-kept")
    return mode.keeper


def page(reader: Reader, owner: str, asked: Mapping[str, Any]) -> Page:
    """Read one page of a caller's orders."""
    return reader.find(
        owner,
        ORDER,
        partner=asked.get("partner"),
        name=asked.get("number"),
        after=int(asked.get("cursor", "0")),
        limit=asked.get("limit", 50),
    )


def written_page(found: Page) -> dict[str, Any]:
    """Write a page of orders."""
    return {
        "orders": [{**_head(each), "number": _number(each)} for each in found.records],
        "next": str(found.after) if found.after is not None else None,
    }


def find(reader: Reader, owner: str, name: str, partner: str | None) -> Record:
    """Find one order of a caller by its id or another name.

    Raises:
        Fault: there is none, or orders of several partners have the name.

    """
    records = reader.find(owner, ORDER, partner=partner, name=name, limit=10).records
    # An id is an id, though another order may be known to its partner under the same text.
    found = [each for each in records if each.id == name] or list(records)
    if not found:
        raise Fault("not_found", "there is no such order", "unknown-order")
    if len(found) > 1:
        names = " and ".join(dict.fromkeys(each.partner for each in found))
        raise Fault("conflict", f"orders of {names} have this name: say which with ?partner=", "ambiguous-order")
    return found[0]


@dataclass(frozen=True, slots=True)
class View:
    """A stored order, and whom it can be shown to."""

    known: Known
    mode: Mode
    record: Record

    def order(self, target: Partner, message: str) -> Any:
        """Write the order as a message of a partner."""
        if target.name == self.record.partner:
            return self._own(message)
        kept, side = _kept(self.record), target.side
        if message == "response":
            return compiled_lower(side.section("response"), frozenset())(kept.result)
        hub = self.record.hub if isinstance(self.record.hub, dict) else {}
        return compiled_lower(side.section("request"), side.reserved)(hub)

    def _own(self, message: str) -> Any:
        if message == "request":
            return self.record.document
        reference = self.mode.references.get(self.record.partner)
        if reference is None:
            raise Fault("not_found", f"{self.record.partner} is not served here and cannot answer", "not-served")
        return reference.house.show(_kept(self.record))


def written_order(view: View, asked: Mapping[str, Any]) -> Answer:
    """Answer with a stored order in a partner's format, and with what that partner's contract says of it."""
    record, message = view.record, asked.get("message", "request")
    target = view.known.partner(asked.get("as", record.partner))
    order = view.order(target, message)
    problems = target.validator(message=message).check_value(order)
    answer = {
        **_head(record),
        "as": target.name,
        "message": message,
        "order": order,
        "complete": not any(each.severity == "error" for each in problems),
        "problems": [*map(finding, problems)],
    }
    return json_answer(200, answer)


def _kept(record: Record) -> Kept:
    from orderbridge.server.reference_found import kept_of  # noqa: PLC0415 - a mock needs no database

    return kept_of(record)


def _head(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "partner": record.partner,
        "created_at": _instant(record.created_at),
        "updated_at": _instant(record.updated_at),
        "version": record.version,
    }


def _number(record: Record) -> Any:
    return record.hub.get("number") if isinstance(record.hub, dict) else None


def _instant(instant: datetime | None) -> str | None:
    return (
        None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
    )
