"""The reference server: `tests/suite/_reference/<partner>.json` are conversations as data, held through the real gate.

A step is a call with what its answer has to be, or a stored order read in another partner's format. What is saved of
an answer is written `$name` later; `~` is a pattern, `#` any number, `*n` a text of n characters.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge import jsontext, pointer
from tests.desk import SUITE, Desk, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.api import Partner

FILES: Final = sorted(SUITE.glob("*.json"))
CONVERSATIONS: Final = [
    pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}")
    for path in FILES
    for case in jsontext.read(path.read_bytes())[0]["cases"]
]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Desk]:
    """Serve each partner once; conversations have callers of their own, and so never meet."""
    made: dict[str, Desk] = {}

    def desk(name: str) -> Desk:
        if name not in made:
            made[name] = serve(name, str(tmp_path_factory.mktemp(name) / "orders.db"))
        return replace(made[name], saved={}, tokens={})

    return desk


def value_at(document: Any, place: str) -> Any:
    try:
        return pointer.get(document, place)
    except LookupError:
        return "(nothing)"


def is_as(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str) and wanted.startswith("~"):
        return isinstance(value, str) and re.fullmatch(wanted[1:], value) is not None
    if wanted == "#":
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(wanted, dict) and isinstance(value, dict):
        return wanted.keys() == value.keys() and all(is_as(value[name], each) for name, each in wanted.items())
    return bool(value == wanted)


def faults(step: dict[str, Any], value: Any, at: Desk) -> list[str]:
    found = [
        f"{place or '(root)'} is {value_at(value, place)!r}, not {wanted!r}"
        for place, wanted in at.filled(step.get("expect", {})).items()
        if not is_as(value_at(value, place), wanted)
    ]
    for place, other in step.get("repeats", {}).items():
        if value_at(value, place) != value_at(step["sent"], other):
            found.append(f"{place} is {value_at(value, place)!r} and does not repeat {value_at(step['sent'], other)!r}")
    found += [f"{place} is there" for place in step.get("absent", []) if value_at(value, place) != "(nothing)"]
    at.saved.update({name: pointer.get(value, place) for name, place in step.get("save", {}).items()})
    one, other = step.get("differ", [None, None])
    return [*found, *([f"{one} and {other} are equal"] if one and at.saved[one] == at.saved[other] else [])]


def broken(partner: Partner, step: dict[str, Any], content: bytes) -> list[str]:
    """Say what of an answer breaks the contract, where the contract knows such an answer."""
    operation, status = step["call"], step["status"]
    if partner.operations[operation].response(str(status)) is None:
        return []
    problems = partner.validate(content, message="response", operation=operation, status=status)
    # Our own reader takes numbers of any size; a caller's makes doubles of them.
    sizes: list[float] = []

    def note(text: str) -> None:
        sizes.append(float(text))

    json.loads(content, parse_int=note, parse_float=note)
    infinite = ["a number is more than a double can hold"] if any(map(math.isinf, sizes)) else []
    return [*infinite, *(each.message for each in problems if each.severity == "error")]


EXPRESSION: Final = re.compile(r"\$(request|response)\.(?:body#(?P<body>/.*)|header\.(?P<header>.+))")


def meant(expression: Any, said: dict[str, Any], headers: dict[str, str]) -> Any:
    """Work out what a link takes over from a call and its answer."""
    if isinstance(expression, dict):
        return {name: meant(each, said, headers) for name, each in expression.items()}
    found = EXPRESSION.fullmatch(expression)
    if found is None:
        return expression
    return headers[found["header"]] if found["header"] else value_at(said[found[1]], found["body"])


def followed(link: dict[str, Any], said: dict[str, Any], at: Desk) -> dict[str, Any]:
    """Turn a link into a step."""
    step: dict[str, Any] = {"call": link["operationId"], "status": 200, "path": {}, "query": {}, "headers": {}}
    declared = {each.name: each.location for each in at.partner.operations[step["call"]].parameters}
    for name, expression in link.get("parameters", {}).items():
        where, _, plain = name.rpartition(".")
        place = where or declared[plain]
        step["headers" if place == "header" else place][plain] = meant(expression, said, at.headers)
    if "requestBody" in link:
        step["body"] = meant(link["requestBody"], said, at.headers)
    return step


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.stem != "acme"])
def test_links_of_a_created_order_lead_to_it(desks: Callable[[str], Desk], name: str) -> None:
    at = desks(name)
    step = {"call": "createOrder", "example": "main", "status": 200}
    answer = asyncio.run(at.send(step))
    said = {"request": step["sent"], "response": jsontext.read(answer.content)[0]}
    operation = at.partner.operations["createOrder"]
    links = pointer.get(at.partner.contract.document, operation.responses["200"].pointer)["links"]
    steps = [followed(link, said, at) for link in links.values()]
    # An order that was just opened has no link that only a submitted one has.
    possible = [each for each in steps if "(nothing)" not in {*each["path"].values(), *each["query"].values()}]
    assert possible
    assert [asyncio.run(at.send(each)).status_code for each in possible] == [200] * len(possible)


@pytest.mark.parametrize(("name", "case"), CONVERSATIONS)
def test_a_conversation_goes_as_it_is_written(desks: Callable[[str], Desk], name: str, case: dict[str, Any]) -> None:
    at = desks(name)
    for number, step in enumerate(case["steps"]):
        if "read" in step:
            value = at.read(step)
        else:
            answer = asyncio.run(at.send(step))
            assert answer.status_code == step["status"], f"step {number}: {answer.text}"
            value, problems = jsontext.read(answer.content)
            assert problems == ()
            assert broken(at.partner, step, answer.content) == [], f"step {number}"
        assert faults(step, jsontext.read(jsontext.write(value))[0], at) == [], f"step {number}"
