"""The cases of `tests/suite/translate`: whole documents and whole accounts, reviewed against the facts."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext
from orderbridge.mapping.document import leaves
from tools.translate_suite import PARTNERS, SUITE, cases, outcome, run

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = list(permutations(PARTNERS, 2))
FILES = sorted(SUITE.rglob("*.json"))


def read(file: Path) -> dict[str, Any]:
    case, problems = jsontext.read(file.read_bytes())
    assert problems == ()
    return dict(case)


def test_every_pair_has_cases() -> None:
    assert {file.parent.name for file in FILES} == {f"{a}-{b}" for a, b in PAIRS}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_case_gives_the_reviewed_document_and_account(file: Path) -> None:
    case = read(file)
    found = outcome(run(case))
    expected = case["expected"]
    assert list(leaves(found.pop("document"))) == list(leaves(expected.pop("document")))
    assert found == expected


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_pair_has_the_cases_that_are_written_for_it(source: str, target: str) -> None:
    there = {file.stem for file in (SUITE / f"{source}-{target}").iterdir()}
    assert there == {name for name, _ in cases(source, target)}
