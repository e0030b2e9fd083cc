"""The laws of a mapping as functions: lint runs them on a partner's own examples, the tests on far more.

Each takes two sides and a document and yields what breaks it; a mapping that keeps them loses nothing in
silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.codec.codec import is_same
from orderbridge.mapping.compiling import compiled_lift, compiled_lower, compiled_pair
from orderbridge.mapping.document import ABSENT, copied, leaves, read, without, write
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.operations import Leaf, Rest
from orderbridge.translation.editing import differences
from orderbridge.translation.homecoming import translate_back
from orderbridge.translation.translating import Request, translate
from orderbridge.validation.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message
    from orderbridge.mapping.trace import Cause
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Translation
    from orderbridge.validation.examples import Example

UNCHECKED: Final = Request(check=False)
_ANSWERED: Final[tuple[Message, ...]] = ("request", "response")


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken law: its name, where, and what happened."""

    law: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A leaf of a translated document with another value, and what becomes of it on the way back."""

    place: Place
    value: Any
    returns: bool
    how: str


def lifts_again(side: Side, document: Any, message: Message = "request") -> Iterator[Breach]:
    """Find what is not read again once it was written: lift, lower, lift has to give the first lift's leaves."""
    section = side.section(message)
    lifted = lift(without(document, side.secrets), section)
    again = lift(lower(lifted.hub, section, reserved=side.reserved).document, section).hub
    refused = {(each.hub.rows, each.hub.row, each.hub.leaf) for each in lower(lifted.hub, section).no_images}
    read_ = {(address.rows, address.row, address.leaf) for address in lifted.reads}
    for rows, row, leaf in differences(lifted.hub, again):
        if (rows, row, leaf) in read_ and (rows, row, leaf) not in refused:
            yield Breach("lifts-again", f"{rows}.{row}.{leaf}" if rows else leaf, "it is not read back as it was read")


def comes_home(source: Side, target: Side, document: Any) -> Iterator[Breach]:
    """Find where a document that goes and comes back with its ticket is not the one that was sent, secrets aside."""
    there = translate(source, target, document, UNCHECKED)
    if there.draft is None:
        return
    back = translate_back(target, source, there.draft, UNCHECKED, there.ticket)
    sent = without(document, source.secrets)
    if back.problems:
        yield Breach("comes-home", "", "; ".join(each.message for each in back.problems))
    elif not is_same(back.draft, sent):
        yield Breach("comes-home", "", f"what came home differs: {_first_difference(sent, back.draft)}")
    else:
        yield from _unfaithful(back)


def broken_by(side: Side, others: Iterable[Side]) -> Iterator[tuple[str, Breach]]:
    """Hold a partner's own examples against the laws that every mapping keeps, each breach with the example's name.

    Every message has to be read again as it was read; the first order also has to come home from each other partner,
    with every value accounted for.
    """
    for message in _ANSWERED:
        for example in _examples(side, message):
            yield from ((example.name, breach) for breach in lifts_again(side, example.value, message))
    for order in islice(_examples(side, "request"), 1):
        for other in others:
            there = translate(side, other, order.value, UNCHECKED)
            found = (*comes_home(side, other, order.value), *is_accounted_for(there))
            yield from ((f"{order.name}, by way of {other.name}", breach) for breach in found)


def _examples(side: Side, message: Message) -> Iterator[Example]:
    """Yield the examples of a message that the mapping says something about."""
    operation = side.contract.operation()
    if not side.mapping.sections[message].operations:
        return
    wanted = (operation.id, None if message == "request" else operation.success)
    for example in examples(side.contract):
        if (example.operation, example.status) == wanted:
            yield example


def _unfaithful(back: Translation) -> Iterator[Breach]:
    for row in back.source_leaves:
        if row["outcome"] not in {"unchanged", "withheld"}:
            yield Breach("comes-home", row["pointer"], f"nothing was changed, and it is {row['outcome']}")


def _first_difference(one: Any, other: Any) -> str:
    left, right = dict(leaves(one)), dict(leaves(other))
    for place in (*left, *right):
        if place not in left or place not in right or not is_same(left[place], right[place]):
            return pointer.join(place)
    return "the order of rows"


