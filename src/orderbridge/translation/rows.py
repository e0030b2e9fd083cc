"""Whole rows on the way back: removed, reordered and added in the sender's own document.

Every change is proved: the document is lifted again, and if anything but those rows came out differently, or the
sender's contract no longer takes the document, it is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, leaves, read, write
from orderbridge.mapping.lifting import PARENT, ROW, lift
from orderbridge.mapping.lowering import lower_row, why_not_whole
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each, Either, Leaf, Members
from orderbridge.translation.editing import LISTS, nothing, unmaking
from orderbridge.translation.elements import Elements
from orderbridge.translation.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Operation
    from orderbridge.mapping.trace import Cause
    from orderbridge.translation.elements import Row, Slot
    from orderbridge.translation.returning import Returned, Versions

Meaning = dict["Row", dict[str, Any]]
"""What a document means, rows by the handles that they keep through all changes; the order itself is ("", "")."""
_ORDER: Final = ("", "")
_CONTRACT: Final = "the sender's contract does not take it"
_MORE: Final = "it would change more than this"
_HOLDS: Final = "the sender's row holds others that are still there"
_NO_PARTS: Final = "it is a part of another line, and there are no parts here"
_SAME_KEY: Final = "another row has this key"


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a new row would stand: the list (made when it is needed), the line that writes it."""

    line: Each
    holder: Any
    path: Any


@dataclass(frozen=True, slots=True)
class Added:
    """A new row: what it is at the receiver and in the document, and why each of its leaves is there."""

    came: Row
    row: Row
    causes: dict[Place, Cause]


