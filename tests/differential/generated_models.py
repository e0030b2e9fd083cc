"""The rival made by ourselves: the generated pydantic models, as far as types can say what a contract asks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from orderbridge import pointer
from orderbridge.generate import module_name
from tests.differential.rival import Refusal, is_whole_fraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.differential.rival import Finding, Message, Oracle, Reason

NAME: Final = "generated models"


def oracle(message: Message) -> Oracle:
    """Find the model of the message."""
    module = import_module(f"orderbridge_models.{module_name(message.contract.name)}")
    model: type[BaseModel] = module.MESSAGES[message.operation, message.status or "request"]

    def refusals(text: bytes) -> list[Refusal]:
        try:
            model.model_validate_json(text)
        except ValidationError as error:
            return [Refusal(e["type"], _place(e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
        return []

    return refusals


def _place(location: tuple[Any, ...]) -> str:
    return pointer.join(location)


def _is_text_format(finding: Finding) -> bool:
    return finding.code == "format" and finding.schema.get("type", "string") == "string"


def _is_unknown_member(finding: Finding) -> bool:
    return finding.code == "unknown-property"


def _is_required_apart(finding: Finding) -> bool:
    return finding.code == "required" and "properties" not in finding.schema


def _is_untyped(finding: Finding) -> bool:
    return finding.rule in {"model_type", "list_type"} and finding.is_doubted


def _is_whole_fraction(finding: Finding) -> bool:
    return finding.is_about_spelling or (finding.rule == "int_type" and is_whole_fraction(finding.subject))


def _is_other_branch(finding: Finding) -> bool:
    """Pydantic reports every branch of a union; the one that does not take numbers is beside the point."""
    is_branch = finding.refusal is not None and finding.refusal.pointer != finding.place
    return finding.rule == "string_type" and is_branch and is_whole_fraction(finding.subject)


REASONS: Final[Mapping[str, Reason]] = {
    "text-format": _is_text_format,
    "unknown-member": _is_unknown_member,
    "required-apart": _is_required_apart,
    "untyped": _is_untyped,
    "whole-fraction": lambda finding: _is_whole_fraction(finding) or _is_other_branch(finding),
}
