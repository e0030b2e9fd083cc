"""The schema of what must be supplied: it is a schema, it asks for what is missing, and what it asks for is enough."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest

import orderbridge
from orderbridge import jsontext, yamltext
from orderbridge.contract.catalogue import catalogue
from orderbridge.forecast.pairing import Halves, pair
from orderbridge.mapping.notation import read_path, write_path
from orderbridge.translation.wanted import supply_schema
from orderbridge.validation.examples import examples

if TYPE_CHECKING:
    from orderbridge.api import Partner
    from orderbridge.forecast.table import Pair

ROOT: Final = Path(__file__).parent.parent / "openapi"
NAMES: Final = [entry.name for entry in catalogue().partners]
PAIRS: Final = [(one, other) for one in NAMES for other in NAMES if one != other]
SHIPPED: Final = sorted((path.stem, path.parent.parent.name) for path in ROOT.glob("*/supplies/*.yaml"))
pairs = pytest.mark.parametrize(("source", "target"), PAIRS)


@cache
def schema_of(source: str | None, target: str) -> Any:
    given = orderbridge.partner(source).side if source is not None else None
    return json.loads(jsontext.write(supply_schema(given, orderbridge.partner(target).side)))


def accepts(source: str | None, target: str, supply: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(schema_of(source, target)).is_valid(supply))


@cache
def told(source: str, target: str) -> Pair:
    sides = [orderbridge.partner(name) for name in (source, target)]
    one, other = (Halves.of(each.contract, each.side.mapping) for each in sides)
    return pair(one, other)


@cache
def orders(name: str) -> dict[str, Any]:
    partner: Partner = orderbridge.partner(name)
    create = partner.contract.operation().id
    found = (each for each in examples(partner.contract) if each.operation == create and each.status is None)
    return {each.name: each.value for each in found}


def value_at(order: Any, steps: list[str]) -> Any:
    for step in steps:
        key: Any = 0 if step == "*" else step
        if isinstance(order, dict) and key in order:
            order = order[key]
        elif isinstance(order, list) and key == 0 and order:
            order = order[0]
        else:
            return None
    return order


def supply_for(source: str, target: str, *kinds: Any) -> dict[str, Any]:
    """Take what is asked for from the target's own examples."""
    fill: dict[str, Any] = {}
    for member in told(source, target).of(*kinds):
        if member.path.startswith("header:"):
            continue
        steps = [str(token) for token in read_path(member.path)]
        value = next(
            (found for order in orders(target).values() if (found := value_at(order, steps)) is not None), None
        )
        if value is not None:
            put(fill, row_steps(steps, told(source, target)), value)
    return {"fill": fill}


def row_steps(steps: list[str], forecast: Pair) -> list[str]:
    """Speak to every row of a list that has rows, and make the first one of a list that has none."""
    return [
        "0" if step == "*" and write_path(steps[:index]) not in forecast.lists else step
        for index, step in enumerate(steps)
    ]


