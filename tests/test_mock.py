"""The mock of a document of any origin: media types, statuses, and what `Prefer` asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from orderbridge.server.http import Answer
from tests.places import PLACES, placed
from tests.server.client import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
TEXT: Final = {"type": "string"}
NUMBERS: Final = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
SEVEN: Final = {"type": "array", "items": {"type": "integer", "enum": [7]}, "minItems": 1, "maxItems": 1}
FAULT: Final = {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}
REQUIRED: Final = (
    "Connection",
    "Content-Length",
    "Content-Type",
    "Date",
    "Transfer-Encoding",
    "X-Own",
    "X-Request-Id",
)
SEGMENTS: Final = ["a/b", "50%", "%41", "a,b;c=d", "ü", "a b", "a+b"]
ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "plain": {"200": {"text/plain": {"schema": TEXT, "example": "hé"}}},
    "number": {"200": {"text/plain": {"example": 42}}},
    "picture": {"200": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
    "tags": {"200": {"application/xml": {"schema": {"type": "object"}, "example": {"a": 1}}}},
    "free": {"200": {JSON: {}}},
    "any": {"200": {"*/*": {"schema": NUMBERS, "example": [1]}}},
    "words": {"200": {"text/*": {"example": "hi"}}},
    "broken": {"200": {JSON: {"schema": SEVEN, "example": "[1]"}}, "404": {JSON: {"schema": FAULT, "example": {}}}},
    "half": {"200": {JSON: {"schema": NUMBERS, "examples": {"bad": {"value": {}}, "good": {"value": [7]}}}}},
    "default": {"default": {JSON: {"example": [1]}}},
    "several": {
        "200": {
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": TEXT, "examples": {"lines": {"value": "a,b\n"}}},
            JSON: {"schema": NUMBERS, "example": [1]},
        },
        "4XX": {PROBLEM: {"schema": FAULT, "example": {"code": 4}}},
        "default": {PROBLEM: {"schema": FAULT, "example": {"code": 5}}},
    },
}


def _document() -> dict[str, Any]:
    paths = {
        f"/{name}": {
            "get": {
                "responses": {
                    status: {"description": status, "content": content} for status, content in responses.items()
                }
            }
        }
        for name, responses in ANSWERS.items()
    }
    # Some contracts require of answers what every answer has, and what its sender alone can know.
    content = {JSON: {"schema": NUMBERS}}
    named = {name: {"required": True, "schema": {"type": "string"}} for name in REQUIRED}
    paths["/named"] = {"get": {"responses": {"200": {"description": "", "headers": named, "content": content}}}}
    segment = {"name": "id", "in": "path", "required": True, "schema": {"enum": SEGMENTS}}
    paths["/head"] = {"head": {"responses": {"200": {"description": ""}}}}
    called: dict[str, Any] = {"parameters": [segment], "responses": {"200": {"description": "", "content": content}}}
    paths["/under/{id}/it"] = {"get": called}
    return {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths | placed()}


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("mock")
    (folder / "answers.json").write_text(json.dumps(_document()))
    with serving("--spec", "answers.json", folder=folder) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/plain", {}, (200, "text/plain", "hé")),
        ("/number", {}, (200, "text/plain", "42")),
        ("/picture", {}, (200, None, "")),
        ("/tags", {}, (200, None, "")),
        ("/free", {}, (200, JSON, "{}")),
        ("/any", {}, (200, JSON, "[1]")),
        ("/words", {}, (200, "text/plain", "hi")),
        ("/broken", {}, (200, JSON, "[7]")),
        ("/half", {}, (200, JSON, "[7]")),
        ("/default", {}, (200, JSON, "[1]")),
        ("/default", {"Prefer": "code=503"}, (503, JSON, "[1]")),
        ("/several", {}, (200, JSON, "[1]")),
        ("/several", {"Accept": "text/csv"}, (200, "text/csv", "a,b\n")),
        ("/several", {"Accept": "image/*, text/*;q=0.5"}, (200, "text/csv", "a,b\n")),
        ("/several", {"Prefer": "example=lines"}, (200, "text/csv", "a,b\n")),
        ("/several", {"Prefer": "code=404"}, (404, PROBLEM, '{"code":4}')),
        ("/several", {"Prefer": "code=404", "Accept": JSON}, (404, PROBLEM, '{"code":4}')),
        ("/several", {"Prefer": "code=404, example=example"}, (404, PROBLEM, '{"code":4}')),
        ("/several", {"Prefer": "code=503, example=example"}, (503, PROBLEM, '{"code":5}')),
        ("/several", {"Prefer": ", code=404"}, (404, PROBLEM, '{"code":4}')),
        ("/several", {"Prefer": "seed=7, dynamic=false"}, (200, JSON, "[1]")),
    ],
)
def test_an_answer_is_what_is_declared_and_asked_for(
    mock: Server, path: str, headers: dict[str, str], expected: tuple[int, str | None, str]
) -> None:
    answer = mock.call("GET", path, headers)
    assert (answer.status, answer.headers.get("content-type"), answer.body.decode()) == expected


@pytest.mark.parametrize(("prefer", "status"), [("code=418, dynamic=true", 418), ("code=503, seed=3", 503)])
def test_what_is_made_up_has_the_status_that_was_asked_for(mock: Server, prefer: str, status: int) -> None:
    answer = mock.call("GET", "/several", {"Prefer": prefer})
    assert (answer.status, {*answer.json}) == (status, {"code"})


def test_a_head_of_its_own_is_answered(mock: Server) -> None:
    assert [mock.call(method, path).status for method in ("HEAD", "GET") for path in ("/head", "/plain")] == [
        200,
        200,
        405,
        200,
    ]


def test_an_example_that_breaks_the_contract_is_given_to_nobody(mock: Server) -> None:
    assert {*mock.call("GET", "/broken", {"Prefer": "code=404"}).json} == {"code"}
    assert mock.call("GET", "/half", {"Prefer": "example=bad"}).status == 500


@pytest.mark.parametrize(("method", "path", "call"), PLACES)
def test_an_operation_is_called_at_its_path_however_that_is_written(
    mock: Server, method: str, path: str, call: str
) -> None:
    answer = mock.call(method.upper(), call)
    assert (answer.status, answer.json) == (200, f"{method} {path}")


def test_a_seed_alone_makes_answers_up(mock: Server) -> None:
    made = [mock.call("GET", "/several", {"Prefer": f"seed={seed}"}).body for seed in (7, 7, 8)]
    assert made[0] == made[1] != made[2]
    assert made[0] == mock.call("GET", "/several", {"Prefer": "dynamic=true, seed=7"}).body != b"[1]"


@pytest.mark.parametrize("prefer", ["", "dynamic=true"])
def test_what_every_answer_has_is_not_made_up(mock: Server, prefer: str) -> None:
    answer = mock.call("GET", "/named", {"Prefer": prefer})
    assert {"x-own", "content-length", "content-type", "date", "x-request-id"} <= answer.headers.keys()
    assert "," not in answer.headers["content-length"] + answer.headers["content-type"] + answer.headers["x-request-id"]
    assert answer.json


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_segment_of_a_path_is_what_was_written_between_its_slashes(mock: Server, segment: str) -> None:
    encoded = quote(segment, safe="")
    assert mock.call("GET", f"/under/{encoded}/it").status == 200
    assert mock.call("GET", f"/%75nder/{encoded.lower()}/it").status == 200
    assert mock.call("GET", f"/under/{quote(encoded, safe='')}/it").status == (400 if encoded != segment else 200)


@pytest.mark.parametrize("code", ["100", "199", "600", "x"])
def test_a_status_that_is_no_answer_is_refused(mock: Server, code: str) -> None:
    refused = mock.call("GET", "/default", {"Prefer": f"code={code}"})
    assert (refused.status, refused.json["code"]) == (400, "unusable-preference")


def test_an_answer_with_more_headers_is_no_longer_one_that_is_given_again() -> None:
    # Whoever keeps what is given again and again would keep one for every call.
    answer = Answer(200, b"{}", fixed=True)
    assert answer.with_headers((b"vary", b"Prefer")) == answer._replace(headers=((b"vary", b"Prefer"),), fixed=False)
