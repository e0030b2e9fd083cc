"""Modes of translation: which outcomes a caller accepts.

A mode is a named set of what refuses an order; what does not refuse is reported all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Mode = Literal["lenient", "strict", "plan"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mode does: whether a document is given at all, and which outcomes refuse it."""

    gives: bool
    refuses: frozenset[str] = frozenset()


_SILENT: Final = frozenset({"blank"})
MODES: Final[dict[str, Terms]] = {
    "lenient": Terms(gives=True),
    "plan": Terms(gives=False),
    "strict": Terms(
        gives=True, refuses=frozenset({"dropped", "no-image", "unreadable", "narrowed", "recoded", "conflict"})
    ),
}


def refused(mode: str, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Pick the leaves for which a mode refuses the order."""
    terms = MODES[mode].refuses
    if not terms:
        return []
    return [row for row in rows if row.get("how") not in _SILENT and {row["outcome"], row.get("how")} & terms]
