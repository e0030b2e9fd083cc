"""Tickets as an attacker hands them over: of another order, stale, cut, forged; in the document or beside it."""

from __future__ import annotations

import base64
import json
import math
import zlib
from copy import deepcopy
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography.fernet import Fernet

import orderbridge
from orderbridge import jsontext, laws
from orderbridge.errors import UsageError
from orderbridge.mapping.document import copied, leaves, read, without, write
from orderbridge.translation.ticket import MOST_BYTES, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARTNERS: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS: Final = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(PARTNERS, 2)]
OPENAPI: Final = Path(__file__).parent.parent / "openapi"
# Always the same one: a random key in the name of a test would make each worker collect others.
KEY: Final = base64.urlsafe_b64encode(bytes(range(32)))


@cache
def order(partner: str, name: str = "main") -> Any:
    return jsontext.read((OPENAPI / partner / "examples" / f"createOrder.request.{name}.json").read_bytes())[0]


@cache
def sent(source: str = "fabric", target: str = "unisouk") -> Any:
    return orderbridge.translate(order(source), source, target)


def home(ticket: Any, there: Any = None, came: Any = None, **options: Any) -> Any:
    there = there or sent()
    document = there.draft if came is None else came
    return orderbridge.translate(
        document, there.target.name, there.source.name, **{"ticket": ticket, "check": False, **options}
    )


def refused(made: Any) -> str:
    """Give the one code for which nothing came home, having seen that really nothing did."""
    assert (made.order, made.draft, made.ticket, made.complete) == (None, None, None, False)
    assert (made.report["source_leaves"], made.report["target_leaves"]) == ([], [])
    (problem,) = made.problems
    assert problem.message
    assert problem.fix
    return str(problem.code)


def test_a_ticket_is_json_and_may_travel_as_such() -> None:
    for source, target in permutations(PARTNERS, 2):
        ticket = sent(source, target).ticket
        text = jsontext.write(ticket)
        assert home(jsontext.read(text)[0], sent(source, target)).draft == without(
            order(source), sent(source, target).source.secrets
        )


# Not a ticket


def altered(**members: Any) -> Any:
    return {**sent().ticket, **members}


def nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


UNREADABLE: Final[dict[str, Callable[[], Any]]] = {
    "a number": lambda: 1,
    "a text": lambda: "ticket",
    "bytes": lambda: b"\xff\x00",
    "a list": list,
    "nothing in it": dict,
    "another object": lambda: {"order": {}},
    "an object of Python": object,
    "a set in it": lambda: altered(order={"a": {1, 2}}),
    "a key that is no text": lambda: altered(order={1: 2}),
    "another version": lambda: altered(ticket=2),
    "a version that is true": lambda: altered(ticket=True),
    "no version": lambda: {name: value for name, value in sent().ticket.items() if name != "ticket"},
    "a member more": lambda: altered(note="x"),
    "a short hash": lambda: altered(sha256=sent().ticket["sha256"][:-1]),
    "a hash that is a number": lambda: altered(sha256=5),
    "a source that is a list": lambda: altered(source=["fabric"]),
    "a message that is nothing": lambda: altered(message=None),
    "not a number": lambda: altered(order={"a": math.nan}),
    "infinity": lambda: altered(supply={"fill": {"a": math.inf}}),
    "a number too large": lambda: altered(order={"a": 10**2000}),
    "deep": lambda: altered(order=nested(500)),
    "deeper than Python goes": lambda: altered(order=nested(50_000)),
    "a deep supply": lambda: altered(supply={"fill": nested(500)}),
    "cut": lambda: {name: altered()[name] for name in ("ticket", "source", "target")},
}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("check", [True, False])
def test_what_is_no_ticket_is_refused(what: str, *, check: bool) -> None:
    assert refused(home(UNREADABLE[what](), check=check)) == "ticket-unreadable"


# Another order's, or out of date


