"""Models from contracts: what is written, that it is always the same, and that drift is told."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge.contract.catalogue import catalogue
from orderbridge.errors import DocumentError, InputError, MissingExtraError, UnknownPartnerError, UsageError
from orderbridge.generate import check, default_folder, generate, module_name

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from orderbridge.contract.catalogue import Catalogue

ODD = {
    "type": "object",
    "description": 'With """ quotes \\ and\n\nseveral lines.',
    "required": ["o:errorPath", "set", "count", "uid"],
    "properties": {
        "o:errorPath": {"type": "string"},
        "class": {"type": "string", "title": "Other"},
        "json": {"type": "string", "nullable": True},
        "model_config": {"type": "string"},
        "when": {"type": "string", "format": "date-time", "default": "2024-01-01T00:00:00Z"},
        "mail": {"type": "string", "format": "email"},
        "count": {"type": "integer", "format": "int32"},
        "state": {"type": "string", "enum": ["on", "off", None], "nullable": True},
        "never-null": {"type": "string", "enum": ["on"], "nullable": True},
        "set": {"type": "string", "readOnly": True},
        "uid": {"type": "string", "writeOnly": True},
        "kids": {"type": "array", "items": {"$ref": "#/components/schemas/odd.Thing"}},
        "amount": {"$ref": "#/components/schemas/Money"},
    },
    "additionalProperties": False,
    "anyOf": [{"not": {"required": ["class"]}}, {"required": ["json"]}],
}


def body(schema: Any) -> dict[str, Any]:
    return {"description": "x", "content": {"application/json": {"schema": schema}}}


def document(schemas: dict[str, Any], request: Any, **responses: Any) -> dict[str, Any]:
    """Make an OpenAPI document of one create operation."""
    responses = {status.strip("s"): body(schema) for status, schema in responses.items()}
    post = {"operationId": "createOrder", "requestBody": body(request), "responses": responses}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Odd", "version": "1"},
        "paths": {"/orders": {"post": post}},
        "components": {"schemas": schemas},
    }


ODD_DOCUMENT = document(
    {"odd.Thing": ODD, "Money": {"type": "number", "minimum": 0}},
    {"$ref": "#/components/schemas/odd.Thing"},
    s200={"type": "array", "items": {"$ref": "#/components/schemas/odd.Thing"}},
    s400={"type": "object", "properties": {"code": {"type": "string"}}},
    s500={"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/odd.Thing"}]},
)
THING = {
    "o:errorPath": "/a",
    "class": "c",
    "json": None,
    "when": "2024-02-30T10:00:00.120+05:30",
    "mail": "not an address",
    "count": 1,
    "state": None,
    "kids": [{"o:errorPath": "", "count": 0}],
    "amount": 1.5,
    "unknown": {"a": [1]},
}


def contracts(folder: Path, **documents: Any) -> Catalogue:
    """Write partners' folders, and find them beside the built-in ones."""
    for name, content in documents.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "openapi.json").write_text(json.dumps(content), encoding="utf-8")
    return catalogue([folder])


