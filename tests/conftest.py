"""What every test relies on: where the repository is, how long to try, and an environment without surprises."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from orderbridge.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
PROVE = os.environ.get("ORDERBRIDGE_PROVE") == "1"

# No deadline: a build machine that pauses for a moment is not a bug of ours.
settings.register_profile("test", deadline=None, max_examples=100, print_blob=True)
settings.register_profile(
    "prove", deadline=None, max_examples=5_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("prove" if PROVE else "test")

# What a shell starts in the background is deaf to interrupts, and so would be all commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PYTHONPATH", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def refuse_command(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Run a command in this process, where it is expected to end by itself without a word on standard output."""

    def inner(*arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as ended:
            main.run(arguments)
        captured = capfd.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
        assert isinstance(ended.value.code, int)
        return ended.value.code, captured.err

    return inner
