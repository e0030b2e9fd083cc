"""What stands in for the store before a transaction: it knows the time, and nothing that is kept.

Whoever writes holds the one write lock. A call that refers to nothing and counts nothing is worked out before it takes
its turn, so that the lock is held for no longer than it takes to store what was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from datetime import datetime


class NeedsStoreError(Exception):
    """What a call comes to depends on what is kept."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Takes the place of a transaction."""

    now: datetime

    def get(self, *_asked: Any) -> NoReturn:
        """Know no record."""
        raise NeedsStoreError

    def with_id(self, *_asked: Any) -> NoReturn:
        """Know none by its id either."""
        raise NeedsStoreError

    def find(self, *_asked: Any, **_how: Any) -> NoReturn:
        """Know no list."""
        raise NeedsStoreError

    def next(self, *_asked: Any, **_how: Any) -> NoReturn:
        """Count nothing."""
        raise NeedsStoreError
