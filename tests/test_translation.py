"""Translation as a caller of the library meets it: what is given, what is refused and why, and what is never shown."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import pytest

import orderbridge
from orderbridge import jsontext, laws, pointer
from orderbridge.codec.codec import Refused, is_same
from orderbridge.codec.registry import CODECS
from orderbridge.errors import UnknownOperationError, UnknownPartnerError, UsageError
from orderbridge.mapping.document import leaves, without

PARTNERS: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS: Final = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(PARTNERS, 2)]
OPENAPI: Final = Path(__file__).parent.parent / "openapi"


@cache
def _read(partner: str, name: str) -> Any:
    value, problems = jsontext.read((OPENAPI / partner / "examples" / name).read_bytes())
    assert problems == ()
    return value


def order(partner: str, name: str = "main") -> Any:
    """Give a copy of an example."""
    return deepcopy(_read(partner, f"createOrder.request.{name}.json"))


def home(there: Any, came: Any = None, **options: Any) -> Any:
    """Bring a draft, or what became of it, home with its ticket."""
    document = there.draft if came is None else came
    options = {"check": False, **options}
    return orderbridge.translate(document, there.target.name, there.source.name, ticket=there.ticket, **options)


def row(rows: list[dict[str, Any]], where: str) -> dict[str, Any]:
    return next(each for each in rows if each["pointer"] == where)


def everything(value: Any) -> str:
    return jsontext.write(value).decode()


# What breaks the sender's contract


BREAKING: Final = {
    "placeorder": {"queryInfo": 5},
    "unisouk": {"cartId": ["33863324215067648"]},
    "fabric": {"orderNumber": None, "items": "none"},
    "ccagent": {"op": 5},
    "configurator": {"cart": [{"count": "two"}]},
}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_order_that_breaks_its_contract_is_refused_with_its_problems(source: str, target: str) -> None:
    broken = order(source) | BREAKING[source]
    made = orderbridge.translate(broken, source, target)
    assert made.problems != ()
    assert list(made.problems) == [
        each for each in orderbridge.partner(source).validate(broken) if each.severity == "error"
    ]
    assert (made.order, made.draft, made.ticket, made.headers, made.complete) == (None, None, None, None, False)
    assert (made.report["source_leaves"], made.report["target_leaves"]) == ([], [])


def test_what_only_breaks_a_weaker_rule_passes() -> None:
    warned = order("unisouk")
    warned["buyerInfo"]["pincode"] = 38000
    found = orderbridge.partner("unisouk").validate(warned)
    assert [each.severity for each in found] == ["warning"]
    made = orderbridge.translate(warned, "unisouk", "ccagent")
    assert made.complete
    assert made.problems == ()
    assert home(made).draft == warned


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1,", b'{"a":1,"a":2}', b"\xff\xfe", "nul", b'{"a": 1e999}', b"[" * 5000]
)
def test_text_that_is_no_json_is_a_finding(text: Any) -> None:
    made = orderbridge.translate(text, "fabric", "unisouk", check=False)
    assert made.problems != ()
    assert (made.draft, made.ticket) == (None, None)
    assert made.report["complete"] is False


@pytest.mark.parametrize("value", [None, True, 5, "an order", [], [1], {}, {"": {"": []}}])
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_any_json_value_is_translated_if_nobody_checks(source: str, target: str, value: Any) -> None:
    made = orderbridge.translate(value if not isinstance(value, str) else f'"{value}"', source, target, check=False)
    assert made.problems == ()
    assert home(made).draft == value
    assert list(laws.is_accounted_for(made)) == []
    assert list(laws.is_accounted_for(home(made))) == []


# What becomes of numbers


def test_a_float_is_the_decimal_of_its_repr() -> None:
    told = {**order("fabric"), "orderTotal": 0.1, "orderDiscount": 19.99}
    made = orderbridge.translate(told, "fabric", "placeorder", check=False)
    assert made.draft["queryInfo"]["parameters"]["params"]["paymentInfo"]["amount"] == Decimal("0.1")
    back = home(made).draft
    assert (back["orderTotal"], back["orderDiscount"]) == (Decimal("0.1"), Decimal("19.99"))
    assert not [value for _, value in leaves([made.draft, made.ticket, back]) if isinstance(value, float)]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("1e400"), 10**1001])
@pytest.mark.parametrize("check", [True, False])
def test_numbers_that_readers_disagree_on_are_out_of_range(number: Any, *, check: bool) -> None:
    made = orderbridge.translate({**order("fabric"), "orderTotal": number}, "fabric", "placeorder", check=check)
    assert [(each.code, each.pointer) for each in made.problems] == [("number-out-of-range", "/orderTotal")]
    assert made.draft is None


@pytest.mark.parametrize(
    "text", ["123456789012345678901234567890", "12.30", "0.000000000000000000000001", "1E+2", "-0"]
)
@pytest.mark.parametrize("target", [name for name in PARTNERS if name != "fabric"])
def test_a_number_keeps_every_digit_there_and_back(text: str, target: str) -> None:
    sent = jsontext.read(everything(order("fabric")).replace('"orderTotal":146.9', f'"orderTotal":{text}'))[0]
    made = orderbridge.translate(sent, "fabric", target, check=False)
    back = home(made).draft["orderTotal"]
    assert back == Decimal(text)
    assert Decimal(str(back)).as_tuple().digits == Decimal(text).as_tuple().digits


def amounts(currency: str, amount: str) -> Any:
    """Make an answer of a partner that counts in the smallest unit, out of one that does not."""
    answer = deepcopy(_read("fabric", "createOrder.200.main.json"))
    answer["currency"] = currency
    answer["orderTotal"] = jsontext.read(amount)[0]
    return orderbridge.translate(answer, "fabric", "unisouk", "response", check=False)


def test_rupees_become_paise_and_no_fraction_of_one() -> None:
    assert amounts("INR", "19.99").draft["data"]["totalAmount"] == 1999
    assert amounts("INR", "20").draft["data"]["totalAmount"] == 2000
    for amount in ("19.999", "0.001"):
        made = amounts("INR", amount)
        assert "totalAmount" not in made.draft["data"]
        assert row(made.source_leaves, "/orderTotal")["how"] == "no-image"


@pytest.mark.parametrize(
    ("currency", "amount", "units"),
    [
        ("EUR", "19.99", 1999),
        ("INR", "0.01", 1),
        ("JPY", "1999", 1999),
        ("KWD", "19.999", 19999),
        ("CLF", "1.2345", 12345),
    ],
)
def test_minor_units_have_the_digits_of_their_currency(currency: str, amount: str, units: int) -> None:
    assert CODECS["minor"].down(amount, currency) == units
    assert CODECS["minor"].same(CODECS["minor"].up(units, currency), amount)


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "19.99"), ("KWD", "19.9999"), (None, "19.99"), ("XXY", "1"), ("EUR", "19.999")]
)
def test_minor_units_are_refused_where_they_are_not_certain(currency: str | None, amount: str) -> None:
    assert isinstance(CODECS["minor"].down(amount, currency), Refused)


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
def test_money_of_another_currency_is_never_read_as_rupees(currency: str) -> None:
    made = amounts(currency, "19.99")
    assert "totalAmount" not in made.draft.get("data", {})
    told = row(made.source_leaves, "/orderTotal")
    assert (told["outcome"], told["how"]) == ("carried", "no-image")
    assert currency in told["why"]


@pytest.mark.parametrize("target", [name for name in PARTNERS if name != "fabric"])
def test_a_postal_code_with_a_leading_zero_never_becomes_a_number(target: str) -> None:
    sent = order("fabric")
    for place, value in list(leaves(sent)):
        if value == "77705":
            pointer.get(sent, pointer.join(place[:-1]))["postalCode"] = "02134"
    made = orderbridge.translate(sent, "fabric", target, check=False)
    assert "02134" in everything(sent)
    assert [place for place, value in leaves(made.draft) if "2134" in str(value) and value != "02134"] == []
    assert home(made).draft == without(sent, made.source.secrets)
    if target == "unisouk":
        told = row(made.source_leaves, "/shipInfo/0/shipToAddress/postalCode")
        assert (told["outcome"], told["how"], told["targets"]) == ("carried", "no-image", [])
        assert "zero" in told["why"]


# Names that a sender may choose


@pytest.mark.parametrize("name", ["op", "payments", "shoppingCart", "profileId", "orderbridge", "__proto__"])
@pytest.mark.parametrize("value", ["submitOrder", {"items": []}, [{"type": "card"}]])
def test_a_free_member_never_becomes_a_field(name: str, value: Any) -> None:
    plain = orderbridge.translate(order("fabric"), "fabric", "ccagent", check=False)
    sent = order("fabric")
    sent["attributes"][name] = value
    made = orderbridge.translate(sent, "fabric", "ccagent", check=False)
    expected = {**plain.draft, name: value} if name == "__proto__" else plain.draft
    assert made.draft == expected
    told = [each for each in made.source_leaves if each["pointer"].startswith(f"/attributes/{name}")]
    assert {each["how"] for each in told} == {"exact" if name == "__proto__" else "no-image"}
    assert home(made).draft == without(sent, made.source.secrets)


# Secrets


SECRETS: Final = ("4111111111111111", "cvv-987-987", "tok-very-secret-1", "pin-4321-pin")


def paid(source: str) -> Any:
    sent = order(source)
    if source == "ccagent":
        sent["payments"] = [{"type": "card", "cardNumber": SECRETS[0], "cardCVV": SECRETS[1], "token": SECRETS[2]}]
        sent["payments"].append({"type": "physicalGiftCard", "giftCardNumber": SECRETS[3]})
    else:
        sent["payments"][0]["paymentToken"]["token"] = SECRETS[2]
        # In a wrong place too: a name is enough.
        sent["customer"]["token"] = SECRETS[3]
    return sent


@pytest.mark.parametrize(("source", "target"), [pair for pair in PAIRS if pair.values[0] in {"ccagent", "fabric"}])
@pytest.mark.parametrize("check", [True, False])
def test_secrets_are_shown_nowhere(source: str, target: str, *, check: bool) -> None:
    made = orderbridge.translate(paid(source), source, target, check=check, headers={"Authorization": SECRETS[2]})
    back = home(made) if made.draft is not None else made
    shown = [made.draft, made.ticket, made.headers, made.report, made.problems, back.draft, back.report, made, back]
    for text in map(repr, shown):
        assert [secret for secret in SECRETS if secret in text] == []
    if made.draft is not None:
        assert made.report["counts"]["source"]["withheld"] >= 2


# Models


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_generated_model_is_an_order(source: str, target: str) -> None:
    pytest.importorskip("pydantic")
    made = orderbridge.translate(order(source), source, target, check=False)
    told = orderbridge.translate(model(source), source, target, check=False)
    outcomes = [{each["pointer"]: each["outcome"] for each in one.source_leaves} for one in (told, made)]
    assert outcomes[0] == outcomes[1]
    before, after = dict(leaves(made.draft)), dict(leaves(told.draft))
    stated = {each["pointer"] for each in made.target_leaves if each["cause"] == "source"}
    assert stated
    assert [place for place in before if pointer.join(place) in stated and not alike(before[place], after[place])] == []


def alike(one: Any, other: Any) -> bool:
    """Compare what was stated as 50000 and as 50000.0: a model holds its numbers as floats."""
    texts = [str(value) for value in (one, other)]
    return is_same(one, other) or Decimal(texts[0]) == Decimal(texts[1])


def model(partner: str) -> Any:
    from orderbridge.translation.models import as_model

    return as_model(orderbridge.partner(partner).side, order(partner), "request")


def test_a_complete_order_is_given_as_a_model() -> None:
    pytest.importorskip("pydantic")
    made = orderbridge.translate(order("placeorder"), "placeorder", "ccagent")
    assert made.complete
    told = made.model().model_dump(mode="json", by_alias=True)
    assert told == json.loads(everything(made.order))


def test_there_is_no_model_of_an_order_that_is_none() -> None:
    assert orderbridge.translate(order("placeorder"), "placeorder", "fabric").model() is None


# Modes


def test_lenient_gives_what_is_complete_and_tells_the_rest() -> None:
    made = orderbridge.translate(order("fabric"), "fabric", "ccagent")
    assert made.order == made.draft
    assert made.report["counts"]["source"]["carried"] > 0


def test_strict_refuses_what_lenient_only_tells() -> None:
    made = orderbridge.translate(order("fabric"), "fabric", "ccagent", mode="strict")
    assert made.complete
    assert made.order is None
    refused = {each["how"] for each in made.refusals}
    assert refused
    assert refused <= {"no-image", "unreadable", "narrowed", "recoded"}
    assert made.draft is not None


def test_strict_gives_what_loses_nothing() -> None:
    sent = {"cart": [{"configurationId": "8ca59966-66ce-4b36-8512-bd1311072231", "count": 1}]}
    sent |= {name: order("configurator")[name] for name in ("orgId", "originOrgId", "customerId", "name")}
    supply = {"fill": {"shoppingCart": {"items": {"*": {"productId": "p", "catRefId": "s"}}}}}
    made = orderbridge.translate(sent, "configurator", "ccagent", mode="strict", supply=supply)
    assert made.refusals == ()
    assert made.order is not None


def test_a_plan_only_tells() -> None:
    made = orderbridge.translate(order("placeorder"), "placeorder", "ccagent", mode="plan")
    assert (made.order, made.complete) == (None, True)
    assert made.report == {**orderbridge.translate(order("placeorder"), "placeorder", "ccagent").report, "mode": "plan"}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_unchecked_gives_the_same_draft_and_calls_nothing_complete(source: str, target: str) -> None:
    checked = orderbridge.translate(order(source), source, target)
    unchecked = orderbridge.translate(order(source), source, target, check=False)
    assert everything(unchecked.draft) == everything(checked.draft)
    assert unchecked.ticket == checked.ticket
    assert (unchecked.order, unchecked.complete, unchecked.problems) == (None, False, ())
    assert unchecked.report["counts"]["target"]["missing"] == 0


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_is_missing_says_where_to_get_it(source: str, target: str) -> None:
    made = orderbridge.translate(order(source), source, target)
    missing = [each for each in made.target_leaves if each["cause"] == "missing"]
    assert made.complete == (missing == [] and made.problems == ())
    assert [each["pointer"] for each in missing if not each.get("need")] == []


# Lines of which little can be said

LINES: Final = {
    "placeorder": ("queryInfo", "parameters", "params", "entityInfo", "items"),
    "fabric": ("items",),
    "ccagent": ("shoppingCart", "items"),
    "configurator": ("cart",),
}


@pytest.mark.parametrize(("source", "target"), [*permutations(LINES, 2)])
def test_no_line_is_lost_because_nothing_of_it_can_be_said(source: str, target: str) -> None:
    sent: Any = [{}, {"zzz": 1}, {}]
    for name in reversed(LINES[source]):
        sent = {name: sent}
    made = orderbridge.translate(sent, source, target, check=False)
    assert len(pointer.get(made.draft, pointer.join(LINES[target]))) == 3
    assert is_same(made.draft, made.trip.lowered.document)


def test_what_a_line_lacks_is_named_and_can_be_supplied() -> None:
    sent = deepcopy(order("placeorder"))
    lines = sent["queryInfo"]["parameters"]["params"]["entityInfo"]["items"]
    del lines[0]["Quantity"]
    bare = orderbridge.translate(sent, "placeorder", "configurator")
    missing = [each["pointer"] for each in bare.target_leaves if each["cause"] == "missing"]
    assert missing == ["/cart/0/configurationId", "/cart/0/count", "/cart/1/configurationId"]
    ids = {each["productId"]: f"8ca59966-66ce-4b36-8512-bd131107223{at}" for at, each in enumerate(lines)}
    table = {"cart.*.configurationId": {"by": "sku", "table": ids}}
    supply = {"fill": {"cart": {"*": {"count": 1}}}, "lookup": table}
    made = orderbridge.translate(sent, "placeorder", "configurator", supply=supply)
    assert made.order is not None
    assert [(each["configurationId"], each["count"]) for each in made.order["cart"]] == [
        *zip(ids.values(), (1, 5), strict=True)
    ]


def test_a_second_destination_is_named_where_another_address_stands_in_for_the_first() -> None:
    sent = deepcopy(order("fabric"))
    sent["shipInfo"].append(deepcopy(sent["shipInfo"][0]) | {"shipToId": "second"})
    del sent["shipInfo"][0]["shipToAddress"]
    made = orderbridge.translate(sent, "fabric", "unisouk", check=False)
    assert made.draft["shippingDetail"]["city"] == sent["payments"][0]["billToAddress"]["city"]
    for leaf in ("name/first", "email", "phone/number", "address1", "city", "postalCode"):
        assert row(made.source_leaves, f"/shipInfo/1/shipToAddress/{leaf}")["how"] == "no-image"


# What cannot be asked


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"mode": "loose"}, UnknownOperationError),
        ({"carry": "pigeon"}, UnknownOperationError),
        ({"carry": "slot"}, UsageError),
        ({"operation": "deleteOrder"}, UnknownOperationError),
        ({"operation": "getOrder"}, UnknownOperationError),
        ({"message": "rumour"}, UnknownOperationError),
        ({"message": "error"}, UsageError),
        ({"headers": "x-a: b"}, UsageError),
        ({"headers": {5: "b"}}, UsageError),
        ({"headers": {"a": math.nan}}, UsageError),
        ({"source": "nobody"}, UnknownPartnerError),
        ({"target": "nobody"}, UnknownPartnerError),
    ],
)
def test_wrong_use_is_said(wrong: dict[str, Any], error: Any) -> None:
    asked = {"source": "fabric", "target": "unisouk", **wrong}
    with pytest.raises(error):
        orderbridge.translate(order("fabric"), **asked)


def test_the_create_operation_is_the_one_that_is_translated() -> None:
    named = orderbridge.translate(order("fabric"), "fabric", "ccagent", operation="createOrder")
    assert named.report == orderbridge.translate(order("fabric"), "fabric", "ccagent").report


@pytest.mark.parametrize("payload", [{1: 2}, {"a": {1, 2}}, object(), {"a": b"bytes"}])
def test_what_has_no_json_form_is_wrong_use(payload: Any) -> None:
    with pytest.raises(UsageError):
        orderbridge.translate(payload, "fabric", "unisouk")


# Meanings that must not be taken for others


@pytest.mark.parametrize("name", ["price", "submit", "preAuthorize", "resend", "newCart"])
@pytest.mark.parametrize("target", [name for name in PARTNERS if name != "ccagent"])
def test_what_is_no_new_order_becomes_none(name: str, target: str) -> None:
    made = orderbridge.translate(order("ccagent", name), "ccagent", target)
    assert made.order is None
    assert not made.complete
    if target == "placeorder":
        assert row(made.source_leaves, "/op")["how"] == "no-image"
    else:
        assert "meaning-contradicted" in {each.code for each in made.problems}


# Headers


def test_headers_are_translated_and_accounted_for() -> None:
    account = "61f2a3b4c5d6e7f809182736"
    made = orderbridge.translate(order("unisouk"), "unisouk", "fabric", headers={"X-Store-Id": account, "X-Trace": "t"})
    assert made.headers == {"x-site-context": f'{{"account":"{account}"}}'}
    rows = [each for each in made.source_leaves if each["pointer"].startswith("header:")]
    assert [(each["pointer"], each["outcome"], each["targets"]) for each in rows] == [
        ("header:x-store-id", "mapped", ["header:x-site-context/account"]),
        ("header:x-trace", "carried", []),
    ]
    assert row(made.target_leaves, "header:x-site-context/account")["sources"] == ["header:x-store-id"]


def test_a_header_that_holds_json_is_read() -> None:
    context = '{"account":"61f2a3b4c5d6e7f809182736","channel":12}'
    made = orderbridge.translate(order("fabric"), "fabric", "unisouk", headers={"x-site-context": context})
    assert made.headers == {"x-store-id": "61f2a3b4c5d6e7f809182736"}
    broken = orderbridge.translate(order("fabric"), "fabric", "unisouk", headers={"x-site-context": context[:-1]})
    assert broken.headers == {}
    assert [gap.place for gap in broken.missing_headers] == [("x-store-id",)]


def test_headers_count_only_where_they_are_given() -> None:
    without_ = orderbridge.translate(order("placeorder"), "placeorder", "ccagent")
    assert (without_.headers, without_.complete) == (None, True)
    supply = json.loads((Path(__file__).parent / "suite/_translation/unisouk_supply.json").read_bytes())
    sent = order("placeorder")
    assert orderbridge.translate(sent, "placeorder", "unisouk", supply=supply).complete
    given = orderbridge.translate(sent, "placeorder", "unisouk", supply=supply, headers={})
    assert not given.complete
    assert given.order is None
    missing = row(given.target_leaves, "header:x-store-id")
    assert (missing["cause"], missing["required"]) == ("missing", "documented")
    assert missing["need"]


@pytest.mark.parametrize(
    "value", ["61f2a3b4c5d6e7f809182736\r\nX-Evil: 1", "61f2a3b4\x00c5d6e7f809182736", "Königs", " a "]
)
def test_a_header_that_cannot_be_sent_is_named(value: str) -> None:
    made = orderbridge.translate(order("fabric"), "fabric", "unisouk", headers={"x-site-context": {"account": value}})
    assert [(each.code, each.pointer) for each in made.header_problems] == [("format", "header:x-store-id")]
    assert not made.complete


def test_json_in_a_header_is_ascii() -> None:
    made = orderbridge.translate(
        order("unisouk"), "unisouk", "fabric", headers={"x-store-id": "Zoë😀" * 10}, check=False
    )
    assert made.headers is not None
    text = made.headers["x-site-context"]
    assert text.isascii()
    assert json.loads(text) == {"account": "Zoë😀" * 10}


def test_a_header_that_the_contract_refuses_is_named() -> None:
    made = orderbridge.translate(order("unisouk"), "unisouk", "fabric", headers={"x-store-id": "short"})
    assert [each.pointer for each in made.header_problems] == ["header:x-site-context/account"]
    assert made.order is None


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Proxy-Authorization"])
def test_credentials_travel_nowhere(name: str) -> None:
    made = orderbridge.translate(order("unisouk"), "unisouk", "fabric", headers={name: "Bearer abc.def"}, check=False)
    assert made.headers == {}
    assert row(made.source_leaves, f"header:{name.lower()}") == {
        "pointer": f"header:{name.lower()}",
        "outcome": "withheld",
    }
    assert "abc.def" not in repr((made.report, made.ticket, made.draft, made.headers, made))


# The account


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_values_are_in_no_report(source: str, target: str) -> None:
    made = orderbridge.translate(order(source), source, target)
    for each in (*made.source_leaves, *made.target_leaves):
        assert "value" not in each
    assert jsontext.read(everything(made.report))[0] == made.report


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_each_leaf_that_was_mapped_is_named_at_both_ends(source: str, target: str) -> None:
    made = orderbridge.translate(order(source), source, target)
    ends = {(each["pointer"], end) for each in made.source_leaves for end in each.get("targets", ())}
    starts = {(start, each["pointer"]) for each in made.target_leaves for start in each.get("sources", ())}
    # Of twins only the one that was read is named as the source.
    assert starts <= ends
    assert {end for _, end in ends} == {end for _, end in starts}
    known = {pointer.join(place) for place, _ in leaves(made.draft)}
    assert {end for _, end in ends} <= known


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_translating_changes_nothing_that_it_is_given(source: str, target: str) -> None:
    sent, supply, headers = order(source), {"fill": {"zzz": {"a": 1}}}, {"x-store-id": "s"}
    made = orderbridge.translate(sent, source, target, supply=supply, headers=headers, check=False)
    came = deepcopy(made.draft)
    home(made, came)
    assert (sent, supply, headers, came) == (
        order(source),
        {"fill": {"zzz": {"a": 1}}},
        {"x-store-id": "s"},
        made.draft,
    )
