"""Messages made from a contract: whatever its schemas allow, from the least to a bit of everything.

A value is made from the shapes that its schemas describe, then mended until the rules between its
members hold too. The compiled validator has the last word, and what it refuses is made again.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.sample import scalar
from orderbridge.sample.rules import Places, Reader, Rules, type_of
from orderbridge.validation.compiling import compile_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import jsonschema_rs

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.jsontext import Json

_ATTEMPTS: Final = 12
_REPAIRS: Final = 6
_TRIES: Final = 8
_DEEPEST: Final = 40
_FULL_DEPTH: Final = 5
_NULLS: Final = 0.07
_MOST_VALUES: Final = 400
"""After as many, nothing is made that may be left out; where the schema asks for ever more, it ends at the next."""
_FAR_TOO_MANY: Final = 5_000
_ENDS: Final[dict[str, Callable[[], Json]]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": int,
    "object": dict,
    "string": str,
}
"""JSON type -> its least value."""
_MOST_ELEMENTS: Final = 3
_FULLNESS: Final = (0.0, 0.3, 0.6, 0.9)
_UNKNOWN: Final = ("x", "note", "zusatz", "customField", "é")


def make(contract: Contract, schema_pointer: str, direction: Direction, seed: int) -> Json:
    """Make a message for the schema at a pointer of a contract, the same for the same seed.

    It keeps the contract (take `contract.at(level)` for less) as far as that can be found: a caller who
    needs a valid one validates. Total: every schema gets some value. Numbers are int or Decimal.
    """
    return _maker(_Identity(contract), direction).make(schema_pointer, seed)


class _Identity:
    """A contract as a key: the same object is the same key."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.contract is self.contract

    def __hash__(self) -> int:
        return id(self.contract)


@lru_cache(maxsize=32)
def _maker(identity: _Identity, direction: Direction) -> Maker:
    return Maker(identity.contract, direction)


class Maker:
    """Messages of one direction of one contract; keeps the validators of the places it has to check."""

    def __init__(self, contract: Contract, direction: Direction) -> None:
        """Take the contract whose rules are to be kept, at the level wanted."""
        self.contract = contract
        self.direction = direction
        self.reader = Reader(contract.document, direction)
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def make(self, place: str, seed: int) -> Json:
        """Make a message for the schema at a pointer: the first valid attempt, else the one with least wrong."""
        attempts = []
        for attempt in range(_ATTEMPTS):
            random = Random(f"{seed} {attempt}")  # noqa: S311 - chance that can be repeated, not secrets
            value = _Message(self, random, is_last=attempt == _ATTEMPTS - 1).value((place,), 0)
            if self.accepts(place, value):
                return value
            attempts.append(value)
        return min(attempts, key=lambda value: sum(1 for _ in self._validator(place).iter_errors(value)))

    def accepts(self, place: str, value: Json) -> bool:
        """Tell whether a value keeps the schema at a place."""
        return self._validator(place).is_valid(value)

    def _validator(self, place: str) -> jsonschema_rs.Validator:
        if place not in self._validators:
            self._validators[place] = compile_schema(self.contract, place, self.direction, mark=True)
        return self._validators[place]


