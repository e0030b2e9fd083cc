"""The hub in local variables: what one partner writes and another reads, and nothing else.

A leaf of the order is a variable. A row is a list of the leaves that anybody reads, and a variable for each while it is
made and while it is written; a list of which a partner knows only the first row is variables, too. Rows have their
positions for handles.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderbridge.codec.codec import is_same
from orderbridge.mapping.compiled.alternatives import is_first_best
from orderbridge.mapping.compiled.loops import Block, Loop, slot_of
from orderbridge.mapping.compiled.lower_values import UncompiledError
from orderbridge.mapping.compiled.store import Free
from orderbridge.mapping.compiled.survey import UNKNOWN, every
from orderbridge.mapping.compiled.values import NUMERIC_DOWN, NUMERIC_UP
from orderbridge.mapping.derive import NAMES, identifying
from orderbridge.mapping.lifting import PARENT, ROW
from orderbridge.mapping.operations import Members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.compiled.lift import Scope
    from orderbridge.mapping.compiled.lower_values import Site
    from orderbridge.mapping.compiled.store import Rows
    from orderbridge.mapping.compiled.survey import Read, Written
    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Each, Either, HubPath, Section


class Local:
    """The hub of one pair of partners."""

    root = ""
    get = staticmethod(slot_of)

    def __init__(self, code: Code, target: Section, written: Written, read: Read, reserved: frozenset[str]) -> None:
        self.code = code
        self.reserved = reserved
        self.target = target
        self.written = written
        self.read = read
        self.places = _wanted(written, read)
        self.matched = {(line.rows, leaf) for line in written.members for leaf in _matched(line)}
        self.listed = {name for name in read.lists if name in written.lists or name in written.firsts}
        self._list_more()
        self._check(read)
        self.variables: dict[tuple[str, str], str] = {}
        self.slots = {
            name: {leaf: number for number, leaf in enumerate(self._leaves(name))}
            for name in self.listed
            if name in written.lists
        }
        self.rows: dict[int, dict[str, str]] = {}
        self.holes: dict[int, tuple[list[str], str, int]] = {}
        self.implied: dict[str, str] = {}
        self.lists = {name: code.name("rows") for name in sorted(self.listed)}
        self.memo: dict[str, str] = {}

    def _leaves(self, rows: str) -> list[str]:
        needless = {PARENT} if not self.wants_parts(rows) else set()
        needless |= {ROW} if rows not in self.read.told_apart else set()
        return sorted(leaf for name, leaf in self.places if name == rows and leaf not in needless)

    def _list_more(self) -> None:
        """Go through those lists too whose elements write what somebody reads elsewhere."""
        before = -1
        while before != len(self.listed):
            before = len(self.listed)
            self.listed |= {rows for rows, places in self.written.outward.items() if any(map(self._is_read, places))}

    def _is_read(self, place: tuple[str, str]) -> bool:
        rows, leaf = place
        if rows in self.listed and (leaf == ROW or rows in self.written.firsts):
            return True
        return place in self.places and (not rows or rows in self.listed)

    def _check(self, read: Read) -> None:
        """Leave to the interpreter's way what cannot be kept in variables."""
        handles, plain = self.written.handles | read.handles, self.written.plain | read.plain
        if any(place in handles and place in plain for place in self.places):
            raise UncompiledError
        for name in self.listed:
            if name in self.written.inside.get(name, ()):
                raise UncompiledError

    def is_single(self, rows: str) -> bool:
        """Tell whether a list has at most one row, which is made of single values."""
        return rows not in self.written.lists

    # Lifting

    def begin(self) -> None:
        """Start with nothing."""
        singles = [("", leaf) for name, leaf in sorted(self.places) if not name]
        singles += [(name, leaf) for name, leaf in sorted(self.places) if name in self.listed and self.is_single(name)]
        for place in singles:
            self.variables[place] = self.code.name("h")
        if singles:
            self.code.line(f"{' = '.join(self.variables.values())} = None")
        for name, variable in self.lists.items():
            self.code.line(f"{variable} = {'False' if self.is_single(name) else '[]'}")

    def place(self, scope: Scope, path: HubPath) -> tuple[str, str]:
        """Give the list, empty for the order itself, and the leaf that a hub path names."""
        return (path.first if path.first is not None else scope.up(path.up).rows), path.leaf

    def wants(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf, or see that its row is there."""
        return (rows, leaf) in self.places or (rows in self.listed and rows in self.written.firsts)

    def reads(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf."""
        return (rows, leaf) in self.places and (not rows or rows in self.listed)

    def is_raw(self, rows: str, leaf: str) -> bool:
        """Tell whether numbers may be kept as they come, for nobody looks at a leaf but codecs of numbers."""
        place = (rows, leaf)
        if self.read.is_choosing or place in self.matched:
            return False
        by, to = self.written.codecs.get(place), self.read.codecs.get(place)
        return bool(by and to and by <= NUMERIC_UP and to <= NUMERIC_DOWN)

    def through(self, rows: str, leaf: str) -> Free | None:
        """Give what is asked of free members that go straight from their only writer to their only reader."""
        place = (rows, leaf)
        readers = self.read.trees.get(place, [])
        if len(readers) != 1 or self.read.times[place] != 1 or self.written.times[place] != 1:
            return None
        return Free(readers[0].declared | self.reserved, readers[0].holds)

    def wants_list(self, rows: str) -> bool:
        """Tell whether anybody will read a list."""
        return rows in self.listed

    def wants_parts(self, rows: str) -> bool:
        """Tell whether anybody will read rows that have a parent, or see how many there are before others."""
        return rows not in self.read.flat or rows in self.read.told_apart

    def imply(self, context: tuple[tuple[str, Any], ...]) -> None:
        """Write the leaves that a mapping states for its partner."""
        for leaf, value in context:
            variable = self.variables.get(("", leaf))
            if variable is None:
                continue
            name = self.implied[leaf] = self.code.name("is_implied")
            self.code.line(f"{name} = {variable} is None")
            with self.code.block(f"if {name}"):
                self.code.line(f"{variable} = {self.code.value(value)}")

    def currency(self, leaf: str) -> str:
        """Give the expression of the order's currency."""
        return self.variables.get(("", leaf), "None")

    def _variable(self, scope: Scope, path: HubPath) -> str | None:
        """Give the variable of a leaf; None where nobody reads it."""
        place = self.place(scope, path)
        if place not in self.places:
            return None
        if not place[0] or self.is_single(place[0]):
            return self.variables[place]
        if path.first is not None:
            return f"{self.lists[place[0]]}[0][{self.slots[place[0]][place[1]]}]"
        return self.rows[scope.up(path.up).row][place[1]]

    @contextmanager
    def when_unset(self, scope: Scope, path: HubPath) -> Iterator[None]:
        """Write only where nothing was written before, or only what was implied."""
        if path.first is not None:
            self.ensure_first(path.first)
        variable = self._variable(scope, path)
        if variable is None:
            yield
            return
        implied = self.implied.get(path.leaf) if not self.place(scope, path)[0] else None
        test: str | None = f"{variable} is None"
        if implied is not None:
            test = f"{test} or {implied}"
        elif self._is_only(scope, path):
            test = None
        with self.code.when(test):
            if implied is not None:
                self.code.line(f"{implied} = False")
            yield

    def _is_only(self, scope: Scope, path: HubPath) -> bool:
        """Tell whether a leaf is written by one line, at most once."""
        return self.written.is_once(self.place(scope, path), path, scope.up(path.up).key)

    def put(self, scope: Scope, path: HubPath, value: str) -> None:
        """Write a leaf."""
        variable = self._variable(scope, path)
        if variable is not None:
            self.code.line(f"{variable} = {value}")

    def value(self, scope: Scope, path: HubPath) -> str:
        """Give the expression of a leaf, None where there is none."""
        return self._variable(scope, path) or "None"

    def ensure_first(self, rows: str) -> None:
        """Make the first row of a list where there is none."""
        if rows not in self.listed:
            return
        if self.is_single(rows):
            self.code.line(f"{self.lists[rows]} = True")
            return
        with self.code.block(f"if not {self.lists[rows]}"):
            leaves = ", ".join("0" if leaf == ROW else "None" for leaf in self.slots[rows])
            self.code.line(f"{self.lists[rows]}.append([{leaves}])")

    def open_list(self, line: Each) -> None:
        """Prepare for the rows of a list."""

    def open_row(self, line: Each, handle: str, parent: str | None, scope: Scope) -> None:
        """Make a row."""
        code, constants = self.code, dict(line.where)
        self.holes[id(line)] = (code.hole(), handle, len(code.lines))
        fixed = {ROW, PARENT, line.owner, *(leaf for leaf in constants if self._is_constant(line, leaf))}
        names = {leaf: code.name("r") for leaf in self._leaves(line.to) if leaf not in fixed}
        unset = [name for leaf, name in names.items() if leaf not in constants]
        if unset:
            code.line(f"{' = '.join(unset)} = None")
        for leaf, value in constants.items():
            if leaf in names:
                code.line(f"{names[leaf]} = {code.value(value)}")
            elif (line.to, leaf) in self.places:
                names[leaf] = code.value(value)
        if parent is not None:
            names[PARENT] = parent
        if line.owner is not None:
            names[line.owner] = scope.handle
        names[ROW] = handle
        self.rows[id(line)] = names

    def _is_constant(self, line: Each, leaf: str) -> bool:
        """Tell whether no line but the list's own writes a leaf."""
        return self.written.lines[id(line), leaf] <= 1 and not self.written.lines[line.to, leaf]

    def row(self, line: Each) -> int:
        """Give the row of a list that is being made."""
        return id(line)

    def close_row(self, line: Each) -> None:
        """Finish a row."""
        names = self.rows[id(line)]
        leaves = ", ".join(names.get(leaf, "None") for leaf in self.slots[line.to])
        self.code.line(f"{self.lists[line.to]}.append([{leaves}])")

    def end_row(self, line: Each) -> None:
        """Leave a row, its parts noted; its number is worked out if anything asked for it."""
        hole, handle, start = self.holes.pop(id(line))
        if any(handle in text for text in self.code.lines[start:] if isinstance(text, str)):
            hole.append(f"{handle} = len({self.lists[line.to]})")

    def token(self, scope: Scope) -> str:
        """Give the expression of what is kept to come back to a row."""
        if not scope.rows:
            raise UncompiledError
        return scope.handle

    def handle_of(self, token: str) -> str:
        """Give the handle of a row that was kept."""
        return token

    def put_late(self, scope: Scope, token: str, leaf: str, value: str) -> None:
        """Write a leaf of a row that was kept."""
        self.code.line(f"{self.lists[scope.rows]}[{token}][{self.slots[scope.rows][leaf]}] = {value}")

    def listed_rows(self, rows: str) -> str:
        """Give the expression of a list's rows; of one that has a single row, whether that is there."""
        return self.lists[rows]

    def slot(self, rows: str, leaf: str) -> Any:
        """Give what a row's leaf is found by."""
        if rows not in self.slots:
            raise UncompiledError
        return self.slots[rows].get(leaf)

    # Lowering

    def begin_lowering(self) -> None:
        """Start to lower: everything is there."""
        self.top = self.code.hole()

    def load_root(self, leaf: str) -> str | None:
        """Give the expression of a leaf of the order."""
        return self.variables.get(("", leaf))

    def load(self, site: Site, path: HubPath) -> str | None:
        """Give the expression of a leaf, None where it can never be there."""
        here = site.up(path.up)
        if path.first is None:
            return self.leaf(here.row, here.rows, path.leaf)
        place = (path.first, path.leaf)
        if place not in self.places or path.first not in self.listed:
            return None
        return self.variables[place] if self.is_single(path.first) else self._of_first(place)

    def _of_first(self, place: tuple[str, str]) -> str:
        key = f"first {place}"
        if key not in self.memo:
            name, rows = self.code.name("h"), self.lists[place[0]]
            self.top.append(f"{name} = {rows}[0][{self.slots[place[0]][place[1]]}] if {rows} else None")
            self.memo[key] = name
        return self.memo[key]

    def leaf(self, row: Any, rows: str, leaf: str) -> str | None:
        """Give the expression of a row's leaf, None where it can never be there."""
        return self.variables.get((rows, leaf)) if isinstance(row, str) else row.get(leaf)

    def codecs(self, site: Site, path: HubPath) -> frozenset[str]:
        """Give the codecs that can have read a leaf; none where nobody knows."""
        rows = path.first if path.first is not None else site.up(path.up).rows
        found = self.written.codecs.get((rows, path.leaf), {UNKNOWN})
        return frozenset() if UNKNOWN in found else frozenset(found)

    def choose(self, site: Site, line: Each) -> Rows | None:
        """Choose the rows that a list is written of; None where there can be none."""
        if line.to not in self.listed:
            return Block(self.code, "True", {}, "'new'", is_made="True") if line.make else None
        if self.is_single(line.to):
            return self._single(site, line)
        tests = self._tests(site, line)
        if tests is None:
            return Block(self.code, "True", {}, "'new'", is_made="True") if line.make else None
        rows = self.lists[line.to]
        if line.owner is not None:
            rows = f"{self._grouped(line.to, line.owner)}.get({site.handle}, ())"
        name, slots = self.code.name("l"), self.slots[line.to]
        self.code.line(f"{name} = [x for x in {rows} if {' and '.join(tests)}]" if tests else f"{name} = {rows}")
        is_made = None
        if line.make:
            is_made = self.code.name("q")
            self.code.line(f"{is_made} = not {name}")
            with self.code.block(f"if {is_made}"):
                leaves = "".join("'new', " if leaf == ROW else "None, " for leaf in slots)
                self.code.line(f"{name} = (({leaves}),)")
        return self._loop(line, name, is_made)

    def _loop(self, line: Each, name: str, is_made: str | None) -> Loop:
        rows = self._unpacked(line.to, name)
        parent, slots = rows.row.get(PARENT), self.slots[line.to]
        is_flat = None
        if line.nest is None and parent is not None:
            is_flat = f"{parent} is None"
            if line.components == "lines":
                where = f"{self.lists[line.to]}, {slots[PARENT]}, {slots.get('quantity')}"
                is_flat += f" or is_whole_row({where}, {parent})"
        return replace(rows, parent=parent, is_flat=is_flat, is_made=is_made, slots=(slots.get(ROW), slots.get(PARENT)))

    def _unpacked(self, rows: str, name: str) -> Loop:
        names = {leaf: self.code.name("r") for leaf in self.slots[rows]}
        return Loop(self.code, name, names, names.get(ROW, "None"))

    def _tests(self, site: Site, line: Each) -> list[str] | None:
        """Give the tests that choose rows, those left out that always hold; None where one never does."""
        slots, tests = self.slots[line.to], []
        if line.owner is not None and not site.rows:
            raise UncompiledError
        if line.owner is not None and line.owner not in slots:
            return None
        for leaf, value in line.where:
            known = self._constant(line.to, leaf)
            if leaf not in slots or (known is not None and not is_same(known[0], value)):
                return None
            if known is None:
                is_text = type(value) is str
                test = f"x[{slots[leaf]}] == {value!a}"
                tests.append(test if is_text else f"is_same(x[{slots[leaf]}], {self.code.value(value)})")
        return tests

    def _constant(self, rows: str, leaf: str) -> tuple[Any] | None:
        """Give the constant that a leaf has in every row of a list."""
        lines = self.written.lists[rows]
        if len(lines) > 1 or rows in self.written.firsts:
            return None
        constants = dict(lines[0].where)
        return (constants[leaf],) if leaf in constants and self._is_constant(lines[0], leaf) else None

    def _single(self, site: Site, line: Each) -> Rows | None:
        """Write the one row that a list can have as a block."""
        if line.owner is not None:
            return None
        has = self.lists[line.to]
        row = {leaf: name for (rows, leaf), name in self.variables.items() if rows == line.to}
        tests = []
        for leaf, value in line.where:
            if leaf not in row:
                return Block(self.code, "True", {}, "'new'", is_made="True") if line.make else None
            tests.append(f"is_same({row[leaf]}, {self.code.value(value)})")
        if line.make:
            if tests:
                raise UncompiledError
            return Block(self.code, "True", row, f"(0 if {has} else 'new')", is_made=f"not {has}")
        return Block(self.code, " and ".join([has, *tests]), row, "0")

    def _grouped(self, rows: str, owner: str) -> str:
        key = f"{rows} by {owner}"
        if key not in self.memo:
            name = self.memo[key] = self.code.name("by")
            self.top.append(f"{name} = grouped_rows({self.lists[rows]}, {self.slots[rows][owner]})")
        return self.memo[key]

    def bound(self, site: Site, line: Members) -> Rows | None:
        """Choose the rows that belong to the row at hand."""
        slots = self.slots.get(line.rows, {})
        if line.leaf not in slots:
            return None
        name = self.code.name("l")
        where = f"{self.lists[line.rows]}, {slots[line.leaf]}, {slots[ROW]}, {slots.get(PARENT)}"
        self.code.line(f"{name} = bound_rows({where}, {site.handle})")
        return self._unpacked(line.rows, name)

    def choice(self, line: Either) -> str | int:
        """Give the set of lines that is written, or the expression of its number."""
        leaves = {leaf for rows, leaf in self.places if rows == line.to}
        if line.to not in self.listed or is_first_best(line, leaves):
            return 0
        rows = [name for name in sorted(self.listed) if name == line.to or self._binds(line, name)]
        maps = ", ".join(f"{name!a}: {self._maps(name)}" for name in rows)
        return f"chosen({self.code.constant('k', line)}, {{{maps}}})"

    def _binds(self, line: Either, rows: str) -> bool:
        return any(isinstance(each, Members) and each.rows == rows for each in every((line,)))

    def _maps(self, rows: str) -> str:
        if self.is_single(rows):
            row = ", ".join(f"{leaf!a}: {name}" for (of, leaf), name in self.variables.items() if of == rows)
            return f"([said({{{row}}})] if {self.lists[rows]} else ())"
        return f"as_maps({self.lists[rows]}, {self.code.constant('k', tuple(self.slots[rows]))})"

    def count(self, rows: str) -> str:
        """Give the expression of how many rows a list has."""
        if rows not in self.listed:
            return "0"
        return f"int({self.lists[rows]})" if self.is_single(rows) else f"len({self.lists[rows]})"

    def identity(self) -> str:
        """Give the expression of what names the order among others."""
        if "identity" not in self.memo:
            self.memo["identity"] = "named_by"
            own = "".join(f"{self.variables.get(('', leaf))}, " for leaf in identifying(self.target))
            names = "".join(f"{self.variables.get(('', leaf))}, " for leaf in NAMES)
            self.top.append(f"named_by = Named(({own}), ({names}), whole_name, document)")
        return "named_by"


def _matched(line: Members) -> list[str]:
    """Give the leaves by which elements name rows."""
    named = [each.to.leaf for way in line.match for each in way]
    return named + ([line.quantity.to.leaf] if line.quantity is not None else [])


def _wanted(written: Written, read: Read) -> set[tuple[str, str]]:
    """Choose the leaves that are written and read; with a leaf that elements claim, those that they are claimed by."""
    looked = read.places | read.handles
    places = {place for place in written.codecs if place in looked or place[1] == ROW}
    if not any(leaf == PARENT for rows, leaf in places):
        places = {place for place in places if place[1] != "quantity" or place in read.plain}
    for line in written.members:
        if (line.rows, line.leaf) in places:
            places |= {place for leaf in _matched(line) if (place := (line.rows, leaf)) in written.codecs}
    return places
