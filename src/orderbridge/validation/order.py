"""The order of places in a document, from the value alone: members stand as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from orderbridge.contract.branches import Path

_MANY: Final = 32
"""Members from which on an index of them is worth its making."""


class DocumentOrder:
    """Sort keys for paths into one value; a container comes before what is in it."""

    def __init__(self, value: Any) -> None:
        """Take the value that the paths lead into."""
        self._value = value
        self._indexes: dict[int, dict[str, int]] = {}

    def of(self, path: Path) -> tuple[int, ...]:
        """Give the position of each step among its siblings."""
        here = self._value
        places: list[int] = []
        for token in path:
            places.append(token if isinstance(token, int) else self._position(here, token))
            here = here[token]
        return tuple(places)

    def _position(self, members: dict[str, Any], name: Any) -> int:
        if len(members) < _MANY:
            return list(members).index(name)
        index = self._indexes.get(id(members))
        if index is None:
            index = self._indexes[id(members)] = {member: place for place, member in enumerate(members)}
        return index[name]
