"""What one case of an operation does: find, refuse, create or change, answer; and what then has to be stored.

A work may be run again if the database undid it: it reads and writes through its transaction alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orderbridge import jsontext
from orderbridge.behaviour.effects import ORDER
from orderbridge.behaviour.prices import price
from orderbridge.behaviour.result import below_head, divided
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.behaviour.writing import Refused
from orderbridge.errors import UsageError
from orderbridge.mapping.document import ABSENT, is_blank
from orderbridge.server.fault import Fault
from orderbridge.server.reference_ahead import Ahead
from orderbridge.server.reference_call import refused
from orderbridge.server.reference_found import ID, Found
from orderbridge.store.records import Record
from orderbridge.store.refusals import Taken
from orderbridge.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from orderbridge.behaviour.forms import Number
    from orderbridge.behaviour.plan import KindPlan, Plan
    from orderbridge.server.reference_call import Call
    from orderbridge.store.transaction import Reader

NOTHING: Final[Any] = object()
"""The answer of an operation that has no body."""
_WRITERS: Final = (Transaction, Ahead)
_NAMES: Final = (str, int)
_OPERATION: Final = below_head("operation")
_MOST_BYTES: Final = 2 * 1024 * 1024
"""How large a record may grow that calls add to; an order is no larger than the call that created it."""


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


def outcome(call: Call, plan: Plan, reader: Reader | Ahead) -> Outcome:
    """Work out what a case says.

    Raises:
        Fault: what it needs is missing, or is not as it has to be.
        NeedsStoreError: it was to be worked out ahead, and cannot.

    """
    found = Found(call, reader)
    for each in plan.searches:
        found.find(each)
    scene = found.scene
    try:
        _refuse(plan, scene)
        store = None
        if plan.case.does != "read":
            assert isinstance(reader, _WRITERS)  # noqa: S101 - whoever writes is given one
            scene, store = _WRITES[plan.case.does](call, plan, reader, found)
        return Outcome(_answer(call, plan, scene), store)
    except Refused as error:
        raise refused(error.refusal, scene, str(error)) from error


def _refuse(plan: Plan, scene: Scene) -> None:
    for refusal, holds in plan.refusals:
        if holds is None or holds(scene):
            raise Refused(refusal, scene)


# Writing: what is seen afterwards, and what stores it

Written: TypeAlias = "tuple[Scene, Callable[[Transaction], object]]"


def _create(call: Call, plan: Plan, tx: Transaction | Ahead, found: Found) -> Written:
    """Create a record: an order keeps what was sent, others what their lines say."""
    house = call.house
    kind = house.kinds[str(plan.case.subject)]
    assert kind.kind.id is not None  # noqa: S101 - whoever read the behaviour has seen to it
    number = _counter(tx, house.behaviour.partner)
    new_id = kind.kind.id.make(number)
    scene = found.scene.making({ID: new_id, **_names(kind, found.scene, number)}, number)
    if kind.name == ORDER:
        document = plan.document(call.document, scene)
        others = [each for each in found.scene.records.values() if isinstance(each, Kept) and each.kind != ORDER]
        meant = call.meant if call.meant is not None else house.meant(document)
        said = (*map(found.meaning, others), call.said, meant)
        kept = Kept(kind.name, new_id, document, house.opened(new_id, said, scene.now))
    else:
        kept = Kept(kind.name, new_id, plan.document({}, scene), {})
        _see_to_size(kept)
    scene = _decided(plan, scene, kept)
    return scene, partial(_put, call, _record(call, kept, tx.now), scene)


def _names(kind: KindPlan, scene: Scene, number: Number) -> dict[str, str]:
    """Give the other names of a new record, made or read off the call; those that say nothing are none."""
    names: dict[str, str] = {}
    for each, look in kind.names:
        value = each.form.make(number) if each.form is not None else look(scene) if look is not None else ABSENT
        if isinstance(value, _NAMES) and not is_blank(value):
            names[each.name] = str(value)
    return names


def _decided(plan: Plan, scene: Scene, kept: Kept) -> Scene:
    """See a record that is being written, with what the server decides about it."""
    subject, result = str(plan.case.subject), kept.result
    if kept.kind != ORDER:
        return scene.having(subject, kept, scene.result)
    scene = scene.having(subject, kept, result)
    result.pop(_OPERATION, None)
    if plan.case.prices:
        price(result)
    plan.result(result, scene)
    return scene


def _put(call: Call, record: Record, scene: Scene, tx: Transaction) -> None:
    kind = call.house.kinds[record.kind]
    stored = {name: kind.stored_name(name, value) for name, value in scene.names.items() if name != ID}
    try:
        tx.add(record, tuple(stored.values()))
    except Taken as taken:
        each = next((each for each, look in kind.names if look and stored.get(each.name) == taken.name), None)
        if each is None:
            raise  # one that was made: another will do
        raise refused(each.taken, scene.of(scene.names[each.name]), source=each.source) from taken


def _change(call: Call, plan: Plan, tx: Transaction | Ahead, found: Found) -> Written:
    """Change a record that was found; a fixture becomes the caller's own copy of it."""
    case, house = plan.case, call.house
    name = str(case.subject)
    old = found.scene.records[name]
    assert isinstance(old, Kept)  # noqa: S101 - a record that is changed is never optional
    scene = found.scene._replace(number=_counter(tx, house.behaviour.partner))
    start = old.document
    if old.kind == ORDER and isinstance(start, dict) and isinstance(call.document, dict):
        start = {**start, **{member: value for member, value in call.document.items() if member not in case.keeps}}
    kept = old._replace(document=plan.document(start, scene))
    _see_to_size(kept)
    if old.kind == ORDER:
        kept = kept._replace(result=house.changed(old, kept.document, scene.now))
    scene = _decided(plan, scene, kept)
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


def _counter(tx: Transaction | Ahead, partner: str) -> Number:
    return lambda what, first: tx.next(f"{partner} {what}", first=first)


# Answering


def _answer(call: Call, plan: Plan, scene: Scene) -> Any:
    case = plan.case
    subject = scene.records.get(str(case.subject))
    order = subject if isinstance(subject, Kept) and subject.kind == ORDER and not case.plain else None
    if order is None and not case.answer:
        return NOTHING
    is_declared = call.is_declared and order is not None and order.document is call.document
    shown = call.house.show(order, is_declared=is_declared) if order is not None else {}
    return plan.answer(shown, scene)
