"""Laws of translation: what holds for every order between every two partners, whatever somebody made of it."""

from __future__ import annotations

import json
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext, laws
from orderbridge.api import Partner, partner
from orderbridge.contract.catalogue import catalogue
from orderbridge.mapping.document import leaves, read
from orderbridge.sample.make import make
from orderbridge.sample.mutate import mutants
from orderbridge.translation.side import Side, is_secret
from orderbridge.translation.translating import Request, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTNERS = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(PARTNERS, 2)]
OPENAPI = Path(__file__).parent.parent / "openapi"
FIGURES: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "translation_figures.json").read_bytes())
NAMES = ("sku", "items", "op", "amount", "currency", "cart", "status", "attributes", "payments", "token")


@cache
def side(name: str) -> Side:
    return partner(name).side


@cache
def orders(name: str) -> tuple[tuple[str, Any], ...]:
    """Give every example of an order, the main one first."""
    files = sorted((OPENAPI / name / "examples").glob("createOrder.request.*.json"))
    found = [(file.name.split(".")[2], jsontext.read(file.read_bytes())[0]) for file in files]
    return tuple(sorted(found, key=lambda each: each[0] != "main"))


def made(name: str, count: int) -> Iterator[Any]:
    contract = partner(name).contract
    body = contract.operation().request
    assert body is not None
    assert body.json_schema is not None
    for seed in range(count):
        yield make(contract, body.json_schema, "request", seed)


def corpus(name: str, *, prove: bool) -> Iterator[tuple[str, Any]]:
    """Yield examples, mutants of the main example and orders made from the contract."""
    yield from orders(name)
    main = orders(name)[0][1]
    for mutant in mutants(main, 11, 500 if prove else 40, names=NAMES):
        yield f"{mutant.description} {mutant.pointer}", mutant.value
    for number, order in enumerate(made(name, 200 if prove else 10)):
        yield f"made {number}", order


def breaches_of(source: Side, target: Side, order: Any) -> Iterator[laws.Breach]:
    yield from laws.comes_home(source, target, order)
    yield from laws.compiles_alike(source, target, order)
    yield from laws.free_members_stay_free(source, target, order)
    for request in (Request(), laws.UNCHECKED):
        translated = translate(source, target, order, request)
        yield from laws.is_accounted_for(translated)
        yield from laws.is_complete_when_valid(translated)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_order_comes_home_and_is_accounted_for(source: str, target: str, *, prove: bool) -> None:
    found = [
        (what, breach)
        for what, order in corpus(source, prove=prove)
        for breach in breaches_of(side(source), side(target), order)
    ]
    assert found == []


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_edit_comes_home_alone_or_is_named(source: str, target: str, *, prove: bool) -> None:
    chosen = orders(source) if prove else orders(source)[:1]
    done = [each for _, order in chosen for each in laws.edits(side(source), side(target), order)]
    assert [breach for _, breach in done if breach is not None] == []
    main = [edit for edit, _ in laws.edits(side(source), side(target), orders(source)[0][1])]
    share = sum(edit.returns for edit in main), len(main)
    assert [*share] == FIGURES["edits"][f"{source}-{target}"], "the share of edits that come home has changed"


@pytest.mark.parametrize("name", PARTNERS)
@pytest.mark.parametrize("message", ["request", "response"])
def test_what_a_partner_reads_it_writes(name: str, message: Any) -> None:
    word = "request" if message == "request" else "200"
    files = sorted((OPENAPI / name / "examples").glob(f"createOrder.{word}.*.json"))
    found = [
        (file.name, breach)
        for file in files
        for breach in laws.lifts_again(side(name), jsontext.read(file.read_bytes())[0], message)
    ]
    assert files
    assert found == []


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_no_secret_leaves_its_document(source: str, target: str) -> None:
    for _, order in orders(source):
        secrets = [
            str(value)
            for place, value in leaves(order)
            if is_secret(place, side(source).secrets) and isinstance(value, str) and len(value) > 3
        ]
        for request in (Request(), laws.UNCHECKED):
            assert list(laws.keeps_secrets(translate(side(source), side(target), order, request), secrets)) == []


def test_some_orders_do_hold_secrets() -> None:
    held = [
        place
        for name in PARTNERS
        for _, order in orders(name)
        for place, _ in leaves(order)
        if is_secret(place, side(name).secrets)
    ]
    assert len(held) > 10


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_same_order_gives_the_same_document(source: str, target: str) -> None:
    order = orders(source)[0][1]
    one, other = (translate(side(source), side(target), order, Request()) for _ in range(2))
    assert jsontext.write(one.draft) == jsontext.write(other.draft)
    assert one.report == other.report
    assert one.ticket == other.ticket


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_supplying_a_leaf_changes_no_other(source: str, target: str) -> None:
    order = orders(source)[0][1]
    plain = translate(side(source), side(target), order, Request())
    missing = [gap.place for gap in plain.trip.gaps if all(isinstance(token, str) for token in gap.place)]
    for place in missing:
        supply: Any = {"fill": {}}
        here = supply["fill"]
        for token in place[:-1]:
            here = here.setdefault(token, {})
        here[place[-1]] = "supplied"
        supplied = partner_translate(source, target, order, supply)
        before, after = dict(leaves(plain.draft)), dict(leaves(supplied.draft))
        assert {key: after[key] for key in after if key not in before or before[key] != after[key]} == {
            place: "supplied"
        }
        assert read(supplied.draft, place)[0] == "supplied"


def partner_translate(source: str, target: str, order: Any, supply: Any) -> Any:
    from orderbridge import translate as public

    return public(order, source, target, supply=supply)


@pytest.mark.parametrize("name", PARTNERS)
def test_the_share_that_survives_does_not_fall(name: str) -> None:
    for target in PARTNERS:
        if target == name:
            continue
        kept, all_ = laws.survives(side(name), side(target), orders(name)[0][1])
        before, of = FIGURES["survives"][f"{name}-{target}"]
        assert all_ == of
        assert kept >= before


@pytest.mark.parametrize("base", PARTNERS)
def test_a_partner_of_the_users_own_keeps_the_laws(base: str) -> None:
    known = catalogue([Path(__file__).parent / "data" / "contracts"])
    acme = Partner(known.contract("acme"), known).side
    order = jsontext.read(
        (Path(__file__).parent / "data/contracts/acme/examples/createOrder.request.main.json").read_bytes()
    )[0]
    assert list(breaches_of(acme, side(base), order)) == []
    assert list(breaches_of(side(base), acme, orders(base)[0][1])) == []
    for source, target, document in ((acme, side(base), order), (side(base), acme, orders(base)[0][1])):
        assert [breach for _, breach in laws.edits(source, target, document) if breach is not None] == []