def is_accounted_for(made: Translation) -> Iterator[Breach]:
    """Outcomes partition the leaves of the source, causes those of the target and what is missing."""
    if made.draft is None:
        return
    yield from _partition("source", made.document, made.source_leaves)
    there = [row for row in made.target_leaves if row["cause"] != "missing"]
    yield from _partition("target", made.draft, there)
    missing = [row["pointer"] for row in made.target_leaves if row["cause"] == "missing"]
    known = {row["pointer"] for row in there}
    for each in missing:
        if each in known or missing.count(each) > 1:
            yield Breach("accounting", each, "it is missing, and there")


def _partition(side: str, document: Any, rows: list[dict[str, Any]]) -> Iterator[Breach]:
    wanted = [pointer.join(place) for place, _ in leaves(document)]
    found = [row["pointer"] for row in rows if not row["pointer"].startswith("header:")]
    if sorted(wanted) != sorted(found):
        odd = sorted(set(wanted) ^ set(found)) or [each for each in found if found.count(each) > 1]
        yield Breach("accounting", odd[0] if odd else "", f"the {side}'s leaves and their account do not agree")


def is_complete_when_valid(made: Translation) -> Iterator[Breach]:
    """Complete means valid, and what is not valid names what it lacks."""
    if made.draft is None or not made.request.check:
        return
    validator = made.target.validator(made.request.message, made.target_status)
    allowed = validator.allows(made.draft)
    if made.complete and not allowed:
        yield Breach("complete", "", "it is called complete, and the contract does not take it")
    missing = [row for row in made.target_leaves if row["cause"] == "missing"]
    if not allowed and not missing and not made.problems:
        yield Breach("complete", "", "the contract does not take it, and nothing says why")
    if allowed and missing:
        yield Breach("complete", missing[0]["pointer"], "it is called missing, and the contract does not ask for it")


def compiles_alike(source: Side, target: Side, document: Any, message: Message = "request") -> Iterator[Breach]:
    """Find where the straight way differs from the account's way, be it in the order of members."""
    bare = without(document, source.secrets)
    lifted = lift(bare, source.section(message))
    fast = compiled_lift(source.section(message))(bare)
    if not _identical(fast, lifted.hub):
        yield Breach("compiled", source.name, f"lift differs: {sorted(set(differences(lifted.hub, fast)))[:3]}")
    slow = lower(lifted.hub, target.section(message), reserved=target.reserved).document
    quick = compiled_lower(target.section(message), target.reserved)(lifted.hub)
    if not _identical(slow, quick):
        yield Breach("compiled", target.name, f"lower differs: {_first_difference(slow, quick)}")
    pair = compiled_pair(source.section(message), target.section(message), target.reserved, source.secrets)
    straight = pair(document, [])[0] if pair is not None else slow
    if not _identical(slow, straight):
        yield Breach("compiled", f"{source.name}-{target.name}", f"it differs: {_first_difference(slow, straight)}")


def _identical(one: Any, other: Any) -> bool:
    return jsontext.write(one) == jsontext.write(other)


def keeps_secrets(made: Translation, secrets: list[str]) -> Iterator[Breach]:
    """No secret value stands in ticket, report, problems or the other side's document."""
    shown = (
        made.draft,
        made.ticket,
        made.report,
        [(each.message, each.actual, each.fix) for each in made.problems],
    )
    texts = [str(each) for each in shown]
    for secret in secrets:
        if any(secret in text for text in texts):
            yield Breach("secrets", "", "a secret is shown")


def free_members_stay_free(source: Side, target: Side, document: Any) -> Iterator[Breach]:
    """No name that a sender chooses for a free member becomes a field of the receiver."""
    section = target.section("request")
    names = [name for line in _free_lines(section.operations) for name in sorted(line.declared)]
    names += sorted(target.reserved)
    lifted = lift(without(document, source.secrets), source.section("request"))
    plain = lower(lifted.hub, section, reserved=target.reserved).document
    taunted = {**lifted.hub, "attributes": {**lifted.hub.get("attributes", {}), **dict.fromkeys(names, "taunt")}}
    lowered = lower(taunted, section, reserved=target.reserved).document
    for place, value in leaves(lowered):
        if value == "taunt" and read(plain, place)[0] is ABSENT and place[-1] in names:
            yield Breach("free-members", pointer.join(place), "a free member became a field")


