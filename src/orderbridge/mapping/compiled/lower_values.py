"""Single hub values as source: where a value is loaded from, how it is written, what is written in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.compiled.box import Box, paths_written
from orderbridge.mapping.compiled.values import as_written, written_value
from orderbridge.mapping.notation import ROWS
from orderbridge.mapping.operations import (
    Constant,
    Group,
    HubPath,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
)
from orderbridge.mapping.saying import moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderbridge.mapping.compiled.store import Lowered
    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Derivation, Fill, Path, Section


@dataclass(frozen=True)
class Loaded:
    """A hub leaf as an expression, the currency of its own where it is an amount, and the codecs that wrote it."""

    name: str
    own: str | None
    is_amount: bool
    codecs: frozenset[str]
    is_raw: bool = False


NEVER: Final = Loaded("None", None, is_amount=False, codecs=frozenset())
"""What a group's line is given whose leaf can never be there under any of the prefixes."""


class UncompiledError(Exception):
    """Operations that meet in a way which the interpreter alone can follow; nobody outside sees this."""


@dataclass(frozen=True)
class Lookup:
    """A member of each element of a list (or of the whole), that is looked up by a leaf of its row in a table."""

    head: Path | None
    tail: Path
    by: str

    @classmethod
    def at(cls, path: Path, by: str) -> Lookup:
        """Read a path in which `*` stands for the elements of the list."""
        if ROWS not in path:
            return cls(None, path, by)
        cut = path.index(ROWS)
        return cls(path[:cut], path[cut + 1 :], by)


@dataclass
class Site:
    """Where operations stand while source is written: an object that is made, and the hub row that it is made of.

    `late` are what waits until the object is written: conditions, derivations, names of rows. `repeated` tells of the
    list's own key whether an earlier row has it.
    """

    box: Box
    rows: str = ""
    row: Any = None
    handle: str = "''"
    position: str = "0"
    above: Site | None = None
    conditions: tuple[str, ...] = ()
    guarded: list[tuple[tuple[str, ...], Leaf | Parts]] = field(default_factory=list)
    fills: list[tuple[tuple[str, ...], Path, Derivation]] = field(default_factory=list)
    references: list[tuple[tuple[str, ...], Reference]] = field(default_factory=list)
    members: list[tuple[tuple[str, ...], Members]] = field(default_factory=list)
    key: Path | None = None
    repeated: str | None = None

    def up(self, levels: int) -> Site:
        """Climb."""
        site = self
        for _ in range(levels):
            site = site.above or site
        return site