def put(whole: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        whole = whole.setdefault(step, {})
    whole[steps[-1]] = value


def without(supply: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    copy = deepcopy(supply)
    here = copy["fill"]
    for step in steps[:-1]:
        here = here[step]
    del here[steps[-1]]
    return copy


@pytest.mark.parametrize("target", NAMES)
@pytest.mark.parametrize("source", [None, *NAMES])
def test_it_is_a_schema(source: str | None, target: str) -> None:
    if source != target:
        jsonschema.Draft202012Validator.check_schema(schema_of(source, target))


@pairs
def test_a_supply_that_satisfies_it_makes_the_main_example_complete(source: str, target: str) -> None:
    supply = supply_for(source, target, "supplied", "conditional")
    assert accepts(source, target, supply)
    made = orderbridge.translate(orders(source)["main"], source, target, supply=supply)
    assert made.complete, [row for row in made.report["target_leaves"] if row["cause"] == "missing"]


@pairs
def test_what_it_asks_for_is_needed(source: str, target: str) -> None:
    supply = supply_for(source, target, "supplied", "conditional")
    for member in told(source, target).of("supplied"):
        if not member.path.startswith("header:"):
            steps = row_steps([str(token) for token in read_path(member.path)], told(source, target))
            lacking = without(supply, steps)
            assert not accepts(source, target, lacking), member.path
            made = orderbridge.translate(orders(source)["main"], source, target, supply=lacking)
            # Some is required by what is concluded of a contract, and not by what is documented.
            assert orderbridge.partner(target).validate(made.draft, level="inferred"), member.path


@pairs
def test_what_only_some_orders_lack_is_described_and_not_asked_for(source: str, target: str) -> None:
    assert accepts(source, target, supply_for(source, target, "supplied"))
    for member in told(source, target).of("conditional"):
        if not member.path.startswith("header:"):
            described = schema_of(source, target)["properties"]["fill"]
            for step in read_path(member.path):
                described = described["properties"][str(step)] if step != "*" or "*" in described["properties"] else {}
            assert "Needed by some orders only: " in described["description"]


@pytest.mark.parametrize(("source", "target"), SHIPPED)
def test_the_shipped_supplies_satisfy_it(source: str, target: str) -> None:
    data = (ROOT / target / "supplies" / f"{source}.yaml").read_bytes()
    assert accepts(source, target, json.loads(jsontext.write(yamltext.read(data).value)))


def test_there_are_shipped_supplies() -> None:
    assert len(SHIPPED) >= len(NAMES)


@pytest.mark.parametrize(
    "supply",
    [
        [],
        {"fill": []},
        {"fil": {}},
        {"lookup": {"a": {"by": "sku"}}},
        {"lookup": {"a": {"by": 1, "table": {}}}},
        {"lookup": {"a": {"by": "sku", "table": []}}},
        {"lookup": {"a": {"by": "sku", "table": {}, "more": 1}}},
    ],
)
def test_what_is_no_supply_is_refused(supply: Any) -> None:
    source, target = next((one, other) for one, other in PAIRS if not told(one, other).of("supplied"))
    assert accepts(source, target, {})
    assert not accepts(source, target, supply)


def test_values_have_the_contract_s_type_and_say_where_they_are_obtained() -> None:
    described = schema_of("fabric", "unisouk")["properties"]["fill"]["properties"]["address"]["properties"]
    assert described["pincode"] == {
        "description": "pickup address of the store: supply once per store.",
        "type": "number",
    }
    wrong = supply_for("fabric", "unisouk", "supplied")
    wrong["fill"]["address"]["pincode"] = "380001"
    assert not accepts("fabric", "unisouk", wrong)


def test_a_list_that_has_rows_is_spoken_to_as_a_whole_and_one_without_gets_its_first() -> None:
    whole = {"fill": {"cart": {"*": {"configurationId": "8ca59966-66ce-4b36-8512-bd1311072231"}}}}
    first = {"fill": {"cart": {"0": {"configurationId": "8ca59966-66ce-4b36-8512-bd1311072231"}}}}
    other = {"fill": {"cart": {"1": {"configurationId": "8ca59966-66ce-4b36-8512-bd1311072231"}}}}
    assert [accepts("fabric", "configurator", each) for each in (whole, first, other)] == [True, True, False]
    lines = supply_for("unisouk", "fabric", "supplied")
    assert list(lines["fill"]["items"]) == ["0"]
    assert accepts("unisouk", "fabric", lines)
    lines["fill"]["items"] = {"*": lines["fill"]["items"]["0"]}
    assert not accepts("unisouk", "fabric", lines)


def test_any_of_the_three_ways_to_supply_a_value_will_do() -> None:
    table = {"by": "sku", "table": {"A-1": "8ca59966-66ce-4b36-8512-bd1311072231"}}
    assert accepts("fabric", "configurator", {"lookup": {"cart.*.configurationId": table}})
    override = {"cart": {"*": {"configurationId": "8ca59966-66ce-4b36-8512-bd1311072231"}}}
    assert accepts("fabric", "configurator", {"override": override})
    assert not accepts("fabric", "configurator", {"lookup": {"cart.*.count": table}})


def test_without_a_source_all_that_is_required_is_asked_for() -> None:
    asked = {each["description"].split(":")[0] for each in schema_of(None, "unisouk")["allOf"]}
    assert {"cartId", "buyerInfo.firstName", "address.city"} <= asked
    assert schema_of(None, "unisouk")["title"] == "What unisouk needs beside any order"


def test_headers_that_come_beside_it_are_named() -> None:
    said = schema_of("placeorder", "fabric")["description"]
    assert said.startswith("Request headers come beside it: x-site-context.account (the account id of 24 characters")
