"""The rival `openapi-schema-validator`: Python's jsonschema in its OpenAPI 3.0 dialect, on the contract as it is.

It reads the user's own 3.0 document, so none of our conversion to 2020-12 stands between it and the contract.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from orderbridge import pointer
from orderbridge.contract import references
from tests.differential.rival import Refusal, is_whole_fraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.differential.rival import Finding, Message, Oracle, Reason

NAME: Final = "openapi-schema-validator"
_BASE: Final = "urn:contract"
_VALIDATORS: Final[dict[str, Any]] = {"request": OAS30WriteValidator, "response": OAS30ReadValidator}


def oracle(message: Message) -> Oracle:
    """Compile the message's schema, references resolved by `referencing`."""
    resource = DRAFT4.create_resource(message.contract.document)
    validator = _VALIDATORS[message.direction](
        {"$ref": f"{_BASE}{references.to(message.schema)}"},
        registry=Registry[Any]().with_resource(_BASE, resource),
        format_checker=oas30_format_checker,
    )

    def refusals(text: bytes) -> list[Refusal]:
        return [
            Refusal(str(error.validator), pointer.join(error.absolute_path), error.message)
            for error in validator.iter_errors(json.loads(text))
        ]

    return refusals


def _is_whole_fraction(finding: Finding) -> bool:
    is_here = finding.rule in {"type", "anyOf"} and is_whole_fraction(finding.subject)
    return is_here or finding.is_about_spelling


REASONS: Final[Mapping[str, Reason]] = {"whole-fraction": _is_whole_fraction}
