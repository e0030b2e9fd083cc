"""Rules on paths: every part of the contract has a line, every line a part of the contract, and none has two."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from orderbridge.codec.codec import is_same
from orderbridge.contract.members import ANY
from orderbridge.contract.secrets import is_unmarked
from orderbridge.mapping.lint.subject import Found, Part, Subject, origin, shown
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Count, Each, Leaf, Leave, Members, Parts, Reference, Rest, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.members import Steps
    from orderbridge.mapping.draft import Raw
    from orderbridge.mapping.survey import Seen

_OWN = frozenset({"at", "aka", "also", "match", "rows"})
"""Roles in which a line reads or writes its path, rather than looks at it."""


def unmentioned(part: Part) -> Iterator[Found]:
    """Find leaves of the contract that no line maps or leaves; secrets need none.

    A member that only the receiver sets needs one too: that it is `server-side` says nothing about answers, where
    the same member may be what the order is called, and a mapping that mentions it is known to have thought of it.
    """
    secrets = {name.casefold() for name in part.whole.contract.secrets}
    known: set[Steps] = set()
    for root in part.roots:
        for steps, here in root.leaves():
            if steps in known or here.is_secret or any(step.casefold() in secrets for step in steps):
                continue
            known.add(steps)
            if steps and not part.cover.of_leaf(steps):
                near = part.cover.nearest(steps)
                yield Found(near.line.origin if near else part.start, f"`{write_path(steps)}` has no line")


def unknown_path(part: Part) -> Iterator[Found]:
    """Find lines for members that the contract does not declare, under any spelling of the lists around them.

    A free member may have a line of its own, beside the one that takes the others.
    """
    free = {seen.at for seen in part.seen if isinstance(seen.line, (Tree, Rest))}
    found: dict[tuple[int, str], bool] = {}
    kept: dict[tuple[int, str], Seen] = {}
    for seen in part.seen:
        key = (id(seen.line), write_path(seen.written))
        found[key] = found.get(key, False) or seen.at[:-1] in free or bool(part.spots(seen))
        kept.setdefault(key, seen)
    for key, exists in found.items():
        if not exists:
            yield Found(kept[key].line.origin, f"{shown(kept[key])} is not declared by the contract")


def unknown_list(part: Part) -> Iterator[Found]:
    """Find references to a list, or a key of one, that this mapping does not have; and counts of what is no list."""
    lists = {(write_path(seen.line.at), seen.line.key) for seen in part.seen if isinstance(seen.line, Each)}
    for seen in part.seen:
        line = seen.line
        if isinstance(line, Reference) and (line.rows, line.key) not in lists:
            what = f"a list `{line.rows}` with the key `{write_path(line.key)}`"
            yield Found(line.origin, f"{shown(seen)} refers to {what}, and there is none")
        fill = getattr(line, "fill", None)
        if isinstance(fill, Count) and part.section.scope is not None and fill.of not in part.section.scope.lists:
            yield Found(line.origin, f"{shown(seen)} counts `{fill.of}`, which is no list of the hub")


def unknown_status(whole: Subject) -> Iterator[Found]:
    """Find statuses of errors for which the contract has no answer."""
    for status, raw in _statuses(whole):
        if whole.operation.response(status) is None:
            yield Found(origin(raw), f"{whole.operation.id} has no answer with the status {status}")


def _statuses(whole: Subject) -> Iterator[tuple[str, Raw]]:
    """Yield the statuses of errors with their places."""
    for raw in whole.draft.statuses.values():
        for each in raw.elements("a status") if isinstance(raw.value, list) else [raw]:
            yield str(each.value), each


def path_twice(part: Part) -> Iterator[Found]:
    """Find two lines that read and write one place."""
    places: dict[tuple[object, ...], list[Seen]] = {}
    for seen in part.seen:
        if seen.role in _OWN and not isinstance(seen.line, Rest):
            places.setdefault(seen.at, []).append(seen)
    for entries in places.values():
        for one, other in combinations(entries, 2):
            if one.line is not other.line and not exclude(one, other):
                first = one.line.origin.line
                yield Found(other.line.origin, f"{shown(other)} stands in line {first} already")


def leaf_twice(part: Part) -> Iterator[Found]:
    """Find two lines that read one leaf of the hub, of which neither is the exception.

    A line under a condition is one, beside a line without; of two under conditions, these have to contradict each
    other. In an answer, which never comes home, one instant or number may be given in two forms: by different codecs.
    """
    leaves: dict[tuple[object, ...], list[Seen]] = {}
    for seen in part.seen:
        if seen.hub is not None and seen.role == "at" and not isinstance(seen.line, (Members, Each)):
            leaves.setdefault((seen.hub, id(seen.home), seen.first), []).append(seen)
    for entries in leaves.values():
        for one, other in combinations(entries, 2):
            is_exception = (one.guard is None) != (other.guard is None)
            if one.line is other.line or is_exception or exclude(one, other) or _is_other_form(one, other, part):
                continue
            where = f"{one.line.origin.line}"
            yield Found(
                other.line.origin, f"{shown(other)} is read into `{other.hub}`, as {shown(one)} is in line {where}"
            )


def _is_other_form(one: Seen, other: Seen, part: Part) -> bool:
    if part.message == "request" or not isinstance(one.line, Leaf) or not isinstance(other.line, Leaf):
        return False
    return one.line.codec.name != other.line.codec.name


def exclude(one: Seen, other: Seen) -> bool:
    """Tell whether two lines never hold together: alternatives of one `either`, or contradicting conditions."""
    here, there = one.choice, other.choice
    if here is not None and there is not None and here.either == there.either and here.number != there.number:
        return True
    first, second = one.guard, other.guard
    return first is not None and second is not None and first.at == second.at and not is_same(first.value, second.value)


def declared(part: Part) -> Iterator[Found]:
    """Find members with a meaning of their own among those that travel as free ones.

    A line for free members leaves out what the contract declares where it stands; but other spellings of the list
    around it, children of nested elements and errors of other statuses may declare more.
    """
    for seen in part.seen:
        if isinstance(seen.line, (Tree, Rest)):
            names = sorted({name for here in part.spots(seen) for name in here.members} - seen.line.declared)
            if names:
                which = ", ".join(f"`{name}`" for name in names[:5])
                yield Found(seen.line.origin, f"{shown(seen)} takes members that the contract declares: {which}")


def secret(part: Part) -> Iterator[Found]:
    """Find lines on secrets, and on members that look like unmarked ones."""
    contract = part.whole.contract
    secrets = {name.casefold() for name in contract.secrets}
    for seen in part.seen:
        names = [step for step in seen.steps if step != ANY]
        if isinstance(seen.line, Leave) or not names or seen.role not in _OWN:
            continue
        if any(name.casefold() in secrets for name in names):
            yield Found(seen.line.origin, f"{shown(seen)} is a secret by the contract")
        elif any(is_unmarked(names[-1], schema, here.document) for here in part.spots(seen) for schema in here.schemas):
            yield Found(seen.line.origin, f"{shown(seen)} looks like a secret and is not marked")


def guard(part: Part) -> Iterator[Found]:
    """Find conditions on siblings that no unconditional line writes."""
    written = {seen.at for seen in part.seen if _is_settled(seen)}
    for seen in part.seen:
        if seen.role == "test" and isinstance(seen.line, (Leaf, Parts)) and seen.at not in written:
            yield Found(seen.line.origin, f"the condition looks at {shown(seen)}, which no unconditional line writes")


def _is_settled(seen: Seen) -> bool:
    if isinstance(seen.line, Leave):
        return seen.line.fill is not None
    return seen.role in {*_OWN, "tag"} and seen.guard is None


def slot(whole: Subject) -> Iterator[Found]:
    """Find a slot in which a ticket cannot travel."""
    here = whole.mapping.slot
    request = next((part for part in whole.parts if part.message == "request"), None)
    if here is None or request is None:
        return
    *way, last = here.at
    where = f"`{write_path(here.at)}`"
    for root in request.roots:
        around = root.at(tuple(str(step) for step in way))
        if not around.exists and way:
            yield Found(whole.head("slot"), f"{where} stands in nothing that the contract declares")
        elif str(last) in around.members:
            yield Found(whole.head("slot"), f"{where} is a member that the contract declares")
        elif not around.is_open:
            yield Found(whole.head("slot"), f"{where} stands in an object that takes no further members")


def identity(whole: Subject) -> Iterator[Found]:
    """Find paths that are to name an order and are not read."""
    request = next((part for part in whole.parts if part.message == "request"), None)
    if request is None:
        return
    read = {seen.at for seen in request.seen if seen.hub is not None and seen.role in {"at", "aka"}}
    for path in request.section.identity:
        if path not in read:
            yield Found(whole.head("identity"), f"no line of the request reads `{write_path(path)}`")
