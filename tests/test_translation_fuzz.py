"""Translation under fuzz: orders that Schemathesis makes from a partner's contract keep every law at every other.

An order that breaks a law is made as small as it can be and saved in `tests/suite/_translation/found`, from where it is
tried again in every run; it goes in with whatever mends it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from orderbridge import jsontext
from orderbridge.api import partner
from tests.test_translation_laws import PARTNERS, breaches_of, side

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

FOUND: Final = Path(__file__).parent / "suite" / "_translation" / "found"
SEEDS: Final = {False: (1,), True: (1, 2, 3)}
ORDERS: Final = {False: 20, True: 1_000}


@cache
def orders(name: str) -> SearchStrategy[Any]:
    """Make bodies of the create operation, such as the fuzzer of servers sends."""
    contract = partner(name).contract
    operation = contract.operation()
    schema = schemathesis.openapi.from_dict(json.loads(jsontext.write(contract.at("documented").document)))
    made: SearchStrategy[Any] = schema[operation.path][operation.method.upper()].as_strategy(
        generation_mode=GenerationMode.POSITIVE
    )
    return made.map(lambda case: case.body)


def breaches(name: str, body: Any) -> list[str]:
    """Say what is wrong with an order on its way to each other partner."""
    order, problems = jsontext.read(json.dumps(body).encode())
    if problems:
        # Not an order that anybody would be asked to translate: the text itself is refused.
        return []
    return [
        f"{target}: {breach}"
        for target in PARTNERS
        if target != name
        for breach in breaches_of(side(name), side(target), order)
    ]


def fuzz(
    name: str,
    number: int,
    most: int,
    breaches: Callable[[str, Any], list[str]] = breaches,
    folder: Path = FOUND,
) -> int:
    """Try orders and give how many; the smallest that breaks a law is saved in the folder."""
    smallest: list[Any] = []
    tried = 0

    def holds(body: Any) -> None:
        nonlocal tried
        tried += 1
        found = breaches(name, body)
        if found:
            # The last to fail is the smallest.
            smallest[:] = [{"order": body, "breaches": found}]
        assert found == []

    run = settings(
        max_examples=most,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        database=None,
    )(given(orders(name))(holds))
    try:
        seed(number)(run)()
    except AssertionError:
        save(folder / f"{name}.json", smallest[0])
        raise
    return tried


@pytest.mark.parametrize("name", PARTNERS)
def test_made_orders_keep_every_law(name: str, *, prove: bool) -> None:
    for number in SEEDS[prove]:
        assert fuzz(name, number, ORDERS[prove]) >= ORDERS[prove] // 2


def test_an_order_that_breaks_a_law_is_made_small_and_saved(tmp_path: Path) -> None:
    def no_carts(_: str, body: Any) -> list[str]:
        return ["a cart is no order"] if len(body.get("cart", ())) > 1 else []

    for _ in range(2):
        with pytest.raises(AssertionError):
            fuzz("configurator", 2, 200, no_carts, tmp_path)
    (case,) = json.loads((tmp_path / "configurator.json").read_bytes())
    assert case["breaches"] == ["a cart is no order"]
    # The smallest of those that the fuzzer makes, or of the contract's examples, which it takes as well.
    assert len(case["order"]["cart"]) == 2


def save(file: Path, case: dict[str, Any]) -> None:
    """Keep an order that broke a law."""
    known = json.loads(file.read_bytes()) if file.exists() else []
    if case["order"] not in [each["order"] for each in known]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([*known, case], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def test_what_once_broke_a_law_keeps_it_now() -> None:
    for file in sorted(FOUND.glob("*.json")):
        for case in json.loads(file.read_bytes()):
            assert breaches(file.stem, case["order"]) == []
