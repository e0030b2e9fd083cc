"""The messages that laws are tried on: examples, messages made from contracts, mutants of both, and ways to write them.

Everything is the same in every run: chance comes from seeds only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

from orderbridge import api
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.shape import walk
from orderbridge.sample.make import make
from orderbridge.sample.mutate import mutants
from orderbridge.validation.examples import examples
from tests.differential.rival import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.api import Partner
    from orderbridge.problem import Evidence
    from orderbridge.validation.validator import Validator

CATALOGUE: Final = catalogue()
CONTRACTS: Final = [*(entry.name for entry in CATALOGUE.partners), "_canonical"]
_MADE: Final = 3
"""One message in so many that mutants start from is a made one; the others are examples."""
_LONE: Final = 5
"""Every so manieth mutant is mutated further."""
_FAULTS: Final = 6
_KEPT: Final = 0.8


@cache
def partner(name: str) -> Partner:
    """Give a contract as a partner, the hub's too."""
    return api.Partner(CATALOGUE.contract(name))


@cache
def messages(name: str, level: Evidence = "documented") -> tuple[Message, ...]:
    """Give the create operation's request and its success, at a level."""
    contract = CATALOGUE.contract(name).at(level)
    create = contract.operation("createOrder")
    assert create.request is not None
    assert create.success is not None
    bodies = ((None, create.request), (create.success, create.responses[create.success]))
    return tuple(Message(contract, create.id, status, str(body.content["application/json"])) for status, body in bodies)


def validator(message: Message, level: Evidence = "documented") -> Validator:
    """Give our validator of a message, compiled from the whole contract."""
    return partner(message.contract.name).validator(
        message=message.direction, operation=message.operation, status=message.status, level=level
    )


@cache
def shown(message: Message) -> tuple[Any, ...]:
    """Give the values of a message's examples."""
    found = examples(CATALOGUE.contract(message.contract.name))
    return tuple(each.value for each in found if (each.operation, each.status) == (message.operation, message.status))


def made(message: Message, seeds: range) -> Iterator[Any]:
    """Yield messages made from the schema."""
    for seed in seeds:
        yield make(message.contract, message.schema, message.direction, seed)


def mutated(message: Message, count: int, seed: int) -> Iterator[Any]:
    """Yield mutants of examples and of made messages, each kind of change in turn."""
    bases = [*shown(message), *made(message, range(seed, seed + max(2, len(shown(message)) // _MADE)))]
    each = -(-count // len(bases))
    for index, base in enumerate(bases):
        yield _enlarged(base)
        for number, mutant in enumerate(mutants(base, seed + index, each, names=names(message.contract.name))):
            yield mutant.value
            if number % _LONE == _LONE - 1:
                yield _ruined(mutant.value, seed + number)
                yield _thinned(mutant.value, Random(seed + number))  # noqa: S311 - chance that can be repeated


def _ruined(value: Any, seed: int) -> Any:
    """Add fault upon fault: they hide, repeat and follow from each other."""
    for number in range(_FAULTS):
        # Kinds of change take turns: the last of so many is of another kind each time.
        value = [value, *(mutant.value for mutant in mutants(value, seed + number, 2 + number))][-1]
    return value


def _thinned(value: Any, random: Random) -> Any:
    """Leave members out everywhere: several required ones of one object among them."""
    if isinstance(value, dict):
        return {key: _thinned(each, random) for key, each in value.items() if random.random() < _KEPT}
    return [_thinned(each, random) for each in value] if isinstance(value, list) else value


def _enlarged(value: Any) -> Any:
    """Make every number larger than any machine's integers."""
    if isinstance(value, dict):
        return {key: _enlarged(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_enlarged(each) for each in value]
    return value if value is None or isinstance(value, str | bool) else 10**30


@cache
def names(contract: str) -> tuple[str, ...]:
    """Give all member names that a contract declares."""
    document = CATALOGUE.contract(contract).document
    found = {
        str(node.tokens[-1]) for node in walk(document) if node.kind == "schema" and "properties" in node.tokens[-2:-1]
    }
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Style:
    """A way to write JSON: between tokens, for characters, in which order the members stand."""

    newline: str = ""
    indent: str = ""
    colon: str = ":"
    ascii: bool = False
    shuffled: bool = False


STYLES: Final = {
    "compact": Style(),
    "two spaces": Style("\n", "  ", ": "),
    "tabs, CRLF": Style("\r\n", "\t", "\t:\t"),
    "CRLF, escaped, shuffled": Style("\r\n", "", " : ", ascii=True, shuffled=True),
    "compact, shuffled": Style(shuffled=True),
}


def written(value: Any, style: Style, random: Random, outer: str = "") -> str:
    """Write a value, by code that shares nothing with the writer of the product."""
    inner = style.newline and outer + style.indent
    if isinstance(value, dict):
        members = list(value.items())
        if style.shuffled:
            random.shuffle(members)
        parts = [f"{_text(key, style)}{style.colon}{written(each, style, random, inner)}" for key, each in members]
        return _joined("{}", parts, style, outer)
    if isinstance(value, list):
        return _joined("[]", [written(each, style, random, inner) for each in value], style, outer)
    if isinstance(value, str):
        return _text(value, style)
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def _joined(brackets: str, parts: list[str], style: Style, outer: str) -> str:
    inner = style.newline + (outer + style.indent if style.newline else "")
    if not parts:
        return brackets[0] + style.newline + brackets[1]
    return brackets[0] + inner + f",{inner}".join(parts) + style.newline + outer + brackets[1]


def _text(value: str, style: Style) -> str:
    return json.dumps(value, ensure_ascii=style.ascii)
