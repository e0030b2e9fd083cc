"""What is worked out of operations once, for all documents that they meet: how each is done, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Operation

S = TypeVar("S")
T = TypeVar("T")
MOST_ROWS: Final = 32
"""For how many rows of a list something is kept; those beyond take the place of the others."""
_MOST_PLANS: Final = 5_000


class Kept(Generic[T]):
    """What operations leave behind, by the row that they stand in: one entry per operation."""

    def __init__(self, operations: int) -> None:
        """Start with nothing for that many operations."""
        self._operations = operations
        self._known: dict[tuple[Place, str, str], list[T | None]] = {}

    def of(self, place: Place, rows: str, handle: str) -> list[T | None]:
        """Give the entries for a row, to be read and filled."""
        key = (place, rows, handle)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_ROWS:
                self._known.clear()
            found = self._known[key] = [None] * self._operations
        return found


class Plan(NamedTuple, Generic[S, T]):
    """Operations, how each is done, and what was kept of them."""

    operations: Sequence[Operation]
    steps: list[S]
    kept: Kept[T]


class Plans(Generic[S, T]):
    """Plans by the operations themselves, which are held so that their identity stays their own."""

    def __init__(self, step: Callable[[int, Operation], S]) -> None:
        """Take what says how an operation is done, by its number."""
        self._step = step
        self._known: dict[int, Plan[S, T]] = {}

    def of(self, operations: Sequence[Operation]) -> Plan[S, T]:
        """Give the plan of operations."""
        known = self._known.get(id(operations))
        if known is None:
            if len(self._known) >= _MOST_PLANS:
                self._known.clear()
            steps = [self._step(number, each) for number, each in enumerate(operations)]
            known = self._known[id(operations)] = Plan(operations, steps, Kept(len(steps)))
        return known
