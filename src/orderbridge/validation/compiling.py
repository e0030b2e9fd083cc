"""A contract's schema as a compiled validator: dialect, formats, and regular expressions made safe."""

from __future__ import annotations

import binascii
from base64 import b64decode
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from orderbridge import pointer
from orderbridge.contract import dialect, references
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction

_HOLDERS: Final = frozenset({"components", "paths"})
"""Where the schemas lie that are referred to."""
_BACKTRACKS: Final = 2_000
"""Enough for any pattern that is meant; at fifty times as many a long text takes seconds."""


def compile_schema(contract: Contract, where: str, direction: Direction, *, mark: bool) -> jsonschema_rs.Validator:
    """Compile the schema at a pointer of a contract.

    Raises:
        DocumentError: the validator cannot use the schema.

    """
    schema = dialect.root(contract.converted(direction, mark=mark), where)
    return _compiled(schema, {dialect.ONE_WAY[direction]: _OneWay} if mark else {}, contract, where)


def compile_keyword(contract: Contract, where: str, direction: Direction) -> jsonschema_rs.Validator:
    """Compile one `anyOf`, `oneOf` or `not` alone, without the schema that it stands in.

    Raises:
        DocumentError: the validator cannot use the schema.

    """
    converted = contract.converted(direction, mark=False)
    content = pointer.get(converted, where)
    branches = isinstance(content, list)
    refs = [{"$ref": references.to(f"{where}/{index}")} for index in range(len(content))] if branches else []
    schema = dialect.root(converted, where)
    del schema["$ref"]
    schema[where.rpartition("/")[2]] = refs if branches else {"$ref": references.to(where)}
    return _compiled(schema, {}, contract, where)


def _compiled(
    schema: dict[str, Any], keywords: dict[str, Any], contract: Contract, where: str
) -> jsonschema_rs.Validator:
    words, targets = _reached(schema)
    schema = _pruned(schema, targets)
    # Where it may have to call Python the validator takes half as long again for every value, called or not.
    formats = {name: check for name, check in _FORMATS.items() if name in words}
    keywords = {name: keyword for name, keyword in keywords.items() if name in words}
    linear, backtracking = jsonschema_rs.RegexOptions(), jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
    # Linear-time matching first; only a pattern with look-around needs the bounded other engine.
    for options in (linear, backtracking):
        try:
            return jsonschema_rs.Draft202012Validator(
                schema,
                formats=formats or None,
                validate_formats=True,
                offline=True,
                keywords=keywords or None,
                pattern_options=options,
            )
        except ValueError as error:
            failure = error
    reason = "the schema cannot be compiled"
    raise DocumentError(reason, file=str(contract.file), pointer=where) from failure


def _reached(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Follow a schema and its references: every key and format name on the way, and the pointers of what they led to.

    Its keywords are among the keys; an enumerated value that looks like a reference is followed as well.
    """
    words: set[str] = set()
    seen: set[str] = set()
    found: set[str] = set()
    pending: list[Any] = [{name: part for name, part in schema.items() if name not in _HOLDERS}]
    while pending:
        part = pending.pop()
        if isinstance(part, list):
            pending += part
        if not isinstance(part, dict):
            continue
        words.update(part)
        pending += part.values()
        if isinstance(name := part.get("format"), str):
            words.add(name)
        target = references.local(part.get("$ref"))
        if target is not None and target not in seen:
            seen.add(target)
            # An enumerated value may look like a reference.
            with suppress(LookupError, ValueError):
                pending.append(pointer.get(schema, target))
                found.add(target)
    return words, found


def _pruned(schema: dict[str, Any], targets: set[str]) -> dict[str, Any]:
    """Leave out what a schema does not lead to: each validator keeps a copy of all that it is given."""
    kept: dict[str, Any] = {name: part for name, part in schema.items() if name not in _HOLDERS}
    # The shortest first, so that what lies inside of another one is there already.
    for target in sorted(targets - {""}, key=len):
        here, copy = schema, kept
        *way, last = pointer.split(target)
        for token in way:
            inside = here.get(token)
            if not isinstance(inside, dict) or copy.get(token) is inside:
                last = token
                break
            copy = copy.setdefault(token, {})
            here = inside
        if last in here:
            copy[last] = here[last]
    return kept


class _OneWay:
    """The keyword that a member of the other direction breaks by being there."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        """Take what the validator hands to every keyword; presence alone decides."""

    def validate(self, instance: Any) -> None:
        """Refuse any value."""
        msg = "a member of the other direction"
        raise ValueError(msg)


def _is_base64(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return False
    return True


_FORMATS: Final = {"byte": _is_base64}
