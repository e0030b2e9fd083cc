"""Validation of single messages: weight by evidence, branches explained, places, words, secrets."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import replace
from decimal import Decimal
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

import orderbridge
from orderbridge.api import Partner
from orderbridge.contract.loading import load
from orderbridge.errors import UnknownOperationError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from orderbridge.problem import Problem

HEAD = """\
openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /things:
    post:
      operationId: createOrder
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        "200":
          description: done
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        "204": {description: nothing}
components:
  schemas:
"""


@pytest.fixture
def partner_of(tmp_path: Path) -> Any:
    """Make a partner from the schemas of a contract in YAML."""

    def make(schemas: str) -> Partner:
        lines = dedent(schemas).strip("\n").splitlines()
        path = tmp_path / "openapi.yaml"
        path.write_text(HEAD + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
        return Partner(load(path, "test"))

    return make


def brief(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.pointer, problem.severity) for problem in problems]


def test_a_member_that_another_rules_out_is_to_be_left_out(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          type: object
          properties: {op: {type: string}, plan: {type: string}}
          anyOf:
            - properties: {plan: {not: {}}}
            - not: {required: [op], properties: {op: {enum: [price]}}}
    """)
    assert partner.validate('{"op": "open", "plan": "x"}') == []
    (problem,) = partner.validate('{"op": "price", "plan": "x"}')
    assert (problem.code, problem.pointer, problem.fix) == ("not-allowed", "/plan", "leave this member out")


# Weight


WEIGHTS = """
Thing:
  type: object
  x-evidence: {default: seed, required: {b: inferred}}
  required: [a, b]
  properties:
    a: {type: string, pattern: '^[a-z]+$', x-evidence: {default: seed, pattern: observed}}
    b: {type: string}
    c: {type: integer, minimum: 1, x-evidence: inferred}
"""


def test_weak_evidence_warns_and_strong_evidence_refuses(partner_of: Any) -> None:
    problems = partner_of(WEIGHTS).validate('{"a": "A", "c": 0}')
    assert brief(problems) == [("required", "", "warning"), ("pattern", "/a", "warning"), ("minimum", "/c", "warning")]
    assert [problem.evidence for problem in problems] == ["inferred", "observed", "inferred"]


def test_the_level_moves_the_line_between_warning_and_error(partner_of: Any) -> None:
    partner = partner_of(WEIGHTS)
    assert [p.severity for p in partner.validate('{"a": "A", "c": 0}', level="observed")] == [
        "warning",
        "error",
        "warning",
    ]
    assert {p.severity for p in partner.validate('{"a": "A", "c": 0}', level="inferred")} == {"error"}


def test_a_document_without_evidence_is_documented_throughout(partner_of: Any) -> None:
    partner = partner_of("Thing: {type: object, required: [a]}")
    assert [(p.severity, p.evidence) for p in partner.validate("{}")] == [("error", "documented")]
    assert [p.severity for p in partner.validate("{}", level="seed")] == ["warning"]


MIXED = """
Thing:
  x-evidence: documented
  anyOf:
    - {type: string, pattern: '^[a-z]+$', x-evidence: {default: documented, pattern: inferred}}
    - {type: integer}
"""


def test_an_alternative_that_fails_only_by_weak_rules_warns(partner_of: Any) -> None:
    partner = partner_of(MIXED)
    assert brief(partner.validate('"A"')) == [("pattern", "", "warning")]
    assert brief(partner.validate("true")) == [("type", "", "error")]


def test_a_weak_rule_below_not_does_not_hide_what_the_level_refuses(partner_of: Any) -> None:
    # Without its inferred pattern the `not` refuses every string: the level is stricter than the whole.
    partner = partner_of("""
        Thing:
          x-evidence: documented
          not: {type: string, pattern: '^x', x-evidence: {default: documented, pattern: inferred}}
    """)
    assert brief(partner.validate('"abc"')) == [("not-allowed", "", "error")]
    assert partner.validate("1") == []


