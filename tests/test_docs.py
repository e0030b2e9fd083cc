"""The documents keep their word: every command in them is run, and what they say it prints is what it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pytest

from orderbridge.cli.main import COMMANDS, cli
from orderbridge.problem import CODES
from orderbridge.render.codes import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOOR: Final = re.compile(r"(make|git|cd|python3(\.[0-9]+)? -m venv|pip|\.venv/bin/pip|source|\.) ?")
TARGET: Final = re.compile(r"^([a-z]+):", re.MULTILINE)
READ: Final = ("openapi", "generated", "docs", "tests", "examples")
"""Folders of the checkout that commands of the documents read."""


@dataclass(frozen=True)
class Transcript:
    """One console block: commands with what each prints."""

    page: str
    line: int
    steps: tuple[tuple[str, str], ...]


def transcripts() -> Iterator[Transcript]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            yield Transcript(page.relative_to(ROOT).as_posix(), line, tuple(steps(block[1])))


def steps(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = f"{command[:-1]} {more.strip()}"
        yield command, output


TRANSCRIPTS: Final = list(transcripts())


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder to work in that looks like the checkout and may be written to."""
    for name in READ:
        if (ROOT / name).is_dir():
            (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run(
        [bash, "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda each: f"{each.page}-{each.line}")
def test_a_transcript_is_what_really_happens(transcript: Transcript, desk: Path) -> None:
    for command, output in transcript.steps:
        if DOOR.match(command):
            continue
        printed = run(command, desk)
        assert matches(printed, output), f"$ {command}\nprinted:\n{printed}"


def matches(printed: str, documented: str) -> bool:
    """Compare line by line; a documented line of `…` stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line == "…" else re.escape(f"{line}\n") for line in documented.splitlines())
    return re.fullmatch(pattern, printed) is not None


def test_there_are_transcripts_on_the_first_page() -> None:
    assert [each for each in TRANSCRIPTS if each.page == "README.md"]


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:^\$ |`)make ([a-z]+)", text, re.MULTILINE))
    assert named - targets == set()
    assert {"demo", "test"} <= named


def test_the_page_of_codes_is_the_registry() -> None:
    assert (ROOT / "docs" / "problems.md").read_text(encoding="utf-8") == markdown()
    assert set(re.findall(r"^## (.*)$", markdown(), re.MULTILINE)) == set(CODES)


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    context = click.Context(cli)
    missing = [f"orderbridge {name}" for name in COMMANDS if f"## {name}" not in page]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        options = [option for each in command.params if isinstance(each, click.Option) for option in each.opts]
        missing += [f"{name} {option}" for option in options if option.startswith("--") and f"`{option}" not in page]
    assert missing == []


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []
