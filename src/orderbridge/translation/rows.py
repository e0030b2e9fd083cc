"""Whole rows on the way back: removed, added and reordered in the sender's own document.

Elements are known by what they are, not by where they stand, since every change moves the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, leaves, read, write
from orderbridge.mapping.lowering import lower_row
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each, Either
from orderbridge.translation.editing import LISTS
from orderbridge.translation.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Operation
    from orderbridge.translation.returning import Returned, Versions

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a new row would stand: the list (made when it is needed), the line that writes it."""

    line: Each
    holder: Any
    path: Any


class RowEditor:
    """Changes the rows of one document."""

    def __init__(self, versions: Versions, returned: Returned, handles: dict[Row, str]) -> None:
        """Take the versions, the document to change, and the sender's row of each row that came."""
        self.versions = versions
        self.returned = returned
        self.handles = dict(handles)
        document = returned.document
        self.elements: dict[Row, Any] = {}
        self.lists: dict[Row, list[Any]] = {}
        self.origins: dict[int, list[Place | None]] = {}
        self.containers: list[list[Any]] = []
        for row, where in versions.lifted.rows.items():
            self.elements[row] = read(document, where.place)[0]
            holder = read(document, where.place[:-1])[0]
            if isinstance(holder, list):
                self.lists[row] = holder
                self._track(holder, where.place[:-1])

    def _track(self, holder: list[Any], place: Place) -> None:
        """Remember where each element of a list stood."""
        if id(holder) not in self.origins:
            self.origins[id(holder)] = [(*place, index) for index in range(len(holder))]
            self.containers.append(holder)

    def run(self, inserted: dict[Row, list[Place]], removed: list[Row]) -> None:
        """Remove, add, then reorder."""
        for row in removed:
            self._remove(row)
        self._insert_all(inserted)
        for holder in self.containers:
            self._reorder(holder)

    def origin(self, place: Place) -> Place | None:
        """Say where a leaf of the changed document stood before; None if it is new."""
        here: Any = self.returned.document
        known: Place = ()
        for token in place:
            origins = self.origins.get(id(here)) if isinstance(here, list) else None
            if origins is None:
                known = (*known, token)
            else:
                was = origins[int(token)]
                if was is None:
                    return None
                known = was
            here = here[token]
        return known

    # Removing

    def _remove(self, row: Row) -> None:
        holder = self.lists.get(row)
        if holder is None:
            self._refuse_removal(row, Verdict("not-returnable", "no-container"))
            return
        index = self._index(row)
        if index is None:
            return
        element = holder.pop(index)
        origin = self.origins[id(holder)].pop(index)
        if not self.versions.is_acceptable(self.returned.document):
            holder.insert(index, element)
            self.origins[id(holder)].insert(index, origin)
            why = "the sender's contract does not take it"
            self._refuse_removal(row, Verdict("not-returnable", "refused", why))

    def _index(self, row: Row) -> int | None:
        """Find an element in its list; None when it went with the one around it."""
        place = self.versions.lifted.rows[row].place
        origins = self.origins[id(self.lists[row])]
        return origins.index(place) if place in origins else None

    def _refuse_removal(self, row: Row, verdict: Verdict) -> None:
        places = [place for place, sent in self.versions.lowered.rows.items() if sent == row]
        for leaf in list(self.returned.removed):
            if any(leaf[: len(place)] == place for place in places):
                self.returned.removed[leaf] = verdict

    # Adding

    def _insert_all(self, inserted: dict[Row, list[Place]]) -> None:
        for name, rows in self.versions.after.hub.items():
            if not (isinstance(rows, list) and rows and isinstance(rows[0], dict)):
                continue
            for position, row in enumerate(rows):
                key = (name, row["row"])
                if key in self.versions.after.rows and key not in self.versions.alignment.was:
                    self._insert(key, row, rows[:position])
        for places in inserted.values():
            for place in places:
                self.returned.verdicts.setdefault(place, Verdict("not-returnable", "not-mapped"))

    def _insert(self, key: Row, row: dict[str, Any], before: list[dict[str, Any]]) -> None:
        """Write one new row behind the one that it follows."""
        own = self._own_places(key)
        moved = self._translated(row)
        home = self._home(key[0], moved)
        if home is None:
            self._conclude(own, Verdict("not-returnable", "no-container"))
            return
        handle = f"new {len(self.handles)}"
        made = lower_row(
            self.versions.home.section(self.versions.message),
            home.line,
            {**moved, "row": handle},
            hub=self.versions.lifted.hub,
            elements=self._known_elements(),
            reserved=self.versions.home.reserved,
        )
        if not made.document:
            self._conclude(own, Verdict("not-returnable", "not-mapped"))
            return
        holder, is_new = self._holder(home)
        if holder is None:
            self._conclude(own, Verdict("not-returnable", "no-container"))
            return
        index = self._place_after(holder, key[0], before)
        holder.insert(index, made.document)
        self.origins[id(holder)].insert(index, None)
        if not self.versions.is_acceptable(self.returned.document):
            del holder[index]
            del self.origins[id(holder)][index]
            if is_new:
                self._discard(home)
            self._conclude(own, Verdict("not-returnable", "refused", "the sender's contract does not take it"))
            return
        self.handles[key] = handle
        self.elements[key[0], handle] = made.document
        self.lists[key[0], handle] = holder
        self._conclude_leaves(own, key, handle, made.causes)

    def _own_places(self, key: Row) -> list[Place]:
        """Give the leaves of a new row that are not in another new row inside it."""
        place = self.versions.after.rows[key].place
        inner = [
            each.place
            for row, each in self.versions.after.rows.items()
            if row != key and len(each.place) > len(place) and each.place[: len(place)] == place
        ]
        return [
            leaf
            for leaf, _ in leaves(read(self.versions.came, place)[0], place)
            if not any(leaf[: len(other)] == other for other in inner)
        ]

    def _translated(self, row: dict[str, Any]) -> dict[str, Any]:
        """Give a row the sender's handles in place of the receiver's."""
        changed = dict(row)
        for leaf, rows in LISTS.items():
            if leaf in changed:
                handle = self.handles.get((rows, changed[leaf]))
                if handle is None:
                    del changed[leaf]
                else:
                    changed[leaf] = handle
        return changed

    def _home(self, name: str, row: dict[str, Any]) -> _Home | None:
        for line, owner in _lists(self.versions.home.section(self.versions.message).operations, None):
            if line.to != name or not all(is_same(row.get(leaf), value) for leaf, value in line.where):
                continue
            if owner is not None:
                element = self.elements.get((owner.to, row.get(line.owner or "", "")))
                if isinstance(element, dict):
                    return _Home(line, element, line.at)
                continue
            parent = row.get("parent")
            if parent is not None and line.nest is not None and (name, parent) in self.elements:
                return _Home(line, self.elements[name, parent], (line.nest,))
            return _Home(line, self.returned.document, line.at)
        return None

    def _holder(self, home: _Home) -> tuple[list[Any] | None, bool]:
        """Find the list, under whichever spelling it is there, or make it."""
        for path in (home.path, *home.line.aka):
            value, _ = read(home.holder, path)
            if isinstance(value, list):
                if id(value) not in self.origins:
                    self._track(value, ())
                return value, False
            if isinstance(value, dict):
                return None, False
        made: list[Any] = []
        place, _ = write(home.holder, home.path, made)
        self._track(made, ())
        return (made, True) if place else (None, False)

    def _discard(self, home: _Home) -> None:
        holder, place = read(home.holder, home.path[:-1])
        if isinstance(holder, dict):
            holder.pop(home.path[-1], None)
        del place

    def _known_elements(self) -> dict[str, dict[str, Any]]:
        """Give the elements of the sender's lists, for rows that name one of them by its key."""
        found: dict[str, dict[str, Any]] = {}
        for (name, handle), element in self.elements.items():
            there = self.versions.lifted.rows.get((name, handle))
            if there is not None:
                found.setdefault(write_path(there.line.at), {})[handle] = element
        return found

    def _place_after(self, holder: list[Any], name: str, before: Iterable[dict[str, Any]]) -> int:
        """Find the position behind the nearest earlier row that stands in the same list."""
        for row in reversed(list(before)):
            element = self.elements.get((name, self.handles.get((name, row["row"]), "")), ABSENT)
            for index, each in enumerate(holder):
                if each is element:
                    return index + 1
        return 0

    def _conclude(self, places: Iterable[Place], verdict: Verdict) -> None:
        for place in places:
            self.returned.verdicts[place] = verdict

    def _conclude_leaves(self, places: Iterable[Place], key: Row, handle: str, causes: Any) -> None:
        """Say of each leaf of a new row whether it went along."""
        written = {
            (address.leaf, address.member)
            for cause in causes.values()
            for address in cause.sources
            if (address.rows, address.row) == (key[0], handle)
        }
        for place in places:
            mark = self.versions.after.marks[place]
            went = mark.hub is not None and (mark.hub.leaf, mark.hub.member) in written
            verdict = Verdict("returned", "row") if went else Verdict("not-returnable", "not-mapped", mark.why)
            self.returned.verdicts[place] = verdict

    # Reordering

    def _reorder(self, holder: list[Any]) -> None:
        """Bring the rows of one list into the order in which they came, if that changed."""
        mine = [row for row, each in self.lists.items() if each is holder]
        if not mine:
            return
        before, after = self._ranks(mine[0][0])
        known = [row for row in mine if row in before and row in after and self._stands(holder, row)]
        if sorted(known, key=before.__getitem__) == sorted(known, key=after.__getitem__):
            return
        slots = sorted(self._position(holder, row) for row in known)
        wanted = [self.elements[row] for row in sorted(known, key=after.__getitem__)]
        origins = self.origins[id(holder)]
        moved = [origins[self._position(holder, row)] for row in sorted(known, key=after.__getitem__)]
        for slot, element, origin in zip(slots, wanted, moved, strict=True):
            holder[slot] = element
            origins[slot] = origin

    def _stands(self, holder: list[Any], row: Row) -> bool:
        return any(each is self.elements[row] for each in holder)

    def _position(self, holder: list[Any], row: Row) -> int:
        return next(index for index, each in enumerate(holder) if each is self.elements[row])

    def _ranks(self, name: str) -> tuple[dict[Row, int], dict[Row, int]]:
        """Give the sender's rows their positions in both versions of the receiver's document."""
        before: dict[Row, int] = {}
        for position, row in enumerate(self.versions.before.hub.get(name, ())):
            place = self.versions.before.rows.get((name, row["row"]))
            sent = self.versions.lowered.rows.get(place.place) if place is not None else None
            if sent is not None:
                before[sent] = position
        after = {
            (name, self.handles[name, row["row"]]): position
            for position, row in enumerate(self.versions.after.hub.get(name, ()))
            if (name, row["row"]) in self.handles
        }
        return before, after


def _lists(operations: Iterable[Operation], owner: Each | None) -> Iterator[tuple[Each, Each | None]]:
    for each in operations:
        if isinstance(each, Each):
            yield each, owner
            yield from _lists(each.body, each)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _lists(one, owner)
