"""The wheel as a user gets it: what it holds, and that its bare install does the main job without any extra."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT: Final = Path(__file__).parent.parent
PARTNERS: Final = sorted(path.parent for path in (ROOT / "openapi").glob("[!_]*/openapi.yaml"))

# Isolated and without site-packages: nothing can be imported but the standard library and the two folders.
START: Final = """
import sys
sys.path[:0] = {folders!r}
sys.modules.update(dict.fromkeys({missing!r}.split()))
sys.argv = ["orderbridge", *sys.argv[1:]]
from orderbridge.cli.main import run
run()
"""

Run = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def orderbridge(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    installed, core = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("core")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(installed)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    link_packages(core_packages(), core)
    folders = [str(installed), str(core)]

    def run(*arguments: str, stdin: bytes = b"", missing: str = "") -> Run:
        command = [sys.executable, "-I", "-S", "-c", START.format(folders=folders, missing=missing), *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=installed.parent)

    return run


def core_packages() -> set[str]:
    """Follow the requirements of the bare install through the metadata of what is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: set[str] = set()
    waiting = [Requirement(text) for text in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        if requirement.name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(requirement.name)
        waiting += map(Requirement, distribution(requirement.name).requires or [])
    return found


def link_packages(names: Iterable[str], folder: Path) -> None:
    for name in names:
        package = distribution(name)
        for top in {file.parts[0] for file in package.files or [] if file.parts[0] not in {"..", "__pycache__"}}:
            (folder / top).symlink_to(Path(str(package.locate_file(top))))


def files(folder: str, under: str = "") -> Iterable[str]:
    """Name every file of a folder of the checkout as the wheel should name it."""
    paths = (ROOT / folder).rglob("*")
    return (under + path.relative_to(ROOT / folder).as_posix() for path in paths if is_kept(path))


def is_kept(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def test_the_wheel_holds_code_models_contracts_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {*files("src"), *files("generated/orderbridge_models", under="orderbridge_models/")}
    wanted |= {*files("openapi", under="orderbridge/_openapi/")}
    wanted |= {*files("generated/prepared", under="orderbridge/_prepared/")}
    information = {name for name in names if ".dist-info/" in name}
    assert names - information == wanted
    assert "orderbridge/py.typed" in wanted
    assert any(name.endswith("LICENSE") for name in information)


def test_the_wheel_is_for_every_platform_and_about_a_megabyte(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < 1.25 * 1024 * 1024


def test_an_installed_contract_is_prepared_so_that_no_yaml_is_read(orderbridge: Callable[..., Run]) -> None:
    example = PARTNERS[0] / "examples" / "createOrder.request.main.json"
    answer = orderbridge("validate", PARTNERS[0].name, str(example), missing="yaml")
    assert (answer.stderr, answer.returncode) == (b"", 0)


def test_the_bare_install_lists_its_partners(orderbridge: Callable[..., Run]) -> None:
    answer = orderbridge("partners", "--format", "json")
    assert answer.stderr == b""
    assert answer.returncode == 0
    assert all(folder.name in json.dumps(json.loads(answer.stdout)) for folder in PARTNERS)


@pytest.mark.parametrize("folder", PARTNERS, ids=lambda folder: folder.name)
def test_the_bare_install_validates_an_order(orderbridge: Callable[..., Run], folder: Path) -> None:
    example = folder / "examples" / "createOrder.request.main.json"
    answer = orderbridge("validate", folder.name, str(example), "--format", "json")
    assert answer.stderr == b""
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["valid"] == 1


def test_the_bare_install_explains_a_broken_order(orderbridge: Callable[..., Run]) -> None:
    answer = orderbridge("validate", PARTNERS[0].name, "-", "--format", "json", stdin=b'{"a":1,"a":2}')
    assert answer.returncode == 1
    assert [problem["code"] for problem in json.loads(answer.stdout)["problems"]] == ["duplicate-key"]


def test_a_command_whose_extra_is_missing_says_what_to_install(orderbridge: Callable[..., Run]) -> None:
    answer = orderbridge("generate", "--check")
    assert answer.returncode == 2
    assert b"pip install 'orderbridge[generate]'" in answer.stderr
    assert answer.stderr.count(b"\n") == 1
