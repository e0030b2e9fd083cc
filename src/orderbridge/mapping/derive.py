"""Derivations: what is written where the hub has nothing, worked out from what there is.

Nothing here knows a clock or a random number: the same order gives the same values each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from orderbridge.codec.codec import is_same
from orderbridge.codec.regions import region_code
from orderbridge.mapping.document import ABSENT, read
from orderbridge.mapping.operations import Count, HubPath, Join, Key, Leaf, Position, RegionCode, Same, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.mapping.operations import Section
    from orderbridge.mapping.trace import Address

    Look = Callable[[HubPath], tuple[Address, Any]]

_SPACE: Final = UUID("6f1b5d5e-6a57-5f0c-9d7e-0d8a5c0b7a11")
"""The namespace of all keys that are made."""
_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
NAMES: Final = ("number", "id", "cart_id")
"""The hub's leaves that name an order, the best first: a key that stays the same when something else changes."""
Answer = tuple[Any, list["Address"]]
_NOTHING: Final[tuple[None, list[Any]]] = (None, [])


@dataclass(frozen=True, slots=True)
class Site:
    """Where a derivation is asked for; `order` names the order among others."""

    hub: dict[str, Any]
    order: Callable[[], str]
    rows: str
    row: dict[str, Any]
    position: int
    whole: dict[str, Any]


def are_same(whole: dict[str, Any], fill: Same) -> bool | None:
    """Tell whether two subtrees are equal; None where one of them is not there."""
    one, other = (read(whole, path)[0] for path in fill.of)
    if one is ABSENT or other is ABSENT:
        return None
    if isinstance(one, dict) and isinstance(other, dict):
        # What only one of the two objects can hold, such as the answer itself, says nothing about the other.
        shared = one.keys() & other.keys()
        return bool(shared) and all(is_same(one[name], other[name]) for name in shared)
    return is_same(one, other)


def key_of_row(order: str, rows: str, row: str) -> str:
    """Make the key of a row of a list of an order, which is named as `identity` does."""
    name = f"{order} {rows} {row}".encode(errors="surrogatepass")
    text = sha1(_SPACE.bytes + name, usedforsecurity=False).hexdigest()
    # What uuid5 gives, in a third of the time.
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{_VARIANTS[text[16]]}{text[17:20]}-{text[20:32]}"


@singledispatch
def derived(fill: Any, site: Site, look: Look) -> Answer:
    """Work out a value and the hub leaves that it was made of; None where it cannot be certain."""
    raise TypeError(fill)


@derived.register(Text)
def _(fill: Text, site: Site, look: Look) -> Answer:
    found = [look(part) for part in fill.parts if isinstance(part, HubPath)]
    if any(value is None for _, value in found):
        return _NOTHING
    values = iter(found)
    text = "".join(str(next(values)[1]) if isinstance(part, HubPath) else part for part in fill.parts)
    return text, [address for address, _ in found]


@derived.register(Same)
def _(fill: Same, site: Site, look: Look) -> Answer:
    value = are_same(site.whole, fill)
    return _NOTHING if value is None else (value, [])


@derived.register(Position)
def _(fill: Position, site: Site, look: Look) -> Answer:
    return site.position + 1, []


@derived.register(Join)
def _(fill: Join, site: Site, look: Look) -> Answer:
    found = [(address, value) for address, value in map(look, fill.of) if value is not None]
    return (" ".join(str(value) for _, value in found), [address for address, _ in found]) if found else _NOTHING


@derived.register(Key)
def _(fill: Key, site: Site, look: Look) -> Answer:
    return key_of_row(site.order(), site.rows, site.row.get("row", "")), []


@derived.register(Count)
def _(fill: Count, site: Site, look: Look) -> Answer:
    return len(site.hub.get(fill.of, ())), []


@derived.register(RegionCode)
def _(fill: RegionCode, site: Site, look: Look) -> Answer:
    (region_at, region), (country_at, country) = look(fill.region), look(fill.country)
    if region is None or country is None:
        return _NOTHING
    code = region_code(region, country)
    return (code, [region_at, country_at]) if code is not None else _NOTHING


def identifying(section: Section) -> list[str]:
    """Give the hub's leaves by which a partner tells orders apart."""
    paths = set(section.identity)
    return [each.to.leaf for each in section.operations if isinstance(each, Leaf) and each.at in paths]


def identity(hub: dict[str, Any], section: Section) -> str:
    """Name an order among others: as the target does, else as the hub does, else by all that it holds."""
    values = [str(hub[leaf]) for leaf in identifying(section) if leaf in hub]
    values = values or [str(hub[leaf]) for leaf in NAMES if leaf in hub][:1]
    return "\n".join(values) if values else sha256(repr(_sorted(hub)).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return [(name, _sorted(value[name])) for name in sorted(value)]
    return [_sorted(element) for element in value] if isinstance(value, list) else str(value)
