"""All that several schemas together say of one value, gathered for somebody who has to make it.

A place is the JSON Pointer of a schema in the contract's document, so that whatever is asked of a part
of a value can be handed on, and checked, by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.dialect import INTEGER_FORMATS, is_one_way
from orderbridge.sample.scalar import NumberRule, TextRule

if TYPE_CHECKING:
    from random import Random

    from orderbridge.contract.dialect import Direction

Places = tuple[str, ...]

ALTERNATIVES: Final = ("anyOf", "oneOf")
_TYPES: Final = ("object", "array", "string", "number", "boolean")
_ASKING: Final = {
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "string": {"pattern", "minLength", "maxLength"},
    "number": {"minimum", "maximum", "multipleOf"},
}
"""Type -> the keywords that speak of values of that type only."""
_SHAPES: Final = frozenset({"enum", "items", "type"})


@dataclass(slots=True)
class Rules:
    """What is asked of one value.

    `conditions` are alternatives of which one has to be kept once the value is there, `excluded` are schemas
    that it may not keep; `by_chance` tells that another gathering may choose otherwise.
    """

    types: set[str] | None = None
    hinted: set[str] = field(default_factory=set)
    nulls: list[bool] = field(default_factory=list)
    enum: list[Any] | None = None
    members: dict[str, Places] = field(default_factory=dict)
    one_way: set[str] = field(default_factory=set)
    required: dict[str, None] = field(default_factory=dict)
    others: Places = ()
    closed: bool = False
    items: Places = ()
    lists: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[Places] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    by_chance: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null is allowed by every schema that names a type."""
        return bool(self.nulls) and all(self.nulls)

    def most(self, keyword: str) -> int | None:
        """Give the smallest of several upper limits."""
        return min((each[keyword] for each in self.lists if keyword in each), default=None)

    def least(self, keyword: str) -> int:
        """Give the largest of several lower limits."""
        return max((each[keyword] for each in self.lists if keyword in each), default=0)

    def any(self, keyword: str) -> bool:
        """Tell whether a keyword is switched on anywhere."""
        return any(each.get(keyword) is True for each in self.lists)

    def text(self) -> TextRule:
        """Give what is asked of a text."""
        patterns = tuple(each["pattern"] for each in self.lists if "pattern" in each)
        formats = [each["format"] for each in self.lists if "format" in each]
        return TextRule(self.least("minLength"), self.most("maxLength"), patterns, formats[-1] if formats else None)

    def number(self, *, whole: bool) -> NumberRule:
        """Give what is asked of a number."""
        lower = max((_bound(each, "minimum", 1) for each in self.lists if "minimum" in each), default=None)
        upper = min((_bound(each, "maximum", 0) for each in self.lists if "maximum" in each), default=None)
        steps = [each["multipleOf"] for each in self.lists if "multipleOf" in each]
        least, above = (lower[0], bool(lower[1])) if lower else (None, False)
        most, below = (upper[0], not upper[1]) if upper else (None, False)
        for power in [INTEGER_FORMATS[each["format"]] for each in self.lists if each.get("format") in INTEGER_FORMATS]:
            least, above = (-(2**power), False) if least is None or least < -(2**power) else (least, above)
            most, below = (2**power - 1, False) if most is None or most > 2**power - 1 else (most, below)
        return NumberRule(least, most, above, below, max(steps, default=None), whole)


def _bound(schema: dict[str, Any], keyword: str, strict: int) -> tuple[Any, int]:
    """Order bounds by how much they leave: at the same limit the exclusive one leaves less."""
    exclusive = schema.get(f"exclusive{keyword.capitalize()}") is True
    return schema[keyword], strict if exclusive else 1 - strict


