"""Lift, interpreted: a partner's document to the hub's, keeping for every leaf what became of it.

The plain meaning of the operations, one small function per kind. The compiled code must do the same, and only this
one knows where everything was read: reports and the way back are made from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.document import ABSENT, is_blank, leaves, read
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
    Select,
    Tree,
)
from orderbridge.mapping.plain import FIRST, plain_read
from orderbridge.mapping.plans import Plans
from orderbridge.mapping.reach import (
    Claim,
    Scope,
    heads,
    holds,
    in_turn,
    is_there,
    is_whole,
    paths,
    rebased,
    row_named,
    value_at,
)
from orderbridge.mapping.trace import Address, Lifted, Mark, Read, RowRead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import HubPath, Operation, Path, Section
    from orderbridge.mapping.plain import PlainRead, ReadTrace

ROW: Final = "row"
PARENT: Final = "parent"
_CONTAINERS: Final = (dict, list)
_SPLIT: Final = "split: the row is spread over several of these, or only a part of it is here"


def lift(document: Any, section: Section) -> Lifted:
    """Lift a document, which must hold no secrets; any JSON value can be lifted, and nothing is raised."""
    lifter = _Lifter(section, document)
    lifter.run()
    return lifter.lifted


class _Lifter:
    """The state of lifting one document."""

    def __init__(self, section: Section, document: Any) -> None:
        self.section = section
        self.lifted = Lifted()
        self.root = Scope(document, (), self.lifted.hub)
        self.keys: dict[tuple[str, str], str] = {}
        self.waiting: list[tuple[Scope, Reference | Members]] = []
        self.claims: dict[Address, list[Claim]] = {}

    def run(self) -> None:
        """Lift the currency first, then everything, then what names rows of other lists, then what is left."""
        first, rest = in_turn(self.section)
        self.each(self.root, first)
        self.imply()
        self.each(self.root, rest)
        for scope, line in self.waiting:
            if isinstance(line, Reference):
                self.refer(scope, line)
            else:
                self.bind(scope, line)
        for claims in self.claims.values():
            self.settle(claims)
        found, marks = leaves(self.root.value), self.lifted.marks
        for place, value in found:
            if place not in marks:
                marks[place] = Mark("blank" if is_blank(value) else "unmapped")
        self.lifted.leaves = (self.root.value, found)

    def imply(self) -> None:
        for leaf, value in self.section.context:
            if leaf not in self.lifted.hub:
                self.lifted.hub[leaf] = value
                self.lifted.implied[Address("", "", leaf)] = value

    def each(self, scope: Scope, operations: Sequence[Operation]) -> None:
        """Do those operations that have anything to read: most have not."""
        value, plan = scope.value, _PLANS.of(operations)
        if not isinstance(value, dict):
            for _, _, do, operation, _ in plan.steps:
                do(self, scope, operation)
            return
        traces = plan.kept.of(scope.place, scope.rows, scope.handle)
        for head, more, do, operation, plain in plan.steps:
            if head is not None and head not in value and not (more and any(name in value for name in more)):
                continue
            if plain is None or not self.plain(scope, value, plain, traces):
                do(self, scope, operation)

    def plain(self, scope: Scope, value: Any, plain: PlainRead, traces: list[ReadTrace | None]) -> bool:
        """Do what most lines come down to, without further calls; False where there is more to a value."""
        number, line, names, leaf, first, when, money = plain
        for name in names:
            if not isinstance(value, dict) or name not in value:
                return True
            value = value[name]
        if when is not None and not holds(scope.value, when):
            return True
        if not value and is_blank(value):
            self.mark((*scope.place, *names), value, Mark("blank", line))
            return True
        row = scope.row if first is None else next(iter(self.lifted.hub.get(first, ())), None)
        if row is not None and row.get(leaf) is not None:
            return False
        meant = line.codec.up(value, self.currency(scope, line) if money else None)
        if isinstance(meant, Refused):
            return False
        trace = traces[number] or plain.traced(scope.place, scope.rows, scope.handle, traces)
        here, address, mark, read_ = trace
        if row is None:
            _, row = self.address(scope, line.to)
        row[leaf] = meant
        lifted = self.lifted
        if lifted.implied:
            lifted.implied.pop(address, None)
        lifted.reads[address] = read_
        if isinstance(value, _CONTAINERS):
            self.mark(here, value, mark)
        else:
            lifted.marks[here] = mark
        return True

    # One value

    def leaf(self, scope: Scope, line: Leaf, *, base: tuple[Path, Path] | None = None) -> None:
        if line.when is not None and not holds(scope.value, line.when):
            return
        there: list[tuple[Any, Place, Path]] = []
        for path in (line.at, *line.aka, *line.also):
            value, place = read(scope.value, path if base is None else rebased(path, base))
            if value is ABSENT:
                continue
            here = (*scope.place, *place)
            if not is_blank(value):
                there.append((value, here, path))
            elif base is None:
                self.mark(here, value, Mark("blank", line))
        if there:
            first, *others = there
            self.value(scope, line, first, elsewhere=base is not None)
            if others and base is None:
                self.twins(scope, line, others)

    def value(self, scope: Scope, line: Leaf, first: tuple[Any, Place, Path], *, elsewhere: bool) -> None:
        value, here, spelling = first
        currency = self.currency(scope, line) if line.codec.currency or line.currency is not None else None
        meant = line.codec.up(value, currency)
        if isinstance(meant, Refused):
            if not elsewhere:
                self.mark(here, value, Mark("unreadable", line, None, meant.why))
            return
        address, row = self.address(scope, line.to)
        known = row.get(address.leaf)
        if known is not None and address not in self.lifted.implied:
            came = "read" if line.codec.same(known, meant) else "contradicts"
            self.mark(here, value, Mark(came, line, address))  # type: ignore[arg-type] # one of two literals
            return
        row[address.leaf] = meant
        self.lifted.implied.pop(address, None)
        if elsewhere:
            self.lifted.reads[address] = Read(None, line, spelling, (here,))
            return
        self.lifted.reads[address] = Read(here, line, spelling)
        self.mark(here, value, Mark("read", line, address))
        self.tags(scope, line, spelling, address)
        if line.currency is not None:
            self.state_currency(scope, line, row, address, currency)

    def tags(self, scope: Scope, line: Leaf, spelling: Path, address: Address) -> None:
        """Account for the members by which the elements on the way are known."""
        for index, token in enumerate(spelling):
            if isinstance(token, Select):
                _, place = read(scope.value, spelling[: index + 1])
                self.lifted.marks.setdefault((*scope.place, *place, token.member), Mark("read", line, address))

    def twins(self, scope: Scope, line: Leaf, others: list[tuple[Any, Place, Path]]) -> None:
        """Judge what says the same again: another spelling of the path, or a twin."""
        currency = self.currency(scope, line)
        address, row = self.known(scope, line.to)
        for value, here, path in others:
            meant = line.codec.up(value, currency)
            if isinstance(meant, Refused):
                mark = Mark("unreadable", line, None, meant.why)
            elif address.leaf in row and line.codec.same(row[address.leaf], meant):
                mark = Mark("read", line, address)
            else:
                mark = Mark("contradicts" if path in line.also else "shadowed", line, address)
            self.mark(here, value, mark)

    def currency(self, scope: Scope, line: Leaf) -> str | None:
        if not line.codec.currency and line.currency is None:
            return None
        if line.currency is not None:
            value, _ = read(scope.value, line.currency)
            if isinstance(value, str) and value:
                return value
        stated = self.lifted.hub.get(self.section.currency)
        return stated if isinstance(stated, str) else None

    def state_currency(
        self, scope: Scope, line: Leaf, row: dict[str, Any], address: Address, currency: str | None
    ) -> None:
        """Keep the currency that stands beside an amount, if it is not the order's."""
        if line.currency is None or currency is None:
            return
        value, place = read(scope.value, line.currency)
        if value != currency:
            return
        here = (*scope.place, *place)
        order = Address("", "", self.section.currency)
        if currency == self.lifted.hub.get(self.section.currency):
            self.lifted.marks.setdefault(here, Mark("read", line, order))
            return
        own = address._replace(leaf=f"{address.leaf.removesuffix('.amount')}.currency")
        row[own.leaf] = currency
        self.lifted.reads[own] = Read(here, line, line.currency)
        self.lifted.marks.setdefault(here, Mark("read", line, own))

    def parts(self, scope: Scope, line: Parts, *, base: tuple[Path, Path] | None = None) -> None:
        if line.when is not None and not holds(scope.value, line.when):
            return
        texts: list[str] = []
        places: list[Place] = []
        for path in line.at:
            value, place = read(scope.value, path if base is None else rebased(path, base))
            if value is ABSENT:
                continue
            here = (*scope.place, *place)
            if isinstance(value, str) and value:
                texts.append(value)
                places.append(here)
            elif base is None:
                came = Mark("blank", line) if is_blank(value) else Mark("unreadable", line, None, "this is not a text")
                self.mark(here, value, came)
        if not texts:
            return
        address, row = self.address(scope, line.to)
        known = row.get(address.leaf)
        if known is None:
            row[address.leaf] = texts
            whole = places[0] if base is None else None
            self.lifted.reads[address] = Read(whole, line, line.at[0], tuple(places))
        if base is None:
            came_ = "read" if known is None or is_same(known, texts) else "contradicts"
            for here in places:
                self.lifted.marks[here] = Mark(came_, line, address)  # type: ignore[arg-type] # one of two literals

    def group(self, scope: Scope, group: Group) -> None:
        base = None
        other = group.otherwise_from
        if other is not None and is_blank(value_at(scope.value, group.at)) and holds(scope.value, other.when):
            base = (group.at, other.at)
        if base is None:
            self.each(scope, group.lines)
            return
        for line in group.lines:
            if isinstance(line, Parts):
                self.parts(scope, line, base=base)
            elif isinstance(line, Leaf):
                self.leaf(scope, line, base=base)
            else:
                self.leave(scope, line)

    # Lists

    def rows(self, scope: Scope, line: Each) -> None:
        found = False
        for path in (line.at, *line.aka):
            value, place = read(scope.value, path)
            if value is ABSENT:
                continue
            here = (*scope.place, *place)
            if found:
                self.mark(here, value, Mark("shadowed", line))
            elif not is_blank(value):
                found = True
                self.elements(scope, line, value, here, None)

    def elements(self, scope: Scope, line: Each, value: Any, here: Place, parent: str | None) -> None:
        if line.bare and isinstance(value, dict):
            self.element(scope, line, value, here, parent)
        elif isinstance(value, list):
            for index, element in enumerate(value):
                self.element(scope, line, element, (*here, index), parent)
        else:
            self.mark(here, value, Mark("unreadable", line, None, "this is not a list"))

    def element(self, scope: Scope, line: Each, element: Any, here: Place, parent: str | None) -> None:
        if not isinstance(element, dict) and not any(isinstance(each, Leaf) and not each.at for each in line.body):
            came = Mark("blank", line) if is_blank(element) else Mark("unreadable", line, None, "this is not an object")
            self.mark(here, element, came)
            return
        rows = self.lifted.hub.setdefault(line.to, [])
        handle = str(len(rows))
        row: dict[str, Any] = {ROW: handle, **dict(line.where)}
        if parent is not None:
            row[PARENT] = parent
        if line.owner is not None:
            row[line.owner] = scope.handle
        rows.append(row)
        self.lifted.rows[line.to, handle] = RowRead(here, line, parent)
        self.remember(line, element, handle)
        self.each(Scope(element, here, row, line.to, handle, scope), line.body)
        if line.nest is not None and isinstance(element, dict) and not is_blank(element.get(line.nest)):
            self.elements(scope, line, element[line.nest], (*here, line.nest), handle)

    def remember(self, line: Each, element: Any, handle: str) -> None:
        """Keep the element's own key for those that name it."""
        if line.key is None:
            return
        key, _ = read(element, line.key)
        if isinstance(key, (str, int)) and not is_blank(key):
            self.keys.setdefault((path_text(line.at), repr(key)), handle)

    def wait(self, scope: Scope, line: Reference | Members) -> None:
        self.waiting.append((scope, line))

    def refer(self, scope: Scope, line: Reference) -> None:
        value, place = read(scope.value, line.at)
        here = (*scope.place, *place)
        if value is ABSENT or is_blank(value):
            return
        handle = self.keys.get((line.rows, repr(value)))
        if handle is None:
            self.mark(here, value, Mark("unreadable", line, None, f"no element of {line.rows} has this key"))
            return
        address = Address(scope.rows, scope.handle, line.to)
        scope.row[line.to] = handle
        self.lifted.reads[address] = Read(here, line, line.at)
        self.mark(here, value, Mark("read", line, address))

    def bind(self, scope: Scope, line: Members) -> None:
        value, place = read(scope.value, line.at)
        if not isinstance(value, list):
            return
        for index, element in enumerate(value):
            here = (*scope.place, *place, index)
            for left in line.left:
                self.leave(Scope(element, here, {}), left)
            row = row_named(element, line, self.lifted.hub.get(line.rows, ()))
            if row is not None:
                claim = Claim(line, element, here, row, scope.handle)
                self.claims.setdefault(Address(line.rows, row[ROW], line.leaf), []).append(claim)
            elif not is_blank(element):
                self.mark(here, element, Mark("unreadable", line, None, f"it names no row of {line.rows}"))

    def settle(self, claims: list[Claim]) -> None:
        """Give a row to the one that claims all of it."""
        first = claims[0]
        if len(claims) > 1 or not is_whole(first.line, first.element, first.row):
            for claim in claims:
                self.mark(claim.place, claim.element, Mark("no-image", claim.line, None, _SPLIT))
            return
        line, address = first.line, Address(first.line.rows, first.row[ROW], first.line.leaf)
        first.row[line.leaf] = first.handle
        self.lifted.reads[address] = Read(first.place, line, line.at)
        named = {each.at for way in line.match for each in way} | ({line.quantity.at} if line.quantity else set())
        for path in named:
            value, place = read(first.element, path)
            if value is not ABSENT and not is_blank(value):
                self.mark((*first.place, *place), value, Mark("read", line, address))

    # Free members, and what is not mapped

    def tree(self, scope: Scope, line: Tree) -> None:
        value, place = read(scope.value, line.at)
        here = (*scope.place, *place)
        if value is ABSENT or is_blank(value):
            return
        if not isinstance(value, dict):
            self.mark(here, value, Mark("unreadable", line, None, "this is not an object"))
            return
        self.free(scope, line, [(name, member) for name, member in value.items() if name not in line.declared], here)

    def rest(self, scope: Scope, line: Rest) -> None:
        value, place = read(scope.value, line.at)
        if isinstance(value, dict):
            free = [(name, member) for name, member in value.items() if name not in line.declared]
            self.free(scope, line, free, (*scope.place, *place))

    def free(self, scope: Scope, line: Tree | Rest, members: Iterable[tuple[str, Any]], here: Place) -> None:
        address, row = self.address(scope, line.to)
        for name, member in members:
            place = (*here, name)
            if is_blank(member) or not name:
                self.mark(place, member, Mark("blank", line))
                continue
            tree = row.setdefault(address.leaf, {})
            own = address._replace(member=name)
            if name in tree:
                self.mark(place, member, Mark("shadowed", line, own))
                continue
            tree[name] = member
            self.lifted.reads[own] = Read(place, line, (*line.at, name))
            self.mark(place, member, Mark("read", line, own))

    def leave(self, scope: Scope, line: Leave) -> None:
        value, place = read(scope.value, line.at)
        if value is ABSENT:
            return
        here = (*scope.place, *place)
        if isinstance(value, (dict, list)):
            self.leaves(here, value, Mark("left", line, None, line.reason))
        elif here not in self.lifted.marks:
            self.lifted.marks[here] = Mark("blank", line) if is_blank(value) else Mark("left", line, None, line.reason)

    def either(self, scope: Scope, line: Either) -> None:
        present = [one for one in line.sets if any(is_there(scope.value, each) for each in one)]
        for one in present[:-1]:
            for each in one:
                for path in paths(each):
                    value, place = read(scope.value, path)
                    if value is not ABSENT:
                        self.leaves((*scope.place, *place), value, Mark("shadowed", each))
        self.each(scope, present[-1] if present else ())

    # Marks and addresses

    def address(self, scope: Scope, path: HubPath) -> tuple[Address, dict[str, Any]]:
        """Find the row that a hub path names, making the first row of a list where there is none."""
        if path.first is not None:
            rows = self.lifted.hub.setdefault(path.first, [])
            if not rows:
                rows.append({ROW: FIRST})
            return Address(path.first, rows[0][ROW], path.leaf), rows[0]
        for _ in range(path.up):
            scope = scope.above or scope
        return Address(scope.rows, scope.handle, path.leaf), scope.row

    def known(self, scope: Scope, path: HubPath) -> tuple[Address, dict[str, Any]]:
        """Find the row that a hub path names, and make none."""
        if path.first is not None and not self.lifted.hub.get(path.first):
            return Address(path.first, FIRST, path.leaf), {}
        return self.address(scope, path)

    def mark(self, here: Place, value: Any, mark: Mark) -> None:
        """Mark a value; a container through its leaves, of which blank ones say nothing whatever they stand in."""
        if not isinstance(value, (dict, list)):
            self.lifted.marks[here] = mark
            return
        for place, leaf in leaves(value, here):
            self.lifted.marks[place] = mark if mark.came == "read" or not is_blank(leaf) else Mark("blank", mark.line)

    def leaves(self, here: Place, value: Any, mark: Mark) -> None:
        for place, leaf in leaves(value, here):
            self.lifted.marks.setdefault(place, mark if not is_blank(leaf) else Mark("blank", mark.line))


_Step = tuple["str | None", "Sequence[str]", "Callable[[_Lifter, Scope, Any], None]", "Operation", "PlainRead | None"]


def _step(number: int, line: Operation) -> _Step:
    """Say of an operation in which members of an object all of its paths begin, and what does it."""
    begins = heads(line) or ()
    return next(iter(begins), None), begins[1:], _LIFT[type(line)], line, plain_read(number, line)


_PLANS: Final[Plans[_Step, ReadTrace]] = Plans(_step)
_LIFT: Final[dict[type[Operation], Callable[[_Lifter, Scope, Any], None]]] = {
    Each: _Lifter.rows,
    Either: _Lifter.either,
    Group: _Lifter.group,
    Leaf: _Lifter.leaf,
    Leave: _Lifter.leave,
    Members: _Lifter.wait,
    Parts: _Lifter.parts,
    Reference: _Lifter.wait,
    Rest: _Lifter.rest,
    Tree: _Lifter.tree,
}
