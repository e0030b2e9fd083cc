"""Web pages may call when their origin is allowed, and learn nothing when it is not."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from orderbridge.server.pages import Pages
from tests.server.client import serving
from tests.server.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Server
    from tests.server.targets import Target

HERE: Final = "http://localhost:5173"
SHOP: Final = "https://shop.example"
PUBLIC: Final = {"name": "page", "sha256": sha256(b"page-token").hexdigest(), "kind": "public", "origins": [SHOP]}
ROWS: Final = [{**PUBLIC, "partners": ["configurator"]}, {"name": "all", "sha256": sha256(b"anywhere").hexdigest()}]
ASKED: Final = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-store-id"}
PREFIX: Final = "access-control-"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve with a public token for one partner."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "tokens.json").write_text(json.dumps(ROWS))
    with serving("--tokens", "tokens.json", folder=folder) as server:
        yield server


def create(partner: str) -> Target:
    return next(each for each in targets() if each.id == f"{partner}.createOrder")


def ask(server: Server, target: Target, headers: dict[str, str], method: str = "OPTIONS") -> httpx.Response:
    content = target.body if method == "POST" else None
    return httpx.request(method, f"{server.url}{target.prefixed}", headers=headers, content=content, trust_env=False)


def told(response: httpx.Response) -> dict[str, str]:
    return {name.removeprefix(PREFIX): value for name, value in response.headers.items() if name.startswith(PREFIX)}


def vary(response: httpx.Response) -> set[str]:
    return {each.strip().lower() for each in response.headers.get("vary", "").split(",") if each.strip()}


@pytest.mark.parametrize(
    "origin",
    [
        HERE,
        "http://localhost",
        "https://app.localhost:8443",
        "http://127.0.0.1:3000",
        "http://127.9.9.9",
        "http://[::1]:1",
    ],
)
def test_a_page_of_this_machine_may_call_without_tokens(everyone: Server, origin: str) -> None:
    preflight = ask(everyone, create("unisouk"), {"Origin": origin, **ASKED})
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert told(preflight) == {
        "allow-origin": origin,
        "allow-methods": "OPTIONS, POST",
        "allow-headers": "authorization,x-store-id",
        "expose-headers": "allow, preference-applied, retry-after, www-authenticate, x-request-id",
        "max-age": "600",
    }
    assert preflight.headers["allow"] == "OPTIONS, POST"
    assert vary(preflight) == {"origin", PREFIX + "request-method", PREFIX + "request-headers"}
    target = create("unisouk")
    answer = ask(everyone, target, {**target.headers, "Origin": origin}, "POST")
    assert answer.status_code == 200
    assert told(answer).keys() == {"allow-origin", "expose-headers"}
    assert told(answer)["allow-origin"] == origin
    assert "origin" in vary(answer)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "http://evil-localhost",
        "http://127.0.0.1.evil.example",
        "http://localhost:5173/",
        "http://localhost@evil.example",
        "file://localhost",
        "*",
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
def test_a_page_from_elsewhere_is_told_nothing(everyone: Server, origin: str, method: str) -> None:
    target = create("unisouk")
    answer = ask(everyone, target, {**target.headers, **ASKED, "Origin": origin}, method)
    assert answer.status_code == (204 if method == "OPTIONS" else 200)
    assert told(answer) == {}
    assert "origin" in vary(answer)


def test_no_credentials_of_a_browser_are_ever_asked_for(everyone: Server) -> None:
    for method in ("OPTIONS", "POST"):
        target = create("fabric")
        answer = ask(everyone, target, {**target.headers, **ASKED, "Origin": HERE}, method)
        assert told(answer)["allow-origin"] == HERE
        assert "allow-credentials" not in told(answer)


def test_a_public_token_opens_its_own_api_to_its_own_pages(guarded: Server) -> None:
    target = create("configurator")
    assert told(ask(guarded, target, {"Origin": SHOP, **ASKED}))["allow-origin"] == SHOP
    headers = {**target.headers, "Authorization": "Bearer page-token"}
    answer = ask(guarded, target, {**headers, "Origin": SHOP}, "POST")
    assert (answer.status_code, told(answer)["allow-origin"]) == (200, SHOP)
    # Neither another partner's API, nor pages of this machine.
    assert told(ask(guarded, create("fabric"), {"Origin": SHOP, **ASKED})) == {}
    assert told(ask(guarded, target, {"Origin": HERE, **ASKED})) == {}
    # A page that may call still has to say who it is, and can read that.
    refused = ask(guarded, target, {"Content-Type": "application/json", "Origin": SHOP}, "POST")
    assert (refused.status_code, told(refused)["allow-origin"]) == (401, SHOP)


def test_an_options_that_is_no_preflight_is_answered_as_ever(everyone: Server) -> None:
    for headers in ({}, {"Origin": HERE}, {"Access-Control-Request-Method": "POST"}):
        answer = ask(everyone, create("unisouk"), headers)
        assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS, POST")
        assert "allow-methods" not in told(answer)


def test_what_is_refused_by_its_path_stays_refused(everyone: Server) -> None:
    unknown = httpx.options(f"{everyone.url}/nobody/order", headers={"Origin": HERE, **ASKED}, trust_env=False)
    assert (unknown.status_code, "allow-methods" in told(unknown)) == (404, False)
    wrong = ask(everyone, create("unisouk"), {"Origin": HERE}, "DELETE")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "OPTIONS, POST")
    assert told(wrong)["allow-origin"] == HERE


def test_names_that_are_no_headers_are_not_repeated(everyone: Server) -> None:
    for names in ("x y", "a,,b", "a:b", "{}", ""):
        asked = {"Origin": HERE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": names}
        assert "allow-headers" not in told(ask(everyone, create("unisouk"), asked))


def test_our_own_api_can_be_read_by_pages_too(everyone: Server) -> None:
    for path in ("/bridge/v1/partners", "/health"):
        answer = httpx.get(f"{everyone.url}{path}", headers={"Origin": HERE}, trust_env=False)
        assert (answer.status_code, told(answer)["allow-origin"]) == (200, HERE)
        assert "origin" in vary(httpx.get(f"{everyone.url}{path}", trust_env=False))


def test_whose_pages_may_call_is_looked_up_per_partner() -> None:
    assert Pages("any").may("HTTP://LOCALHOST:80")
    assert not Pages("any").may("http://localhost:123456")
