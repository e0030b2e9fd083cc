"""Ids that look like a partner's: a form is a text with parts that are made anew each time.

`{hex:24}` are digits of base sixteen, `{digits:5}` decimal ones, `{letters:14}` letters and digits, `{word:8}` those
with `-` and `_`; `{uuid}` a random UUID, `{time}` the seconds since 1970 in eight hexadecimal digits,
`{snowflake:2025-01-01}` a number of milliseconds since that day and chance, `{number:23456}` counts from there.
"""

from __future__ import annotations

import re
import secrets
import string
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

_PART: Final = re.compile(r"\{([a-z]+)(?::([0-9-]+))?\}")
_LETTERS: Final = string.ascii_letters + string.digits
_CHANCE: Final = 22
"""Bits of a snowflake that are not time."""
_LONGEST: Final = 64

Number: TypeAlias = "Callable[[str, int], int]"
"""Counts: given what is counted and the first number, the next one."""


class FormError(ValueError):
    """A form that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is made: its kind, and how long it is or where it begins."""

    kind: str
    argument: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an id."""

    text: str
    parts: tuple[str | Part, ...]

    @property
    def counts(self) -> bool:
        """Whether a number of it has to be kept, so that the next one differs."""
        return any(isinstance(part, Part) and part.kind == "number" for part in self.parts)

    def make(self, number: Number) -> str:
        """Make a new id."""
        return "".join(part if isinstance(part, str) else self._made(part, number) for part in self.parts)

    def _made(self, part: Part, number: Number) -> str:
        """Make one part; forms count apart."""
        if part.kind == "number":
            return str(number(self.text, part.argument))
        return _MAKERS[part.kind](part.argument)


def read_form(text: str) -> Form:
    """Read a form.

    Raises:
        FormError: it has no part that is made, an unknown one, or one without its length.

    """
    pieces: list[str | Part] = []
    at = 0
    for match in _PART.finditer(text):
        pieces.extend(_literal(text[at : match.start()]))
        pieces.append(_part(match[1], match[2]))
        at = match.end()
    pieces.extend(_literal(text[at:]))
    if not any(isinstance(piece, Part) for piece in pieces):
        reason = f"{text!r} makes the same id each time: it needs a part such as {{uuid}} or {{hex:24}}"
        raise FormError(reason)
    return Form(text, tuple(pieces))


def _literal(text: str) -> list[str]:
    if "{" in text or "}" in text:
        reason = f"{text!r} is no part of an id: there is {', '.join(sorted(_KINDS))}"
        raise FormError(reason)
    return [text] if text else []


def _part(kind: str, argument: str | None) -> Part:
    if kind not in _KINDS:
        reason = f"there is no part {kind!r} of an id: there is {', '.join(sorted(_KINDS))}"
        raise FormError(reason)
    if (argument is None) != (kind in _BARE):
        reason = f"{{{kind}}} has {'no' if kind in _BARE else 'a'} number behind a colon"
        raise FormError(reason)
    return Part(kind, _read_argument(kind, argument)) if argument is not None else Part(kind)


def _read_argument(kind: str, argument: str) -> int:
    if kind == "snowflake":
        try:
            return int(datetime.fromisoformat(argument).replace(tzinfo=UTC).timestamp() * 1000)
        except ValueError as error:
            reason = f"{argument!r} is not a day"
            raise FormError(reason) from error
    if not argument.isdigit() or (kind != "number" and not 0 < int(argument) <= _LONGEST):
        reason = f"{argument!r} is not a number of characters up to {_LONGEST}"
        raise FormError(reason)
    return int(argument)


def _chosen(alphabet: str) -> Callable[[int], str]:
    return lambda length: "".join(secrets.choice(alphabet) for _ in range(length))


def _snowflake(epoch: int) -> str:
    return str(((time.time_ns() // 1_000_000 - epoch) << _CHANCE) | secrets.randbits(_CHANCE))


_MAKERS: Final[dict[str, Callable[[int], str]]] = {
    "digits": _chosen(string.digits),
    "hex": lambda length: secrets.token_hex((length + 1) // 2)[:length],
    "letters": _chosen(_LETTERS),
    "snowflake": _snowflake,
    "time": lambda _length: f"{int(time.time()):08x}",
    "uuid": lambda _length: str(uuid.uuid4()),
    "word": _chosen(f"{_LETTERS}-_"),
}
_KINDS: Final = frozenset({*_MAKERS, "number"})
_BARE: Final = frozenset({"time", "uuid"})