FOREIGN: Final[dict[str, Callable[[], Any]]] = {
    "from another partner": lambda: altered(source="ccagent"),
    "to another partner": lambda: altered(target="ccagent"),
    "the wrong way round": lambda: altered(source="unisouk", target="fabric"),
    "of a partner that is none": lambda: altered(source="", target="x" * 10_000),
    "of an answer": lambda: altered(message="response"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_ticket_of_another_way_is_foreign(what: str) -> None:
    assert refused(home(FOREIGN[what]())) == "ticket-foreign"


@pytest.mark.parametrize(
    ("source", "target", "change"),
    [
        ("placeorder", "fabric", {"orderNumber": "2"}),
        ("fabric", "unisouk", {"cartId": "2"}),
        ("fabric", "configurator", {"platform": {"id": "2"}}),
        ("fabric", "ccagent", {"id": "2"}),
    ],
)
def test_a_ticket_of_another_order_is_foreign(source: str, target: str, change: Any) -> None:
    supply = {"fill": {"orderNumber": "1"}} if source == "placeorder" else None
    there = orderbridge.translate(order(source), source, target, supply=supply)
    came = {**there.draft, **change}
    if target == "ccagent":
        there = orderbridge.translate(order(source), source, target, supply={"fill": {"id": "1"}})
        came = {**there.draft, **change}
    assert refused(home(there.ticket, there, came)) == "ticket-foreign"


def reordered() -> Any:
    swapped = deepcopy(sent().ticket["order"])
    swapped["customer"]["name"]["first"] = "Jane"
    return altered(order=swapped)


STALE: Final[dict[str, Callable[[], Any]]] = {
    "another hash": lambda: altered(sha256="0" * 64),
    "a hash of no hexadecimal digits": lambda: altered(sha256="x" * 64),
    "another order": reordered,
    "an empty order": lambda: altered(order={}),
    "an order that is a list": lambda: altered(order=[1]),
    "an order that is null": lambda: altered(order=None),
    "an order that is a text": lambda: altered(order="order"),
    "a supply that was not there": lambda: altered(supply={"fill": {"paymentMethod": "COD"}}),
    "a supply of another form": lambda: altered(supply={"fill": []}),
    "a supply that is a number": lambda: altered(supply=3),
    "a supply that names a file": lambda: altered(supply={"lookup": {"cartId": {"by": "id", "table": "/etc/passwd"}}}),
    "a supply with a path that is none": lambda: altered(supply={"lookup": {"a..b": {"by": "id", "table": {}}}}),
}


@pytest.mark.parametrize("what", STALE)
def test_a_ticket_that_does_not_give_what_was_sent_is_stale(what: str) -> None:
    assert refused(home(STALE[what]())) == "ticket-stale"


def test_a_ticket_is_stale_when_a_mapping_says_something_else_now() -> None:
    # As if the mapping had written another value then: everything is as it was but what the target got.
    ticket = {**sent().ticket, "mappings": dict.fromkeys(("fabric", "unisouk"), "0" * 64)}
    assert home(ticket).draft == without(order("fabric"), sent().source.secrets)
    assert refused(home({**ticket, "sha256": sent("ccagent", "unisouk").ticket["sha256"]})) == "ticket-stale"


def test_a_ticket_needs_the_supply_that_it_was_made_with() -> None:
    there = orderbridge.translate(order("fabric"), "fabric", "unisouk", supply={"fill": {"paymentMethod": "COD"}})
    assert home(there.ticket, there).draft == without(order("fabric"), there.source.secrets)
    less = {name: value for name, value in dict(there.ticket or {}).items() if name != "supply"}
    assert refused(home(less, there)) == "ticket-stale"


@pytest.mark.parametrize("member", ["mappings", "headers"])
@pytest.mark.parametrize("value", [None, 5, [], "x", {"a": ["b"]}])
def test_what_a_ticket_holds_for_information_only_breaks_nothing(member: str, value: Any) -> None:
    assert home(altered(**{member: value})).draft == without(order("fabric"), sent().source.secrets)


def test_floats_in_a_ticket_are_the_decimals_that_they_show() -> None:
    as_floats = json.loads(jsontext.write(sent().ticket))
    assert any(isinstance(value, float) for _, value in leaves(as_floats))
    back = home(as_floats).draft
    assert back == without(order("fabric"), sent().source.secrets)
    assert not any(isinstance(value, float) for _, value in leaves(back))


def test_a_ticket_brings_home_an_order_only() -> None:
    with pytest.raises(UsageError, match="there is no message 'rumour'"):
        home(sent().ticket, message="rumour")
    answer = orderbridge.translate({}, "unisouk", "fabric", "response", ticket={}, check=False)
    assert refused(answer) == "ticket-unreadable"


def test_a_forged_ticket_cannot_bring_secrets_or_fields_that_were_not_sent() -> None:
    forged = deepcopy(sent().ticket)
    forged["order"]["payments"][0]["paymentToken"]["token"] = "forged-token"
    made = home(forged)
    # What a secret's name holds does not reach the receiver, so the hash cannot tell; it must not reach the sender.
    assert "forged-token" not in repr((made.draft, made.report, made.problems))
    assert made.draft == without(order("fabric"), sent().source.secrets)


# In the document itself


@cache
def carried(source: str, target: str) -> Any:
    return orderbridge.translate(order(source), source, target, carry="slot", ticket_key=KEY)


def opened(made: Any, came: Any = None, key: Any = KEY) -> Any:
    document = made.draft if came is None else came
    return orderbridge.translate(document, made.target.name, made.source.name, ticket_key=key, check=False)


def with_slot(made: Any, value: Any) -> Any:
    changed = copied(made.draft)
    assert write(changed, made.target.mapping.slot.at, value)[0]
    return changed


def slot_of(made: Any) -> str:
    return str(read(made.draft, made.target.mapping.slot.at)[0])


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_document_brings_its_own_ticket_home(source: str, target: str) -> None:
    made = carried(source, target)
    plain = orderbridge.translate(order(source), source, target)
    assert made.complete == plain.complete
    assert made.ticket == plain.ticket
    assert opened(made).draft == without(order(source), made.source.secrets)
    assert opened(made, key=KEY.decode()).draft == without(order(source), made.source.secrets)
    assert {each["outcome"] for each in opened(made).source_leaves} <= {"unchanged"}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_slot_is_accounted_for_and_counts_as_no_edit(source: str, target: str) -> None:
    made = carried(source, target)
    assert list(laws.is_accounted_for(made)) == []
    # The ticket beside the document wins, whatever stands in the slot.
    for came in (made.draft, with_slot(made, "nonsense")):
        assert home(made.ticket, made, came).draft == without(order(source), made.source.secrets)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_receiver_cannot_read_the_ticket(source: str, target: str) -> None:
    text = slot_of(carried(source, target))
    assert len(text) <= carried(source, target).target.mapping.slot.max
    assert unseal(text, KEY) == carried(source, target).ticket
    assert "sha256" not in text


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_edit_comes_home_with_the_ticket_in_the_slot(source: str, target: str) -> None:
    made = carried(source, target)
    came, beside = next((came, back) for came, back in edited(made) if back.report["counts"]["source"].get("returned"))
    inside = opened(made, came)
    assert (inside.draft, inside.report) == (beside.draft, beside.report)
    assert inside.draft != without(order(source), made.source.secrets)


def edited(made: Any) -> Iterator[tuple[Any, Any]]:
    """Change one text after the other and bring each home with the ticket beside it."""
    for place, value in leaves(made.draft):
        if isinstance(value, str) and value != slot_of(made):
            came = copied(made.draft)
            write(came, place, f"{value} x")
            yield came, home(made.ticket, made, came)


SLOTS: Final[dict[str, tuple[Any, str]]] = {
    "null": (None, "ticket-lost"),
    "a number": (5, "ticket-unreadable"),
    "an empty text": ("", "ticket-unreadable"),
    "a list": ([], "ticket-unreadable"),
    "an object": ({"ticket": 5}, "ticket-unreadable"),
    "no ASCII": ("é" * 100, "ticket-unreadable"),
    "some text": ("gAAAA" + "x" * 60, "ticket-unreadable"),
    "too long a text": ("A" * (MOST_BYTES + 1), "ticket-unreadable"),
    "a bomb": (Fernet(KEY).encrypt(zlib.compress(b"[" * (MOST_BYTES + 1), 9)).decode(), "ticket-unreadable"),
    "packed, then cut": (Fernet(KEY).encrypt(zlib.compress(b"{}")[:-3]).decode(), "ticket-unreadable"),
    "not packed": (Fernet(KEY).encrypt(b"{}").decode(), "ticket-unreadable"),
    "no JSON": (Fernet(KEY).encrypt(zlib.compress(b"{")).decode(), "ticket-unreadable"),
    "no ticket": (Fernet(KEY).encrypt(zlib.compress(b"[]")).decode(), "ticket-unreadable"),
    "nothing": (Fernet(KEY).encrypt(zlib.compress(b"null")).decode(), "ticket-lost"),
    "deep": (Fernet(KEY).encrypt(zlib.compress(b"[" * 10_000 + b"]" * 10_000)).decode(), "ticket-unreadable"),
}


@pytest.mark.parametrize("what", SLOTS)
def test_what_stands_in_the_slot_instead_is_refused(what: str) -> None:
    value, code = SLOTS[what]
    made = carried("ccagent", "fabric")
    assert refused(opened(made, with_slot(made, value))) == code


def test_another_key_opens_nothing() -> None:
    made = carried("ccagent", "fabric")
    assert refused(opened(made, key=Fernet.generate_key())) == "ticket-unreadable"


@pytest.mark.parametrize("at", [0, 10, 60, -10])
def test_one_changed_letter_shuts_the_ticket(at: int) -> None:
    made = carried("ccagent", "fabric")
    text = slot_of(made)
    changed = [*text]
    changed[at] = "B" if changed[at] != "B" else "C"
    assert refused(opened(made, with_slot(made, "".join(changed)))) == "ticket-unreadable"


def test_a_slot_that_the_receiver_emptied_is_a_lost_ticket() -> None:
    made = carried("ccagent", "fabric")
    came = copied(made.draft)
    del came["attributes"]["orderbridge"]
    assert refused(opened(made, came)) == "ticket-lost"
    del came["attributes"]
    assert refused(opened(made, came)) == "ticket-lost"


def test_a_ticket_of_another_document_does_not_open_this_one() -> None:
    made, other = carried("ccagent", "fabric"), carried("unisouk", "fabric")
    assert refused(opened(made, with_slot(made, slot_of(other)))) == "ticket-foreign"


def test_a_ticket_too_large_for_its_slot_is_named_and_kept_beside() -> None:
    large = {**order("placeorder"), "free": [f"{number:x}" for number in range(10**5, 10**5 + 60_000)]}
    made = orderbridge.translate(large, "placeorder", "ccagent", carry="slot", ticket_key=KEY, check=False)
    assert [each.code for each in made.problems] == ["ticket-too-large"]
    assert not made.complete
    assert "orderbridge" not in made.draft
    assert home(made.ticket, made).draft == large


@pytest.mark.parametrize("key", ["", "short", b"x" * 32, "é" * 44, 5, KEY[:-1]])
def test_a_key_that_is_none_is_wrong_use(key: Any) -> None:
    with pytest.raises(UsageError):
        orderbridge.translate(order("ccagent"), "ccagent", "fabric", carry="slot", ticket_key=key)


@pytest.mark.parametrize("name", ["orderbridge"])
def test_a_sender_cannot_write_into_the_slot(name: str) -> None:
    # Sealed by nobody: the text of somebody who wants his own document opened instead.
    planted = seal(sent("unisouk", "ccagent").ticket, Fernet.generate_key())
    tried = {**order("unisouk"), "extraData": {name: planted}}
    made = orderbridge.translate(tried, "unisouk", "ccagent", check=False)
    assert name not in made.draft
    assert home(made.ticket, made).draft == {**tried, "extraData": {name: planted}}


def test_numbers_in_a_sealed_ticket_are_exact() -> None:
    exact = {**order("fabric"), "orderTotal": Decimal("12.30"), "orderDiscount": 10**29 + 1}
    made = orderbridge.translate(exact, "fabric", "ccagent", carry="slot", ticket_key=KEY, check=False)
    back = opened(made).draft
    assert (str(back["orderTotal"]), back["orderDiscount"]) == ("12.30", 10**29 + 1)
