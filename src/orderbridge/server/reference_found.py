"""The records that a case looks for: those of the caller in the store, and the fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.behaviour.effects import ORDER
from orderbridge.behaviour.result import below_head
from orderbridge.behaviour.scene import Kept
from orderbridge.mapping.document import ABSENT, is_blank
from orderbridge.server.fault import Fault
from orderbridge.server.reference_call import refused, written_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.behaviour.effects import Source
    from orderbridge.behaviour.plan import KindPlan, Search
    from orderbridge.behaviour.result import Result
    from orderbridge.server.reference_ahead import Ahead
    from orderbridge.server.reference_call import Call
    from orderbridge.store.records import Record
    from orderbridge.store.transaction import Reader

ID: Final = "id"
_MOST_SOUGHT: Final = 1000
_NONE: Final[Mapping[str, Any]] = {}


class Found:
    """The records that a case has found so far; `stored` are those of the caller, the others are fixtures."""

    def __init__(self, call: Call, reader: Reader | Ahead) -> None:
        """Begin to look, for a call, at what a reader can see."""
        self.call = call
        self.reader = reader
        self.stored: dict[str, Record] = {}
        self._records: dict[str, Kept | tuple[Kept, ...] | None] = {}
        self.scene = call.scene.begun(self._records, written_instant(reader.now))
        self._same = call.house.shop_of(call.said)
        self._meanings: dict[tuple[str, str], Mapping[str, Any]] = {}

    def meaning(self, kept: Kept) -> Mapping[str, Any]:
        """Say what a record means at the hub; one is asked for that when it is found, and when it is referred to."""
        key = (kept.kind, kept.id)
        known = self._meanings.get(key)
        if known is None:
            known = self._meanings[key] = self.call.house.meaning(kept)
        return known

    def find(self, search: Search) -> None:
        """Find one record, or a list of them, and see it under its name."""
        if search.find.all:
            self._keep(search, tuple(self._everything(search)))
        elif search.find.every:
            self._find_every(search)
        else:
            self._find_one(search)

    def _find_one(self, search: Search) -> None:
        """Find the record that all names mean that are given; where one means none, or another one, there is none."""
        asked: tuple[Source, Any] | None = None
        kept: Kept | None = None
        for source, look, names in search.by:
            value = look(self.scene)
            if value is ABSENT or is_blank(value):
                continue
            found = self._record(search, names, value)
            if asked is None:
                asked, kept = (source, value), found
            elif kept is not None and (found is None or found.id != kept.id):
                kept = None
        missing = search.find.missing
        if kept is None and missing is not None:
            source, value = asked if asked is not None else (search.by[0][0], ABSENT)
            raise refused(missing, self.scene.of(value), source=source)
        self._keep(search, kept)

    def _find_every(self, search: Search) -> None:
        found: list[Kept] = []
        missed: list[Any] = []
        missing = search.find.missing
        for source, look, names in search.by:
            values = look(self.scene)
            wanted = values if isinstance(values, list) else [values] if values is not ABSENT else []
            if len(wanted) > _MOST_SOUGHT:
                message = f"more than {_MOST_SOUGHT:,} of them are asked for at once"
                raise Fault("too_large", message, "too-many-records", status=413)
            for value in wanted:
                kept = self._record(search, names, value)
                if kept is None and missing is not None:
                    raise refused(missing, self.scene.of(value), source=source)
                (missed if kept is None else found).append(value if kept is None else kept)
        self.scene = self.scene._replace(missed={**self.scene.missed, search.find.name: missed})
        self._keep(search, tuple(found))

    def _everything(self, search: Search) -> list[Kept]:
        partner, find = self.call.house.behaviour.partner, search.find
        page = self.reader.find(self.call.owner, find.kind, partner=partner, limit=find.most)
        return [kept for kept in map(kept_of, page.records) if self._counts(search, kept)]

    def _record(self, search: Search, names: tuple[str, ...], value: Any) -> Kept | None:
        text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
        kind = self.call.house.kinds[search.find.kind]
        for name in names:
            kept = self._named(search, kind, name, text)
            if kept is not None and self._counts(search, kept):
                return kept
        return None

    def _named(self, search: Search, kind: KindPlan, name: str, value: str) -> Kept | None:
        """Look up a value as one of the names that a record has; an id is no other name, and no other name an id."""
        record = self._stored_as(kind, name, value) if kind.is_written else None
        if record is not None:
            self.stored[search.find.name] = record
            return kept_of(record)
        fixture = self.call.fixtures.get(kind.name, _NONE).get(value) if name == ID else None
        return Kept(kind.name, value, fixture, {}) if fixture is not None else None

    def _stored_as(self, kind: KindPlan, name: str, value: str) -> Record | None:
        partner, owner = self.call.house.behaviour.partner, self.call.owner
        if name == ID:
            return self.reader.with_id(partner, owner, kind.name, value)
        key = kind.stored_name(name, value)
        record = self.reader.get(partner, owner, kind.name, key)
        return record if record is not None and record.id != key else None

    def _counts(self, search: Search, kept: Kept) -> bool:
        if self._same and not self.call.house.belongs(kept, self._same, self.meaning):
            return False
        return search.where is None or search.where(self.scene.having(search.find.name, kept, kept.result))

    def _keep(self, search: Search, kept: Kept | tuple[Kept, ...] | None) -> None:
        # The scene is this case's own until it is worked out: to see one more record it need not be made anew.
        self._records[search.find.name] = kept
        if isinstance(kept, Kept) and kept.kind == ORDER:
            self.scene = self.scene._replace(result=kept.result)


def kept_of(record: Record) -> Kept:
    """See a stored record as lines see it."""
    hub: Any = record.hub or {}
    answer: Any = record.answer or {}
    result: Result = {**answer, **{below_head(leaf): value for leaf, value in hub.items()}}
    return Kept(record.kind, record.id, record.document, result)
