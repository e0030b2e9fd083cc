"""Orders that Schemathesis makes from a contract go to every other partner and come home.

A counterexample is made as small as it can be and saved as a case in `tests/suite/_fuzzed/`, where it is tried from
then on. It goes in with whatever mends it, under a name that says what it was.
"""

from __future__ import annotations

import warnings
from functools import cache
from hashlib import sha256
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
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

    from orderbridge.translation.side import Side

FOUND: Final = Path(__file__).parent.parent / "suite" / "_fuzzed"
CASES: Final = sorted(FOUND.glob("*.json"))
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


def fuzz(
    source: str,
    examples: int,
    judge: Callable[[str, str, Any], list[str]],
    folder: Path = FOUND,
) -> int:
    """Take orders to every other partner; give how many. The smallest that breaks a law is saved and raised."""
    tried = 0
    smallest: dict[str, Any] = {}

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @given(orders(source))
    def holds(order: Any) -> None:
        nonlocal tried
        tried += 1
        for target in PARTNERS:
            why = judge(source, target, order) if target != source else []
            if why:
                # The last to fail is the smallest.
                smallest.update(source=source, target=target, why=why, order=order)
            assert why == []

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            holds()
    except AssertionError:
        text = jsontext.write(smallest, indent=2)
        folder.mkdir(exist_ok=True)
        (folder / f"{source}-{sha256(text).hexdigest()[:8]}.json").write_bytes(text + b"\n")
        raise
    return tried


def judged(source: str, target: str, order: Any) -> list[str]:
    found = breaches(known(source).side, known(target).side, order)
    # Schemathesis and we agree on what keeps the contract.
    refused = [] if known(source).validator().allows(order) else ["contract: we do not take what Schemathesis made"]
    return [*refused, *(f"{each.law}: {each.where}: {each.what}" for each in found)]


@pytest.mark.parametrize("source", PARTNERS)
def test_orders_that_a_fuzzer_makes_come_home_from_everywhere(source: str) -> None:
    assert fuzz(source, EXAMPLES, judged) >= EXAMPLES // 2


def test_an_order_that_breaks_a_law_is_made_small_and_saved(tmp_path: Path) -> None:
    def no_carts(_source: str, _target: str, order: Any) -> list[str]:
        return ["a cart is no order"] if len(order.get("cart", ())) > 1 else []

    with pytest.raises(AssertionError):
        fuzz("configurator", 200, no_carts, tmp_path)
    (file,) = tmp_path.glob("configurator-*.json")
    case = jsontext.read(file.read_bytes())[0]
    assert (case["source"], case["target"], case["why"]) == ("configurator", PARTNERS[0], ["a cart is no order"])
    # The smallest of those that the fuzzer makes, or of the contract's examples, which it takes as well.
    assert len(case["order"]["cart"]) == 2


@pytest.mark.parametrize("file", CASES, ids=lambda each: each.stem)
def test_what_a_fuzzer_once_found_holds(file: Path) -> None:
    case = jsontext.read(file.read_bytes())[0]
    assert [*breaches(known(case["source"]).side, known(case["target"]).side, case["order"])] == []
