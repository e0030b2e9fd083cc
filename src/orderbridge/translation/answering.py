"""Answers: the receiver's success or error in the sender's own terms, with the help of the order's ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.translation.translating import translate

if TYPE_CHECKING:
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Request, Translation


def translate_answer(source: Side, target: Side, payload: Any, request: Request, ticket: Any) -> Translation:
    """Translate an answer."""
    del ticket
    return translate(source, target, payload, request)
