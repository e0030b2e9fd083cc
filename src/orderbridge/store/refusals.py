"""What the store refuses.

OrderbridgeError
└── StoreError
    ├── Taken          the id or another name of a record is some other record's
    ├── Stale          the record was changed by somebody else since it was read
    ├── Lost           a claim on an idempotency key ran out, and its key is no longer ours
    ├── Overloaded     too many are waiting; nothing was done
    └── Unavailable    the database cannot be written or read
"""

from __future__ import annotations

from orderbridge.errors import OrderbridgeError


class StoreError(OrderbridgeError):
    """Every exception that the store raises on purpose while it runs."""


class Taken(StoreError):  # noqa: N818 - these names say what happened; whoever catches one reads it like a sentence
    """A record of this owner and kind is already found under that name."""

    def __init__(self, name: str) -> None:
        """Name what is taken."""
        super().__init__(f"{name!r} is taken")
        self.name = name


class Stale(StoreError):  # noqa: N818
    """A record is not what it was when it was read."""


class Lost(StoreError):  # noqa: N818
    """The lease of a claim ended before its work did, and its key may be somebody else's by now."""


class Overloaded(StoreError):  # noqa: N818
    """As many works wait as may; this one was not begun."""


class Unavailable(StoreError):  # noqa: N818
    """The database is gone, full or busy for too long: what was asked for is not known to be done.

    When a commit breaks off, nobody can tell whether it arrived. It is reported as this, never as a success.
    """

    code = "store-unavailable"

    def __init__(self, message: str, *, may_retry: bool = False) -> None:
        """Say why, and whether certainly nothing was done, so that the same can be tried again at once."""
        super().__init__(message)
        self.may_retry = may_retry
