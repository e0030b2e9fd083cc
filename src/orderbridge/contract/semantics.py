"""Rules of OpenAPI that its own schema cannot say, for documents of any origin.

What breaks one of these would make an operation unreachable or a check silently missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.evidence import TAG
from orderbridge.contract.shape import METHODS, walk
from orderbridge.errors import DocumentError
from orderbridge.problem import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.shape import Node

Found = tuple[str, str]

_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")
_LONGEST_PATTERN: Final = 2_000


def check(document: dict[str, Any]) -> Iterator[Found]:
    """Yield the pointer and the reason of each broken rule; references are known to lead somewhere."""
    yield from _operation_ids(document)
    yield from _path_parameters(document)
    yield from _security(document)
    for node in walk(document):
        if not isinstance(node.value, dict):
            continue
        yield from _evidence_words(node)
        if node.kind == "schema" and "$ref" not in node.value:
            yield from _pattern(node)
            yield from _listed(node)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Yield pointer, path, path item and operation."""
    for path, raw in document["paths"].items():
        if path.startswith("x-"):
            continue
        where, item = references.resolve(document, pointer.join(["paths", path]))
        yield from ((f"{where}/{method}", path, item, item[method]) for method in METHODS if method in item)


def _operation_ids(document: dict[str, Any]) -> Iterator[Found]:
    seen: set[str] = set()
    for where, _, _, operation in _operations(document):
        name = operation.get("operationId")
        if name in seen:
            yield f"{where}/operationId", f"a second operation is called {name!r}"
        if name is not None:
            seen.add(name)


def _path_parameters(document: dict[str, Any]) -> Iterator[Found]:
    for where, path, item, operation in _operations(document):
        raws = [*item.get("parameters", ()), *operation.get("parameters", ())]
        parameters = [_resolved(document, raw) for raw in raws]
        declared = {parameter["name"] for parameter in parameters if parameter.get("in") == "path"}
        wanted = set(_TEMPLATE.findall(path))
        for name in sorted(wanted - declared):
            yield where, f"the path names {{{name}}}, which no parameter declares"
        for name in sorted(declared - wanted):
            yield where, f"the path parameter {name!r} is not in the path {path}"


def _resolved(document: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    target = references.local(raw.get("$ref"))
    if target is None:
        return raw
    found: dict[str, Any] = references.resolve(document, target)[1]
    return found


def _security(document: dict[str, Any]) -> Iterator[Found]:
    schemes = document.get("components", {}).get("securitySchemes", {})
    holders = [("", document), *((where, operation) for where, _, _, operation in _operations(document))]
    for where, holder in holders:
        for index, requirement in enumerate(holder.get("security", ())):
            for name in sorted(requirement.keys() - schemes.keys()):
                yield f"{where}/security/{index}", f"the security scheme {name!r} is not declared"


def _pattern(node: Node) -> Iterator[Found]:
    pattern = node.value.get("pattern")
    if not isinstance(pattern, str):
        return
    where = pointer.join([*node.tokens, "pattern"])
    if len(pattern) > _LONGEST_PATTERN:
        yield where, f"a pattern of more than {_LONGEST_PATTERN} characters"
        return
    try:
        jsonschema_rs.validator_for({"pattern": pattern}, offline=True)
    except (ValueError, DocumentError):
        yield where, f"{pattern!r} is not a regular expression"


def _listed(node: Node) -> Iterator[Found]:
    """A required member that is declared nowhere is usually a misspelt one, but may be meant."""
    required = node.value.get("required")
    if isinstance(required, list) and len(set(required)) != len(required):
        yield pointer.join([*node.tokens, "required"]), "a member is listed twice"


def _evidence_words(node: Node) -> Iterator[Found]:
    tag = node.value.get(TAG)
    if tag is None:
        return
    where = pointer.join([*node.tokens, TAG])
    for word in _words(tag):
        if word not in LEVELS:
            yield where, f"{word!r} is no evidence; it is one of {', '.join(LEVELS)}"


def _words(tag: Any) -> Iterator[Any]:
    if not isinstance(tag, dict):
        yield tag
        return
    for key, word in tag.items():
        yield from _words(word) if key == "required" else (word,)
