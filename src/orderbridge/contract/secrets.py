"""The member names under which a contract marks secrets (`x-secret: true`).

Names, not places: a secret in the wrong place of a broken order must not be shown either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract import references
from orderbridge.contract.shape import walk
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.shape import Tokens

MARK: Final = "x-secret"


def secret_names(document: Any) -> frozenset[str]:
    """Collect the names of all members whose schema, or a part or element of it, is marked."""
    return frozenset(_names(document))


def is_marked(schema: Any, document: Any, depth: int = 0) -> bool:
    """Tell whether a schema is marked itself, through a reference, or through an `allOf` part."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return False
    if schema.get(MARK) is True:
        return True
    target = references.local(schema.get("$ref"))
    if target is not None:
        try:
            return is_marked(references.resolve(document, target)[1], document, depth + 1)
        except DocumentError:
            return False
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, ())]
    return any(is_marked(part, document, depth + 1) for part in (*parts, schema.get("items")))


_DEEPEST: Final = 8


def _names(document: Any) -> Iterator[str]:
    for node in walk(document):
        name = _member(node.tokens)
        if node.kind == "schema" and name is not None and is_marked(node.value, document):
            yield name
        elif node.kind == "parameter" and isinstance(node.value, dict) and node.value.get(MARK) is True:
            yield str(node.value.get("name"))


def _member(tokens: Tokens) -> str | None:
    """Give the property name that a schema's tokens end in."""
    if len(tokens) > 1 and tokens[-2] == "properties":
        return str(tokens[-1])
    return None
