"""Lift as source: the same meaning as the interpreter's, without the account of where everything was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.compiled.reading import Reader, common
from orderbridge.mapping.compiled.running import Matcher, filled_without
from orderbridge.mapping.compiled.survey import currency_of
from orderbridge.mapping.compiled.values import read_value
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import (
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
from orderbridge.mapping.reach import paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderbridge.mapping.compiled.store import Free, Lifted
    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Guard, Operation, Path, Section, Source


@dataclass
class Scope:
    """Where operations stand while source is written: a value that is read, and the hub row that it becomes.

    `row` is what the store knows the row by, `handle` the expression of its handle.
    """

    reader: Reader
    rows: str = ""
    row: Any = None
    handle: str = "''"
    above: Scope | None = None
    key: int = 0

    def up(self, levels: int) -> Scope:
        """Climb."""
        scope = self
        for _ in range(levels):
            scope = scope.above or scope
        return scope


@dataclass(frozen=True)
class _Item:
    """Something to write: the container that all of it reads from, its condition, and what writes it.

    `unless` is a test: what only shows that a row is there has nothing to add once it is.
    """

    path: Path
    guard: Guard | None
    write: Callable[[], None]
    unless: str | None = None


@dataclass
class Lifting:
    """Writes the source of lifting a document by a section."""

    code: Code
    section: Section
    store: Lifted
    secrets: frozenset[str] = frozenset()
    late: list[tuple[Scope, Reference | Members]] = field(default_factory=list)
    references: frozenset[str] = frozenset()

    def write(self, document: str) -> None:
        """Write everything, in the interpreter's order: the currency first, what names rows of other lists last."""
        operations = self.section.operations
        self.references = frozenset(self._references(operations, ""))
        hole = self.code.hole()
        whole = self.code.name("d")
        self.code.line(f"{whole} = {document} if type({document}) is dict else EMPTY")
        reader = Reader(self.code, document, self.secrets)
        reader.open[()] = whole
        root = Scope(reader, row=self.store.root)
        is_first = [isinstance(each, Leaf) and each.to.leaf == self.section.currency for each in operations]
        self.run(root, [each for each, first in zip(operations, is_first, strict=True) if first])
        self.store.imply(self.section.context)
        self.run(root, [each for each, first in zip(operations, is_first, strict=True) if not first])
        if self.late:
            hole.append("late = []")
            hole += [f"{self._keys(text)} = {{}}" for text in sorted(self.references)]
            self._finish()

    def _references(self, operations: Iterable[Operation], rows: str) -> Iterator[str]:
        """Yield the lists that elements name rows of, where anybody wants to know."""
        for each in operations:
            if isinstance(each, Reference) and self.store.reads(rows, each.to):
                yield each.rows
            elif isinstance(each, Each):
                yield from self._references(each.body, each.to)
            elif isinstance(each, Either):
                for one in each.sets:
                    yield from self._references(one, rows)

    def _keys(self, text: str) -> str:
        return f"keys{sorted(self.references).index(text)}"

    # Runs of operations

    def run(self, scope: Scope, operations: Iterable[Operation]) -> None:
        """Write operations, those with one condition or in one container together."""
        items = [item for each in operations for item in self._items(scope, each)]
        self._guarded(scope, items, ())

    def _guarded(self, scope: Scope, items: Sequence[_Item], prefix: Path) -> None:
        at = 0
        while at < len(items):
            guard, unless, end = items[at].guard, items[at].unless, at
            while end < len(items) and (items[end].guard, items[end].unless) == (guard, unless):
                end += 1
            tests = [] if unless is None else [f"not {unless}"]
            if guard is not None:
                tests.append(scope.reader.guard(guard))
            if tests:
                with self.code.when(*tests), scope.reader.apart():
                    self._below(scope, items[at:end], prefix)
            else:
                self._below(scope, items[at:end], prefix)
            at = end

    def _below(self, scope: Scope, items: Sequence[_Item], prefix: Path) -> None:
        at, depth = 0, len(prefix)
        while at < len(items):
            path = items[at].path
            if len(path) <= depth or path[:depth] != prefix:
                items[at].write()
                at += 1
                continue
            end, inner = at, path[: depth + 1]
            while end < len(items) and items[end].path[: depth + 1] == inner:
                end += 1
            with scope.reader.inside(inner):
                self._below(scope, items[at:end], inner)
            at = end

    def _items(self, scope: Scope, line: Operation) -> Iterable[_Item]:
        if isinstance(line, Leave):
            return
        if isinstance(line, Group) and line.otherwise_from is None:
            for each in line.lines:
                yield from self._items(scope, each)
            return
        if isinstance(line, (Leaf, Parts)) and not self._is_wanted(scope, line):
            return
        guard, unless = None, None
        if isinstance(line, (Leaf, Parts)):
            guard, unless = line.when, self._shown_by(scope, line)
        yield _Item(self._reach(line), guard, lambda: _WRITE[type(line)](self, scope, line), unless)

    def _shown_by(self, scope: Scope, line: Leaf | Parts) -> str | None:
        """Give the expression that is true when all is known that a line can add, if that is whether a row is there."""
        rows, leaf = self.store.place(scope, line.to)
        if line.to.first is None or self.store.reads(rows, leaf):
            return None
        if isinstance(line, Leaf) and line.currency is not None and self.store.reads(rows, currency_of(leaf)):
            return None
        return self.store.listed_rows(rows)

    def _is_wanted(self, scope: Scope, line: Leaf | Parts) -> bool:
        rows, leaf = self.store.place(scope, line.to)
        if self.store.wants(rows, leaf):
            return True
        return isinstance(line, Leaf) and line.currency is not None and self.store.wants(rows, currency_of(leaf))

    def _reach(self, line: Operation) -> Path:
        """Give the container that everything which an operation reads lies in; without it the operation is void."""
        if isinstance(line, (Group, Either, Reference, Members)):
            return ()
        read = [*paths(line)]
        if isinstance(line, Leaf):
            read = [line.at, *line.aka, *line.also, *([line.currency] if line.currency is not None else [])]
        elif isinstance(line, Rest):
            return common([(*line.at, "")])
        return common(read)

    # One value

    def leaf(self, scope: Scope, line: Leaf, base: tuple[Path, str] | None = None) -> None:
        """Write a value: the first of its spellings that says something."""
        reader, code = scope.reader, self.code
        spellings = [path for path in (line.at, *line.aka, *line.also) if reader.can_read(path)]
        if not spellings:
            return
        if len(spellings) == 1 and reader.is_plain(spellings[0]):
            test, raw = reader.member(spellings[0])
            name = code.name("v")
            with code.block(f"if {test}"), reader.apart():
                code.line(f"{name} = {raw}")
                self._value(scope, line, name)
            return
        name = self._first(reader, spellings)
        self._value(scope, line, name)

    def _first(self, reader: Reader, spellings: Sequence[Path]) -> str:
        """Read the first spelling that says something."""
        name = self.code.name("v")
        self.code.line(f"{name} = {reader.raw(spellings[0])}")
        for path in spellings[1:]:
            other = reader.raw(path)
            with self.code.block(f"if not {reader.filled(name)}"):
                self.code.line(f"{name} = {other}")
        return name

    def _value(self, scope: Scope, line: Leaf, name: str) -> None:
        """Write what becomes of a variable that may hold anything."""
        currency, own = self._currency(scope, line)
        is_raw = self.store.is_raw(*self.store.place(scope, line.to))
        value = read_value(self.code, line.codec, name, currency, is_raw=is_raw)
        with self.code.block(f"if {value.test}"), self.store.when_unset(scope, line.to):
            self.store.put(scope, line.to, value.value)
            if own is not None:
                self._state_currency(scope, line, own)

    def _currency(self, scope: Scope, line: Leaf) -> tuple[str, str | None]:
        """Give the currency in force, and the one that stands beside the amount."""
        if not line.codec.currency and line.currency is None:
            return "None", None
        stated = self.store.currency(self.section.currency)
        if line.currency is None:
            return stated, None
        own = self.code.name("o")
        self.code.line(f"{own} = {scope.reader.raw(line.currency)}")
        with self.code.block(f"if type({own}) is not str or not {own}"):
            self.code.line(f"{own} = None")
        return f"({own} or {stated})", own

    def _state_currency(self, scope: Scope, line: Leaf, own: str) -> None:
        stated = self.store.currency(self.section.currency)
        path = HubPath(currency_of(line.to.leaf), line.to.up, line.to.first)
        if not self.store.wants(*self.store.place(scope, path)):
            return
        with self.code.block(f"if {own} is not None and {own} != {stated}"):
            self.store.put(scope, path, own)

    def parts(self, scope: Scope, line: Parts) -> None:
        """Write a list of texts that several members hold between them."""
        texts, code = self.code.name("t"), self.code
        code.line(f"{texts} = []")
        for path in line.at:
            if not scope.reader.can_read(path):
                continue
            name = code.name("v")
            if scope.reader.is_plain(path):
                test, raw = scope.reader.member(path)
                with code.block(f"if {test}"):
                    code.line(f"{name} = {raw}")
                    with code.block(f"if type({name}) is str and {name}"):
                        code.line(f"{texts}.append({name})")
            else:
                code.line(f"{name} = {scope.reader.raw(path)}")
                with code.block(f"if type({name}) is str and {name}"):
                    code.line(f"{texts}.append({name})")
        with code.block(f"if {texts}"), self.store.when_unset(scope, line.to):
            self.store.put(scope, line.to, texts)

    def group(self, scope: Scope, line: Group) -> None:
        """Write a group that is read elsewhere where its own object is blank and a condition holds."""
        source, reader, code = line.otherwise_from, scope.reader, self.code
        if source is None:
            return
        wanted = [item for each in line.lines for item in self._items(scope, each)]
        if not wanted:
            return
        name = self._object(reader, line.at, source)
        with code.block(f"if type({name}) is dict"), reader.apart():
            reader.open = {path: each for path, each in reader.open.items() if path[: len(line.at)] != line.at}
            reader.open[line.at] = name
            self._guarded(scope, wanted, line.at)

    def _object(self, reader: Reader, at: Path, source: Source) -> str:
        """Give the variable of a group's object, or of the one that is read in its place."""
        key = repr((at, source))
        if key not in reader.guards:
            name, guard = self.code.name("c"), reader.guard(source.when)
            self.code.line(f"{name} = {reader.raw(at)}")
            other = reader.raw(source.at)
            with self.code.block(f"if {guard} and not {reader.filled(name)}"):
                self.code.line(f"{name} = {other}")
            reader.guards[key] = name
        return reader.guards[key]

    # Lists

    def each(self, scope: Scope, line: Each) -> None:
        """Write a list's rows."""
        reader, code = scope.reader, self.code
        spellings = [path for path in (line.at, *line.aka) if reader.can_read(path)]
        if not spellings or not self.store.wants_list(line.to):
            return
        listed = self._first(reader, spellings)
        if line.bare:
            with code.block(f"if type({listed}) is dict and {reader.filled(listed)}"):
                code.line(f"{listed} = [{listed}]")
        with code.block(f"if type({listed}) is list"), reader.apart():
            self.store.open_list(line)
            if line.nest is None or line.nest.casefold() in self.secrets or not self.store.wants_parts(line.to):
                element = code.name("e")
                with code.block(f"for {element} in {listed}"):
                    self._element(scope, line, element, None)
            else:
                self._nested(scope, line, listed)

    def _nested(self, scope: Scope, line: Each, listed: str) -> None:
        """Write a loop over a tree of elements in pre-order, without recursion."""
        code = self.code
        todo, element, parent, inner = code.name("n"), code.name("e"), code.name("u"), code.name("i")
        code.line(f"{todo} = [(x, None) for x in reversed({listed})]")
        with code.block(f"while {todo}"):
            code.line(f"{element}, {parent} = {todo}.pop()")

            def children(handle: str) -> None:
                name = ascii(line.nest)
                code.line(f"{inner} = {element}[{name}] if {name} in {element} else None")
                if line.bare:
                    with code.block(f"if type({inner}) is dict and {scope.reader.filled(inner)}"):
                        code.line(f"{inner} = [{inner}]")
                with code.block(f"if type({inner}) is list"):
                    code.line(f"{todo} += [(x, {handle}) for x in reversed({inner})]")

            self._element(scope, line, element, parent, children)

    def _element(
        self, scope: Scope, line: Each, element: str, parent: str | None, children: Callable[[str], None] | None = None
    ) -> None:
        code = self.code
        is_scalar = any(isinstance(each, Leaf) and not each.at for each in line.body)
        with code.when(None if is_scalar else f"type({element}) is dict"):
            reader = Reader(code, element, self.secrets)
            if is_scalar:
                inner = code.name("c")
                code.line(f"{inner} = {element} if type({element}) is dict else EMPTY")
                reader.open[()] = inner
            else:
                reader.open[()] = element
            handle = code.name("h")
            self.store.open_row(line, handle, parent, scope)
            inside = Scope(reader, line.to, self.store.row(line), handle, scope, id(line))
            self._remember(line, reader, handle)
            self.run(inside, line.body)
            self.store.close_row(line)
            if children is not None:
                with code.when(f"type({element}) is dict" if is_scalar else None):
                    children(handle)
            self.store.end_row(line)

    def _remember(self, line: Each, reader: Reader, handle: str) -> None:
        text = write_path(line.at)
        if line.key is None or text not in self.references or not reader.can_read(line.key):
            return
        name = self.code.name("v")
        self.code.line(f"{name} = {reader.raw(line.key)}")
        with self.code.block(f"if isinstance({name}, (str, int)) and {name} != ''"):
            self.code.line(f"{self._keys(text)}.setdefault(key_of({name}), {handle})")

    # What names rows of other lists

    def wait(self, scope: Scope, line: Reference | Members) -> None:
        """Keep what names a row of another list until all rows are there."""
        leaf, rows = (line.to, scope.rows) if isinstance(line, Reference) else (line.leaf, line.rows)
        if not scope.reader.can_read(line.at) or not self.store.reads(rows, leaf):
            return
        name = self.code.name("v")
        self.code.line(f"{name} = {scope.reader.raw(line.at)}")
        number = len(self.late)
        self.late.append((scope, line))
        with self.code.block(f"if {scope.reader.filled(name)}"):
            self.code.line(f"late.append(({number}, {name}, {self.store.token(scope)}))")

    def _finish(self) -> None:
        code = self.code
        claims = any(isinstance(line, Members) for _, line in self.late)
        if claims:
            code.line("claims = Claims()")
        with code.block("for which, value, token in late"):
            for number, (scope, line) in enumerate(self.late):
                with code.block(f"if which == {number}"):
                    if isinstance(line, Reference):
                        code.line(f"handle = {self._keys(line.rows)}.get(key_of(value))")
                        with code.block("if handle is not None"):
                            self.store.put_late(scope, "token", line.to, "handle")
                    else:
                        matcher = code.constant("m", self._matcher(line))
                        rows = self.store.listed_rows(line.rows)
                        code.line(f"claims.bind(value, {matcher}, {rows}, {self.store.handle_of('token')})")
        if claims:
            code.line("claims.settle()")

    def _matcher(self, line: Members) -> Matcher:
        def slot(leaf: Leaf) -> Any:
            return self.store.slot(line.rows, leaf.to.leaf)

        quantity = line.quantity
        return Matcher(
            (line.rows, line.leaf),
            self.store.slot(line.rows, line.leaf),
            tuple(tuple((slot(each), each.at, each.codec.up) for each in way) for way in line.match),
            None if quantity is None else (slot(quantity), quantity.at, quantity.codec.up, quantity.codec.same),
            self.store.get,
        )

    # Free members

    def tree(self, scope: Scope, line: Tree | Rest) -> None:
        """Write free members."""
        code, reader = self.code, scope.reader
        if not self.store.wants(*self.store.place(scope, line.to)) or not reader.can_read(line.at):
            return
        name, member, value, tree = code.name("v"), code.name("x"), code.name("y"), code.name("t")
        through = self.store.through(*self.store.place(scope, line.to))
        code.line(f"{name} = {reader.raw(line.at)}")
        test = f"type({name}) is dict"
        if isinstance(line, Tree) and line.to.first is not None:
            test += f" and {reader.filled(name)}"
        with code.block(f"if {test}"):
            if line.to.first is not None:
                self.store.ensure_first(line.to.first)
            code.line(f"{tree} = {self.store.value(scope, line.to) if through is None else None}")
            tests = self._free_tests(line, through, member, value)
            with code.block(f"for {member}, {value} in {name}.items()"), code.block(f"if {' and '.join(tests)}"):
                self._free_member(scope, line, (member, value, tree), through)

    def _free_tests(self, line: Tree | Rest, through: Free | None, member: str, value: str) -> list[str]:
        """Give the tests whether a member is free: here, and at its only reader's if it goes straight through."""
        tests = [member]
        declared = line.declared | (through.declared if through is not None else frozenset())
        if declared:
            tests.append(f"{member} not in {self.code.constant('s', declared)}")
        if self.secrets:
            tests.append(f"{member}.casefold() not in {self.code.constant('s', self.secrets)}")
        if through is not None and through.holds:
            holds = self.code.constant("s", through.holds)
            tests.append(f"not {holds}.isdisjoint(TYPES.get(type({value}), NUMBER))")
        return tests

    def _free_member(self, scope: Scope, line: Tree | Rest, names: tuple[str, str, str], through: Free | None) -> None:
        member, value, tree = names
        code, clean = self.code, value
        if self.secrets:
            clean = f"without({value}, {code.constant('s', self.secrets)})"
        if through is not None:
            clean = f"copied({clean})"
        if clean != value:
            with code.block(f"if type({value}) is dict or type({value}) is list"):
                code.line(f"{value} = {clean}")
        with code.block(f"if {value} or {value} is not None and type({value}) in NUMBERS"):
            with code.block(f"if {tree} is None"):
                code.line(f"{tree} = {{}}")
                self.store.put(scope, line.to, tree)
            with code.when(f"{member} not in {tree}" if through is None else None):
                code.line(f"{tree}[{member}] = {value}")

    def either(self, scope: Scope, line: Either) -> None:
        """Write the last of the alternatives that is present."""
        code, reader = self.code, scope.reader
        filled = code.constant("f", filled_without(self.secrets))
        chosen, before = code.name("w"), len(code.lines)
        code.line(f"{chosen} = None")
        head = "if"
        for number, one in reversed([*enumerate(line.sets)]):
            found = tuple(path for each in one for path in paths(each) if reader.can_read(path))
            with code.block(f"{head} is_there({reader.value}, {code.constant('p', found)}, {filled})"):
                code.line(f"{chosen} = {number}")
            head = "elif"
        asked = len(code.lines)
        for number, one in enumerate(line.sets):
            with code.block(f"if {chosen} == {number}"), reader.apart():
                self.run(scope, one)
        if len(code.lines) == asked:
            # Nobody reads any of it.
            del code.lines[before:]


_WRITE: Final[dict[type[Operation], Callable[[Lifting, Scope, Any], None]]] = {
    Each: Lifting.each,
    Either: Lifting.either,
    Group: Lifting.group,
    Leaf: Lifting.leaf,
    Members: Lifting.wait,
    Parts: Lifting.parts,
    Reference: Lifting.wait,
    Rest: Lifting.tree,
    Tree: Lifting.tree,
}
