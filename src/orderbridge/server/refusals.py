"""Refusals in a partner's own documented shape, or as problem details where it has none.

Every shape is made by the mapping's error lines and checked against the contract; what the contract would not take
becomes problem details. So does every refusal of a document that has no mapping; where it declares JSON for a status
and would take them, they come as what it declares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orderbridge import jsontext
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.survey import survey
from orderbridge.server.fault import STATUS, Fault, hub_problem
from orderbridge.server.http import JSON, PROBLEM, Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.mapping.operations import Mapping as MappingFile


@dataclass(frozen=True)
class Refusals:
    """Writes faults for one partner, whose mapping is read when it is first needed."""

    partner: Partner | None
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def mapping(self) -> MappingFile | None:
        """The partner's mapping, whose error lines make its shape."""
        partner = self.partner
        return partner.mapping if partner is not None and partner.known is not None else None

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The partner's words for statuses."""
        behaviour = self.partner.behaviour if self.partner is not None and self.mapping is not None else None
        return behaviour.codes if behaviour is not None else {}

    @cached_property
    def told(self) -> frozenset[str]:
        """What the partner's shape has room for of each single fault: its message, its pointer."""
        lines = survey(self.mapping.sections["error"]) if self.mapping is not None else ()
        return frozenset(each.hub.leaf for each in lines if each.hub is not None and each.hub.rows == "errors")

    def warm(self) -> None:
        """Read what is read when it is first needed.

        Raises:
            DocumentError: mapping or behaviour cannot be used.

        """
        _ = self.mapping, self.codes, self.told

    def answer(self, fault: Fault, operation: Operation | None, request_id: str) -> Answer:
        """Write a fault as the answer to a call of an operation (None: no operation was found)."""
        status = self._status(fault, operation)
        if self.mapping is not None and self.mapping.sections["error"].operations:
            body = self._in_shape(fault, status, operation)
            if body is not None:
                return Answer(status, jsontext.write(body), JSON, fault.headers)
        whole = details(fault, status, request_id)
        return Answer(status, jsontext.write(whole), self._media_type(operation, status, whole), fault.headers)

    def _media_type(self, operation: Operation | None, status: int, whole: Any) -> str:
        """Choose between the media type of problem details and plain JSON where only that is declared."""
        response = operation.response(str(status)) if operation is not None else None
        if operation is None or response is None or PROBLEM in response.content or JSON not in response.content:
            return PROBLEM
        return JSON if self._fits(operation, status, whole) else PROBLEM

    def _status(self, fault: Fault, operation: Operation | None) -> int:
        if fault.status is not None:
            return fault.status
        own = [code for kind, code in (self.mapping.statuses if self.mapping else ()) if kind == fault.kind]
        declared = operation.responses if operation is not None else {}
        fitting = next((code for code in own if not declared or str(code) in declared), None)
        if fitting is not None:
            return fitting
        status = STATUS[fault.kind]
        return status if not declared or str(status) in declared or not own else own[0]

    def _in_shape(self, fault: Fault, status: int, operation: Operation | None) -> Any:
        assert self.mapping is not None  # noqa: S101 - the caller looked
        # Some partners have a short form for a single fault, others a list of sentences whatever it is.
        # Where no operation is known, nobody can tell which it is.
        for brief in (True, False) if fault.entries and operation is not None else (False,):
            problem = hub_problem(fault, status, self.codes, told=self.told, brief=brief)
            body = lower(problem, self.mapping.sections["error"]).document
            if operation is None or self.partner is None or self._fits(operation, status, body):
                return body
        return None

    def _fits(self, operation: Operation, status: int, body: Any) -> bool:
        assert self.partner is not None  # noqa: S101 - the caller looked
        key = (operation.id, str(status))
        if key not in self._known:
            response = operation.response(str(status))
            self._known[key] = (
                self.partner.validator(message="response", operation=operation.id, status=status)
                if response is not None and response.json_schema is not None
                else None
            )
        validator = self._known[key]
        return validator is None or bool(validator.allows(body))


def details(fault: Fault, status: int, request_id: str) -> dict[str, Any]:
    """Write a fault as problem details (RFC 9457)."""
    whole: dict[str, Any] = {
        "type": "about:blank",
        "title": fault.sentence,
        "status": status,
        "code": fault.code,
        "request_id": request_id,
    }
    if fault.entries:
        whole["errors"] = [
            {"pointer": f"#{each.pointer}", "code": each.code, "detail": each.message} for each in fault.entries
        ]
    return whole
