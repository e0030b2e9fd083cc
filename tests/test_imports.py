"""What may import what, where the layers alone do not say it: frameworks, generated code, the package itself.

The order of the layers is checked by import-linter (`make imports`).
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

import orderbridge

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(orderbridge.__file__).parent
MODELS: Final = PACKAGE.parent.parent / "generated" / "orderbridge_models"

HOMES: Final[dict[str, set[str]]] = {
    "click": {"cli"},
    "connexion": {"server"},
    "cryptography": {"translation"},
    "datamodel_code_generator": {"generate"},
    "fastjsonschema": set(),
    "hypothesis": {"fuzz"},
    "jiter": {"jsontext"},
    "jsonschema": set(),
    "jsonschema_path": {"audit"},
    "jsonschema_rs": {"contract", "sample", "validation"},
    "openapi_core": {"audit"},
    "orderbridge_models": set(),
    "orjson": {"jsontext"},
    "pydantic": set(),
    "pytest": {"pytest_plugin"},
    "rich": {"cli", "render"},
    "schemathesis": {"fuzz"},
    "sqlalchemy": {"store"},
    "starlette": {"server"},
    "uvicorn": {"server"},
    "werkzeug": {"audit"},
    "yaml": {"yamltext"},
}
"""The stages that may import a framework. One that is not listed here may be imported by every stage."""

LIGHT: Final = {"asyncio", "multiprocessing", "concurrent.futures", *(name for name in HOMES if HOMES[name])}
"""What `import orderbridge` must not bring."""


class Import(NamedTuple):
    """One import statement: who (a stage), what, and which names of it."""

    stage: str
    place: str
    module: str
    names: tuple[str, ...]


def imports(file: Path, stage: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        place = f"{file.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            yield from (Import(stage, place, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield Import(stage, place, module, tuple(alias.name for alias in node.names))


def own_imports() -> list[Import]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [found for file in files for found in imports(file, file.relative_to(PACKAGE).parts[0].removesuffix(".py"))]


@pytest.mark.parametrize("framework", sorted(HOMES))
def test_frameworks_stay_in_the_stages_that_own_them(framework: str) -> None:
    strangers = [
        found
        for found in own_imports()
        if found.module.split(".")[0] == framework and found.stage not in HOMES[framework]
    ]
    assert strangers == []


def test_imports_are_absolute() -> None:
    assert [found for found in own_imports() if found.module.startswith(".")] == []


def test_modules_take_only_modules_and_the_version_from_the_package_itself() -> None:
    modules = {path.stem for path in PACKAGE.iterdir()}
    taken = {name for found in own_imports() if found.module == "orderbridge" for name in found.names}
    assert taken - modules <= {"__version__"}


def test_nobody_imports_a_leading_underscore() -> None:
    private = [
        found
        for found in own_imports()
        if any(part.startswith("_") and not part.startswith("__") for part in (*found.module.split("."), *found.names))
    ]
    assert private == []


def test_models_import_nothing_of_ours() -> None:
    files = sorted(MODELS.rglob("*.py"))
    found = {one.module.split(".")[0] for file in files for one in imports(file, "models")}
    assert files
    assert "orderbridge" not in found


def test_importing_the_package_is_light() -> None:
    code = (
        "import json, sys; old = set(sys.modules); import orderbridge; print(json.dumps(sorted({*sys.modules} - old)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert LIGHT & set(json.loads(answer.stdout)) == set()


@pytest.mark.parametrize("name", orderbridge.__all__)
def test_what_the_package_promises_is_there(name: str) -> None:
    assert getattr(orderbridge, name) is not None


def test_the_promise_is_sorted_and_nothing_else_is_visible() -> None:
    assert orderbridge.__all__ == sorted(orderbridge.__all__)
    assert set(dir(orderbridge)) == {*orderbridge.__all__, "__version__"}


def test_an_unpromised_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(orderbridge, "no_such_name")  # noqa: B009 - mypy would refuse the plain spelling
