"""What Prism minds in recorded exchanges: read from its header, compared with what we mind, sorted by the list."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from orderbridge.api import Partner
from tests.fuzz.planted import CONTRACT
from tests.har import entry
from tools.second_opinions import rows
from tools.violations import Row, Violation, compare, refused_requests, violations

PARTNER: Final = Partner(CONTRACT)
URL: Final = "http://127.0.0.1/items"
SENT: Final = {"x-shop": "north", "authorization": "Bearer a", "content-type": "application/json"}
GOOD: Final = '{"name": "a", "price": 1}'
KEPT: Final = '{"id": "item-1", "name": "a", "price": 1}'
TYPE: Final = {"location": ["request", "body", "price"], "severity": "Error", "code": "type", "message": "is no number"}
SHAPE: Final = {"location": ["response", "body"], "severity": "Error", "code": "required", "message": "lacks an id"}
HEADER: Final = {
    "location": ["request", "header"],
    "severity": "Error",
    "code": "required",
    "message": "Request header must have required property 'x-shop'",
}
ROW: Final = Row("numbers", "request", "type", "/body/.*", "is no .*", "", "for a reason")


def exchange(*minded: Any, body: str = GOOD, status: int = 201, **changed: str | None) -> Any:
    """Write an exchange through Prism; a changed header of the request that is None is left out."""
    sent = {**SENT, **{name.replace("_", "-"): value for name, value in changed.items()}}
    headers = {name: value for name, value in sent.items() if value is not None}
    answered = {"content-type": "application/json", "x-request-id": "1", "location": "/items/item-1"}
    if minded:
        answered["sl-violations"] = json.dumps(minded)
    return entry("POST", URL, headers, body, status=status, answered=answered, text=KEPT)


def test_violations_are_read_from_the_header() -> None:
    assert list(violations(exchange(TYPE, SHAPE))) == [
        Violation("request", "type", "/body/price", "is no number"),
        Violation("response", "required", "/body", "lacks an id"),
    ]
    assert list(violations(exchange())) == []


def test_a_header_that_became_too_long_is_read_as_far_as_it_goes() -> None:
    raw = exchange(TYPE, SHAPE)
    header = raw["response"]["headers"][-1]
    header["value"] = f"Too many violations! {header['value'][:-20]}"
    assert [each.code for each in violations(raw)] == ["type"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type":"https://stoplight.io/prism/errors#NO_SERVER_MATCHED_ERROR","title":"x"}', "NO_SERVER_MATCHED_ERROR"),
        ('{"error":{"code":"invalid_json"}}', "status 400"),
    ],
)
def test_an_answer_that_is_not_ours_is_a_refusal_of_the_request(text: str, code: str) -> None:
    raw = entry("POST", URL, SENT, GOOD, status=400, answered={"content-type": "application/json"}, text=text)
    assert list(violations(raw)) == [Violation("request", code, "", text)]


@pytest.mark.parametrize(("sent", "found"), [("", ""), ("south", "south"), (None, "absent")])
def test_what_was_sent_in_a_header_that_is_minded_is_told(sent: str | None, found: str) -> None:
    (violation,) = violations(exchange(HEADER, x_shop=sent))
    assert violation.sent == found


def test_a_request_that_we_refuse_too_is_agreed_on_whatever_was_answered() -> None:
    broken = exchange(TYPE, body='{"name": "a", "price": "1"}', status=400)
    elsewhere = entry("POST", "http://127.0.0.1/elsewhere", SENT, GOOD)
    assert refused_requests(PARTNER, [broken, exchange(), elsewhere]) == {1, 3}
    found = compare(PARTNER, [broken, exchange()], [])
    assert (found.exchanges, found.agreed, found.listed.total(), found.unlisted) == (2, 1, 0, [])


def test_a_request_that_prism_alone_refuses_has_to_be_listed() -> None:
    found = compare(PARTNER, [exchange(TYPE)], [])
    assert found.unlisted == [f"1 POST {URL}: request type at /body/price: is no number"]
    found = compare(PARTNER, [exchange(TYPE)], [ROW])
    assert (found.agreed, dict(found.listed), found.unlisted) == (0, {"numbers": 1}, [])


def test_a_response_is_never_agreed_on() -> None:
    found = compare(PARTNER, [exchange(SHAPE, body="{}", status=400)], [ROW])
    assert (found.agreed, len(found.unlisted)) == (0, 1)


@pytest.mark.parametrize(("status", "agreed"), [(401, 1), (201, 0)])
def test_whether_a_credential_will_do_is_said_by_the_server(status: int, agreed: int) -> None:
    minded = {"location": ["request"], "severity": "Error", "code": 401, "message": "Invalid security scheme used"}
    found = compare(PARTNER, [exchange(minded, status=status)], [])
    assert (found.agreed, len(found.unlisted)) == (agreed, 1 - agreed)


@pytest.mark.parametrize(
    "violation",
    [
        Violation("response", "type", "/body/a", "is no number"),
        Violation("request", "types", "/body/a", "is no number"),
        Violation("request", "type", "/header", "is no number"),
        Violation("request", "type", "/body/a", "is a number"),
        Violation("request", "type", "/body/a", "is no number", "absent"),
    ],
    ids=["side", "code", "place", "text", "sent"],
)
def test_a_row_covers_what_it_says_and_nothing_else(violation: Violation) -> None:
    assert ROW.covers(Violation("request", "type", "/body/a", "is no number"))
    assert not ROW.covers(violation)


def test_the_list_has_a_reason_for_each_row() -> None:
    listed = rows()
    assert len({each.row for each in listed}) == len(listed) > 0
    assert all(each.reason.endswith(".") for each in listed)
    assert {each.side for each in listed} <= {"request", "response"}
