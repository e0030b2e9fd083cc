"""The benchmarks run and their tables are complete; what they measure is not tested, machines differ."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VERDICT_ROWS = [
    "orderbridge",
    "orjson, parsing only",
    "orjson + jsonschema-rs",
    "jiter + jsonschema-rs",
    "orjson + fastjsonschema",
    "pydantic, generated models",
    "openapi-core",
    "orjson + Python jsonschema",
]
PROBLEM_ROWS = ["orderbridge", "orderbridge, every word and place read", *VERDICT_ROWS[1:]]
PARTNERS = ["ccagent", "configurator", "fabric", "placeorder", "unisouk"]
FORMS = ["compact", "pretty"]

Tables = dict[str, list[list[str]]]
"""The first words of a table's title -> its rows."""


def measured(question: str, root: Path, output: Path, **environment: str) -> Tables:
    command = [sys.executable, "-m", "bench", question, "--quick", "--output", str(output)]
    environment = {**os.environ, **environment}
    ended = subprocess.run(command, cwd=root, capture_output=True, check=False, encoding="utf-8", env=environment)
    assert ended.returncode == 0, ended.stderr
    text = output.read_text(encoding="utf-8")
    assert ended.stdout.strip() == text.strip()
    assert "its figures mean nothing" in text
    return tables(text)


def tables(text: str) -> Tables:
    found: Tables = {}
    for part in text.split("\n### ")[1:]:
        title, *lines = part.splitlines()
        rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]
        assert {len(row) for row in rows} == {len(rows[0])}
        found[", ".join(title.split(", ")[:2])] = rows[2:]
    return found


def names(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows]


def verdicts(rows: list[list[str]]) -> set[str]:
    return {row[-1] for row in rows}


def test_verdict_measures_every_contender_on_both_forms(root: Path, tmp_path: Path) -> None:
    found = measured("verdict", root, tmp_path / "out.md")
    targets = found.pop("Targets")
    assert verdicts(targets) <= {"PASS", "**MISS**"}
    assert len(targets) == 9
    assert list(found) == [f"{partner}, {form}" for partner in ("unisouk", "ccagent", "fabric") for form in FORMS]
    for rows in found.values():
        assert names(rows) == VERDICT_ROWS
        assert {row[4] for row in rows} <= {"yes", "-"}, "every contender accepts the valid order"


def test_problems_measures_every_contender_on_every_partner(root: Path, tmp_path: Path) -> None:
    found = measured("problems", root, tmp_path / "out.md")
    assert len(found.pop("Targets")) == 10
    assert list(found) == [f"{partner}, {form}" for partner in PARTNERS for form in FORMS]
    for rows in found.values():
        assert names(rows) == PROBLEM_ROWS
        assert [row[4] for row in rows[:2]] == ["5", "5"]


def test_translate_measures_every_contender_on_both_pairs(root: Path, tmp_path: Path) -> None:
    found = measured("translate", root, tmp_path / "out.md")
    assert len(found.pop("Targets")) == 7
    pairs = ["unisouk to fabric", "ccagent to configurator"]
    forms = ["the document alone", "bytes to bytes"]
    assert list(found) == [*(f"{pair}, {form}" for pair in pairs for form in forms), f"{pairs[0]}, 1,000 lines"]
    for pair in pairs:
        alone, through = (found[f"{pair}, {form}"] for form in forms)
        assert names(alone)[-3:] == ["by hand", "glom", "jsonata-python"]
        assert {row[4] for row in alone if row[0] in {"orderbridge", "by hand", "glom", "jsonata-python"}} == {"yes"}
        assert {row[4] for row in through} == {"yes"}, "every way gives the same bytes"


def test_ndjson_measures_commands_loops_and_memory(root: Path, tmp_path: Path) -> None:
    found = measured("ndjson", root, tmp_path / "out.md")
    assert len(found.pop("Targets")) == 5
    stream, memory = found.values()
    assert names(stream) == [
        "orderbridge validate --jobs 1",
        "orderbridge validate --jobs 2",
        "bare loop, orjson + jsonschema-rs",
        "bare loop without its start",
        "in process: orderbridge",
        "in process: orjson + jsonschema-rs",
        "in process: orjson + Python jsonschema",
    ]
    assert "extrapolated" in stream[-1][-1]
    assert [row[:2] for row in memory] == [
        ["--jobs 1", "1,000"],
        ["--jobs 1", "20,000"],
        ["--jobs 2", "1,000"],
        ["--jobs 2", "20,000"],
    ]


def test_http_measures_every_server(root: Path, tmp_path: Path) -> None:
    # Without Node, so that nothing is installed in a test.
    found = measured("http", root, tmp_path / "out.md", PATH=str(tmp_path))
    assert len(found["Targets"]) == 5
    assert verdicts(found["Targets"]) <= {"PASS", "**MISS**"}
    rows = found["unisouk, POST /order"]
    assert {row[0]: row[6] for row in rows} == {
        "no HTTP at all: what the generator can ask for": "no",
        "bare Starlette, a constant": "no",
        "orderbridge, mock": "400",
        "orderbridge, reference on SQLite": "400",
        "FastAPI + pydantic models": "422",
        "Connexion's mock": "400",
        "Prism": "-",
        "minimal loop: sqlite3, one row, one commit each": "-",
    }
    assert "needs Node" in next(row for row in rows if row[0] == "Prism")


def test_serving_measures_start_and_memory_of_both_modes(root: Path, tmp_path: Path) -> None:
    found = measured("serving", root, tmp_path / "out.md")
    assert len(found["Targets"]) == 6
    assert verdicts(found["Targets"]) <= {"PASS", "**MISS**"}
    assert names(found["From start to the first answer"]) == ["mock", "reference"]
    for _, count, good, refused, *sizes in found["Memory of a worker"]:
        assert int(good) + int(refused) == int(count) == 200
        assert 0 < int(good) < 200
        assert len(sizes) == 3


def test_start_measures_every_command(root: Path, tmp_path: Path) -> None:
    found = measured("start", root, tmp_path / "out.md")
    assert names(found["Targets"]) == ["orderbridge --version"]
    assert names(found["From start to end"]) == [
        "python -c pass",
        "orderbridge --version",
        "orderbridge validate PARTNER order.json",
        'python -c "import jsonschema"',
    ]


def test_a_question_that_is_not_there_is_refused_with_the_list(root: Path) -> None:
    command = [sys.executable, "-m", "bench", "speed"]
    ended = subprocess.run(command, cwd=root, capture_output=True, check=False, encoding="utf-8")
    assert ended.returncode == 2
    assert "ndjson" in ended.stderr
