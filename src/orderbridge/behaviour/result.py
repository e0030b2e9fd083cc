"""The hub's result of an order, flat: what was answered, and the order itself below `order.`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from orderbridge.mapping.document import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

Result: TypeAlias = dict[str, Any]

HEAD: Final = "order."
_MOST_NAMES: Final = 4096
_Name = TypeVar("_Name", str, str | None)


class _Below(dict[str, str]):
    """The names of the order's leaves in the flat result; every order has the same few hundred."""

    def __missing__(self, leaf: str) -> str:
        return _remembered(self, leaf, f"{HEAD}{leaf}")


class _Inner(dict[str, str | None]):
    """The names of leaves of the flat result at the hub; None where they are none of the order's."""

    def __missing__(self, leaf: str) -> str | None:
        return _remembered(self, leaf, leaf.removeprefix(HEAD) if leaf.startswith(HEAD) else None)


def _remembered(names: dict[str, _Name], leaf: str, name: _Name) -> _Name:
    if len(names) >= _MOST_NAMES:
        names.clear()
    names[leaf] = name
    return name


_BELOW: Final = _Below()
_INNER: Final = _Inner()


below_head: Final = _BELOW.__getitem__
"""Names a leaf of the order in the flat result."""


def divided(result: Result) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a flat result into what the order means at the hub, and what the server decided about it."""
    hub: dict[str, Any] = {}
    decided: dict[str, Any] = {}
    inner_names = _INNER
    for leaf, value in result.items():
        inner = inner_names[leaf]
        if inner is None:
            decided[leaf] = value
        else:
            hub[inner] = value
    return hub, decided


def hub_value(result: Mapping[str, Any], leaf: str) -> Any:
    """Read a leaf of a flat hub document, or of a row of one of its lists by its position."""
    if leaf in result:
        return result[leaf]
    for name, rows in result.items():
        if isinstance(rows, list) and leaf.startswith(f"{name}."):
            position, _, inner = leaf[len(name) + 1 :].partition(".")
            row = rows[int(position)] if position.isdigit() and int(position) < len(rows) else {}
            return row.get(inner, ABSENT) if isinstance(row, dict) else ABSENT
    return ABSENT
