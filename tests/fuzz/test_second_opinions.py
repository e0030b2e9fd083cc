"""Second opinions of what a fuzzer made: bodies find their messages, a verdict that nobody lists is a finding."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest

from orderbridge import jsontext
from orderbridge.api import Partner
from orderbridge.fuzz.callers import CALLERS
from tests.desk import load
from tests.differential import comparing, corpus
from tests.differential.rival import Message, Refusal
from tests.fuzz.planted import CONTRACT, planted
from tests.har import call, entry
from tools import second_opinions
from tools.fuzz import known_partner
from tools.prism import PROGRAM, proxying
from tools.second_opinions import judged, messages, opinions
from tools.violations import compare, violations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.differential.rival import Finding

NAME: Final = "configurator"
URL: Final = "http://127.0.0.1/api/orders"
JSON: Final = {"content-type": "application/json"}


def refusing(_: bytes) -> list[Refusal]:
    return [Refusal("rule", "", "no")]


def accepting(_: bytes) -> list[Refusal]:
    return []


def rival(*rows: str) -> ModuleType:
    """Make a rival whose rows cover everything."""
    made = ModuleType("rival")

    def covers(finding: Finding) -> bool:
        return finding.message is not None

    made.REASONS = dict.fromkeys(rows, covers)  # type: ignore[attr-defined] # a module is what rivals are
    return made


def test_bodies_find_the_messages_that_they_are() -> None:
    partner = load(NAME)
    made = entry("POST", URL, JSON, "{}", status=400, answered=JSON, text='{"message": "a"}')
    again = entry("POST", URL, JSON, "{}", status=400, answered=JSON, text='{"message": "b"}')
    plain = entry("POST", URL, {"content-type": "text/plain"}, "{}", status=599, answered=JSON, text="{}")
    elsewhere = entry("POST", "http://127.0.0.1/elsewhere", JSON, "{}", answered=JSON, text="{}")
    found = messages(partner, [made, again, plain, elsewhere])
    assert {(each.operation, each.status): texts for each, texts in found.items()} == {
        ("createOrder", None): {b"{}"},
        ("createOrder", "400"): {b'{"message": "a"}', b'{"message": "b"}'},
    }


def test_the_real_rivals_agree_on_an_example_and_on_a_list() -> None:
    request, _ = corpus.messages(NAME)
    texts = {b"[]", jsontext.write(corpus.shown(request)[0])}
    assert list(judged({request: texts}, Counter())) == []


def test_a_disagreement_without_a_row_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    request, _ = corpus.messages(NAME)
    good = jsontext.write(corpus.shown(request)[0])
    other = rival()
    other.NAME, other.oracle = "other", lambda _: refusing  # type: ignore[attr-defined] # a module too
    monkeypatch.setattr(second_opinions, "RIVALS", (other,))
    (found,) = judged({request: {good, b"[]"}}, Counter())
    assert found.startswith(f"other: {NAME} createOrder request: Refusal(rule='rule', pointer='', text='no'): ")


@pytest.mark.parametrize("text", [b"[]", b"{", b'{"a":1,"a":2}'])
def test_what_only_we_refuse_is_unlisted(text: bytes) -> None:
    request, _ = corpus.messages(NAME)
    counts: Counter[str] = Counter()
    assert comparing.unlisted(rival(), counts, request, text, accepting)
    assert comparing.unlisted(rival(), counts, request, text, refusing) == []
    assert counts == Counter()


def test_a_row_that_covers_a_disagreement_is_counted() -> None:
    request, _ = corpus.messages(NAME)
    counts: Counter[str] = Counter()
    good = jsontext.write(corpus.shown(request)[0])
    assert comparing.unlisted(rival("known"), counts, request, good, refusing) == []
    assert counts == {"known": 1}


@pytest.mark.parametrize("other", second_opinions.RIVALS, ids=lambda each: each.NAME)
def test_the_spelling_of_a_number_explains_what_is_said_of_a_union_around_it(other: ModuleType) -> None:
    contract = known_partner("fabric").contract.at("documented")
    body = contract.operations["getOrder"].responses["200"]
    message = Message(contract, "getOrder", "200", str(body.json_schema))
    order = corpus.shown(message)[0]
    oracle = other.oracle(message)
    for value, is_explained in [(Decimal("1.9400633375102628e+21"), True), (Decimal("0.5"), False)]:
        text = jsontext.write({**order, "discounts": [{"value": value}]})
        counts: Counter[str] = Counter()
        assert oracle(text)
        assert comparing.unlisted(other, counts, message, text, oracle) == []
        assert set(counts) == ({"whole-fraction"} if is_explained else set())


def test_nobody_disagrees_without_a_reason() -> None:
    """With Prism where it is installed: `make fuzz` and `make bench` do so where there is Node."""
    program = PROGRAM if PROGRAM.is_file() else None
    found = opinions(partial(known_partner, NAME), program, 1, 2)
    assert found.findings == []
    assert found.messages > 20
    assert str(found).startswith(f"| {NAME} | {found.exchanges} | ")
    assert (found.prism is None) == (program is None)
    assert found.prism is None or found.prism.agreed > 0


@pytest.mark.skipif(not PROGRAM.is_file(), reason="Prism is not installed: `make fuzz` does so where there is Node")
@pytest.mark.parametrize(("fault", "minded"), [("", []), ("answers in another shape", ["/body/price"])])
def test_an_answer_that_breaks_the_contract_is_a_finding_of_prism(
    fault: str, minded: list[str], tmp_path: Path
) -> None:
    document = tmp_path / "contract.json"
    document.write_bytes(jsontext.write(CONTRACT.document))
    headers = {**JSON, **CALLERS[0].headers(CONTRACT), "x-shop": "north"}
    with planted(fault) as upstream, proxying(PROGRAM, document, upstream) as url:
        raw = call(url, "POST", "/items", headers, '{"name": "a", "price": 1}')
    assert raw["response"]["status"] == 201
    assert [each.place for each in violations(raw) if each.side == "response"] == minded
    unlisted = compare(Partner(CONTRACT), [raw], []).unlisted
    assert [": response type at " in each for each in unlisted if ": response" in each] == [True] * len(minded)
