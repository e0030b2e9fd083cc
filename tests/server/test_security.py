"""Who may call: tokens files, public tokens and their pages, alternatives, and several credentials at once."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge
from orderbridge.api import Partner
from orderbridge.contract.loading import load
from orderbridge.errors import OrderbridgeError
from orderbridge.server.fault import Fault
from orderbridge.server.http import ANYBODY, Caller
from orderbridge.server.security import plain_parameters, schemes_of, security_of
from orderbridge.server.tokens import Token, Tokens, read_tokens
from tests.server.client import serving
from tests.server.targets import Target, targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.client import Server


def digest(credential: str) -> str:
    return sha256(credential.encode()).hexdigest()


PAGE: Final = "https://shop.example"
ROWS: Final = [
    {"name": "everybody", "sha256": digest("everywhere")},
    {"name": "storefront", "sha256": digest("one-partner"), "partners": ["unisouk"]},
    {"name": "page", "sha256": digest("page-token"), "kind": "public", "origins": [PAGE, "https://*.example.org:8443"]},
]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve with a tokens file."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "tokens.json").write_text(json.dumps(ROWS))
    with serving("--tokens", "tokens.json", folder=folder) as server:
        yield server
        text = server.log_file.read_text(encoding="ascii")
        assert not any(each in text for each in ("everywhere", "one-partner", "page-token", "no-such-token"))


def target(name: str) -> Target:
    return next(each for each in targets() if each.id == name)


CALLS: Final = [
    ("unisouk.createOrder", "everywhere", None, 200),
    ("unisouk.createOrder", "one-partner", None, 200),
    ("fabric.createOrder", "one-partner", None, 403),
    ("fabric.getOrder", "no-such-token", None, 401),
    ("ccagent.createOrder", "everywhere", "https://evil.example", 200),
    ("configurator.createOrder", "page-token", PAGE, 200),
    ("configurator.createOrder", "page-token", PAGE.upper(), 200),
    ("configurator.createOrder", "page-token", "https://a.b.example.org:8443", 200),
    ("configurator.createOrder", "page-token", None, 403),
    ("configurator.createOrder", "page-token", "null", 403),
    ("configurator.createOrder", "page-token", "http://shop.example", 403),
    ("configurator.createOrder", "page-token", "https://shop.example.evil.example", 403),
    ("configurator.createOrder", "page-token", "https://evil.example/.example.org:8443", 403),
    ("configurator.createOrder", "page-token", "https://example.org:8443", 403),
    ("configurator.createOrder", "page-token", "https://a.example.org", 403),
    ("placeorder.createOrder", "everywher", None, 401),
    ("placeorder.createOrder", "everywheree", None, 401),
    ("placeorder.createOrder", digest("everywhere"), None, 401),
]


@pytest.mark.parametrize(("name", "credential", "origin", "status"), CALLS)
def test_a_credential_is_good_for_what_its_row_says(
    guarded: Server, name: str, credential: str, origin: str | None, status: int
) -> None:
    headers = {**target(name).headers, "Authorization": f"Bearer {credential}"} | ({"Origin": origin} if origin else {})
    response = guarded.call(target(name).method, target(name).prefixed, headers, target(name).body)
    assert response.status == status
    assert ("www-authenticate" in response.headers) == (status == 401)


def test_a_key_in_the_query_is_a_credential_that_no_log_shows(guarded: Server) -> None:
    asked = target("configurator.createOrder")
    headers = {name: value for name, value in asked.headers.items() if name != "Authorization"}
    for query, status in (
        ("bearer_token=everywhere", 200),
        ("orgId=1&bearer%5Ftoken=everywhere", 200),
        ("bearer_token=page-token", 403),
        ("bearer_token=", 401),
        ("bearer_token=everywhere&bearer_token=no-such-token", 401),
        ("Bearer_Token=everywhere", 401),
    ):
        response = guarded.call("POST", f"{asked.prefixed}?{query}", headers, asked.body)
        assert response.status == status, query
    queries = [line.get("query", "") for line in guarded.log() if line["path"] == asked.prefixed]
    assert "orgId=1&bearer%5Ftoken=***" in queries


def test_a_cookie_is_a_credential(guarded: Server) -> None:
    asked = target("configurator.createOrder")
    for cookie, status in (("a=b; session=everywhere", 200), ("session=x", 401), ("sessions=everywhere", 401)):
        headers = {**asked.headers, "Cookie": cookie}
        del headers["Authorization"]
        assert guarded.call("POST", asked.prefixed, headers, asked.body).status == status


def test_health_is_everybodys(guarded: Server) -> None:
    assert guarded.call("GET", "/health").status == 200


# Schemes


DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "basic": {"type": "http", "scheme": "basic"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"a": "b"}}}},
            "connect": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example/x"},
        }
    },
    "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "d"}}}}},
}
TOKENS: Final = Tokens(
    (Token("one", digest("1")), Token("two", digest("2"), frozenset({"other"})), Token("basic", digest("YTpi")))
)
ALTERNATIVES: Final = [
    ([], {}, "", "anybody"),
    ([{}], {}, "", "anybody"),
    ([{"token": []}, {}], {}, "", "anybody"),
    ([{}, {"token": []}], {"authorization": "Bearer 1"}, "", "one"),
    ([{}, {"token": []}], {"authorization": "Bearer x"}, "", 401),
    ([{"token": []}], {"authorization": "bearer  1"}, "", "one"),
    ([{"token": []}], {"authorization": "Bearer1"}, "", 401),
    ([{"token": []}], {}, "", 401),
    ([{"token": []}], {"authorization": "Bearer 2"}, "", 403),
    ([{"key": []}], {"x-key": "1"}, "", "one"),
    ([{"query": []}], {}, "key=1", "one"),
    ([{"query": []}], {"key": "1"}, "Key=1", 401),
    ([{"basic": []}], {"authorization": "Basic YTpi"}, "", "basic"),
    ([{"basic": []}], {"authorization": "Bearer YTpi"}, "", 401),
    ([{"oauth": ["a"]}], {"authorization": "Bearer 1"}, "", "one"),
    ([{"connect": []}], {"authorization": "Bearer 1"}, "", "one"),
    ([{"token": [], "key": []}], {"authorization": "Bearer 1", "x-key": "YTpi"}, "", "one+basic"),
    ([{"token": [], "key": []}], {"authorization": "Bearer 1", "x-key": "1"}, "", "one"),
    ([{"token": [], "key": []}], {"authorization": "Bearer 1"}, "", 401),
    ([{"token": [], "key": []}], {"authorization": "Bearer 1", "x-key": "x"}, "", 401),
    ([{"token": [], "key": []}], {"authorization": "Bearer 1", "x-key": "2"}, "", 403),
    ([{"token": []}, {"key": []}], {"authorization": "Bearer x", "x-key": "1"}, "", "one"),
]


def partner_with(security: Any, tmp_path: Path) -> Partner:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({**DOCUMENT, "security": security}))
    return Partner(load(file, "t"))


@pytest.mark.parametrize(("security", "headers", "query", "expected"), ALTERNATIVES)
def test_any_alternative_will_do_and_all_of_its_schemes(
    tmp_path: Path, security: Any, headers: dict[str, str], query: str, expected: str | int
) -> None:
    partner = partner_with(security, tmp_path)
    asked = security_of(partner.contract, partner.operations["a"], TOKENS)
    if isinstance(expected, str):
        assert asked.caller(headers, query).owner == expected
        return
    with pytest.raises(Fault) as refused:
        asked.caller(headers, query)
    assert (refused.value.status or 403) == expected


def test_without_tokens_everybody_is_their_own_owner(tmp_path: Path) -> None:
    partner = partner_with([{"token": []}, {"key": []}], tmp_path)
    asked = security_of(partner.contract, partner.operations["a"], None)
    callers = [asked.caller(headers, "") for headers in ({"authorization": "Bearer a"}, {"x-key": "a"}, {"x-key": "b"})]
    assert callers[0] == callers[1] == Caller(f"sha256:{digest('a')}")
    assert callers[2] != callers[0]
    assert ANYBODY not in callers


def test_a_log_may_show_what_is_declared_and_no_key() -> None:
    contract = orderbridge.partner("configurator").contract
    assert plain_parameters(contract) == {"orgId"}
    assert {each.place for each in schemes_of(contract).values()} == {"header", "query", "cookie"}


# Tokens files


GOOD: Final = {"name": "a", "sha256": digest("a")}
BAD_FILES: Final = {
    "nothing": ("", "unusable"),
    "no list": ("{}", "is a list of rows"),
    "empty": ("[]", "is a list of rows"),
    "a row that is none": ("[1]", "a row is an object"),
    "a stranger": (json.dumps([GOOD | {"token": "secret-1"}]), "a row has no 'token'"),
    "no name": (json.dumps([{"sha256": digest("a")}]), "name is 1 to 100"),
    "a name with a colon": (json.dumps([GOOD | {"name": "sha256:a"}]), "name is 1 to 100"),
    "the credential itself": (json.dumps([GOOD | {"sha256": "secret-1"}]), "not the credential"),
    "upper case": (json.dumps([GOOD | {"sha256": digest("a").upper()}]), "lower-case hex"),
    "a kind": (json.dumps([GOOD | {"kind": "secret"}]), "kind is one of private, public"),
    "public without pages": (json.dumps([GOOD | {"kind": "public"}]), "a public token has origins"),
    "private with pages": (json.dumps([GOOD | {"origins": [PAGE]}]), "a public token has origins"),
    "a path as origin": (json.dumps([GOOD | {"kind": "public", "origins": [f"{PAGE}/"]}]), "origins are like"),
    "everything as origin": (json.dumps([GOOD | {"kind": "public", "origins": ["*"]}]), "origins are like"),
    "partners as text": (json.dumps([GOOD | {"partners": "unisouk"}]), "partners is a list"),
    "a name twice": (json.dumps([GOOD, GOOD | {"sha256": digest("b")}]), "'a' stands in two rows"),
    "a hash twice": (json.dumps([GOOD, GOOD | {"name": "b"}]), "stands in two rows"),
    "a key twice": ('[{"name": "a", "name": "b"}]', "twice"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_tokens_file_is_refused_in_words_without_its_secrets(tmp_path: Path, name: str) -> None:
    text, words = BAD_FILES[name]
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(OrderbridgeError) as refused:
        read_tokens(file)
    message = str(refused.value)
    assert str(file) in message
    assert "secret-1" not in message
    assert words == "unusable" or words in message


def test_a_tokens_file_may_be_yaml(tmp_path: Path) -> None:
    file = tmp_path / "tokens.yaml"
    file.write_text(f"- {{name: a, sha256: '{digest('a')}', partners: [fabric]}}\n")
    assert read_tokens(file).rows == (Token("a", digest("a"), frozenset({"fabric"})),)


def test_every_row_is_found_by_its_credential_and_nobody_elses() -> None:
    tokens = Tokens(tuple(Token(str(number), digest(f"credential {number}")) for number in range(500)))
    found = [tokens.find(f"credential {number}") for number in range(500)]
    assert [each.name for each in found if each is not None] == [str(number) for number in range(500)]
    assert tokens.find("credential 500") is None
    assert tokens.find(digest("credential 1")) is None