class RowEditor:
    """Changes the rows of one document."""

    def __init__(self, versions: Versions, returned: Returned, handles: dict[Row, str]) -> None:
        """Take the versions, the document to change, and the sender's row of each row that came."""
        self.versions = versions
        self.returned = returned
        self.handles = dict(handles)
        self.section = versions.home.section(versions.message)
        self.elements = Elements(returned.document, versions.lifted.rows)
        self.added: list[Added] = []
        self.arranged: set[Row] = set()
        self.refusals: dict[Place, Verdict] = {}
        """What became of leaves of rows that went along but for these leaves."""
        self.given = {sent: place for place, sent in versions.lowered.rows.items()}
        self.meaning = self._meaning()
        self.leaves_of_rows = {leaf for leaf, verdict in returned.removed.items() if verdict.how == "row"}

    def run(self, removed: list[Row]) -> None:
        """Remove, reorder, then add; what could not go before something came is tried again."""
        left = self._remove_all(removed)
        for holder in self.elements.row_lists():
            self._reorder(holder)
        self._insert_all()
        self._remove_all(left)

    # Proving

    def _meaning(self) -> Meaning:
        lifted = lift(self.returned.document, self.section)
        here = self.elements.rows_now()
        names = {row: here.get(where.place, row)[1] for row, where in lifted.rows.items()}
        meaning: Meaning = {_ORDER: {}}
        for leaf, value in lifted.hub.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                for row in value:
                    key = (leaf, row[ROW])
                    meaning[leaf, names.get(key, row[ROW])] = _renamed(row, names)
            else:
                meaning[_ORDER][leaf] = value
        return meaning

    def _doubt(self, undo: Callable[[], None], expected: Callable[[Meaning], bool]) -> str | None:
        """Take a change back if something speaks against it, and say what."""
        why = _CONTRACT
        if self.versions.is_acceptable(self.returned.document):
            now = self._meaning()
            if expected(now):
                self.meaning = now
                return None
            why = _MORE
        undo()
        return why

    # Removing

    def _remove_all(self, removed: list[Row]) -> list[Row]:
        """Remove rows, together if nothing speaks against it; give those that stayed, with what they hold elsewhere."""
        if len(removed) > 1 and self._remove(removed) is None:
            for row in removed:
                self._conclude_removal(self.given[row], Verdict("returned", "row"))
            return []
        left: list[Row] = []
        stayed: list[Place] = []
        for row in removed:
            place = self.given[row]
            if any(place[: len(outer)] == outer for outer in stayed):
                left.append(row)
                continue
            verdict = self._remove([row])
            if verdict is not None:
                stayed.append(place)
                left.append(row)
            self._conclude_removal(place, verdict or Verdict("returned", "row"))
        return left

    def _remove(self, rows: list[Row]) -> Verdict | None:
        """Remove rows with all that they hold; why not, if not."""
        slots = [self.elements.by_row.get(row) for row in rows]
        standing = [slot for slot in slots if slot is not None and self.elements.stands(slot)]
        if None in slots:
            return Verdict("not-returnable", "no-container")
        gone = self._inside(standing)
        if gone & {(now[0], handle) for now, handle in self.handles.items()}:
            return Verdict("not-returnable", "no-container", _HOLDS)
        rest = {each: value for each, value in self.meaning.items() if each not in gone}
        undos = [self.elements.remove(each) for each in (*standing, *self._bound(set(rows)))]

        def undo() -> None:
            for one in reversed(undos):
                one()

        why = self._doubt(undo, lambda now: _are_same(now, rest)) if undos else None
        return None if why is None else Verdict("not-returnable", "refused", why)

    def _inside(self, slots: list[Slot]) -> set[Row]:
        """Give the rows that stand in some elements, they themselves included."""
        places = self.elements.places()
        heads = {places[slot] for slot in slots if slot in places}
        return {
            row
            for at, row in self.elements.rows_now().items()
            if any(at[:length] in heads for length in range(1, len(at) + 1))
        }

    def _bound(self, rows: set[Row]) -> Iterator[Slot]:
        """Give the elements elsewhere that do nothing but name one of some rows."""
        for address, read_ in self.versions.lifted.reads.items():
            if (address.rows, address.row) in rows and isinstance(read_.line, Members) and read_.place is not None:
                slot = self.elements.by_origin.get(read_.place)
                if slot is not None and self.elements.stands(slot):
                    yield slot

    def _conclude_removal(self, place: Place, verdict: Verdict) -> None:
        for leaf in self.leaves_of_rows:
            if leaf[: len(place)] == place:
                self.returned.removed[leaf] = verdict

    # Reordering

    def _reorder(self, holder: list[Any]) -> None:
        """Bring the rows of one list into the order in which they came, if that changed."""
        mine = [slot for slot in self.elements.slots(holder) if slot.row is not None]
        if not mine:
            return
        before, after = self._ranks(str(mine[0].row and mine[0].row[0]))
        known = [slot for slot in mine if slot.row in before and slot.row in after]
        wanted = sorted(known, key=lambda slot: after[slot.row or _ORDER])
        if sorted(known, key=lambda slot: before[slot.row or _ORDER]) == wanted:
            return
        meant = self.meaning
        before_ = self.elements.slots(holder)[:]
        undo = self.elements.arrange(holder, wanted)
        if self._doubt(undo, lambda now: _are_same(now, meant)) is None:
            pairs = zip(before_, self.elements.slots(holder), strict=True)
            self.arranged |= {now.row for was, now in pairs if was is not now and now.row is not None}

    def _ranks(self, name: str) -> tuple[dict[Row, int], dict[Row, int]]:
        """Give the sender's rows their positions in both versions of the receiver's document."""
        before: dict[Row, int] = {}
        for position, row in enumerate(self.versions.before.hub.get(name, ())):
            place = self.versions.before.rows.get((name, row[ROW]))
            sent = self.versions.lowered.rows.get(place.place) if place is not None else None
            if sent is not None:
                before[sent] = position
        after = {
            (name, self.handles[name, row[ROW]]): position
            for position, row in enumerate(self.versions.after.hub.get(name, ()))
            if (name, row[ROW]) in self.handles
        }
        return before, after

    # Adding

    def _insert_all(self) -> None:
        """Add the new rows; those that others name come first, and of one list those that came first."""
        lists = {
            name: rows
            for name, rows in self.versions.after.hub.items()
            if isinstance(rows, list) and rows and isinstance(rows[0], dict)
        }
        named = [name for name in dict.fromkeys(LISTS.values()) if name in lists]
        for name in dict.fromkeys((*named, *lists)):
            for position, row in enumerate(lists[name]):
                key = (name, row[ROW])
                if key in self.versions.after.rows and key not in self.versions.alignment.was:
                    self._insert(key, row, lists[name][:position])

    def _insert(self, key: Row, row: dict[str, Any], before: list[dict[str, Any]]) -> None:
        """Write one new row behind the one that it follows."""
        moved = self._translated(row)
        home = self._home(key[0], row, moved)
        if isinstance(home, Verdict):
            self._conclude(key, home)
            return
        holder, undo_list = self._holder(home)
        if holder is None:
            self._conclude(key, Verdict("not-returnable", "no-container"))
            return
        self._drop_known_key(key, home.line, holder, moved)
        handle = f"new {len(self.added)}"
        made = lower_row(
            self.section,
            home.line,
            {**moved, ROW: handle},
            hub=self.versions.lifted.hub,
            elements=self._known_elements(),
            reserved=self.versions.home.reserved,
            position=len(holder),
        )
        if not self._says_something(key, made.causes):
            undo_list()
            self._conclude(key, Verdict("not-returnable", "not-mapped"))
            return
        new = (key[0], handle)
        undo = self.elements.insert(holder, self._place_after(holder, key[0], before), new, made.document)
        known = self.meaning

        def undo_all() -> None:
            undo()
            undo_list()

        why = self._doubt(undo_all, lambda now: _are_same({row: now[row] for row in now if row != new}, known))
        if why is not None:
            self._conclude(key, Verdict("not-returnable", "refused", why))
            return
        self.handles[key] = handle
        self.added.append(Added(key, new, made.causes))

    def _says_something(self, key: Row, causes: dict[Place, Cause]) -> bool:
        """Tell whether anything that came with a new row goes along; what its list alone says is not enough."""
        came = {(each.leaf, each.member) for each in self.versions.after.reads if (each.rows, each.row) == key}
        return any((each.leaf, each.member) in came for cause in causes.values() for each in cause.sources)

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

    def _home(self, name: str, row: dict[str, Any], moved: dict[str, Any]) -> _Home | Verdict:
        """Find the list in which a row would stand; why there is none, if not."""
        for line, owner in _lists(self.section.operations, None):
            if line.to != name or not all(is_same(moved.get(leaf), value) for leaf, value in line.where):
                continue
            if owner is not None:
                element = self.elements.value((owner.to, moved.get(line.owner or "", "")))
                if isinstance(element, dict):
                    return _Home(line, element, line.at)
                continue
            if PARENT not in row:
                return _Home(line, self.returned.document, line.at)
            return self._part(name, line, moved)
        return Verdict("not-returnable", "no-container")

    def _part(self, name: str, line: Each, moved: dict[str, Any]) -> _Home | Verdict:
        """Find the list for a row that is a part of another."""
        parent = self.elements.value((name, moved.get(PARENT, "")))
        if not isinstance(parent, dict):
            return Verdict("not-returnable", "no-container", "the row that it is a part of is not here")
        if line.nest is not None:
            return _Home(line, parent, (line.nest,))
        if line.components == "refuse":
            return Verdict("not-returnable", "refused", _NO_PARTS)
        why = why_not_whole({row[1]: leaves_ for row, leaves_ in self.meaning.items() if row[0] == name}, moved)
        return Verdict("not-returnable", "refused", why) if why else _Home(line, self.returned.document, line.at)

    def _holder(self, home: _Home) -> tuple[list[Any] | None, Callable[[], None]]:
        """Find the list, under whichever spelling it is there, or make it; and what unmakes it."""
        for path in (home.path, *home.line.aka):
            value, _ = read(home.holder, path)
            if isinstance(value, (list, dict)):
                return (value, nothing) if isinstance(value, list) else (None, nothing)
        undo = unmaking(home.holder, home.path)
        made: list[Any] = []
        place, _ = write(home.holder, home.path, made)
        return (made, undo) if place else (None, nothing)

    def _drop_known_key(self, key: Row, line: Each, holder: list[Any], moved: dict[str, Any]) -> None:
        """Let a row get a key of its own where another has the one that it came with."""
        written = next((each for each in line.body if isinstance(each, Leaf) and each.at == line.key), None)
        if written is None or written.fill is None or written.to.leaf not in moved:
            return
        value = written.codec.down(moved[written.to.leaf], None)
        if any(is_same(read(each, written.at)[0], value) for each in holder):
            del moved[written.to.leaf]
            for place in self.own_places(key):
                address = self.versions.after.marks[place].hub
                if address is not None and address.leaf == written.to.leaf:
                    self.refusals[place] = Verdict("not-returnable", "refused", _SAME_KEY)

    def _known_elements(self) -> dict[str, dict[str, Any]]:
        """Give the elements of the sender's lists, for rows that name one of them by its key."""
        lines = {each.to: each for each, _ in _lists(self.section.operations, None)}
        found: dict[str, dict[str, Any]] = {}
        for name, handle in (*self.versions.lifted.rows, *(each.row for each in self.added)):
            element = self.elements.value((name, handle))
            where = self.versions.lifted.rows.get((name, handle))
            line = where.line if where is not None else lines[name]
            if element is not ABSENT:
                found.setdefault(write_path(line.at), {})[handle] = element
        return found

    def _place_after(self, holder: list[Any], name: str, before: Iterable[dict[str, Any]]) -> int:
        """Find the position behind the nearest earlier row that stands in the same list."""
        positions = {slot.row: index for index, slot in enumerate(self.elements.slots(holder))}
        for row in reversed(list(before)):
            found = positions.get((name, self.handles.get((name, row[ROW]), "")))
            if found is not None:
                return found + 1
        return 0

    # Telling

    def own_places(self, key: Row) -> list[Place]:
        """Give the leaves of a row that came which are not in another row inside it."""
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

    def _conclude(self, key: Row, verdict: Verdict) -> None:
        for place in self.own_places(key):
            self.returned.verdicts[place] = verdict


def _renamed(row: dict[str, Any], names: dict[Row, str]) -> dict[str, Any]:
    """Give a lifted row without its handle, and with lasting names for the rows that it names."""
    return {
        leaf: names.get((LISTS[leaf], value), value) if leaf in LISTS else value
        for leaf, value in row.items()
        if leaf != ROW
    }


def _are_same(one: Meaning, other: Meaning) -> bool:
    return one.keys() == other.keys() and all(is_same(one[row], other[row]) for row in one)


def _lists(operations: Iterable[Operation], owner: Each | None) -> Iterator[tuple[Each, Each | None]]:
    for each in operations:
        if isinstance(each, Each):
            yield each, owner
            yield from _lists(each.body, each)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _lists(one, owner)
