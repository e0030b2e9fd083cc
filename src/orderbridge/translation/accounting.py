"""The account of a way back, once everything is in its place: where each change went, and where each leaf came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, leaves, read
from orderbridge.mapping.lifting import ROW
from orderbridge.translation.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.trace import Address
    from orderbridge.translation.elements import Row
    from orderbridge.translation.returning import Returned, Versions
    from orderbridge.translation.rows import Added, RowEditor

_IN_ORDER: Final = "the sender's rows cannot stand in this order"


class Account:
    """Settles what depends on where rows ended up."""

    def __init__(self, versions: Versions, returned: Returned, rows: RowEditor) -> None:
        """Take the finished document and the editor of its rows."""
        self.versions = versions
        self.returned = returned
        self.rows = rows
        self.places = rows.elements.places()

    def settle(self) -> None:
        """Bring verdicts and causes up to date, those of new and of moved rows included."""
        self.move_targets()
        self.move_causes()
        self.tell_added()
        self.returned.verdicts.update(self.rows.refusals)
        for row, verdict in self.moved_rows():
            self.tell_moved(row, verdict)
        for place, _ in leaves(self.versions.came):
            self.returned.verdicts.setdefault(place, Verdict("not-returnable", "not-mapped"))

    # What was edited before rows moved

    def now(self, place: Place) -> Place | None:
        """Say where what stood at a place of the sender's document is now."""
        return self.rows.elements.now(place, self.places)

    def move_targets(self) -> None:
        """Let targets be places of the finished document; one that is gone keeps the place that it would have."""
        for verdicts in (self.returned.verdicts, self.returned.removed):
            for place, verdict in verdicts.items():
                if verdict.targets:
                    moved = (self.now(target) for target in verdict.targets)
                    targets = tuple(target for target in moved if target is not None)
                    # What it changed may have gone with its row.
                    verdicts[place] = replace(verdict, targets=targets, how=verdict.how if targets else "row")

    def move_causes(self) -> None:
        """Give every leaf of the document its cause; what nothing touched is the sender's own."""
        causes: dict[Place, tuple[str, tuple[Place, ...]]] = {}
        for place, value in leaves(self.returned.document):
            origin = self.rows.elements.origin(place)
            known = ("source", ()) if origin is None else self.returned.causes.get(origin)
            causes[place] = known or self.untouched(origin, value)
        self.returned.causes = causes

    def untouched(self, origin: Place | None, value: Any) -> tuple[str, tuple[Place, ...]]:
        """Tell a leaf of the sender's from a container that is empty since what it held is gone."""
        was = read(self.versions.sent, origin)[0] if origin is not None else ABSENT
        return ("restored", ()) if was is not ABSENT and is_same(was, value) else ("source", ())

    # New rows

    def tell_added(self) -> None:
        """Say of each leaf of a new row where it went, and of each leaf that it became where it comes from."""
        for added in self.rows.added:
            for place in self.rows.own_places(added.came):
                verdict = Verdict("not-returnable", "not-mapped", self.versions.after.marks[place].why)
                self.returned.verdicts[place] = verdict
        # What says something of a new row may stand elsewhere, such as the lines of a shipment.
        said: dict[Row, dict[tuple[str, str], list[Place]]] = {}
        for place, mark in self.versions.after.marks.items():
            if mark.came == "read" and mark.hub is not None:
                of_row = said.setdefault((mark.hub.rows, mark.hub.row), {})
                of_row.setdefault((mark.hub.leaf, mark.hub.member), []).append(place)
        for added in self.rows.added:
            self.add(added, said.get(added.came, {}))

    def add(self, added: Added, said: dict[tuple[str, str], list[Place]]) -> None:
        """Join the leaves of a row that came with those of the row that was made of it."""
        whole = self.places[self.rows.elements.by_row[added.row]]
        lifted = self.rows.meaning.get(added.row, {})
        for leaf, places in said.items():
            targets = tuple((*whole, *each) for each in _made_of(added, leaf))
            if targets and leaf[0] in lifted:
                self.returned.verdicts.update(dict.fromkeys(places, Verdict("returned", "row", None, None, targets)))
        for each, cause in added.causes.items():
            stated = cause.sources if cause.kind == "source" else ()
            sources = [place for address in stated for place in said.get((address.leaf, address.member), ())]
            self.returned.causes[*whole, *each] = ("source" if sources else cause.kind, tuple(sources))

    # Moved rows

    def moved_rows(self) -> Iterator[tuple[Row, Verdict]]:
        """Find the rows that changed places among their like at either side, and what became of that."""
        ranks = {row: rank for rank, row in enumerate(self.rows.meaning)}
        for rows in self.siblings():
            kept = [row for row in rows if self.sent(row) in ranks]
            before = sorted(kept, key=self.rank_before)
            here = sorted(kept, key=lambda row: ranks[self.sent(row)])
            for was, now, row in zip(before, here, kept, strict=True):
                if self.sent(row) in self.rows.arranged:
                    yield row, Verdict("returned", "row")
                elif row not in (was, now):
                    yield row, Verdict("not-returnable", "no-container", _IN_ORDER)

    def siblings(self) -> Iterator[Sequence[Row]]:
        """Group the rows that were known before by the lists in which they came."""
        lists: dict[Place, list[Row]] = {}
        for row, where in self.versions.after.rows.items():
            if row in self.versions.alignment.was and row in self.rows.handles:
                lists.setdefault(where.place[:-1], []).append(row)
        return iter(lists.values())

    def sent(self, row: Row) -> Row:
        """Give the sender's row for a row that came."""
        return row[0], self.rows.handles[row]

    def rank_before(self, row: Row) -> int:
        """Say where a row that came was in its list before."""
        was = self.versions.alignment.was[row]
        return next(rank for rank, each in enumerate(self.versions.before.hub[row[0]]) if each[ROW] == was[1])

    def tell_moved(self, row: Row, verdict: Verdict) -> None:
        """Say of the leaves of a row that they moved with it, unless there is more to say of them."""
        whole = self.versions.after.rows[row].place
        for place, _ in leaves(read(self.versions.came, whole)[0], whole):
            if self.returned.verdicts.get(place) != Verdict("unchanged", "equal"):
                continue
            targets = tuple(self.homes(row, place)) if verdict.outcome == "returned" else ()
            if targets or verdict.outcome != "returned":
                self.returned.verdicts[place] = replace(verdict, targets=targets)
            for target in targets:
                kind, sources = self.returned.causes[target]
                self.returned.causes[target] = (kind, (*sources, place))

    def homes(self, row: Row, place: Place) -> Iterator[Place]:
        """Give the sender's leaves that a leaf of a known row was made of."""
        was = self.versions.before.rows[self.versions.alignment.was[row]].place
        cause = self.versions.lowered.causes.get((*was, *place[len(self.versions.after.rows[row].place) :]))
        if cause is None or cause.kind != "source":
            return
        for address in cause.sources:
            yield from self.read_at(address)

    def read_at(self, address: Address) -> Iterator[Place]:
        """Give the leaves that a hub leaf of the sender's was read from, where they are now."""
        found = self.versions.lifted.reads.get(address)
        if found is None or found.place is None:
            return
        for place in found.places or (found.place,):
            now = self.now(place)
            for leaf, _ in leaves(read(self.returned.document, now)[0], now) if now is not None else ():
                yield leaf


def _made_of(added: Added, leaf: tuple[str, str]) -> Iterator[Place]:
    for place, cause in added.causes.items():
        if cause.kind != "source":
            continue
        if any((each.rows, each.row, each.leaf, each.member) == (*added.row, *leaf) for each in cause.sources):
            yield place
