"""What a codec is: a pair of total functions between a partner's spelling of one value and the hub's.

`up` reads a partner's value, `down` writes the hub's. Neither ever raises: what has no meaning on the
other side comes back as a `Refused` that says why. A codec says of itself what it does to a value
(`kind`), and brings samples by which its laws are tested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["exact", "normalised", "widened", "narrowed"]
"""What lowering and lifting do to a value: nothing; another spelling of the same; more room here; less room here."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer of a codec that has none: why the value means nothing on the other side."""

    why: str


Way = Callable[[Any, Any], Any]
"""A value and the currency in force (None where it is unknown, or the codec does not ask) -> a value, or `Refused`."""

JsonType = Literal["string", "integer", "number", "boolean", "object", "array", "any"]
HubType = Literal["text", "decimal", "integer", "flag", "texts", "integers", "tree"]
"""What the hub holds: a text, a decimal number written as text, an integer, a boolean, a list of texts or of
integers, or any JSON."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A named pair of total functions.

    `takes` are the JSON types that `up` reads, the one that `down` writes first; `hub` is what it makes of
    them. `numeric` means that two hub values are the same when they are the same number. `samples` are
    partner values with the hub values that they mean and that lead back to them; `lossy` says of hub values
    why writing them changes their meaning.
    """

    name: str
    up: Way
    down: Way
    kind: Kind
    takes: tuple[JsonType, ...]
    hub: HubType
    samples: tuple[tuple[Any, Any], ...] = ()
    refuses_up: tuple[Any, ...] = ()
    refuses_down: tuple[Any, ...] = ()
    numeric: bool = False
    currency: bool = False
    lossy: Mapping[Any, str] = field(default_factory=dict)

    def same(self, one: Any, other: Any) -> bool:
        """Tell whether two hub values are one and the same."""
        if self.numeric and isinstance(one, str) and isinstance(other, str):
            return bool(_number(one) == _number(other))
        return is_same(one, other)


def is_same(one: Any, other: Any) -> bool:
    """Compare JSON values: true is not 1, 1 is 1.0, and members have no order."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def _number(text: str) -> Any:
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - only two numbers that are compared need it

    try:
        return Decimal(text)
    except InvalidOperation:
        return text


BLANK: Final[tuple[None, str]] = (None, "")
"""What counts as absent wherever a mapping says `blank: absent`."""
