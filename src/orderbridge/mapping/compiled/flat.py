"""The hub as a map while generated code runs: the flat one that everything else reads, each row a map of its own."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.compiled.alternatives import is_first_best
from orderbridge.mapping.compiled.survey import written
from orderbridge.mapping.lifting import PARENT, ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.compiled.lift import Scope
    from orderbridge.mapping.compiled.lower_values import Site
    from orderbridge.mapping.compiled.store import Free
    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Each, Either, HubPath, Members, Section

HUB: Final = "hub"


@dataclass
class Rows:
    """Rows of a list that are written: how they are gone through, and what is known of the one at hand.

    `parent` is the expression of its parent's handle, None where no row can have any; `is_flat` the test whether it can
    stand in a list that does not nest; `is_made` the test whether it was made up because there was none.
    """

    code: Code
    chosen: str
    row: str
    handle: str
    parent: str | None = None
    is_flat: str | None = None
    is_made: str | None = None

    @contextmanager
    def loop(self, rows: str | None = None) -> Iterator[None]:
        """Go through the rows."""
        with self.code.block(f"for {self.row} in {rows or self.chosen}"):
            yield

    def tree(self, kids: str) -> str:
        """Group the rows by their parents; give the variable of those without one here."""
        tops = self.code.name("tops")
        self.code.line(f"{tops}, {kids} = tree_of({self.chosen})")
        return tops


class Flat:
    """The hub as a map, rows as maps: what a section alone is lifted to."""

    root = HUB
    get = staticmethod(dict.get)

    def __init__(self, code: Code, section: Section) -> None:
        self.code = code
        self.rows: dict[int, str] = {}
        self.lists: dict[int, str] = {}
        self.implied: dict[str, str] = {}
        self.firsts: dict[str, str] = {}
        self.section = section

    def begin(self) -> None:
        """Start with nothing."""
        self.written = written(self.section)
        self.code.line(f"{HUB} = {{}}")
        # Where no elements become rows of a list, its first row is that which lines write into by themselves.
        for rows in sorted(self.written.firsts - self.written.lists.keys()):
            self.firsts[rows] = self.code.name("first")
            self.code.line(f"{self.firsts[rows]} = None")

    def begin_lowering(self) -> None:
        """Start to lower: the hub is a map that is given."""
        self.top = self.code.hole()

    def place(self, scope: Scope, path: HubPath) -> tuple[str, str]:
        """Give the list, empty for the order itself, and the leaf that a hub path names."""
        return (path.first if path.first is not None else scope.up(path.up).rows), path.leaf

    def wants(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf."""
        return True

    def reads(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf."""
        return True

    def is_raw(self, rows: str, leaf: str) -> bool:
        """Tell whether numbers may be kept as they come, for nobody looks at a leaf but codecs of numbers."""
        return False

    def through(self, rows: str, leaf: str) -> Free | None:
        """Give what is asked of free members that go straight from their only writer to their only reader."""
        return None

    def wants_list(self, rows: str) -> bool:
        """Tell whether anybody will read a list."""
        return True

    def wants_parts(self, rows: str) -> bool:
        """Tell whether anybody will read rows that have a parent."""
        return True

    def imply(self, context: tuple[tuple[str, Any], ...]) -> None:
        """Write the leaves that a mapping states for its partner."""
        for leaf, value in context:
            name = self.implied[leaf] = self.code.name("is_implied")
            self.code.line(f"{name} = {leaf!a} not in {HUB}")
            with self.code.block(f"if {name}"):
                self.code.line(f"{HUB}[{leaf!a}] = {self.code.value(value)}")

    def currency(self, leaf: str) -> str:
        """Give the expression of the order's currency."""
        return f"{HUB}.get({leaf!a})"

    def _row(self, scope: Scope, path: HubPath) -> str:
        if path.first is None:
            return str(scope.up(path.up).row)
        return self.firsts.get(path.first) or f"{HUB}[{path.first!a}][0]"

    def _is_once(self, scope: Scope, path: HubPath) -> bool:
        return self.written.is_once(self.place(scope, path), path, scope.up(path.up).key)

    @contextmanager
    def when_unset(self, scope: Scope, path: HubPath) -> Iterator[None]:
        """Write only where nothing was written before, or only what was implied."""
        if path.first is not None:
            self.ensure_first(path.first)
        row = self._row(scope, path)
        implied = self.implied.get(path.leaf) if row == HUB else None
        test: str | None = f"{row}.get({path.leaf!a}) is None"
        if implied is not None:
            test = f"{test} or {implied}"
        elif self._is_once(scope, path):
            test = None
        with self.code.when(test):
            if implied is not None:
                self.code.line(f"{implied} = False")
            yield

    def put(self, scope: Scope, path: HubPath, value: str) -> None:
        """Write a leaf."""
        self.code.line(f"{self._row(scope, path)}[{path.leaf!a}] = {value}")

    def value(self, scope: Scope, path: HubPath) -> str:
        """Give the expression of a leaf, None where there is none."""
        return f"{self._row(scope, path)}.get({path.leaf!a})"

    def ensure_first(self, rows: str) -> None:
        """Make the first row of a list where there is none."""
        first, row = self.firsts.get(rows), f"{{{ROW!a}: '0'}}"
        if first is None:
            with self.code.block(f"if {rows!a} not in {HUB}"):
                self.code.line(f"{HUB}[{rows!a}] = [{row}]")
            return
        with self.code.block(f"if {first} is None"):
            self.code.line(f"{first} = {row}")
            self.code.line(f"{HUB}[{rows!a}] = [{first}]")

    def open_list(self, line: Each) -> None:
        """Prepare for the rows of a list."""
        name = self.lists[id(line)] = self.code.name("l")
        self.code.line(f"{name} = {HUB}.get({line.to!a})")

    def open_row(self, line: Each, handle: str, parent: str | None, scope: Scope) -> None:
        """Make a row."""
        listed, row, code = self.lists[id(line)], self.code.name("r"), self.code
        self.rows[id(line)] = row
        with code.block(f"if {listed} is None"):
            code.line(f"{listed} = {HUB}[{line.to!a}] = []")
        code.line(f"{handle} = str(len({listed}))")
        constants = "".join(f", {leaf!a}: {code.value(value)}" for leaf, value in line.where)
        code.line(f"{row} = {{{ROW!a}: {handle}{constants}}}")
        if parent is not None:
            with code.block(f"if {parent} is not None"):
                code.line(f"{row}[{PARENT!a}] = {parent}")
        if line.owner is not None:
            code.line(f"{row}[{line.owner!a}] = {scope.handle}")
        code.line(f"{listed}.append({row})")

    def row(self, line: Each) -> str:
        """Give the row of a list that is being made."""
        return self.rows[id(line)]

    def close_row(self, line: Each) -> None:
        """Finish a row."""

    def end_row(self, line: Each) -> None:
        """Leave a row, its parts noted."""

    def token(self, scope: Scope) -> str:
        """Give the expression of what is kept to come back to a row."""
        return f"({scope.row}, {scope.handle})"

    def handle_of(self, token: str) -> str:
        """Give the handle of a row that was kept."""
        return f"{token}[1]"

    def put_late(self, scope: Scope, token: str, leaf: str, value: str) -> None:
        """Write a leaf of a row that was kept."""
        self.code.line(f"{token}[0][{leaf!a}] = {value}")

    def listed_rows(self, rows: str) -> str:
        """Give the expression of a list's rows."""
        return f"{HUB}.get({rows!a}, ())"

    def slot(self, rows: str, leaf: str) -> Any:
        """Give what a row's leaf is found by."""
        return leaf

    # Lowering

    def load_root(self, leaf: str) -> str | None:
        """Give the expression of a leaf of the order."""
        return f"{HUB}.get({leaf!a})"

    def load(self, site: Site, path: HubPath) -> str | None:
        """Give the expression of a leaf, None where it can never be there."""
        if path.first is None:
            return f"{site.up(path.up).row}.get({path.leaf!a})"
        if path.first not in self.firsts:
            name = self.firsts[path.first] = self.code.name("first")
            self.top.append(f"{name} = ({HUB}.get({path.first!a}) or (EMPTY,))[0]")
        return f"{self.firsts[path.first]}.get({path.leaf!a})"

    def leaf(self, row: str, rows: str, leaf: str) -> str | None:
        """Give the expression of a row's leaf."""
        return f"{row}.get({leaf!a})"

    def codecs(self, site: Site, path: HubPath) -> frozenset[str]:
        """Give the codecs that can have read a leaf; none where nobody knows."""
        return frozenset()

    def choose(self, site: Site, line: Each) -> Rows | None:
        """Choose the rows that a list is written of; None where there can be none."""
        code, name, row = self.code, self.code.name("l"), self.code.name("r")
        rows = f"{HUB}.get({line.to!a}, ())"
        tests = []
        if line.owner is not None and site.rows:
            grouped = self._grouped(line)
            rows = f"{grouped}.get({site.handle}, ())"
        elif line.owner is not None:
            tests.append(f"x.get({line.owner!a}) == {site.handle}")
        for leaf, value in line.where:
            tests.append(
                f"x.get({leaf!a}) == {value!a}"
                if type(value) is str
                else f"is_same(x.get({leaf!a}), {code.value(value)})"
            )
        code.line(f"{name} = [x for x in {rows} if {' and '.join(tests)}]" if tests else f"{name} = {rows}")
        is_made = None
        if line.make:
            is_made = code.name("q")
            code.line(f"{is_made} = not {name}")
            with code.block(f"if {is_made}"):
                code.line(f"{name} = NEW")
        parent = f"{row}.get({PARENT!a})"
        is_flat = None
        if line.nest is None:
            is_flat = f"{parent} is None"
            if line.components == "lines":
                rows_ = code.constant("k", line.to)
                is_flat += f" or is_whole({HUB}, {rows_}, {row})"
        return Rows(code, name, row, f"{row}[{ROW!a}]", parent, is_flat, is_made)

    def _grouped(self, line: Each) -> str:
        key = f"{line.to} {line.owner}"
        if key not in self.firsts:
            name = self.firsts[key] = self.code.name("by")
            self.top.append(f"{name} = grouped({HUB}.get({line.to!a}, ()), {line.owner!a})")
        return self.firsts[key]

    def bound(self, site: Site, line: Members) -> Rows | None:
        """Choose the rows that belong to the row at hand."""
        name, row = self.code.name("l"), self.code.name("r")
        self.code.line(f"{name} = bound({HUB}.get({line.rows!a}, ()), {line.leaf!a}, {site.handle})")
        return Rows(self.code, name, row, f"{row}[{ROW!a}]")

    def choice(self, line: Either) -> str | int:
        """Give the expression of the set of lines that is written."""
        if is_first_best(line, None):
            return 0
        return f"chosen({self.code.constant('k', line)}, {HUB})"

    def count(self, rows: str) -> str:
        """Give the expression of how many rows a list has."""
        return f"len({HUB}.get({rows!a}, ()))"

    def identity(self) -> str:
        """Give the expression of what names the order among others."""
        if "" not in self.firsts:
            self.firsts[""] = "named_by"
            self.top.append(f"named_by = Identity({HUB}, {self.code.constant('section', self.section)})")
        return "named_by"
