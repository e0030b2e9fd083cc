"""Each planted fault is found, and by the check that it was planted for; without one nothing is found.

So every check that `orderbridge fuzz` makes is seen to fire, also those for which no contract of ours gives occasion.
What the fuzzer said and heard is recorded and audited: an audit names what contradicts the contract within one
exchange, and the two faults that the fuzzer does not find. What takes two exchanges to see is the fuzzer's alone.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge.cli.main import run
from orderbridge.fuzz.fuzzing import Outcome, Wanted, fuzz_known
from tests.fuzz.planted import CONTRACT, DRIFT, FAULTS, MEDIA_TYPE, planted
from tests.fuzz.test_ourselves import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable

SPEC: Final = str(Path(__file__).with_name("planted.yaml"))
NONE: Final = ""
AUDITED: Final[dict[str, set[tuple[str, str, int]]]] = {
    "breaks on a dear item": {("status-undocumented", "response", 500)},
    "answers with another status": {("status-undocumented", "response", 202)},
    "answers in another media type": {("media-type-undocumented", "response", 201)},
    "answers in another shape": {("type", "response", 200), ("type", "response", 201)},
    "forgets a header of the answer": {("required", "response", 201)},
    "takes invalid items": {("type", "request", 201), ("minimum", "request", 201)},
    "does without a required header": {("required", "request", 201), ("required", "request", 204)},
    "does not look at credentials": {("security-missing", "request", 200), ("security-missing", "request", 201)},
    "answers every method": {("method-undocumented", "request", 200)},
    MEDIA_TYPE: {("media-type-undocumented", "request", 201)},
}
"""Fault -> what an audit names among its errors: the code, whose it is, and the status of the answer."""
NEVER_IN_ONE_EXCHANGE: Final = {
    "refuses some valid items",
    "says nothing of the methods it knows",
    "names methods it does not know",
    "gives what was removed",
    "does not find what was just made",
    "gives what is somebody else's",
}
"""Faults whose every single exchange keeps the contract as it is written: the fuzzer's alone."""


def fuzzed(fault: str, folder: Path) -> Outcome:
    """Fuzz the shop, and leave a recording in the folder."""
    wanted = Wanted(1, 30, rest=(f"--report-har-path={folder / 'all.har'}",))
    with planted(fault) as url, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Schemathesis imports what its own dependencies deprecate
        return fuzz_known(CONTRACT, url, wanted, "reference")


def audited(folder: Path) -> tuple[int, dict[str, Any], set[tuple[str, str, int]]]:
    """Audit the recording with the command; give the exit code, the report, and its errors."""
    har, report = folder / "all.har", folder / "report.json"
    with pytest.raises(SystemExit) as ended:
        run(["audit", "--spec", SPEC, str(har), "--format", "json", "--output", str(report)])
    told = json.loads(report.read_bytes())
    entries = json.loads(har.read_bytes())["log"]["entries"]
    assert isinstance(ended.value.code, int)
    return ended.value.code, told, set(errors(told, entries))


def errors(report: Any, entries: Any) -> Iterable[tuple[str, str, int]]:
    for problem in report["problems"]:
        if problem["severity"] == "error":
            _, _, _, number, side, *_ = problem["pointer"].split("/")
            yield problem["code"], side, entries[int(number)]["response"]["status"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_by_its_check_and_named_by_an_audit(fault: str, tmp_path: Path) -> None:
    found = fuzzed(fault, tmp_path)
    assert found.code == 1
    assert FAULTS[fault] in {check for _, _, check in found.tally.failed}
    code, _, named = audited(tmp_path)
    assert code == int(fault in AUDITED)
    assert named >= AUDITED.get(fault, set())
    assert named == set() or fault in AUDITED


@pytest.mark.parametrize("fault", [NONE, MEDIA_TYPE, DRIFT])
def test_what_the_fuzzer_does_not_find_an_audit_of_its_recording_does(fault: str, tmp_path: Path) -> None:
    found = fuzzed(fault, tmp_path)
    assert (found.code, dict(found.tally.failed)) == (0, {})
    assert set(found.tally.checked) == CHECKS
    code, report, named = audited(tmp_path)
    assert (code, named) == (int(fault in AUDITED), AUDITED.get(fault, set()))
    drifted = [each for each in report["drift"]["undeclared_members"] if each["message"] == "response"]
    members = {(each["operation"], each["status"], each["pointer"]) for each in drifted}
    colours = {("createItem", "201", "/colour"), ("readItem", "200", "/colour")}
    assert members == (colours if fault == DRIFT else set())
    assert all(each["count"] > 0 for each in drifted)


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert set(FAULTS.values()) == CHECKS


def test_every_fault_is_one_for_an_audit_or_one_that_no_exchange_shows() -> None:
    assert set(AUDITED) | NEVER_IN_ONE_EXCHANGE == {*FAULTS, MEDIA_TYPE}
    assert NEVER_IN_ONE_EXCHANGE.isdisjoint(AUDITED)
