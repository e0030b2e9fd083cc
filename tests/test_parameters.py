"""Parameters: texts of path, query, headers and cookies as values, and what is wrong with them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.loading import load
from orderbridge.validation.parameters import ABSENT, ParameterCheck, check_parameters, decode

if TYPE_CHECKING:
    from pathlib import Path

    from orderbridge.contract.contract import Contract

INTS = {"type": "array", "items": {"type": "integer"}}
TEXTS = {"type": "array", "items": {"type": "string"}}
RGB = {"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "n": {"type": "string"}}}
DEEP = {
    "type": "object",
    "properties": {"a": {"type": "object", "additionalProperties": {"type": "boolean"}}, "l": INTS},
}
INT, TEXT, BOTH = {"type": "integer"}, {"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}


NODE = {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/Node"}}}


def contract_of(folder: Path, *parameters: dict[str, Any]) -> Contract:
    in_path = [each for each in parameters if each["in"] == "path"]
    declared = [{**each, "required": True} if each in in_path else each for each in parameters]
    template = "".join(f"/{{{each['name']}}}" for each in in_path)
    operation = {"operationId": "op", "parameters": declared, "responses": {"200": {"description": "d"}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Test", "version": "1"},
        "paths": {f"/x{template}": {"get": operation}},
        "components": {"schemas": {"Node": NODE}},
    }
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path, "test")


def decoded(folder: Path, form: dict[str, Any], raw: str) -> Any:
    given = {key: value for key, value in form.items() if value is not None}
    contract = contract_of(folder, {"name": "p", **given})
    return decode(contract.operations["op"].parameters[0], raw, contract.document)


CASES: list[tuple[str, str | None, bool | None, Any, str, Any]] = [
    ("path", None, None, TEXT, "a%20b", "a b"),
    ("path", None, None, INT, "5", 5),
    ("path", None, None, INT, "05", "05"),
    ("path", None, None, INT, "5.0", Decimal("5.0")),
    ("path", None, None, INT, "x", "x"),
    ("path", None, None, INT, "9" * 30, int("9" * 30)),
    ("path", None, None, {"type": "number"}, "1.10", Decimal("1.10")),
    ("path", None, None, {"type": "number"}, "1e400", "1e400"),
    ("path", None, None, {"type": "boolean"}, "true", True),
    ("path", None, None, {"type": "boolean"}, "True", "True"),
    ("path", None, None, BOTH, "5", 5),
    ("path", None, None, BOTH, "1e2", "1e2"),
    ("path", None, None, {}, "5", "5"),
    ("path", None, None, INTS, "1,2,3", [1, 2, 3]),
    ("path", None, None, INTS, "", []),
    ("path", None, None, TEXTS, "a%2Cb,c", ["a,b", "c"]),
    ("path", None, None, RGB, "R,100,n,5", {"R": 100, "n": "5"}),
    ("path", None, None, RGB, "R,100,n", "R,100,n"),
    ("path", None, True, RGB, "R=100,n=a%3Db", {"R": 100, "n": "a=b"}),
    ("path", None, None, {"allOf": [INTS]}, "1,2", [1, 2]),
    ("path", "label", None, INT, ".5", 5),
    ("path", "label", None, INTS, ".1,2", [1, 2]),
    ("path", "label", None, INTS, ".1.2", [1, 2]),
    ("path", "label", True, INTS, ".1.2", [1, 2]),
    ("path", "label", None, RGB, ".R,100,G,2", {"R": 100, "G": 2}),
    ("path", "label", True, RGB, ".R=100.G=2", {"R": 100, "G": 2}),
    ("path", "matrix", None, INT, ";p=5", 5),
    ("path", "matrix", None, INTS, ";p=1,2", [1, 2]),
    ("path", "matrix", True, INTS, ";p=1;p=2", [1, 2]),
    ("path", "matrix", None, RGB, ";p=R,100,G,2", {"R": 100, "G": 2}),
    ("path", "matrix", True, RGB, ";R=100;G=2", {"R": 100, "G": 2}),
    ("path", "matrix", None, INT, "5", "5"),
    ("path", "label", None, INTS, "5", "5"),
    ("query", None, None, TEXT, "p=a+b%2B", "a b+"),
    ("query", None, None, TEXT, "q=1", ABSENT),
    ("query", None, None, TEXT, "", ABSENT),
    ("query", None, None, TEXT, "p=", ""),
    ("query", None, None, TEXT, "p", ""),
    ("query", None, None, TEXT, "%70=1", "1"),
    ("query", None, None, INT, "p=1&p=2", ["1", "2"]),
    ("query", None, None, INTS, "p=1&q=x&p=2", [1, 2]),
    ("query", None, None, INTS, "p=1", [1]),
    ("query", None, None, INTS, "p=", []),
    ("query", None, None, TEXTS, "p=a%2Cb", ["a,b"]),
    ("query", None, False, TEXTS, "p=a%2Cb,c", ["a,b", "c"]),
    ("query", None, False, RGB, "p=R,1,n,2", {"R": 1, "n": "2"}),
    ("query", None, None, RGB, "R=1&n=2&other=3", {"R": 1, "n": "2"}),
    ("query", None, None, RGB, "other=3", ABSENT),
    ("query", "spaceDelimited", False, INTS, "p=1%202+3", [1, 2, 3]),
    ("query", "pipeDelimited", False, INTS, "p=1|2%7C3", [1, 2, 3]),
    ("query", "pipeDelimited", True, INTS, "p=1&p=2", [1, 2]),
    ("query", "deepObject", True, RGB, "p[R]=1&p%5Bn%5D=2", {"R": 1, "n": "2"}),
    ("query", "deepObject", True, DEEP, "p[a][b]=true&p[a][c]=x", {"a": {"b": True, "c": "x"}}),
    ("query", "deepObject", True, DEEP, "p[l]=1&p[l]=2", {"l": [1, 2]}),
    ("query", "deepObject", True, DEEP, "p[l][]=1", {"l": [1]}),
    ("query", "deepObject", True, RGB, "p=1", ABSENT),
    ("header", None, None, INTS, "1, 2 ,3", [1, 2, 3]),
    ("header", None, None, TEXT, " a%20b ", "a%20b"),
    ("header", None, True, RGB, "R=1, n=2", {"R": 1, "n": "2"}),
    ("cookie", None, None, INT, "5", 5),
    ("cookie", None, False, INTS, "1,2", [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_text_is_read_by_style_and_schema(case: tuple[Any, ...], tmp_path: Path) -> None:
    where, style, explode, schema, raw, value = case
    found = decoded(tmp_path, {"in": where, "style": style, "explode": explode, "schema": schema}, raw)
    assert found is ABSENT if value is ABSENT else found == value
    assert type(found) is type(value)


def brief(problems: Any) -> list[tuple[str, str, str]]:
    return [(each.code, each.pointer, each.severity) for each in problems]


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """Make a contract whose operation has a parameter of each kind."""
    weak = {"required": "inferred"}
    site = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": INT, "token": {"type": "string", "x-secret": True}},
    }
    return contract_of(
        tmp_path,
        {"name": "x-site", "in": "header", "required": True, "content": {"application/json": {"schema": site}}},
        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
        {"name": "sure", "in": "query", "required": True, "schema": {"type": "boolean"}, "x-evidence": weak},
        {"name": "flag", "in": "query", "allowEmptyValue": True, "schema": {"type": "boolean"}},
        {"name": "id", "in": "path", "schema": {"type": "string", "format": "uuid"}},
        {"name": "session", "in": "cookie", "x-secret": True, "schema": {"type": "string", "maxLength": 3}},
        {"name": "note", "in": "query", "content": {"text/plain": {"schema": {"type": "string", "maxLength": 3}}}},
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": INTS}}},
    )  # fmt: skip


GOOD: dict[str, Any] = {
    "path": {"id": "123e4567-e89b-12d3-a456-426614174000"},
    "query": "sure=true&flag=&filter=%5B1%5D&note=%22a",
    "headers": {"X-Site": '{"id": 1}'},
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"headers": {}}, [("required", "header:x-site", "error")]),
        ({"headers": [("x-SITE", '{"id": "1"}')]}, [("type", "header:x-site/id", "error")]),
        ({"headers": {"x-site": "{"}}, [("malformed-json", "header:x-site", "error")]),
        ({"headers": {"x-site": ""}}, [("empty", "header:x-site", "error")]),
        ({"headers": {"x-site": '{"id": 1, "id": 2}'}}, [("duplicate-key", "header:x-site/id", "error")]),
        ({"headers": [("x-site", "{}"), ("x-site", "{}")]}, [("trailing-text", "header:x-site", "error")]),
        ({"headers": {"x-site": "{}"}}, [("required", "header:x-site", "error")]),
        ({"query": ""}, [("required", "query:sure", "warning")]),
        ({"query": "sure=yes&page=0"}, [("minimum", "query:page", "error"), ("type", "query:sure", "error")]),
        ({"query": "sure=true&sure=true"}, [("type", "query:sure", "error")]),
        ({"query": "sure=true&unknown=1"}, []),
        ({"query": "sure=true&filter=[1"}, [("malformed-json", "query:filter", "error")]),
        ({"query": "sure=true&filter=[%22a%22]"}, [("type", "query:filter/0", "error")]),
        (
            {"query": "sure=true&filter=[1]&filter=[2]"},
            [("type", "query:filter/0", "error"), ("type", "query:filter/1", "error")],
        ),
        ({"query": "sure=true&note=abcd"}, [("max-length", "query:note", "error")]),
        ({"path": {"id": "7"}}, [("format", "path:id", "error")]),
        ({"path": {}}, [("required", "path:id", "error")]),
        ({"cookies": {"session": "long-secret"}}, [("max-length", "cookie:session", "error")]),
    ],
)  # fmt: skip
def test_every_problem_names_its_parameter(
    changes: dict[str, Any], expected: list[tuple[str, str, str]], contract: Contract
) -> None:
    problems = check_parameters(contract, contract.operations["op"], **{**GOOD, **changes})
    assert brief(problems) == expected
    assert all(each.message and each.line is None for each in problems)


def test_the_level_decides_how_much_a_missing_parameter_weighs(contract: Contract) -> None:
    check = ParameterCheck(contract, contract.operations["op"], "inferred")
    assert brief(check.check(**{**GOOD, "query": ""})) == [("required", "query:sure", "error")]


def test_secrets_are_not_shown(contract: Contract) -> None:
    ways = {**GOOD, "cookies": {"session": "geheim"}, "headers": {"x-site": '{"id": 1, "token": 12345}'}}
    problems = check_parameters(contract, contract.operations["op"], **ways)
    assert brief(problems) == [("type", "header:x-site/token", "error"), ("max-length", "cookie:session", "error")]
    text = " ".join(f"{each.message} {each.actual} {each.fix} {each.expected}" for each in problems)
    assert "geheim" not in text
    assert "12345" not in text
    assert "•••" in text


def test_schema_pointers_lead_into_the_contract(contract: Contract) -> None:
    from orderbridge import pointer

    ways = {"path": {"id": "7"}, "query": "page=x", "headers": {"x-site": "["}, "cookies": {"session": "long"}}
    for problem in check_parameters(contract, contract.operations["op"], **ways):  # type: ignore[arg-type]  # a dict of several
        assert problem.schema_pointer is not None
        pointer.get(contract.document, problem.schema_pointer)


TEXTS_OF_ANY_KIND = st.text(max_size=30) | st.text(alphabet='p[]=&;.,|%2C7{}":10', max_size=40)


@given(texts=st.lists(TEXTS_OF_ANY_KIND, min_size=4, max_size=4))
def test_no_text_raises(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    global _EVERY  # noqa: PLW0603 - made once for all examples
    if _EVERY is None:
        styles = [("path", s, e) for s in ("simple", "label", "matrix") for e in (True, False)]
        styles += [
            ("query", s, e) for s in ("form", "spaceDelimited", "pipeDelimited", "deepObject") for e in (True, False)
        ]
        styles += [("header", "simple", True), ("header", "simple", False), ("cookie", "form", False)]
        schemas = [INTS, RGB, DEEP, INT, BOTH, {"$ref": "#/components/schemas/Node"}]
        made = contract_of(
            tmp_path_factory.mktemp("every"),
            *(
                {"name": f"p{number}{index}", "in": where, "style": style, "explode": explode, "schema": schema}
                for number, (where, style, explode) in enumerate(styles)
                for index, schema in enumerate(schemas)
            ),
            {"name": "p", "in": "query", "content": {"application/json": {"schema": RGB}}},
        )
        _EVERY = ParameterCheck(made, made.operations["op"])
    names = [each.name for each in _EVERY.operation.parameters]
    path, query, header, cookie = texts
    problems = _EVERY.check(
        path=dict.fromkeys(names, path),
        query="&".join([query, *(f"{name}{query}" for name in names), f"p={quote(query)}"]),
        headers=[(name, header) for name in names],
        cookies=dict.fromkeys(names, cookie),
    )
    assert all(isinstance(each.message, str) for each in problems)


_EVERY: ParameterCheck | None = None


def test_the_parameters_of_the_shipped_contracts_can_be_checked() -> None:
    known = catalogue()
    for name in known.entries:
        loaded = known.contract(name)
        for operation in loaded.operations.values():
            problems = check_parameters(loaded, operation)
            wanted = {each.name for each in operation.parameters if each.required}
            assert {each.pointer.partition(":")[2] for each in problems} == wanted
