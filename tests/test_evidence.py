"""Levels: what a contract says when everything that is known less well is taken out."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge.contract import evidence
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.evidence import CONSTRAINTS, Tag, at, read_tag, tags
from orderbridge.contract.shape import walk
from orderbridge.problem import LEVELS
from orderbridge.validation.examples import examples
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from orderbridge.problem import Evidence

NAMES = sorted(catalogue().entries)
CATALOGUE = catalogue()


def schema_at(schema: dict[str, Any], level: Evidence) -> Any:
    document = {"components": {"schemas": {"A": schema}}}
    before = copy.deepcopy(document)
    pruned = at(document, level)["components"]["schemas"]["A"]
    assert document == before, "at() changed what it was given"
    return {key: value for key, value in pruned.items() if key != "x-evidence"}


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"type": "string", "x-evidence": "seed"}, {"type": "string"}),
        ({"type": "string", "x-evidence": "observed"}, {}),
        ({"type": "string"}, {"type": "string"}),
        ({"type": "string", "nullable": True, "x-evidence": "inferred"}, {}),
        ({"type": "string", "pattern": "a", "x-evidence": {"pattern": "inferred"}}, {"type": "string"}),
        ({"minimum": 1, "exclusiveMinimum": True, "x-evidence": {"minimum": "inferred"}}, {}),
        (
            {"minimum": 1, "exclusiveMinimum": True, "x-evidence": {"default": "inferred", "minimum": "seed"}},
            {"minimum": 1, "exclusiveMinimum": True},
        ),
        (
            {"required": ["a", "b"], "x-evidence": {"default": "seed", "required": {"b": "inferred"}}},
            {"required": ["a"]},
        ),
        ({"required": ["a"], "x-evidence": {"required": {"a": "inferred"}}}, {}),
        ({"required": ["a", "b"], "x-evidence": {"required": "inferred"}}, {}),
        ({"additionalProperties": False, "x-evidence": {"additionalProperties": "inferred"}}, {}),
        ({"additionalProperties": True, "x-evidence": "inferred"}, {"additionalProperties": True}),
        ({"oneOf": [{}], "discriminator": {"propertyName": "a"}, "x-evidence": "inferred"}, {}),
        ({"anyOf": [{}], "discriminator": {"propertyName": "a"}, "x-evidence": "inferred"}, {}),
        ({"discriminator": {"propertyName": "a"}, "x-evidence": "inferred"}, {"discriminator": {"propertyName": "a"}}),
        ({"not": {"type": "string"}, "x-evidence": "inferred"}, {}),
        ({"properties": {"a": {"type": "string"}}, "x-evidence": "inferred"}, {"properties": {"a": {}}}),
        ({"items": {"type": "string"}, "type": "array", "x-evidence": "inferred"}, {"items": {}}),
        ({"allOf": [{"type": "string"}], "x-evidence": "inferred"}, {"allOf": [{}]}),
        (
            {"x-evidence": "inferred", "type": "object", "properties": {"a": {"type": "string", "x-evidence": "seed"}}},
            {"properties": {"a": {"type": "string", "x-evidence": "seed"}}},
        ),
        (
            {"readOnly": True, "title": "T", "default": 1, "example": 1, "x-evidence": "inferred"},
            {"readOnly": True, "title": "T", "default": 1, "example": 1},
        ),
    ],
)
def test_only_weak_constraints_go(schema: dict[str, Any], left: dict[str, Any]) -> None:
    assert schema_at(schema, "documented") == left
    assert schema_at(schema, "inferred") == {key: value for key, value in schema.items() if key != "x-evidence"}


def test_a_reference_passes_no_evidence_on() -> None:
    document = {
        "components": {
            "schemas": {
                "A": {"x-evidence": "inferred", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"type": "string"},
            }
        }
    }
    assert at(document, "documented")["components"]["schemas"]["B"] == {"type": "string"}


def test_parameters_and_bodies_are_required_by_evidence() -> None:
    parameter = {"name": "a", "in": "query", "required": True, "x-evidence": {"required": "inferred"}}
    in_path = {"name": "b", "in": "path", "required": True, "x-evidence": "inferred"}
    body = {"required": True, "content": {}, "x-evidence": "inferred"}
    document = {"paths": {"/{b}": {"post": {"parameters": [parameter, in_path], "requestBody": body}}}}
    operation = at(document, "documented")["paths"]["/{b}"]["post"]
    assert ["required" in each for each in (*operation["parameters"], operation["requestBody"])] == [False, True, False]
    assert at(document, "inferred") == document


def test_a_tag_speaks_for_keywords_members_and_the_rest() -> None:
    tag = read_tag({"default": "observed", "pattern": "seed", "required": {"a": "inferred"}}, "documented")
    assert [tag.of("type"), tag.of("pattern"), tag.of("required", "a"), tag.of("required", "b")] == [
        "observed",
        "seed",
        "inferred",
        "observed",
    ]
    assert read_tag("nonsense", "seed") == Tag("seed")
    assert Tag("seed", {"minimum": "inferred"}).of("exclusiveMinimum") == "inferred"


@pytest.mark.parametrize("name", NAMES)
def test_levels_of_a_shipped_contract_nest_and_lose_only_keywords(name: str) -> None:
    contract = CATALOGUE.contract(name)
    before = copy.deepcopy(contract.document)
    kept: set[tuple[Any, ...]] = set()
    for level in LEVELS:
        document = contract.at(level).document
        assert at(document, level) == document, "doing it twice is doing it once"
        assert contract.at(level) is contract.at(level)
        rules = set(constraints(document))
        assert kept <= rules
        kept = rules
        assert inventory(document) == inventory(before)
        assert [op.responses.keys() for op in contract.at(level).operations.values()] == [
            op.responses.keys() for op in contract.operations.values()
        ]
    assert contract.at("inferred").document == contract.document == before
    assert contract.at("documented").at("inferred").document == contract.at("documented").document


def constraints(document: Any) -> Any:
    for node in walk(document):
        if node.kind == "schema" and isinstance(node.value, dict):
            yield from ((*node.tokens, name) for name in CONSTRAINTS & node.value.keys() - {"required"})
            yield from ((*node.tokens, "required", name) for name in node.value.get("required", ()))


def inventory(document: Any) -> Any:
    """List what no level may lose: paths, operations, parameters, statuses, properties outside weak schemas."""
    operations = [
        (path, method, [each.get("name", each.get("$ref")) for each in operation.get("parameters", ())],
         list(operation["responses"]))
        for path, item in document["paths"].items() for method, operation in item.items() if "responses" in operation
    ]  # fmt: skip
    schemas = document.get("components", {}).get("schemas", {})
    return operations, {name: list(schema.get("properties", ())) for name, schema in schemas.items()}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_valid_at_the_whole_is_valid_at_every_level(name: str) -> None:
    contract = CATALOGUE.contract(name)
    for level in LEVELS:
        pruned = contract.at(level)
        validators: dict[Any, Validator] = {}
        for each in examples(contract):
            key = (each.schema, each.direction)
            validator = validators.setdefault(key, Validator(pruned, *key, level))
            assert validator.check_value(each.value) == []


def test_untagged_documents_are_documented_and_know_no_levels() -> None:
    contract = CATALOGUE.contract(NAMES[-1])
    assert contract.is_tagged
    assert evidence.UNTAGGED == "documented"
    assert {tag.default for tag in tags({"components": {"schemas": {"A": {}}}}).values()} == {"documented"}
