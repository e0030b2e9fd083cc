"""One call to the reference server as cases see it, and the words in which they refuse it."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.behaviour.effects import ORDER
from orderbridge.behaviour.scene import Scene
from orderbridge.behaviour.seeing import telling
from orderbridge.pointer import join
from orderbridge.server.fault import Entry, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderbridge.behaviour.effects import Case, Refusal, Source
    from orderbridge.behaviour.house import House

_CODES: Final = {"not_found": "unknown-record", "conflict": "record-conflict"}
_SHOWN: Final = 100
_TO_MILLISECONDS: Final = len("2025-01-01T00:00:00.000")
_OWNERS: Final = uuid.UUID("6c0e9a5e-0c5b-5e0e-9a3f-1d7f0b5c8d11")
"""The namespace of the UUIDs that callers are known by where a partner's ids are UUIDs."""


class Call(NamedTuple):
    """One call: whose it is, what it asks, the request without what may not be kept, and what its headers mean."""

    house: House
    owner: str
    scene: Scene
    document: Any
    said: Mapping[str, Any]
    fixtures: Mapping[str, Mapping[str, Any]]
    is_declared: bool
    """Whether it is known that the document says nothing but what the contract lets an order say."""
    meant: Mapping[str, Any] | None = None
    """What the document means at the hub, where that was worked out already."""

    @classmethod
    def of(
        cls,
        house: House,
        owner: str,
        asked: Mapping[str, Any],
        fixtures: Mapping[str, Mapping[str, Any]],
        *,
        is_declared: bool,
    ) -> Call:
        """See a call as lines see it; `is_declared` tells of its body what is known of it."""
        document = house.without_secrets(asked["body"])
        scene = Scene(request={**asked, "body": document}, caller=_known_as(owner), show=house.show)
        return cls(house, owner, scene, document, house.said_by_headers(asked["header"]), fixtures, is_declared)

    def lifted(self, case: Case) -> Call:
        """Work out what the document means where a case creates an order of the document as it is."""
        if case.does != "create" or case.subject != ORDER or case.document:
            return self
        # By hand: `_replace` takes as long as a small document.
        return Call(
            self.house,
            self.owner,
            self.scene,
            self.document,
            self.said,
            self.fixtures,
            self.is_declared,
            self.house.meant(self.document),
        )


@lru_cache(1024)
def _known_as(owner: str) -> Mapping[str, str]:
    """Give the names of a caller that lines can use."""
    return {"uuid": str(uuid.uuid5(_OWNERS, owner))}


@lru_cache(64)
def written_instant(instant: datetime) -> str:
    """Write a time as the hub has instants: to the millisecond, and without zeros at the end."""
    seconds, _, thousandths = instant.isoformat(timespec="milliseconds")[:_TO_MILLISECONDS].partition(".")
    fraction = thousandths.rstrip("0")
    return f"{seconds}.{fraction}Z" if fraction else f"{seconds}Z"


def refused(refusal: Refusal, scene: Scene, message: str | None = None, source: Source | None = None) -> Fault:
    """Make the fault that a refusal is, as seen from a scene, at the part of the body that is to blame."""
    if isinstance(scene.value, str) and len(scene.value) > _SHOWN:
        scene = scene.of(f"{scene.value[:_SHOWN]}…")
    text = message or telling(refusal.message)(scene) or "this cannot be done"
    code = _CODES.get(refusal.kind, "refused")
    at_body = source is not None and source.root == "body"
    entries = (Entry(join(str(step) for step in source.path), text, code),) if at_body and source is not None else ()
    return Fault(refusal.kind, text, code, entries, own=refusal.code)
