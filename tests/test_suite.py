"""Runs the suite: `tests/suite/<partner>/*.json` are cases as data, each naming the exact problems."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import orderbridge
from orderbridge import jsontext, pointer
from orderbridge.contract.catalogue import built_in_folder

SUITE = Path(__file__).parent / "suite"
FILES = sorted(path for path in SUITE.glob("[a-z]*/*.json") if path.parent.name != "translate")
CASES = [
    pytest.param(path.parent.name, case, id=f"{path.parent.name}-{path.stem}-{index}")
    for path in FILES
    for index, case in enumerate(json.loads(path.read_bytes()))
]


def patched(document: Any, operations: list[dict[str, Any]]) -> Any:
    """Apply the add, replace and remove of RFC 6902."""
    document = copy.deepcopy(document)
    for operation in operations:
        parent_path, _, token = operation["path"].rpartition("/")
        parent = pointer.get(document, parent_path)
        key: Any = pointer.split(f"/{token}")[0]
        if isinstance(parent, list):
            index = len(parent) if key == "-" else int(key)
            if operation["op"] == "add":
                parent.insert(index, operation["value"])
                continue
            key = index
        if operation["op"] == "remove":
            del parent[key]
            continue
        assert operation["op"] == "add" or key in parent or isinstance(parent, list), f"nothing at {operation['path']}"
        parent[key] = operation["value"]
    return document


def payload(partner: str, case: dict[str, Any]) -> str:
    if "text" in case:
        return str(case["text"])
    if "base" in case:
        base, problems = jsontext.read((built_in_folder() / partner / "examples" / case["base"]).read_bytes())
        assert not problems
    else:
        base = case["value"]
    return jsontext.write(patched(base, case.get("patch", [])), indent=2).decode()


@pytest.mark.parametrize(("partner", "case"), CASES)
def test_case_has_exactly_the_problems_it_names(partner: str, case: dict[str, Any]) -> None:
    text = payload(partner, case)
    problems = orderbridge.partner(partner).validate(
        text,
        operation=case.get("operation"),
        message=case.get("message", "request"),
        status=case.get("status"),
        level=case.get("level", "documented"),
    )
    found = [{"code": each.code, "pointer": each.pointer, "severity": each.severity} for each in problems]
    assert found == case["problems"], case["description"]


def test_every_partner_has_cases() -> None:
    partners = {path.name for path in built_in_folder().iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert partners <= {path.parent.name for path in FILES}
