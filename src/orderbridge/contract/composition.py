"""Which members a schema declares once its `allOf` parts and references are seen as one.

OpenAPI documents split one object over several parts: what one part requires, another declares. Rules
about members have to look at the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.shape import Tokens


def whole(tokens: Tokens) -> Tokens:
    """Climb from an `allOf` part to the schema that it is a part of."""
    while len(tokens) > 1 and tokens[-2] == "allOf" and isinstance(tokens[-1], int):
        tokens = tokens[:-2]
    return tokens


def followed(schema: Any, document: Any) -> Any:
    """Follow a schema's reference, if it is one; None when that leads nowhere."""
    target = references.local(schema.get("$ref")) if isinstance(schema, dict) else None
    if target is None:
        return schema
    try:
        return references.resolve(document, target)[1]
    except DocumentError:
        return None


def parts(schema: Any, document: Any, through: tuple[str, ...] = ("allOf",)) -> Iterator[dict[str, Any]]:
    """Yield a schema and all its parts, each once, references followed."""
    seen: set[int] = set()
    pending = [schema]
    while pending:
        part = followed(pending.pop(), document)
        if not isinstance(part, dict) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        for keyword in through:
            branches = part.get(keyword)
            pending.extend(reversed(branches) if isinstance(branches, list) else ())


def members(schema: Any, document: Any, through: tuple[str, ...] = ("allOf",)) -> Iterator[tuple[str, Any]]:
    """Yield name and schema of every member that a schema or one of its parts declares."""
    for part in parts(schema, document, through):
        properties = part.get("properties")
        if isinstance(properties, dict):
            yield from properties.items()


def at(document: Any, tokens: Tokens) -> Any:
    """Read what stands at tokens."""
    return pointer.get(document, pointer.join(tokens))
