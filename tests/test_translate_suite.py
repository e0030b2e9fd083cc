"""The cases of `tests/suite/translate`: whole documents and whole accounts, reviewed against the facts."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from orderbridge import jsontext
from orderbridge.mapping.document import leaves
from tools.translate_suite import PARTNERS, SUITE, outcome, run

FILES = sorted(SUITE.rglob("*.json"))


def read(file: Path) -> dict[str, Any]:
    case, problems = jsontext.read(file.read_bytes())
    assert problems == ()
    return dict(case)


def test_every_pair_has_cases() -> None:
    assert {file.parent.name for file in FILES} == {f"{a}-{b}" for a, b in permutations(PARTNERS, 2)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_case_gives_the_reviewed_document_and_account(file: Path) -> None:
    case = read(file)
    made = run(case["source"], case["target"], case["order"], case.get("supply"))
    found = outcome(made)
    expected = case["expected"]
    assert list(leaves(found["document"])) == list(leaves(expected["document"]))
    for member in ("complete", "counts", "source_leaves", "target_leaves"):
        assert found[member] == expected[member]
