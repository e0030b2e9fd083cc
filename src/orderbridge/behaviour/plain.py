"""What the reference server does for a partner without a behaviour file: orders are created, and read by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.behaviour.effects import ORDER, Behaviour, Case, Each, Find, Kind, Line, Refusal, Source, Template
from orderbridge.behaviour.forms import read_form
from orderbridge.contract.members import spot
from orderbridge.mapping.compiling import compiled_lower
from orderbridge.mapping.operations import Origin
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.behaviour.forms import Form
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Body, Operation, Parameter
    from orderbridge.mapping.operations import Mapping

_FORMS: Final = ("{uuid}", "{time}{hex:16}", "{snowflake:2025-01-01}", "{digits:9}", "{word:8}")
"""Tried in this order until one keeps the contract."""
_ORIGIN: Final = Origin("", 0)
_FOUND: Final = "orders"


def plain(contract: Contract, mapping: Mapping) -> Behaviour:
    """Make the behaviour of a partner from its contract and mapping alone."""
    created = contract.operation()
    operations = {created.id: (Case(_ORIGIN, "create", ORDER),)}
    for operation in contract.operations.values():
        parameter = _names_an_order(operation, created)
        body = operation.response(operation.success) if operation.success is not None else None
        if parameter is not None and body is not None and body.json_schema is not None:
            operations[operation.id] = (_reading(contract, parameter, body),)
    kinds = {ORDER: Kind(ORDER, _form(contract, mapping, created))}
    return Behaviour(contract.name, "", kinds, operations)


def _names_an_order(operation: Operation, created: Operation) -> Parameter | None:
    """Give the one path parameter of a read below the path that orders are created at."""
    inside = operation.path.startswith(f"{created.path.rstrip('/')}/")
    named = [each for each in operation.parameters if each.location == "path"]
    return named[0] if operation.method == "get" and inside and len(named) == 1 else None


def _reading(contract: Contract, parameter: Parameter, body: Body) -> Case:
    is_list = "array" in spot(contract, body.json_schema).types
    several = is_list or "array" in spot(contract, parameter.schema).types
    source = Source("path", (parameter.name,), parameter.name)
    missing = Refusal("not_found", Template((("there is no order ", Source("value", ())),)))
    name = _FOUND if several else ORDER
    find = Find(name, ORDER, _ORIGIN, ((source, ("id",)),), every=several, missing=missing)
    rows = Line((), Each(Source(_FOUND, ())), _ORIGIN)
    return Case(_ORIGIN, subject=None if several else ORDER, find=(find,), answer=(rows,) if is_list else ())


def _form(contract: Contract, mapping: Mapping, created: Operation) -> Form:
    """Find a form of ids that the contract takes, and the mapping can write."""
    body = created.response(created.success or "default")
    schema = body.json_schema if body is not None else None
    forms = [read_form(text) for text in _FORMS]
    if schema is None:
        return forms[0]
    validator = Validator(contract, schema, "response", "inferred")
    lower = compiled_lower(mapping.sections["response"], frozenset())
    return next(
        (form for form in forms if _keeps(validator, lower({"id": form.make(lambda _what, first: first)}))), forms[0]
    )


def _keeps(validator: Validator, answer: Any) -> bool:
    """Tell whether nothing is wrong with what stands in an answer, whatever it lacks."""
    return bool(answer) and not any(each.code not in _LACKS for each in _problems(validator, answer))


_LACKS: Final = frozenset({"required", "any-of", "one-of"})


def _problems(validator: Validator, answer: Any) -> Iterator[Any]:
    yield from validator.check_value(answer)
