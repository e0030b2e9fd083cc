"""Five different faults at once in each partner's main example: five problems, each at its line and column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import orderbridge
from orderbridge import pointer
from orderbridge.contract.catalogue import built_in_folder, catalogue

if TYPE_CHECKING:
    from orderbridge.problem import Problem

FAULTS: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "data" / "five_faults.json").read_bytes())
PARTNERS = [entry.name for entry in catalogue().partners]


def main_example(partner: str) -> Any:
    return json.loads((built_in_folder() / partner / "examples" / "createOrder.request.main.json").read_bytes())


def plant(document: Any, fault: dict[str, Any]) -> None:
    parent_path, _, name = fault["path"].rpartition("/")
    parent = pointer.get(document, parent_path)
    if fault["op"] == "remove":
        del parent[name]
    else:
        parent[name] = fault["value"]


def place(text: str, where: str) -> tuple[int, int]:
    """Find a value by another parser than ours: JSON of this kind is YAML, whose nodes know their place."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for token in pointer.split(where):
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(token)]
        else:
            assert isinstance(node, yaml.MappingNode)
            node = next(value for key, value in node.value if key.value == token)
    assert node is not None
    return node.start_mark.line + 1, node.start_mark.column + 1


@pytest.mark.parametrize("partner", PARTNERS)
def test_the_main_example_is_clean(partner: str) -> None:
    assert orderbridge.partner(partner).validate(json.dumps(main_example(partner))) == []


@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_five_faults_give_five_problems_each_at_its_place(partner: str, indent: int | None) -> None:
    document = main_example(partner)
    for fault in FAULTS[partner]:
        plant(document, fault)
    text = json.dumps(document, indent=indent)
    problems = orderbridge.partner(partner).validate(text)
    expected = sorted((fault["code"], fault["pointer"], *place(text, fault["pointer"])) for fault in FAULTS[partner])
    assert sorted(map(located, problems)) == expected
    assert any(problem.severity == "error" for problem in problems)


def located(problem: Problem) -> tuple[str, str, int | None, int | None]:
    return problem.code, problem.pointer, problem.line, problem.column
