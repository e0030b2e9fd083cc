"""Lower as source: the same meaning as the interpreter's, without the account of why everything is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.compiled.box import Box, paths_written, written_at
from orderbridge.mapping.compiled.lower_values import Lookup, Site, UncompiledError, Values
from orderbridge.mapping.compiled.survey import every
from orderbridge.mapping.compiled.values import written_value
from orderbridge.mapping.notation import ROWS, write_path
from orderbridge.mapping.operations import (
    Count,
    Each,
    Either,
    Group,
    Join,
    Key,
    Leaf,
    Leave,
    Members,
    Parts,
    Position,
    Reference,
    RegionCode,
    Rest,
    Same,
    Text,
    Tree,
)
from orderbridge.mapping.saying import is_unsaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderbridge.mapping.compiled.store import Rows
    from orderbridge.mapping.operations import Derivation, Guard, Operation, Path


@dataclass
class Lowering(Values):
    """Writes the source of lowering a hub document by a section."""

    reserved: frozenset[str] = frozenset()
    lookups: Sequence[Lookup] = ()
    registries: dict[str, str] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)

    def write(self) -> None:
        """Write everything; the object is in `whole`."""
        code, operations = self.code, self.section.operations
        self._check()
        code.line("whole = {}")
        currency = self.store.load_root(self.section.currency)
        code.line(f"currency = {currency}")
        if self.section.currency_codecs:
            said = code.constant("unsaid", partial(is_unsaid, codecs=self.section.currency_codecs))
            code.line(f"is_unsaid = {said}(currency)")
        for each in every(operations):
            if isinstance(each, Reference) and each.rows not in self.registries:
                self.registries[each.rows] = code.name("rows")
                code.line(f"{self.registries[each.rows]} = {{}}")
        site = Site(Box(code, "whole", operations), row=self.store.root)
        for index, each in enumerate(operations):
            self.pending = {write_path(one.at) for one in every(operations[index:]) if isinstance(one, Each)}
            self.operation(site, each)
        self.pending = set()
        self.finish(site)
        for number, lookup in enumerate(self.lookups):
            if lookup.head is None:
                self._look_up(site, "", number, lookup)

    def _check(self) -> None:
        """Refuse what looks at lists of the object before they are finished, and look-ups in lists of lists."""
        for lookup in self.lookups:
            lists = [each for each in every(self.section.operations) if isinstance(each, Each)]
            is_nested = any(each.nest is not None for each in lists if each.at == lookup.head)
            if is_nested or ROWS in lookup.tail or not all(isinstance(token, str) for token in lookup.head or ()):
                raise UncompiledError
        for around in _scopes(self.section.operations):
            places = [each.at for each in around if isinstance(each, (Each, Members))]
            places += [
                each.at for one in around if isinstance(one, Either) for each in every((one,)) if isinstance(each, Each)
            ]
            if any(path[: len(at)] == at[: len(path)] for at in places for path in _looks(around)):
                raise UncompiledError
            if any(_may_hide(each, at) for each in around for at in places):
                raise UncompiledError

    def operation(self, site: Site, line: Operation) -> None:
        """Write an operation, or let it wait."""
        if isinstance(line, (Leaf, Parts)) and line.when is not None:
            site.guarded.append((site.conditions, line))
        elif isinstance(line, Reference):
            site.references.append((site.conditions, line))
        elif isinstance(line, Members):
            site.members.append((site.conditions, line))
        else:
            _WRITE[type(line)](self, site, line)

    # Lists

    def each(self, site: Site, line: Each) -> None:
        """Write a list."""
        rows = self.store.choose(site, line)
        if rows is None:
            return
        code, made = self.code, self.code.name("made")
        site.box.enter((line.at,))
        if rows.parent is not None and line.nest is not None:
            self._nested(site, line, rows, made)
        else:
            code.line(f"{made} = []")
            self._open_keys(line, made)
            with rows.loop(), code.when(rows.is_flat):
                self._element(site, line, rows, made, None)
        with code.block(f"if {made}"):
            site.box.put(line.at, made)

    def _nested(self, site: Site, line: Each, rows: Rows, made: str) -> None:
        """Write a function that calls itself for the children of a row."""
        code, build, kids = self.code, self.code.name("build"), self.code.name("kids")
        tops = rows.tree(kids)
        with code.block(f"def {build}(chosen)"):
            inner = code.name("made")
            code.line(f"{inner} = []")
            self._open_keys(line, inner)

            def children(element: str) -> None:
                listed = code.name("x")
                with code.block(f"if {rows.handle} in {kids}"):
                    code.line(f"{listed} = {build}({kids}[{rows.handle}])")
                    with code.block(f"if {listed}"):
                        code.line(f"{element}[{line.nest!a}] = {listed}")

            with rows.loop("chosen"):
                self._element(site, line, rows, inner, children)
            code.line(f"return {inner}")
        code.line(f"{made} = {build}({tops})")

    def _open_keys(self, line: Each, made: str) -> None:
        if _own_key(line) is not None:
            self.code.line(f"seen{made} = set()")

    def _element(self, site: Site, line: Each, rows: Rows, made: str, children: Callable[[str], None] | None) -> None:
        code, element = self.code, self.code.name("e")
        code.line(f"{element} = {{}}")
        scalar = next((each for each in line.body if isinstance(each, Leaf) and not each.at), None)
        body: Sequence[Operation] = line.body if scalar is None else (replace(scalar, at=("",), also=(), fill=None),)
        inside = Site(Box(code, element, body), line.to, rows.row, rows.handle, f"len({made})", site)
        if scalar is not None:
            self._scalar(inside, scalar, element, made)
            return
        self._note_key(inside, line, made)
        for each in body:
            self.operation(inside, each)
        inside.box.leave()
        if children is not None:
            children(element)
        keeps = ["True"] if line.is_whole else [element, *self._may_add(inside), *filter(None, [rows.is_made])]
        with code.when(None if "True" in keeps else " or ".join(keeps)):
            self.finish(inside)
            for number, lookup in enumerate(self.lookups):
                if lookup.head == line.at and site.above is None:
                    with code.when(f"not {rows.is_made}" if rows.is_made else None):
                        self._look_up(inside, line.to, number, lookup)
            registry = self.registries.get(write_path(line.at))
            if registry is not None:
                code.line(f"{registry}[{rows.handle}] = {element}")
            code.line(f"{made}.append({element})")

    def _add(self, whole: str, path: Path, value: str) -> None:
        """Write a value where nothing stands yet."""
        if len(path) == 1 and isinstance(path[0], str):
            with self.code.when(f"{path[0]!a} not in {whole}"):
                self.code.line(f"{whole}[{path[0]!a}] = {value}")
            return
        tail = self.code.constant("p", path)
        with self.code.when(f"is_absent({whole}, {tail})"):
            self.code.line(written_at(self.code, whole, path, value))

    def _may_add(self, site: Site) -> Iterator[str]:
        """Yield the tests whether anything that waits may yet be written."""
        if site.references or site.members:
            yield "True"
        for tests, _, _ in site.fills:
            yield f"({' and '.join(tests)})" if tests else "True"
        for conditions, line in site.guarded:
            if line.fill is not None:
                yield "True"
            for path in (line.to, *line.otherwise):
                value = self.store.load(site, path)
                if value is not None:
                    yield f"({' and '.join((*conditions, f'{value} is not None'))})"

    def _look_up(self, site: Site, rows: str, number: int, lookup: Lookup) -> None:
        """Write what a table has for a leaf, where nothing stands yet."""
        value = self.store.leaf(site.row, rows, lookup.by)
        if value is None:
            return
        code, name, whole = self.code, self.code.name("v"), site.box.whole
        code.line(f"{name} = {value}")
        with code.when(f"{name} is not None"):
            table = f"tables[{number}]"
            code.line(f"{name} = {table}.get({name}, ABSENT) if type({name}) is str else looked_up({table}, {name})")
            with code.when(f"{name} is not ABSENT"):
                self._add(whole, lookup.tail, name)

    def _scalar(self, site: Site, line: Leaf, element: str, made: str) -> None:
        """Write a row that is one value, not an object."""
        if line.when is not None:
            raise UncompiledError
        self.leaf(site, replace(line, at=("",), also=(), currency=None))
        site.box.leave()
        with self.code.block(f"if '' in {element}"):
            self.code.line(f"{made}.append({element}[''])")

    def _note_key(self, site: Site, line: Each, made: str) -> None:
        key = _own_key(line)
        value = None if key is None else self.store.leaf(site.row, line.to, key.to.leaf)
        if value is None:
            return
        name, repeated = self.code.name("v"), self.code.name("q")
        self.code.line(f"{name} = {value}")
        self.code.line(f"{repeated} = {name} is not None and {name} in seen{made}")
        self.code.line(f"seen{made}.add({name})")
        site.key, site.repeated = line.key, repeated

    # Free members

    def free(self, site: Site, line: Tree | Rest) -> None:
        """Write free members, but none by a name that is not free."""
        loaded = self.store.load(site, line.to)
        fill = line.fill if isinstance(line, Tree) else None
        if loaded is None:
            self.fill(site, line.at, fill, ())
            return
        code, name = self.code, self.code.name("v")
        rows = line.to.first if line.to.first is not None else site.up(line.to.up).rows
        through = self.store.through(rows, line.to.leaf)
        path = (*line.at, "")
        site.box.enter([line.at] if through is not None and line.at else [path])
        code.line(f"{name} = {loaded}")
        is_whole = bool(line.at) and not site.box.is_slow(path) and not site.box.overlaps(line.at)
        if through is not None and is_whole:
            with code.block(f"if {name} is not None"):
                site.box.put(line.at, name)
            self.fill(site, line.at, fill, (f"{name} is None",))
            return
        wrote = code.name("w")
        if fill is not None:
            code.line(f"{wrote} = False")
        self._free_members(site, line, name, wrote if fill is not None else None, is_filtered=through is not None)
        self.fill(site, line.at, fill, (f"not {wrote}",))

    def _free_members(self, site: Site, line: Tree | Rest, name: str, wrote: str | None, *, is_filtered: bool) -> None:
        code, member, value = self.code, self.code.name("x"), self.code.name("y")
        tests = [] if is_filtered else [f"{member} not in {code.constant('s', line.declared | self.reserved)}"]
        if line.holds and not is_filtered:
            tests.append(f"not {code.constant('s', line.holds)}.isdisjoint(TYPES.get(type({value}), NUMBER))")
        with code.block(f"if {name}"), code.block(f"for {member}, {value} in {name}.items()"), code.when(*tests):
            if wrote is not None:
                code.line(f"{wrote} = True")
            if not is_filtered:
                with code.block(f"if type({value}) is dict or type({value}) is list"):
                    code.line(f"{value} = copied({value})")
            around, rest = site.box.holder((*line.at, ""))
            with site.box.within(around) as container:
                if len(rest) == 1:
                    code.line(f"{container}[{member}] = {value}")
                else:
                    code.line(f"write({container}, (*{code.constant('p', rest[:-1])}, {member}), {value})")

    def either(self, site: Site, line: Either) -> None:
        """Write the set of lines that can say most."""
        code, chosen = self.code, self.code.name("w")
        choice = self.store.choice(line)
        if isinstance(choice, int):
            for each in line.sets[choice]:
                self.operation(site, each)
            return
        site.box.leave()
        code.line(f"{chosen} = {choice}")
        around = site.conditions
        for number, one in enumerate(line.sets):
            site.conditions = (*around, f"{chosen} == {number}")
            with code.block(f"if {chosen} == {number}"):
                for each in one:
                    self.operation(site, each)
                site.box.leave()
        site.conditions = around

    # What waits until the object is written

    def finish(self, site: Site) -> None:
        """Write what waited: conditions first, then derivations, then names of rows."""
        site.box.leave()
        for kind in (Leaf, Parts):
            self._guarded(site, [each for each in site.guarded if isinstance(each[1], kind)])
        for tests, at, fill in site.fills:
            self._derive(site, tests, at, fill)
        for conditions, reference in site.references:
            with self.code.when(*conditions):
                self._refer(site, reference)
        for conditions, members in site.members:
            with self.code.when(*conditions):
                self._members(site, members)

    def _guarded(self, site: Site, lines: Sequence[tuple[tuple[str, ...], Leaf | Parts]]) -> None:
        """Write lines under conditions, those with the same one in a row together."""
        around, at = site.conditions, 0
        while at < len(lines):
            conditions, line = lines[at]
            end = at + 1
            while end < len(lines) and _is_alike(lines[at], lines[end]):
                end += 1
            guard = self.code.name("g")
            test = self._holds(site, line.when)
            self.code.line(f"{guard} = {' and '.join((*conditions, test))}")
            site.conditions = (*conditions, guard)
            with self.code.block(f"if {guard}"):
                for _, each in lines[at:end]:
                    if isinstance(each, Leaf):
                        self.leaf(site, each)
                    else:
                        self.parts(site, each)
                site.box.leave()
            at = end
        site.conditions = around

    def _holds(self, site: Site, guard: Guard | None) -> str:
        if guard is None:
            return "True"
        whole = site.box.whole
        if len(guard.at) == 1 and isinstance(guard.at[0], str) and not guard.aka and type(guard.value) is str:
            return f"{whole}.get({guard.at[0]!a}) == {guard.value!a}"
        return f"holds({whole}, {self.code.constant('g', guard)})"

    def _derive(self, site: Site, tests: tuple[str, ...], at: Path, fill: Derivation) -> None:
        derived = _DERIVE[type(fill)](self, site, fill)
        if derived is None:
            return
        code, box = self.code, site.box
        if box.overlaps(at):
            tests = (*tests, f"is_absent({box.whole}, {code.constant('p', at)})")
        with code.when(*tests):
            name = code.name("v")
            code.line(f"{name} = {derived}")
            with code.block(f"if {name} is not None"):
                box.put(at, name)

    def text_of(self, site: Site, fill: Text) -> str | None:
        """Put hub leaves into a text, where all are there."""
        found = [each if isinstance(each, str) else self.store.load(site, each) for each in fill.parts]
        if None in found:
            return None
        parts = ", ".join(
            ascii(each) if isinstance(part, str) else str(each) for each, part in zip(found, fill.parts, strict=True)
        )
        return f"text_of(({parts},))"

    def join_of(self, site: Site, fill: Join) -> str | None:
        """Join the hub leaves that are there."""
        found = [each for path in fill.of if (each := self.store.load(site, path)) is not None]
        return f"joined(({', '.join(found)},))" if found else None

    def region_of(self, site: Site, fill: RegionCode) -> str | None:
        """Find the code of a region within a country."""
        region, country = self.store.load(site, fill.region), self.store.load(site, fill.country)
        return None if region is None or country is None else f"region_of({region}, {country})"

    def same_of(self, site: Site, fill: Same) -> str:
        """Compare two subtrees of what is written so far."""
        return f"are_same({site.box.whole}, {self.code.constant('p', fill)})"

    def key_of(self, site: Site, fill: Key) -> str:
        """Make a key from the order's identity, the list and the row."""
        return f"key_for({self.store.identity()}, {site.rows!a}, {site.handle})"

    def count_of(self, site: Site, fill: Count) -> str:
        """Count a hub list."""
        return self.store.count(fill.of)

    def position_of(self, site: Site, fill: Position) -> str:
        """Count the elements before this one."""
        return f"{site.position} + 1"

    def _refer(self, site: Site, line: Reference) -> None:
        if line.rows in self.pending:
            raise UncompiledError
        handle = self.store.leaf(site.row, site.rows, line.to)
        element, code = self.code.name("e"), self.code
        code.line(f"{element} = named({self.registries[line.rows]}, {handle})")
        with code.block(f"if {element} is not None"):
            value = code.name("v")
            code.line(f"{value} = read({element}, {code.constant('p', line.key)})[0]")
            with code.block(f"if {value} is not ABSENT"):
                site.box.put(line.at, value)

    def _members(self, site: Site, line: Members) -> None:
        rows = self.store.bound(site, line)
        if rows is None:
            return
        code, made, element = self.code, self.code.name("made"), self.code.name("e")
        code.line(f"{made} = []")
        with rows.loop():
            code.line(f"{element} = {{}}")
            for each in [leaf for way in line.match for leaf in way] + ([line.quantity] if line.quantity else []):
                value, name = self.store.leaf(rows.row, line.rows, each.to.leaf), code.name("v")
                if value is None:
                    continue
                code.line(f"{name} = {value}")
                with code.block(f"if {name} is not None"):
                    written = written_value(code, each.codec, name, "None")
                    with code.block(f"if {written.test}"):
                        code.line(written_at(code, element, each.at, written.value))
            code.line(f"{made}.append({element})")
        with code.block(f"if {made}"):
            site.box.put(line.at, made)


