"""The elements of a document's lists while rows come and go.

Every change moves the others, so an element is known by where it stood when nothing had moved yet, and a row by its
handle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderbridge.mapping.document import ABSENT, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.trace import RowRead

Row = tuple[str, str]
"""A hub list and a row's handle."""


@dataclass(eq=False, slots=True)
class Slot:
    """One element: the list that it is in, where it stood (None: it is new), and the row that it is, if it is one."""

    holder: list[Any]
    origin: Place | None
    row: Row | None = None


class Elements:
    """Knows every element of every list of one document, which it changes."""

    def __init__(self, document: Any, rows: Mapping[Row, RowRead]) -> None:
        """Take the document as it stands, and where its rows were read."""
        self.document = document
        self.read_at = {row: where.place for row, where in rows.items()}
        self.by_row: dict[Row, Slot] = {}
        self.by_origin: dict[Place, Slot] = {}
        self._slots: dict[int, list[Slot]] = {}
        self._lists: list[list[Any]] = []
        named = {place: row for row, place in self.read_at.items()}
        for holder, place in _lists(document, ()):
            self._track(holder, [(*place, index) for index in range(len(holder))], named)

    def _track(self, holder: list[Any], origins: Sequence[Place], named: Mapping[Place, Row]) -> None:
        slots = [Slot(holder, origin, named.get(origin)) for origin in origins]
        self._slots[id(holder)] = slots
        # A list that is kept cannot lose its identity to another.
        self._lists.append(holder)
        for slot in slots:
            if slot.origin is not None:
                self.by_origin[slot.origin] = slot
            if slot.row is not None:
                self.by_row[slot.row] = slot

    # Asking

    def value(self, row: Row) -> Any:
        """Give a row's element; `ABSENT` where there is no such row."""
        slot = self.by_row.get(row)
        if slot is not None:
            return slot.holder[self.index(slot)] if self.stands(slot) else ABSENT
        return read(self.document, self.read_at[row])[0] if row in self.read_at else ABSENT

    def slots(self, holder: list[Any]) -> list[Slot]:
        """Give the elements of a list in their order; none of a list that is new."""
        return self._slots.get(id(holder), [])

    def index(self, slot: Slot) -> int:
        """Say where in its list an element stands."""
        return self._slots[id(slot.holder)].index(slot)

    def stands(self, slot: Slot) -> bool:
        """Tell whether an element is still in its list."""
        return slot in self._slots[id(slot.holder)]

    def row_lists(self) -> list[list[Any]]:
        """Give the lists that hold rows."""
        return [holder for holder in self._lists if any(slot.row is not None for slot in self.slots(holder))]

    # Changing: each gives what takes it back

    def remove(self, slot: Slot) -> Callable[[], None]:
        """Take an element out of its list."""
        index = self.index(slot)
        value = slot.holder.pop(index)
        self.slots(slot.holder).pop(index)

        def undo() -> None:
            slot.holder.insert(index, value)
            self.slots(slot.holder).insert(index, slot)

        return undo

    def insert(self, holder: list[Any], index: int, row: Row, value: Any) -> Callable[[], None]:
        """Put a new row into a list."""
        if id(holder) not in self._slots:
            self._track(holder, (), {})
        slot = Slot(holder, None, row)
        holder.insert(index, value)
        self.slots(holder).insert(index, slot)
        self.by_row[row] = slot

        def undo() -> None:
            self.remove(slot)
            del self.by_row[row]

        return undo

    def arrange(self, holder: list[Any], order: Sequence[Slot]) -> Callable[[], None]:
        """Let some elements of a list change places among themselves."""
        positions = sorted(self.index(slot) for slot in order)
        before, slots_before = [*holder], [*self.slots(holder)]
        values = [holder[self.index(slot)] for slot in order]
        for position, slot, value in zip(positions, order, values, strict=True):
            holder[position] = value
            self.slots(holder)[position] = slot

        def undo() -> None:
            holder[:] = before
            self.slots(holder)[:] = slots_before

        return undo

    # Places

    def places(self) -> dict[Slot, Place]:
        """Say where every element stands now."""
        found: dict[Slot, Place] = {}
        for holder, place in _lists(self.document, ()):
            for index, slot in enumerate(self._slots.get(id(holder), ())):
                found[slot] = (*place, index)
        return found

    def rows_now(self) -> dict[Place, Row]:
        """Say which row stands where; rows that are gone are left out."""
        places = self.places()
        found = {place: slot.row for slot, place in places.items() if slot.row is not None}
        for row, origin in self.read_at.items():
            if row not in self.by_row:
                place = self.now(origin, places)
                if place is not None:
                    found[place] = row
        return found

    def now(self, origin: Place, places: Mapping[Slot, Place]) -> Place | None:
        """Say where what stood somewhere is now; None if it went with its element."""
        for length in range(len(origin), 0, -1):
            slot = self.by_origin.get(origin[:length])
            if slot is not None:
                place = places.get(slot)
                return None if place is None else (*place, *origin[length:])
        return origin

    def origin(self, place: Place) -> Place | None:
        """Say where what stands somewhere was before; None if it is in a new row."""
        here: Any = self.document
        known: Place = ()
        for token in place:
            slots = self._slots.get(id(here)) if isinstance(here, list) else None
            if slots is None:
                known = (*known, token)
            else:
                was = slots[int(token)].origin
                if was is None:
                    return None
                known = was
            here = here[token]
        return known


def _lists(value: Any, place: Place) -> Iterator[tuple[list[Any], Place]]:
    if isinstance(value, list):
        yield value, place
        for index, element in enumerate(value):
            yield from _lists(element, (*place, index))
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _lists(member, (*place, name))
