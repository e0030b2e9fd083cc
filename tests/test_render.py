"""What each output format writes, compared whole."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import referencing
from hypothesis import given
from hypothesis import strategies as st

import orderbridge.render
from orderbridge.errors import UsageError
from orderbridge.problem import CODES, LEVELS, Code, Problem
from orderbridge.render import codes, excerpt, junit, partners
from orderbridge.render.excerpt import CUT, MASK, WIDTH, Source
from orderbridge.render.formats import RENDERERS
from orderbridge.render.machine import KEYS, compact, problem_json
from orderbridge.render.printable import encodable, printable, width
from orderbridge.render.report import Checked, LintSubject, Subject, Totals
from orderbridge.render.sarif import uri
from orderbridge.render.wording import headline, totals_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderbridge.render.report import Topic

SUBJECT = Subject("unisouk", "createOrder", "request")
ORDER = '{\n  "buyerInfo": {\n    "pincode": "380001",\n    "card": "4111"\n  }\n}\n'
TYPE = Problem(
    code="type",
    message='"380001" is a string; the contract wants a number',
    pointer="/buyerInfo/pincode",
    evidence="seed",
    schema_pointer="/components/schemas/BuyerInfo/properties/pincode/type",
    expected="number",
    actual="string",
    fix="send 380001 without quotes",
    line=3,
    column=16,
)
UNKNOWN = Problem(
    code="unknown-property",
    message="`card` is not in the contract",
    pointer="/buyerInfo/card",
    severity="warning",
    evidence="inferred",
    line=4,
    column=13,
)
WHOLE = Problem(code="empty", message="the file is empty")

ONE = Checked("o.json", problems=(TYPE, UNKNOWN), text=ORDER)
CLEAN = Checked("fine.json", text="{}")
RECORD = Checked("many.ndjson", 7, (Problem("enum", "`x` is not a currency", "/c", line=9, column=6),), '{"c": "x"}\n')

TWO_CODES = {
    "type": Code("Wrong type", "The value has | another type.", "Send the {right} type."),
    "enum": Code("Not in the list", "Only listed values are understood.", "Use a listed value."),
}

HOSTILE = Problem(
    code="pattern",
    message="a\x1b[31m\r\n::error::x, [click](https://evil.example) {0} 100% \x9b \u202e <b>&\"'",
    pointer="/\x1b]0;title\x07",
    line=1,
    column=1,
    fix="line\nbreak\ufffe",
)


def report(name: str, *documents: Checked, topic: Topic = SUBJECT, color: bool = False) -> str:
    renderer = RENDERERS[name](color=color, version="1.2.3")
    totals = Totals()
    pieces = list(renderer.start(topic))
    for document in documents:
        pieces += renderer.document(document)
        totals = totals.plus(document)
    return "".join([*pieces, *renderer.end(totals)])


def caret(text: str, line: int, column: int, *, secrets: Iterable[str] = (), single: bool = False) -> str:
    shown = Source.of(text, frozenset(secrets), single=single).excerpt(line, column)
    assert shown is not None
    return f"{shown.line}\n{' ' * shown.caret}^"


@pytest.fixture
def two_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(CODES):
        monkeypatch.delitem(CODES, name)
    for name, code in TWO_CODES.items():
        monkeypatch.setitem(CODES, name, code)


# Text


def test_text_shows_place_excerpt_and_fix() -> None:
    assert report("text", ONE, CLEAN) == (
        'o.json:3:16: error type at /buyerInfo/pincode: "380001" is a string; the contract wants a number\n'
        '        "pincode": "380001",\n'
        "                   ^\n"
        "  fix: send 380001 without quotes\n"
        "o.json:4:13: warning unknown-property at /buyerInfo/card: `card` is not in the contract\n"
        '        "card": "4111"\n'
        "                ^\n"
        "2 documents checked: 1 valid, 1 invalid, 2 problems (1 error, 1 warning)\n"
    )


def test_text_shows_a_record_at_its_line_of_the_file() -> None:
    assert report("text", RECORD) == (
        "many.ndjson:9:6: error enum at /c: `x` is not a currency\n"
        '    {"c": "x"}\n'
        "         ^\n"
        "1 document checked: 0 valid, 1 invalid, 1 problem (1 error)\n"
    )


def test_text_without_a_place_names_the_file_and_the_record() -> None:
    documents = (Checked("a.json", problems=(WHOLE,)), Checked("b.ndjson", 3, (WHOLE,)))
    assert report("text", *documents) == (
        "a.json: error empty at (root): the file is empty\n"
        "b.ndjson: record 3: error empty at (root): the file is empty\n"
        "2 documents checked: 0 valid, 2 invalid, 2 problems (2 errors)\n"
    )


def test_text_masks_secrets_in_the_excerpt() -> None:
    checked = Checked("o.json", problems=(UNKNOWN,), text=ORDER, secrets=frozenset({"card"}))
    assert report("text", checked).splitlines()[1:3] == [f'        "card": {MASK}', "                ^"]


def test_text_keeps_what_acts_on_a_terminal_from_acting() -> None:
    text = report("text", Checked("a\x1b\n.json", problems=(HOSTILE,), text='"\x1b[2J\u202e"'))
    assert text == (
        "a\\u001b\\n.json:1:1: error pattern at /\\u001b]0;title\\u0007: "
        "a\\u001b[31m\\r\\n::error::x, [click](https://evil.example) {0} 100% \\u009b \\u202e <b>&\"'\n"
        '    "\\u001b[2J\\u202e"\n'
        "    ^\n"
        "  fix: line\\nbreak\\ufffe\n"
        "1 document checked: 0 valid, 1 invalid, 1 problem (1 error)\n"
    )


def test_text_has_colours_only_when_asked() -> None:
    def codes_of(color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m"

    place, error = codes_of("1", "o.json:3:16:"), codes_of("1;31", "error")
    where = codes_of("36", "/buyerInfo/pincode")
    assert report("text", Checked("o.json", problems=(TYPE,), text=ORDER), color=True) == (
        f'{place} {error} {codes_of("1", "type")} at {where}: "380001" is a string; the contract wants a number\n'
        '        "pincode": "380001",\n'
        f"                   {codes_of('1;31', '^')}\n"
        f"  {codes_of('32', 'fix:')} send 380001 without quotes\n"
        f"{codes_of('1;31', '1 document checked: 0 valid, 1 invalid, 1 problem (1 error)')}\n"
    )
    assert report("text", CLEAN, color=True).startswith("\x1b[1;32m")
    assert report("text", Checked("o.json", problems=(UNKNOWN,)), color=True).endswith("(1 warning)\x1b[0m\n")
    assert "\x1b" not in report("text", ONE)


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        (Totals(), "0 documents checked: 0 valid, 0 invalid, no problems"),
        (Totals(1, 1), "1 document checked: 1 valid, 0 invalid, no problems"),
        (Totals(1, 1, 0, 1), "1 document checked: 1 valid, 0 invalid, 1 problem (1 warning)"),
        (Totals(3, 2, 3, 1), "3 documents checked: 2 valid, 1 invalid, 4 problems (3 errors, 1 warning)"),
    ],
)
def test_totals_are_said_in_the_right_number(totals: Totals, sentence: str) -> None:
    assert totals_sentence(totals) == sentence


def test_a_document_with_warnings_only_is_valid() -> None:
    warned = Checked("o.json", problems=(UNKNOWN,))
    assert (warned.valid, ONE.valid, CLEAN.valid) == (True, False, True)
    assert Totals().plus(warned).plus(ONE).plus(CLEAN) == Totals(checked=3, valid=2, errors=1, warnings=2)


# Excerpts


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = f'{"a" * 500}"x"{"b" * 500}'
    line, mark = caret(text, 1, 501).split("\n")
    assert line == f'{CUT}{"a" * 50}"x"{"b" * 47}{CUT}'
    assert line[len(mark) - 1] == '"'


def test_a_line_is_cut_only_where_it_is_too_long() -> None:
    assert caret("x" * WIDTH, 1, 1) == f"{'x' * WIDTH}\n^"
    assert caret("x" * 101, 1, 1) == f"{'x' * WIDTH}{CUT}\n^"
    assert caret("x" * 101, 1, 101) == f"{CUT}{'x' * WIDTH}\n{' ' * WIDTH}^"


def test_tabs_and_wide_and_combining_characters_keep_the_caret_in_place() -> None:
    assert caret('\t"b": 1', 1, 7) == '    "b": 1\n         ^'
    assert caret('{"東京": 1}', 1, 8) == '{"東京": 1}\n         ^'
    assert caret('{"e\u0301": 1}', 1, 8) == '{"e\u0301": 1}\n      ^'
    assert caret('"\u200b" 1', 1, 5) == '"\\u200b" 1\n         ^'


def test_a_line_of_wide_characters_is_measured_in_cells() -> None:
    shown = Source.of("東" * 300).excerpt(1, 150)
    assert shown is not None
    assert (width(shown.line), shown.caret) == (WIDTH + 2 * width(CUT), WIDTH // 2 + width(CUT))


def test_secrets_move_the_caret() -> None:
    secrets = ["pin"]
    assert caret('{"pin": "12345678", "a": 1}', 1, 26, secrets=secrets) == f'{{"pin": {MASK}, "a": 1}}\n{" " * 18}^'
    assert caret('{"pin": "12345678", "a": 1}', 1, 12, secrets=secrets) == f'{{"pin": {MASK}, "a": 1}}\n{" " * 8}^'


def test_a_secret_longer_than_the_window_shows_nothing_of_itself() -> None:
    text = f'{{"pin": "{"7" * 900}", "a": 1}}'
    for column in (1, 9, 10, 500, 908, 909, 910, 911, len(text), len(text) + 1):
        assert "7" not in caret(text, 1, column, secrets=["pin"])


def test_a_secret_over_several_lines_is_hidden_on_each() -> None:
    text = '{"card": {\n  "no": 41,\n  "cvv": 7}, "a": 1}'
    assert caret(text, 2, 9, secrets=["card"]) == f"{MASK}\n^"
    assert caret(text, 3, 19, secrets=["card"]) == f'{MASK}, "a": 1}}\n          ^'


@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=400), data=st.data())
def test_the_caret_stands_under_the_character(text: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(text)))
    line, mark = caret(text, 1, column).split("\n")
    assert line[len(mark) - 1] == text[column - 1]


def test_windows_line_ends_are_not_shown() -> None:
    assert caret('{\r\n"a": 1\r\n}', 2, 6) == '"a": 1\n     ^'
    assert caret('{"a": 1}\r\n', 1, 7, single=True) == '{"a": 1}\n      ^'


def test_the_end_of_the_text_is_a_place() -> None:
    assert caret('{"a"', 1, 5) == '{"a"\n    ^'
    assert caret('{"a"', 1, 99) == '{"a"\n    ^'


def test_there_is_no_excerpt_where_nothing_is_to_be_seen() -> None:
    source = Source.of("{\n\n}\n")
    assert [source.excerpt(line, 1) is None for line in (0, 1, 2, 3, 4, 5)] == [True, False, True, False, True, True]


@given(
    text=st.text(st.sampled_from('a"\\ \t\x00\x1b\u202e\ud800東é\u0301😀\n')),
    line=st.integers(1, 4),
    column=st.integers(1, 300),
    repeat=st.sampled_from([1, 90]),
)
def test_every_excerpt_is_printable_and_fits(text: str, line: int, column: int, repeat: int) -> None:
    shown = Source.of(text * repeat).excerpt(line, column)
    if shown is None:
        return
    assert shown.line.isprintable()
    assert width(shown.line) <= WIDTH + 2 * width(CUT)
    assert 0 <= shown.caret <= width(shown.line)


def test_many_secrets_and_problems_in_one_line_take_linear_time() -> None:
    text = "[" + ", ".join(['{"pin": 1234}'] * 20_000) + "]"
    source = Source.of(text, frozenset({"pin"}))
    for column in range(1, len(text), 50):
        shown = source.excerpt(1, column)
        assert shown is not None
        assert "1234" not in shown.line


# JSON


def test_a_problem_has_the_documented_members_in_order() -> None:
    assert json.dumps(problem_json(TYPE)) == (
        '{"code": "type", "severity": "error", "evidence": "seed", "file": null, "record": null, "line": 3, '
        '"column": 16, "pointer": "/buyerInfo/pincode", '
        '"schema_pointer": "/components/schemas/BuyerInfo/properties/pincode/type", '
        '"message": "\\"380001\\" is a string; the contract wants a number", "expected": "number", '
        '"actual": "string", "fix": "send 380001 without quotes"}'
    )


def test_every_member_of_a_problem_is_written() -> None:
    assert sorted(KEYS) == sorted(name for name in Problem.__dataclass_fields__ if not name.startswith("_"))


JSON_TYPE = (
    '{"code":"type","severity":"error","evidence":"seed","file":"o.json","record":null,"line":3,"column":16,'
    '"pointer":"/buyerInfo/pincode","schema_pointer":"/components/schemas/BuyerInfo/properties/pincode/type",'
    '"message":"\\"380001\\" is a string; the contract wants a number","expected":"number","actual":"string",'
    '"fix":"send 380001 without quotes"}'
)
JSON_UNKNOWN = (
    '{"code":"unknown-property","severity":"warning","evidence":"inferred","file":"o.json","record":null,"line":4,'
    '"column":13,"pointer":"/buyerInfo/card","schema_pointer":null,"message":"`card` is not in the contract",'
    '"expected":null,"actual":null,"fix":null}'
)
JSON_ENUM = (
    '{"code":"enum","severity":"error","evidence":null,"file":"many.ndjson","record":7,"line":9,"column":6,'
    '"pointer":"/c","schema_pointer":null,"message":"`x` is not a currency","expected":null,"actual":null,"fix":null}'
)


def test_json_is_one_object_with_a_problem_per_line() -> None:
    assert report("json", ONE, CLEAN, RECORD) == (
        '{"tool":"orderbridge","version":"1.2.3","partner":"unisouk","operation":"createOrder","message":"request",\n'
        f' "problems":[\n  {JSON_TYPE},\n  {JSON_UNKNOWN},\n  {JSON_ENUM}],\n'
        ' "checked":3,"valid":1,"invalid":2}\n'
    )


def test_json_of_nothing_wrong_has_an_empty_list() -> None:
    assert report("json", CLEAN, topic=LintSubject(("fabric", "unisouk"))) == (
        '{"tool":"orderbridge","version":"1.2.3","partners":["fabric","unisouk"],\n'
        ' "problems":[],\n'
        ' "checked":1,"valid":1,"invalid":0}\n'
    )


def test_ndjson_is_a_line_per_document() -> None:
    assert report("ndjson", ONE, CLEAN, RECORD) == (
        f'{{"file":"o.json","record":null,"valid":false,"problems":[{JSON_TYPE},{JSON_UNKNOWN}]}}\n'
        '{"file":"fine.json","record":null,"valid":true,"problems":[]}\n'
        f'{{"file":"many.ndjson","record":7,"valid":false,"problems":[{JSON_ENUM}]}}\n'
    )


def test_json_escapes_the_controls_that_json_lets_stand() -> None:
    assert compact({"a": "\x7f\x9b\x1b"}) == '{"a":"\\u007f\\u009b\\u001b"}'


# GitHub


def test_github_commands_carry_place_code_pointer_and_fix() -> None:
    assert report("github", ONE, Checked("a.json", problems=(WHOLE,)), CLEAN) == (
        '::error file=o.json,line=3,col=16,title=type::"380001" is a string; the contract wants a number'
        "%0Aat /buyerInfo/pincode%0Afix: send 380001 without quotes\n"
        "::warning file=o.json,line=4,col=13,title=unknown-property::`card` is not in the contract"
        "%0Aat /buyerInfo/card\n"
        "::error file=a.json,title=empty::the file is empty%0Aat (root)\n"
    )


def test_github_commands_cannot_be_forged() -> None:
    assert report("github", Checked("a,b:c%\n.json", problems=(HOSTILE,))) == (
        "::error file=a%2Cb%3Ac%25\\n.json,line=1,col=1,title=pattern::"
        "a\\u001b[31m\\r\\n::error::x, [click](https://evil.example) {0} 100%25 \\u009b \\u202e <b>&\"'"
        "%0Aat /\\u001b]0;title\\u0007%0Afix: line\\nbreak\\ufffe\n"
    )


# SARIF


@pytest.mark.usefixtures("two_codes")
def test_sarif_lists_every_rule_and_points_into_the_text() -> None:
    properties = '{"partner":"unisouk","operation":"createOrder","message":"request","checked":2,"valid":0,"invalid":2}'
    assert report("sarif", Checked("a b/o.json", problems=(TYPE,)), RECORD) == (
        '{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",'
        '"version":"2.1.0","runs":[\n'
        ' {"tool":{"driver":{"name":"orderbridge","version":"1.2.3","rules":['
        '{"id":"enum","shortDescription":{"text":"Not in the list"},'
        '"fullDescription":{"text":"Only listed values are understood."},"help":{"text":"Use a listed value."}},'
        '{"id":"type","shortDescription":{"text":"Wrong type"},'
        '"fullDescription":{"text":"The value has | another type."},"help":{"text":"Send the {{right}} type."}}]}},'
        '"columnKind":"unicodeCodePoints","results":[\n'
        '  {"ruleId":"type","ruleIndex":1,"level":"error",'
        '"message":{"text":"\\"380001\\" is a string; the contract wants a number"},'
        '"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b/o.json"},'
        '"region":{"startLine":3,"startColumn":16}},'
        '"logicalLocations":[{"fullyQualifiedName":"/buyerInfo/pincode","kind":"value"}]}],'
        '"properties":{"evidence":"seed","schema_pointer":"/components/schemas/BuyerInfo/properties/pincode/type",'
        '"expected":"number","actual":"string","fix":"send 380001 without quotes"}},\n'
        '  {"ruleId":"enum","ruleIndex":0,"level":"error","message":{"text":"`x` is not a currency"},'
        '"locations":[{"physicalLocation":{"artifactLocation":{"uri":"many.ndjson"},'
        '"region":{"startLine":9,"startColumn":6}},'
        '"logicalLocations":[{"fullyQualifiedName":"/c","kind":"value"}]}],"properties":{"record":7}}],\n'
        f' "properties":{properties}}}]}}\n'
    )


def test_sarif_messages_have_no_links_and_no_placeholders() -> None:
    result = json.loads(report("sarif", Checked("o.json", problems=(HOSTILE,))))["runs"][0]["results"][0]
    assert "\\[click](https://evil.example) {{0}} 100%" in result["message"]["text"]


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("./a/../o.json", "o.json"),
        ("/tmp/ö.json", "file:///tmp/%C3%B6.json"),  # noqa: S108 - only a name
        ("a:b#?.json", "a%3Ab%23%3F.json"),
        ("\udcff.json", "%FF.json"),
        ("-", "-"),
    ],
)
def test_sarif_writes_file_names_as_uri_references(file: str, written: str) -> None:
    assert uri(file) == written


# What SARIF 2.1.0 requires of the members that are written, and nothing beyond them (its clauses 3.13 to 3.52).
SARIF_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "text": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "shortDescription": {"$ref": "#/$defs/text"},
                "fullDescription": {"$ref": "#/$defs/text"},
                "help": {"$ref": "#/$defs/text"},
            },
        },
        "location": {
            "type": "object",
            "required": ["physicalLocation"],
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "required": ["uri"],
                            "additionalProperties": False,
                            "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                        },
                        "region": {
                            "type": "object",
                            "required": ["startLine"],
                            "additionalProperties": False,
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "startColumn": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                },
                "logicalLocations": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": -1},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {"$ref": "#/$defs/text"},
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "properties": {"type": "object"},
            },
        },
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name"],
                            "additionalProperties": False,
                            "properties": {
                                "name": {"const": "orderbridge"},
                                "version": {"type": "string"},
                                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/rule"}},
                            },
                        }
                    },
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                "properties": {"type": "object"},
            },
        },
    },
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
}

SARIF = jsonschema.Draft202012Validator(SARIF_SCHEMA)


# JUnit


def test_junit_has_a_case_per_document() -> None:
    assert report("junit", ONE, CLEAN, RECORD) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="orderbridge">\n'
        '<testsuite name="unisouk createOrder request" tests="3" failures="2" errors="0" skipped="0">\n'
        '<testcase classname="unisouk.createOrder.request" name="o.json" file="o.json">\n'
        '<failure message="1 error: &quot;380001&quot; is a string; the contract wants a number" type="type">'
        "o.json:3:16: error type at /buyerInfo/pincode: &quot;380001&quot; is a string; the contract wants a number\n"
        "  fix: send 380001 without quotes</failure>\n"
        "<system-out>o.json:4:13: warning unknown-property at /buyerInfo/card: `card` is not in the contract"
        "</system-out>\n"
        "</testcase>\n"
        '<testcase classname="unisouk.createOrder.request" name="fine.json" file="fine.json"/>\n'
        '<testcase classname="unisouk.createOrder.request" name="many.ndjson record 7" file="many.ndjson">\n'
        '<failure message="1 error: `x` is not a currency" type="enum">'
        "many.ndjson:9:6: error enum at /c: `x` is not a currency</failure>\n"
        "</testcase>\n"
        "</testsuite>\n"
        "</testsuites>\n"
    )


def test_junit_names_the_status_and_a_lint_run() -> None:
    def suite(topic: Topic) -> str | None:
        return ET.fromstring(report("junit", topic=topic))[0].get("name")  # noqa: S314 - our own text

    assert suite(Subject("fabric", "createOrder", "response", "200")) == "fabric createOrder response 200"
    assert suite(LintSubject(("fabric",))) == "lint"


def test_junit_beyond_the_spool_is_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit, "SPOOL", 100)
    root = ET.fromstring(report("junit", *[ONE, CLEAN] * 1000))  # noqa: S314 - our own text
    assert [len(root[0]), root[0].get("tests"), root[0].get("failures")] == [2000, "2000", "1000"]


JUNIT_ELEMENTS: Mapping[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, {"testcase"}),
    "testcase": ({"classname", "name", "file"}, {"failure", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
"""The part of the JUnit format in use: the attributes and the children of each element."""


def check_junit(text: str) -> None:
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = JUNIT_ELEMENTS[element.tag]
        assert set(element.keys()) == attributes
        assert {child.tag for child in element} <= children
    (suite,) = root
    assert suite.get("tests") == str(len(suite))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert all(len(case.findall(name)) <= 1 for case in suite for name in ("failure", "system-out"))


# All formats


SCHEMAS = Path(orderbridge.render.__path__[0], "schemas")


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    def load(file: str) -> referencing.Resource[Any]:
        return referencing.Resource.from_contents(json.loads((SCHEMAS / file).read_text("utf-8")))

    registry: referencing.Registry[Any] = referencing.Registry(retrieve=load)  # type: ignore[call-arg] # attrs alias
    return jsonschema.Draft202012Validator({"$ref": name}, registry=registry)


def lines_of(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def check_output(name: str, text: str) -> None:
    match name:
        case "json":
            validator("validate.schema.json").validate(json.loads(text))
        case "ndjson":
            for line in lines_of(text):
                validator("validate-ndjson.schema.json").validate(line)
        case "sarif":
            SARIF.validate(json.loads(text))
        case "junit":
            check_junit(text)
        case "github":
            assert all(line.startswith(("::error ", "::warning ")) for line in text.splitlines())
        case _:
            assert text.splitlines()[-1].split()[1].startswith("document")


ANY_TEXT = st.text(st.characters() | st.sampled_from('\x1b\r\n\ud800\ufffe:,%<&"{[]('), max_size=30)
PROBLEMS = st.builds(
    Problem,
    code=st.sampled_from(["type", "enum", "never-heard-of"]),
    message=ANY_TEXT.map(lambda text: f"m{text}"),
    pointer=ANY_TEXT.map(lambda text: text and f"/{text}"),
    severity=st.sampled_from(["error", "warning"]),
    evidence=st.none() | st.sampled_from(LEVELS),
    expected=st.none() | ANY_TEXT,
    fix=st.none() | ANY_TEXT,
    line=st.none() | st.integers(1, 5),
    column=st.integers(1, 30),
)
DOCUMENTS = st.builds(
    Checked,
    file=ANY_TEXT.filter(bool),
    record=st.none() | st.integers(1, 5),
    problems=st.lists(PROBLEMS, max_size=3).map(tuple),
    text=st.none() | ANY_TEXT,
)


@pytest.mark.parametrize("name", RENDERERS)
@given(documents=st.lists(DOCUMENTS, max_size=3))
def test_every_output_is_well_formed_whatever_the_problems_say(name: str, documents: list[Checked]) -> None:
    text = report(name, *documents)
    assert text.encode("utf-8").decode("utf-8") == text
    assert "\x1b" not in text
    assert "\x9b" not in text
    check_output(name, text)


@pytest.mark.parametrize("name", RENDERERS)
def test_formats_that_do_not_want_clean_documents_show_nothing_of_them(name: str) -> None:
    renderer = RENDERERS[name]()
    list(renderer.start(SUBJECT))
    shown = "".join([*renderer.document(CLEAN), *renderer.end(Totals(checked=1, valid=1))])
    assert ("fine.json" in shown) == renderer.wants_clean


@pytest.mark.parametrize("name", ["json", "ndjson", "sarif", "github", "text"])
def test_problems_are_written_as_they_come(name: str) -> None:
    renderer = RENDERERS[name]()
    list(renderer.start(SUBJECT))
    assert [bool(list(renderer.document(document))) for document in (ONE, RECORD, ONE)] == [True] * 3


def test_lint_output_keeps_its_schema() -> None:
    validator("lint.schema.json").validate(json.loads(report("json", ONE, CLEAN, topic=LintSubject(("fabric",)))))


def test_every_schema_is_a_schema() -> None:
    names = sorted(path.name for path in SCHEMAS.iterdir())
    assert names == [
        "audit-ndjson.schema.json",
        "audit.schema.json",
        "lint.schema.json",
        "matrix.schema.json",
        "partners.schema.json",
        "problem.schema.json",
        "ticket.schema.json",
        "translate-headers-ndjson.schema.json",
        "translate-reject.schema.json",
        "translate-report-ndjson.schema.json",
        "translate-report.schema.json",
        "translate-ticket-ndjson.schema.json",
        "validate-ndjson.schema.json",
        "validate.schema.json",
    ]
    for name in names:
        jsonschema.Draft202012Validator.check_schema(json.loads((SCHEMAS / name).read_text("utf-8")))


def test_the_schema_of_a_problem_is_the_problem() -> None:
    schema = json.loads((SCHEMAS / "problem.schema.json").read_text("utf-8"))
    assert (tuple(schema["properties"]), tuple(schema["required"])) == (KEYS, KEYS)
    assert schema["properties"]["evidence"]["enum"] == [*LEVELS, None]


def test_formats_import_nothing_heavy() -> None:
    script = (
        "import sys; from orderbridge.render import codes, formats, partners;"
        "print(*sorted({'rich', 'tempfile', 'urllib.request', 'xml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


# Printable text


def test_printable_text_is_left_alone() -> None:
    assert printable("東京 é 😀 \\n •") == "東京 é 😀 \\n •"
    assert printable("\n\r\t\b\f\x00\x9b\u2028\ud800\U000e0001") == (
        "\\n\\r\\t\\b\\f\\u0000\\u009b\\u2028\\ud800\\U000e0001"
    )


def test_undecodable_file_names_can_be_written() -> None:
    assert encodable("a\udcff") == "a\\udcff"


# Partners


ROWS = (
    partners.PartnerRow("fabric", "Fabric OMS", "1.0.0", ("createOrder", "getOrder"), 12, "/lib/fabric", built_in=True),
    partners.PartnerRow("six", "東京", "v2", ("createOrder",), 3, "contracts/six", built_in=False),
)


def test_partners_are_shown_in_columns() -> None:
    assert partners.text(ROWS) == (
        "PARTNER  VERSION  EXAMPLES  FROM           TITLE       OPERATIONS\n"
        "fabric   1.0.0    12        built-in       Fabric OMS  createOrder, getOrder\n"
        "six      v2       3         contracts/six  東京        createOrder\n"
    )
    assert partners.text(()) == "PARTNER  VERSION  EXAMPLES  FROM  TITLE  OPERATIONS\n"


def test_partners_are_written_as_json() -> None:
    text = "".join(partners.json(ROWS, version="1.2.3"))
    assert text == (
        '{"tool":"orderbridge","version":"1.2.3","partners":[\n'
        ' {"name":"fabric","title":"Fabric OMS","version":"1.0.0","operations":["createOrder","getOrder"],'
        '"examples":12,"source":"/lib/fabric","built_in":true},\n'
        ' {"name":"six","title":"東京","version":"v2","operations":["createOrder"],'
        '"examples":3,"source":"contracts/six","built_in":false}]}\n'
    )
    validator("partners.schema.json").validate(json.loads(text))
    assert "".join(partners.json(())) == '{"tool":"orderbridge","version":"","partners":[]}\n'


# Codes


@pytest.mark.usefixtures("two_codes")
def test_explain_says_what_why_and_how() -> None:
    assert codes.explain("type") == (
        "type: Wrong type\n\nThe value has | another type.\n\nFix: Send the {right} type.\n"
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("enumm", "there is no problem code 'enumm'; did you mean 'enum'?"),
        ("zzz", "there is no problem code 'zzz'; docs/problems.md lists all of them"),
    ],
)
@pytest.mark.usefixtures("two_codes")
def test_explain_of_an_unknown_code_names_the_nearest(code: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        codes.explain(code)
    assert str(caught.value) == message


@pytest.mark.usefixtures("two_codes")
def test_the_page_of_codes_is_alphabetical_with_anchors() -> None:
    preface, _, rest = codes.markdown().partition("\n| code")
    assert preface.startswith("# Problem codes\n")
    assert rest == (
        " | meaning |\n"
        "|---|---|\n"
        "| [`enum`](#enum) | Not in the list |\n"
        "| [`type`](#type) | Wrong type |\n"
        "\n"
        "## enum\n\n**Not in the list**\n\nOnly listed values are understood.\n\n*Fix:* Use a listed value.\n"
        "\n"
        "## type\n\n**Wrong type**\n\nThe value has | another type.\n\n*Fix:* Send the {right} type.\n"
    )


def test_headline_is_the_one_line_of_text_output() -> None:
    (problem, *_) = ONE.placed()
    assert headline(problem) == report("text", ONE).splitlines()[0]


def test_the_mask_is_the_one_that_messages_use() -> None:
    assert excerpt.MASK == "•••"


def test_placing_a_problem_is_replacing_its_place() -> None:
    (problem, *_) = ONE.problems
    assert problem.placed(file="f", record=3, line=9) == replace(problem, file="f", record=3, line=9)
    assert problem.placed() == problem
