"""References inside one bundled document: read, written, followed and checked.

`bundling` makes every reference local beforehand, so nothing here ever opens a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from orderbridge import pointer
from orderbridge.contract.shape import IN_PLACE, Kind, walk
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS: Final[dict[Kind, str]] = {
    "callback": "callbacks",
    "example": "examples",
    "header": "headers",
    "link": "links",
    "parameter": "parameters",
    "request body": "requestBodies",
    "response": "responses",
    "schema": "schemas",
    "security scheme": "securitySchemes",
}
"""Where a referenced object of a kind is kept in `components`."""

_FRAGMENT_SAFE: Final = "/~!$&'()*+,;=:@-._"
_MOST_STEPS: Final = 100


def local(reference: Any) -> str | None:
    """Give the JSON Pointer of a reference into the same document, None for any other value."""
    if isinstance(reference, str) and reference.startswith("#"):
        return unquote(reference[1:])
    return None


def to(target: str) -> str:
    """Write a JSON Pointer as a reference into the same document (RFC 3986 fragment)."""
    return "#" + quote(target, safe=_FRAGMENT_SAFE)


def resolve(document: Any, where: str) -> tuple[str, Any]:
    """Follow the references that start at a pointer, to the pointer and object they end at.

    Raises:
        DocumentError: nothing is there, or the references go round.

    """
    for _ in range(_MOST_STEPS):
        try:
            value = pointer.get(document, where)
        except (LookupError, ValueError) as error:
            reason = f"the reference '#{where}' leads nowhere"
            raise DocumentError(reason) from error
        target = local(value.get("$ref")) if isinstance(value, dict) else None
        if target is None:
            return where, value
        where = target
    reason = f"the reference '#{where}' never ends"
    raise DocumentError(reason)


def check_all(document: Any) -> Iterator[tuple[str, str]]:
    """Yield the pointer and the reason of each reference that leads nowhere, too far or round for ever.

    A schema that reaches itself without entering a member or an element describes nothing and would
    never be done.
    """
    edges: dict[str, list[str]] = {}
    for node in walk(document):
        if not isinstance(node.value, dict):
            continue
        here = pointer.join(node.tokens)
        if "$ref" in node.value:
            target = local(node.value["$ref"])
            if target is None:
                yield here, "a $ref is '#' and a JSON Pointer, or a file of this folder"
                continue
            try:
                pointer.get(document, target)
            except (LookupError, ValueError):
                yield here, f"the reference '#{target}' leads nowhere"
                continue
            edges[here] = [target]
        elif node.kind == "schema":
            edges[here] = list(_in_place(node.value, here))
    yield from ((start, "this contains itself and never ends") for start in _loops(edges))
    chained = {here: targets[0] for here, targets in edges.items() if _is_reference(document, here)}
    for here in chained:
        if _is_too_long(here, chained):
            yield here, f"more than {_MOST_STEPS} references, one leading to the next"


def _is_reference(document: Any, where: str) -> bool:
    return "$ref" in pointer.get(document, where)


def _is_too_long(here: str, chained: dict[str, str]) -> bool:
    for _ in range(_MOST_STEPS):
        if here not in chained:
            return False
        here = chained[here]
    return True


def _in_place(schema: dict[str, Any], here: str) -> Iterator[str]:
    for keyword in IN_PLACE:
        branches = schema.get(keyword)
        if isinstance(branches, list):
            yield from (f"{here}/{keyword}/{index}" for index in range(len(branches)))
        elif isinstance(branches, dict):
            yield f"{here}/{keyword}"


def _loops(edges: dict[str, list[str]]) -> Iterator[str]:
    """Yield one node of each cycle, by depth-first search without the Python stack."""
    done: set[str] = set()
    for start in edges:
        path: dict[str, Iterator[str]] = {}
        pending: list[str] = [start] if start not in done else []
        while pending:
            here = pending[-1]
            targets = path.setdefault(here, iter(edges.get(here, ())))
            following = next((target for target in targets if target not in done), None)
            if following is None:
                done.add(here)
                path.pop(here)
                pending.pop()
            elif following in path:
                yield following
                done.add(following)
            else:
                pending.append(following)
