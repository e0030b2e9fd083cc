"""The member names under which a contract marks secrets (`x-secret: true`).

Names, not places: a secret in the wrong place of a broken order must not be shown either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract import composition
from orderbridge.contract.shape import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.shape import Tokens

MARK: Final = "x-secret"
_NAMED: Final = (
    r"(?:card_?(?:number|cvv|cvc|pin)|cvv2?|cvc2?|_?pin|password|passcode|secret|(?:access_?|bearer_?|refresh_?|payment_?)"
    r"?token|private_?key|pan)"
)
"""Not compiled here: only lint asks, and every start would pay."""


def secret_names(document: Any) -> frozenset[str]:
    """Collect the names of all members whose schema, or a part or element of it, is marked."""
    return frozenset(_names(document))


def is_marked(schema: Any, document: Any) -> bool:
    """Tell whether a schema is marked itself, through a reference, a part, an alternative or its elements."""
    seen: set[int] = set()
    pending = [schema]
    while pending:
        part = composition.followed(pending.pop(), document)
        if not isinstance(part, dict) or id(part) in seen:
            continue
        seen.add(id(part))
        if part.get(MARK) is True:
            return True
        pending.extend(branch for keyword in _BRANCHES for branch in part.get(keyword, ()))
        pending.append(part.get("items"))
    return False


def is_unmarked(name: str, schema: Any, document: Any) -> bool:
    """Tell whether a member is a secret by its name, and the contract says neither that it is one nor that it is not.

    Objects and arrays are none: their own members speak for themselves.
    """
    if not re.fullmatch(_NAMED, name, re.IGNORECASE) or not isinstance(schema, dict) or is_marked(schema, document):
        return False
    parts = [schema, *composition.parts(schema, document)]
    return not any(part.get(MARK) is False or part.get("type") in {"object", "array"} for part in parts)


_BRANCHES: Final = ("allOf", "anyOf", "oneOf")


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
