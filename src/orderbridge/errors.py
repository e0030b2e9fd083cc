"""Exceptions: what is wrong with the *use* of orderbridge or with its set-up.

What is wrong with an order is a `Problem` value (see `problem`), never an exception.

    OrderbridgeError
    ├── UsageError                 the call asks for something that is not there
    │   ├── UnknownPartnerError
    │   ├── UnknownOperationError
    │   └── MissingExtraError      the feature needs `pip install orderbridge[EXTRA]`
    ├── InputError                 a file that cannot be opened, read or written
    └── DocumentError              a contract, mapping or configuration that cannot be used
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class OrderbridgeError(Exception):
    """Every exception that orderbridge raises on purpose."""


class UsageError(OrderbridgeError):
    """The call asks for something that does not exist or does not fit together."""


class UnknownPartnerError(UsageError):
    """No contract folder of that name is known."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Name the unknown partner and the nearest known ones."""
        super().__init__(f"there is no partner {name!r}{_did_you_mean(name, known)}")
        self.name = name


class UnknownOperationError(UsageError):
    """The contract has no such operation, message or status."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        """Name what was asked for (`what` is its kind) and what there is."""
        super().__init__(f"there is no {what} {name!r}{_did_you_mean(name, known)}")
        self.name = name


class MissingExtraError(UsageError):
    """The feature needs packages that the bare install leaves out."""

    def __init__(self, feature: str, extra: str) -> None:
        """Name the feature and the pip line that brings what it needs."""
        super().__init__(f"{feature} needs an extra: pip install 'orderbridge[{extra}]'")
        self.extra = extra


class InputError(OrderbridgeError):
    """A file or stream that cannot be opened, read or written."""


class DocumentError(OrderbridgeError):
    """A contract, mapping or configuration document that cannot be used.

    Line and column count from 1, in code points; 0 means the whole document.
    """

    def __init__(self, reason: str, *, file: str = "", line: int = 0, column: int = 0, pointer: str = "") -> None:
        """Say why `file` is refused, and where in it."""
        place = ":".join(str(part) for part in (file, line, column) if part)
        where = f" at {pointer}" if pointer else ""
        super().__init__(f"{place}: {reason}{where}" if place else f"{reason}{where}")
        self.reason = reason
        self.file = file
        self.line = line
        self.column = column
        self.pointer = pointer


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return f"; did you mean {' or '.join(repr(match) for match in close)}?"
    return f"; there is {', '.join(names)}" if names else ""