def test_what_the_receiver_sets_warns_in_a_request_and_is_asked_for_in_a_response(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          type: object
          required: [id, secret]
          properties:
            id: {type: string, readOnly: true}
            secret: {type: string, writeOnly: true}
    """)
    assert partner.validate('{"secret": "s"}') == []
    assert brief(partner.validate('{"id": "1", "secret": "s"}')) == [("read-only", "/id", "warning")]
    assert brief(partner.validate('{"id": "1", "secret": "s"}', message="response")) == [
        ("write-only", "/secret", "warning")
    ]
    assert brief(partner.validate("{}", message="response")) == [("required", "", "error")]


# Branches


def test_the_branch_that_fits_best_speaks_for_all(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          anyOf:
            - {type: object, required: [kind, a], properties: {kind: {enum: [a]}, a: {type: string}}}
            - {type: object, required: [kind, b], properties: {kind: {enum: [b]}, b: {type: string}}}
    """)
    assert brief(partner.validate('{"kind": "b", "b": 1}')) == [("type", "/b", "error")]
    assert brief(partner.validate('{"kind": "b"}')) == [("required", "", "error")]
    assert partner.validate('{"kind": "b"}')[0].message == "`b` is missing"


def test_alternatives_that_differ_in_type_only_become_one_problem(partner_of: Any) -> None:
    partner = partner_of("Thing: {anyOf: [{type: string}, {type: integer}]}")
    (problem,) = partner.validate("[1]")
    assert (problem.code, problem.message) == (
        "type",
        "this is an array of 1 element; the contract wants a string or an integer",
    )


def test_lists_of_values_of_several_alternatives_become_one_list(partner_of: Any) -> None:
    partner = partner_of("Thing: {anyOf: [{enum: [a, b]}, {enum: [c]}]}")
    (problem,) = partner.validate('"d"')
    assert (problem.code, problem.expected) == ("enum", '"a", "b" or "c"')


def test_a_condition_names_what_is_missing_and_not_the_condition(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          type: object
          properties: {op: {type: string}, id: {type: string}}
          anyOf:
            - not: {required: [op], properties: {op: {enum: [update]}}}
            - required: [id]
    """)
    assert partner.validate('{"op": "create"}') == []
    (problem,) = partner.validate('{"op": "update"}')
    assert (problem.code, problem.message) == ("required", "`id` is missing")


def test_a_discriminator_decides_which_branch_was_meant(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
          discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog'}}
        Cat: {type: object, required: [kind], properties: {kind: {enum: [cat]}}}
        Dog:
          type: object
          required: [kind, name, age]
          properties: {kind: {enum: [dog]}, name: {type: string}, age: {type: integer}}
    """)
    assert [p.message for p in partner.validate('{"kind": "dog"}')] == ["`name` is missing", "`age` is missing"]


def test_a_value_that_fits_too_many_alternatives_is_said_to(partner_of: Any) -> None:
    partner = partner_of("Thing: {oneOf: [{type: integer}, {type: number}]}")
    assert brief(partner.validate("1")) == [("one-of", "", "error")]


def test_a_value_of_the_wrong_type_is_not_also_said_to_be_unlisted(partner_of: Any) -> None:
    partner = partner_of("Thing: {type: string, enum: [a, b]}")
    assert brief(partner.validate("1")) == [("type", "", "error")]


# Words


WORDS = """
Thing:
  type: object
  additionalProperties: false
  properties:
    amount: {type: number}
    count: {type: integer, format: int32}
    flag: {type: boolean}
    list: {type: array, items: {type: string}, minItems: 2, uniqueItems: true}
    name: {type: string, maxLength: 3}
    when: {type: string, format: date-time}
"""


@pytest.mark.parametrize(
    ("text", "code", "message", "fix"),
    [
        ('{"amount": "12.5"}', "type", '"12.5" is a string; the contract wants a number', "send 12.5 without quotes"),
        ('{"flag": "true"}', "type", '"true" is a string; the contract wants a boolean', "send true without quotes"),
        ('{"name": 5}', "type", "5 is an integer; the contract wants a string", 'send "5" with quotes'),
        (
            '{"name": null}',
            "type",
            "this is null; the contract wants a string",
            "send a value, or leave the member out where it is optional",
        ),
        (
            '{"list": {"a": 1}}',
            "type",
            "this is an object with 1 member; the contract wants an array",
            "put the object into an array: [{…}]",
        ),
        ('{"name": "abcd"}', "max-length", '"abcd" has 4; the contract wants at most 3 characters', None),
        ('{"list": ["a"]}', "min-items", "the array has 1; the contract wants at least 2 elements", None),
        ('{"list": ["a", "a"]}', "unique-items", "the array holds equal elements", None),
        ('{"count": 2147483648}', "format", "2147483648 is not an integer of 32 bits", None),
        (
            '{"when": "today"}',
            "format",
            '"today" is not a date and time with an offset, such as 2026-01-31T09:30:00Z',
            None,
        ),
        ('{"Name": "a"}', "unknown-property", "`Name` is not in the contract; did you mean `name`?", None),
        ('{"amuont": 1}', "unknown-property", "`amuont` is not in the contract; did you mean `amount`?", None),
    ],
)
def test_a_problem_says_what_is_wrong_and_how_to_fix_it(
    partner_of: Any, text: str, code: str, message: str, fix: str | None
) -> None:
    (problem,) = partner_of(WORDS).validate(text)
    assert (problem.code, problem.message) == (code, message)
    assert problem.fix is not None
    assert fix is None or problem.fix == fix