class Reader:
    """The schemas of one document, gathered into rules."""

    def __init__(self, document: Any, direction: Direction) -> None:
        """Take a bundled document and the direction of the messages to make."""
        self.document = document
        self.direction = direction
        self._resolved: dict[str, tuple[str, Any]] = {}
        self._gathered: dict[Places, Rules] = {}

    def schema(self, place: str) -> tuple[str, Any]:
        """Follow the references at a place, to the place and schema they end at."""
        if place not in self._resolved:
            self._resolved[place] = references.resolve(self.document, place)
        return self._resolved[place]

    def gather(self, places: Places, random: Random) -> Rules:
        """Gather the rules of several schemas, not to be changed; of alternatives of other shapes one is chosen."""
        if places in self._gathered:
            return self._gathered[places]
        rules = Rules()
        for place in dict.fromkeys(places):
            self._add(rules, place, random)
        if not rules.by_chance:
            self._gathered[places] = rules
        return rules

    def _add(self, rules: Rules, place: str, random: Random) -> None:
        where, schema = self.schema(place)
        if not isinstance(schema, dict):
            return
        _add_type(rules, schema)
        if "enum" in schema:
            rules.enum = _shared(rules.enum, schema["enum"])
        rules.lists.append(schema)
        self._add_members(rules, where, schema)
        if "items" in schema:
            rules.items = (*rules.items, f"{where}/items")
        if "not" in schema:
            rules.excluded.append(f"{where}/not")
        for index in range(len(schema.get("allOf", ()))):
            self._add(rules, f"{where}/allOf/{index}", random)
        for keyword in ALTERNATIVES:
            if keyword in schema:
                self._add_alternatives(rules, where, keyword, random)

    def _add_members(self, rules: Rules, where: str, schema: dict[str, Any]) -> None:
        for name, member in schema.get("properties", {}).items():
            rules.members[name] = (*rules.members.get(name, ()), f"{where}/properties/{pointer.escape(name)}")
            if is_one_way(member, self.direction, self.document):
                rules.one_way.add(name)
        rules.required.update(dict.fromkeys(schema.get("required", ())))
        others = schema.get("additionalProperties")
        if others is False:
            rules.closed = True
        elif isinstance(others, dict):
            rules.others = (*rules.others, f"{where}/additionalProperties")

    def _add_alternatives(self, rules: Rules, where: str, keyword: str, random: Random) -> None:
        branches = tuple(f"{where}/{keyword}/{index}" for index in range(len(self.schema(where)[1][keyword])))
        fitting = [place for place in branches if self._fits(place, rules)]
        if fitting and all(map(self._is_shape, branches)):
            rules.by_chance = True
            self._add(rules, random.choice(fitting), random)
        # A chosen shape is checked too: of a oneOf only one may fit.
        rules.conditions.append(branches)

    def _fits(self, place: str, rules: Rules) -> bool:
        """Tell whether a branch is of a type that the value may still have."""
        _, schema = self.schema(place)
        if not isinstance(schema, dict) or rules.types is None or "type" not in schema:
            return True
        return bool(_shared_types(rules.types, {schema["type"]}))

    def _is_shape(self, place: str) -> bool:
        """Tell whether a branch says what the value looks like rather than what its members need."""
        where, schema = self.schema(place)
        if not isinstance(schema, dict):
            return False
        if schema.keys() & _SHAPES:
            return True
        return any(
            self._is_shape(f"{where}/{keyword}/{index}")
            for keyword in ("allOf", *ALTERNATIVES)
            for index in range(len(schema.get(keyword, ())))
        )


def type_of(rules: Rules, random: Random) -> str:
    """Choose the JSON type of the value to make; without any hint a scalar."""
    if rules.types:
        return random.choice(sorted(rules.types))
    if rules.types is None and rules.hinted:
        return random.choice(sorted(rules.hinted))
    return random.choice(("string", "integer", "number", "boolean"))


def _add_type(rules: Rules, schema: dict[str, Any]) -> None:
    rules.hinted.update(name for name in _TYPES if _ASKING.get(name, set()) & schema.keys())
    if "type" not in schema:
        return
    rules.types = _shared_types(rules.types, {schema["type"]})
    rules.nulls.append(schema.get("nullable") is True)


def _shared_types(known: set[str] | None, types: set[str]) -> set[str]:
    if known is None:
        return types
    shared = known & types
    if "integer" in known | types and "number" in known | types:
        shared |= {"integer"}
    return shared


def _shared(known: list[Any] | None, values: list[Any]) -> list[Any]:
    if known is None:
        return values
    # By type too: to Python 1 and true are equal.
    return [value for value in known if any(value == other and type(value) is type(other) for other in values)]
