"""The ticket of a translation: what is needed to come back, kept by the caller or encrypted inside the document.

A ticket holds the sender's document without its secrets, what the caller supplied, and the hash of what the receiver
got. One that comes back is read as what it is: data from outside, which may be anybody's.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.errors import UsageError
from orderbridge.mapping.document import ABSENT, read, write
from orderbridge.problem import Problem
from orderbridge.validation import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.mapping.operations import Path, Slot

VERSION: Final = 1
MOST_BYTES: Final = 16 * 1024 * 1024
_MEMBERS: Final = {"ticket", "source", "target", "message", "order", "supply", "headers", "sha256", "mappings"}
_NEEDED: Final = ("ticket", "source", "target", "message", "order", "sha256")
_TEXTS: Final = ("source", "target", "message", "sha256")
_HEX: Final = 64


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that has been read: who sent what to whom, and the hash of what they got."""

    source: str
    target: str
    message: str
    order: Any
    supply: Any
    headers: Any
    sha256: str
    mappings: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """Give the ticket as a JSON value."""
        whole: dict[str, Any] = {
            "ticket": VERSION,
            "source": self.source,
            "target": self.target,
            "message": self.message,
            "order": self.order,
            "sha256": self.sha256,
            "mappings": dict(self.mappings),
        }
        if self.supply is not None:
            whole["supply"] = self.supply
        if self.headers is not None:
            whole["headers"] = self.headers
        return whole


def digest(document: Any) -> str:
    """Hash a document as it is written compactly."""
    return sha256(jsontext.write(document)).hexdigest()


def read_ticket(raw: Any) -> Ticket | Problem:
    """Read a ticket that came from outside: a JSON value, or what is wrong with it."""
    try:
        value, problems = plain.exact(raw)
    except UsageError as error:
        return unreadable(str(error))
    if problems:
        return unreadable(problems[0].message)
    if not isinstance(value, dict) or value.keys() - _MEMBERS or any(name not in value for name in _NEEDED):
        return unreadable("it does not have the members of a ticket")
    if value["ticket"] != VERSION or isinstance(value["ticket"], bool):
        return unreadable("it is of another version")
    if not all(isinstance(value[name], str) for name in _TEXTS) or len(value["sha256"]) != _HEX:
        return unreadable("its members are not what a ticket holds")
    mappings = value.get("mappings", {})
    return Ticket(
        value["source"],
        value["target"],
        value["message"],
        value["order"],
        value.get("supply"),
        value.get("headers"),
        value["sha256"],
        mappings if isinstance(mappings, dict) else {},
    )


def unreadable(why: str) -> Problem:
    """Say why a ticket cannot be used at all."""
    return Problem(
        "ticket-unreadable",
        f"the ticket cannot be read: {why}",
        fix="hand back the ticket as it was given, unchanged",
    )


def foreign(why: str) -> Problem:
    """Say that a ticket belongs to another order."""
    return Problem("ticket-foreign", f"the ticket is not this order's: {why}", fix="hand over the ticket of this order")


def lost(why: str) -> Problem:
    """Say that an order came back without its ticket."""
    return Problem("ticket-lost", f"the order has no ticket: {why}", fix="hand over the ticket that was given with it")


def stale() -> Problem:
    """Say that what the ticket promises can no longer be made again."""
    return Problem(
        "ticket-stale",
        "the order in the ticket does not give the document that it was made for: it was changed, or a mapping was",
        fix="use the version of the mappings that the ticket was made with, or translate without it",
    )


# In the document itself


def seal(ticket: Mapping[str, Any], key: str | bytes) -> str:
    """Compress and encrypt a ticket: the receiver must not get to read what it was not sent.

    Raises:
        UsageError: the key is no Fernet key.

    """
    packed = zlib.compress(jsontext.write(dict(ticket)), 9)
    return str(_fernet(key).encrypt(packed).decode("ascii"))


def unseal(text: Any, key: str | bytes) -> Any:
    """Open what `seal` made: the ticket's JSON value, or the problem that keeps it shut.

    Raises:
        UsageError: the key is no Fernet key.

    """
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - only sealed tickets need it

    fernet = _fernet(key)
    if not isinstance(text, str) or len(text) > MOST_BYTES:
        return unreadable("the slot does not hold a sealed ticket")
    try:
        packed = fernet.decrypt(text.encode("ascii", "replace"))
    except InvalidToken:
        return unreadable("it was not sealed with this key, or was changed on its way")
    data = _unpacked(packed)
    if data is None:
        return unreadable("it is larger than a ticket can be")
    value, problems = jsontext.read(data)
    return unreadable(problems[0].message) if problems else value


def _unpacked(packed: bytes) -> bytes | None:
    """Decompress within bounds."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, MOST_BYTES)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail or not unpacker.eof else data


def _fernet(key: str | bytes) -> Any:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - only sealed tickets need it

    try:
        return Fernet(key)
    except (ValueError, TypeError) as error:
        msg = "a ticket key is a Fernet key: 32 bytes in URL-safe base64"
        raise UsageError(msg) from error


def put_in_slot(document: Any, slot: Slot, text: str) -> str | None:
    """Write a sealed ticket into its slot; give the reason if it does not fit."""
    if len(text) > slot.max:
        return f"the ticket has {len(text):,} characters, and the slot takes {slot.max:,}"
    value = {"ticket": text} if slot.holds == "object" else text
    place, _ = write(document, slot.at, value)
    return None if place else "something else stands where the ticket would travel"


def take_from_slot(document: Any, slot: Slot) -> tuple[Any, Any]:
    """Take a sealed ticket out: the document without its slot (a copy along the way), and what stood there."""
    held, _ = read(document, slot.at)
    if held is ABSENT:
        return document, None
    text = held.get("ticket") if isinstance(held, dict) else held
    return _removed(document, slot.at), text


def _removed(value: Any, path: Path) -> Any:
    """Copy a document along a path without what stands there; objects that hold nothing else stay, empty."""
    copy = value.copy()
    first = path[0]
    if len(path) == 1:
        del copy[first]
    else:
        copy[first] = _removed(copy[first], path[1:])
    return copy
