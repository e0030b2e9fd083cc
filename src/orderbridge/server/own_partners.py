"""What is known of partners: their list, and the matrix of what a translation does with every member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge import api
from orderbridge.errors import UsageError
from orderbridge.forecast.document import document
from orderbridge.server.http import json_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.server.http import Answer, Request
    from orderbridge.server.own_known import Known


def list_partners(known: Known, _request: Request, _asked: Mapping[str, Any]) -> Answer:
    """Answer with all partners."""
    return json_answer(200, {"partners": [_row(known, name) for name in known.names]})


def _row(known: Known, name: str) -> dict[str, Any]:
    partner = known.partner(name)
    return {
        "name": name,
        "title": partner.contract.title,
        "version": partner.contract.version,
        "operations": list(partner.operations),
        "translates": partner.known is not None and partner.mapping is not None,
        "served_at": known.prefixes.get(name),
    }


def matrix(known: Known, _request: Request, asked: Mapping[str, Any]) -> Answer:
    """Answer with the matrix, of one pair where two partners are asked for."""
    source, target = asked.get("from"), asked.get("to")
    named = [known.partner(each) for each in (source, target) if each is not None]
    for each in named:
        if each.known is None or each.mapping is None:
            raise UsageError(f"{each.name} has no mapping")
    if source is not None and source == target:
        raise UsageError(f"{source} is not translated to itself: name another partner")
    both = len(named) == 2  # noqa: PLR2004 - a pair
    partners = named if both else [each for each in map(known.partner, known.names) if each.known is not None]
    return json_answer(200, document(api.matrix(partners), source, target))
