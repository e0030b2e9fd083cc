"""The closed set of operations that a mapping is made of, as frozen data.

A mapping file is read into these once. Each meaning of them (lift, lower, compiled code, lint, the matrix, the
schema of what must be supplied) is a total function over this set, in a module of its own.

Partner paths and hub paths are relative to the scope that an operation stands in: the whole document and the whole
order, or one element of a partner's list and one row of the hub's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.hub import Scope

Message = Literal["request", "response", "error", "headers"]
Reason = Literal["server-side", "duplicate", "no concept elsewhere", "unknown members"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an operation was written; shown as the rule in reports. `pointer` leads into the mapping file."""

    file: str
    line: int
    column: int = 1
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Select:
    """A step into the element of a list whose `member` has a value: `attributes.name=orderId`."""

    member: str
    value: str


Token: TypeAlias = str | int | Select
"""A member, a fixed position in a list, or the element with a certain value."""
Path: TypeAlias = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class HubPath:
    """A leaf of the hub document, dotted, seen from a scope.

    `up` counts the scopes to climb first (`^`). With `first`, the leaf is in the first row of that list
    (`shipments.0.to.city` is `to.city` of `shipments`).
    """

    leaf: str
    up: int = 0
    first: str | None = None

    def __str__(self) -> str:
        path = self.leaf if self.first is None else f"{self.first}.0.{self.leaf}"
        return "^" * self.up + path


@dataclass(frozen=True, slots=True)
class Guard:
    """A constant test on a sibling, given in the partner's terms: the line speaks only where it holds.

    `aka` are the sibling's other spellings, looked at where the first is absent.
    """

    at: Path
    value: Any
    aka: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A value in the partner's terms and the contract's type."""

    value: Any


@dataclass(frozen=True, slots=True)
class Text:
    """A text with hub paths in it; nothing when one of them is absent."""

    parts: tuple[str | HubPath, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """Whether two subtrees of the partner's document written so far are equal."""

    of: tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Position:
    """The position of the row in its list, from 1."""


