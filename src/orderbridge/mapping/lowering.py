"""Lower, interpreted: a hub document to a partner's, keeping for every leaf why it is there.

What the hub holds and the partner cannot say is named with its reason, never bent to fit. The compiled code must do
the same without the account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.alternatives import chosen_set
from orderbridge.mapping.derive import Site, derived, identity
from orderbridge.mapping.document import ABSENT, copied, leaves, read, write
from orderbridge.mapping.lifting import PARENT, ROW, holds
from orderbridge.mapping.notation import below, write_path
from orderbridge.mapping.operations import (
    Constant,
    Each,
    Either,
    Group,
    HubPath,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    Rest,
    Tree,
)
from orderbridge.mapping.trace import Address, Cause, Lowered, NoImage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Fill, Operation, Path, Section
    from orderbridge.mapping.trace import CauseKind

_NO_CURRENCY_HERE: Final = "the amount is in {}, and here it can only be read as {}"
_ONE: Final = "1"
_OVERFLOW: Final = ", "


def lower(hub: dict[str, Any], section: Section, *, reserved: frozenset[str] = frozenset()) -> Lowered:
    """Lower a flat hub document; `reserved` are names that no free member may take (the ticket's slot)."""
    lowerer = _Lowerer(section, hub, reserved)
    lowerer.run()
    return lowerer.lowered


def lower_row(
    section: Section,
    line: Each,
    row: dict[str, Any],
    *,
    hub: dict[str, Any],
    elements: dict[str, dict[str, Any]],
    reserved: frozenset[str],
    position: int = 0,
) -> Lowered:
    """Lower one row alone to an element of a list; `elements` are those that it may name by their keys.

    `position` is what a position that is written down counts from. Causes are relative to the element.
    """
    lowerer = _Lowerer(section, hub, reserved)
    lowerer.elements = elements
    lowered = lowerer.lowered
    lowered.document = lowerer.element(lowerer.root, line, row, (position,), chosen=[])
    lowerer.late()
    lowered.causes = {place[1:]: cause for place, cause in lowered.causes.items()}
    return lowered


@dataclass(slots=True)
class _Scope:
    """Where operations stand: the object under construction and its place, a hub row and its name, what is around.

    `repeated` is the path of the row's key where an earlier row has the same.
    """

    whole: dict[str, Any]
    place: Place
    row: dict[str, Any]
    rows: str = ""
    handle: str = ""
    above: _Scope | None = None
    position: int = 0
    repeated: Path | None = None


class _Lowerer:
    """The state of lowering one document."""

    def __init__(self, section: Section, hub: dict[str, Any], reserved: frozenset[str]) -> None:
        self.section = section
        self.hub = hub
        self.reserved = reserved
        self.lowered = Lowered()
        self.root = _Scope(self.lowered.document, (), hub)
        self.implied = dict(section.context).get(section.currency)
        self.currency = hub.get(section.currency)
        self.elements: dict[str, dict[str, Any]] = {}
        self.waiting: list[tuple[_Scope, Any]] = []
        self.firsts: dict[str, dict[str, Operation]] = {}
        self.name: str | None = None

    def run(self) -> None:
        """Lower everything, then what looks at what is written, then name what was left out."""
        for leaf, value in self.section.context:
            if leaf in self.hub and not is_same(self.hub[leaf], value):
                self.refuse(Address("", "", leaf), f"here it is always {value!r}", None)
        self.each(self.root, self.section.operations)
        self.late()
        for name, lines in self.firsts.items():
            self.beyond_the_first(name, lines)

    def late(self) -> None:
        """Do what looks at the document: conditions, then derivations, then what names rows by their keys."""
        for kind in _LATE:
            for scope, line in [each for each in self.waiting if type(each[1]) is kind]:
                _LATE[kind](self, scope, line)

    def each(self, scope: _Scope, operations: Iterable[Operation]) -> None:
        for operation in operations:
            if isinstance(operation, (Leaf, Parts)) and operation.when is not None:
                self.waiting.append((scope, operation))
            else:
                _LOWER[type(operation)](self, scope, operation)

    # One value

    def leaf(self, scope: _Scope, line: Leaf, *, prefix: tuple[HubPath, HubPath] | None = None) -> None:
        if line.when is not None and not holds(scope.whole, line.when):
            return
        paths = (line.to,) if prefix is None else (moved(line.to, prefix),)
        for index, path in enumerate((*paths, *line.otherwise)):
            address, row = self.address(scope, path)
            value = row.get(path.leaf)
            if path.first is not None:
                self.firsts.setdefault(path.first, {})[path.leaf] = line
            if value is None:
                continue
            if scope.repeated == line.at and line.fill is not None:
                self.refuse(address, "another row has this key", line)
                break
            kind: CauseKind = "source" if index == 0 and prefix is None else "derived"
            self.value(scope, line, value, address, kind)
            return
        self.fill(scope, line, line.at, line.fill)

    def value(self, scope: _Scope, line: Leaf, value: Any, address: Address, kind: CauseKind) -> None:
        """Write a hub value, or say why it cannot be written."""
        currency = self.currency_of(scope, line, address)
        if isinstance(currency, Refused):
            self.refuse(address, currency.why, line)
            return
        written = line.codec.down(value, currency)
        if isinstance(written, Refused):
            self.refuse(address, written.why, line)
            return
        cause = Cause(kind, (address,), line, line.codec.lossy.get(value) if line.codec.lossy else None)
        for path in (line.at, *line.also):
            self.put(scope, path, written, cause)
        self.state_currency(scope, line, address, currency)

    def currency_of(self, scope: _Scope, line: Leaf, address: Address) -> Any:
        """Give the currency that an amount is in, or refuse one that would be read as another here."""
        if not address.leaf.endswith(".amount"):
            return self.currency if line.codec.currency else None
        own = self.row_of(address).get(f"{address.leaf.removesuffix('amount')}currency")
        currency = own or self.currency
        if currency is None:
            return None
        if self.implied is not None and currency != self.implied:
            return Refused(_NO_CURRENCY_HERE.format(currency, self.implied))
        if own is not None and own != self.currency and line.currency is None and self.section.states_currency:
            return Refused(_NO_CURRENCY_HERE.format(own, self.currency or "the order's currency"))
        return currency

    def state_currency(self, scope: _Scope, line: Leaf, address: Address, currency: Any) -> None:
        if line.currency is None or currency is None or currency == self.currency:
            return
        own = address._replace(leaf=f"{address.leaf.removesuffix('amount')}currency")
        self.put(scope, line.currency, currency, Cause("source", (own,), line))

    def row_of(self, address: Address) -> dict[str, Any]:
        rows = self.hub.get(address.rows, ()) if address.rows else (self.hub,)
        return next((row for row in rows if not address.rows or row[ROW] == address.row), {})

    def parts(self, scope: _Scope, line: Parts, *, prefix: tuple[HubPath, HubPath] | None = None) -> None:
        if line.when is not None and not holds(scope.whole, line.when):
            return
        paths = (line.to,) if prefix is None else (moved(line.to, prefix),)
        for index, path in enumerate((*paths, *line.otherwise)):
            address, row = self.address(scope, path)
            texts = row.get(path.leaf)
            if path.first is not None:
                self.firsts.setdefault(path.first, {})[path.leaf] = line
            if not texts:
                continue
            cause = Cause("source" if index == 0 and prefix is None else "derived", (address,), line)
            for at, text in zip(line.at, spread(texts, len(line.at)), strict=False):
                self.put(scope, at, text, cause)
            return
        self.fill(scope, line, line.at[0], line.fill)

    def fill(self, scope: _Scope, line: Operation, at: Path, fill: Fill | None) -> None:
        if fill is None:
            return
        if isinstance(fill, Constant):
            self.put(scope, at, copied(fill.value), Cause("defaulted", (), line))
            return
        self.waiting.append((scope, _Filling(line, at, fill)))

    def derive(self, scope: _Scope, filling: _Filling) -> None:
        """Work out a derivation once everything else is written, since it may look at that."""
        if read(scope.whole, filling.at)[0] is not ABSENT:
            return
        site = Site(self.hub, self.order, scope.rows, scope.row, scope.position, scope.whole)
        value, sources = derived(filling.fill, site, lambda path: self.look(scope, path))
        if value is not None:
            self.put(scope, filling.at, value, Cause("derived", tuple(sources), filling.line))

    def order(self) -> str:
        """Name the order among others; that is worked out once, from all that it holds if need be."""
        if self.name is None:
            self.name = identity(self.hub, self.section)
        return self.name

    def look(self, scope: _Scope, path: HubPath) -> tuple[Address, Any]:
        address, row = self.address(scope, path)
        return address, row.get(path.leaf)

    def group(self, scope: _Scope, group: Group) -> None:
        prefix = self.fallback(scope, group)
        for line in group.lines:
            if isinstance(line, (Leaf, Parts)) and line.when is not None:
                self.waiting.append((scope, line))
            elif isinstance(line, Parts):
                self.parts(scope, line, prefix=prefix)
            elif isinstance(line, Leaf):
                self.leaf(scope, line, prefix=prefix)
            else:
                self.leave(scope, line)

    def fallback(self, scope: _Scope, group: Group) -> tuple[HubPath, HubPath] | None:
        """Find the prefix that stands in for the group's own, which has nothing at all."""
        if not group.otherwise or any(self.has(scope, line.to) for line in group.lines if not isinstance(line, Leave)):
            return None
        for other in group.otherwise:
            prefix = (group.prefix, other)
            if any(self.has(scope, moved(line.to, prefix)) for line in group.lines if not isinstance(line, Leave)):
                return prefix
        return None

    def has(self, scope: _Scope, path: HubPath) -> bool:
        return self.address(scope, path)[1].get(path.leaf) is not None

    # Lists

    def rows(self, scope: _Scope, line: Each) -> None:
        chosen = [row for row in self.hub.get(line.to, ()) if self.is_chosen(row, line, scope)]
        if line.nest is not None:
            known = {row[ROW] for row in chosen}
            tops = [row for row in chosen if row.get(PARENT) not in known]
            self.written_list(scope, line, line.at, tops, chosen)
        else:
            self.written_list(scope, line, line.at, [row for row in chosen if self.is_flat(row, line)], [])
        if not chosen and line.make:
            self.make(scope, line)

    def is_chosen(self, row: dict[str, Any], line: Each, scope: _Scope) -> bool:
        if line.owner is not None and row.get(line.owner) != scope.handle:
            return False
        return all(is_same(row.get(leaf), value) for leaf, value in line.where)

    def is_flat(self, row: dict[str, Any], line: Each) -> bool:
        """Tell whether a row can stand in a list that does not nest; say why not."""
        parent = row.get(PARENT)
        if parent is None:
            return True
        why = ""
        if line.components == "refuse":
            why = "it is a part of another line, and there are no parts here"
        else:
            why = why_not_whole({each[ROW]: each for each in self.hub[line.to]}, row)
        if why:
            for leaf, value in row.items():
                self.refuse_row(line, row, leaf, value, why)
        return not why

    def refuse_row(self, line: Operation, row: dict[str, Any], leaf: str, value: Any, why: str) -> None:
        rows = line.to if isinstance(line, Each) else ""
        if leaf in {ROW, PARENT}:
            return
        for member in value if isinstance(value, dict) else ("",):
            self.refuse(Address(rows, row[ROW], leaf, member), why, line)

    def written_list(
        self,
        scope: _Scope,
        line: Each,
        at: Path,
        rows: list[dict[str, Any]],
        chosen: list[dict[str, Any]],
        *,
        around: _Scope | None = None,
    ) -> None:
        """Write a list of rows; `around` is the scope that their lines climb to, where it is not that of the object."""
        if not rows:
            return
        made: list[Any] = []
        place, tags = write(scope.whole, at, made)
        self.tag(scope, tags, line)
        if not place:
            return
        repeated = repeated_keys(line, rows)
        for row in rows:
            here = (*scope.place, *place, len(made))
            waiting = len(self.waiting)
            element = self.element(around or scope, line, row, here, chosen=chosen, is_repeated=row[ROW] in repeated)
            if element == {} and not self.can_add(waiting):
                # Nothing of the row can be said, and nothing will be filled in.
                del self.waiting[waiting:]
                del self.lowered.rows[here], self.elements[write_path(line.at)][row[ROW]]
            else:
                made.append(element)
        if not made:
            self.take_back(scope, at)

    def element(
        self,
        scope: _Scope,
        line: Each,
        row: dict[str, Any],
        here: Place,
        *,
        chosen: list[dict[str, Any]],
        is_repeated: bool = False,
    ) -> Any:
        element: dict[str, Any] = {}
        position = int(here[-1]) if here else 0
        inside = _Scope(element, here, row, line.to, row[ROW], scope, position, line.key if is_repeated else None)
        self.lowered.rows[here] = (line.to, row[ROW])
        self.elements.setdefault(write_path(line.at), {})[row[ROW]] = element
        scalar = next((each for each in line.body if isinstance(each, Leaf) and not each.at), None)
        if scalar is not None:
            return self.scalar(inside, scalar)
        self.each(inside, line.body)
        children = [each for each in chosen if each.get(PARENT) == row[ROW]]
        if children and line.nest is not None:
            self.written_list(inside, line, (line.nest,), children, chosen, around=scope)
        return element

    def can_add(self, since: int) -> bool:
        """Tell whether anything that waits from a number on may yet be written."""
        return any(
            not isinstance(line, (Leaf, Parts))
            or line.fill is not None
            or any(self.has(scope, path) for path in (line.to, *line.otherwise))
            for scope, line in self.waiting[since:]
        )

    def take_back(self, scope: _Scope, at: Path) -> None:
        """Remove a list that came out empty, and what was made to hold it."""
        for end in reversed(range(len(at))):
            holder, _ = read(scope.whole, at[:end])
            if not isinstance(holder, dict):
                return
            holder.pop(at[end], None)
            if holder:
                return

    def scalar(self, scope: _Scope, line: Leaf) -> Any:
        """Lower a row that is one value, not an object."""
        holder = _Scope({}, (), scope.row, scope.rows, scope.handle, scope.above, scope.position)
        before = set(self.lowered.causes)
        self.leaf(holder, replace(line, at=("",)))
        for place in set(self.lowered.causes) - before:
            self.lowered.causes[scope.place] = self.lowered.causes.pop(place)
        return holder.whole.get("")

    def make(self, scope: _Scope, line: Each) -> None:
        """Write one row that nothing asked for, of what can be derived alone."""
        element: dict[str, Any] = {}
        place, tags = write(scope.whole, line.at, [element])
        self.tag(scope, tags, line)
        if not place:
            return
        here = (*scope.place, *place, 0)
        self.elements.setdefault(write_path(line.at), {})[""] = element
        self.each(_Scope(element, here, {ROW: "new"}, line.to, "new", scope, 0), line.body)

    def beyond_the_first(self, name: str, lines: dict[str, Operation]) -> None:
        for row in self.hub.get(name, ())[1:]:
            for leaf in row:
                if leaf in lines:
                    why = f"several {name}: only the first can be said here"
                    self.refuse(Address(name, row[ROW], leaf), why, lines[leaf])

    def refer(self, scope: _Scope, line: Reference) -> None:
        elements = self.elements.get(line.rows, {})
        handle = scope.row.get(line.to)
        address = Address(scope.rows, scope.handle, line.to)
        if handle is not None and handle in elements:
            cause = Cause("source", (address,), line)
        elif handle is not None and elements:
            self.refuse(address, f"the row that it names is not in {line.rows}", line)
            return
        elif len(elements) == 1:
            handle = next(iter(elements))
            cause = Cause("derived", (), line)
        else:
            return
        key, _ = read(elements[handle], line.key)
        if key is not ABSENT:
            self.put(scope, line.at, key, cause)

    def members(self, scope: _Scope, line: Members) -> None:
        bound = [row for row in self.hub.get(line.rows, ()) if row.get(line.leaf) == scope.handle]
        # A part goes where the line goes that it belongs to.
        handles = {row[ROW] for row in bound}
        rows = [row for row in bound if row.get(PARENT) not in handles]
        if not rows:
            return
        made: list[Any] = []
        place, _ = write(scope.whole, line.at, made)
        for position, row in enumerate(rows):
            element: dict[str, Any] = {}
            made.append(element)
            inside = _Scope(element, (*scope.place, *place, position), row, line.rows, row[ROW], scope, position)
            cause = Cause("source", (Address(line.rows, row[ROW], line.leaf),), line)
            leaves_ = [each for way in line.match for each in way] + ([line.quantity] if line.quantity else [])
            for each in leaves_:
                value = row.get(each.to.leaf)
                written = each.codec.down(value, None) if value is not None else None
                if written is not None and not isinstance(written, Refused):
                    self.put(inside, each.at, written, cause)

    # Free members

    def tree(self, scope: _Scope, line: Tree) -> None:
        if not self.free(scope, line):
            self.fill(scope, line, line.at, line.fill)

    def rest(self, scope: _Scope, line: Rest) -> None:
        self.free(scope, line)

    def free(self, scope: _Scope, line: Tree | Rest) -> bool:
        address, row = self.address(scope, line.to)
        if line.to.first is not None:
            self.firsts.setdefault(line.to.first, {})[line.to.leaf] = line
        wrote = False
        for name, value in row.get(line.to.leaf, {}).items():
            own = address._replace(member=name)
            why = self.unfree(name, value, line)
            if why is not None:
                self.refuse(own, why, line)
                continue
            wrote = True
            self.put(scope, (*line.at, name), copied(value), Cause("source", (own,), line))
        return wrote

    def unfree(self, name: str, value: Any, line: Tree | Rest) -> str | None:
        """Say why a free member cannot be written: no name of the sender's may become a field of the receiver."""
        if name in line.declared:
            return f"{name!r} is a field of its own here, and a free member must not become it"
        if name in self.reserved:
            return f"{name!r} is where the ticket travels"
        if line.holds and not _types(value) & line.holds:
            return f"free members here are {' or '.join(sorted(line.holds))}"
        return None

    def leave(self, scope: _Scope, line: Leave) -> None:
        """Write what the partner wants there, if the mapping says so: nothing of the order belongs here."""
        self.fill(scope, line, line.at, line.fill)

    def either(self, scope: _Scope, line: Either) -> None:
        self.each(scope, chosen_set(line, self.hub))

    # Writing

    def address(self, scope: _Scope, path: HubPath) -> tuple[Address, dict[str, Any]]:
        if path.first is not None:
            rows = self.hub.get(path.first)
            return (Address(path.first, rows[0][ROW], path.leaf), rows[0]) if rows else (_nowhere(path), {})
        for _ in range(path.up):
            scope = scope.above or scope
        return Address(scope.rows, scope.handle, path.leaf), scope.row

    def put(self, scope: _Scope, path: Path, value: Any, cause: Cause) -> None:
        place, tags = write(scope.whole, path, value)
        self.tag(scope, tags, cause.line)
        if not place:
            return
        for leaf, _ in leaves(value, (*scope.place, *place)):
            self.lowered.causes[leaf] = cause

    def tag(self, scope: _Scope, tags: list[Place], line: Operation | None) -> None:
        for tag in tags:
            self.lowered.causes[*scope.place, *tag] = Cause("defaulted", (), line)

    def refuse(self, address: Address, why: str, line: Operation | None) -> None:
        self.lowered.no_images.append(NoImage(address, why, line))


@dataclass(frozen=True, slots=True)
class _Filling:
    """A derivation that waits for the rest of the document."""

    line: Operation
    at: Path
    fill: Any


def repeated_keys(line: Each, rows: list[dict[str, Any]]) -> frozenset[str]:
    """Name the rows whose key an earlier row has: their own cannot be told apart by it."""
    key = next((each for each in line.body if isinstance(each, Leaf) and each.at == line.key), None)
    if key is None or key.fill is None:
        return frozenset()
    seen: set[Any] = set()
    found = []
    for row in rows:
        value = row.get(key.to.leaf)
        if value is not None and value in seen:
            found.append(row[ROW])
        seen.add(value)
    return frozenset(found)


def spread(texts: list[str], places: int) -> list[str]:
    """Put lines into a number of places; what is over goes to the last one, behind commas."""
    if len(texts) <= places:
        return texts
    return [*texts[: places - 1], _OVERFLOW.join(texts[places - 1 :])]


def why_not_whole(by_handle: Mapping[str, dict[str, Any]], row: dict[str, Any]) -> str:
    """Say why a part cannot stand as a line of its own; nothing if one of each line that it belongs to is ordered."""
    why = ""
    parent = row.get(PARENT)
    while parent is not None and parent in by_handle:
        quantity = by_handle[parent].get("quantity", _ONE)
        if not is_one(quantity):
            why = f"it is a part of a line of which {quantity} are ordered: its own quantity would be misread"
        parent = by_handle[parent].get(PARENT)
    return why


def is_one(quantity: str) -> bool:
    """Tell whether a quantity is 1, however it is written."""
    return quantity == _ONE or ("." in quantity and quantity.rstrip("0") == f"{_ONE}.")


def moved(path: HubPath, prefix: tuple[HubPath, HubPath]) -> HubPath:
    """Give the leaf of another prefix that stands in for one of a group's own."""
    old, new = prefix
    leaf = path.leaf[len(old.leaf) + 1 :] if old.leaf else path.leaf
    return below(new, leaf)


def _nowhere(path: HubPath) -> Address:
    return Address(path.first or "", "0", path.leaf)


TYPES: Final[dict[type, frozenset[str]]] = {
    bool: frozenset({"boolean"}),
    dict: frozenset({"object"}),
    int: frozenset({"integer", "number"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
    type(None): frozenset({"null"}),
}
NUMBER: Final = frozenset({"number"})


def _types(value: Any) -> frozenset[str]:
    return TYPES.get(type(value), NUMBER)


_LOWER: Final[dict[type[Operation], Callable[[_Lowerer, _Scope, Any], None]]] = {
    Each: _Lowerer.rows,
    Either: _Lowerer.either,
    Group: _Lowerer.group,
    Leaf: _Lowerer.leaf,
    Leave: _Lowerer.leave,
    Members: lambda lowerer, scope, line: lowerer.waiting.append((scope, line)),
    Parts: _Lowerer.parts,
    Reference: lambda lowerer, scope, line: lowerer.waiting.append((scope, line)),
    Rest: _Lowerer.rest,
    Tree: _Lowerer.tree,
}
_LATE: Final[dict[type, Callable[[_Lowerer, _Scope, Any], None]]] = {
    Leaf: _Lowerer.leaf,
    Parts: _Lowerer.parts,
    _Filling: _Lowerer.derive,
    Reference: _Lowerer.refer,
    Members: _Lowerer.members,
}
