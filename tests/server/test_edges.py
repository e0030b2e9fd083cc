"""What every operation answers at its edges, derived from the contracts: methods, media types, sizes, credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge
from orderbridge import pointer
from tests.server.client import request
from tests.server.targets import Target, faults, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

    from tests.server.client import Response, Server

EVERY: Final = [pytest.param(each, id=each.id) for each in targets()]
WITH_BODY: Final = [pytest.param(each, id=each.id) for each in targets() if each.body is not None]
LARGE: Final = b'"' + b"a" * (1024 * 1024) + b'"'


def _places(parameter: ParameterSet) -> set[str]:
    (target,) = parameter.values
    return {each.location for each in target.operation.parameters if each.required}  # type: ignore[union-attr] # values are targets


def ask(server: Server, data: bytes, *, is_head: bool = False) -> Response:
    with server.connect() as connection:
        connection.send(data)
        found = connection.read(is_head=is_head)
    assert found is not None
    return found


def assert_shaped(target: Target, response: Response, status: int) -> None:
    """See that a refusal is the partner's own, by the contract's word, headers included."""
    assert (response.status, response.headers["content-type"]) == (status, "application/json"), response
    if str(status) in target.operation.responses:
        assert faults(target, response) == [], response
    assert "x-request-id" in response.headers


@pytest.mark.parametrize("target", EVERY)
def test_a_good_request_is_answered_by_the_contract(everyone: Server, target: Target) -> None:
    response = ask(everyone, target.request())
    assert (response.status, faults(target, response)) == (200, [])


@pytest.mark.parametrize("target", EVERY)
def test_no_credential_is_a_401_that_says_how(everyone: Server, target: Target) -> None:
    for changed in ({"without": "authorization"}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer"}):
        response = ask(everyone, target.request(None, **changed))
        assert_shaped(target, response, 401)
        assert response.headers["www-authenticate"]


@pytest.mark.parametrize("target", EVERY)
def test_a_credential_that_cannot_be_one_is_a_401(everyone: Server, target: Target) -> None:
    for credential in ("Bearer a b", "Bearer \xe9", f"Bearer {'a' * 5000}", "Bearer ====", "Bearer ,"):
        response = ask(everyone, target.request(authorization=credential))
        assert_shaped(target, response, 401)
        assert 'error="invalid_token"' in response.headers["www-authenticate"]


@pytest.mark.parametrize("target", EVERY)
def test_two_credentials_are_none(everyone: Server, target: Target) -> None:
    twice = target.request().replace(b"Authorization:", b"Authorization: Bearer b\r\nAuthorization:", 1)
    assert_shaped(target, ask(everyone, twice), 400)


@pytest.mark.parametrize("target", WITH_BODY)
def test_401_comes_before_the_body_is_read(everyone: Server, target: Target) -> None:
    head = request(target.method, target.prefixed, {"Content-Type": "application/json", "Content-Length": "500"})
    response = ask(everyone, head)  # of which the body never comes
    assert_shaped(target, response, 401)


@pytest.mark.parametrize("target", EVERY)
def test_an_answer_that_nobody_takes_is_a_406(everyone: Server, target: Target) -> None:
    for accept in ("text/html", "application/xml, text/*;q=0.9", "application/json;q=0", "*/*;q=0", "image/*"):
        assert_shaped(target, ask(everyone, target.request(accept=accept)), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "nonsense", "", "a/b;q=x, */*"]
)
def test_an_answer_that_is_taken_is_given(everyone: Server, accept: str) -> None:
    assert ask(everyone, targets()[0].request(accept=accept)).status == 200


@pytest.mark.parametrize("target", WITH_BODY)
def test_another_media_type_is_a_415(everyone: Server, target: Target) -> None:
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "json",
        "",
        "text/json",
        "a/b/c",
    ):
        assert_shaped(target, ask(everyone, target.request(content_type=kind)), 415)
    for changed in ({"without": "content-type"}, {"content_encoding": "gzip"}, {"content_encoding": "br"}):
        assert_shaped(target, ask(everyone, target.request(None, **changed)), 415)
    for charset in ("latin-1", "utf-16", "x"):
        kind = f"application/json; charset={charset}"
        assert_shaped(target, ask(everyone, target.request(content_type=kind)), 415)


@pytest.mark.parametrize("target", WITH_BODY)
def test_json_under_its_other_names_is_taken(everyone: Server, target: Target) -> None:
    for kind in ("application/json; charset=utf-8", 'application/json;charset="UTF-8"', "APPLICATION/JSON"):
        assert ask(everyone, target.request(content_type=kind)).status == 200


@pytest.mark.parametrize("target", WITH_BODY)
def test_a_body_that_is_too_large_is_a_413_that_its_sender_sees(everyone: Server, target: Target) -> None:
    assert_shaped(target, ask(everyone, target.request(body=LARGE)), 413)
    head = target.request(body=b"").replace(b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (LARGE[:700_000], LARGE[700_000:]))
    assert_shaped(target, ask(everyone, head + chunks + b"0\r\n\r\n"), 413)


@pytest.mark.parametrize("target", WITH_BODY)
def test_a_refusal_tells_what_is_wrong_and_where(everyone: Server, target: Target) -> None:
    """Whatever room a partner's shape has: a place and a sentence each, sentences alone, or one sentence for all."""
    partner = orderbridge.partner(target.partner)
    for wrong in broken(json.loads(target.body or b"")):
        problems = partner.validate(wrong, operation=target.operation.id)
        errors = [problem for problem in problems if problem.severity == "error"]
        if len(errors) != 1:
            continue
        response = ask(everyone, target.request(json.dumps(wrong).encode()))
        assert str(response.status).startswith("4")
        told = " ".join(texts(json.loads(response.body)))
        assert errors[0].message in told
        steps = [step for step in pointer.split(errors[0].pointer) if not step.isdigit()]
        assert [step for step in steps if step not in told] == []


