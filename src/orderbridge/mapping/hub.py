"""The hub's documents as a table of leaves, read from its contract: what a mapping's hub paths may name.

A hub document in memory is flat: dotted leaf -> value, and list -> rows that are flat themselves. Translating
needs no tree, and a flat one is read and written in a fraction of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract.members import Spot, spot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.codec.codec import HubType
    from orderbridge.contract.contract import Contract
    from orderbridge.mapping.operations import Message

ROW: Final = "row"
SCHEMAS: Final[dict[Message, str]] = {
    "request": "Order",
    "headers": "Order",
    "response": "Result",
    "error": "Problem",
}
_DECIMAL: Final = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_MONEY: Final = ("amount", "currency")
_SCALARS: Final[dict[str, HubType]] = {"boolean": "flag", "integer": "integer"}
_ELEMENTS: Final[dict[str, HubType]] = {"string": "texts", "integer": "integers"}


@dataclass(frozen=True, slots=True)
class HubLeaf:
    """One leaf: what it holds; whether a free text may stand there; the leaves that it follows."""

    type: HubType
    free: bool = False
    enum: tuple[str, ...] | None = None
    follows: tuple[str, ...] = ()
    money: bool = False


@dataclass(frozen=True)
class Scope:
    """The leaves of a hub document or of a row, and its lists of rows.

    `money` are the paths that name an amount; its leaf is the path and `.amount`.
    """

    leaves: Mapping[str, HubLeaf]
    lists: Mapping[str, Scope]
    money: frozenset[str] = field(default_factory=frozenset)


def hub_scope(contract: Contract, message: Message) -> Scope:
    """Give the leaves of the hub document that a kind of message is lifted to."""
    return _named(contract, SCHEMAS[message])


_MADE: Final[dict[tuple[int, str], tuple[Contract, Scope]]] = {}
"""By the contract itself, which is held so that its identity stays its own."""


def _named(contract: Contract, schema: str) -> Scope:
    key = (id(contract), schema)
    if key not in _MADE:
        _MADE[key] = (contract, _scope(spot(contract, f"/components/schemas/{schema}")))
    return _MADE[key][1]


def _scope(root: Spot) -> Scope:
    leaves: dict[str, HubLeaf] = {}
    lists: dict[str, Scope] = {}
    money: set[str] = set()
    _collect(root, "", leaves, lists, money)
    return Scope(leaves, lists, frozenset(money))


def _collect(at: Spot, prefix: str, leaves: dict[str, HubLeaf], lists: dict[str, Scope], money: set[str]) -> None:
    for name, member in at.members.items():
        path = f"{prefix}{name}"
        if name == ROW:
            continue
        elements = member.elements
        if elements.exists and elements.members:
            lists[path] = _scope(elements)
        elif member.members:
            if tuple(member.members) == _MONEY:
                money.add(path)
            _collect(member, f"{path}.", leaves, lists, money)
        else:
            leaves[path] = _leaf(member, elements, is_money=prefix[:-1] in money)


def _leaf(at: Spot, elements: Spot, *, is_money: bool) -> HubLeaf:
    parts = list(at.parts)
    follows = next((tuple(part["x-follows"]) for part in parts if "x-follows" in part), ())
    if elements.exists:
        return HubLeaf(_ELEMENTS[next(iter(elements.types))])
    kind = next(iter(at.types), "string")
    if kind == "object":
        return HubLeaf("tree")
    if kind in _SCALARS:
        return HubLeaf(_SCALARS[kind])
    pattern = next((part["pattern"] for part in parts if "pattern" in part), None)
    if pattern == _DECIMAL:
        return HubLeaf("decimal", money=is_money)
    closed = pattern is not None or at.enum is not None or any("format" in part for part in parts)
    return HubLeaf("text", free=not closed, enum=at.enum, follows=follows)


def nested(flat: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Write a flat hub document as the JSON of its contract."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        rows = scope.lists.get(path)
        inner = [nested(row, rows) for row in value] if rows is not None else value
        _put(whole, path.split("."), inner)
    return whole


def _put(whole: dict[str, Any], steps: list[str], value: Any) -> None:
    *way, last = steps
    for step in way:
        whole = whole.setdefault(step, {})
    whole[last] = value


def flat(whole: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Read the JSON of a hub document as a flat one."""
    found: dict[str, Any] = {}
    for path in (*scope.leaves, *scope.lists, ROW):
        value = _get(whole, path.split("."))
        if value is None:
            continue
        rows = scope.lists.get(path)
        found[path] = [flat(row, rows) for row in value] if rows is not None else value
    return found


def _get(whole: Any, steps: list[str]) -> Any:
    for step in steps:
        if not isinstance(whole, dict) or step not in whole:
            return None
        whole = whole[step]
    return whole