def _free_lines(operations: Any) -> Iterator[Rest]:
    for each in operations:
        if isinstance(each, Rest) and not each.to.up:
            yield each


# Edits at the receiver


def edits(source: Side, target: Side, document: Any) -> Iterator[tuple[Edit, Breach | None]]:
    """Change each leaf of what the receiver got, one at a time, and bring it home.

    Yields every edit with what became of it, and a breach where it came back in part, moved something else, or did
    not come back although it should: its cause is `source`, its new value is another one at the hub, and the sender
    can say it.
    """
    there = translate(source, target, document, UNCHECKED)
    if there.draft is None:
        return
    sent = without(document, source.secrets)
    lowered = there.trip.lowered
    for place, value in list(leaves(there.draft)):
        cause = lowered.causes.get(place)
        for new in new_values(cause, value):
            yield _edited(there, sent, place, new, cause)


def new_values(cause: Cause | None, value: Any) -> Iterator[Any]:
    """Give other values for a leaf: of its codec's samples the first that differs, else one of its own kind."""
    line = cause.line if cause is not None else None
    if isinstance(line, Leaf) and line.codec.name != "text":
        others = [
            written for written, _ in line.codec.samples if type(written) is type(value) and not is_same(written, value)
        ]
        yield from others[:1]
    elif isinstance(value, str):
        yield f"{value} changed" if value else "new"
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1


def _edited(there: Translation, sent: Any, place: Place, new: Any, cause: Cause | None) -> tuple[Edit, Breach | None]:
    came = copied(there.draft)
    write(came, place, new)
    back = translate_back(there.target, there.source, came, UNCHECKED, there.ticket)
    where = pointer.join(place)
    if back.draft is None:
        return Edit(place, new, returns=False, how=back.problems[0].code), None
    row = next(row for row in back.source_leaves if row["pointer"] == where)
    edit = Edit(place, new, row["outcome"] == "returned", row["how"])
    if cause is None or cause.kind != "source":
        moved = list(_moved(sent, back.draft))
        return edit, Breach("edit", where, f"it is {row['outcome']}, and changed {moved[0]}") if moved else None
    return edit, _judged(edit, row, sent, back)


_EXCUSED: Final = frozenset({"same-meaning", "refused", "unreadable", "no-container", "conflict", "not-mapped"})


def _judged(edit: Edit, row: dict[str, Any], sent: Any, back: Translation) -> Breach | None:
    where = pointer.join(edit.place)
    moved = list(_moved(sent, back.draft))
    if not edit.returns:
        if moved:
            return Breach("edit", where, f"it is {row['outcome']} ({row['how']}), and changed {moved[0]}")
        return None if row["how"] in _EXCUSED else Breach("edit", where, f"it did not come back: {row['how']}")
    allowed = {*row["targets"], *(each["pointer"] for each in back.target_leaves if each["cause"] == "followed")}
    gone = [each for each in moved if each not in allowed and not _is_below(each, allowed)]
    return Breach("edit", where, f"it also changed {gone[0]}") if gone else None


def _is_below(where: str, allowed: set[str]) -> bool:
    return any(where.startswith(f"{each}/") or each.startswith(f"{where}/") for each in allowed)


def _moved(one: Any, other: Any) -> Iterator[str]:
    left, right = dict(leaves(one)), dict(leaves(other))
    for place in dict.fromkeys((*left, *right)):
        if place not in left or place not in right or not is_same(left[place], right[place]):
            yield pointer.join(place)


def survives(source: Side, target: Side, document: Any) -> tuple[int, int]:
    """Count the leaves of a document that another partner can say, and all."""
    made = translate(source, target, document, UNCHECKED)
    rows = made.source_leaves
    return sum(row["outcome"] == "mapped" for row in rows), len(rows)
