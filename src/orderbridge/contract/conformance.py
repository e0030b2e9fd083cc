"""What the OpenAPI 3.0 schema says against a document, in words that name the member to mend.

The schema is the specification's own. Where it lets something through (component names, discriminators),
`semantics` looks after it.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jsonschema_rs

from orderbridge import pointer
from orderbridge.contract import branches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST: Final = 200
"""Faults looked at: one is reported, the rest only helps to choose it."""
_LONGEST: Final = 60


class Flaw(NamedTuple):
    """One breach of the OpenAPI schema; `is_misspelling` when a known name is close."""

    pointer: str
    reason: str
    is_misspelling: bool = False


def flaws(document: Any) -> list[Flaw]:
    """Give the breaches of the OpenAPI 3.0 schema; [] when the document has its shape."""
    schema, validator = _openapi_schema()
    if validator.is_valid(document):
        return []
    found = (
        flaw
        for error in validator.iter_errors(document)
        for fault in branches.faults(error, schema, document, _is_meant)
        for flaw in _flaws_of(fault, schema, document)
    )
    return list(islice(found, _MOST))


_REFERENCE: Final = {"$ref": "#/definitions/Reference"}


def _is_meant(alternative: Any, value: Any) -> bool:
    """Tell whether an alternative of the specification is for this value: what has a `$ref` is a reference."""
    is_reference: bool = alternative == _REFERENCE
    return is_reference == (isinstance(value, dict) and "$ref" in value)


@cache
def _openapi_schema() -> tuple[Any, jsonschema_rs.Validator]:
    # By path, as the built-in contracts are found: importlib.resources would take a tenth of a command's start.
    schema = json.loads(Path(__file__).with_name("openapi-3.0.schema.json").read_bytes())
    return schema, jsonschema_rs.Draft4Validator(schema, offline=True, validate_formats=False)


def _flaws_of(fault: branches.Fault, schema: Any, document: Any) -> Iterator[Flaw]:
    if fault.keyword == "additionalProperties" and isinstance(fault.detail, list):
        yield from (_unknown(name, fault, schema) for name in fault.detail)
        return
    reason = _REASONS.get(fault.keyword, _other)(fault, document)
    yield Flaw(pointer.join(fault.at), _RULES.get(_object_name(fault), reason) if fault.keyword in _SAID else reason)


def _unknown(name: str, fault: branches.Fault, schema: Any) -> Flaw:
    where = pointer.join([*fault.at, name])
    owner = _object_name(fault)
    if owner in _KEYED:
        return Flaw(where, f"{_shown(name)} cannot stand here: {_KEYED[owner]}")
    known = _known(pointer.get(schema, pointer.join(fault.schema[:-1])))
    close = get_close_matches(name, known, n=1, cutoff=0.6) or get_close_matches(name.lower(), known, n=1)
    if close:
        return Flaw(where, f"`{name}` has no meaning here; did you mean `{close[0]}`?", is_misspelling=True)
    later = " (it came with OpenAPI 3.1)" if name in _LATER else ""
    return Flaw(where, f"{_shown(name)} has no meaning here{later}; extensions begin with `x-`")


def _known(holder: dict[str, Any]) -> list[str]:
    """List the members of an object of the specification, methods included."""
    patterns = [pattern for pattern in holder.get("patternProperties", {}) if pattern.startswith("^(")]
    return [*holder.get("properties", {}), *(name for each in patterns for name in each.strip("^$()").split("|"))]


def _object_name(fault: branches.Fault) -> str:
    """Name the object of the specification whose rule is broken."""
    return str(fault.schema[1]) if len(fault.schema) > 1 and fault.schema[0] == "definitions" else ""


def _required(fault: branches.Fault, _document: Any) -> str:
    return f"`{fault.detail}` is missing"


def _type(fault: branches.Fault, document: Any) -> str:
    wanted = " or ".join(str(entry) for entry in fault.detail)
    return f"{_subject(fault, document)} has to be {_article(wanted)} {wanted}"


def _enum(fault: branches.Fault, document: Any) -> str:
    options = [_value(entry) for entry in fault.detail]
    value = _at(document, fault)
    close = get_close_matches(value, [str(entry) for entry in fault.detail], n=1) if isinstance(value, str) else []
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"{_subject(fault, document)} has to be one of {', '.join(options)}{hint}"


def _pattern(fault: branches.Fault, document: Any) -> str:
    return f"{_subject(fault, document)} does not match {fault.detail}"


def _too_few(fault: branches.Fault, _document: Any) -> str:
    return "this must not be empty"


def _too_many(fault: branches.Fault, _document: Any) -> str:
    return f"at most {fault.detail} can stand here"


def _unique(fault: branches.Fault, _document: Any) -> str:
    return "something is listed twice"


def _bound(fault: branches.Fault, document: Any) -> str:
    return f"{_subject(fault, document)} is too small"


def _alternatives(fault: branches.Fault, document: Any) -> str:
    return "this fits none of the forms that OpenAPI allows here, or more than one"


def _other(fault: branches.Fault, _document: Any) -> str:
    return f"this breaks the OpenAPI rule `{fault.keyword}`"


_REASONS: Final[dict[str, Callable[[branches.Fault, Any], str]]] = {
    "anyOf": _alternatives,
    "enum": _enum,
    "exclusiveMinimum": _bound,
    "maxProperties": _too_many,
    "minItems": _too_few,
    "minLength": _too_few,
    "minProperties": _too_few,
    "minimum": _bound,
    "oneOf": _alternatives,
    "pattern": _pattern,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique,
}

_SAID: Final = frozenset({"not", "oneOf"})
_RULES: Final = {
    "ExampleXORExamples": "`example` and `examples` exclude each other",
    "HTTPSecurityScheme": "`bearerFormat` belongs to the scheme `bearer` only",
    "Link": "`operationId` and `operationRef` exclude each other",
    "SchemaXORContent": "this needs either `schema` or `content`; beside `content` stand no style, explode or examples",
}
"""Object of the specification -> what its composed rules mean."""

_KEYED: Final = {
    "Paths": "a path begins with `/`",
    "Responses": "a status is `200`, `4XX` or `default`",
}
_LATER: Final = frozenset(
    {
        "$defs",
        "$schema",
        "const",
        "contains",
        "dependentRequired",
        "else",
        "if",
        "jsonSchemaDialect",
        "patternProperties",
        "pathItems",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedProperties",
        "webhooks",
    }
)


def _subject(fault: branches.Fault, document: Any) -> str:
    value = _at(document, fault)
    if isinstance(value, (dict, list)):
        return "this object" if isinstance(value, dict) else "this list"
    return _value(value)


def _at(document: Any, fault: branches.Fault) -> Any:
    return pointer.get(document, pointer.join(fault.at))


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _shown(name: str) -> str:
    return f"`{name if len(name) <= _LONGEST else name[:_LONGEST] + '…'}`"


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeio" else "a"
