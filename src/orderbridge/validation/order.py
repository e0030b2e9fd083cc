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
        self._indexes: dict[int, dict[Any, int]] = {}

    def of(self, path: Path) -> tuple[int, ...]:
        """Give the position of each step among its siblings."""
        here = self._value
        places: list[int] = []
        for token in path:
            # Without an index: most objects are small, and a call costs as much as looking through one.
            if type(token) is int:
                places.append(token)
            elif len(here) < _MANY:
                places.append([*here].index(token))
            else:
                places.append(self._index(here)[token])
            here = here[token]
        return tuple(places)

    def _index(self, members: dict[str, Any]) -> dict[Any, int]:
        index = self._indexes.get(id(members))
        if index is None:
            index = self._indexes[id(members)] = {member: place for place, member in enumerate(members)}
        return index
