"""OpenAPI 3.0 schemas as the validator's dialect: what each keyword accepts, and that its pointer is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import pointer
from orderbridge.api import Partner
from orderbridge.contract import dialect
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.loading import load
from orderbridge.sample.mutate import mutants
from orderbridge.validation import compiling
from orderbridge.validation.compiling import compile_schema
from orderbridge.validation.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

    from orderbridge.contract.dialect import Direction

HEAD = {"openapi": "3.0.3", "info": {"title": "Test", "version": "1"}}
CATALOGUE = catalogue()


@pytest.fixture
def partner_of(tmp_path: Path) -> Any:
    """Make a partner whose request and response are the schema `Thing`."""

    def make(thing: Any, **others: Any) -> Partner:
        content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
        post = {"requestBody": content, "responses": {"200": {"description": "done", **content}}}
        document = {
            **HEAD,
            "paths": {"/things": {"post": post}},
            "components": {"schemas": {"Thing": thing, **others}},
        }
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return Partner(load(path, "test"))

    return make


N = {"nullable": True}
BIG = 2**31
CASES: list[tuple[Any, list[str], list[str]]] = [
    ({"type": "string", **N}, ['"a"', "null"], ["1"]),
    ({"type": "string"}, ['"a"'], ["null"]),
    (N, ["null", "1"], []),
    ({"type": "string", "enum": ["a"], **N}, ['"a"'], ["null", '"b"']),
    ({"type": "string", "enum": ["a", None], **N}, ['"a"', "null"], ['"b"']),
    ({"enum": ["a", None]}, ["null"], ["1"]),
    # nullable widens the type beside it only; it says nothing beside allOf or a reference (3.0.3)
    ({"allOf": [{"type": "string"}], **N}, ['"a"'], ["null"]),
    ({"allOf": [{"type": "string", **N}]}, ["null"], ["1"]),
    ({"allOf": [{"type": "string", **N}, {"type": "string"}]}, ['"a"'], ["null"]),
    ({"anyOf": [{"type": "integer"}, {"type": "string", **N}]}, ["null", "1"], ["true"]),
    ({"$ref": "#/components/schemas/Text", **N}, ['"a"'], ["null"]),
    ({"$ref": "#/components/schemas/Text", "maxLength": 1, "type": "integer"}, ['"abc"'], ["1"]),
    ({"$ref": "#/components/schemas/MaybeText"}, ["null"], ["1"]),
    (
        {"type": "object", **N, "properties": {"a": {"type": "array", "items": N, **N}}},
        ["null", '{"a": [null]}'],
        ["[]"],
    ),
    ({"minimum": 1}, ["1", '"a"'], ["0.99"]),
    ({"minimum": 1, "exclusiveMinimum": True}, ["1.01"], ["1", "0"]),
    ({"minimum": 1, "exclusiveMinimum": False}, ["1"], ["0"]),
    ({"maximum": 1, "exclusiveMaximum": True}, ["0.99"], ["1", "2"]),
    ({"exclusiveMaximum": True}, ["5"], []),
    ({"type": "integer", "format": "int32"}, [f"{BIG - 1}", f"-{BIG}"], [f"{BIG}", f"-{BIG + 1}", "1.5"]),
    ({"type": "integer", "format": "int64"}, [f"{2**63 - 1}"], [f"{2**63}", f"-{2**63 + 1}"]),
    ({"type": "integer", "format": "int32", "minimum": 0, "maximum": 5}, ["0", "5"], ["-1", "6"]),
    ({"type": "integer", "format": "int32", "maximum": 10**12}, [f"{BIG - 1}"], [f"{BIG}", f"{10**12 + 1}"]),
    ({"type": "integer", "format": "int32", "minimum": 0, "exclusiveMinimum": True}, ["1"], ["0", f"{BIG}"]),
    ({"type": "number", "format": "int32"}, ["1.5"], [f"{BIG}"]),
    ({"format": "int32"}, ["1", '"text"'], [f"{BIG}"]),
    ({"type": "string", "format": "int64"}, [f'"{10**30}"'], ["1"]),
    ({"type": "integer"}, ["1", "1.0", "10e1"], ["1.5", '"1"', "true"]),
    ({"type": "number", "multipleOf": 0.01}, ["19.99", "0.07"], ["19.999"]),
    ({"type": "string", "format": "byte"}, ['"aGVsbG8="', '""'], ['"a"', '"é==="']),
    ({"items": {"$ref": "#/components/schemas/Holder"}}, ['[{"a": "aGVsbG8="}]'], ['[{}, {"b": {"a": "é"}}]']),
    ({"enum": [{"$ref": "#/nowhere"}]}, ['{"$ref": "#/nowhere"}'], ["1"]),
    ({"type": "string", "format": "uuid"}, ['"123e4567-e89b-12d3-a456-426614174000"'], ['"123e4567"']),
    ({"type": "string", "format": "date"}, ['"2024-02-29"'], ['"2023-02-29"', '"31.01.2026"']),
    ({"type": "string", "format": "date-time"}, ['"2026-01-31T09:30:00Z"', '"2026-01-31T09:30:00.5+05:30"'],
     ['"2026-01-31"', '"2026-01-31T09:30:00"']),
    ({"type": "string", "format": "email"}, ['"a@b.example"'], ['"a"', '"@b"']),
    ({"type": "string", "format": "uri"}, ['"https://a.example/b?c#d"'], ['"/a"', '"a b"']),
    ({"type": "string", "format": "ipv4"}, ['"127.0.0.1"'], ['"127.0.0.256"', '"1.2.3"']),
    ({"type": "string", "format": "ipv6"}, ['"::1"'], ['"127.0.0.1"']),
    ({"format": "date"}, ["5", '"2024-02-29"'], ['"x"']),
    ({"type": "string", "format": "time"}, ['"half past nine"'], []),
    ({"type": "string", "format": "regex"}, ['"("'], []),
    ({"type": "string", "format": "hostname"}, ['"-"'], []),
    ({"type": "number", "format": "double"}, ["1e300"], []),
    ({"type": "string", "format": "made-up"}, ['"x"'], []),
    ({"not": {"required": ["a"]}}, ["{}"], ['{"a": 1}']),
    ({"uniqueItems": True}, ["[1, true]"], ["[1, 1.0]"]),
    ({"additionalProperties": {"type": "string"}}, ['{"a": ""}'], ['{"a": 1}']),
    ({"properties": {"$ref": {"type": "string"}}}, ['{"$ref": "a"}'], ['{"$ref": 1}']),
    ({"properties": {"$id": {"type": "string"}, "const": {"type": "string"}}}, ['{"$id": "a"}'], ['{"const": 1}']),
    ({"maxLength": 1}, ['"😀"'], ['"😀😀"']),
    ({"enum": [1.1, 10**40]}, ["1.10", f"{10**40}"], ["1.11", f"{10**40 + 1}"]),
]  # fmt: skip


@pytest.mark.parametrize(("thing", "good", "bad"), CASES)
def test_a_keyword_accepts_what_openapi_says(thing: Any, good: list[str], bad: list[str], partner_of: Any) -> None:
    holder = {"properties": {"a": {"$ref": "#/components/schemas/Bytes"}, "b": {"$ref": "#/components/schemas/Holder"}}}
    parts = {"Text": {"type": "string"}, "MaybeText": {"type": "string", **N}, "Holder": holder}
    partner = partner_of(thing, **parts, Bytes={"type": "string", "format": "byte"})
    for text in good:
        assert partner.validate(text) == [], text
    for text in bad:
        problems = partner.validate(text)
        assert [problem.severity for problem in problems] == ["error"], text


# Members of one direction


def one_way(mark: str) -> list[dict[str, Any]]:
    direct = {"type": "string", mark: True}
    by_reference = {"$ref": "#/components/schemas/Marked"}
    return [
        {"required": ["a", "b"], "properties": {"a": direct, "b": {}}},
        {"required": ["a", "b"], "properties": {"a": by_reference}},
        {"required": ["a", "b"], "properties": {"a": {"allOf": [by_reference]}}},
        {"required": ["a", "b"], "properties": {"a": {"allOf": [{"$ref": "#/components/schemas/Text"}], mark: True}}},
        {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["a", "b"]}]},
        {"required": ["a", "b"], "allOf": [{"$ref": "#/components/schemas/Base"}]},
        {"allOf": [{"allOf": [{"properties": {"a": direct}}]}, {"allOf": [{"required": ["a", "b"]}]}]},
    ]


@pytest.mark.parametrize("form", range(7))
@pytest.mark.parametrize(
    ("mark", "foreign", "own", "code"),
    [("readOnly", "request", "response", "read-only"), ("writeOnly", "response", "request", "write-only")],
)
def test_a_member_of_one_direction_is_required_there_and_warns_elsewhere(
    mark: str, foreign: Direction, own: Direction, code: str, *, form: int, partner_of: Any
) -> None:
    partner = partner_of(
        one_way(mark)[form],
        Marked={"type": "string", mark: True},
        Text={"type": "string"},
        Base={"properties": {"a": {"type": "string", mark: True}}},
    )
    assert partner.validate('{"b": 1}', message=foreign) == []
    found = partner.validate('{"b": 1, "a": "x"}', message=foreign)
    assert [(each.code, each.pointer, each.severity) for each in found] == [(code, "/a", "warning")]
    assert partner.validate('{"b": 1, "a": "x"}', message=own) == []
    assert [each.code for each in partner.validate('{"b": 1}', message=own)] == ["required"]
    assert [each.code for each in partner.validate("{}", message=foreign)] == ["required"]


def test_without_marks_a_member_of_the_other_direction_is_no_fault(partner_of: Any) -> None:
    contract = partner_of({"properties": {"a": {"readOnly": True}}}).contract
    where = "/components/schemas/Thing"
    assert compile_schema(contract, where, "request", mark=False).is_valid({"a": 1})
    assert not compile_schema(contract, where, "request", mark=True).is_valid({"a": 1})


# Pointers


@pytest.mark.parametrize("name", sorted(CATALOGUE.entries))
@pytest.mark.parametrize("direction", ["request", "response"])
def test_every_converted_keyword_stands_where_the_user_wrote_it(name: str, direction: Direction) -> None:
    document = CATALOGUE.contract(name).document
    converted = dialect.convert(document, direction, mark=True)
    pending: list[tuple[str, Any, Any]] = [("", converted, document)]
    while pending:
        where, new, old = pending.pop()
        if isinstance(new, dict):
            assert isinstance(old, dict), where
            bounds = {"minimum", "maximum"} if old.get("format") in dialect.INTEGER_FORMATS else set()
            assert new.keys() - old.keys() <= bounds, where
            pending += [(f"{where}/{key}", new[key], old[key]) for key in new.keys() & old.keys()]
        elif isinstance(new, list) and isinstance(old, list) and "/enum" not in where and "/required" not in where:
            assert len(new) == len(old), where
            pending += [(f"{where}/{index}", *pair) for index, pair in enumerate(zip(new, old, strict=True))]


@pytest.mark.parametrize("name", sorted(CATALOGUE.entries))
def test_the_schema_pointer_of_every_problem_leads_into_the_contract(name: str, prove: bool) -> None:  # noqa: FBT001 - a fixture
    contract = CATALOGUE.contract(name)
    partner = Partner(contract)
    seen = 0
    for example in list(examples(contract))[: None if prove else 6]:
        if example.direction != "request":
            continue
        for mutant in mutants(example.value, 1, 2_000 if prove else 60):
            for problem in partner.validate(mutant.value, operation=example.operation):
                assert problem.schema_pointer is not None
                pointer.get(contract.document, problem.schema_pointer)
                seen += 1
    assert seen or name.startswith("_")


def test_the_root_keeps_only_what_schemas_may_refer_to(partner_of: Any) -> None:
    document = partner_of({"example": {"a": 1}, "type": "object"}).contract.document
    converted = dialect.convert(document, "request", mark=False)
    assert converted["components"]["schemas"]["Thing"] == {"type": "object"}
    assert set(dialect.root(converted, "/components/schemas/Thing")) == {"$schema", "$ref", "paths", "components"}


def test_a_validator_is_given_what_its_schema_leads_to_and_nothing_else(partner_of: Any) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    inner = {"anyOf": [{"properties": {"deep": {"type": "integer"}}}, {"type": "string"}]}
    thing = {
        "type": "object",
        "properties": {
            "a~b/c": {"$ref": "#/components/schemas/Inner/anyOf/0/properties/deep"},
            "node": {"$ref": "#/components/schemas/Node"},
            "whole": {"$ref": "#/components/schemas/Inner"},
            "own": {"$ref": "#/components/schemas/Thing/properties/a~0b~1c"},
            # A value, whatever it looks like.
            "listed": {"enum": [{"$ref": "#/nowhere"}, {"$ref": "nonsense"}, {"$ref": "#/components/schemas/Other"}]},
        },
    }
    contract = partner_of(thing, Node=node, Inner=inner, Other={"x-big": 1}, Never={"type": "integer"}).contract
    whole = dialect.root(contract.converted("request", mark=False), "/components/schemas/Thing")
    part = compiling._pruned(whole, compiling._reached(whole)[1])  # noqa: SLF001 - what is compiled cannot be looked at
    assert set(part["components"]["schemas"]) == {"Thing", "Node", "Inner", "Other"}
    assert "paths" not in part
    validator = compile_schema(contract, "/components/schemas/Thing", "request", mark=False)
    fits: list[Any] = [
        {"a~b/c": 1, "own": 2},
        {"node": {"next": {}}},
        {"whole": "text"},
        {"listed": {"$ref": "nonsense"}},
    ]
    for good in fits:
        assert validator.is_valid(good)
    for bad in ({"a~b/c": "1"}, {"own": "1"}, {"node": {"next": 1}}, {"whole": {"deep": "1"}}, {"listed": 1}):
        assert not validator.is_valid(bad)


def test_a_part_inside_of_a_part_is_there_once(partner_of: Any) -> None:
    inner = {"allOf": [{"properties": {"deep": {"type": "integer"}}}]}
    thing = {"properties": {"a": {"$ref": "#/components/schemas/Inner/allOf/0/properties/deep"}}}
    contract = partner_of(thing, Inner=inner).contract
    whole = dialect.root(contract.converted("request", mark=False), "/components/schemas/Thing")
    part = compiling._pruned(whole, compiling._reached(whole)[1])  # noqa: SLF001 - what is compiled cannot be looked at
    # Of a list all elements are there: its positions are those of the document.
    assert part["components"]["schemas"]["Inner"] == {"allOf": inner["allOf"]}
    assert not compile_schema(contract, "/components/schemas/Thing", "request", mark=False).is_valid({"a": "1"})
