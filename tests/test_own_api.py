"""Our own HTTP API, asked over a real socket: every answer is held against its contract here as well."""

from __future__ import annotations

import ast
import http.client
import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from cryptography.fernet import Fernet

import orderbridge
from orderbridge import jsontext
from orderbridge.api import Partner
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.server.app import Settings
from orderbridge.server.live import live

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).parent.parent
CATALOGUE: Final = catalogue()
OWN: Final = Partner(CATALOGUE.contract("_orderbridge"), CATALOGUE)
NAMES: Final = [entry.name for entry in CATALOGUE.partners]
JSON: Final = {"content-type": "application/json"}
PROBLEM: Final = "application/problem+json"
CLEAN: Final = {"valid": True, "problems": [], "omitted": 0}
SUPPLY: Final = {"fill": {"orderNumber": "309019201", "channelId": "12"}}


def example(partner: str, name: str = "createOrder.request.main") -> Any:
    value, problems = jsontext.read((built_in_folder() / partner / "examples" / f"{name}.json").read_bytes())
    assert problems == ()
    return value


@dataclass(frozen=True)
class Reply:
    """One answer as it came."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def value(self) -> Any:
        value, problems = jsontext.read(self.raw)
        assert problems == ()
        return value

    @property
    def kind(self) -> str:
        return self.headers["content-type"]


class Client:
    """Calls below a base path, one connection each."""

    def __init__(self, url: str, base: str = "/bridge/v1") -> None:
        self.at = urlsplit(url)
        self.base = base

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection(str(self.at.hostname), self.at.port, timeout=60)
        try:
            connection.request(method, f"{self.base}{path}", body, dict(headers or {}))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, named, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        return self.send("GET", path, None, headers)

    def post(self, path: str, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
        body = value if isinstance(value, bytes) else jsontext.write(value)
        return self.send("POST", path, body, {**JSON, **(headers or {})})


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with live([orderbridge.partner(name) for name in NAMES], Settings()) as url:
        yield Client(url)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Serve in reference mode, with an order of each of two partners by one caller and one by another."""
    database = str(tmp_path_factory.mktemp("orders") / "orders.db")
    partners = [orderbridge.partner(name) for name in NAMES]
    with live(partners, Settings(mode="reference", database=database)) as url:
        client = Client(url)
        partner = Client(url, "")
        place = "/placeorder/api/rest/v1/ecom/integrations/placeOrder"
        assert partner.post(place, example("placeorder"), bearer("one")).status == 200
        cart = {**bearer("one"), "x-store-id": "30182834660443136"}
        assert partner.post("/unisouk/order", example("unisouk"), cart).status == 200
        assert partner.post(place, example("placeorder"), bearer("other")).status == 200
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def keeps(reply: Reply, operation: str) -> Any:
    """Hold an answer against our own contract, and give its value."""
    problems = OWN.validate(reply.raw, message="response", operation=operation, status=reply.status)
    assert problems == []
    declared = OWN.operations[operation].response(str(reply.status))
    assert declared is not None
    assert reply.kind in declared.content
    return reply.value


def refused(reply: Reply, operation: str, status: int, code: str) -> Any:
    value = keeps(reply, operation)
    assert (reply.status, reply.kind, value["status"], value["code"]) == (status, PROBLEM, status, code)
    assert value["request_id"] == reply.headers["x-request-id"]
    return value


# The contract


