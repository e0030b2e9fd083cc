"""Each planted fault is found, and by the check that it was planted for; without one nothing is found.

So every check that `orderbridge fuzz` makes is seen to fire, also those for which no contract of ours gives occasion.
"""

from __future__ import annotations

import warnings

import pytest

from orderbridge.fuzz.fuzzing import Outcome, Wanted, fuzz_known
from tests.fuzz.planted import CONTRACT, DRIFT, FAULTS, planted
from tests.fuzz.test_ourselves import CHECKS


def fuzzed(fault: str) -> Outcome:
    with planted(fault) as url, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Schemathesis imports what its own dependencies deprecate
        return fuzz_known(CONTRACT, url, Wanted(1, 30), "reference")


def found(outcome: Outcome) -> set[str]:
    return {check for _, _, check in outcome.tally.failed}


@pytest.mark.parametrize("fault", ["", DRIFT])
def test_a_server_that_keeps_its_contract_is_clean(fault: str) -> None:
    outcome = fuzzed(fault)
    assert (outcome.code, found(outcome)) == (0, set())
    assert set(outcome.tally.checked) == CHECKS


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_by_its_check(fault: str) -> None:
    outcome = fuzzed(fault)
    assert outcome.code == 1
    assert FAULTS[fault] in found(outcome)


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert set(FAULTS.values()) == CHECKS
