"""Which alternative a value was meant to be: one explanation, not one per branch."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbridge.contract import branches
from orderbridge.contract.branches import Fault, faults

TEXT = {"type": "string"}
NUMBER = {"type": "number"}


def tagged(tag: str, **members: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["kind", *members], "properties": {"kind": {"enum": [tag]}, **members}}


CARD, CASH = tagged("card", number=TEXT), tagged("cash", till=NUMBER)
DOGS = {
    "oneOf": [{"$ref": "#/components/schemas/Dog"}, {"$ref": "#/components/schemas/Cat"}],
    "discriminator": {"propertyName": "kind"},
    "components": {
        "schemas": {
            "Dog": {"required": ["bark"], "properties": {"bark": TEXT}},
            "Cat": {"required": ["a", "b", "c"], "properties": {"a": TEXT}},
        }
    },
}
MAPPED = {**DOGS, "discriminator": {"propertyName": "kind", "mapping": {"x": "Cat", "y": "#/components/schemas/C%61t"}}}
CASES: list[tuple[Any, Any, list[tuple[str, str, Any]]]] = [
    # several types: one problem of them all
    ({"anyOf": [TEXT, NUMBER]}, True, [("type", "", ["string", "number"])]),
    ({"oneOf": [TEXT, {"anyOf": [NUMBER, {"type": "null"}]}]}, True, [("type", "", ["string", "number", "null"])]),
    ({"anyOf": [{"enum": ["a", 1]}, {"enum": [True, "a"]}]}, "b", [("enum", "", ["a", 1, True])]),
    # the branch of the right type speaks
    ({"anyOf": [TEXT, {"type": "object", "required": ["a"]}]}, {}, [("required", "", "a")]),
    ({"anyOf": [{"type": "array", "items": TEXT}, {"type": "object"}]}, [1], [("type", "/0", ["string"])]),
    # the preferred spelling comes first
    ({"anyOf": [{"required": ["uid"]}, {"required": ["uuid"]}]}, {}, [("required", "", "uid")]),
    # a condition is no way to mend a value
    ({"anyOf": [{"not": {"required": ["op"]}}, {"required": ["id"]}]}, {"op": 1}, [("required", "", "id")]),
    ({"anyOf": [{"not": {"type": "object"}}, {"not": {"required": ["a"]}}]}, {"a": 1}, [("not", "", None)]),
    # tags
    ({"oneOf": [CARD, CASH]}, {"kind": "cash"}, [("required", "", "till")]),
    ({"oneOf": [CARD, CASH]}, {"kind": "cash", "number": "1", "till": ""}, [("type", "/till", ["number"])]),
    ({"oneOf": [CARD, CASH]}, {"kind": "shells"}, [("enum", "/kind", ["card", "cash"])]),
    ({"anyOf": [CARD, CASH, TEXT]}, {"kind": "shells"}, [("enum", "/kind", ["card", "cash"])]),
    ({"oneOf": [CARD, CASH]}, {}, [("required", "", "kind"), ("required", "", "number")]),
    # discriminators, by name and by mapping
    (DOGS, {"kind": "Cat"}, [("required", "", "a"), ("required", "", "b"), ("required", "", "c")]),
    (DOGS, {"kind": "Dog", "a": 1}, [("required", "", "bark")]),
    (MAPPED, {"kind": "x"}, [("required", "", "a"), ("required", "", "b"), ("required", "", "c")]),
    (MAPPED, {"kind": "y"}, [("required", "", "a"), ("required", "", "b"), ("required", "", "c")]),
    (MAPPED, {"kind": "z"}, [("required", "", "bark")]),
    (MAPPED, {"kind": 5}, [("required", "", "bark")]),
    # too many branches fit, or there is nothing to choose from
    ({"oneOf": [TEXT, {"minLength": 1}]}, "a", [("oneOf", "", None)]),
    ({"anyOf": [False]}, 1, [("falseSchema", "", None)]),
    # nested alternatives, and what stands beside them
    (
        {"properties": {"p": {"anyOf": [{"oneOf": [CARD, CASH]}, {"type": "null"}]}}, "required": ["q"]},
        {"p": {"kind": "card"}},
        [("required", "", "q"), ("required", "/p", "number")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "expected"), CASES)
def test_the_best_alternative_speaks_for_all(schema: Any, value: Any, expected: list[tuple[str, str, Any]]) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema)
    found = [
        (fault.keyword, "".join(f"/{token}" for token in fault.at), fault.detail)
        for error in validator.iter_errors(value)
        for fault in faults(error, schema, value)
    ]
    plain = [
        (keyword, at, None if keyword in {"not", "oneOf", "falseSchema"} else detail) for keyword, at, detail in found
    ]
    assert sorted(plain, key=str) == sorted(expected, key=str)


def test_a_fault_remembers_the_alternatives_that_led_to_it() -> None:
    schema = {"properties": {"p": {"anyOf": [{"oneOf": [CARD, CASH]}, {"type": "null"}]}}}
    value = {"p": {"kind": "card"}}
    [error] = jsonschema_rs.Draft202012Validator(schema).iter_errors(value)
    [fault] = faults(error, schema, value)
    assert fault.through == (("properties", "p", "anyOf"), ("properties", "p", "anyOf", 0, "oneOf"))
    assert fault.schema == ("properties", "p", "anyOf", 0, "oneOf", 0, "required")


def test_branches_can_be_ruled_out_by_their_schema() -> None:
    schema = {"oneOf": [{"title": "no", "required": ["a"]}, {"required": ["b", "c"]}]}
    [error] = jsonschema_rs.Draft202012Validator(schema).iter_errors({})
    found = faults(error, schema, {}, lambda alternative, _value: alternative.get("title") != "no")
    assert [fault.detail for fault in found] == ["b", "c"]
    assert [fault.keyword for fault in faults(error, schema, {}, lambda _schema, _value: False)] == ["oneOf"]


@st.composite
def alternatives(draw: st.DrawFn) -> tuple[list[list[Fault]], tuple[str | int, ...]]:
    """Make branches out of few words, so that many are alike."""
    at: tuple[str | int, ...] = draw(st.sampled_from([(), ("a",)]))
    places = st.sampled_from([at, (*at, "kind"), (*at, "b", 0)])
    details = {
        "type": st.sampled_from([["string"], ["number", "null"]]),
        "enum": st.lists(st.sampled_from(["card", "cash", 1, None]), min_size=1, max_size=3, unique_by=repr),
        "required": st.sampled_from(["kind", "till"]),
        "not": st.just(None),
        "maximum": st.integers(0, 2),
    }

    def fault(keyword: str) -> st.SearchStrategy[Fault]:
        return st.builds(Fault, st.just(keyword), places, st.just(("anyOf", 0, keyword)), details[keyword])

    branch = st.lists(st.sampled_from(sorted(details)).flatmap(fault), min_size=1, max_size=3)
    return draw(st.lists(branch, max_size=4)), at


@given(alternatives())
def test_branches_that_are_alike_are_told_as_others_are(case: tuple[list[list[Fault]], tuple[str | int, ...]]) -> None:
    quick = branches._best(*case)  # noqa: SLF001 - the shortcut and the long way, at the place where they part
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branches, "_are_alike", lambda _: False)
        assert branches._best(*case) == quick  # noqa: SLF001
