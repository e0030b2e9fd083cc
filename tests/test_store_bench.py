"""The benchmark of the store runs and its table is complete; what it measures is not tested, machines differ."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_store_measures_every_way_of_creating(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.md"
    command = [sys.executable, "-m", "bench", "store", "--quick", "--output", str(output)]
    ended = subprocess.run(command, cwd=root, capture_output=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    text = output.read_text(encoding="utf-8")
    targets, ways = text.split("\n### ")[1:]
    verdicts = [line.split(" | ")[-1].removesuffix(" |") for line in targets.splitlines()[4:6]]
    assert len(verdicts) == 2
    assert set(verdicts) <= {"PASS", "**MISS**"}
    assert [line.split(" | ")[0].removeprefix("| ") for line in ways.splitlines()[4:]] == [
        "minimal loop: sqlite3, one row, one commit each",
        "store, one caller",
        "store, 64 callers at once",
        "store, 64 callers at once, with idempotency keys",
        "two stores on one file, 32 callers each",
    ]
