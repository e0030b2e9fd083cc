"""Rules of OpenAPI that its own schema cannot say, for documents of any origin.

What breaks one of these would make an operation unreachable or a check silently missing.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from orderbridge import pointer
from orderbridge.contract import evidence, references, templates
from orderbridge.contract.shape import METHODS, SHAPE, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.shape import Node

Found = tuple[str, str]

_COMPONENT: Final = re.compile(r"[A-Za-z0-9._-]+")
_DISCRIMINATOR: Final = ("propertyName", "mapping")
_LONGEST_PATTERN: Final = 2_000


def check(document: dict[str, Any]) -> Iterator[Found]:
    """Yield the pointer and the reason of each broken rule; references are known to lead somewhere."""
    yield from _component_names(document)
    yield from _operation_ids(document)
    yield from _parameters(document)
    yield from _security(document)
    for node in walk(document):
        if not isinstance(node.value, dict):
            continue
        if evidence.TAG in node.value:
            yield from ((pointer.join([*node.tokens, *at]), why) for at, why in evidence.misspelt(node))
        if node.kind == "schema" and "$ref" not in node.value:
            yield from _pattern(node)
            yield from _discriminator(node)


def _component_names(document: dict[str, Any]) -> Iterator[Found]:
    # The specification's schema does not look at a component of another name at all.
    components = document.get("components", {})
    for section in SHAPE["components"]:
        for name in components.get(section, ()):
            if not _COMPONENT.fullmatch(name):
                where = pointer.join(["components", section, name])
                yield where, f"the name of a component consists of letters, digits, '.', '-' and '_', not {name!r:.60}"


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Yield pointer, path, path item and operation."""
    for path, item in document["paths"].items():
        if path.startswith("x-"):
            continue
        where = pointer.join(["paths", path])
        yield from ((f"{where}/{method}", path, item, item[method]) for method in item if method in METHODS)


def _operation_ids(document: dict[str, Any]) -> Iterator[Found]:
    seen: set[str] = set()
    for where, _, _, operation in _operations(document):
        name = operation.get("operationId")
        if name in seen:
            yield f"{where}/operationId", f"a second operation is called {name!r:.60}"
        if name is not None:
            seen.add(name)


def _parameters(document: dict[str, Any]) -> Iterator[Found]:
    for path, item in document["paths"].items():
        if not path.startswith("x-"):
            yield from _repeated(document, item, pointer.join(["paths", path]))
    for where, path, item, operation in _operations(document):
        yield from _repeated(document, operation, where)
        raws = [*item.get("parameters", ()), *operation.get("parameters", ())]
        parameters = [_resolved(document, raw) for raw in raws]
        declared = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        wanted = set(templates.names(path))
        for name in sorted(wanted - declared):
            yield where, f"the path names {{{name}}}, which no parameter declares"
        for name in sorted(declared - wanted):
            yield where, f"the path parameter {name!r} is not in the path {path}"


def _repeated(document: dict[str, Any], holder: dict[str, Any], where: str) -> Iterator[Found]:
    seen: set[tuple[str, str]] = set()
    for index, raw in enumerate(holder.get("parameters", ())):
        parameter = _resolved(document, raw)
        key = (parameter["in"], parameter["name"])
        if key in seen:
            yield f"{where}/parameters/{index}", f"the {key[0]} parameter {key[1]!r:.60} is declared twice"
        seen.add(key)


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
                close = get_close_matches(name, list(schemes), n=1)
                hint = f"; did you mean `{close[0]}`?" if close else ""
                yield (
                    f"{where}/security/{index}/{pointer.escape(name)}",
                    (f"the security scheme {name!r:.60} is not declared{hint}"),
                )


def _pattern(node: Node) -> Iterator[Found]:
    pattern = node.value.get("pattern")
    if pattern is None:
        return
    where = pointer.join([*node.tokens, "pattern"])
    if len(pattern) > _LONGEST_PATTERN:
        yield where, f"a pattern of more than {_LONGEST_PATTERN:,} characters"
        return
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        yield where, f"{pattern!r:.60} is not a regular expression that can be used"


def _discriminator(node: Node) -> Iterator[Found]:
    discriminator = node.value.get("discriminator")
    if discriminator is None:
        return
    for name in sorted(discriminator.keys() - set(_DISCRIMINATOR)):
        if not name.startswith("x-"):
            where = pointer.join([*node.tokens, "discriminator", name])
            close = get_close_matches(name, _DISCRIMINATOR, n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            yield where, f"`{name:.60}` has no meaning in a discriminator{hint}"