class _Message:
    """One message in the making: its chance, how full it gets, how many values it has already."""

    def __init__(self, maker: Maker, random: Random, *, is_last: bool) -> None:
        self.maker = maker
        self.random = random
        self.fullness = 0.0 if is_last else random.choice(_FULLNESS)
        self.count = 0

    def value(self, places: Places, depth: int) -> Json:
        """Make a value that keeps the schemas at all the places."""
        self.count += 1
        rules = self.maker.reader.gather(places, self.random)
        if depth > _DEEPEST or self.count > _FAR_TOO_MANY:
            return _ENDS[type_of(rules, self.random)]()
        value = self._shaped(rules, depth)
        for _ in range(_REPAIRS):
            broken = next(self._broken(rules, value), None)
            if broken is None:
                break
            value = self._repaired(value, rules, broken, depth)
        return value

    def _shaped(self, rules: Rules, depth: int) -> Json:
        if rules.enum:
            return self.random.choice(rules.enum)
        if rules.nullable and self.random.random() < _NULLS:
            return None
        return _MAKERS[type_of(rules, self.random)](self, rules, depth)

    def _broken(self, rules: Rules, value: Json) -> Iterator[tuple[str, Places]]:
        """Yield the conditions that a value does not meet, as the way to mend it and the places to mend it by."""
        for branches in rules.conditions:
            if not any(self.maker.accepts(place, value) for place in branches):
                yield "keep", branches
        yield from (("break", (place,)) for place in rules.excluded if self.maker.accepts(place, value))

    def _repaired(self, value: Json, rules: Rules, broken: tuple[str, Places], depth: int) -> Json:
        """Mend one condition, by the way that leaves the fewest others broken."""
        way, places = broken
        mend = self.kept if way == "keep" else self.broken
        mended = [mend(value, place, rules, depth) for place in self.random.sample(places, len(places))]
        return min(mended, key=lambda each: sum(1 for _ in self._broken(rules, each)))

    def kept(self, value: Json, place: str, rules: Rules, depth: int) -> Json:
        """Change a value so that it keeps the schema at a place."""
        if self.maker.accepts(place, value):
            return value
        where, schema = self.maker.reader.schema(place)
        if not isinstance(schema, dict):
            return value
        if "enum" in schema:
            listed = [each for each in schema["enum"] if rules.enum is None or each in rules.enum]
            return self.random.choice(listed or schema["enum"])
        for index in range(len(schema.get("allOf", ()))):
            value = self.kept(value, f"{where}/allOf/{index}", rules, depth)
        for keyword in ("anyOf", "oneOf"):
            count = len(schema.get(keyword, ()))
            if count:
                value = self.kept(value, f"{where}/{keyword}/{self.random.randrange(count)}", rules, depth)
        if "not" in schema:
            value = self.broken(value, f"{where}/not", rules, depth)
        if isinstance(value, dict):
            value = self._kept_members(value, where, rules, depth)
        elif isinstance(value, list) and "items" in schema:
            value = [self._kept_part(each, f"{where}/items", rules.items, depth) for each in value]
        return value

    def _kept_members(self, value: dict[str, Any], where: str, rules: Rules, depth: int) -> dict[str, Any]:
        own = self.maker.reader.gather((where,), self.random)
        kept = dict(value)
        for name, places in own.members.items():
            if name not in kept:
                continue
            if any(self._refuses_all(place) for place in places):
                del kept[name]
                continue
            for place in places:
                kept[name] = self._kept_part(kept[name], place, rules.members.get(name, ()), depth)
        for name in own.required:
            if name not in kept and name not in own.one_way | rules.one_way:
                kept[name] = self.value((*rules.members.get(name, ()), *own.members.get(name, ())), depth + 1)
        return kept

    def _kept_part(self, value: Json, place: str, base: Places, depth: int) -> Json:
        """Mend a member or an element, or make it anew by all that is asked of it."""
        if self.maker.accepts(place, value):
            return value
        mended = self.kept(value, place, self.maker.reader.gather(base, self.random), depth + 1)
        if self.maker.accepts(place, mended) and all(self.maker.accepts(each, mended) for each in base):
            return mended
        return self.value((*base, place), depth + 1)

    def broken(self, value: Json, place: str, rules: Rules, depth: int) -> Json:
        """Change a value so that it breaks the schema at a place."""
        if not isinstance(value, dict):
            return next(
                (new for _ in range(_TRIES) if not self.maker.accepts(place, new := self._shaped(rules, depth))), value
            )
        where = self.maker.reader.schema(place)[0]
        own = self.maker.reader.gather((where,), self.random)
        droppable = [name for name in own.required if name in value and name not in rules.required]
        changeable = [name for name in own.members if name in value]
        ways = [*((name, True) for name in droppable), *((name, False) for name in changeable)]
        for name, is_dropped in self.random.sample(ways, len(ways)):
            if is_dropped:
                changed = {key: each for key, each in value.items() if key != name}
            else:
                changed = self._broken_member(value, name, own.members[name], rules, depth)
            if not self.maker.accepts(place, changed):
                return changed
        return value

    def _broken_member(
        self, value: dict[str, Any], name: str, places: Places, rules: Rules, depth: int
    ) -> dict[str, Any]:
        for _ in range(_TRIES):
            new = self.value(rules.members.get(name, ()), depth + 1)
            if not all(self.maker.accepts(place, new) for place in places):
                return {**value, name: new}
        return value

    def _refuses_all(self, place: str) -> bool:
        _, schema = self.maker.reader.schema(place)
        return isinstance(schema, dict) and schema.get("not") == {}

    def object(self, rules: Rules, depth: int) -> dict[str, Any]:
        """Make an object: what is required, and of the rest as much as this message is full."""
        names = list(rules.required)
        names += [name for name in rules.members if name not in rules.required and self._takes(depth)]
        wanted = rules.least("minProperties")
        names += [name for name in rules.members if name not in names][: max(0, wanted - len(names))]
        most = rules.most("maxProperties")
        chosen = [name for name in names if name not in rules.one_way]
        if most is not None:
            chosen = chosen[: max(most, len(rules.required))]
        order = [
            *(name for name in rules.members if name in set(chosen)),
            *(name for name in chosen if name not in rules.members),
        ]
        made = {name: self.value(rules.members.get(name) or rules.others, depth + 1) for name in order}
        if most is None or len(made) < most:
            made.update(self._unknown(rules, made, wanted, depth))
        return made

    def _unknown(self, rules: Rules, made: dict[str, Any], wanted: int, depth: int) -> dict[str, Any]:
        """Make members that no schema names, where they are allowed: many in a free object, few elsewhere."""
        if rules.closed:
            return {}
        share = self.fullness if rules.others or not rules.members else 0.05 * self.fullness
        count = max(wanted - len(made), self.random.randint(1, 2) if self.random.random() < share else 0)
        names = [*_UNKNOWN, *(f"m{index}" for index in range(count))]
        free = [name for name in names if name not in made and name not in rules.members]
        return {name: self.value(rules.others, depth + 1) for name in free[:count]}

    def array(self, rules: Rules, depth: int) -> list[Any]:
        """Make an array, short unless a long one is asked for."""
        least, most = rules.least("minItems"), rules.most("maxItems")
        extra = self.random.randint(0, _MOST_ELEMENTS) if self._takes(depth) else 0
        count = least + extra if most is None else min(least + extra, max(most, least))
        if least == 0 and count and depth > _FULL_DEPTH:
            count = 1
        made = [self.value(rules.items, depth + 1) for _ in range(count)]
        return self._distinct(made, rules, depth) if rules.any("uniqueItems") else made

    def _distinct(self, made: list[Any], rules: Rules, depth: int) -> list[Any]:
        found = {jsontext.write(value): value for value in made}
        for _ in range(_TRIES * 4):
            if len(found) >= len(made):
                break
            value = self.value(rules.items, depth + 1)
            found.setdefault(jsontext.write(value), value)
        return list(found.values())

    def string(self, rules: Rules, _depth: int) -> str:
        """Make a text."""
        return scalar.text(rules.text(), self.random)

    def number(self, rules: Rules, _depth: int) -> Json:
        """Make a number."""
        return scalar.number(rules.number(whole=False), self.random)

    def integer(self, rules: Rules, _depth: int) -> Json:
        """Make a whole number."""
        return scalar.number(rules.number(whole=True), self.random)

    def boolean(self, _rules: Rules, _depth: int) -> bool:
        """Make a truth value."""
        return self.random.choice((True, False))

    def _takes(self, depth: int) -> bool:
        """Tell whether something that may be left out is made: less deep down, never without end."""
        if self.count > _MOST_VALUES:
            return False
        return self.random.random() < self.fullness * min(1.0, _FULL_DEPTH / (depth + 1)) ** 2


_MAKERS: Final[dict[str, Callable[[_Message, Rules, int], Json]]] = {
    "array": _Message.array,
    "boolean": _Message.boolean,
    "integer": _Message.integer,
    "number": _Message.number,
    "object": _Message.object,
    "string": _Message.string,
}
