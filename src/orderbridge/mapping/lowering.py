"""Lower, interpreted: a hub document to a partner's, keeping for every leaf why it is there.

What the hub holds and the partner cannot say is named with its reason, never bent to fit. The compiled code must do
the same without the account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.alternatives import chosen_set
from orderbridge.mapping.document import ABSENT, copied, read, write
from orderbridge.mapping.lifting import PARENT, ROW
from orderbridge.mapping.notation import path_text
from orderbridge.mapping.operations import (
    Each,
    Either,
    Group,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    Rest,
    Tree,
)
from orderbridge.mapping.plain import plain_write
from orderbridge.mapping.plans import Plans
from orderbridge.mapping.saying import Filling, Saying, Scope
from orderbridge.mapping.trace import Address, Cause, Lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Operation, Path, Section
    from orderbridge.mapping.plain import PlainWrite, WriteTrace
_ONE: Final = "1"


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


class _Lowerer(Saying):
    """The state of lowering one document."""

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

    def each(self, scope: Scope, operations: Sequence[Operation]) -> None:
        """Do those operations that have anything to write: of most the hub has nothing."""
        row, plan = scope.row, _PLANS.of(operations)
        traces = plan.kept.of(scope.place, scope.rows, scope.handle)
        for leaf, do, operation, plain in plan.steps:
            if leaf is not None and row.get(leaf) is None:
                continue
            if plain is None or scope.repeated is not None or not self.plain(scope, plain, traces):
                do(self, scope, operation)

    def plain(self, scope: Scope, plain: PlainWrite, traces: list[WriteTrace | None]) -> bool:
        """Write what most lines come down to, without further calls; False where there is more to it."""
        value = scope.row.get(plain.leaf)
        if value is None:
            return False
        written = plain.line.codec.down(value, None)
        if isinstance(written, (Refused, dict, list)):
            return False
        here: Any = scope.whole
        for name in plain.inner:
            if name not in here:
                here[name] = {}
            here = here[name]
            if not isinstance(here, dict):
                return False
        here[plain.last] = written
        place, cause = traces[plain.number] or plain.traced(scope.place, scope.rows, scope.handle, traces)
        self.lowered.causes[place] = cause
        return True

    def shape(self, scope: Scope, group: Group) -> None:
        """Write a shape, from the prefix that stands in for its own where that has nothing."""
        prefix = self.fallback(scope, group)
        if prefix is None:
            self.each(scope, group.lines)
        else:
            self.group(scope, group, prefix)

    # Lists

    def rows(self, scope: Scope, line: Each) -> None:
        chosen = [row for row in self.hub.get(line.to, ()) if self.is_chosen(row, line, scope)]
        if line.nest is not None:
            known = {row[ROW] for row in chosen}
            tops = [row for row in chosen if row.get(PARENT) not in known]
            self.written_list(scope, line, line.at, tops, chosen)
        else:
            self.written_list(scope, line, line.at, [row for row in chosen if self.is_flat(row, line)], [])
        if not chosen and line.make:
            self.make(scope, line)

    def is_chosen(self, row: dict[str, Any], line: Each, scope: Scope) -> bool:
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
        scope: Scope,
        line: Each,
        at: Path,
        rows: list[dict[str, Any]],
        chosen: list[dict[str, Any]],
        *,
        around: Scope | None = None,
    ) -> None:
        """Write a list of rows; `around` is the scope that their lines climb to, where it is not that of the object."""
        if not rows:
            return
        made: list[Any] = []
        before, _ = read(scope.whole, at)
        place, tags = write(scope.whole, at, made)
        self.tag(scope, tags, line)
        if not place:
            return
        repeated = repeated_keys(line, rows)
        for row in rows:
            here = (*scope.place, *place, len(made))
            waiting = len(self.waiting)
            element = self.element(around or scope, line, row, here, chosen=chosen, is_repeated=row[ROW] in repeated)
            if element is None or (element == {} and not line.is_whole and not self.can_add(waiting)):
                # Nothing of the row can be said, and nothing will be filled in.
                del self.waiting[waiting:]
                del self.lowered.rows[here], self.elements[path_text(line.at)][row[ROW]]
            else:
                made.append(element)
        if made:
            return
        if before is ABSENT:
            self.take_back(scope, at)
        else:
            write(scope.whole, at, before)

    def element(
        self,
        scope: Scope,
        line: Each,
        row: dict[str, Any],
        here: Place,
        *,
        chosen: list[dict[str, Any]],
        is_repeated: bool = False,
    ) -> Any:
        element: dict[str, Any] = {}
        position = int(here[-1]) if here else 0
        inside = Scope(element, here, row, line.to, row[ROW], scope, position, line.key if is_repeated else None)
        self.lowered.rows[here] = (line.to, row[ROW])
        self.elements.setdefault(path_text(line.at), {})[row[ROW]] = element
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

    def take_back(self, scope: Scope, at: Path) -> None:
        """Remove a list that came out empty, and what was made to hold it."""
        for end in reversed(range(len(at))):
            holder, _ = read(scope.whole, at[:end])
            if not isinstance(holder, dict):
                return
            holder.pop(at[end], None)
            if holder:
                return

    def scalar(self, scope: Scope, line: Leaf) -> Any:
        """Lower a row that is one value, not an object; None where it cannot be said."""
        holder = Scope({}, (), scope.row, scope.rows, scope.handle, scope.above, scope.position)
        before = set(self.lowered.causes)
        self.leaf(holder, replace(line, at=("",)))
        for place in set(self.lowered.causes) - before:
            self.lowered.causes[scope.place] = self.lowered.causes.pop(place)
        return holder.whole.get("")

    def make(self, scope: Scope, line: Each) -> None:
        """Write one row that nothing asked for, of what can be derived alone."""
        element: dict[str, Any] = {}
        place, tags = write(scope.whole, line.at, [element])
        self.tag(scope, tags, line)
        if not place:
            return
        here = (*scope.place, *place, 0)
        self.elements.setdefault(path_text(line.at), {})[""] = element
        self.each(Scope(element, here, {ROW: "new"}, line.to, "new", scope, 0), line.body)

    def beyond_the_first(self, name: str, lines: dict[str, Operation]) -> None:
        for row in self.hub.get(name, ())[1:]:
            for leaf in row:
                if leaf in lines:
                    why = f"several {name}: only the first can be said here"
                    self.refuse(Address(name, row[ROW], leaf), why, lines[leaf])

    def refer(self, scope: Scope, line: Reference) -> None:
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

    def members(self, scope: Scope, line: Members) -> None:
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
            inside = Scope(element, (*scope.place, *place, position), row, line.rows, row[ROW], scope, position)
            cause = Cause("source", (Address(line.rows, row[ROW], line.leaf),), line)
            leaves_ = [each for way in line.match for each in way] + ([line.quantity] if line.quantity else [])
            for each in leaves_:
                value = row.get(each.to.leaf)
                written = each.codec.down(value, None) if value is not None else None
                if written is not None and not isinstance(written, Refused):
                    self.put(inside, each.at, written, cause)

    # Free members

    def tree(self, scope: Scope, line: Tree) -> None:
        if not self.free(scope, line):
            self.fill(scope, line, line.at, line.fill)

    def rest(self, scope: Scope, line: Rest) -> None:
        self.free(scope, line)

    def free(self, scope: Scope, line: Tree | Rest) -> bool:
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

    def either(self, scope: Scope, line: Either) -> None:
        self.each(scope, chosen_set(line, self.hub))


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


_LOWER: Final[dict[type[Operation], Callable[[_Lowerer, Scope, Any], None]]] = {
    Each: _Lowerer.rows,
    Either: _Lowerer.either,
    Group: _Lowerer.shape,
    Leaf: _Lowerer.leaf,
    Leave: _Lowerer.leave,
    Members: lambda lowerer, scope, line: lowerer.waiting.append((scope, line)),
    Parts: _Lowerer.parts,
    Reference: lambda lowerer, scope, line: lowerer.waiting.append((scope, line)),
    Rest: _Lowerer.rest,
    Tree: _Lowerer.tree,
}
_Step = tuple["str | None", "Callable[[_Lowerer, Scope, Any], None]", "Operation", "PlainWrite | None"]


def _step(number: int, line: Operation) -> _Step:
    """Say of an operation what does it, and of some the one leaf of the row without which they are void."""
    return _only_leaf(line), _waits if _is_late(line) else _LOWER[type(line)], line, plain_write(number, line)


_PLANS: Final[Plans[_Step, WriteTrace]] = Plans(_step)


def _is_late(operation: Operation) -> bool:
    return isinstance(operation, (Leaf, Parts)) and operation.when is not None


def _waits(lowerer: _Lowerer, scope: Scope, operation: Any) -> None:
    lowerer.waiting.append((scope, operation))


def _only_leaf(operation: Operation) -> str | None:
    if not isinstance(operation, (Leaf, Parts)) or operation.when is not None or operation.fill is not None:
        return None
    return None if operation.otherwise or operation.to.up or operation.to.first is not None else operation.to.leaf


_LATE: Final[dict[type, Callable[[_Lowerer, Scope, Any], None]]] = {
    Leaf: _Lowerer.leaf,
    Parts: _Lowerer.parts,
    Filling: _Lowerer.derive,
    Reference: _Lowerer.refer,
    Members: _Lowerer.members,
}
