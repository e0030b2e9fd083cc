"""The rival made by ourselves: the generated pydantic models, as far as types can say what a contract asks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from orderbridge import pointer
from orderbridge.generate import module_name
from tests.differential.rival import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.differential.rival import Message, Oracle, Reason

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


REASONS: Final[Mapping[str, Reason]] = {}
