"""The shape of an OpenAPI 3.0 document: which kind of object stands where.

One table answers it for everybody who walks or rewrites documents (bundling, levels, dialect, lint),
so that a place where schemas may stand is known to all of them or to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

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


class Node(NamedTuple):
    """One object of a document: what it is, where it is, itself (maybe a reference).

    A named tuple, because every start makes thousands, which a frozen dataclass would take three times as long for.
    """

    kind: Kind
    tokens: Tokens
    value: Any


def walk(value: Any, kind: Kind = "document", tokens: Tokens = ()) -> Iterator[Node]:
    """Yield every object of known kind, parents first, references unresolved."""
    pending = [Node(kind, tokens, value)]
    while pending:
        node = pending.pop()
        yield node
        below = [
            Node(child_kind, (*node.tokens, *child_tokens), child)
            for child_tokens, child_kind, child in _children(node.value, node.kind)
        ]
        pending += reversed(below)


def rewrite(value: Any, visit: Callable[[Node], Any], kind: Kind = "document", tokens: Tokens = ()) -> Any:
    """Return a copy in which each object is what `visit` made of it, parents first.

    `visit` must not change what it is given; what it returns is walked on.
    """
    seen = visit(Node(kind, tokens, value))
    if not isinstance(seen, dict):
        return seen
    copy = dict(seen)
    for (member, *rest), child_kind, child in _children(seen, kind):
        new = rewrite(child, visit, child_kind, (*tokens, member, *rest))
        if not rest:
            copy[member] = new
            continue
        if copy[member] is seen[member]:
            copy[member] = seen[member].copy()
        copy[member][rest[0]] = new
    return copy


def _children(value: Any, kind: Kind) -> list[tuple[Tokens, Kind, Any]]:
    found: list[tuple[Tokens, Kind, Any]] = []
    if not isinstance(value, dict) or "$ref" in value:
        return found
    shape = SHAPE[kind]
    others = shape.get("*")
    for member, child in value.items():
        known = shape.get(member)
        if known is None and others is not None and not member.startswith("x-"):
            known = others
        if known is None:
            continue
        many, child_kind = known
        if many == "one" and isinstance(child, dict):
            found.append(((member,), child_kind, child))
        elif many == "map" and isinstance(child, dict):
            found += [((member, key), child_kind, entry) for key, entry in child.items()]
        elif many == "list" and isinstance(child, list):
            found += [((member, index), child_kind, entry) for index, entry in enumerate(child)]
    return found
