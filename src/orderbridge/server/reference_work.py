"""What one case of an operation does: find, refuse, create or change, answer; and what then has to be stored.

A work may be run again if the database undid it: it reads and writes through its transaction alone.
"""

from __future__ import annotations

import uuid
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orderbridge import jsontext
from orderbridge.behaviour.effects import ORDER, Refusal
from orderbridge.behaviour.house import below_head, divided
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.behaviour.writing import Refused
from orderbridge.errors import UsageError
from orderbridge.mapping.document import ABSENT, is_blank
from orderbridge.pointer import join
from orderbridge.server.fault import Entry, Fault
from orderbridge.server.reference_ahead import Ahead
from orderbridge.store.records import Record
from orderbridge.store.refusals import Taken
from orderbridge.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from orderbridge.behaviour.effects import Case, Find, Kind, Name, Source
    from orderbridge.behaviour.forms import Number
    from orderbridge.behaviour.house import House
    from orderbridge.behaviour.scene import Result
    from orderbridge.store.transaction import Reader

_WRITERS: Final = (Transaction, Ahead)
NOTHING: Final[Any] = object()
"""The answer of an operation that has no body."""
_CODES: Final = {"not_found": "unknown-record", "conflict": "record-conflict"}
_ID: Final = "id"
_MOST_SOUGHT: Final = 1000
_MOST_BYTES: Final = 2 * 1024 * 1024
"""How large a record may grow that calls add to; an order is no larger than the call that created it."""
_SHOWN: Final = 100
_TO_MILLISECONDS: Final = len("2025-01-01T00:00:00.000")
_OWNERS: Final = uuid.UUID("6c0e9a5e-0c5b-5e0e-9a3f-1d7f0b5c8d11")
"""The namespace of the UUIDs that callers are known by where a partner's ids are UUIDs."""


class Call(NamedTuple):
    """One call: whose it is, what it asks, the request without what may not be kept, and what its headers mean."""

    house: House
    owner: str
    scene: Scene
    document: Any
    said: Mapping[str, Any]
    fixtures: Mapping[str, Mapping[str, Any]]
    is_declared: bool
    """Whether it is known that the document says nothing but what the contract lets an order say."""
    meant: Mapping[str, Any] | None = None
    """What the document means at the hub, where that was worked out already."""

    @classmethod
    def of(
        cls,
        house: House,
        owner: str,
        asked: Mapping[str, Any],
        fixtures: Mapping[str, Mapping[str, Any]],
        *,
        is_declared: bool,
    ) -> Call:
        """See a call as lines see it; `is_declared` tells of its body what is known of it."""
        document = house.without_secrets(asked["body"])
        scene = Scene(request={**asked, "body": document}, caller=_known_as(owner), show=house.show)
        return cls(house, owner, scene, document, house.said_by_headers(asked["header"]), fixtures, is_declared)

    def lifted(self, case: Case) -> Call:
        """Work out what the document means where a case creates an order of the document as it is."""
        if case.does != "create" or case.subject != ORDER or case.document:
            return self
        return self._replace(meant=self.house.meant(self.document))


@lru_cache(1024)
def _known_as(owner: str) -> Mapping[str, str]:
    """Give the names of a caller that lines can use."""
    return {"uuid": str(uuid.uuid5(_OWNERS, owner))}


class Outcome(NamedTuple):
    """What a call comes to: what is to be stored, and the answer; `NOTHING` where there is none."""

    answer: Any
    store: Callable[[Transaction], object] | None = None

    def keep(self, tx: Transaction) -> None:
        """Store it.

        Raises:
            Fault: one of its names is another record's.
            Taken: an id that was made is another record's: all of it has to be made anew.
            Stale: the record was changed meanwhile.

        """
        if self.store is not None:
            self.store(tx)


