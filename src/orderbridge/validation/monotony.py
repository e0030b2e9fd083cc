"""Whether taking weak rules out of a contract can only ever accept more.

It cannot where a weak rule stands below a `not` or a `oneOf`. Validation then asks both contracts, and
lint refuses it in the contracts that come with orderbridge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import dialect, references
from orderbridge.contract.evidence import CONSTRAINTS, Tag, is_within
from orderbridge.contract.shape import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.shape import Tokens
    from orderbridge.problem import Evidence

_ONE_WAY: Final = frozenset(dialect.ONE_WAY.values())


def is_monotone(contract: Contract, level: Evidence) -> bool:
    """Tell whether all that the whole contract accepts is accepted at a level too."""
    below = list(_below_negations(contract))
    if not below:
        return True
    if any(_ONE_WAY & schema.keys() for schema in _schemas(contract)):
        return False
    return not any(_is_weak(contract.tags.get(tokens, Tag()), schema, level) for tokens, schema in below)


def weak_negations(contract: Contract, level: Evidence = "documented") -> Iterator[str]:
    """Yield the pointers of schemas below a `not` or `oneOf` that lose a rule at a level."""
    for tokens, schema in _below_negations(contract):
        if _is_weak(contract.tags.get(tokens, Tag()), schema, level):
            yield pointer.join(tokens)


def _schemas(contract: Contract) -> Iterator[dict[str, Any]]:
    return (node.value for node in walk(contract.document) if isinstance(node.value, dict))


def is_mixed(contract: Contract, path: Tokens, level: Evidence) -> bool:
    """Tell whether a `anyOf`, `oneOf` or `not` that binds at a level holds rules that do not.

    `path` ends in the keyword. One that is itself too weak is taken out whole, which is not mixed.
    """
    holder = contract.tags.get(path[:-1], Tag())
    if not is_within(holder.of(str(path[-1])), level):
        return False
    inside = [tokens for tokens in contract.tags if tokens[: len(path)] == path]
    return any(_is_weak(contract.tags.get(tokens, Tag()), schema, level) for tokens, schema in _below(contract, inside))


def _below_negations(contract: Contract) -> Iterator[tuple[Tokens, dict[str, Any]]]:
    return _below(contract, [tokens for tokens in contract.tags if _is_negated(tokens)])


def _below(contract: Contract, pending: list[Tokens]) -> Iterator[tuple[Tokens, dict[str, Any]]]:
    """Yield the schemas at and below some places, references followed, each once."""
    seen: set[Tokens] = set()
    while pending:
        tokens = pending.pop()
        if tokens in seen:
            continue
        seen.add(tokens)
        schema = pointer.get(contract.document, pointer.join(tokens))
        if not isinstance(schema, dict):
            continue
        target = references.local(schema.get("$ref"))
        if target is not None:
            pending.append(_tokens(contract, references.resolve(contract.document, target)[0]))
            continue
        yield tokens, schema
        pending += contract.inner.get(tokens, ())


def _is_negated(tokens: Tokens) -> bool:
    return (len(tokens) > 0 and tokens[-1] == "not") or (len(tokens) > 1 and tokens[-2] == "oneOf")


def _tokens(contract: Contract, where: str) -> Tokens:
    """Find the tokens of a pointer as the tags hold them: list positions as numbers."""
    plain = tuple(pointer.split(where))
    numbered = tuple(int(token) if pointer.is_index(token) else token for token in plain)
    return next((tokens for tokens in (numbered, plain) if tokens in contract.tags), plain)


def _is_weak(tag: Tag, schema: dict[str, Any], level: Evidence) -> bool:
    words = [tag.of(keyword) for keyword in CONSTRAINTS & schema.keys() if keyword != "required"]
    words += [tag.of("required", name) for name in schema.get("required", ())]
    return any(not is_within(word, level) for word in words)
