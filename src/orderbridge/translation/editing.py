"""Single leaves written into the sender's own document: at the place and in the spelling in which they were read there.

Every write is proved: the document is lifted again, and if anything but the edited leaf came out differently, or the
sender's contract no longer takes the document, it is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.codec.codec import Refused, is_same
from orderbridge.codec.regions import region_code
from orderbridge.mapping.document import ABSENT, copied, is_blank, read, write
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.operations import Either, Group, Leaf, Parts, Reference, Rest, Tree
from orderbridge.mapping.reach import holds
from orderbridge.mapping.saying import spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message, Operation, Path
    from orderbridge.mapping.trace import Address, Lifted, Read
    from orderbridge.translation.side import Side

Change = tuple["Place", Any]
"""A place and its new value; `ABSENT` takes it away."""
LISTS: Final = {"shipment": "shipments", "line": "lines", "parent": "lines"}
"""Hub leaves that hold a row's handle, and the list that the row is in."""
_GONE: Final = "the leaf is made of something else here"


class Editor:
    """Writes hub leaves into one document, which it changes."""

    def __init__(self, home: Side, message: Message, document: Any, lifted: Lifted) -> None:
        """Take the document and what it was lifted to."""
        self.section = home.section(message)
        self.reserved = home.reserved
        self.document = document
        self.lifted = lifted
        self.hub = copied(lifted.hub)
        self.wanted: Mapping[Address, Any] = {}

    def write_all(
        self, values: Mapping[Address, Any], is_acceptable: Callable[[Any], bool]
    ) -> dict[Address, list[Place] | str]:
        """Write hub leaves (`ABSENT` removes one): the places that changed, or the reason why a leaf stays as it was.

        They are written together if nothing speaks against it, which is quick and bears what only holds together; else
        one after the other.
        """
        self.wanted = values
        found = self._together(values, is_acceptable)
        if found is None:
            found = {}
            for address, value in values.items():
                found[address] = self._alone(address, value, is_acceptable)
        return {address: self._led(address, each) for address, each in found.items()}

    def _led(self, address: Address, outcome: list[Place] | str) -> list[Place] | str:
        """Count a leaf that is read elsewhere as written where what it is read from was written to the same end."""
        known = self.lifted.reads.get(address)
        if known is None or known.place is not None or not known.places or not self._has_changed(address):
            return outcome
        return list(known.places)

    def _together(
        self, values: Mapping[Address, Any], is_acceptable: Callable[[Any], bool]
    ) -> dict[Address, list[Place] | str] | None:
        changes = {address: self._changes(address, value) for address, value in values.items()}
        written = {address: each for address, each in changes.items() if not isinstance(each, str)}
        undo = [self._apply(change) for each in written.values() for change in each]
        if self._doubt({address: values[address] for address in written}, is_acceptable) is None:
            return {address: each if isinstance(each, str) else _places(each) for address, each in changes.items()}
        _undo(undo)
        return None

    def _alone(self, address: Address, value: Any, is_acceptable: Callable[[Any], bool]) -> list[Place] | str:
        changes = self._changes(address, value)
        if isinstance(changes, str):
            return changes
        undo = [self._apply(change) for change in changes]
        why = self._doubt({address: value}, is_acceptable)
        if why is None:
            return _places(changes)
        _undo(undo)
        return f"refused: {why}"

    def _changes(self, address: Address, value: Any) -> list[Change] | str:
        known = self.lifted.reads.get(address)
        return self._added(address, value) if known is None else self._changed(known, address, value)

    def _doubt(self, values: Mapping[Address, Any], is_acceptable: Callable[[Any], bool]) -> str | None:
        """Say what speaks against the document as it is now; if nothing does, it is what later changes start from."""
        if not is_acceptable(self.document):
            return "the sender's contract does not take it"
        now = lift(self.document, self.section).hub
        rows = _by_handle(now)
        beside = {*differences(self.hub, now)}.difference(*map(_reach, values))
        if beside and not beside.issubset(self._led_to(rows)):
            return "it would change more than this"
        if not all(self._is_said(rows, address, value) for address, value in values.items()):
            return "the sender cannot say it"
        self.hub = now
        return None

    def _led_to(self, rows: Mapping[tuple[str, str], dict[str, Any]]) -> set[tuple[str, str, str]]:
        """Give what another edit wants as well, and is no side effect."""
        led = (address for address, value in self.wanted.items() if self._is_said(rows, address, value))
        return {each for address in led for each in _reach(address)}

    def _is_said(self, rows: Mapping[tuple[str, str], dict[str, Any]], address: Address, value: Any) -> bool:
        here = rows.get((address.rows, address.row), {}).get(address.leaf, ABSENT)
        if address.member:
            here = here.get(address.member, ABSENT) if isinstance(here, dict) else ABSENT
        if here is ABSENT and value is not ABSENT and _is_currency(address):
            # An amount that names no currency is in the order's.
            here = rows["", ""].get(self.section.currency, ABSENT)
        if here is ABSENT or value is ABSENT:
            return here is value
        codec = getattr(getattr(self.lifted.reads.get(address), "line", None), "codec", None)
        return bool(codec.same(here, value)) if codec is not None else is_same(here, value)

    # What to change

    def _changed(self, known: Read, address: Address, value: Any) -> list[Change] | str:
        """Work out the changes where the sender has the leaf."""
        if known.place is None or type(known.line) not in _CHANGES:
            return f"no-container: {_GONE}"
        return _CHANGES[type(known.line)](self, known, known.line, address, value)

    def _changed_member(self, known: Read, line: Tree | Rest, address: Address, value: Any) -> list[Change] | str:
        place = known.place or ()
        return [(place, value if value is ABSENT else _own(read(self.document, place)[0], value))]

    def _changed_leaf(self, known: Read, line: Leaf, address: Address, value: Any) -> list[Change] | str:
        places = [known.place or (), *self._twins(known, line)]
        if value is ABSENT:
            return [(place, ABSENT) for place in places]
        if _is_currency(address):
            return [(places[0], value)]
        written = line.codec.down(value, self._currency())
        if isinstance(written, Refused):
            return f"refused: {written.why}"
        return [(place, self._respelt(written, read(self.document, place)[0], line, value)) for place in places]

    def _currency(self) -> Any:
        return self.lifted.hub.get(self.section.currency)

    def _twins(self, known: Read, line: Leaf) -> Iterator[Place]:
        """Give the places that say the same again."""
        scope = known.place[: len(known.place) - len(known.spelling)] if known.place is not None else ()
        element, _ = read(self.document, scope)
        for path in (line.at, *line.aka, *line.also):
            value, place = read(element, path)
            mark = self.lifted.marks.get((*scope, *place))
            if value is ABSENT or (*scope, *place) == known.place or mark is None or mark.line is not line:
                continue
            if mark.came == "read":
                yield (*scope, *place)

    def _respelt(self, written: Any, old: Any, line: Leaf, value: Any) -> Any:
        """Write a value as the JSON type that stands there, where that loses nothing."""
        other = _as_type_of(written, old)
        if other is written:
            return written
        meant = line.codec.up(other, self._currency())
        return other if not isinstance(meant, Refused) and line.codec.same(meant, value) else written

    def _changed_parts(self, known: Read, line: Parts, address: Address, texts: Any) -> list[Change] | str:
        """Put lines into the places in which lines stood, then into further ones; places left over are emptied."""
        if texts is ABSENT:
            return [(place, ABSENT) for place in known.places]
        scope = known.places[0][: len(known.places[0]) - _length(line, known.places[0])]
        free = [(*scope, *_plain(path)) for path in line.at]
        places = [*known.places, *(place for place in free if place not in known.places)]
        ordered = sorted(places[: max(len(known.places), min(len(texts), len(free)))], key=free.index)
        spread_ = spread(texts, len(free))
        kept = ordered[: len(spread_)]
        return [*zip(kept, spread_, strict=True), *((place, ABSENT) for place in known.places if place not in kept)]

    def _changed_reference(self, known: Read, line: Reference, address: Address, handle: Any) -> list[Change] | str:
        if handle is ABSENT:
            return [(known.place or (), ABSENT)]
        key = self._key_of(line, handle)
        return "no-container: the row has no key" if key is ABSENT else [(known.place or (), key)]

    def _key_of(self, line: Reference, handle: str) -> Any:
        there = self.lifted.rows.get((LISTS.get(line.to, ""), handle))
        return ABSENT if there is None else read(read(self.document, there.place)[0], line.key)[0]

    def _added(self, address: Address, value: Any) -> list[Change] | str:
        """Work out the changes where the sender has no such leaf yet."""
        if value is ABSENT:
            return []
        scope, line = self._home_of(address)
        if line is None:
            return "no-container: the row has no place of its own" if scope is None else "not-mapped: no line for it"
        return _ADDITIONS[type(line)](self, line, scope or (), address, value)

    def _added_member(self, line: Tree | Rest, at: Place, address: Address, value: Any) -> list[Change] | str:
        if address.member in line.declared or address.member in self.reserved:
            return "refused: it is a field of its own here"
        return [((*at, *_plain(line.at), address.member), value)]

    def _added_reference(self, line: Reference, at: Place, address: Address, handle: Any) -> list[Change] | str:
        key = self._key_of(line, handle)
        return "no-container: the row has no key" if key is ABSENT else [((*at, *_plain(line.at)), key)]

    def _added_parts(self, line: Parts, at: Place, address: Address, texts: Any) -> list[Change] | str:
        lines = spread(texts, len(line.at))
        return [((*at, *_plain(path)), text) for path, text in zip(line.at, lines, strict=False)]

    def _added_leaf(self, line: Leaf, at: Place, address: Address, value: Any) -> list[Change] | str:
        if line.currency is not None and _is_currency(address):
            return [((*at, *self._concrete(at, line.currency)), value)]
        written = line.codec.down(value, self._currency())
        if isinstance(written, Refused):
            return f"refused: {written.why}"
        return [((*at, *self._concrete(at, line.at)), written)]

    def _concrete(self, scope: Place, path: Path) -> Place:
        """Make a path concrete, elements that are selected by a value included."""
        element = copied(read(self.document, scope)[0])
        place, _ = write(element, path, True) if isinstance(element, dict) else ((), [])  # noqa: FBT003 - any value
        return place or _plain(path)

    def _home_of(self, address: Address) -> tuple[Place | None, Operation | None]:
        """Find the scope and the line that would write a leaf."""
        if not address.rows:
            return (), self._line_for(self.section.operations, address.leaf, None, ())
        row = self.lifted.rows.get((address.rows, address.row))
        if row is not None:
            return row.place, self._line_for(row.line.body, address.leaf, None, row.place)
        rows = self.lifted.hub.get(address.rows)
        if rows and rows[0]["row"] == address.row:
            return (), self._line_for(self.section.operations, address.leaf, address.rows, ())
        return None, None

    def _line_for(
        self, operations: Iterable[Operation], leaf: str, first: str | None, scope: Place
    ) -> Operation | None:
        for each in operations:
            found = self._matching(each, leaf, first, scope)
            if found is not None:
                return found
        return None

    def _matching(self, each: Operation, leaf: str, first: str | None, scope: Place) -> Operation | None:
        if isinstance(each, Group):
            return self._line_for(each.lines, leaf, first, scope)
        if isinstance(each, Either):
            present = [one for one in each.sets if any(self._is_there(line) for line in one)]
            return self._line_for((present or [each.sets[0]])[-1], leaf, first, scope)
        if isinstance(each, Reference):
            return each if first is None and each.to == leaf else None
        if not isinstance(each, (Leaf, Parts, Tree, Rest)) or each.to.up or each.to.first != first:
            return None
        if leaf != each.to.leaf and not (isinstance(each, Leaf) and _is_currency_of(leaf, each)):
            return None
        when = each.when if isinstance(each, (Leaf, Parts)) else None
        return each if when is None or holds(read(self.document, scope)[0], when) else None

    def _is_there(self, line: Operation) -> bool:
        at = line.at if not isinstance(line, (Parts, Either)) else ()
        value = read(self.document, at)[0] if at and isinstance(at[0], str) else ABSENT
        return value is not ABSENT and not is_blank(value)

    # Changing

    def _apply(self, change: Change) -> Callable[[], None]:
        """Make a change; give what takes it back."""
        place, value = change
        holder, _ = read(self.document, place[:-1])
        key = place[-1]
        if value is not ABSENT and not _has(holder, key):
            undo = unmaking(self.document, place)
            write(self.document, place, value)
            return undo
        if not _has(holder, key):
            return nothing
        before = holder.copy()
        if value is ABSENT:
            del holder[key]
        else:
            holder[key] = value
        return lambda: _refilled(holder, before)

    def follow(self, edited: Iterable[Address], is_acceptable: Callable[[Any], bool]) -> dict[Address, list[Place]]:
        """Make leaves that depend on edited ones again if certain, else take them away; given by what they follow."""
        edited = tuple(edited)
        changed: dict[Address, list[Place]] = {}
        done: set[Address] = set()
        for address in edited:
            for follower in self._followers(address):
                known = self.lifted.reads.get(follower)
                if follower in done or follower in edited or known is None or known.place is None:
                    continue
                if not isinstance(known.line, Leaf) or _value_at(self.hub, follower) is ABSENT:
                    continue
                if not self._has_changed(address):
                    continue
                done.add(follower)
                places = [known.place, *self._twins(known, known.line)]
                value = self._derived_again(follower, known.line)
                undo = [self._apply((place, value)) for place in places]
                if is_acceptable(self.document):
                    changed.setdefault(address, []).extend(places)
                    continue
                _undo(undo)
        return changed

    def _has_changed(self, address: Address) -> bool:
        """Tell whether an edit took effect."""
        return not is_same(_value_at(self.hub, address), _value_at(self.lifted.hub, address))

    def _followers(self, address: Address) -> Iterator[Address]:
        scope = self.section.scope
        leaves_ = scope.lists[address.rows].leaves if scope and address.rows else scope.leaves if scope else {}
        head, dot, name = address.leaf.rpartition(".")
        for leaf, what in leaves_.items():
            if name in what.follows and leaf.rpartition(".")[0] == head:
                yield address._replace(leaf=leaf)
        del dot

    def _derived_again(self, follower: Address, line: Leaf) -> Any:
        head = follower.leaf.rpartition(".")[0]
        row = _row(self.hub, follower)
        region, country = (row.get(f"{head}.{name}" if head else name) for name in ("region", "country"))
        code = region_code(region, country) if region and country else None
        written = line.codec.down(code, None) if code is not None else ABSENT
        return ABSENT if isinstance(written, Refused) else written


