"""A translated order as the target's generated model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from orderbridge.translation.side import Side

_PACKAGE: Final = "orderbridge_models"


def as_model(side: Side, order: Any, message: str) -> Any:
    """Read an order into the model that was generated from its contract.

    Raises:
        MissingExtraError: the packages that models need are not installed.
        UsageError: there is no generated model of it.

    """
    module = _module(side.name)
    name = _component(side, message)
    model = getattr(module, name, None) if name is not None else None
    if model is None:
        msg = f"there is no generated model of the {message} of {side.name}: run `orderbridge generate {side.name}`"
        raise UsageError(msg)
    return model.model_validate(order)


def _module(name: str) -> Any:
    try:
        return import_module(f"{_PACKAGE}.{name}")
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith(_PACKAGE):
            msg = f"there are no generated models of {name}: run `orderbridge generate {name}`"
            raise UsageError(msg) from error
        what = "a generated model"
        raise MissingExtraError(what, "models") from error


def _component(side: Side, message: str) -> str | None:
    """Name the component that describes a message: models are called like it."""
    where = side.schema_pointer(message)
    schema = pointer.get(side.contract.document, where) if where is not None else None
    target = references.local(schema.get("$ref")) if isinstance(schema, dict) else None
    return target.rpartition("/")[2] if target is not None else None