def test_a_missing_member_is_recognised_under_a_similar_name(partner_of: Any) -> None:
    partner = partner_of("Thing: {type: object, required: [cart_id], properties: {cart_id: {type: string}}}")
    (problem,) = partner.validate('{"cartId": "1"}')
    assert problem.fix == "rename `cartId` to `cart_id`"


def test_long_and_dangerous_texts_are_shown_short_and_escaped(partner_of: Any) -> None:
    partner = partner_of("Thing: {type: integer}")
    (problem,) = partner.validate(
        json.dumps("\x1b[31m\u202e" + "x" * 500, ensure_ascii=False).replace("\\u001b", "\\u001b")
    )
    assert len(problem.message) < 200
    assert problem.message.isprintable()


def test_secrets_are_never_shown(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          type: object
          properties:
            cardNumber: {type: string, pattern: '^[0-9]+$', x-secret: true}
            pins: {type: array, items: {type: string, x-secret: true}}
            login: {$ref: '#/components/schemas/Password'}
        Password: {type: string, minLength: 50, x-secret: true}
    """)
    secrets = ("4111x", 987654, "hunter2")
    text = json.dumps({"cardNumber": secrets[0], "pins": [secrets[1]], "login": secrets[2]})
    problems = partner.validate(text)
    assert brief(problems) == [
        ("pattern", "/cardNumber", "error"),
        ("type", "/pins/0", "error"),
        ("min-length", "/login", "error"),
    ]
    shown = repr([(p.message, p.expected, p.actual, p.fix) for p in problems])
    assert [secret for secret in secrets if str(secret) in shown] == []
    assert {p.actual for p in problems} == {"•••"}


# Places


def test_problems_stand_in_the_order_of_the_document_whatever_the_order_of_the_contract(partner_of: Any) -> None:
    partner = partner_of(WORDS)
    text = '{"when": 1, "list": [1, 2], "amount": "x"}'
    expected = ["/when", "/list/0", "/list/1", "/amount"]
    assert [p.pointer for p in partner.validate(text)] == expected
    assert [p.pointer for p in partner.validate(json.loads(text))] == expected


def test_places_count_lines_and_code_points_and_values_have_none(partner_of: Any) -> None:
    partner = partner_of(WORDS)
    text = '{\r\n\t"name": "😀", "amount": "x"}'
    (problem,) = partner.validate(text.encode())
    assert (problem.line, problem.column) == (2, 25)
    (same,) = partner.validate(text)
    assert same == problem
    (without,) = partner.validate(json.loads(text))
    assert without == replace(problem, line=None, column=None)


def test_a_problem_is_the_same_pickled_replaced_and_compared(partner_of: Any) -> None:
    partner = partner_of(WORDS)
    (first,), (second,) = partner.validate('{"name": 5}'), partner.validate('{"name": 5}')
    assert pickle.loads(pickle.dumps(first)) == second  # noqa: S301 - our own bytes
    assert hash(first) == hash(second)
    assert replace(first, file="x").message == second.message
    with pytest.raises(AttributeError):
        _ = first.nothing
    with pytest.raises(AttributeError):
        first.code = "other"


# Payloads


@pytest.mark.parametrize(
    "payload", [{"amount": 1.5}, b'{"amount": 1.5}', '{"amount": 1.5}', {"amount": Decimal("1.5")}]
)
def test_payloads_may_be_text_or_values(partner_of: Any, payload: Any) -> None:
    assert partner_of(WORDS).validate(payload) == []
    assert partner_of(WORDS).validate(bytearray(b'{"amount": 1}')) == []


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), 10**1000, Decimal("1E+400")])
def test_a_number_out_of_range_is_a_problem_also_in_a_value(partner_of: Any, number: Any) -> None:
    assert brief(partner_of(WORDS).validate({"amount": number})) == [("number-out-of-range", "/amount", "error")]


def test_a_value_that_is_not_json_is_a_usage_error(partner_of: Any) -> None:
    with pytest.raises(UsageError, match="set at /name is no JSON value"):
        partner_of(WORDS).validate({"name": {1}})
    with pytest.raises(UsageError, match="is not a string"):
        partner_of(WORDS).validate({1: 2})


def test_a_payload_nested_too_deep_is_a_problem(partner_of: Any) -> None:
    value: Any = 1
    for _ in range(300):
        value = [value]
    assert {p.code for p in partner_of(WORDS).validate({"name": value})} == {"too-deep"}


# What was asked for


def test_unknown_operations_messages_statuses_and_levels_are_usage_errors() -> None:
    partner = orderbridge.partner("unisouk")
    with pytest.raises(UnknownOperationError, match="createOrder"):
        partner.validate(b"{}", operation="createOder")
    with pytest.raises(UnknownOperationError, match="message"):
        partner.validate(b"{}", message="replies")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(UnknownOperationError, match="status '299'"):
        partner.validate(b"{}", message="response", status=299)
    with pytest.raises(UnknownOperationError, match="level"):
        partner.validate(b"{}", level="sure")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="takes no body"):
        partner.validate(b"{}", operation="getOrder")


def test_a_response_without_a_body_cannot_be_checked(partner_of: Any) -> None:
    with pytest.raises(UsageError, match="no JSON body"):
        partner_of("Thing: {}").validate(b"1", message="response", status=204)


def test_validators_are_compiled_once() -> None:
    partner = orderbridge.partner("unisouk")
    assert partner.validator() is partner.validator(operation="createOrder", status=None)
    assert partner.validator() is not partner.validator(level="inferred")


def test_an_integer_format_is_weighed_and_placed_as_the_format_that_was_written(partner_of: Any) -> None:
    partner = partner_of("""
        Thing:
          type: integer
          minimum: 0
          format: int32
          x-evidence: {default: seed, format: inferred}
    """)
    (problem,) = partner.validate("1099511627776")
    assert (problem.code, problem.severity, problem.evidence) == ("format", "warning", "inferred")
    assert problem.schema_pointer == "/components/schemas/Thing/format"
    (problem,) = partner.validate("-1")
    assert (problem.code, problem.schema_pointer) == ("minimum", "/components/schemas/Thing/minimum")


def test_each_of_several_missing_members_keeps_its_own_weight(partner_of: Any) -> None:
    # An alternative that fails in the same message makes the level's own rules be asked as well.
    partner = partner_of("""
        Thing:
          type: object
          x-evidence: {default: seed, required: {b: inferred}}
          required: [a, b, c]
          properties: {a: {type: string}, b: {type: string}, c: {type: string}, d: {$ref: '#/components/schemas/Mixed'}}
        Mixed:
          x-evidence: documented
          not: {type: string, pattern: '^x', x-evidence: {default: documented, pattern: inferred}}
    """)
    assert brief(partner.validate('{"d": "abc"}')) == [
        ("required", "", "error"),
        ("required", "", "warning"),
        ("required", "", "error"),
        ("not-allowed", "/d", "error"),
    ]


def test_a_value_of_another_type_is_no_second_problem_for_not_being_listed(partner_of: Any) -> None:
    partner = partner_of("Thing: {type: array, items: {type: string, enum: [a, b]}}")
    found = brief(partner.validate('[1, "c", "a", null]'))
    assert found == [("type", "/0", "error"), ("enum", "/1", "error"), ("type", "/3", "error")]


def test_four_times_as_many_faults_take_four_times_the_work(partner_of: Any) -> None:
    validator = partner_of("Thing: {type: array, items: {type: string, enum: [a, b]}}").validator()

    def calls(size: int) -> int:
        """Count the calls that it takes to find the faults of a list in which every value has two."""
        counted = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal counted
            counted += event in {"call", "c_call"}

        sys.setprofile(count)
        try:
            found = validator.check_value([5] * size)
        finally:
            sys.setprofile(None)
        assert len(found) == size
        return counted

    calls(1)  # what is compiled once
    assert calls(800) < 5 * calls(200)


def test_a_weak_bound_does_not_hide_a_stronger_integer_format(partner_of: Any) -> None:
    partner = partner_of("""
        Thing: {type: integer, format: int32, maximum: 10, x-evidence: {default: documented, maximum: inferred}}
    """)
    assert brief(partner.validate("11")) == [("maximum", "", "warning")]
    assert brief(partner.validate("4294967296")) == [("maximum", "", "warning"), ("format", "", "error")]
