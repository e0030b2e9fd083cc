"""Answers and errors of the receiver in the sender's terms, with what the order knows and at its places."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge
from orderbridge import jsontext, laws, pointer
from orderbridge.errors import UsageError
from orderbridge.mapping.document import leaves

if TYPE_CHECKING:
    from orderbridge.translation.translating import Translation

PARTNERS: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS: Final = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(PARTNERS, 2)]
OPENAPI: Final = Path(__file__).parent.parent / "openapi"
GATEWAY: Final = "this value was supplied or derived on the way, it was not in the order that was sent"


@cache
def _read(partner: str, name: str) -> Any:
    return jsontext.read((OPENAPI / partner / "examples" / f"createOrder.{name}.json").read_bytes())[0]


def example(partner: str, name: str) -> Any:
    return deepcopy(_read(partner, name))


@cache
def ticket(source: str, target: str, name: str = "main") -> Any:
    return orderbridge.translate(_read(source, f"request.{name}"), source, target).ticket


def answer(source: str, target: str, message: Any, **options: Any) -> Translation:
    """Translate what `target` answered into the terms of `source`, who sent the order."""
    options = {"ticket": ticket(source, target), "check": False, **options}
    return orderbridge.translate(message, target, source, "response", **options)


def error(source: str, target: str, message: Any, status: Any = 400, **options: Any) -> Translation:
    options = {"ticket": ticket(source, target), "check": False, **options}
    return orderbridge.translate(message, target, source, "error", status=status, **options)


# A success


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("with_ticket", [True, False])
def test_every_answer_is_accounted_for(source: str, target: str, *, with_ticket: bool) -> None:
    files = sorted((OPENAPI / target / "examples").glob("createOrder.[245]*.json"))
    assert files
    for file in files[:: 1 if len(files) < 30 else 3]:
        status = file.name.split(".")[1]
        asked: Any = {} if with_ticket else {"ticket": None}
        message = _read(target, file.name.removeprefix("createOrder.").removesuffix(".json"))
        made = (
            answer(source, target, message, **asked)
            if status == "200"
            else error(source, target, message, status, **asked)
        )
        assert made.problems == ()
        assert list(laws.is_accounted_for(made)) == []
        assert (made.ticket, made.headers) == (None, None)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_answer_that_is_called_complete_is_one(source: str, target: str) -> None:
    made = answer(source, target, example(target, "200.main"), check=True)
    problems = orderbridge.partner(source).validate(made.draft, message="response")
    assert made.complete == (not [each for each in problems if each.severity == "error"])
    assert (made.order is None) != made.complete


def test_what_the_answer_leaves_out_is_told_by_the_order() -> None:
    bare = {"orderId": "o-1", "orderNumber": "7"}
    made = answer("unisouk", "fabric", bare)
    assert made.draft["data"]["id"] == "o-1"
    assert made.draft["data"]["buyerInfo"]["email"] == "abc@gmail.com"
    assert made.draft["data"]["shippingDetail"]["pincode"] == 380001
    causes = {row["pointer"]: (row["cause"], row["sources"]) for row in made.target_leaves}
    assert causes["/data/buyerInfo/email"] == ("restored", [])
    assert causes["/data/id"] == ("source", ["/orderId"])
    without = answer("unisouk", "fabric", bare, ticket=None)
    assert "buyerInfo" not in without.draft["data"]


def test_a_contact_is_never_half_of_the_answer_and_half_of_the_order() -> None:
    told = {"orderId": "o-1", "customer": {"name": {"first": "Asha"}}}
    made = answer("unisouk", "fabric", told)
    buyer = made.draft["data"]["buyerInfo"]
    assert (buyer["firstName"], buyer.get("lastName")) == ("Asha", None)
    # An address that the buyer does not have is the recipient's, whole, and not said to be the answer's.
    causes = {row["pointer"]: row["cause"] for row in made.target_leaves}
    assert {name for name in buyer if causes[f"/data/buyerInfo/{name}"] == "source"} == {"firstName"}
    assert made.draft["data"]["shippingDetail"]["firstName"] == "Priya"


def test_lists_are_the_answers_or_the_orders_and_never_mixed() -> None:
    full = _read("configurator", "request.main")["cart"]
    for told, expected in (({"items": [{"sku": "a", "orderedQuantity": 7}]}, [{"count": 7}]), ({}, full)):
        made = answer("configurator", "fabric", {"orderId": "o-1", **told})
        assert made.draft["cart"] == expected


def test_secrets_of_an_answer_are_not_shown() -> None:
    told = {**example("fabric", "200.main"), "payments": [{"paymentToken": {"token": "tok-very-secret"}}]}
    made = answer("ccagent", "fabric", told)
    assert "tok-very-secret" not in repr((made, made.report, made.draft, made.problems))
    assert {"pointer": "/payments/0/paymentToken/token", "outcome": "withheld"} in made.source_leaves


# What is known of one partner's answers is too little to refuse any.
@pytest.mark.parametrize(("source", "target"), [pair for pair in PAIRS if pair.values[1] != "ccagent"])
def test_an_answer_that_breaks_its_contract_is_refused(source: str, target: str) -> None:
    made = answer(source, target, ["no answer"], check=True)
    assert made.draft is None
    assert {each.code for each in made.problems} == {"type"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "ticket-unreadable"),
        ("x", "ticket-unreadable"),
        ({**ticket("unisouk", "fabric"), "order": {}}, "ticket-stale"),
        (ticket("ccagent", "fabric"), "ticket-foreign"),
        (ticket("unisouk", "ccagent"), "ticket-foreign"),
    ],
)
@pytest.mark.parametrize("message", ["response", "error"])
def test_an_answer_with_a_wrong_ticket_is_refused(wrong: Any, code: str, message: str) -> None:
    asked: Any = answer if message == "response" else error
    made = asked("unisouk", "fabric", example("fabric", "200.main"), ticket=wrong)
    assert [each.code for each in made.problems] == [code]
    assert (made.draft, made.order) == (None, None)


# An error


STATUSES: Final = [
    ("fabric", "unisouk", 404, "404"),
    ("fabric", "unisouk", 422, "409"),
    ("fabric", "configurator", 422, "400"),
    ("configurator", "fabric", 400, "422"),
    ("configurator", "ccagent", 431, "413"),
    ("placeorder", "ccagent", 503, "503"),
    ("unisouk", "fabric", 408, "503"),
    ("unisouk", "placeorder", 500, "500"),
    ("unisouk", "ccagent", 599, "500"),
    ("unisouk", "ccagent", 418, "400"),
    ("ccagent", "unisouk", "default", "400"),
]


@pytest.mark.parametrize(("source", "target", "status", "expected"), STATUSES)
def test_a_status_says_the_same_to_the_sender(source: str, target: str, status: Any, expected: str) -> None:
    made: Any = error(source, target, {"message": "No."}, status)
    assert made.status == expected


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("with_ticket", [True, False])
def test_every_error_is_one_of_the_senders(source: str, target: str, *, with_ticket: bool) -> None:
    options: Any = {} if with_ticket else {"ticket": None}
    for file in sorted((OPENAPI / target / "examples").glob("createOrder.[45]*.json")):
        name = file.name.removeprefix("createOrder.").removesuffix(".json")
        made: Any = error(source, target, _read(target, name), name.split(".")[0], **options)
        found = orderbridge.partner(source).validate(made.draft, message="response", status=made.status)
        assert [each for each in found if each.severity == "error"] == []


@pytest.mark.parametrize("options", [{"status": None}, {"status": None, "ticket": None}])
def test_an_error_comes_with_its_status(options: Any) -> None:
    with pytest.raises(UsageError, match="status"):
        error("fabric", "unisouk", {"message": "No."}, **options)


def located(source: str, target: str, message: Any, status: Any, **options: Any) -> list[Any]:
    return [*error(source, target, message, status, **options).draft.get("errors", ())]


def test_a_property_path_leads_to_the_senders_place() -> None:
    told = {
        "message": "The order could not be created.",
        "errors": [
            {"o:errorPath": "shoppingCart.items[1].quantity", "message": "Only 1 is left."},
            {"o:errorPath": "/shoppingCart/items/0", "message": "It is not sold alone."},
            {"o:errorPath": "shoppingCart.items", "message": "Too many."},
            {"o:errorPath": "op", "message": "Not allowed."},
            {"o:errorPath": "shoppingCart.items[7].quantity", "message": "Nobody sent this."},
            {"message": "Something else."},
        ],
    }
    assert located("configurator", "ccagent", told, 400) == [
        {"path": "/cart/1/count", "message": "Only 1 is left."},
        {"path": "/cart/0", "message": "It is not sold alone."},
        {"path": "/cart", "message": "Too many."},
        {"path": "", "message": f"Not allowed. ({GATEWAY})"},
        {"path": "", "message": "Nobody sent this."},
        {"path": "", "message": "Something else."},
    ]


def test_a_pointer_leads_to_the_senders_place() -> None:
    told = {
        "message": "No.",
        "errors": [{"path": "/cart/1/count", "message": "Too many."}, {"path": "/name", "message": "?"}],
    }
    assert located("ccagent", "configurator", told, 422, ticket=ticket("ccagent", "configurator", "variant")) == [
        {"message": "Too many.", "errorCode": "400", "status": "400"},
        {"message": "?", "errorCode": "400", "status": "400"},
    ]
    there = orderbridge.translate(_read("placeorder", "request.main"), "placeorder", "configurator")
    items = "queryInfo.parameters.params.entityInfo.items"
    assert pointer.get(there.draft, "/cart/1/count") == 5
    made = orderbridge.translate(told, "configurator", "ccagent", "error", status=422, check=False)
    assert "o:errorPath" not in made.draft["errors"][0]
    assert items not in str(made.draft)


def test_a_place_in_the_words_of_an_error_becomes_the_senders() -> None:
    sentences = [
        "shippingDetail.pincode must be a number",
        "shippingDetail must be complete",
        "channelType must be one of DEFAULT, ONDC",
        "buyerInfo.isShippingSame must be true",
        "nowhere.at.all must be something",
        "The order has no items",
        "pincode",
    ]
    told = {"requestId": "r", "error": "Bad Request", "statusCode": 400, "message": sentences}
    made = located("ccagent", "unisouk", told, 400)
    assert [(each.get("o:errorPath"), each["message"]) for each in made] == [
        ("shippingAddress.postalCode", "shippingAddress.postalCode must be a number"),
        ("shippingAddress", "shippingAddress must be complete"),
        (None, "channelType must be one of DEFAULT, ONDC"),
        (None, f"buyerInfo.isShippingSame must be true ({GATEWAY})"),
        (None, "nowhere.at.all must be something"),
        (None, "The order has no items"),
        (None, "pincode"),
    ]
    assert error("ccagent", "unisouk", told).draft["message"] == "shippingAddress.postalCode must be a number"
    # Without a ticket nobody knows where anything came from, and nobody guesses.
    alone = located("ccagent", "unisouk", told, 400, ticket=None)
    assert [each["message"] for each in alone] == sentences
    assert not [each for each in alone if "o:errorPath" in each]


def test_what_was_supplied_is_not_blamed_on_the_sender() -> None:
    supply = {"fill": {"shoppingCart": {"items": {"*": {"productId": "p"}}}}}
    there = orderbridge.translate(_read("configurator", "request.main"), "configurator", "ccagent", supply=supply)
    told = {"message": "No.", "errors": [{"o:errorPath": "shoppingCart.items[0].productId", "message": "Not found."}]}
    assert located("configurator", "ccagent", told, 404, ticket=there.ticket) == [
        {"path": "", "message": f"Not found. ({GATEWAY})"}
    ]


@pytest.mark.parametrize(
    "path", ["", "/", "a..b", "[", "x" * 10_000, "/" * 10_000, "shoppingCart.items[99999999999999]", 5, None]
)
def test_no_path_of_an_error_breaks_it(path: Any) -> None:
    told = {"message": "No.", "errors": [{"o:errorPath": path, "message": "Really."}]}
    assert [each["message"] for each in located("configurator", "ccagent", told, 400)] == ["Really."]


@pytest.mark.parametrize(
    "told", [None, [], "text", 5, {}, {"errors": {}}, {"errors": [5, None]}, {"message": {"a": 1}}]
)
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_error_of_any_shape_is_one(source: str, target: str, told: Any) -> None:
    message = told if not isinstance(told, str) else '"text"'
    made: Any = error(source, target, message, 500)
    assert made.status == "500"
    assert list(laws.is_accounted_for(made)) == []
    assert [place for place, _ in leaves(made.draft)] != [()]
