"""A mapping file to frozen operations: names resolved, constants typed by the contract, every fault with its place.

Whatever cannot mean anything is refused here, with file, line and what would be right. What means something but
is unwise, or forgets a part of the contract, is for `lint` to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from orderbridge.contract.catalogue import MAPPING
from orderbridge.contract.members import Spot, spot
from orderbridge.mapping.draft import Draft, read_draft
from orderbridge.mapping.lines import path_of
from orderbridge.mapping.operations import (
    Mapping,
    Slot,
)
from orderbridge.mapping.sections import SectionReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as FilePath

    from orderbridge.contract.catalogue import Catalogue
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Body

HUB: Final = "_canonical"


def load_mapping(known: Catalogue, name: str) -> Mapping | None:
    """Read the mapping of a partner; None where its folder has none.

    Raises:
        UnknownPartnerError: there is no such partner.
        DocumentError: the mapping, or one that it extends, cannot be used.

    """
    draft = load_draft(known, name)
    return None if draft is None else read_mapping(draft, known.contract(name), known.contract(HUB))


def load_draft(known: Catalogue, name: str) -> Draft | None:
    """Read the mapping of a partner as it was written, for who asks where things stand in it.

    Raises:
        UnknownPartnerError: there is no such partner.
        DocumentError: the mapping, or one that it extends, cannot be read.

    """
    file = known.entry(name).folder / MAPPING
    return read_draft(file, lambda base: _file_of(known, base)) if file.is_file() else None


def _file_of(known: Catalogue, name: str) -> FilePath:
    return known.entry(name).folder / MAPPING


def read_mapping(draft: Draft, contract: Contract, hub: Contract) -> Mapping:
    """Read a mapping as written into operations.

    Raises:
        DocumentError: something in it cannot mean anything; with file, line and what would be right.

    """
    operation = contract.operation()
    success = operation.responses.get(operation.success or "default")
    statuses = tuple(_statuses(draft))
    refusal = next((operation.response(str(status)) for _, status in statuses), None)
    request = SectionReader(draft, hub, "request", spot(contract, _schema(operation.request)))
    response = SectionReader(draft, hub, "response", spot(contract, _schema(success)))
    error = SectionReader(draft, hub, "error", spot(contract, _schema(refusal)))
    headers = SectionReader(draft, hub, "headers", header_spot(contract))
    return Mapping(
        partner=draft.name,
        version=draft.head["version"].text("`version`") if "version" in draft.head else "0",
        file=str(draft.file),
        sha256=draft.sha256,
        sections={
            "request": request.read(draft.sections["request"]),
            "response": response.read(draft.sections["response"]),
            "error": error.read(draft.errors),
            "headers": headers.read(draft.sections["headers"]),
        },
        slot=_slot(draft),
        statuses=statuses,
    )


def _schema(body: Body | None) -> str | None:
    return body.json_schema if body is not None else None


def header_spot(contract: Contract) -> Spot:
    """See the header parameters of the create operation as one object; header names have no case."""
    members: dict[str, Any] = {}
    for parameter in contract.operation().parameters:
        if parameter.location == "header" and parameter.schema is not None:
            members[parameter.name.lower()] = {"allOf": [spot(contract, parameter.schema).schemas[0]]}
    return Spot(contract.document, ({"type": "object", "properties": members},))


def _statuses(draft: Draft) -> Iterator[tuple[str, int]]:
    for kind, raw in draft.statuses.items():
        for each in raw.elements("a status") if isinstance(raw.value, list) else [raw]:
            status = each.number("a status")
            if not 100 <= status <= 599:  # noqa: PLR2004 - what HTTP has
                each.refuse(f"{status} is not an HTTP status")
            yield kind, status


def _slot(draft: Draft) -> Slot | None:
    raw = draft.head.get("slot")
    if raw is None:
        return None
    members = raw.members("`slot`")
    if members.keys() != {"path", "holds", "max"}:
        raw.refuse("`slot` has the members path, holds and max")
    holds = members["holds"].word("`holds`", ("text", "object", "pairs"))
    return Slot(path_of(members["path"]), cast("Any", holds), members["max"].number("`max`"))
