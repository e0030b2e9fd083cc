"""What every test relies on: where the repository is, how long to try, and an environment without surprises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
PROVE = os.environ.get("ORDERBRIDGE_PROVE") == "1"

# No deadline: a build machine that pauses for a moment is not a bug of ours.
settings.register_profile("test", deadline=None, max_examples=100, print_blob=True)
settings.register_profile(
    "prove", deadline=None, max_examples=5_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("prove" if PROVE else "test")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def prove() -> bool:
    """Tell whether this is the long run (`make prove`): tests with corpora then take far larger ones."""
    return PROVE


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a developer's shell says about us and about colours, which changes what commands print."""
    for name in [*os.environ]:
        if name.startswith("ORDERBRIDGE_") and name != "ORDERBRIDGE_PROVE":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
