"""Messages made from contracts, and mutants of messages."""

from __future__ import annotations

import copy
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbridge import jsontext, pointer
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.contract import Contract
from orderbridge.contract.operations import read_operations
from orderbridge.sample import pattern, scalar
from orderbridge.sample.make import Maker, make
from orderbridge.sample.mutate import KINDS, mutants
from orderbridge.sample.scalar import NumberRule, TextRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.dialect import Direction
    from orderbridge.problem import Evidence

SEEDS = 200
ENOUGH = 0.95
SCHEMA = "/components/schemas/Made"
CATALOGUE = catalogue()
PARTNERS = [entry.name for entry in CATALOGUE.partners]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(-1000, 1000, places=2) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def contract_of(schema: Any, **schemas: Any) -> Contract:
    """Make a contract around a schema, at `SCHEMA`."""
    document = {
        "openapi": "3.0.3",
        "info": {"title": "made up", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Made": schema, **schemas}},
    }
    return Contract("made", document, read_operations(document), Path(), Path("made.yaml"))


def messages(name: str) -> list[tuple[str, Direction]]:
    """Give the schemas of all JSON messages of a contract, the create operation's first."""
    found: dict[tuple[str, Direction], None] = {}
    contract = CATALOGUE.contract(name)
    for operation in sorted(contract.operations.values(), key=lambda each: each.id != "createOrder"):
        if operation.request is not None:
            found.update(((schema, "request"), None) for schema in operation.request.content.values() if schema)
        for response in operation.responses.values():
            found.update(((schema, "response"), None) for schema in response.content.values() if schema)
    return list(found)


@pytest.mark.parametrize("level", ["documented", "inferred"])
@pytest.mark.parametrize("name", PARTNERS)
def test_made_messages_keep_the_contract(
    name: str, level: Evidence, record_property: Callable[[str, object], None], *, prove: bool
) -> None:
    contract = CATALOGUE.contract(name).at(level)
    for rank, (schema, direction) in enumerate(messages(name)):
        # The first two are the create operation's; of the others a glance does in the short run.
        seeds = SEEDS if rank < 2 or prove else SEEDS // 10
        maker = Maker(contract, direction)
        valid = sum(maker.accepts(schema, maker.make(schema, seed)) for seed in range(seeds))
        record_property(f"{level} {schema}", f"{valid} of {seeds}")
        assert valid >= ENOUGH * seeds, f"{valid} of {seeds} for {schema}"


@pytest.mark.parametrize("name", PARTNERS)
def test_made_messages_differ_by_seed_and_only_by_seed(name: str) -> None:
    schema, direction = messages(name)[0]
    made = [jsontext.write(make(CATALOGUE.contract(name), schema, direction, seed)) for seed in range(30)]
    again = [jsontext.write(make(CATALOGUE.contract(name), schema, direction, seed)) for seed in range(30)]
    assert made == again
    assert len(set(made)) > 25


@pytest.mark.parametrize("name", PARTNERS)
def test_made_messages_have_every_member_sooner_or_later(name: str) -> None:
    schema, direction = messages(name)[0]
    contract = CATALOGUE.contract(name)
    found = {member for seed in range(SEEDS) for member in make(contract, schema, direction, seed)}
    maker = Maker(contract, direction)
    rules = maker.reader.gather((schema,), Random(0))  # noqa: S311 - chance that can be repeated, not secrets
    assert found >= rules.members.keys() - rules.one_way


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 3, "maxLength": 3},
        {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3,5}$"},
        {"type": "string", "pattern": "^[0-9]+$", "maxLength": 4, "minLength": 2},
        {"type": "string", "pattern": "^[0-9a-f]+$", "maxLength": 24, "minLength": 24},
        {"type": "string", "pattern": "^(?:[a-z]{1,80}-?)$", "maxLength": 70, "minLength": 70},
        {"type": "string", "pattern": "[A-z0-9]", "maxLength": 24, "minLength": 24},
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "nullable": True, "enum": ["a", None]},
        {"type": "integer", "minimum": 5, "maximum": 6},
        {"type": "integer", "format": "int32", "minimum": 2147483646},
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 0.5},
        {"type": "number", "minimum": -3.5, "maximum": -3.25},
        {"type": "integer", "multipleOf": 7, "minimum": 8},
        {"type": "number", "multipleOf": 0.25, "minimum": -1, "maximum": 1},
        {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
        {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
        {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "minProperties": 2, "maxProperties": 2},
        {"allOf": [{"type": "number"}, {"type": "integer", "minimum": 3}, {"maximum": 3}]},
        {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]},
        {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "array", "items": {}, "minItems": 1}]},
        {"type": "integer", "minimum": 0, "maximum": 3, "not": {"enum": [0, 1, 2]}},
        {"type": "string", "format": "uuid", "nullable": True},
        {"enum": [{"a": [1]}, 2, "x"]},
        {"not": {"type": "string"}},
        {},
    ],
)
def test_each_keyword_is_kept(schema: dict[str, Any]) -> None:
    maker = Maker(contract_of(schema), "request")
    made = [maker.make(SCHEMA, seed) for seed in range(60)]
    assert [value for value in made if not maker.accepts(SCHEMA, value)] == []


