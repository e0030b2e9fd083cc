"""A contract as Schemathesis is given it: the bundle of a level, what it would misread written so that it does not.

Only the writing differs: the document says the same to everybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.shape import rewrite
from orderbridge.sample.make import make

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.shape import Node

_REFUSES_MEANING: Final = "x-refuses-meaning"


def document_of(contract: Contract) -> dict[str, Any]:
    """Give the document of a contract, with an example beside the name of every parameter that has `content`.

    Schemathesis looks for one nowhere else, and a value that it has to make up for such a parameter in its examples
    phase it writes as JSON twice. Goes when it does neither.
    """

    def visit(node: Node) -> Any:
        if node.kind != "parameter" or not isinstance(node.value, dict) or "content" not in node.value:
            return node.value
        return {**node.value, "example": _example(contract, pointer.join(node.tokens), node.value["content"])}

    document: dict[str, Any] = rewrite(contract.document, visit)
    return document


def refusals_of_meaning(contract: Contract) -> dict[str, list[str]]:
    """Give the statuses that refuse requests which keep the contract, by operation as Schemathesis names it.

    A response says so with `x-refuses-meaning: true`: what an order means cannot be said in a schema.
    """
    found = {
        f"{operation.method.upper()} {operation.path}": [
            status
            for status, response in operation.responses.items()
            if pointer.get(contract.document, response.pointer).get(_REFUSES_MEANING) is True
        ]
        for operation in contract.operations.values()
    }
    return {name: statuses for name, statuses in found.items() if statuses}


def _example(contract: Contract, where: str, content: dict[str, Any]) -> Any:
    """Take the first example of a parameter's content, or make one."""
    kind, media = next(iter(content.items()))
    for each in media.get("examples", {}).values():
        target = references.local(each.get("$ref"))
        example = references.resolve(contract.document, target)[1] if target is not None else each
        if "value" in example:
            return example["value"]
    if "example" in media:
        return media["example"]
    schema = f"{where}/content/{pointer.escape(kind)}/schema"
    return make(contract, schema, "request", 0) if "schema" in media else {}