@dataclass
class Values:
    """Writes the source of single values."""

    code: Code
    section: Section
    store: Lowered

    # One value

    def leaf(self, site: Site, line: Leaf, given: Loaded | None = None) -> None:
        """Write the first of some hub leaves that is there."""
        paths = (line.to, *line.otherwise)
        loaded = self._load(site, paths, given)
        if loaded is None:
            self.fill(site, line.at, line.fill, ())
            return
        site.box.enter(paths_written(line))
        name, code = loaded.name, self.code
        absent = f"{name} is None"
        if site.key == line.at and line.fill is not None and site.repeated is not None:
            absent = f"({absent} or {site.repeated})"
        direct = None if loaded.is_amount or line.currency is not None else as_written(line.codec, name, loaded.codecs)
        if direct is not None:
            test = direct.test if absent == f"{name} is None" else f"not {absent} and {direct.test}"
            with code.block(f"if {test}"):
                for path in (line.at, *line.also):
                    site.box.put(path, direct.value)
        else:
            with code.block(f"if not {absent}" if " or " in absent else f"if {name} is not None"):
                self._value(site, line, loaded)
        self.fill(site, line.at, line.fill, (absent,))

    def _value(self, site: Site, line: Leaf, loaded: Loaded) -> None:
        """Write the value of a variable, unless its currency or its codec refuses."""
        code = self.code
        currency, test = "currency" if line.codec.currency else "None", None
        if loaded.is_amount:
            currency, test = self._currency(line, loaded)
        with code.when(test):
            written = written_value(code, line.codec, loaded.name, currency, is_raw=loaded.is_raw)
            with code.block(f"if {written.test}"):
                for path in (line.at, *line.also):
                    site.box.put(path, written.value)
                if line.currency is not None and loaded.own is not None:
                    with code.block(f"if {loaded.own} and {loaded.own} != currency"):
                        site.box.put(line.currency, loaded.own)

    def _currency(self, line: Leaf, loaded: Loaded) -> tuple[str, str | None]:
        """Give the currency of an amount, and the test whether it can be said here."""
        currency = f"({loaded.own} or currency)" if loaded.own is not None else "currency"
        tests = []
        implied = dict(self.section.context).get(self.section.currency)
        if implied is not None:
            tests.append(f"({currency} is None or {currency} == {self.code.value(implied)})")
        if loaded.own is not None and line.currency is None and self.section.states_currency:
            tests.append(f"({loaded.own} is None or {loaded.own} == currency or {currency} is None)")
        if self.section.currency_codecs:
            is_own = f" or ({loaded.own} is not None and {loaded.own} != currency)" if loaded.own is not None else ""
            tests.append(f"(not is_unsaid{is_own})")
        return currency, " and ".join(tests) or None

    def _load(self, site: Site, paths: Sequence[HubPath], given: Loaded | None) -> Loaded | None:
        """Load the first of some hub leaves that is there into a variable; None where none can ever be."""
        found = [] if given is None or given is NEVER else [given]
        found += [each for path in (paths if given is None else paths[1:]) if (each := self._loaded(site, path))]
        if len(found) <= 1:
            return self._named(found[0]) if found else None
        merged = self._merged(found)
        for index, each in enumerate(found):
            with self.code.when(f"{merged.name} is None" if index else None):
                self._assign(merged, each)
        return merged

    def _loaded(self, site: Site, path: HubPath) -> Loaded | None:
        value = self.store.load(site, path)
        if value is None:
            return None
        is_amount, own = path.leaf.endswith(".amount"), None
        if is_amount:
            own = self.store.load(site, HubPath(f"{path.leaf.removesuffix('amount')}currency", path.up, path.first))
        rows = path.first if path.first is not None else site.up(path.up).rows
        return Loaded(value, own, is_amount, self.store.codecs(site, path), self.store.is_raw(rows, path.leaf))

    def _named(self, loaded: Loaded) -> Loaded:
        """Give what is loaded as variables."""
        if loaded.name.isidentifier() and (loaded.own is None or loaded.own.isidentifier()):
            return loaded
        named = self._merged([loaded])
        self._assign(named, loaded)
        return named

    def parts(self, site: Site, line: Parts, given: Loaded | None = None) -> None:
        """Spread a list of texts over several members."""
        loaded = self._load_texts(site, (line.to, *line.otherwise), given)
        if loaded is None:
            self.fill(site, line.at[0], line.fill, ())
            return
        site.box.enter(line.at)
        with self.code.block(f"if {loaded}"):
            length = self.code.name("n")
            self.code.line(f"{length} = len({loaded})")
            last = len(line.at) - 1
            for index, path in enumerate(line.at):
                with self.code.when(f"{length} > {index}" if index else None):
                    if index == last:
                        site.box.put(
                            path, f"{loaded}[{index}] if {length} == {index + 1} else ', '.join({loaded}[{index}:])"
                        )
                    else:
                        site.box.put(path, f"{loaded}[{index}]")
        self.fill(site, line.at[0], line.fill, (f"not {loaded}",))

    def _load_texts(self, site: Site, paths: Sequence[HubPath], given: Loaded | None) -> str | None:
        found = [] if given is None or given is NEVER else [given.name]
        found += [each for path in (paths if given is None else paths[1:]) if (each := self.store.load(site, path))]
        if not found:
            return None
        name = self.code.name("v")
        self.code.line(f"{name} = {' or '.join(found)}")
        return name

    # What is written where the hub has nothing

    def fill(self, site: Site, at: Path, fill: Fill | None, absent: tuple[str, ...]) -> None:
        """Write a fill where a condition holds, a constant at once."""
        if fill is None:
            return
        if not isinstance(fill, Constant):
            site.fills.append(((*site.conditions, *absent), at, fill))
            return
        site.box.enter((at,))
        with self.code.when(*absent):
            value = self.code.value(fill.value)
            is_container = isinstance(fill.value, (dict, list))
            site.box.put(at, f"copied({value})" if is_container else value)

    def leave(self, site: Site, line: Leave) -> None:
        """Write what the partner wants where nothing of the order belongs."""
        self.fill(site, line.at, line.fill, ())

    def group(self, site: Site, group: Group) -> None:
        """Write a shape, from one of its prefixes."""
        lines = [each for each in group.lines if not isinstance(each, Leave)]
        given = self._fallback(site, group, lines) if group.otherwise else {}
        for line in group.lines:
            if isinstance(line, (Leaf, Parts)) and line.when is not None:
                site.guarded.append((site.conditions, line))
            elif isinstance(line, Leave):
                self.leave(site, line)
            elif isinstance(line, Leaf):
                self.leaf(site, line, given=given.get(id(line)))
            else:
                self.parts(site, line, given=given.get(id(line)))

    def _fallback(self, site: Site, group: Group, lines: Sequence[Leaf | Parts]) -> dict[int, Loaded]:
        """Load a group's leaves, all from the first of its prefixes that has any."""
        prefixes = [None, *group.otherwise]
        ways = [
            {
                index: loaded
                for index, line in enumerate(lines)
                if (loaded := self._loaded(site, line.to if prefix is None else moved(line.to, (group.prefix, prefix))))
            }
            for prefix in prefixes
        ]
        given = {index: self._merged([way[index] for way in ways if index in way]) for way in ways for index in way}
        absent = " and ".join(f"{each.name} is None" for each in given.values())
        for number, way in enumerate(way for way in ways if way):
            with self.code.when(absent if number else None):
                for index, each in given.items():
                    self._assign(each, way.get(index))
        return {id(line): given.get(index, NEVER) for index, line in enumerate(lines)}

    def _merged(self, found: Sequence[Loaded]) -> Loaded:
        """Name the variables for one of several loaded leaves."""
        if len({each.is_amount for each in found}) > 1:
            raise UncompiledError
        own = self.code.name("o") if any(each.own is not None for each in found) else None
        codecs = [each.codecs for each in found]
        known = frozenset().union(*codecs) if all(codecs) else frozenset()
        is_raw = any(each.is_raw for each in found)
        return Loaded(self.code.name("v"), own, found[0].is_amount, known, is_raw)

    def _assign(self, to: Loaded, value: Loaded | None) -> None:
        self.code.line(f"{to.name} = {value.name if value is not None else None}")
        if to.own is not None:
            self.code.line(f"{to.own} = {value.own if value is not None else None}")