def imported(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"made_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_the_models_in_the_repository_are_what_the_contracts_become() -> None:
    drift = check([], default_folder(), catalogue())
    assert not drift, "\n".join(["run `make models`", *drift])


def test_the_same_contract_gives_the_same_bytes_whatever_the_folder_and_the_hash_seed(tmp_path: Path) -> None:
    contracts(tmp_path / "in", odd=ODD_DOCUMENT)
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 20\n[tool.datamodel-codegen]\nfoo = 1\n")
    program = (
        "import sys; from pathlib import Path; from orderbridge.contract.catalogue import catalogue;"
        "from orderbridge.generate import generate;"
        "generate(['odd'], Path(sys.argv[1]), catalogue([Path('in')]))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, f"out{seed}"], cwd=tmp_path, env=environment, check=True)
    generate(["odd"], tmp_path / "out3", catalogue([tmp_path / "in"]))
    written = [(tmp_path / f"out{run}" / "odd.py").read_bytes() for run in (1, 2, 3)]
    assert written[0] == written[1] == written[2]


def test_the_header_says_what_the_file_was_made_from(tmp_path: Path) -> None:
    paths = generate(["odd", "_canonical"], tmp_path / "out", contracts(tmp_path / "in", odd=ODD_DOCUMENT))
    assert [path.name for path in paths] == ["__init__.py", "py.typed", "odd.py", "canonical.py"]
    own, built_in = (path.read_text(encoding="utf-8").splitlines()[:4] for path in paths[2:])
    assert own[:2] == ["# Written by `orderbridge generate`, never edit.", "# source: odd/openapi.json"]
    assert built_in[1] == "# source: openapi/_canonical/openapi.yaml"
    assert own[2].startswith("# sha256: ")
    assert own[3].startswith("# generator: datamodel-code-generator ")


def test_examples_do_not_change_the_models(tmp_path: Path) -> None:
    changed = json.loads(json.dumps(ODD_DOCUMENT))
    changed["components"]["schemas"]["Money"]["example"] = 3
    changed["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]["example"] = THING
    found = [contracts(tmp_path / where, odd=each) for where, each in (("a", ODD_DOCUMENT), ("b", changed))]
    generate(["odd"], tmp_path / "out", found[0])
    assert check(["odd"], tmp_path / "out", found[1]) == []


def test_a_strangers_contract_becomes_models_that_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(["odd"], tmp_path / "out", contracts(tmp_path / "in", odd=ODD_DOCUMENT))
    models = imported(tmp_path / "out" / "odd.py", monkeypatch).MESSAGES
    assert list(models) == [("createOrder", message) for message in ("request", "200", "400", "500")]
    samples = {"request": THING, "200": [THING, THING], "400": {"code": "x", "more": 1}, "500": "text"}
    for message, value in samples.items():
        model = models["createOrder", message].model_validate_json(json.dumps(value))
        assert json.loads(model.model_dump_json(by_alias=True)) == value


@pytest.mark.parametrize(
    ("member", "value"),
    [("count", 2**31), ("count", "1"), ("state", "none"), ("never-null", None), ("amount", -1), ("class", None)],
)
def test_what_the_schemas_say_of_a_single_member_is_kept(
    member: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(["odd"], tmp_path / "out", contracts(tmp_path / "in", odd=ODD_DOCUMENT))
    model = imported(tmp_path / "out" / "odd.py", monkeypatch).MESSAGES["createOrder", "request"]
    with pytest.raises(ValueError, match="validation error"):
        model.model_validate_json(json.dumps({**THING, member: value}))


def test_a_contract_without_json_messages_becomes_a_module_without_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = {"openapi": "3.0.3", "info": {"title": "Empty", "version": "1"}, "paths": {}}
    generate(["empty"], tmp_path / "out", contracts(tmp_path / "in", empty=empty))
    assert imported(tmp_path / "out" / "empty.py", monkeypatch).MESSAGES == {}


def test_drift_is_told_file_by_file(tmp_path: Path) -> None:
    found = contracts(tmp_path / "in", odd=ODD_DOCUMENT)
    output = tmp_path / "out"
    generate(["odd"], output, found)
    assert check(["odd"], output, found) == []
    text = (output / "odd.py").read_text(encoding="utf-8")
    (output / "odd.py").write_text(text.replace("class Odd", "class Even"), encoding="utf-8")
    (output / "py.typed").unlink()
    missing, changed = check(["odd"], output, found)
    assert missing == f"{output / 'py.typed'} is missing"
    assert changed.startswith(f"--- {output / 'odd.py'}\n+++ as generated\n@@")
    assert "\n-class Even" in changed
    assert "\n+class Odd" in changed


def test_a_module_that_no_contract_asks_for_is_told_only_when_all_are_compared(tmp_path: Path) -> None:
    found = contracts(tmp_path / "in", odd=ODD_DOCUMENT)
    generate([], tmp_path / "out", found)
    (tmp_path / "out" / "mine.py").write_text("# by hand\n", encoding="utf-8")
    assert check([], tmp_path / "out", catalogue()) == [
        f"{tmp_path / 'out' / 'odd.py'} is the module of no contract; remove it"
    ]
    assert check(["unisouk"], tmp_path / "out", catalogue()) == []


@pytest.mark.parametrize(
    ("name", "module"),
    [("_canonical", "canonical"), ("my-Shop.2", "my_shop_2"), ("3d", "p_3d"), ("class", "p_class"), ("é", "contract")],
)
def test_a_contract_has_a_module_name_that_python_accepts(name: str, module: str) -> None:
    assert module_name(name) == module


def test_without_the_extra_the_pip_line_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datamodel_code_generator", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'orderbridge\[generate\]'"):
        generate(["unisouk"], tmp_path, catalogue())


def test_misuse_is_an_exception_that_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(UnknownPartnerError):
        generate(["nobody"], tmp_path, catalogue())
    twice = contracts(tmp_path / "in", **{"my-shop": ODD_DOCUMENT, "my_shop": ODD_DOCUMENT})
    with pytest.raises(UsageError, match="two contracts want the module my_shop"):
        generate(["my-shop", "my_shop"], tmp_path, twice)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        generate(["my-shop"], tmp_path / "file", twice)


def test_a_contract_that_the_generator_cannot_read_is_refused(tmp_path: Path) -> None:
    hostile = document(
        {"A": {"type": "object", "properties": {"a": {"$ref": "#/paths/~1orders/post"}}}}, {"type": "string"}
    )
    found = contracts(tmp_path / "in", hostile=hostile)
    with pytest.raises(DocumentError):
        generate(["hostile"], tmp_path / "out", found)
