"""OpenAPI 3.0 schemas as JSON Schema 2020-12, each keyword at its own JSON Pointer.

The validator knows nothing of `nullable`, boolean `exclusiveMinimum`, integer formats or read-only
members. Here they become what it knows, in place, so that the pointer of a broken rule is its pointer
in the user's document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.shape import rewrite
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.shape import Node

Direction = Literal["request", "response"]

SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
INTEGER_FORMATS: Final = {"int32": 31, "int64": 63}
"""Format -> the power of two that bounds it on both sides."""

ONE_WAY: Final[dict[Direction, str]] = {"request": "readOnly", "response": "writeOnly"}
"""The keyword that marks members which do not belong into a message of this direction."""

_KEPT: Final = frozenset({
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "uniqueItems",
})
_ANNOTATING: Final = frozenset({"integer", "number"})


def convert(document: Any, direction: Direction, *, mark: bool) -> dict[str, Any]:
    """Give the document with every schema in the 2020-12 dialect, examples left out.

    A member of the other direction is never required; with `mark` its presence breaks the keyword
    `readOnly` or `writeOnly`.
    """

    def visit(node: Node) -> Any:
        if node.kind == "example":
            return {}
        if node.kind != "schema" or not isinstance(node.value, dict):
            return _without_examples(node.value)
        return _schema(node.value, direction, mark, document)

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


def _schema(raw: dict[str, Any], direction: Direction, mark: bool, document: Any) -> dict[str, Any]:
    if "$ref" in raw:  # its siblings have no meaning in 3.0
        return {"$ref": raw["$ref"]}
    schema = {key: value for key, value in raw.items() if key in _KEPT}
    for change in _CHANGES:
        change(schema, raw)
    _ask_only_for_own(schema, direction, document)
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


def _integer_format(schema: dict[str, Any], raw: dict[str, Any]) -> None:
    power = INTEGER_FORMATS.get(raw.get("format", ""))
    if power is None:
        return
    del schema["format"]
    if raw.get("type", "integer") not in _ANNOTATING:
        return
    schema["minimum"] = max(schema.get("minimum", -(2**power)), -(2**power))
    schema["maximum"] = min(schema.get("maximum", 2**power - 1), 2**power - 1)


_CHANGES: Final[tuple[Callable[[dict[str, Any], dict[str, Any]], None], ...]] = (
    _nullable,
    _exclusive,
    _integer_format,
)


def _ask_only_for_own(schema: dict[str, Any], direction: Direction, document: Any) -> None:
    members = schema.get("properties")
    if "required" not in schema or not isinstance(members, dict):
        return
    foreign = {name for name, member in members.items() if is_one_way(member, direction, document)}
    if foreign:
        schema["required"] = [name for name in schema["required"] if name not in foreign]


def is_one_way(member: Any, direction: Direction, document: Any) -> bool:
    """Tell whether a property's schema marks it as not belonging into this direction."""
    if not isinstance(member, dict):
        return False
    target = references.local(member.get("$ref"))
    if target is not None:
        try:
            _, member = references.resolve(document, target)
        except DocumentError:
            return False
    return isinstance(member, dict) and member.get(ONE_WAY[direction]) is True


def raw_schema(document: Any, path: tuple[str | int, ...]) -> Any:
    """Read the user's own schema that a converted schema path leads to."""
    return pointer.get(document, pointer.join(path))
