"""The shape of an OpenAPI 3.0 document: which kind of object stands where.

One table answers it for everybody who walks or rewrites documents (bundling, levels, dialect, lint),
so that a place where schemas may stand is known to all of them or to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = Literal[
    "callback",
    "components",
    "document",
    "encoding",
    "example",
    "header",
    "link",
    "media type",
    "operation",
    "parameter",
    "path item",
    "paths",
    "request body",
    "response",
    "responses",
    "schema",
    "security scheme",
]
Many = Literal["one", "list", "map"]
Tokens = tuple[str | int, ...]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_CONTENT: Final[dict[str, tuple[Many, Kind]]] = {"content": ("map", "media type")}
_VALUE: Final[dict[str, tuple[Many, Kind]]] = {
    "schema": ("one", "schema"),
    "examples": ("map", "example"),
    **_CONTENT,
}

SHAPE: Final[dict[Kind, dict[str, tuple[Many, Kind]]]] = {
    "callback": {"*": ("one", "path item")},
    "components": {
        "callbacks": ("map", "callback"),
        "examples": ("map", "example"),
        "headers": ("map", "header"),
        "links": ("map", "link"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "request body"),
        "responses": ("map", "response"),
        "schemas": ("map", "schema"),
        "securitySchemes": ("map", "security scheme"),
    },
    "document": {"components": ("one", "components"), "paths": ("one", "paths")},
    "encoding": {"headers": ("map", "header")},
    "example": {},
    "header": _VALUE,
    "link": {},
    "media type": {"encoding": ("map", "encoding"), "examples": ("map", "example"), "schema": ("one", "schema")},
    "operation": {
        "callbacks": ("map", "callback"),
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("one", "responses"),
    },
    "parameter": _VALUE,
    "path item": {"parameters": ("list", "parameter"), **dict.fromkeys(METHODS, ("one", "operation"))},
    "paths": {"*": ("one", "path item")},
    "request body": _CONTENT,
    "response": {"headers": ("map", "header"), "links": ("map", "link"), **_CONTENT},
    "responses": {"*": ("one", "response")},
    "schema": {
        "additionalProperties": ("one", "schema"),
        "allOf": ("list", "schema"),
        "anyOf": ("list", "schema"),
        "items": ("one", "schema"),
        "not": ("one", "schema"),
        "oneOf": ("list", "schema"),
        "properties": ("map", "schema"),
    },
    "security scheme": {},
}
"""Kind -> member -> how many and of which kind. `*` stands for every member that is not an extension."""

IN_PLACE: Final = ("allOf", "anyOf", "oneOf", "not")
"""Schema keywords that apply to the same value as the schema they stand in."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a document: what it is, where it is, itself (maybe a reference)."""

    kind: Kind
    tokens: Tokens
    value: Any


def walk(value: Any, kind: Kind = "document", tokens: Tokens = ()) -> Iterator[Node]:
    """Yield every object of known kind, parents first, references unresolved."""
    yield Node(kind, tokens, value)
    for child_tokens, child_kind, child in _children(value, kind):
        yield from walk(child, child_kind, (*tokens, *child_tokens))


def rewrite(value: Any, visit: Callable[[Node], Any], kind: Kind = "document", tokens: Tokens = ()) -> Any:
    """Return a copy in which each object is what `visit` made of it, parents first.

    `visit` must not change what it is given; what it returns is walked on.
    """
    seen = visit(Node(kind, tokens, value))
    if not isinstance(seen, dict):
        return seen
    copy = dict(seen)
    for (member, *rest), child_kind, child in list(_children(seen, kind)):
        new = rewrite(child, visit, child_kind, (*tokens, member, *rest))
        if not rest:
            copy[member] = new
            continue
        if copy[member] is seen[member]:
            copy[member] = seen[member].copy()
        copy[member][rest[0]] = new
    return copy


def _children(value: Any, kind: Kind) -> Iterator[tuple[Tokens, Kind, Any]]:
    if not isinstance(value, dict) or "$ref" in value:
        return
    shape = SHAPE[kind]
    for member, child in value.items():
        many, child_kind = shape.get(member) or (None, None)
        if many is None and "*" in shape and not member.startswith("x-"):
            many, child_kind = shape["*"]
        if child_kind is None:
            continue
        yield from _expand(member, child, many or "one", child_kind)


def _expand(member: str, child: Any, many: Many, kind: Kind) -> Iterator[tuple[Tokens, Kind, Any]]:
    if many == "one" and isinstance(child, dict):
        yield (member,), kind, child
    elif many == "map" and isinstance(child, dict):
        for key, entry in child.items():
            yield (member, key), kind, entry
    elif many == "list" and isinstance(child, list):
        for index, entry in enumerate(child):
            yield (member, index), kind, entry
