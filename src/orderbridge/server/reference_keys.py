"""Idempotency keys: a call that is sent again gets the answer of the first, and changes nothing.

The answer is remembered in the transaction that makes it true, so a call that was refused burns no key, and one that
was answered is never done twice. The key of a call that is still being served is known to its process alone: another
process waits for the transaction and then finds the answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.server.fault import Entry, Fault
from orderbridge.server.http import JSON, Answer
from orderbridge.store.records import Key, StoredAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.server.http import Request
    from orderbridge.store.transaction import Reader, Transaction

HEADER: Final = "idempotency-key"
_LONGEST: Final = 255
_MEDIA_TYPE: Final = "content-type"


@dataclass(frozen=True, slots=True)
class Sent:
    """A key as it came with a call, and what else the call was."""

    key: Key
    fingerprint: str


@dataclass(frozen=True)
class Keys:
    """The keys of one server; `mismatch` is the status of another call under a key that was used."""

    mismatch: int = 422
    _inside: set[Key] = field(default_factory=set, repr=False)

    @contextmanager
    def holding(self, sent: Sent) -> Iterator[None]:
        """Hold a key while its call is being served.

        Raises:
            Fault: it is held already.

        """
        if sent.key in self._inside:
            raise Fault(
                "conflict", "a call with this idempotency key is still being served", "key-in-flight", status=409
            )
        self._inside.add(sent.key)
        try:
            yield
        finally:
            self._inside.discard(sent.key)

    def recalled(self, reader: Reader, sent: Sent | None) -> Answer | None:
        """Give the answer that the first call with a key got; None: it is the first.

        Raises:
            Fault: the key came with another call.

        """
        known = reader.recall(sent.key, sent.fingerprint) if sent is not None else None
        if known is None:
            return None
        if isinstance(known, StoredAnswer):
            media_type = dict(known.headers).get(_MEDIA_TYPE, JSON)
            return Answer(known.status, known.body, media_type, proven=True)
        raise Fault("conflict", "the idempotency key was used for another call", "key-reused", status=self.mismatch)

    def remember(self, tx: Transaction, sent: Sent | None, answer: Answer) -> None:
        """Remember the answer to a call."""
        if sent is not None:
            stored = StoredAnswer(answer.status, answer.body, ((_MEDIA_TYPE, answer.media_type),))
            tx.remember(sent.key, sent.fingerprint, stored)


def sent_with(request: Request, partner: str, asked: Mapping[str, Any]) -> Sent | None:
    """Read the key of a call; `asked` is the call without secrets, none of which may be kept, hashed or not.

    Raises:
        Fault: the key cannot be used.

    """
    text = request.headers.get(HEADER)
    if text is None:
        return None
    value = text.strip()
    if not value or len(value) > _LONGEST or not value.isprintable():
        message = f"an idempotency key has 1 to {_LONGEST} printable characters"
        raise Fault("invalid", message, "unusable-key", (Entry(f"header:{HEADER}", message, "unusable-key"),))
    # Whoever sends a call again may write it anew, and some write members in a new order each time.
    fingerprint = sha256(jsontext.write(dict(asked), is_sorted=True)).hexdigest()
    return Sent(Key(request.caller.owner, f"{partner}.{request.operation.id}", value), fingerprint)