def outcome(call: Call, case: Case, reader: Reader | Ahead) -> Outcome:
    """Work out what a case says.

    Raises:
        Fault: what it needs is missing, or is not as it has to be.
        NeedsStoreError: it was to be worked out ahead, and cannot.

    """
    found = _Found(call, reader)
    for each in case.find:
        found.find(each)
    scene = found.scene
    try:
        _refuse(case, scene)
        store = None
        if case.does != "read":
            assert isinstance(reader, _WRITERS)  # noqa: S101 - whoever writes is given one
            scene, store = _WRITES[case.does](call, case, reader, found)
        return Outcome(_answer(call, case, scene), store)
    except Refused as refused:
        raise _fault(refused.refusal, scene, str(refused)) from refused


def _refuse(case: Case, scene: Scene) -> None:
    for condition in case.refuse:
        if scene.holds(condition.when) and not scene.fails(condition.unless):
            raise Refused(condition.refusal, scene)


@lru_cache(64)
def written_instant(instant: datetime) -> str:
    """Write a time as the hub has instants: to the millisecond, and without zeros at the end."""
    seconds, _, thousandths = instant.isoformat(timespec="milliseconds")[:_TO_MILLISECONDS].partition(".")
    fraction = thousandths.rstrip("0")
    return f"{seconds}.{fraction}Z" if fraction else f"{seconds}Z"


# Finding


class _Found:
    """The records that a case has found so far; `stored` are those of the caller, the others are fixtures."""

    def __init__(self, call: Call, reader: Reader | Ahead) -> None:
        self.call = call
        self.reader = reader
        self.stored: dict[str, Record] = {}
        self._records: dict[str, Kept | tuple[Kept, ...] | None] = {}
        self.scene = call.scene.begun(self._records, written_instant(reader.now))
        self._meanings: dict[tuple[str, str], Mapping[str, Any]] = {}

    def meaning(self, kept: Kept) -> Mapping[str, Any]:
        """Say what a record means at the hub; one is asked for that when it is found, and when it is referred to."""
        key = (kept.kind, kept.id)
        known = self._meanings.get(key)
        if known is None:
            known = self._meanings[key] = self.call.house.meaning(kept)
        return known

    def find(self, wanted: Find) -> None:
        """Find one record, or a list of them, and see it under its name."""
        if wanted.all:
            self._keep(wanted, tuple(self._everything(wanted)))
        elif wanted.every:
            self._find_every(wanted)
        else:
            self._find_one(wanted)

    def _find_one(self, wanted: Find) -> None:
        """Find the record that all names mean that are given; where one means none, or another one, there is none."""
        asked: tuple[Source, Any] | None = None
        kept: Kept | None = None
        for source, names in wanted.by:
            value = self.scene.look(source)
            if value is ABSENT or is_blank(value):
                continue
            found = self._record(wanted, names, value)
            if asked is None:
                asked, kept = (source, value), found
            elif kept is not None and (found is None or found.id != kept.id):
                kept = None
        if kept is None and wanted.missing is not None:
            source, value = asked if asked is not None else (wanted.by[0][0], ABSENT)
            raise _fault(wanted.missing, self.scene.of(value), source=source)
        self._keep(wanted, kept)

    def _find_every(self, wanted: Find) -> None:
        found: list[Kept] = []
        missed: list[Any] = []
        for source, names in wanted.by:
            values = self.scene.look(source)
            wanted_values = values if isinstance(values, list) else [values] if values is not ABSENT else []
            if len(wanted_values) > _MOST_SOUGHT:
                message = f"more than {_MOST_SOUGHT:,} of them are asked for at once"
                raise Fault("too_large", message, "too-many-records", status=413)
            for value in wanted_values:
                kept = self._record(wanted, names, value)
                if kept is None and wanted.missing is not None:
                    raise _fault(wanted.missing, self.scene.of(value), source=source)
                (missed if kept is None else found).append(value if kept is None else kept)
        self.scene = self.scene._replace(missed={**self.scene.missed, wanted.name: missed})
        self._keep(wanted, tuple(found))

    def _everything(self, wanted: Find) -> list[Kept]:
        house = self.call.house
        page = self.reader.find(self.call.owner, wanted.kind, partner=house.behaviour.partner, limit=wanted.most)
        return [kept for kept in map(kept_of, page.records) if self._counts(wanted, kept)]

    def _record(self, wanted: Find, names: tuple[str, ...], value: Any) -> Kept | None:
        text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
        kind = self.call.house.kind(wanted.kind)
        for name in names:
            kept = self._named(wanted, kind, name, text)
            if kept is not None and self._counts(wanted, kept):
                return kept
        return None

    def _named(self, wanted: Find, kind: Kind, name: str, value: str) -> Kept | None:
        """Look up a value as one of the names that a record has; an id is no other name, and no other name an id."""
        house = self.call.house
        record = self._stored_as(kind, name, value) if kind.name in house.written_kinds else None
        if record is not None:
            self.stored[wanted.name] = record
            return kept_of(record)
        fixture = self.call.fixtures.get(kind.name, {}).get(value) if name == _ID else None
        return Kept(kind.name, value, fixture, {}) if fixture is not None else None

    def _stored_as(self, kind: Kind, name: str, value: str) -> Record | None:
        key = stored_name(kind, name, value)
        place = (self.call.house.behaviour.partner, self.call.owner, kind.name, key)
        if name == _ID:
            return self.reader.with_id(*place)
        record = self.reader.get(*place)
        return record if record is not None and record.id != key else None

    def _counts(self, wanted: Find, kept: Kept) -> bool:
        house = self.call.house
        if not house.belongs(kept, self.call.said, self.meaning):
            return False
        if not wanted.where:
            return True
        return self.scene.having(wanted.name, kept, kept.result).holds(wanted.where)

    def _keep(self, wanted: Find, kept: Kept | tuple[Kept, ...] | None) -> None:
        # The scene is this case's own until it is worked out: to see one more record it need not be made anew.
        self._records[wanted.name] = kept
        if isinstance(kept, Kept) and kept.kind == ORDER:
            self.scene = self.scene._replace(result=kept.result)


