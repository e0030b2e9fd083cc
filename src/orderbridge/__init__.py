"""Contracts and validation for partner order APIs; what `__all__` lists is promised.

Everything is imported when it is first asked for, so that `import orderbridge` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderbridge.api import Partner, matrix, partner, translate
    from orderbridge.errors import (
        DocumentError,
        InputError,
        MissingExtraError,
        OrderbridgeError,
        UnknownOperationError,
        UnknownPartnerError,
        UsageError,
    )
    from orderbridge.problem import Problem

__version__ = "0.1.0"

__all__ = [
    "DocumentError",
    "InputError",
    "MissingExtraError",
    "OrderbridgeError",
    "Partner",
    "Problem",
    "UnknownOperationError",
    "UnknownPartnerError",
    "UsageError",
    "matrix",
    "partner",
    "translate",
]

_HOMES = {"Partner": "api", "matrix": "api", "partner": "api", "translate": "api", "Problem": "problem"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"orderbridge.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