@dataclass(frozen=True, slots=True)
class Join:
    """The hub leaves that are present, with one space between."""

    of: tuple[HubPath, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A UUID made from the order's identity, the list and the row: the same each time."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a hub list has."""

    of: str


@dataclass(frozen=True, slots=True)
class RegionCode:
    """The ISO 3166-2 code of a region within a country, when it is certain."""

    region: HubPath
    country: HubPath


Derivation: TypeAlias = Text | Same | Position | Join | Key | Count | RegionCode
Fill: TypeAlias = Constant | Derivation


@dataclass(frozen=True, slots=True)
class Leaf:
    """`to`: one value here is one hub leaf.

    `aka` are other spellings of the path, read where the first is absent; `also` are twins that carry the same
    value. `otherwise` are fallbacks when lowering, in order. `currency` is the partner's path beside it that
    names the currency of an amount.
    """

    at: Path
    to: HubPath
    codec: Codec
    origin: Origin
    aka: tuple[Path, ...] = ()
    also: tuple[Path, ...] = ()
    when: Guard | None = None
    otherwise: tuple[HubPath, ...] = ()
    fill: Fill | None = None
    need: str | None = None
    currency: Path | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Several places that hold one hub list of texts between them: `address1: street.0`, `address2: street.1`."""

    at: tuple[Path, ...]
    to: HubPath
    origin: Origin
    otherwise: tuple[HubPath, ...] = ()
    fill: Fill | None = None
    need: str | None = None
    when: Guard | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The twin of `else` for lifting: where the object is absent, read it elsewhere if a constant test holds."""

    at: Path
    when: Guard


@dataclass(frozen=True, slots=True)
class Group:
    """`use`: a shape's lines under one hub prefix.

    Each fallback stands for all of them or none: never the street of one address with the city of another.
    The lines' own paths are complete, from the scope; only their hub leaves have the prefix that `otherwise` replaces.
    """

    lines: tuple[Leaf | Parts | Leave, ...]
    at: Path
    prefix: HubPath
    origin: Origin
    otherwise: tuple[HubPath, ...] = ()
    otherwise_from: Source | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """`each`: one hub row per element.

    With `nest`, children under that member are flattened in pre-order, each with its `parent`'s handle. `where`
    are hub leaves that every row of this list has. `key` aligns rows of two versions. With `owner`, the list
    stands inside another list's element, and that hub leaf of its rows holds the handle of the row around.
    `bare`: an object is a list of one. `make`: when lowering, a list without rows gets one. `components`: how a list
    that cannot nest takes rows that have a parent. `is_whole`: a row is written even where nothing of it can be said,
    since the contract wants something of every element: what is missing is named then, and the row is not lost.
    """

    at: Path
    to: str
    body: tuple[Operation, ...]
    origin: Origin
    aka: tuple[Path, ...] = ()
    nest: str | None = None
    where: tuple[tuple[str, Any], ...] = ()
    key: Path | None = None
    make: bool = False
    bare: bool = False
    owner: str | None = None
    components: Literal["lines", "refuse"] = "lines"
    need: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """`ref`: a value here names a row of another of the partner's lists by that list's key."""

    at: Path
    to: str
    rows: str
    key: Path
    origin: Origin
    need: str | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """`members`: elements here name rows of a hub list that belong to the row around them (lines of a shipping group).

    `match` are the ways to find the row, each a set of leaves that must all agree; `quantity` must be that of the
    whole row, or the row is split. `left` are the other leaves of the elements.
    """

    at: Path
    rows: str
    leaf: str
    match: tuple[tuple[Leaf, ...], ...]
    origin: Origin
    quantity: Leaf | None = None
    left: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """An object whose members are free: each is one member of the hub's attributes, whatever it holds.

    `declared` are the names that are not free; `holds` the JSON types that the contract allows, all where empty.
    """

    at: Path
    to: HubPath
    declared: frozenset[str]
    holds: frozenset[str]
    origin: Origin
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """`rest`: the members of an object that no other operation and no declaration of the contract names."""

    at: Path
    to: HubPath
    declared: frozenset[str]
    holds: frozenset[str]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Leave:
    """`leave`: not mapped, on purpose; with `fill`, what the partner wants there is written all the same."""

    at: Path
    reason: Reason
    origin: Origin
    fill: Fill | None = None
    need: str | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """`either`: alternative sets of lines for a list; the last one present is read, the first that fits is written."""

    to: str
    sets: tuple[tuple[Operation, ...], ...]
    origin: Origin


Operation: TypeAlias = Leaf | Parts | Group | Each | Reference | Members | Tree | Rest | Leave | Either


@dataclass(frozen=True, slots=True)
class Section:
    """All operations of one kind of message, with the constants that hold for it, and the hub's side of it.

    `context` are hub leaves that the partner never states; an order whose hub leaves differ from `only` is none of his;
    `currency` is the hub leaf that names the currency, which the message may state itself (`states_currency`).
    """

    message: Message
    operations: tuple[Operation, ...]
    context: tuple[tuple[str, Any], ...] = ()
    only: tuple[tuple[str, Any], ...] = ()
    currency: str = "currency"
    identity: tuple[Path, ...] = ()
    states_currency: bool = False
    scope: Scope | None = None

    @property
    def currency_codecs(self) -> tuple[Codec, ...]:
        """What the message writes the order's currency by; nothing where it does not, or a condition decides on it."""
        lines = [each for each in self.operations if isinstance(each, Leaf) and each.to == HubPath(self.currency)]
        return () if any(each.when is not None for each in lines) else tuple(each.codec for each in lines)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a ticket can travel inside the partner's own document."""

    at: Path
    holds: Literal["text", "object", "pairs"]
    max: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """One partner's mapping, all references resolved."""

    partner: str
    version: str
    file: str
    sha256: str
    sections: dict[Message, Section]
    slot: Slot | None = None
    statuses: tuple[tuple[str, int], ...] = ()