@pytest.mark.parametrize("order", [1, -1])
def test_rules_between_members_are_kept_whichever_way_they_are_written(order: int) -> None:
    def either(*branches: Any) -> dict[str, Any]:
        return {"anyOf": list(branches)[::order]}

    def unless(op: str) -> dict[str, Any]:
        return {"not": {"required": ["op"], "properties": {"op": {"enum": [op]}}}}

    schema = {
        "type": "object",
        "required": ["op"],
        "properties": {
            "op": {"type": "string", "enum": ["open", "pay", "cancel"]},
            "uid": {"type": "string"},
            "uuid": {"type": "string"},
            "amount": {"type": "number"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}},
        },
        "allOf": [
            either({"required": ["uid"]}, {"required": ["uuid"]}),
            either({"required": ["amount"]}, unless("pay")),
            either({"properties": {"lines": {"not": {}}}}, unless("cancel")),
            either({"required": ["lines"], "properties": {"lines": {"minItems": 2}}}, unless("open")),
            either({"properties": {"lines": {"items": {"required": ["id"]}}}}, unless("pay")),
        ],
    }
    maker = Maker(contract_of(schema), "request")
    made = [maker.make(SCHEMA, seed) for seed in range(100)]
    assert [value for value in made if not maker.accepts(SCHEMA, value)] == []
    assert {value["op"] for value in made} == {"open", "pay", "cancel"}


def test_members_of_the_other_direction_are_left_out() -> None:
    member = {"type": "string"}
    schema = {
        "type": "object",
        "required": ["id", "pin", "name"],
        "properties": {"id": {**member, "readOnly": True}, "pin": {**member, "writeOnly": True}, "name": member},
    }
    contract = contract_of(schema)
    assert all(make(contract, SCHEMA, "request", seed).keys() >= {"pin", "name"} for seed in range(20))
    assert all("id" not in make(contract, SCHEMA, "request", seed) for seed in range(20))
    assert all("pin" not in make(contract, SCHEMA, "response", seed) for seed in range(20))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Made"}}},
        {"type": "array", "minItems": 3, "items": {"$ref": "#/components/schemas/Made"}},
        {"type": "string", "minLength": 5, "maxLength": 3},
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"not": {}},
        {"type": "string", "pattern": "^(?=.*[0-9])(?!a)[a-z0-9]{4}$"},
    ],
)
def test_a_schema_that_nothing_or_hardly_anything_keeps_still_gets_a_value(schema: dict[str, Any]) -> None:
    value = make(contract_of(schema), SCHEMA, "request", 1)
    assert jsontext.read(jsontext.write(value)) == (value, ())


def test_recursive_schemas_end() -> None:
    schema = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Made"}},
            "twin": {"$ref": "#/components/schemas/Made"},
        },
    }
    maker = Maker(contract_of(schema), "request")
    made = [maker.make(SCHEMA, seed) for seed in range(50)]
    assert all(maker.accepts(SCHEMA, value) for value in made)
    assert any(child.get("children") for value in made for child in value.get("children", ()))
    assert max(len(jsontext.write(value)) for value in made) < 200_000


