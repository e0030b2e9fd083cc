"""Which way a message goes: forwards, home with its ticket, or as the answer to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.problem import Problem
from orderbridge.translation.answering import translate_answer
from orderbridge.translation.homecoming import from_slot, translate_back
from orderbridge.translation.ticket import lost
from orderbridge.translation.translating import read_payload, refusing, translate

if TYPE_CHECKING:
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Request, Translation


def run(source: Side, target: Side, payload: Any, request: Request, ticket: Any) -> Translation:
    """Translate a message the way that its kind and its ticket ask for.

    Raises:
        UsageError: the request does not fit together.

    """
    if request.message != "request":
        return translate_answer(source, target, payload, request, ticket)
    if ticket is None and request.ticket_key is not None and request.carry == "none":
        payload, problems = read_payload(payload)
        if problems:
            return refusing(source, target, request, payload, problems)
        payload, ticket = from_slot(source, payload, request.ticket_key)
        if ticket is None:
            ticket = lost("the place in which it travels is empty")
    if isinstance(ticket, Problem):
        return refusing(source, target, request, payload, (ticket,))
    if ticket is None:
        return translate(source, target, payload, request)
    return translate_back(source, target, payload, request, ticket)
