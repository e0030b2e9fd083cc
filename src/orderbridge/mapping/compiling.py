"""Lift and lower without an account, for the straight way from one partner to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.mapping.operations import Section


def compiled_lift(section: Section) -> Callable[[Any], dict[str, Any]]:
    """Make the function that lifts a document (without secrets) to a flat hub document."""
    return lambda document: lift(document, section).hub


def compiled_lower(section: Section, reserved: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    """Make the function that lowers a flat hub document."""
    return lambda hub: lower(hub, section, reserved=reserved).document
