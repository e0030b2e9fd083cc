"""What plain lines of a mapping leave behind is kept from order to order; it is what every line would work out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orderbridge.api import partner
from orderbridge.mapping.document import without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.plans import MOST_ROWS
from tests.mappings import Grammar
from tests.test_compiling import MESSAGES, PAIRS, documents, examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.operations import Message, Section

RESERVED = frozenset({"slot"})


def account(document: Any, source: Section, target: Section) -> Iterator[Any]:
    """Yield all that lifting and lowering tell, in the order in which they tell it."""
    lifted = lift(document, source)
    yield repr(lifted.hub)
    yield from map(list, (lifted.reads.items(), lifted.rows.items(), lifted.marks.items(), lifted.implied.items()))
    lowered = lower(lifted.hub, target, reserved=RESERVED)
    yield repr(lowered.document)
    yield from map(list, (lowered.causes.items(), lowered.rows.items(), lowered.no_images))


def worked_out_anew(monkeypatch: pytest.MonkeyPatch, document: Any, source: Section, target: Section) -> list[Any]:
    with monkeypatch.context() as patch:
        for kind in ("lifting._Lifter", "lowering._Lowerer"):
            patch.setattr(f"orderbridge.mapping.{kind}.plain", lambda *_: False)
        return [*account(document, source, target)]


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_kept_is_what_would_be_worked_out(
    source: str, target: str, message: Message, monkeypatch: pytest.MonkeyPatch, *, prove: bool
) -> None:
    one, other = partner(source).side, partner(target).side
    from_, to = one.section(message), other.section(message)
    for document in documents(source, message, prove=prove):
        bare = without(document, one.secrets)
        assert [*account(bare, from_, to)] == worked_out_anew(monkeypatch, bare, from_, to)


@pytest.mark.parametrize("block", range(4))
def test_so_it_is_with_any_mapping(block: int, monkeypatch: pytest.MonkeyPatch, *, prove: bool) -> None:
    for number in range(200 if prove else 20):
        grammar = Grammar.of(f"plain {block} {number}")
        source, target = grammar.section(), grammar.section()
        for document in grammar.documents(8):
            anew = worked_out_anew(monkeypatch, document, source, target)
            assert [*account(document, source, target)] == anew, (block, number, document)


@pytest.mark.parametrize(("source", "rows"), [("fabric", "payments"), ("fabric", "items")])
def test_more_rows_than_are_kept_have_their_own_places(source: str, rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order = examples(source, "request")[0]
    document = {**order, rows: [order[rows][0]] * (3 * MOST_ROWS)}
    from_, to = partner(source).side.section("request"), partner("configurator").side.section("request")
    places = [place for place, mark in lift(document, from_).marks.items() if mark.hub is not None]
    assert len({place[1] for place in places if place[0] == rows}) == 3 * MOST_ROWS
    for _ in range(2):
        assert [*account(document, from_, to)] == worked_out_anew(monkeypatch, document, from_, to)
