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
class Step:
    """One command of a page, and what it prints there."""

    line: int
    command: str
    output: str


def transcript(page: Path) -> tuple[Step, ...]:
    """Read all console blocks of a page: whoever reads it types them one after the other in one place."""
    text = page.read_text(encoding="utf-8")
    return tuple(
        Step(text.count("\n", 0, block.start()) + 1, command, output)
        for block in BLOCK.finditer(text)
        for command, output in steps(block[1])
    )


def steps(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = f"{command[:-1]} {more.strip()}"
        yield command, output


TRANSCRIPTS: Final = {page.relative_to(ROOT).as_posix(): transcript(page) for page in PAGES if transcript(page)}


class Desk:
    """A folder to work in that looks like the checkout and may be written to; what is left running ends with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sessions: list[int] = []
        for name in READ:
            if (ROOT / name).is_dir():
                (folder / name).symlink_to(ROOT / name)

    def run(self, command: str) -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        bash = shutil.which("bash")
        assert bash is not None
        started = subprocess.Popen(
            [bash, "-c", command],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.sessions.append(started.pid)
        return started.communicate(timeout=120)[0]

    def leave(self) -> None:
        # By session: `timeout`, by which pages bound a server's life, makes a process group of its own.
        pkill = shutil.which("pkill")
        if pkill is not None and self.sessions:
            subprocess.run([pkill, "-TERM", "-s", ",".join(map(str, self.sessions))], check=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.leave()


@pytest.mark.parametrize("page", TRANSCRIPTS)
def test_what_a_page_shows_is_what_really_happens(page: str, desk: Desk) -> None:
    for step in TRANSCRIPTS[page]:
        if DOOR.match(step.command):
            continue
        printed = desk.run(step.command)
        assert matches(printed, step.output), f"{page}:{step.line}\n$ {step.command}\nprinted:\n{printed}"


def matches(printed: str, documented: str) -> bool:
    """Compare line by line; a documented line of `…` stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line == "…" else re.escape(f"{line}\n") for line in documented.splitlines())
    return re.fullmatch(pattern, printed) is not None


def test_there_are_transcripts_on_the_first_page() -> None:
    assert len(TRANSCRIPTS["README.md"]) > 5


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
