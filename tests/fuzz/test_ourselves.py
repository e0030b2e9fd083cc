"""Our own servers under Schemathesis: every contract and our own API, as mock and as reference server, every check on.

0 findings and no baseline. `make fuzz` does the same with 1,000 examples and three seeds. Checks that these contracts
give no occasion for are shown to fire in test_planted.py.
"""

from __future__ import annotations

from typing import Final

import pytest

from orderbridge.fuzz.tally import PHASES
from orderbridge.server.own_known import OWN
from tools.fuzz import TARGETS, Target, fuzz_target

SEED: Final = 1
EXAMPLES: Final = 50
CHECKS: Final = {
    "allow_header_conformance",
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "object_level_authorization",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
    "use_after_free",
}


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_server_of_ours_keeps_its_contract_under_fuzz(target: Target) -> None:
    outcome, printed = fuzz_target(target, SEED, EXAMPLES)
    assert outcome.code == 0, printed
    assert dict(outcome.tally.failed) == {}
    # Without memory nothing is removed.
    assert set(outcome.tally.checked) == CHECKS - ({"use_after_free"} if target.mode == "mock" else set())
    asked = {phase for _, phase in outcome.tally.asked}
    assert asked == set(PHASES) if target.name != OWN else asked <= set(PHASES)
    assert {operation.split(" ")[1] for operation in outcome.tally.operations} == {
        each.path for each in target.contract.operations.values()
    }
    never = {each for each in outcome.tally.operations if not outcome.tally.share(each).accepted}
    # A mock keeps no orders, so that there is none to list or to read.
    assert never <= ({"GET /orders", "GET /orders/{id}"} if (target.name, target.mode) == (OWN, "mock") else set())


def test_the_same_seed_makes_the_same_requests() -> None:
    target = TARGETS[-2]
    one, other = (fuzz_target(target, SEED, 5)[0].tally for _ in range(2))
    assert (one.asked, one.accepted, one.checked) == (other.asked, other.accepted, other.checked)
