"""The examples of a contract against the contract: what people copy has to be right.

Every problem counts, warnings included: an example that only warns still teaches a doubtful form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.problem import Problem
from orderbridge.validation.monotony import weak_negations
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.model import Body, Operation


@dataclass(frozen=True, slots=True)
class Example:
    """One named example of a message; `pointer` leads to its value in the document."""

    operation: str
    direction: Direction
    status: str | None
    name: str
    value: Any
    schema: str
    pointer: str


def examples(contract: Contract) -> Iterator[Example]:
    """Yield every example of every message of a contract, in the order of the document."""
    for operation in contract.operations.values():
        if operation.request is not None:
            yield from _of_body(contract, operation, operation.request, None)
        for status, response in operation.responses.items():
            yield from _of_body(contract, operation, response, status)


def _of_body(contract: Contract, operation: Operation, body: Body, status: str | None) -> Iterator[Example]:
    direction: Direction = "request" if status is None else "response"
    for media_type, schema in body.content.items():
        if schema is None:
            continue
        holder = f"{body.pointer}/content/{pointer.escape(media_type)}"
        for name, where, value in _values(contract.document, holder):
            yield Example(operation.id, direction, status, name, value, schema, where)


def _values(document: Any, holder: str) -> Iterator[tuple[str, str, Any]]:
    media = pointer.get(document, holder)
    if "example" in media:
        yield "example", f"{holder}/example", media["example"]
    for name in media.get("examples", {}):
        where, example = references.resolve(document, f"{holder}/examples/{pointer.escape(name)}")
        if "value" in example:
            yield name, f"{where}/value", example["value"]


def lint_examples(contract: Contract) -> Iterator[Problem]:
    """Yield what is wrong with the examples, and where examples are missing."""
    for example in examples(contract):
        validator = Validator(contract, example.schema, example.direction, "inferred")
        for problem in validator.check_value(example.value):
            message = f"{_title(example)}: {problem.message} ({problem.code} at {problem.pointer or 'the top'})"
            where = example.pointer + problem.pointer
            found = Problem("lint-example-invalid", message, where, "error", fix=problem.fix)
            yield replace(found, file=str(contract.file), schema_pointer=problem.schema_pointer)
    for tokens in weak_negations(contract):
        message = "a rule below a `not` or `oneOf` is known less well than documented"
        yield Problem("lint-weak-negation", message, tokens, "error", file=str(contract.file))
    yield from _without_examples(contract)


def _title(example: Example) -> str:
    return f"the example {example.name!r} of {example.operation} {example.status or 'request'}"


def _without_examples(contract: Contract) -> Iterator[Problem]:
    shown = {(example.operation, example.direction, example.status) for example in examples(contract)}
    for operation in contract.operations.values():
        wanted: list[tuple[Direction, str | None, Body | None]] = [("request", None, operation.request)]
        if operation.success is not None:
            wanted.append(("response", operation.success, operation.responses[operation.success]))
        for direction, status, body in wanted:
            if body is None or not any(body.content.values()) or (operation.id, direction, status) in shown:
                continue
            message = f"{operation.id} has no example of its {direction}"
            yield Problem("lint-no-example", message, body.pointer, "warning", file=str(contract.file))