def _own_key(line: Each) -> Leaf | None:
    """Find the line of a list's own key, if another is made where it repeats."""
    key = next((each for each in line.body if isinstance(each, Leaf) and each.at == line.key), None)
    return key if key is not None and key.fill is not None else None


def _is_alike(one: tuple[tuple[str, ...], Leaf | Parts], other: tuple[tuple[str, ...], Leaf | Parts]) -> bool:
    """Tell whether two lines stand under one condition that neither of them can change."""
    guard = one[1].when
    if guard is None or guard != other[1].when or one[0] != other[0]:
        return False
    looked = (guard.at, *guard.aka)
    written = paths_written(one[1])
    return not any(path[: len(at)] == at[: len(path)] for path in written for at in looked)


def _looks(operations: Iterable[Operation]) -> Iterator[Path]:
    """Yield the paths of the object that lines look at while it is written."""
    for each in operations:
        if isinstance(each, Group):
            yield from _looks(each.lines)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _looks(one)
        else:
            guard, fill = getattr(each, "when", None), getattr(each, "fill", None)
            if guard is not None:
                yield from (guard.at, *guard.aka)
            if isinstance(fill, Same):
                yield from fill.of


def _may_hide(line: Operation, at: Path) -> bool:
    """Tell whether a free member could stand where a list is written, and be taken back with it."""
    if not isinstance(line, (Tree, Rest)) or at[: len(line.at)] != line.at or len(at) == len(line.at):
        return False
    return at[len(line.at)] not in line.declared


def _scopes(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    """Yield the lines of each object: the whole, and the elements of each list."""
    yield operations
    for each in operations:
        if isinstance(each, Each):
            yield from _scopes(each.body)
        elif isinstance(each, Either):
            for one in each.sets:
                for inner in one:
                    if isinstance(inner, Each):
                        yield from _scopes(inner.body)


_WRITE: Final[dict[type[Operation], Callable[[Lowering, Site, Any], None]]] = {
    Each: Lowering.each,
    Either: Lowering.either,
    Group: Lowering.group,
    Leaf: Lowering.leaf,
    Leave: Lowering.leave,
    Parts: Lowering.parts,
    Rest: Lowering.free,
    Tree: Lowering.free,
}
_DERIVE: Final[dict[type, Callable[[Lowering, Site, Any], str | None]]] = {
    Count: Lowering.count_of,
    Join: Lowering.join_of,
    Key: Lowering.key_of,
    Position: Lowering.position_of,
    RegionCode: Lowering.region_of,
    Same: Lowering.same_of,
    Text: Lowering.text_of,
}