def test_every_rule_of_our_contract_is_documented() -> None:
    text = (built_in_folder() / "_orderbridge" / "openapi.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"x-evidence: (\S+)", text)) == {"documented"}


def test_every_operation_of_the_contract_answers(client: Client) -> None:
    for each in OWN.operations.values():
        path = re.sub(r"\{[^}]+\}", "nothing", each.path)
        reply = client.send(each.method, path, b"{}" if each.method == "post" else None, JSON)
        assert reply.status in {200, 400, 404}, each.id


# State, partners, matrix


@pytest.mark.parametrize(
    ("path", "operation", "status"), [("/health", "getHealth", "ok"), ("/ready", "getReady", "ready")]
)
def test_the_state_is_told(client: Client, path: str, operation: str, status: str) -> None:
    assert keeps(client.get(path), operation) == {"status": status}


def test_partners_are_listed_with_where_they_are(client: Client) -> None:
    rows = keeps(client.get("/partners"), "listPartners")["partners"]
    assert [each["name"] for each in rows] == NAMES
    assert [each["served_at"] for each in rows] == [f"/{name}" for name in NAMES]
    assert rows[NAMES.index("unisouk")]["operations"] == list(orderbridge.partner("unisouk").operations)


def test_a_partner_alone_is_at_its_own_paths_and_the_others_are_known() -> None:
    with live([orderbridge.partner("unisouk")], Settings()) as url:
        client = Client(url)
        rows = keeps(client.get("/partners"), "listPartners")["partners"]
        assert {each["name"]: each["served_at"] for each in rows} == dict.fromkeys(NAMES) | {"unisouk": ""}
        assert keeps(client.post("/validate/fabric", {}), "validateMessage")["valid"] is False
        assert Client(url, "").get("/nothing").status == 404
        assert client.get("/nothing").value["code"] == "unknown-path"


def test_a_document_without_a_folder_is_served_beside_our_api(tmp_path: Path) -> None:
    from orderbridge.contract.loading import load

    document = {
        "openapi": "3.0.3",
        "info": {"title": "Odd", "version": "1"},
        "paths": {"/odd": {"get": {"operationId": "odd", "responses": {"200": {"description": "odd"}}}}},
    }
    (tmp_path / "odd.json").write_bytes(jsontext.write(document))
    with live([Partner(load(tmp_path / "odd.json", "odd"))], Settings()) as url:
        client = Client(url)
        row = next(each for each in client.get("/partners").value["partners"] if each["name"] == "odd")
        assert (row["translates"], row["served_at"]) == (False, "")
        assert client.get("/docs/odd").status == 200
        refused(client.post("/translate/odd/fabric", {"order": {}}), "translateMessage", 422, "unusable-request")


def test_the_matrix_is_that_of_the_library(client: Client) -> None:
    whole = keeps(client.get("/matrix"), "getMatrix")
    assert len(whole["pairs"]) == len(NAMES) * (len(NAMES) - 1)
    one = keeps(client.get("/matrix?from=fabric&to=unisouk"), "getMatrix")
    assert [(each["source"], each["target"]) for each in one["pairs"]] == [("fabric", "unisouk")]
    assert one["pairs"][0] in whole["pairs"]
    refused(client.get("/matrix?from=fabric&to=fabric"), "getMatrix", 422, "unusable-request")
    refused(client.get("/matrix?from=nobody"), "getMatrix", 404, "unknown-partner")


# Validation


@pytest.mark.parametrize("partner", NAMES)
def test_examples_are_valid_over_http(client: Client, partner: str) -> None:
    found = keeps(client.post(f"/validate/{partner}", example(partner)), "validateMessage")
    assert found == CLEAN


def test_problems_are_those_of_the_library_with_their_places(client: Client) -> None:
    text = b'{\n  "cartId": 12,\n  "paymentMethod": "cod"\n}'
    found = keeps(client.post("/validate/unisouk", text), "validateMessage")
    wanted = orderbridge.partner("unisouk").validate(text)
    assert found["valid"] is False
    assert [(each["code"], each["pointer"], each["line"], each["column"]) for each in found["problems"]] == [
        (each.code, each.pointer, each.line, each.column) for each in wanted
    ]
    assert [each["fix"] for each in found["problems"]] == [each.fix for each in wanted]


def test_answers_statuses_and_levels_are_chosen_in_the_query(client: Client) -> None:
    answer = example("unisouk", "createOrder.200.main")
    path = "/validate/unisouk?message=response&status=200&operation=createOrder&level=inferred"
    assert keeps(client.post(path, answer), "validateMessage") == CLEAN
    refused(client.post("/validate/unisouk?level=certain", answer), "validateMessage", 400, "invalid-request")
    refused(client.post("/validate/unisouk?operation=none", answer), "validateMessage", 404, "unknown-operation")
    refused(client.post("/validate/unisouk?status=200", answer), "validateMessage", 422, "unusable-request")
    refused(client.post("/validate/nobody", answer), "validateMessage", 404, "unknown-partner")
    for hidden in ("_canonical", "_orderbridge"):
        refused(client.post(f"/validate/{hidden}", answer), "validateMessage", 404, "unknown-partner")


def test_more_than_a_thousand_problems_are_counted(client: Client) -> None:
    order = {**example("fabric"), "items": [1] * 1500}
    found = keeps(client.post("/validate/fabric", order), "validateMessage")
    assert (found["valid"], len(found["problems"]), found["omitted"]) == (False, 1000, 500)
    value = refused(client.post("/translate/fabric/unisouk", {"order": order}), "translateMessage", 422, "untranslated")
    assert (len(value["errors"]), len(value["report"]["problems"])) == (1000, 1000)


@pytest.mark.parametrize("body", [b"null", b"0", b'"{}"', b"[]", b"1e300", b"false"])
def test_any_json_is_a_payload(client: Client, body: bytes) -> None:
    found = keeps(client.post("/validate/fabric", body), "validateMessage")
    assert [each["code"] for each in found["problems"]] == ["type"]


@pytest.mark.parametrize(
    ("body", "code"), [(b"{", "malformed-json"), (b'{"a":1,"a":2}', "duplicate-key"), (b"\xff", "not-utf8")]
)
def test_what_is_no_json_is_refused_with_its_problem(client: Client, body: bytes, code: str) -> None:
    wanted = orderbridge.partner("fabric").validate(body)
    value = refused(client.post("/validate/fabric", body), "validateMessage", 400, "malformed")
    assert [(each["code"], each["pointer"]) for each in value["errors"]] == [
        (each.code, f"#{each.pointer}") for each in wanted
    ]
    assert wanted[0].code == code


# Translation


def test_a_translation_is_that_of_the_library(client: Client) -> None:
    order = example("placeorder")
    found = keeps(client.post("/translate/placeorder/fabric", {"order": order, "supply": SUPPLY}), "translateMessage")
    made = orderbridge.translate(order, "placeorder", "fabric", supply=SUPPLY)
    assert (found["order"], found["headers"], found["report"], found["ticket"]) == (
        made.order,
        None,
        json_value(made.report),
        json_value(made.ticket),
    )


def json_value(value: Any) -> Any:
    return jsontext.read(jsontext.write(value))[0]


def test_an_order_comes_home_with_its_ticket(client: Client) -> None:
    order = example("placeorder")
    there = client.post("/translate/placeorder/fabric", {"order": order, "supply": SUPPLY}).value
    body = {"order": there["order"], "ticket": there["ticket"]}
    home = keeps(client.post("/translate/fabric/placeorder", body), "translateMessage")
    assert home["order"] == order
    assert home["report"]["removed_leaves"] == []


def test_what_is_missing_is_named_with_the_report(client: Client) -> None:
    reply = client.post("/translate/placeorder/fabric", {"order": example("placeorder")})
    value = refused(reply, "translateMessage", 422, "untranslated")
    assert [(each["pointer"], each["code"]) for each in value["errors"]] == [
        ("#target:/orderNumber", "required-target-missing"),
        ("#target:/channelId", "required-target-missing"),
    ]
    assert value["report"]["counts"]["target"]["missing"] == 2


def test_a_source_that_breaks_its_contract_is_pointed_at_in_the_request(client: Client) -> None:
    reply = client.post("/translate/unisouk/fabric", {"order": {**example("unisouk"), "paymentMethod": "cod"}})
    value = refused(reply, "translateMessage", 422, "untranslated")
    assert [(each["pointer"], each["code"]) for each in value["errors"]] == [("#/order/paymentMethod", "enum")]


def test_a_plan_gives_the_report_alone(client: Client) -> None:
    body = {"order": example("placeorder")}
    found = keeps(client.post("/translate/placeorder/fabric?mode=plan", body), "translateMessage")
    assert (found["order"], found["report"]["mode"], found["report"]["complete"]) == (None, "plan", False)


def test_headers_are_translated_too(client: Client) -> None:
    context = '{"account":"24char24char24char24char","channel":12,"date":"2023-01-01T00:00:00.000Z","stage":"sandbox"}'
    body = {"order": example("fabric"), "headers": {"x-site-context": context, "authorization": "Bearer hidden"}}
    reply = client.post("/translate/fabric/unisouk?mode=plan", body)
    found = keeps(reply, "translateMessage")
    assert set(found["headers"]) <= {"x-store-id"}
    assert b"hidden" not in reply.raw


def test_a_ticket_travels_in_the_document_under_a_key_that_nobody_shows(client: Client) -> None:
    key = Fernet.generate_key().decode()
    body = {"order": example("placeorder"), "supply": SUPPLY, "carry": "slot", "ticket_key": key}
    reply = client.post("/translate/placeorder/fabric", body)
    there = keeps(reply, "translateMessage")["order"]
    home = client.post("/translate/fabric/placeorder", {"order": there, "ticket_key": key})
    assert keeps(home, "translateMessage")["order"] == example("placeorder")
    other = client.post("/translate/fabric/placeorder", {"order": there, "ticket_key": Fernet.generate_key().decode()})
    refused(other, "translateMessage", 422, "untranslated")
    assert not any(key.encode() in each.raw for each in (reply, home, other))


@pytest.mark.parametrize(("key", "status"), [("no key at all", 422), ("x" * 200, 400), (12, 400)])
def test_a_key_that_is_none_is_refused_and_not_repeated(client: Client, key: Any, status: int) -> None:
    body = {"order": example("placeorder"), "supply": SUPPLY, "carry": "slot", "ticket_key": key}
    reply = client.post("/translate/placeorder/fabric", body)
    assert reply.status == status
    assert reply.kind == PROBLEM
    assert str(key).encode() not in reply.raw.replace(reply.value["request_id"].encode(), b"")


def test_a_lookup_is_a_table_and_never_a_file(client: Client, tmp_path: Path) -> None:
    order = {**example("placeorder")}
    for table in ("table.csv", "/etc/passwd", str(tmp_path)):
        supply = {**SUPPLY, "lookup": {"items.*.itemId": {"by": "sku", "table": table}}}
        reply = client.post("/translate/placeorder/fabric", {"order": order, "supply": supply})
        value = refused(reply, "translateMessage", 400, "invalid-request")
        assert [(each["pointer"], each["code"]) for each in value["errors"]] == [
            ("#/supply/lookup/items.*.itemId/table", "type")
        ]
    supply = {**SUPPLY, "lookup": {"items.*.itemId": {"by": "sku", "table": {"12345": "A", "24680": "B"}}}}
    found = keeps(client.post("/translate/placeorder/fabric", {"order": order, "supply": supply}), "translateMessage")
    assert [each["itemId"] for each in found["order"]["items"]] == ["A", "B"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "#", "required"),
        ({"order": {}, "suply": {}}, "#/suply", "unknown-property"),
        ({"order": {}, "headers": {"a": 1}}, "#/headers/a", "type"),
        ({"order": {}, "carry": "pigeon"}, "#/carry", "enum"),
        ({"order": {}, "ticket": "t"}, "#/ticket", "type"),
    ],
)
def test_requests_are_closed(client: Client, body: Any, pointer: str, code: str) -> None:
    value = refused(client.post("/translate/unisouk/fabric", body), "translateMessage", 400, "invalid-request")
    assert [(each["pointer"], each["code"]) for each in value["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("ticket", [{}, {"ticket": 1}, {"ticket": 1, "source": "unisouk", "target": "fabric"}])
def test_a_ticket_that_is_none_is_refused(client: Client, ticket: Any) -> None:
    reply = client.post("/translate/fabric/placeorder", {"order": example("fabric"), "ticket": ticket})
    value = refused(reply, "translateMessage", 422, "untranslated")
    assert [each["code"] for each in value["errors"]] == ["ticket-unreadable"]


def test_a_partner_is_not_translated_to_somebody_unknown(client: Client) -> None:
    for path in ("/translate/nobody/fabric", "/translate/fabric/nobody", "/translate/_canonical/fabric"):
        refused(client.post(path, {"order": {}}), "translateMessage", 404, "unknown-partner")
    reply = client.post("/translate/unisouk/fabric?operation=getOrder", {"order": {}})
    refused(reply, "translateMessage", 404, "unknown-operation")


def test_numbers_of_thirty_digits_survive(client: Client) -> None:
    long = "123456789012345678901234567890"
    order = jsontext.write(example("fabric"))
    order = order.replace(b'"orderTotal":146.9', f'"orderTotal":{long}.12'.encode())
    assert long.encode() in order
    reply = client.post("/translate/fabric/placeorder?mode=plan", b'{"order":' + order + b"}")
    keeps(reply, "translateMessage")
    assert f'"orderTotal":{long}.12'.encode() in reply.raw
    found = client.post("/validate/unisouk", f'{{"cartId": {long}}}'.encode())
    assert long.encode() in found.raw


def test_a_text_as_an_order_is_a_text(client: Client) -> None:
    reply = client.post("/translate/placeorder/fabric", {"order": json.dumps({"a": 1})})
    value = refused(reply, "translateMessage", 422, "untranslated")
    assert [(each["pointer"], each["code"]) for each in value["errors"]] == [("#/order", "type")]


# Stored orders


def test_a_mock_keeps_no_orders(client: Client) -> None:
    refused(client.get("/orders"), "listOrders", 404, "no-orders-kept")
    refused(client.get("/orders/1"), "readOrder", 404, "no-orders-kept")


def orders_of(kept: Client, token: str, query: str = "") -> list[Any]:
    rows: list[Any] = keeps(kept.get(f"/orders{query}", bearer(token)), "listOrders")["orders"]
    return rows


def test_callers_see_their_own_orders_only(kept: Client) -> None:
    assert [each["partner"] for each in orders_of(kept, "one")] == ["placeorder", "unisouk"]
    assert [each["partner"] for each in orders_of(kept, "other")] == ["placeorder"]
    assert orders_of(kept, "nobody") == []
    assert keeps(kept.get("/orders"), "listOrders") == {"orders": [], "next": None}
    foreign = orders_of(kept, "one", "?partner=unisouk")[0]["id"]
    refused(kept.get(f"/orders/{foreign}", bearer("other")), "readOrder", 404, "unknown-order")
    missing = refused(kept.get("/orders/none", bearer("other")), "readOrder", 404, "unknown-order")
    assert missing["title"] == "there is no such order"


def test_a_misspelt_partner_has_no_orders_to_list(kept: Client) -> None:
    value = refused(kept.get("/orders?partner=unisuok", bearer("one")), "listOrders", 404, "unknown-partner")
    assert "did you mean 'unisouk'" in value["title"]
    first = orders_of(kept, "one")[0]
    refused(kept.get(f"/orders/{first['id']}?partner=unisuok", bearer("one")), "readOrder", 404, "unknown-partner")


def test_orders_are_found_by_partner_and_name_and_page_by_page(kept: Client) -> None:
    first, second = orders_of(kept, "one")
    assert orders_of(kept, "one", "?partner=unisouk") == [second]
    assert orders_of(kept, "one", f"?number={first['id']}") == [first]
    page = keeps(kept.get("/orders?limit=1", bearer("one")), "listOrders")
    assert page["orders"] == [first]
    rest = keeps(kept.get(f"/orders?limit=1&cursor={page['next']}", bearer("one")), "listOrders")
    assert rest == {"orders": [second], "next": None}
    for query in ("?cursor=x", "?limit=0", "?limit=many", "?number="):
        refused(kept.get(f"/orders{query}", bearer("one")), "listOrders", 400, "invalid-request")


def test_an_order_in_its_own_format_is_what_was_sent(kept: Client) -> None:
    for head in orders_of(kept, "one"):
        found = keeps(kept.get(f"/orders/{head['id']}", bearer("one")), "readOrder")
        assert (found["order"], found["complete"]) == (example(head["partner"]), True)
        answer = keeps(kept.get(f"/orders/{head['id']}?message=response", bearer("one")), "readOrder")
        assert head["id"] in jsontext.write(answer["order"]).decode()


@pytest.mark.parametrize("target", NAMES)
def test_an_order_can_be_read_in_any_format(kept: Client, target: str) -> None:
    for head in orders_of(kept, "one"):
        for message in ("request", "response"):
            reply = kept.get(f"/orders/{head['id']}?as={target}&message={message}", bearer("one"))
            found = keeps(reply, "readOrder")
            assert (found["as"], found["partner"]) == (target, head["partner"])
            wanted = orderbridge.partner(target).validate(found["order"], message=message)
            assert [each["code"] for each in found["problems"]] == [each.code for each in wanted]
    refused(
        kept.get(f"/orders/{orders_of(kept, 'one')[0]['id']}?as=nobody", bearer("one")),
        "readOrder",
        404,
        "unknown-partner",
    )


def test_a_name_of_two_orders_has_to_be_told_apart(tmp_path: Path) -> None:
    from orderbridge.store.records import Record
    from orderbridge.store.store import open_store

    settings = Settings(mode="reference", database=str(tmp_path / "orders.db"))
    store = open_store(settings.database)
    for partner in ("fabric", "placeorder"):
        record = Record(partner=partner, owner="anybody", kind="order", id="7", document=example(partner))
        store.run_now(lambda tx, record=record: tx.put(record))  # type: ignore[misc] # the record of this turn
    store.close_now()
    with ExitStack() as stack:
        client = Client(
            stack.enter_context(live([orderbridge.partner("fabric"), orderbridge.partner("placeorder")], settings))
        )
        refused(client.get("/orders/7"), "readOrder", 409, "ambiguous-order")
        assert keeps(client.get("/orders/7?partner=fabric"), "readOrder")["order"] == example("fabric")


# Credentials


def test_a_credential_that_is_none_is_refused(client: Client) -> None:
    reply = client.get("/partners", {"authorization": "Bearer not a token"})
    refused(reply, "listPartners", 401, "unauthenticated")
    assert reply.headers["www-authenticate"].startswith("Bearer ")
    assert client.get("/docs", {"authorization": "Bearer not a token"}).status == 200


# Pages


class Page(HTMLParser):
    """Everything of a page that could load or run something, its links and its anchors."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}:
            self.active.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"src", "style", "srcset", "action"}:
                self.active.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.anchors.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(client: Client, path: str) -> Page:
    reply = client.get(path)
    assert (reply.status, reply.kind) == (200, "text/html; charset=utf-8")
    policy = reply.headers["content-security-policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'; "
        r"frame-ancestors 'none'",
        policy,
    )
    assert reply.headers["x-content-type-options"] == "nosniff"
    found = Page(reply.raw.decode())
    assert (found.active, found.open) == ([], [])
    return found


def test_the_pages_link_to_each_other_and_load_nothing(client: Client) -> None:
    names = [*NAMES, "orderbridge"]
    assert page(client, "/docs").links == [f"docs/{name}" for name in names]
    for name in names:
        found = page(client, f"/docs/{name}")
        assert [link for link in found.links if not link.startswith("#")] == ["../docs", f"{name}/openapi.json"]
        assert {link[1:] for link in found.links if link.startswith("#")} <= found.anchors
        operations = OWN.operations if name == "orderbridge" else orderbridge.partner(name).operations
        assert {f"operation-{each}" for each in operations} <= found.anchors


def test_the_style_is_the_one_that_the_policy_allows(client: Client) -> None:
    from base64 import b64encode
    from hashlib import sha256

    reply = client.get("/docs/fabric")
    style = re.search(rb"<style>(.*)</style>", reply.raw, re.DOTALL)
    assert style is not None
    assert b64encode(sha256(style[1]).digest()).decode() in reply.headers["content-security-policy"]


def test_a_contract_is_escaped_on_its_page() -> None:
    from orderbridge.server import own_page

    assert own_page._text("<script>`<b>`</script>") == "<p>&lt;script&gt;<code>&lt;b&gt;</code>&lt;/script&gt;</p>"  # noqa: SLF001 - the renderer itself


def test_unknown_contracts_have_no_page(client: Client) -> None:
    for name in ("nobody", "_canonical", "_orderbridge"):
        refused(client.get(f"/docs/{name}"), "readDocs", 404, "unknown-partner")
        refused(client.get(f"/docs/{name}/openapi.json"), "readContract", 404, "unknown-partner")


def test_the_document_for_tools_is_what_is_documented(client: Client) -> None:
    found = keeps(client.get("/docs/fabric/openapi.json"), "readContract")
    assert found == json_value(orderbridge.partner("fabric").contract.at("documented").document)


def test_our_own_document_lists_the_names_that_may_be_asked_for(client: Client) -> None:
    schemas = keeps(client.get("/docs/orderbridge/openapi.json"), "readContract")["components"]["schemas"]
    assert schemas["PartnerName"]["enum"] == NAMES
    assert schemas["ContractName"]["enum"] == [*NAMES, "orderbridge"]


def test_other_methods_and_paths_are_refused_as_problem_details(client: Client) -> None:
    reply = client.post("/partners", {})
    assert (reply.status, reply.kind, reply.headers["allow"]) == (405, PROBLEM, "GET, HEAD, OPTIONS")
    reply = client.get("/nothing")
    assert (reply.status, reply.kind, reply.value["code"]) == (404, PROBLEM, "unknown-path")
    head = client.send("HEAD", "/docs/fabric")
    assert (head.status, head.raw) == (200, b"")
    reply = client.send("POST", "/validate/fabric", b"<a/>", {"content-type": "text/xml"})
    assert (reply.status, reply.kind) == (415, PROBLEM)


# The page for people


def test_the_documentation_names_every_call_parameter_and_member() -> None:
    text = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    calls = [f"`{each.method.upper()} /bridge/v1{each.path}`" for each in OWN.operations.values()]
    names = {parameter.name for each in OWN.operations.values() for parameter in each.parameters}
    schemas = OWN.contract.document["components"]["schemas"]
    members = {
        name for schema in ("Translate", "Supply", "Translated", "Verdict") for name in schemas[schema]["properties"]
    }
    words = {*re.findall(r"[a-z_]+", text)}
    assert [call for call in calls if call not in text] == []
    assert {*names, *members} - words == set()


def test_the_documentation_names_every_code_of_ours() -> None:
    text = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src/orderbridge/server").glob("own*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    faults = [each.args for each in calls if isinstance(each.func, ast.Name) and each.func.id == "Fault"]
    codes = {code.value for _, _, code, *_ in faults if isinstance(code, ast.Constant)}
    assert {"unknown-partner", "untranslated", "ambiguous-order"} <= codes
    assert [code for code in map(str, codes) if f"`{code}`" not in text] == []
