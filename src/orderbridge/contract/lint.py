"""The writing rules of contracts: what OpenAPI allows and tools read differently.

One small function per rule, all of one signature, in one table. A document that cannot be loaded at all
is told by its `DocumentError`; these rules look at what did load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.secrets import MARK, is_marked
from orderbridge.contract.shape import Node, walk
from orderbridge.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.contract.contract import Contract

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
    """Yield every breach of a writing rule, in the order of the document."""
    for node in walk(contract.document):
        if node.kind != "schema" or not isinstance(node.value, dict):
            continue
        place = Place(contract, node)
        for rule in RULES:
            for where, message in rule.check(place):
                yield Problem(
                    rule.code,
                    message,
                    pointer.join([*node.tokens, *where]),
                    rule.severity,
                    fix=rule.fix,
                    file=str(contract.file),
                )


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
    if step is not None and Decimal(str(step)) % 1:
        yield ("multipleOf",), f"a step of {step} is refused by validators that compute in binary"


def _nullable_enum(place: Place) -> Iterator[Found]:
    if place.schema.get("nullable") is True and "enum" in place.schema and None not in place.schema["enum"]:
        yield ("enum",), "`nullable` is true, but the enum lacks null"


def _pattern_digit(place: Place) -> Iterator[Found]:
    if r"\d" in place.schema.get("pattern", ""):
        yield ("pattern",), r"`\d` is every digit of Unicode for some tools"


_NESTED: Final = re.compile(r"\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]|\(\?[=!<]|\\[1-9]")


def _pattern_slow(place: Place) -> Iterator[Found]:
    pattern = place.schema.get("pattern", "")
    for match in _NESTED.finditer(pattern):
        yield ("pattern",), f"`{match.group()}` can take exponential time, or needs a backtracking engine"


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
    target = references.local(branch.get("$ref"))
    if target is not None:
        branch = references.resolve(document, target)[1]
    tag = branch.get("properties", {}).get(name, {})
    return name in branch.get("required", ()) and len(tag.get("enum", ())) == 1


def _required_undeclared(place: Place) -> Iterator[Found]:
    declared = place.schema.get("properties")
    if not declared:  # without properties it is a condition on members that are declared elsewhere
        return
    for index, name in enumerate(place.schema.get("required", ())):
        if name not in declared:
            yield ("required", index), f"`{name}` is required but not declared"


_SECRET: Final = re.compile(
    r"(?:card_?(?:number|cvv|cvc|pin)|cvv2?|cvc2?|_?pin|password|passcode|secret|(?:access_?|bearer_?|refresh_?|payment_?)"
    r"?token|private_?key|pan)",
    re.IGNORECASE,
)


def _unmarked_secret(place: Place) -> Iterator[Found]:
    for name, member in place.schema.get("properties", {}).items():
        if not _SECRET.fullmatch(name) or not isinstance(member, dict):
            continue
        document = place.contract.document
        if MARK not in member and not is_marked(member, document) and not _is_container(member, document):
            yield ("properties", name), f"`{name}` looks like a secret and is not marked"


def _is_container(member: dict[str, Any], document: Any) -> bool:
    """Tell whether the schema is an object or array, whose own members speak for themselves."""
    target = references.local(member.get("$ref"))
    if target is not None:
        member = references.resolve(document, target)[1]
    return member.get("type") in {"object", "array"}


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
