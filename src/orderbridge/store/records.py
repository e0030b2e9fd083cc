"""The values that the store keeps and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from orderbridge.jsontext import Json


class Record(NamedTuple):
    """One order, cart, customer …: what a partner's API keeps for one caller.

    `document` is the original, without what its contract marks as secret; `hub` what it means (orders only); `answer`
    what its creator was told. All three are JSON values with exact numbers. The store sets the last four: `seq` grows
    in the order of the commits and is never used again, `version` counts from 1. A `created_at` that is given stays.

    A tuple and no dataclass: each call makes one, and a frozen one takes five times as long.
    """

    partner: str
    owner: str
    kind: str
    id: str
    document: Json = None
    hub: Json = None
    answer: Json = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in the order of their `seq`, and where the next page begins (`after`), if there is one."""

    records: tuple[Record, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key as one caller sent it with one operation; keys of others never meet it."""

    owner: str
    operation: str
    value: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given the first time."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that is ours for the length of a lease: `remember` or `release` ends it."""

    key: Key
    fingerprint: str
    token: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The key came with another request before: its fingerprint differs."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """The first request with this key is not answered yet."""


MISMATCH: Final = Mismatch()
IN_FLIGHT: Final = InFlight()

Recalled = StoredAnswer | Mismatch | InFlight
"""What is known of a key that was used before."""
