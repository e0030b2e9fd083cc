"""Mappings that nobody wrote: sections of every kind of operation by chance, and documents that they half fit.

What compiled code and the interpreter make of them has to be the same, sense or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.registry import CODECS, Row, table_codec
from orderbridge.mapping.document import write
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import (
    Constant,
    Count,
    Each,
    Either,
    Group,
    Guard,
    HubPath,
    Join,
    Key,
    Leaf,
    Leave,
    Members,
    Origin,
    Parts,
    Position,
    Reference,
    RegionCode,
    Rest,
    Same,
    Section,
    Select,
    Source,
    Text,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.mapping.operations import Fill, Operation, Path

_HERE: Final = Origin("by chance", 1)
_NAMES: Final = ("a", "b", "c", "d", "e", "f")
_LISTS: Final = ("lines", "shipments", "adjustments")
_ROOT: Final = ("number", "cart_id", "note", "buyer.given", "buyer.city", "bill_to.given", "bill_to.city")
_ROWS: Final = ("id", "sku", "name", "to.given", "to.city")
_KINDS: Final = table_codec(
    "kinds", (Row("x", "ex"), Row("y", "why"), Row("z", "why", None, preferred=True), Row(partner=True, hub="t"))
)
_COINS: Final = table_codec("coins", (Row("INR", "INR"), Row("x", "EUR")))
_FEW: Final = ("x", "x", "y", "y", "z", "1", "1", "US", "INR", "home", "", 1, True, None)
_TEXTS: Final = ("x", "y", "z", "1", "2", "", "INR", "USD", "US", "Alabama", "home")


@dataclass
class Grammar:
    """Makes sections and documents by one source of chance."""

    random: Random

    @classmethod
    def of(cls, seed: str) -> Grammar:
        """Make one whose chance can be repeated."""
        return cls(Random(seed))  # noqa: S311 - nothing here is a secret

    def section(self) -> Section:
        """Make a section; its lists are few, so that two sections meet."""
        lines = [self._line(depth=0) for _ in range(self.random.randint(3, 9))]
        lists = [self._list(each) for each in self.random.sample(_LISTS, self.random.randint(0, 3))]
        lines += [each for each in lists if each is not None]
        self.random.shuffle(lines)
        if self.random.random() < 0.3:
            lines.append(self._either())
        if self._chance():
            codec = self.random.choice([CODECS["currency"], _COINS])
            lines.append(Leaf(("cur",), HubPath("currency"), codec, _HERE))
        context = tuple((leaf, "ctx") for leaf in self.random.sample(_ROOT, self.random.randint(0, 2)))
        if self.random.random() < 0.2:
            context = (*context, ("currency", self.random.choice(["INR", "USD"])))
        identity = (("number",),) if self._chance() else ()
        return Section(
            "request",
            tuple(lines),
            context=context,
            only=(("note", "x"),),
            identity=identity,
            states_currency=self._chance(),
        )

    def _chance(self) -> bool:
        return self.random.random() < 0.5

    def _path(self, *, plain: bool = False) -> Path:
        names = [self.random.choice(_NAMES) for _ in range(self.random.randint(1, 3))]
        path: list[Any] = list(names)
        if not plain and self.random.random() < 0.1:
            path = [names[0], self.random.choice([0, 1, Select("k", "x")]), "v"]
        return tuple(path)

    def _hub(self, depth: int) -> HubPath:
        luck = self.random.random()
        if luck < 0.2:
            return HubPath(self.random.choice(_ROWS), 0, self.random.choice(_LISTS))
        if depth and luck < 0.3:
            return HubPath(self.random.choice(_ROOT), depth)
        return HubPath(self.random.choice(_ROWS if depth else _ROOT))

    def _guard(self) -> Guard | None:
        if self.random.random() < 0.75:
            return None
        aka = (self._path(plain=True),) if self._chance() else ()
        return Guard(self._path(plain=True), self.random.choice(["x", True, 1]), aka)

    def _fill(self, depth: int) -> Fill | None:
        choices: list[Fill | None] = [
            None,
            None,
            Constant(self.random.choice(["filled", 7, {}, {"in": ["x"]}])),
            Text(("it is ", self._hub(depth))),
            Join((self._hub(depth), self._hub(depth))),
            Count(self.random.choice(_LISTS)),
            RegionCode(self._hub(depth), self._hub(depth)),
            Key(),
            Position(),
            Same((self._path(plain=True), self._path(plain=True))),
        ]
        return self.random.choice(choices)

    def _line(self, depth: int) -> Operation:
        makers: list[Callable[[int], Operation]] = [self._leaf, self._leaf, self._leaf, self._money, self._parts]
        makers += [self._group, self._leave, self._tree, self._rest]
        return self.random.choice(makers)(depth)

    def _leaf(self, depth: int) -> Leaf:
        codec = self.random.choice([CODECS["text"], CODECS["text"], CODECS["country"], CODECS["digits"], _KINDS])
        return Leaf(
            self._path(),
            self._hub(depth),
            codec,
            _HERE,
            aka=tuple(self._path() for _ in range(self.random.randint(0, 1))),
            also=tuple(self._path() for _ in range(self.random.randint(0, 1))),
            when=self._guard(),
            otherwise=tuple(self._hub(depth) for _ in range(self.random.randint(0, 1))),
            fill=self._fill(depth),
        )

    def _money(self, depth: int) -> Leaf:
        leaf = self.random.choice(["total.amount", "price.amount"])
        to = HubPath(leaf, 0 if self._chance() else depth)
        codec = CODECS[self.random.choice(["decimal", "minor", "whole", "decimal_text"])]
        currency = self._path(plain=True) if self._chance() else None
        otherwise = (HubPath("price.amount"),) if self._chance() else ()
        return Leaf(self._path(), to, codec, _HERE, otherwise=otherwise, currency=currency)

    def _parts(self, depth: int) -> Parts:
        at = tuple(self._path(plain=True) for _ in range(self.random.randint(1, 3)))
        leaf = self.random.choice(["street", "buyer.street", "bill_to.street"])
        otherwise = (HubPath("street"),) if self._chance() else ()
        return Parts(at, HubPath(leaf), _HERE, otherwise, self._fill(depth), None, self._guard())

    def _group(self, depth: int) -> Group:
        base, prefix = (self.random.choice(_NAMES),), "to" if depth else "buyer"
        lines: list[Any] = [
            Leaf((*base, "g"), HubPath(f"{prefix}.given"), CODECS["text"], _HERE, fill=self._fill(depth)),
            Leaf((*base, "c"), HubPath(f"{prefix}.city"), CODECS["text"], _HERE, aka=((*base, "town"),)),
            Parts(((*base, "s1"), (*base, "s2")), HubPath(f"{prefix}.street"), _HERE),
            Leave((*base, "l"), "duplicate", _HERE, fill=Constant("left")),
        ]
        source = Source((self.random.choice(_NAMES),), Guard(self._path(plain=True), "x")) if self._chance() else None
        otherwise = tuple(
            HubPath(each, depth if depth and self._chance() else 0) for each in ("bill_to",) if self._chance()
        )
        return Group(tuple(lines), base, HubPath(prefix), _HERE, otherwise, source)

    def _leave(self, depth: int) -> Leave:
        return Leave(self._path(), "duplicate", _HERE, fill=self._fill(depth))

    def _tree(self, depth: int) -> Tree:
        declared = frozenset(self.random.sample(_NAMES, self.random.randint(0, 2)))
        holds = self.random.choice([frozenset(), frozenset({"string"}), frozenset({"object", "number"})])
        fill = self.random.choice([None, None, Constant({}), Text(("free", HubPath("note")))])
        return Tree(self._path(plain=True), HubPath("attributes", 0), declared, holds, _HERE, fill)

    def _rest(self, depth: int) -> Rest:
        declared = frozenset(self.random.sample(_NAMES, 4)) | {"l1", "l2", "l3", "cur"}
        return Rest((), HubPath(self.random.choice(["attributes", "inputs"])), declared, frozenset(), _HERE)

    def _list(self, to: str) -> Each | None:
        at: Path = (f"l{_LISTS.index(to) + 1}",)
        if self.random.random() < 0.15:
            scalar = Leaf((), HubPath("name"), CODECS["text"], _HERE, otherwise=(HubPath("note", 1),))
            return Each(at, to, (scalar,), _HERE, bare=self._chance())
        body = [self._line(depth=1) for _ in range(self.random.randint(1, 5))]
        fill = self.random.choice([None, Key()])
        body.append(Leaf(("key",), HubPath("id"), CODECS["text"], _HERE, fill=fill))
        body += self._names_of_rows(to)
        return Each(
            at,
            to,
            tuple(body),
            _HERE,
            aka=(("old",),) if self._chance() else (),
            nest="kids" if self.random.random() < 0.3 else None,
            where=self.random.choice([(), (("kind", "x"),), (("kind", True),)]),
            key=("key",),
            make=self.random.random() < 0.2,
            bare=self._chance(),
            components=self.random.choice(["lines", "refuse"]),
        )

    def _names_of_rows(self, to: str) -> list[Operation]:
        luck = self.random.random()
        if to == "lines" and luck < 0.4:
            return [Reference(("ship",), "shipment", write_path(("l2",)), ("key",), _HERE)]
        if to == "shipments" and luck < 0.3:
            quantity = Leaf(("q",), HubPath("quantity"), CODECS["whole"], _HERE) if self._chance() else None
            match = (
                (Leaf(("key",), HubPath("id"), CODECS["text"], _HERE),),
                (Leaf(("a",), HubPath("sku"), CODECS["text"], _HERE),),
            )
            return [Members(("items",), "lines", "shipment", match, _HERE, quantity)]
        if to == "lines" and luck < 0.7:
            fees = Leaf(("a",), HubPath("name"), CODECS["text"], _HERE, otherwise=(HubPath("sku", 1),))
            inner = Each(("fees",), "adjustments", (fees,), _HERE, owner="line", where=(("kind", "x"),))
            return [inner, Leaf(("q",), HubPath("quantity"), CODECS["whole"], _HERE)]
        return []

    def _either(self) -> Either:
        to = self.random.choice(_LISTS)
        first = Leaf(("one",), HubPath("to.given", 0, to), CODECS["text"], _HERE)
        second = Each(
            ("two",), to, (Leaf(("a",), HubPath("to.given"), CODECS["text"], _HERE, when=self._guard()),), _HERE
        )
        third = Each(("three",), to, (Leaf(("b",), HubPath("sku"), CODECS["text"], _HERE, fill=self._fill(1)),), _HERE)
        sets: list[tuple[Operation, ...]] = [(first,), (second,), (third,)]
        return Either(to, tuple(self.random.sample(sets, 2)), _HERE)

    # Documents

    def documents(self, count: int) -> list[Any]:
        """Make documents with the names that sections know."""
        return [{}, None, [], *(self._object(0) for _ in range(count))]

    def fitting(self, operations: Iterable[Operation], depth: int = 0) -> dict[str, Any]:
        """Make an object in which most lines have something to read, and many values are equal."""
        whole: dict[str, Any] = {}
        operations = [*_of_one_object(operations)]
        for path in (path for each in operations for path in _scalars(each)):
            if self.random.random() < 0.75:
                write(whole, path, self.random.choice(_FEW))
        for each in operations:
            if isinstance(each, Each):
                write(whole, each.at, self._elements(each, depth))
            elif isinstance(each, Members):
                leaves = [leaf for way in each.match for leaf in way]
                leaves += [each.quantity] if each.quantity is not None else []
                write(whole, each.at, [self.fitting(leaves) for _ in range(self.random.randint(0, 2))])
            elif isinstance(each, (Tree, Rest)):
                for name in self.random.sample(("p", "q", "r", "a", "b"), self.random.randint(0, 3)):
                    write(whole, (*each.at, name), self.random.choice((*_FEW, {"in": "x", "out": "x"}, ["x", "y"])))
        return whole

    def _elements(self, line: Each, depth: int) -> list[Any]:
        count = self.random.randint(0, 3)
        if any(isinstance(each, Leaf) and not each.at for each in line.body):
            return [self.random.choice(_FEW) for _ in range(count)]
        rows = [self.fitting(line.body, depth + 1) for _ in range(count)]
        if line.nest is not None and depth < 2:
            for row in rows[1:]:
                row[line.nest] = [self.fitting(line.body, depth + 2)]
        return rows

    def _object(self, depth: int) -> dict[str, Any]:
        names = [*_NAMES, "g", "town", "s1", "s2", "key", "ship", "q", "k", "v", "secret", "free", "cur", "one"]
        found = {name: self._value(depth + 1) for name in self.random.sample(names, self.random.randint(2, 12))}
        if depth < 2:
            for name in ("l1", "l2", "l3", "old", "two", "three", "fees", "items", "kids"):
                if self._chance():
                    found[name] = self._rows(depth)
        return found

    def _rows(self, depth: int) -> Any:
        rows: Any = [self._object(depth + 1) for _ in range(self.random.randint(0, 3))]
        luck = self.random.random()
        if luck < 0.1:
            return rows[0] if rows else {}
        return [*rows, self.random.choice([None, "x", 1, []])] if luck < 0.2 else rows

    def _value(self, depth: int) -> Any:
        luck = self.random.random()
        if luck < 0.25 and depth < 4:
            return self._object(3) if self._chance() else {"c": {"a": "x", "b": "y"}, "k": "x", "v": "w"}
        if luck < 0.35:
            return self.random.choice(
                [None, True, False, 1, 0, Decimal("1.5"), 12, [], {}, ["x"], [{"k": "x", "v": "y"}]]
            )
        return self.random.choice(_TEXTS)


def _of_one_object(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the lines that read one object, those of groups and of alternatives too."""
    for each in operations:
        yield each
        if isinstance(each, Group):
            yield from _of_one_object(each.lines)
        elif isinstance(each, Either):
            for one in each.sets:
                yield from _of_one_object(one)


def _scalars(line: Operation) -> Iterator[Path]:
    """Yield the paths at which a line reads single values, conditions included."""
    when = getattr(line, "when", None)
    if isinstance(line, Group) and line.otherwise_from is not None:
        when = line.otherwise_from.when
    if when is not None:
        yield from (when.at, *when.aka)
    if isinstance(line, Leaf):
        yield from (line.at, *line.aka, *line.also, *([line.currency] if line.currency is not None else []))
    elif isinstance(line, Parts):
        yield from line.at
    elif isinstance(line, (Leave, Reference)):
        yield line.at
