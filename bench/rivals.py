"""The contenders: each turns the bytes of an order into a verdict, or into the number of problems it finds.

Every rival gets the same rules in the form that it reads, through its documented interface, with everything that can
be prepared prepared.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import fastjsonschema
import jsonschema
import orjson
from jiter import from_json
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest
from openapi_core.validation.request import V30RequestBodyValidator
from pydantic import BaseModel, ValidationError

from orderbridge.validation.compiling import compile_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    import jsonschema_rs

    from bench.orders import Case

OURS: Final = "orderbridge"
OURS_READ: Final = "orderbridge, every word and place read"
PARSE_ONLY: Final = "orjson, parsing only"
ORJSON_RS: Final = "orjson + jsonschema-rs"
JITER_RS: Final = "jiter + jsonschema-rs"
FASTJSONSCHEMA: Final = "orjson + fastjsonschema"
PYDANTIC: Final = "pydantic, generated models"
OPENAPI_CORE: Final = "openapi-core"
JSONSCHEMA: Final = "orjson + Python jsonschema"

_DRAFT_7: Final = "http://json-schema.org/draft-07/schema#"
_HOST: Final = "http://localhost"


@dataclass(frozen=True, slots=True)
class Rival:
    """A way from bytes to an answer; `check` is None where there is no such way, and `note` says why."""

    name: str
    check: Callable[[bytes], Any] | None
    note: str = ""


def verdicts(case: Case) -> list[Rival]:
    """Give every way from bytes to a verdict: true when the order is accepted."""
    return [
        Rival(OURS, _accepted_by_us(case), "strict and exact reading included"),
        Rival(PARSE_ONLY, orjson.loads, "no rules; takes the last duplicate, rounds long numbers"),
        Rival(ORJSON_RS, _accepted_by_rs(case, orjson.loads), "the same rules, reading as above"),
        Rival(JITER_RS, _accepted_by_rs(case, _strictly), "the same rules, duplicates refused, numbers exact"),
        _fastjsonschema(case),
        Rival(PYDANTIC, _accepted_by_models(case), "documented rules, without those between members"),
        Rival(OPENAPI_CORE, _accepted_by_openapi_core(case), "documented rules, finds the operation each time"),
        Rival(JSONSCHEMA, _accepted_by_jsonschema(case), "the same rules"),
    ]


def listings(case: Case) -> list[Rival]:
    """Give every way from bytes to all problems: how many there are."""
    return [
        Rival(OURS, _listed_by_us(case), "code and severity; words and places when they are read"),
        Rival(OURS_READ, _read_from_us(case), "message, line, column and fix of each"),
        Rival(PARSE_ONLY, orjson.loads, "no rules"),
        Rival(ORJSON_RS, _listed_by_rs(case, orjson.loads), "`iter_errors`; no line or column, branches not explained"),
        Rival(JITER_RS, _listed_by_rs(case, _strictly), "the same, read strictly"),
        Rival(FASTJSONSCHEMA, None, "stops at the first problem"),
        Rival(PYDANTIC, _listed_by_models(case), "`errors()`; documented rules, a problem per branch of a union"),
        Rival(OPENAPI_CORE, _listed_by_openapi_core(case), "documented rules"),
        Rival(JSONSCHEMA, _listed_by_jsonschema(case), "`iter_errors`"),
    ]


def _accepted_by_us(case: Case) -> Callable[[bytes], bool]:
    check = case.validator.check
    return lambda data: not check(data)


def _listed_by_us(case: Case) -> Callable[[bytes], int]:
    check = case.validator.check
    return lambda data: len(check(data))


def _read_from_us(case: Case) -> Callable[[bytes], int]:
    check = case.validator.check

    def read(data: bytes) -> int:
        return len([(each.message, each.line, each.column, each.fix) for each in check(data)])

    return read


def _compiled(case: Case) -> jsonschema_rs.Validator:
    rules = case.validator
    return compile_schema(rules.contract, rules.schema, rules.direction, mark=True)


def _strictly(data: bytes) -> Any:
    return from_json(data, catch_duplicate_keys=True, allow_inf_nan=False, float_mode="decimal")


def _accepted_by_rs(case: Case, parse: Callable[[bytes], Any]) -> Callable[[bytes], bool]:
    is_valid = _compiled(case).is_valid
    return lambda data: is_valid(parse(data))


def _listed_by_rs(case: Case, parse: Callable[[bytes], Any]) -> Callable[[bytes], int]:
    iter_errors = _compiled(case).iter_errors
    return lambda data: len(list(iter_errors(parse(data))))


def _fastjsonschema(case: Case) -> Rival:
    try:
        check = fastjsonschema.compile({**case.schema, "$schema": _DRAFT_7})
    except fastjsonschema.JsonSchemaDefinitionException as error:
        return Rival(FASTJSONSCHEMA, None, f"cannot compile the schema: {error}")

    def accepts(data: bytes) -> bool:
        try:
            check(orjson.loads(data))
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return Rival(FASTJSONSCHEMA, accepts, "the schema read as draft 7, its formats only; stops at the first problem")


def _model(case: Case) -> type[BaseModel]:
    module = import_module(f"orderbridge_models.{case.partner}")
    model: type[BaseModel] = module.MESSAGES[case.validator.contract.operation().id, "request"]
    return model


def _accepted_by_models(case: Case) -> Callable[[bytes], bool]:
    read = _model(case).model_validate_json

    def accepts(data: bytes) -> bool:
        try:
            read(data)
        except ValidationError:
            return False
        return True

    return accepts


def _listed_by_models(case: Case) -> Callable[[bytes], int]:
    read = _model(case).model_validate_json

    def listed(data: bytes) -> int:
        try:
            read(data)
        except ValidationError as error:
            return len(error.errors())
        return 0

    return listed


def _openapi_core(case: Case) -> tuple[OpenAPI, Callable[[bytes], MockRequest]]:
    contract = case.validator.contract.at("documented")
    # One server, so that the request of a test finds its operation without the partner's host.
    document: Any = {**contract.document, "servers": [{"url": _HOST}]}
    # Bodies only, like the others: parameters and security are not asked for.
    app = OpenAPI.from_dict(document, config=Config(request_validator_cls=V30RequestBodyValidator))
    operation = contract.operation()
    return app, lambda data: MockRequest(_HOST, operation.method, operation.path, data=data)


def _accepted_by_openapi_core(case: Case) -> Callable[[bytes], bool]:
    app, request = _openapi_core(case)
    return lambda data: not list(app.iter_request_errors(request(data)))


def _listed_by_openapi_core(case: Case) -> Callable[[bytes], int]:
    app, request = _openapi_core(case)

    def listed(data: bytes) -> int:
        causes = [error.__cause__ for error in app.iter_request_errors(request(data))]
        return sum(len(list(getattr(cause, "schema_errors", [cause]))) for cause in causes)

    return listed


def _jsonschema(case: Case) -> jsonschema.Draft202012Validator:
    dialect = jsonschema.Draft202012Validator
    return dialect(case.schema, format_checker=dialect.FORMAT_CHECKER)


def _accepted_by_jsonschema(case: Case) -> Callable[[bytes], bool]:
    validator = _jsonschema(case)
    return lambda data: validator.is_valid(orjson.loads(data))


def _listed_by_jsonschema(case: Case) -> Callable[[bytes], int]:
    validator = _jsonschema(case)
    return lambda data: len(list(validator.iter_errors(orjson.loads(data))))