def stored_name(kind: Kind, name: str, value: str) -> str:
    """Write a name as the store has it: hidden ones are nobody's to ask for."""
    for each in kind.names:
        if each.hidden and each.name == name:
            return f"{name}:{value}"
    return value


def kept_of(record: Record) -> Kept:
    """See a stored record as lines see it."""
    hub: Any = record.hub or {}
    answer: Any = record.answer or {}
    result: Result = {**answer, **{below_head(leaf): value for leaf, value in hub.items()}}
    return Kept(record.kind, record.id, record.document, result)


# Writing: what is seen afterwards, and what stores it

Written: TypeAlias = "tuple[Scene, Callable[[Transaction], object]]"


def _create(call: Call, case: Case, tx: Transaction | Ahead, found: _Found) -> Written:
    """Create a record: an order keeps what was sent, others what their lines say."""
    house = call.house
    kind = house.kind(str(case.subject))
    assert kind.id is not None  # noqa: S101 - whoever read the behaviour has seen to it
    new_id = kind.id.make(_counter(tx, house))
    names = {each.name: _name(each, found.scene, tx, house) for each in kind.names}
    known = {name: value for name, value in names.items() if value}
    scene = found.scene._replace(names={_ID: new_id, **known}, number=_counter(tx, house))
    document = house.write(case.document, call.document if kind.name == ORDER else {}, scene)
    if kind.name == ORDER:
        others = [each for each in found.scene.records.values() if isinstance(each, Kept) and each.kind != ORDER]
        meant = call.meant if call.meant is not None else house.meant(document)
        said = (*map(found.meaning, others), call.said, meant)
        kept = Kept(kind.name, new_id, document, house.opened(new_id, said, scene.now))
    else:
        kept = Kept(kind.name, new_id, document, {})
        _see_to_size(kept)
    scene = _decided(call, case, scene, kept)
    return scene, partial(_put, call, _record(call, kept, tx.now), scene)


def _name(each: Name, scene: Scene, tx: Transaction | Ahead, house: House) -> str | None:
    if each.form is not None:
        return str(each.form.make(_counter(tx, house)))
    value = scene.look(each.source) if each.source is not None else ABSENT
    return str(value) if isinstance(value, str | int) and not is_blank(value) else None