_Change = Callable[[Editor, "Read", Any, "Address", Any], "list[Change] | str"]
_Addition = Callable[[Editor, Any, "Place", "Address", Any], "list[Change] | str"]
_CHANGES: Final[dict[type, _Change]] = {
    Leaf: Editor._changed_leaf,  # noqa: SLF001 - the table of this module's own ways to write
    Parts: Editor._changed_parts,  # noqa: SLF001
    Reference: Editor._changed_reference,  # noqa: SLF001
    Rest: Editor._changed_member,  # noqa: SLF001
    Tree: Editor._changed_member,  # noqa: SLF001
}
_ADDITIONS: Final[dict[type, _Addition]] = {
    Leaf: Editor._added_leaf,  # noqa: SLF001
    Parts: Editor._added_parts,  # noqa: SLF001
    Reference: Editor._added_reference,  # noqa: SLF001
    Rest: Editor._added_member,  # noqa: SLF001
    Tree: Editor._added_member,  # noqa: SLF001
}


def differences(one: dict[str, Any], other: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the leaves in which two flat hub documents differ, as list, row, leaf."""
    for name in {**one, **other}:
        left, right = one.get(name, ABSENT), other.get(name, ABSENT)
        if _are_rows(left) or _are_rows(right):
            yield from _row_differences(name, left if _are_rows(left) else [], right if _are_rows(right) else [])
        elif left is ABSENT or right is ABSENT or not is_same(left, right):
            yield "", "", name


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _row_differences(name: str, one: list[Any], other: list[Any]) -> Iterator[tuple[str, str, str]]:
    rows = {row["row"]: row for row in one}
    others = {row["row"]: row for row in other}
    for handle in {**rows, **others}:
        for _, _, leaf in differences(rows.get(handle, {}), others.get(handle, {})):
            yield name, handle, leaf


def _row(hub: dict[str, Any], address: Address) -> dict[str, Any]:
    if not address.rows:
        return hub
    return next((row for row in hub.get(address.rows, ()) if row["row"] == address.row), {})


def _value_at(hub: dict[str, Any], address: Address) -> Any:
    return _row(hub, address).get(address.leaf, ABSENT)


def _plain(path: Path) -> Place:
    return tuple(token for token in path if isinstance(token, (str, int)))


def _length(line: Parts, place: Place) -> int:
    return next((len(path) for path in line.at if place[len(place) - len(path) :] == _plain(path)), 0)


def _as_type_of(written: Any, old: Any) -> Any:
    if isinstance(old, str) and isinstance(written, (int, Decimal)) and not isinstance(written, bool):
        return jsontext.write(written).decode()
    is_number = isinstance(old, (int, Decimal)) and not isinstance(old, bool)
    if is_number and isinstance(written, str):
        value, problems = jsontext.read(written)
        if not problems and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return value
    return written


def _own(old: Any, new: Any) -> Any:
    """Give a new value, its equal parts as they are written already: 1 stays 1 where 1.0 came."""
    if is_same(old, new):
        return old
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: _own(old.get(name, ABSENT), value) for name, value in new.items()}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [*map(_own, old, new)]
    return new


def _has(holder: Any, key: Any) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(holder)
    return isinstance(holder, dict) and key in holder


def _refilled(holder: Any, before: Any) -> None:
    """Put a container back to what it was, the container itself staying the same."""
    holder.clear()
    holder.extend(before) if isinstance(holder, list) else holder.update(before)


def nothing() -> None:
    """Take nothing back."""


def unmaking(document: Any, path: Path) -> Callable[[], None]:
    """Give what takes away all that writing at a path is going to make."""
    here = document
    for token in path[:-1]:
        there = read(here, (token,))[0]
        if not isinstance(there, (dict, list)):
            break
        here = there
    if not isinstance(here, (dict, list)):
        return nothing
    before = here.copy()
    return lambda: _refilled(here, before)


def _undo(steps: list[Callable[[], None]]) -> None:
    for step in reversed(steps):
        step()


def _places(changes: list[Change]) -> list[Place]:
    return [place for place, _ in changes]


def _is_currency(address: Address) -> bool:
    """Tell whether a leaf is the currency of an amount of its own."""
    return address.leaf.endswith(".currency")


def _is_currency_of(leaf: str, line: Leaf) -> bool:
    return line.currency is not None and leaf == _currency_beside(line.to.leaf)


def _currency_beside(leaf: str) -> str:
    return f"{leaf.removesuffix('.amount')}.currency"


def _reach(address: Address) -> Iterator[tuple[str, str, str]]:
    """Yield what may change with a leaf: itself, and the currency beside an amount."""
    yield address.rows, address.row, address.leaf
    yield address.rows, address.row, _currency_beside(address.leaf)


def _by_handle(hub: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    rows = {(name, row["row"]): row for name, value in hub.items() if _are_rows(value) for row in value}
    return {("", ""): hub, **rows}
