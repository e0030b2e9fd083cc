"""The orders that are measured: each partner's main example, the same with five faults, and a made stream of many."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

import orderbridge
from orderbridge import pointer
from orderbridge.contract import dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.validation.validator import Validator

ROOT: Final = Path(__file__).parent.parent
CACHE: Final = ROOT / ".cache" / "bench"
FORMS: Final = ("compact", "pretty")

_FAULTS: Final = ROOT / "tests" / "data" / "five_faults.json"
_SEED: Final = 20_240_229
_INVALID_SHARE: Final = 0.01
_FIRST_NAMES: Final = ("Priya", "Asha", "Rohan", "Vikram", "Zoë", "Ngọc", "मीरा", "José", "Li", "Anastasia")
_LAST_NAMES: Final = ("Patel", "Iyer", "Khan", "O'Neill", "Müller", "Nguyễn", "शर्मा", "García", "Wu", "Papadopoulou")
_CITIES: Final = (("Ahmedabad", "Gujarat"), ("Pune", "Maharashtra"), ("Chennai", "Tamil Nadu"), ("Kochi", "Kerala"))


@dataclass(frozen=True, slots=True)
class Case:
    """A partner's create request with its rules in every form that a rival may want."""

    partner: str
    validator: Validator
    order: Any

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that our validator compiles, for other validators."""
        rules = self.validator
        converted = dialect.convert(rules.contract.document, rules.direction, mark=True)
        return dialect.root(converted, rules.schema)

    @property
    def faulty(self) -> Any:
        """The order with five different faults in it."""
        order = deepcopy(self.order)
        for fault in json.loads(_FAULTS.read_bytes())[self.partner]:
            _plant(order, fault)
        return order


def case(partner: str) -> Case:
    """Read a partner's main example and compile its rules."""
    validator = orderbridge.partner(partner).validator()
    example = validator.contract.folder / "examples" / "createOrder.request.main.json"
    return Case(partner, validator, orjson.loads(example.read_bytes()))


def text(order: Any, form: str) -> bytes:
    """Write an order as programs send it (compact), or as people read it (pretty)."""
    return orjson.dumps(order, option=orjson.OPT_INDENT_2 if form == "pretty" else None)


def write_stream(path: Path, order: Any, lines: int, invalid: float = _INVALID_SHARE) -> int:
    """Write that many different orders, one per line, the same in each run; give how many of them are invalid."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing here is a secret; the seed makes runs comparable
    faulty = frozenset(chance.sample(range(lines), round(lines * invalid)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.writelines(_lines(order, lines, faulty, chance))
    return len(faulty)


def write_cycled(path: Path, source: Path, lines: int) -> None:
    """Write that many lines, those of another file from its first to its last and over again."""
    given = source.read_bytes().splitlines(keepends=True)
    with path.open("wb") as stream:
        for start in range(0, lines, len(given)):
            stream.writelines(given[: lines - start])


def _lines(order: Any, lines: int, invalid: frozenset[int], chance: random.Random) -> Iterator[bytes]:
    for number in range(lines):
        made = _made(order, chance)
        if number in invalid:
            chance.choice(_SINGLE_FAULTS)(made)
        yield orjson.dumps(made, option=orjson.OPT_APPEND_NEWLINE)


def _made(order: Any, chance: random.Random) -> Any:
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    city, state = chance.choice(_CITIES)
    place = {
        "address": f"{chance.randrange(1, 999)} Gandhi Road",
        "city": city,
        "pincode": chance.randrange(110_001, 855_118),
        "state": state,
        "email": f"buyer.{chance.randrange(10**6)}@example.com",
        "phone": str(chance.randrange(6 * 10**9, 10**10)),
    }
    person = {**place, "firstName": first, "lastName": last}
    return {
        **order,
        "cartId": str(chance.randrange(10**16, 10**17)),
        "customerId": str(chance.randrange(10**16, 10**17)),
        "buyerInfo": {**order["buyerInfo"], **person, "isShippingSame": chance.random() < 0.5},  # noqa: PLR2004 - even odds
        "shippingDetail": {**order["shippingDetail"], **person},
        "address": {**order["address"], **place, "name": f"{first} {last}"},
        "extraData": {"amount": chance.randrange(100, 10_000_000) / 100},
    }


def _plant(order: Any, fault: dict[str, Any]) -> None:
    parent_path, _, name = fault["path"].rpartition("/")
    parent = pointer.get(order, parent_path)
    if fault["op"] == "remove":
        del parent[name]
    else:
        parent[name] = fault["value"]


_SINGLE_FAULTS: Final[tuple[Callable[[Any], object], ...]] = (
    lambda order: order.pop("cartId"),
    lambda order: order.update(paymentMethod="CASH"),
    lambda order: order["buyerInfo"].update(pincode=str(order["buyerInfo"]["pincode"])),
    lambda order: order["shippingDetail"].pop("phone"),
    lambda order: order["address"].update(name=None),
)