@pytest.mark.parametrize("target", [each for each in EVERY if "header" in _places(each)])
def test_a_refusal_names_the_header_that_is_missing(everyone: Server, target: Target) -> None:
    for name in [each.name for each in target.operation.parameters if each.location == "header" and each.required]:
        response = ask(everyone, target.request(without=name.lower()))
        assert_shaped(target, response, 400)
        assert name in " ".join(texts(json.loads(response.body)))


def broken(value: dict[str, Any]) -> Iterator[Any]:
    """Yield versions of a body in each of which one member, at any depth, is of a type that nobody wants."""
    for name, member in value.items():
        yield {**value, name: [[True]]}
        if isinstance(member, dict):
            yield from ({**value, name: each} for each in broken(member))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)
    else:
        yield str(value)


@pytest.mark.parametrize("target", EVERY)
def test_another_method_is_a_405_that_names_those_there_are(everyone: Server, target: Target) -> None:
    same = {each.method for each in targets() if each.prefixed == target.prefixed}
    allowed = {*same, "OPTIONS", *({"HEAD"} if "GET" in same else ())}
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "SEARCH"} - allowed:
        response = ask(everyone, request(method, target.prefixed), is_head=method == "HEAD")
        if method != "HEAD":
            assert_shaped(target, response, 405)
        assert (response.status, {*response.headers["allow"].split(", ")}) == (405, allowed)
    options = ask(everyone, request("OPTIONS", target.prefixed))
    assert (options.status, options.body, {*options.headers["allow"].split(", ")}) == (204, b"", allowed)


@pytest.mark.parametrize("target", [each for each in EVERY if each.values[0].method == "GET"])  # type: ignore[union-attr] # values are operations
def test_head_gives_the_headers_of_get(everyone: Server, target: Target) -> None:
    with everyone.connect() as connection:
        connection.send(target.request())
        found = connection.read()
        connection.send(target.request().replace(b"GET ", b"HEAD ", 1))
        head = connection.read(is_head=True)
        # A body after HEAD would be taken for the next answer.
        connection.send(target.request())
        again = connection.read()
    assert found is not None
    assert head is not None
    assert again is not None
    assert (head.status, head.headers["content-length"]) == (200, str(len(found.body)))
    assert (again.status, again.body) == (200, found.body)


@pytest.mark.parametrize("target", EVERY)
def test_headers_that_are_too_many_or_too_large_are_a_431(everyone: Server, target: Target) -> None:
    assert_shaped(target, ask(everyone, target.request(x_large="a" * 65_536)), 431)
    many = {f"x_{number}": "a" for number in range(201)}
    assert_shaped(target, ask(everyone, target.request(None, **many)), 431)


def test_a_request_line_that_is_too_long_is_a_414(everyone: Server) -> None:
    for line in (b"GET /" + b"a" * 9_000, b"GET /health?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"):
        (found,) = everyone.send(line)
        assert (found.status, found.headers["content-type"]) == (414, "application/problem+json")
    just = ask(everyone, request("GET", "/health?" + "a" * 8_000))
    assert just.status == 200


def test_a_path_that_is_nobodys_is_a_404(everyone: Server) -> None:
    for path in ("/", "/nobody", "/order", "//", "/unisouk", "/bridge", "/bridge/v1/nothing", "/..%2f", "/%00", "/%ff"):
        response = everyone.call("GET", path)
        assert response.status == 404, path
        assert "x-request-id" in response.headers


@pytest.mark.parametrize("target", EVERY)
def test_a_path_is_itself_and_nothing_else(everyone: Server, target: Target) -> None:
    for path in (f"{target.prefixed.rstrip('/')}{'' if target.path.endswith('/') else '/'}", f"/x{target.prefixed}"):
        if path not in {each.prefixed for each in targets()}:
            assert everyone.call(target.method, path).status == 404, path


def test_health_and_ready_need_nothing(everyone: Server) -> None:
    for path, state in (
        ("/health", "ok"),
        ("/ready", "ready"),
        ("/bridge/v1/health", "ok"),
        ("/bridge/v1/ready", "ready"),
    ):
        response = everyone.call("GET", path)
        assert (response.status, response.json) == (200, {"status": state})
        assert everyone.call("HEAD", path).status == 200
        assert everyone.call("POST", path).status == 405
        assert everyone.call("OPTIONS", path).headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_request_id_is_taken_where_it_is_one_and_made_otherwise(everyone: Server) -> None:
    for given in ("a", "7f3b.-_:", "A" * 64):
        assert everyone.call("GET", "/health", {"X-Request-Id": given}).headers["x-request-id"] == given
    for given in ("", "a b", "é".encode().decode("latin-1"), "A" * 65, "<b>", '"'):
        made = everyone.call("GET", "/health", {"X-Request-Id": given}).headers["x-request-id"]
        assert made != given
        assert len(made) == 16
