"""The account of a translation: what one paragraph says of a report, and of many documents."""

from __future__ import annotations

from typing import Any

from orderbridge.problem import Problem
from orderbridge.render.account import WIDTH, of_many, of_one, reason


def told(text: str) -> str:
    """Take the line ends out, having seen that it is one paragraph of narrow lines."""
    assert text.endswith("\n")
    assert "\n\n" not in text
    assert all(len(line) <= WIDTH or " " not in line for line in text.splitlines())
    return " ".join(text.split())


def report(source: list[Any], target: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "source": {"partner": "acme", "message": "request"},
        "target": {"partner": "umbrella"},
        "mode": "lenient",
        "source_leaves": source,
        "target_leaves": target,
        **more,
    }


def leaf(pointer: str, outcome: str, how: str | None = None, why: str | None = None) -> dict[str, Any]:
    return {"pointer": pointer, "outcome": outcome, "how": how, "why": why}


def cause(pointer: str, word: str) -> dict[str, Any]:
    return {"pointer": pointer, "cause": word}


def test_all_that_arrived_as_it_is_needs_two_sentences() -> None:
    whole = report([leaf("/a", "mapped", "exact")], [cause("/b", "source")])
    assert told(of_one(whole, (), written="order")) == (
        "Of the 1 value in this order of acme, 1 arrived at umbrella. Nothing that umbrella requires is missing."
    )


def test_every_outcome_and_cause_is_said_with_its_places_and_reasons() -> None:
    source = [
        leaf("/a", "mapped", "normalised"),
        leaf("/b", "mapped", "recoded", "a chat is a call"),
        leaf("/c", "carried", "no-home"),
        leaf("/d/0", "carried", "no-image", "too long"),
        leaf("/d/1", "carried", "no-image", "too long"),
        leaf("/e", "carried", "unreadable", "no date"),
        leaf("/card", "withheld"),
    ]
    target = [
        cause("/x", "source"),
        cause("/y", "derived"),
        cause("/z", "supplied"),
        cause("/w", "defaulted"),
        cause("/v", "missing"),
    ]
    assert told(of_one(report(source, target), (), written="order")) == (
        "Of the 7 values in this order of acme, 2 arrived at umbrella (1 is spelt in another way; 1 means something "
        "else now (/b: a chat is a call)). 4 did not arrive and travel in the ticket: 1 has no place there (/c); 2 "
        "cannot be said there (/d/0, /d/1: too long); 1 could not be read (/e: no date). 1 secret was withheld. Of "
        "the 4 values for umbrella, 1 was derived (/y), 1 is a default (/w), 1 was supplied (/z). Nothing that "
        "umbrella requires is missing."
    )


def test_losses_of_one_kind_are_not_counted_twice() -> None:
    one = report([leaf("/a", "dropped", "no-home")], [])
    two = report([leaf("/a", "dropped", "no-home"), leaf("/b", "dropped", "no-home")], [])
    assert "1 did not arrive and was dropped: it has no place there (/a)." in told(of_one(one, (), written="order"))
    assert "2 did not arrive and were dropped: they have no place there (/a, /b)." in told(
        of_one(two, (), written="order")
    )


def test_few_places_stand_for_many() -> None:
    rows = [leaf(f"/a/{number}", "dropped", "no-home") for number in range(1_500)]
    assert "(/a/0, /a/1, /a/2 and 1,497 more)" in told(of_one(report(rows, []), (), written="order"))


def missing(pointer: str, need: str) -> Problem:
    return Problem("required-target-missing", "it is missing", pointer, fix=need)


def test_what_is_missing_is_named_by_where_it_is_obtained_and_rows_stand_for_their_like() -> None:
    problems = [
        missing("/address/city", "ask the store"),
        *(missing(f"/lines/{number}/sku", "look it up") for number in range(5)),
        missing("/address/pin", "ask the store"),
        Problem("type", "a number is wanted", "/total"),
    ]
    whole = report([leaf("/a", "mapped", "exact")], [])
    said = told(of_one(whole, problems, written=None))
    assert said.endswith(
        "7 values that umbrella requires are missing: /address/city, /address/pin (ask the store); /lines/0/sku, "
        "/lines/1/sku, /lines/2/sku and 2 more (look it up). 1 problem: /total: a number is wanted. Nothing is "
        "written."
    )
    assert told(of_one(whole, problems, written="draft")).endswith("What is written is a draft.")
    planned = {**whole, "mode": "plan"}
    assert told(of_one(planned, problems, written=None)).endswith("This order would not be written.")


def test_an_order_that_was_refused_has_only_its_problems() -> None:
    problems = [Problem("required", "`a` is missing"), Problem("ticket-lost", "the order has no ticket")]
    assert told(of_one(report([], []), problems, written=None)) == (
        "2 problems: (root): `a` is missing; (root): the order has no ticket. Nothing is written."
    )


def test_the_way_home_names_every_change_and_what_became_of_it() -> None:
    source = [
        leaf("/a", "unchanged", "equal"),
        leaf("/b", "returned", "edit"),
        leaf("/c", "not-returnable", "was-filled"),
        leaf("/d", "conflict", "conflict", "two cities"),
    ]
    whole = report(source, [], removed_leaves=[leaf("/e", "returned", "row"), leaf("/f", "unchanged", "equal")])
    assert told(of_one(whole, (), written="order")) == (
        "The order of umbrella is back from acme: of its 4 values there, 1 came back unchanged. 2 changes were taken "
        "over (/b, /e). 1 change cannot be taken over: /c (it was not in the order, but supplied or derived on the "
        "way). 1 change contradicts what the order says already, which stays: /d (two cities). Nothing that umbrella "
        "requires is missing."
    )


def test_what_comes_from_a_document_is_escaped() -> None:
    rows = [leaf("/a\x1b[31m", "dropped", "no-image", "b\x9b\n")]
    problems = [Problem("type", "c\u202e", "/d\x07", fix="e")]
    said = of_one(report(rows, []), problems, written=None)
    assert "/a\\u001b[31m: b\\u009b\\n" in told(said)
    assert "/d\\u0007: c\\u202e" in told(said)


def test_many_documents_are_counted() -> None:
    whole = of_many(
        ("acme", "umbrella", "response"),
        (1_003, 1, 2),
        leaves=({"mapped": 12_000, "dropped": 0}, {"source": 11_000}),
        why=[(1_000, reason("required-target-missing", "/lines/*/sku", "look it up")), (1, reason("", "", ""))],
        notes=["One more thing."],
    )
    assert told(whole) == (
        "1,003 answers of acme: 1 became an answer for umbrella, 2 were written as drafts, 1,000 were rejected. Their "
        "values: 12,000 mapped. Values for umbrella: 11,000 source. Why: 1,000 times /lines/*/sku is missing (look it "
        "up); 1 time other reasons. One more thing."
    )


def test_a_reason_says_what_to_do_about_it() -> None:
    assert reason("required", "", "add `items`") == "required at (root) (add `items`)"
    assert reason("ticket-lost", "/a/*", "") == "ticket-lost at /a/*"


def test_a_plan_says_what_would_be() -> None:
    whole = of_many(("acme", "umbrella", "request"), (3, 2, 0), leaves=({}, {}), why=[], is_planned=True)
    assert told(whole) == "3 orders of acme: 2 would become orders for umbrella, 1 would be rejected."
