"""Things people forget: the shape of partner folders, the lock, the doors of the repository, the size of code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = sorted((ROOT / "src").rglob("*.py"))
CONTRACTS: Final = sorted(folder for folder in (ROOT / "openapi").iterdir() if folder.is_dir())
PARTNERS: Final = [folder for folder in CONTRACTS if not folder.name.startswith("_")]
EXAMPLE: Final = re.compile(
    r"(?P<operation>[A-Za-z]+)\.(?P<message>request|[1-5][0-9]{2}|default)\.(?P<name>[A-Za-z0-9_-]+)\.json"
)
FRAGMENT: Final = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md")

partner_folders = pytest.mark.parametrize("folder", PARTNERS, ids=lambda folder: folder.name)
contract_folders = pytest.mark.parametrize("folder", CONTRACTS, ids=lambda folder: folder.name)


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


# Partner folders


def test_there_are_partners() -> None:
    assert PARTNERS


@partner_folders
def test_a_partner_is_one_lower_case_word(folder: Path) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*", folder.name)


@partner_folders
def test_a_partner_folder_has_its_entries(folder: Path) -> None:
    assert [entry for entry in ("openapi.yaml", "SOURCE.md") if not (folder / entry).is_file()] == []
    assert list((folder / "examples").glob("*.request.*.json"))


@contract_folders
def test_a_contract_folder_holds_nothing_unknown(folder: Path) -> None:
    known = {"openapi.yaml", "mapping.yaml", "behaviour.yaml", "examples", "supplies", "SOURCE.md", "README.md"}
    assert {entry.name for entry in folder.iterdir()} - known == set()


@contract_folders
def test_examples_are_named_after_what_they_are_and_used(folder: Path) -> None:
    document = (folder / "openapi.yaml").read_text(encoding="utf-8")
    names = [path.name for path in sorted((folder / "examples").glob("**/*")) if path.is_file()]
    assert [name for name in names if not EXAMPLE.fullmatch(name)] == []
    assert [name for name in names if f"examples/{name}" not in document] == []


@partner_folders
def test_a_partner_is_in_the_partner_table(folder: Path) -> None:
    assert re.search(rf"^\|[^|]*\b{folder.name}\b", read("openapi", "README.md"), re.MULTILINE)


@partner_folders
def test_no_code_outside_the_escape_hatch_names_a_partner(folder: Path) -> None:
    word = re.compile(rf"(?<![A-Za-z0-9]){folder.name}(?![A-Za-z0-9])", re.IGNORECASE)
    hatch = ROOT / "src" / "orderbridge" / "partners"
    files = [file for file in SOURCES if not file.is_relative_to(hatch)]
    assert [str(file) for file in files if word.search(file.read_text(encoding="utf-8"))] == []


# The lock


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    entries = [entry.split() for entry in read("requirements.lock").replace("\\\n", " ").splitlines() if entry.strip()]
    rows: dict[str, tuple[Requirement, list[str]]] = {}
    for words in entries:
        hashes = [word for word in words if word.startswith("--hash=")]
        requirement = Requirement(" ".join(word for word in words if not word.startswith("--hash=")))
        rows[canonicalize_name(requirement.name)] = (requirement, hashes)
    return rows


def wanted() -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml"))
    extras = project["project"]["optional-dependencies"].values()
    lists = [project["build-system"]["requires"], project["project"]["dependencies"], *extras]
    lists += project["dependency-groups"].values()
    return [Requirement(text) for group in lists for text in group]


def test_every_locked_package_has_one_version_and_real_hashes() -> None:
    rows = locked()
    assert [
        name for name, (requirement, _) in rows.items() if not re.fullmatch(r"==[^*,]+", str(requirement.specifier))
    ] == []
    wrong = re.compile(r"--hash=sha256:[0-9a-f]{64}")
    assert [name for name, (_, hashes) in rows.items() if not hashes or not all(map(wrong.fullmatch, hashes))] == []


def test_the_lock_names_no_address() -> None:
    assert re.findall(r"://|^\s*-(?!-hash)|@ |--(?!hash=)\S+", read("requirements.lock"), re.MULTILINE) == []


def test_the_lock_holds_what_the_project_wants() -> None:
    rows = locked()
    missing = []
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        if name == "orderbridge":
            continue
        found = next(iter(rows[name][0].specifier)).version if name in rows else None
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            missing.append(str(requirement))
    assert missing == []


def test_the_lock_is_good_for_every_supported_python() -> None:
    markers = [Marker(str(requirement.marker)) for requirement, _ in locked().values() if requirement.marker]
    assert [
        str(marker) for marker in markers if "python" in str(marker).replace("platform_python_implementation", "")
    ] == []


# The doors


def test_the_build_machine_runs_what_a_developer_runs() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert read(".ci", "run").splitlines()[-1] == "exec make --no-print-directory test"


def test_make_alone_prints_every_door() -> None:
    menu = subprocess.run(["make"], cwd=ROOT, capture_output=True, check=True).stdout.decode()  # noqa: S607 - make is on the path of whoever runs this
    doors = {"demo", "test", "prove", "serve", "bench", "fuzz"}
    assert doors <= {line.split()[1] for line in menu.splitlines()}


def test_the_demo_ends_as_it_promises() -> None:
    demo = subprocess.run([sys.executable, "-m", "tools.demo"], cwd=ROOT, capture_output=True, check=False)
    assert (demo.returncode, demo.stderr) == (0, b"")
    assert b"5 problems" in demo.stdout


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_pages_name_only_targets_and_files_that_exist(page: str) -> None:
    text = read(page)
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert {name for name in re.findall(r"`make ([a-z]+)`", text) if name not in targets} == set()
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_change_leaves_a_news_fragment() -> None:
    fragments = [path for path in sorted((ROOT / "changelog.d").iterdir()) if path.name != "README.md"]
    assert fragments
    assert [path.name for path in fragments if not FRAGMENT.fullmatch(path.name)] == []
    assert [path.name for path in fragments if not path.read_text(encoding="utf-8").strip()] == []


# The code


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT / "src")))
def test_files_and_functions_stay_readable(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert {name: size for name, size in sizes.items() if size > 60} == {}


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT / "src")))
def test_every_module_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_modules_are_named_after_what_they_hold(name: str) -> None:
    assert [str(file) for file in SOURCES if name in file.relative_to(ROOT).with_suffix("").parts] == []


SILENCED: Final = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)(?::\s*|\[)?(?P<codes>[A-Za-z0-9, -]*?)\]?(?P<reason>\s+[-#]\s+\S.*)?$"
)


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "bench"])
def test_silenced_checks_name_their_code_and_once_per_file_their_reason(folder: str) -> None:
    bare = []
    for file in sorted((ROOT / folder).rglob("*.py")):
        explained: set[str] = set()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            found = SILENCED.search(line)
            if found is None or "re.compile" in line:
                continue
            codes = {code.strip() for code in found["codes"].split(",")} - {""}
            if not codes or (not found["reason"] and not codes <= explained):
                bare.append(f"{file.relative_to(ROOT)}:{number}")
            explained |= codes
    assert bare == []
