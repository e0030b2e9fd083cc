"""Programs as a user starts them: our command line, timed from outside, and how much memory it took."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bench.orders import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

_INSTALLED: Final = Path(sysconfig.get_path("scripts")) / "orderbridge"
_PROGRAM: Final = "from orderbridge.cli.main import run; run()"
_LAUNCHER: Final = Path(__file__).parent / "peak.py"


class UnexpectedEndError(Exception):
    """A command that was to be measured did something else."""


def _environment() -> dict[str, str]:
    """Give the environment of an ordinary user: compiled files are kept, output is buffered."""
    unusual = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    return {name: value for name, value in os.environ.items() if name not in unusual}


def orderbridge(*arguments: str) -> list[str]:
    """Give a command line of ours: the installed command, or the same program where nothing is installed."""
    start = [str(_INSTALLED)] if _INSTALLED.is_file() else [sys.executable, "-c", _PROGRAM]
    return [*start, *arguments]


def wall(command: Sequence[str], *, code: int = 0) -> float:
    """Run a command, its output thrown away, and time it from start to end.

    Raises:
        UnexpectedEndError: it ended with another exit code.

    """
    started = perf_counter()
    ended = subprocess.run(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    taken = perf_counter() - started
    _expect(command, ended.returncode, code, ended.stderr)
    return taken


def output(command: Sequence[str], *, code: int = 0) -> bytes:
    """Run a command and give what it prints.

    Raises:
        UnexpectedEndError: it ended with another exit code.

    """
    ended = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, check=False)
    _expect(command, ended.returncode, code, ended.stderr)
    return ended.stdout


def peak_memory(command: Sequence[str], *, code: int = 0) -> int:
    """Give the resident memory, in bytes, of the largest process of a command at its largest.

    Raises:
        UnexpectedEndError: it ended with another exit code.

    """
    # A process is born with the size of its parent, so the parent has to be small: -I -S leaves nearly all out.
    said = output([sys.executable, "-I", "-S", str(_LAUNCHER), *command])
    ended, kibibytes = map(int, said.split())
    _expect(command, ended, code, b"")
    return kibibytes * 1024


def _expect(command: Sequence[str], ended: int, code: int, said: bytes) -> None:
    if ended != code:
        msg = f"{' '.join(command)} ended with {ended} instead of {code}: {said.decode(errors='replace').strip()}"
        raise UnexpectedEndError(msg)
