"""The writing rules of contracts: what OpenAPI allows and tools read differently.

One small function per rule, all of one signature, in one table. A document that cannot be loaded at all
is told by its `DocumentError`; these rules look at what did load.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import composition
from orderbridge.contract.patterns import risks
from orderbridge.contract.secrets import is_unmarked
from orderbridge.contract.shape import Node, walk
from orderbridge.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.contract.contract import Contract

ALTERNATIVES: Final = ("allOf", "anyOf", "oneOf")

Found = tuple[tuple[str | int, ...], str]
"""Where, relative to the node, and what."""


@dataclass(frozen=True, slots=True)
class Place:
    """One object under inspection, with the contract it stands in."""

    contract: Contract
    node: Node

    @property
    def schema(self) -> dict[str, Any]:
        """The object itself."""
        value: dict[str, Any] = self.node.value
        return value


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for schemas: its code, its weight, and the function that finds breaches."""

    code: str
    severity: Severity
    check: Callable[[Place], Iterator[Found]]
    fix: str


def lint(contract: Contract) -> Iterator[Problem]:
    """Yield every breach of a writing rule, in the order of the document; pointers lead into that, without a place."""
    for node in walk(contract.document):
        if node.kind != "schema" or not isinstance(node.value, dict):
            continue
        place = Place(contract, node)
        for rule in RULES:
            for where, message in rule.check(place):
                yield Problem(rule.code, message, pointer.join([*node.tokens, *where]), rule.severity, fix=rule.fix)


def _reference_sibling(place: Place) -> Iterator[Found]:
    if "$ref" not in place.schema:
        return
    for name in place.schema:
        if name != "$ref" and not name.startswith("x-"):
            yield (name,), f"`{name}` stands beside a $ref and is ignored"


def _array_without_items(place: Place) -> Iterator[Found]:
    if place.schema.get("type") == "array" and "items" not in place.schema:
        yield (), "an array schema without `items`"


def _money_multiple_of(place: Place) -> Iterator[Found]:
    step = place.schema.get("multipleOf")
    if isinstance(step, Decimal) and step != step.to_integral_value():
        yield ("multipleOf",), f"a step of {step} is refused by validators that compute in binary"


def _nullable_enum(place: Place) -> Iterator[Found]:
    if place.schema.get("nullable") is True and "enum" in place.schema and None not in place.schema["enum"]:
        yield ("enum",), "`nullable` is true, but the enum lacks null"


def _pattern_digit(place: Place) -> Iterator[Found]:
    if r"\d" in place.schema.get("pattern", ""):
        yield ("pattern",), r"`\d` is every digit of Unicode for some tools"


def _pattern_slow(place: Place) -> Iterator[Found]:
    for part in risks(place.schema.get("pattern", "")):
        yield ("pattern",), f"`{part:.80}` can take exponential time, or needs a backtracking engine"


def _discriminator_tag(place: Place) -> Iterator[Found]:
    discriminator = place.schema.get("discriminator")
    branches = place.schema.get("oneOf") or place.schema.get("anyOf")
    if not isinstance(discriminator, dict) or not branches:
        return
    name = discriminator["propertyName"]
    for index, branch in enumerate(branches):
        if not _is_tagged(place.contract.document, branch, name):
            yield ("discriminator",), f"branch {index} does not require `{name}` with an enum of one value"


def _is_tagged(document: Any, branch: Any, name: str) -> bool:
    is_required = any(name in part.get("required", ()) for part in composition.parts(branch, document))
    tags = [member for member_name, member in composition.members(branch, document) if member_name == name]
    return is_required and any(
        len(part.get("enum", ())) == 1 for tag in tags for part in composition.parts(tag, document)
    )


def _required_undeclared(place: Place) -> Iterator[Found]:
    if not place.schema.get("properties"):  # it is a condition on members that are declared elsewhere
        return
    required = place.schema.get("required", ())
    document = place.contract.document
    if all(name in place.schema["properties"] for name in required):
        return
    whole = composition.at(document, composition.whole(place.node.tokens))
    declared = {name for name, _ in composition.members(whole, document, ALTERNATIVES)}
    for index, name in enumerate(required):
        if name not in declared:
            yield ("required", index), f"`{name}` is required but not declared"


def _unmarked_secret(place: Place) -> Iterator[Found]:
    for name, member in place.schema.get("properties", {}).items():
        if is_unmarked(name, member, place.contract.document):
            yield ("properties", name), f"`{name}` looks like a secret and is not marked"


RULES: Final[tuple[Rule, ...]] = (
    Rule("lint-reference-sibling", "warning", _reference_sibling, "write allOf: [{$ref: …}] and put it beside that"),
    Rule("lint-array-without-items", "warning", _array_without_items, "add `items`"),
    Rule("lint-money-multiple-of", "warning", _money_multiple_of, "leave `multipleOf` out for money"),
    Rule("lint-nullable-enum", "warning", _nullable_enum, "add null to the enum, or remove `nullable`"),
    Rule("lint-pattern-digit", "warning", _pattern_digit, "write [0-9]"),
    Rule("lint-pattern-slow", "warning", _pattern_slow, "rewrite it without nested repetition or look-around"),
    Rule("lint-discriminator-tag", "warning", _discriminator_tag, "require the tag with an enum of one value"),
    Rule("lint-required-undeclared", "warning", _required_undeclared, "declare it, or correct its name"),
    Rule("lint-unmarked-secret", "error", _unmarked_secret, "add x-secret: true, or x-secret: false"),
)
