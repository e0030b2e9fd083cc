"""What became of one leaf that came back from the receiver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from orderbridge.mapping.document import Place

Outcome = Literal["unchanged", "returned", "not-returnable", "conflict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, why, and the leaves of the sender's document that it went to.

    `how` is one of: equal, same-meaning, edit, row, unreadable, was-filled, conflict, not-mapped, refused,
    no-container.
    """

    outcome: Outcome
    how: str
    why: str | None = None
    hub: str | None = None
    targets: tuple[Place, ...] = ()
