"""Documents of one shape have one account: what is kept by the shape is what the interpreter works out."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import yamltext
from orderbridge.api import partner, translate
from orderbridge.mapping.document import copied, leaves, without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.shape.shape import Shaper
from orderbridge.translation import report as reports
from orderbridge.translation.accounts import Accounts
from orderbridge.translation.supply import NOTHING, read_supply
from orderbridge.translation.translating import supply_to
from tests.mappings import Grammar
from tests.test_compiling import OPENAPI, PARTNERS, documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Section
    from orderbridge.translation.supply import Supply

PAIRS = [pytest.param(a, b, id=f"{a}-{b}") for a in PARTNERS for b in PARTNERS if a != b]
TEXTS = ("x", "y", "1", "2", "home", "US", "IN", "2026-02-28T10:00:00Z")
OTHERS: tuple[Any, ...] = ("", None, True, False, 0, 1, 2, 10**16, Decimal("1.0"), Decimal("2.50"), {}, [])


def changed(document: Any, place: Place, value: Any) -> Any:
    """Copy a document with another value at a place."""
    whole = holder = copied(document)
    for token in place[:-1]:
        holder = holder[token]
    holder[place[-1]] = value
    return whole


def varied(document: Any, chance: Random) -> Any:
    """Change a few leaves of a document: to other values, or to what stands elsewhere in it."""
    found = [leaf for leaf in leaves(document) if leaf[0]]
    values = [value for _, value in found]
    for place, value in chance.sample(found, min(len(found), chance.choice((1, 1, 2, 8)))):
        document = changed(document, place, another(value, values, chance))
    return document


def another(value: Any, values: list[Any], chance: Random) -> Any:
    """Choose a value for the place of one: mostly of the same kind."""
    luck = chance.random()
    if luck < 0.2:
        return copied(chance.choice(values))
    if luck < 0.4:
        return copied(chance.choice(OTHERS))
    if isinstance(value, str) and value:
        return chance.choice((f"{value[:-1]}{chance.choice('019az')}", *TEXTS))
    return value + 1 if type(value) in {int, Decimal} else value


def variants(given: Iterable[Any], seed: str, number: int) -> Iterator[Any]:
    """Yield documents, each with some that differ from it in a few leaves."""
    chance = Random(seed)  # noqa: S311 - nothing here is a secret
    for each in given:
        yield each
        # Of those that hold nothing there is one shape, and it says nothing.
        yield from (varied(each, chance) for _ in range(number if isinstance(each, dict) and each else 0))


@cache
def supply(source: str, target: str) -> Supply:
    """Read what is shipped for a pair; nothing where nothing is."""
    file = OPENAPI / target / "supplies" / f"{source}.yaml"
    if not file.exists():
        return NOTHING
    return read_supply(yamltext.read(file.read_bytes(), file=file.name).value, file.parent)


class Counting:
    """Gives an account that is known already, and counts how often it is asked for."""

    def __init__(self, rows: Any) -> None:
        """Take the rows."""
        self.rows = rows
        self.times = 0

    def __call__(self) -> Any:
        """Give the rows."""
        self.times += 1
        return self.rows


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_is_kept_of_a_shape_is_what_would_be_worked_out(source: str, target: str, *, prove: bool) -> None:
    one, other, given = partner(source).side, partner(target).side, supply(source, target)
    known, shared = Accounts(one, other, given), 0
    for document in variants(documents(source, "request", prove=prove), f"{source} {target}", 40 if prove else 3):
        made = translate(document, source=source, target=target, check=False, supply=given)
        work_out = Counting((reports.source_leaves(made.trip), reports.written_leaves(made.trip)))
        bare = without(made.document, one.secrets)
        # The first time it is another document's, if there was one of this shape; the second time it is kept.
        for _ in range(2):
            assert known.of(made.document, bare, is_carried=True, work_out=work_out) == work_out.rows
        shared += not work_out.times
    assert shared > 20


def test_rows_that_are_given_are_nobody_elses() -> None:
    case = {"cartId": "1", "extraData": {"a": "x"}}
    for _ in range(3):
        report = translate(case, source="unisouk", target="fabric", check=False).report
        assert report["source_leaves"][0]["targets"] == ["/cartId"]
        assert "mine" not in report["target_leaves"][0]
        report["source_leaves"][0]["targets"].append("/mine")
        report["target_leaves"][0]["mine"] = True


def test_secrets_are_withheld_whatever_the_shape() -> None:
    order = {"op": "createOrder", "payments": [{"type": "card", "amount": "1"}]}
    secret = {"op": "createOrder", "payments": [{"type": "card", "amount": "1", "cardNumber": "4111"}]}
    for document, outcomes in (order, 3), (secret, 4), (order, 3), (secret, 4), (order, 3), (secret, 4):
        made = translate(document, source="ccagent", target="fabric", check=False)
        assert len(made.report["source_leaves"]) == outcomes
        assert made.report["counts"]["source"]["withheld"] == outcomes - 3


# Mappings that nobody wrote

SIDE: Any = SimpleNamespace(secrets_in=lambda _: frozenset(), declares=lambda *_: False)


def account(document: Any, source: Section, target: Section, given: Supply) -> Any:
    """Work out the rows of a translation between two sections."""
    lifted = lift(document, source)
    lowered = lower(lifted.hub, target, reserved=frozenset({"slot"}))
    supply_to(lowered, lifted.hub, given)
    trip = reports.Trip(SIDE, SIDE, "request", document, lifted, lowered, (), carried=True)
    return reports.source_leaves(trip), reports.written_leaves(trip)


def looking_up(chance: Random) -> Supply:
    """Make a supply that looks something up, by a leaf of the order or of its rows."""
    table = {"x": "found", "1": "", "y": {"in": "x"}, "2": "x"}
    paths = ("looked", "a.b", "l1.*.looked", "l2.*.a")
    lookup = {
        path: {"by": chance.choice(("number", "note", "id", "sku", "name")), "table": table}
        for path in chance.sample(paths, chance.randint(0, 2))
    }
    fill = chance.choice(({}, {"a": "filled"}, {"l1": {"*": {"b": "filled"}}}))
    return read_supply({"fill": fill, "lookup": lookup})


@pytest.mark.parametrize("block", range(4))
def test_so_it_is_with_any_mapping(block: int, *, prove: bool) -> None:
    """Change single leaves: whatever leaves the shape as it is must leave the account as it is."""
    same = 0
    for number in range(1_000 if prove else 12):
        grammar = Grammar.of(f"shape {block} {number}")
        source, target = grammar.section(), grammar.section()
        given, chance = looking_up(grammar.random), grammar.random
        shaper = Shaper(source, target, [(each.at, each.by) for each in given.lookups])
        tables = [each.table for each in given.lookups]
        document = grammar.fitting(source.operations)
        shape, rows = shaper.shape(document, tables), account(document, source, target, given)
        for place, _ in leaves(document) if shape is not None and document else ():
            for value in chance.sample((*TEXTS, *OTHERS), 4):
                other = changed(document, place, copied(value))
                if shaper.shape(other, tables) == shape:
                    same += 1
                    assert account(other, source, target, given) == rows, (block, number, place, value)
    assert same > 50
