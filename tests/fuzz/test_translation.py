"""Orders that Schemathesis makes from a contract go to every other partner and come home.

A counterexample is shrunk and printed as a case: put it into `tests/suite/_fuzzed/`, where it is tried from then on.
"""

from __future__ import annotations

import warnings
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from orderbridge import jsontext, laws
from orderbridge.api import Partner, partner
from orderbridge.fuzz.document import document_of
from orderbridge.translation.translating import Request, translate
from orderbridge.validation import plain
from tests.conftest import PROVE
from tools.fuzz import PARTNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from orderbridge.translation.side import Side

CASES: Final = sorted((Path(__file__).parent.parent / "suite" / "_fuzzed").glob("*.json"))
EXAMPLES: Final = 600 if PROVE else 40


@cache
def known(name: str) -> Partner:
    return partner(name)


def orders(name: str) -> SearchStrategy[Any]:
    """Let Schemathesis make orders that keep a partner's contract at `documented`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Schemathesis imports what its own dependencies deprecate
        import schemathesis
        from schemathesis import GenerationMode

        contract = known(name).contract.at("documented")
        operation = contract.operation()
        schema = schemathesis.openapi.from_dict(document_of(contract))
        cases = schema[operation.path][operation.method].as_strategy(generation_mode=GenerationMode.POSITIVE)
        return cases.map(lambda case: plain.exact(case.body)[0])


def breaches(source: Side, target: Side, order: Any) -> Iterator[laws.Breach]:
    """Find what breaks a law: complete is valid, incomplete says why, all is accounted for, and comes home."""
    yield from laws.comes_home(source, target, order)
    yield from laws.compiles_alike(source, target, order)
    for request in (Request(), laws.UNCHECKED):
        made = translate(source, target, order, request)
        yield from laws.is_accounted_for(made)
        yield from laws.is_complete_when_valid(made)


def case_of(source: str, target: str, order: Any, found: list[laws.Breach]) -> str:
    case = {"source": source, "target": target, "why": [f"{each.law}: {each.what}" for each in found], "order": order}
    return f"a case for tests/suite/_fuzzed:\n{jsontext.write(case, indent=2).decode()}"


@pytest.mark.parametrize("source", PARTNERS)
def test_orders_that_a_fuzzer_makes_come_home_from_everywhere(source: str) -> None:
    seen: list[bool] = []

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @given(orders(source))
    def holds(order: Any) -> None:
        seen.append(known(source).validator().allows(order))
        for target in PARTNERS:
            if target != source:
                found = [*breaches(known(source).side, known(target).side, order)]
                assert not found, case_of(source, target, order, found)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        holds()
    assert len(seen) >= EXAMPLES // 2
    # Schemathesis and we agree on what keeps the contract.
    assert all(seen)


@pytest.mark.parametrize("file", CASES, ids=lambda each: each.stem)
def test_what_a_fuzzer_once_found_holds(file: Path) -> None:
    case = jsontext.read(file.read_bytes())[0]
    assert [*breaches(known(case["source"]).side, known(case["target"]).side, case["order"])] == []


def test_a_counterexample_is_a_case_as_it_is_saved() -> None:
    source, target = next(permutations(PARTNERS, 2))
    text = case_of(source, target, {"a": 1}, [laws.Breach("comes-home", "/a", "it differs")]).partition("\n")[2]
    assert jsontext.read(text)[0] == {
        "source": source,
        "target": target,
        "why": ["comes-home: it differs"],
        "order": {"a": 1},
    }