def _decided(call: Call, case: Case, scene: Scene, kept: Kept) -> Scene:
    """See a record that is being written, with what the server decides about it."""
    is_order = kept.kind == ORDER
    scene = scene.having(str(case.subject), kept, kept.result if is_order else scene.result)
    if is_order:
        call.house.decide(case, kept.result, scene)
    return scene


def _put(call: Call, record: Record, scene: Scene, tx: Transaction) -> None:
    kind = call.house.kind(record.kind)
    names = {name: value for name, value in scene.names.items() if name != _ID}
    stored = {name: stored_name(kind, name, value) for name, value in names.items()}
    try:
        tx.add(record, tuple(stored.values()))
    except Taken as taken:
        each = next((each for each in kind.names if stored.get(each.name) == taken.name and each.form is None), None)
        if each is None:
            raise  # one that was made: another will do
        raise _fault(each.taken, scene.of(names[each.name]), source=each.source) from taken


def _change(call: Call, case: Case, tx: Transaction | Ahead, found: _Found) -> Written:
    """Change a record that was found; a fixture becomes the caller's own copy of it."""
    house = call.house
    name = str(case.subject)
    old = found.scene.records[name]
    assert isinstance(old, Kept)  # noqa: S101 - a record that is changed is never optional
    scene = found.scene._replace(number=_counter(tx, house))
    start = old.document
    if old.kind == ORDER and isinstance(start, dict) and isinstance(call.document, dict):
        start = {**start, **{member: value for member, value in call.document.items() if member not in case.keeps}}
    kept = old._replace(document=house.write(case.document, start, scene))
    _see_to_size(kept)
    if old.kind == ORDER:
        kept = kept._replace(result=house.changed(old, kept.document, scene.now))
    scene = _decided(call, case, scene, kept)
    new = _record(call, kept)
    if name not in found.stored:
        return scene, lambda tx: tx.put(new)
    changed = found.stored[name]._replace(document=new.document, hub=new.hub, answer=new.answer)
    return scene, lambda tx: tx.update(changed)


_WRITES: Final = {"create": _create, "change": _change}


def _record(call: Call, kept: Kept, created_at: datetime | None = None) -> Record:
    """Write a record for the store: the original, what it means, and what the server decided about it."""
    hub, answer = divided(kept.result)
    return Record(
        partner=call.house.behaviour.partner,
        owner=call.owner,
        kind=kept.kind,
        id=kept.id,
        document=kept.document,
        hub=hub or None,
        answer=answer or None,
        created_at=created_at,
    )


def _see_to_size(kept: Kept) -> None:
    """Keep nothing that could not be read again: a record that has grown too large, or a sum beyond all numbers."""
    try:
        text = jsontext.write(kept.document)
    except UsageError as error:
        raise Fault("conflict", f"the {kept.kind} would hold what cannot be kept: {error}", "cannot-be-kept") from error
    if len(text) > _MOST_BYTES:
        raise Fault("too_large", f"the {kept.kind} would be larger than {_MOST_BYTES:,} bytes", "too-large", status=413)


def _counter(tx: Transaction | Ahead, house: House) -> Number:
    return lambda what, first: tx.next(f"{house.behaviour.partner} {what}", first=first)


# Answering


def _answer(call: Call, case: Case, scene: Scene) -> Any:
    subject = scene.records.get(str(case.subject))
    order = subject if isinstance(subject, Kept) and subject.kind == ORDER and not case.plain else None
    if order is None and not case.answer:
        return NOTHING
    shown = (
        {}
        if order is None
        else call.house.show(order, is_declared=call.is_declared and order.document is call.document)
    )
    return call.house.answer(case.answer, shown, scene)


def _fault(refusal: Refusal, scene: Scene, message: str | None = None, source: Source | None = None) -> Fault:
    if isinstance(scene.value, str) and len(scene.value) > _SHOWN:
        scene = scene.of(f"{scene.value[:_SHOWN]}…")
    text = message or scene.text(refusal.message) or "this cannot be done"
    code = _CODES.get(refusal.kind, "refused")
    at_body = source is not None and source.root == "body"
    entries = (Entry(join(str(step) for step in source.path), text, code),) if at_body and source is not None else ()
    return Fault(refusal.kind, text, code, entries, own=refusal.code)
