"""What the framework is told of a contract: which operation is at which path.

Bodies, parameters, credentials and answers are the gate's to check. Told of them as well, the framework would validate
every document with an interpreter of its own while the server starts, which takes longer than all the rest, and would
refuse some path parameters as unknown paths before the gate can say what is wrong with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.contract import templates

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Operation


def routes_of(contract: Contract) -> dict[str, Any]:
    """Write an OpenAPI document with nothing in it but paths, methods and operation ids.

    Of several paths that fit a request the framework takes the first, so those that say more come first.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in sorted(contract.operations.values(), key=lambda each: templates.rank(each.path)):
        item = paths.setdefault(templates.numbered(operation.path), {})
        item.setdefault(operation.method, _route(operation))
    return {
        "openapi": "3.0.3",
        "info": {"title": contract.title, "version": contract.version},
        "paths": paths,
    }


def _route(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.id,
        "parameters": [_parameter(name) for name in templates.names(templates.numbered(operation.path))],
        "responses": {"default": {"description": "as the contract says"}},
    }


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
