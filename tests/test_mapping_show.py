"""`orderbridge mapping show`: what a mapping says, line by line, and the code that it becomes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from orderbridge.api import partner
from orderbridge.cli.main import cli
from orderbridge.mapping.compiling import lift_code, lower_code
from orderbridge.mapping.survey import survey

if TYPE_CHECKING:
    from pathlib import Path

PARTNERS = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["mapping", "show", *arguments])


def test_a_line_shows_both_paths_its_codec_and_where_it_is_written() -> None:
    shown = run("fabric", "--message", "request").stdout.splitlines()
    assert shown[0] == "request"
    row = next(line for line in shown if line.split()[0] == "items.*.orderedQuantity")
    assert re.fullmatch(
        r" {2}items\.\*\.orderedQuantity +<-> lines\.\*\.quantity +whole {2}\(fabric/mapping\.yaml:\d+\)", row
    )
    left = next(line for line in shown if line.split()[0] == "items.*.lineItemNumber")
    assert "not mapped: no concept elsewhere, filled" in left
    rows = next(line for line in shown if line.split()[0] == "items")
    assert "each element is a row of lines" in rows


@pytest.mark.parametrize("name", PARTNERS)
def test_every_line_of_every_message_is_shown(name: str) -> None:
    done = run(name)
    assert done.exit_code == 0
    shown = done.stdout.split("\n\n")
    sections = [section for section in partner(name).side.mapping.sections.values() if section.operations]
    assert [part.splitlines()[0] for part in shown if part.strip()] == [section.message for section in sections]
    for part, section in zip(shown, sections, strict=False):
        lines = {seen.line.origin.line for seen in survey(section)}
        assert {int(found) for found in re.findall(r"mapping\.yaml:(\d+)\)$", part, re.MULTILINE)} == lines


@pytest.mark.parametrize("name", PARTNERS)
def test_the_code_is_what_runs(name: str) -> None:
    side = partner(name).side
    shown = run(name, "--code", "--message", "request").stdout
    section = side.section("request")
    assert lift_code(section).source in shown
    assert lower_code(section, side.reserved).source in shown
    assert shown.startswith(f"# lift: request of {name}\n")
    functions = [each.name for each in ast.walk(ast.parse(shown)) if isinstance(each, ast.FunctionDef)]
    assert {"lift", "lower"} <= set(functions)


def test_constants_of_the_code_are_explained_in_ascii() -> None:
    shown = run("ccagent", "--code", "--message", "request").stdout
    assert shown.isascii()
    assert re.search(r"^# s\d+ = \{'[A-Za-z]", shown, re.MULTILINE)
    assert re.search(r"^# up\d+ = orderbridge\.codec\.dates\.", shown, re.MULTILINE)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    unknown = run("nobody")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "nobody" in str(unknown.exception)
    assert run("fabric", "--message", "letter").exit_code == 2
    folder = tmp_path / "plain"
    folder.mkdir()
    head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /o:\n"
    (folder / "openapi.yaml").write_text(f"{head}    post: {{responses: {{'200': {{description: d}}}}}}\n")
    without = run("plain", "--contracts", str(folder))
    assert "has no mapping" in str(without.exception)