@pytest.mark.parametrize(
    "expression",
    [
        "^[0-9]{6}$",
        "^(red|green|)$",
        "^[A-Za-z_][\\w.-]*$",
        "^[^/]+/[^/]+$",
        "^\\+?[0-9 ()-]{5,20}$",
        "^(?:[a-f0-9]{2}:){5}[a-f0-9]{2}$",
        "^-?[0-9]+([.][0-9]+)?$",
        "^\\u0041\\x42\\.\\$\\t?$",
        "^[\\]\\-a]{3}?$",
        "^(?<year>[0-9]{4})-x{0}y{2,}$",
        "^[a-]{2}[b\\]]?$",
        "o[0-9]{5}\\b",
        "^.{1,3}$",
        "^a{b$",
        "",
    ],
)
def test_a_sampled_text_matches_its_pattern(expression: str) -> None:
    random = Random(1)  # noqa: S311 - chance that can be repeated, not secrets
    spelt = expression.replace("(?<year>", "(?P<year>")  # as Python names a group
    for _ in range(50):
        assert re.search(spelt, pattern.sample(expression, random))


@given(st.text(alphabet="ab0-9[]{}()|?*+\\^$.,:<>=!", max_size=20))
def test_any_pattern_gives_some_text(expression: str) -> None:
    assert isinstance(pattern.sample(expression, Random(1)), str)  # noqa: S311 - the same


@given(st.decimals(-1000, 1000, places=2), st.decimals(0, 100, places=2), st.booleans(), st.integers())
def test_a_number_stays_within_its_limits(least: Decimal, width: Decimal, whole: bool, seed: int) -> None:  # noqa: FBT001 - drawn
    rule = NumberRule(least, least + width + 1, whole=whole)
    made = scalar.number(rule, Random(seed))  # noqa: S311 - the same
    assert least <= made <= least + width + 1
    assert isinstance(made, int) or not whole


@given(st.integers(0, 30), st.integers(0, 30), st.integers())
def test_a_text_stays_within_its_limits(least: int, width: int, seed: int) -> None:
    made = scalar.text(TextRule(least, least + width), Random(seed))  # noqa: S311 - the same
    assert least <= len(made) <= least + width


@given(JSON, st.integers())
def test_mutants_leave_the_value_alone_and_come_again_alike(value: Any, seed: int) -> None:
    before = copy.deepcopy(value)
    first = list(mutants(value, seed, 20, names=["a", "b"]))
    assert value == before
    assert first == list(mutants(value, seed, 20, names=["b", "a"]))
    assert len(first) == 20


@given(JSON, st.integers())
def test_mutants_are_json_and_say_where_they_differ(value: Any, seed: int) -> None:
    for mutant in mutants(value, seed, 20):
        assert jsontext.read(jsontext.write(mutant.value))[1] == ()
        pointer.get(value if mutant.kind == "delete" else mutant.value, mutant.pointer)
        assert jsontext.write(mutant.value) != jsontext.write(value)


def test_every_kind_of_mutant_occurs_alike_often() -> None:
    value = {"a": [1, {"b": "text"}], "c": True}
    assert Counter(mutant.kind for mutant in mutants(value, 1, 80)) == dict.fromkeys(KINDS, 10)


def test_a_known_name_turns_up_where_it_does_not_belong() -> None:
    made = [mutant.value for mutant in mutants({"a": 1}, 1, 200, names=["pincode"])]
    assert any("pincode" in value for value in made if isinstance(value, dict))
    assert any("x-unknown" in value for value in made if isinstance(value, dict))


def test_the_awkward_values_are_among_the_mutants() -> None:
    made = [mutant.value for mutant in mutants({"n": 5, "s": "text"}, 1, 2_000)]
    texts = {value["s"] for value in made if isinstance(value, dict) and isinstance(value.get("s"), str)}
    numbers = {value["n"] for value in made if isinstance(value, dict) and isinstance(value.get("n"), int | Decimal)}
    assert texts >= {"", " ", "Zoë 漢字 😀"}
    assert max(map(len, texts)) == 5_000
    assert numbers >= {0, -1, 2**63, 10**30, Decimal("1e300")}
