"""OpenAPI 3.0 schemas as JSON Schema 2020-12, each keyword at its own JSON Pointer.

The validator knows nothing of `nullable`, boolean `exclusiveMinimum`, integer formats or read-only
members. Here they become what it knows, in place, so that the pointer of a broken rule is its pointer
in the user's document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from orderbridge.contract import composition, references
from orderbridge.contract.evidence import CONSTRAINTS
from orderbridge.contract.shape import rewrite

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.shape import Node, Tokens

Direction = Literal["request", "response"]

SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
INTEGER_FORMATS: Final = {"int32": 31, "int64": 63}
"""Format -> the power of two that bounds it on both sides."""

CHECKED_FORMATS: Final = frozenset({"byte", "date", "date-time", "email", "ipv4", "ipv6", "uri", "uuid"})
"""Formats of texts that are asserted. Any other is the document's own word and says nothing to us."""

ONE_WAY: Final[dict[Direction, str]] = {"request": "readOnly", "response": "writeOnly"}
"""The keyword that marks members which do not belong into a message of this direction."""

_KEPT: Final = CONSTRAINTS - {"exclusiveMaximum", "exclusiveMinimum"} | {"$ref", "allOf", "items", "properties"}
"""What stays under its own name; the boolean bounds become numbers."""

_NUMERIC: Final = frozenset({"integer", "number"})


def convert(document: Any, direction: Direction, *, mark: bool) -> dict[str, Any]:
    """Give the document with every schema in the 2020-12 dialect, examples left out.

    A member of the other direction is never required; with `mark` its presence breaks the keyword
    `readOnly` or `writeOnly`.
    """
    foreign = _Foreign(document, direction)

    def visit(node: Node) -> Any:
        if node.kind == "example":
            return {}
        if node.kind != "schema" or not isinstance(node.value, dict):
            return _without_examples(node.value)
        return _schema(node, direction, foreign, mark=mark)

    converted: dict[str, Any] = rewrite(document, visit)
    return converted


def root(converted: dict[str, Any], where: str) -> dict[str, Any]:
    """Give the schema whose root is the schema at a pointer of a converted document."""
    return {
        "$schema": SCHEMA,
        "$ref": references.to(where),
        "paths": converted.get("paths", {}),
        "components": converted.get("components", {}),
    }


def _without_examples(value: Any) -> Any:
    if not isinstance(value, dict) or not value.keys() & {"example", "examples"}:
        return value
    return {key: entry for key, entry in value.items() if key not in {"example", "examples"}}


def _schema(node: Node, direction: Direction, foreign: _Foreign, *, mark: bool) -> dict[str, Any]:
    raw = node.value
    if "$ref" in raw:  # its siblings have no meaning in 3.0
        return {"$ref": raw["$ref"]}
    schema = {key: value for key, value in raw.items() if key in _KEPT}
    for change in _CHANGES:
        change(schema, raw)
    if "required" in schema:
        others = foreign.of(node.tokens)
        schema["required"] = [name for name in schema["required"] if name not in others]
    one_way = ONE_WAY[direction]
    if mark and raw.get(one_way) is True:
        schema[one_way] = True
    return schema


def _nullable(schema: dict[str, Any], raw: dict[str, Any]) -> None:
    # 3.0.3: nullable widens the `type` beside it and nothing else; an enum has to list null itself.
    if raw.get("nullable") is True and isinstance(raw.get("type"), str):
        schema["type"] = [raw["type"], "null"]


def _exclusive(schema: dict[str, Any], raw: dict[str, Any]) -> None:
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if raw.get(exclusive) is True and bound in raw:
            schema[exclusive] = schema.pop(bound)


def _format(schema: dict[str, Any], raw: dict[str, Any]) -> None:
    """Keep the formats that are checked; those of integers become bounds."""
    name = raw.get("format")
    if name is None or name in CHECKED_FORMATS:
        return
    del schema["format"]
    power = INTEGER_FORMATS.get(name)
    if power is None or raw.get("type", "integer") not in _NUMERIC:
        return
    # A bound of the document's own stays where it is narrower, so that each keyword speaks for itself.
    schema["minimum"] = max(schema.get("minimum", -(2**power)), -(2**power))
    schema["maximum"] = min(schema.get("maximum", 2**power - 1), 2**power - 1)


_CHANGES: Final[tuple[Callable[[dict[str, Any], dict[str, Any]], None], ...]] = (
    _nullable,
    _exclusive,
    _format,
)


class _Foreign:
    """The members of each object that do not belong into a direction, its `allOf` parts seen as one."""

    def __init__(self, document: Any, direction: Direction) -> None:
        self.document = document
        self.direction = direction
        self.known: dict[Tokens, frozenset[str]] = {}

    def of(self, tokens: Tokens) -> frozenset[str]:
        whole = composition.whole(tokens)
        if whole not in self.known:
            schema = composition.at(self.document, whole)
            self.known[whole] = frozenset(
                name
                for name, member in composition.members(schema, self.document)
                if is_one_way(member, self.direction, self.document)
            )
        return self.known[whole]


def is_one_way(member: Any, direction: Direction, document: Any) -> bool:
    """Tell whether a property's schema, or an `allOf` part of it, marks it as not for this direction."""
    return any(part.get(ONE_WAY[direction]) is True for part in composition.parts(member, document))
