"""What is acknowledged was synced before; on a full disk nothing is acknowledged, and reading goes on."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.durability.databases import opened
from tests.durability.filler import BALLAST

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
DISK: Final = 2 * 1024 * 1024
SYNCED: Final = re.compile(r"(?:f(?:data)?sync\(\d+<[^>]*-wal>|<\.\.\. f(?:data)?sync resumed>)\)\s*= 0")
SAID: Final = re.compile(r'write\(1<[^>]*>, "\d+ ')


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own that is nearly full, as whoever may mount one can have it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "orderbridge", str(disk)],  # noqa: S607 - on the path of whoever runs this
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        (disk / BALLAST).write_bytes(b"x" * (DISK // 2))
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S607


def filled(file: Path, way: str) -> dict[str, Any]:
    """Run the filler and see that what it was told is what is there."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.durability.filler", str(file), way],
        cwd=HERE.parent.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    said: dict[str, Any] = json.loads(answer.stdout)
    with opened(str(file)) as store:
        page = asyncio.run(store.read(lambda reader: reader.find("ann", "order", limit=500)))
        assert page.after is None
        assert sorted(record.id for record in page.records) == sorted([*said["kept"], *said["kept_again"]])
    return said


def test_a_file_that_may_not_grow_acknowledges_nothing_and_is_read_on(tmp_path: Path) -> None:
    said = filled(tmp_path / "orders.db", "limit")
    assert len(said["kept"]) >= 32
    assert len(said["refused"]) >= 33
    assert said["readable"] == len(said["kept"])
    assert len(said["kept_again"]) == 1


def test_a_full_disk_acknowledges_nothing_and_is_read_on(small_disk: Path) -> None:
    said = filled(small_disk / "orders.db", "disk")
    assert len(said["kept"]) >= 32
    assert len(said["refused"]) >= 33
    assert said["readable"] == len(said["kept"])
    assert len(said["kept_again"]) == 1


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace, which sees what a program asks of the disk")
def test_every_acknowledgement_comes_after_its_sync(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    watched = ["strace", "-f", "-y", "-s", "16", "-e", "trace=fdatasync,fsync,write", "-o", str(trace)]
    command = [*watched, sys.executable, str(HERE / "creator.py"), str(tmp_path / "orders.db"), "20", "1"]
    ended = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if b"ptrace" in ended.stderr:
        pytest.skip("strace may not look into programs here")
    assert ended.returncode == 0, ended.stderr.decode()
    synced, acknowledged = False, 0
    for line in trace.read_text(encoding="utf-8").splitlines():
        if SYNCED.search(line):
            synced = True
        if SAID.search(line):
            assert synced, f"acknowledged before it was on disk: {line}"
            synced, acknowledged = False, acknowledged + 1
    assert acknowledged == 20
