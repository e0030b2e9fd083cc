"""Clients that somebody else's generator makes from our bundles call the mock, and read what it answers.

`data/third_party_clients.json` says what each client calls, and what the generator cannot digest and why.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import pytest

import orderbridge
from orderbridge import jsontext
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.server.app import Settings
from orderbridge.server.live import live

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA: Final = json.loads((Path(__file__).parent / "data" / "third_party_clients.json").read_text(encoding="utf-8"))
CLIENTS: Final[dict[str, Any]] = DATA["clients"]
CATALOGUE: Final = catalogue()
HUB: Final = "_canonical"
TOKEN: Final = "made-up"
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with live([orderbridge.partner(entry.name) for entry in CATALOGUE.partners], Settings()) as url:
        yield url


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("clients")
    (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def package(name: str) -> str:
    return f"client_{name.strip('_')}"


def generated(name: str, folder: Path) -> str:
    """Generate a client from a bundle, and give what the generator says."""
    bundle = folder / f"{name}.json"
    bundle.write_bytes(jsontext.write(CATALOGUE.contract(name).at("documented").document))
    program = Path(sys.executable).parent / "openapi-python-client"
    output = folder / package(name)
    options = {"--path": bundle, "--meta": "none", "--config": folder / "config.yml", "--output-path": output}
    command = [str(program), "generate", *(str(word) for option in options.items() for word in option)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return f"{done.stdout}{done.stderr}"


def example(name: str, file: str) -> Any:
    return json.loads((built_in_folder() / name / "examples" / f"{file}.json").read_bytes())


def base(url: str, name: str) -> str:
    return f"{url}/bridge/v1" if name == "_orderbridge" else f"{url}/{name}"


def call(name: str, url: str, module: str, wanted: dict[str, Any]) -> None:
    function = importlib.import_module(f"{package(name)}.api.{module}").sync_detailed
    client = importlib.import_module(f"{package(name)}.client").AuthenticatedClient(
        base_url=base(url, name), token=TOKEN
    )
    arguments = dict(wanted["arguments"])
    if "request" in wanted:
        arguments["body"] = body_of(function, example(name, wanted["request"]))
    with client:
        answer = function(client=client, **arguments)
    assert answer.status_code == wanted["status"], answer.content
    assert answer.parsed is not None
    if "answer" in wanted:
        assert by_instant(answer.parsed.to_dict()) == by_instant(example(name, wanted["answer"]))


def by_instant(value: Any) -> Any:
    """Read times in a value: the clients write them in their own spelling."""
    if isinstance(value, dict):
        return {name: by_instant(member) for name, member in value.items()}
    if isinstance(value, list):
        return [by_instant(each) for each in value]
    is_time = isinstance(value, str) and TIME.match(value) is not None
    return datetime.fromisoformat(value) if is_time else value


def body_of(function: Any, value: Any) -> Any:
    """Make the generated model of a body; it has to hold all of it."""
    model = get_type_hints(function)["body"]
    if not hasattr(model, "from_dict"):
        return value
    made = model.from_dict(value)
    assert made.to_dict() == value
    return made


def test_every_contract_that_is_served_has_its_row() -> None:
    assert sorted(CLIENTS) == sorted({*CATALOGUE.entries} - {HUB})
    assert [name for name, row in CLIENTS.items() if not row["calls"] and "cannot" not in row] == []


@pytest.mark.parametrize("name", CLIENTS)
def test_a_generated_client_calls_the_mock(name: str, url: str, workshop: Path) -> None:
    row = CLIENTS[name]
    said = generated(name, workshop)
    cannot = row.get("cannot", {"says": [], "lacks": []})
    assert [text for text in cannot["says"] if text not in said] == []
    # What has become possible is to be called, and its reason to be struck out.
    api = workshop / package(name) / "api"
    assert [each for each in cannot["lacks"] if (api / f"{each.replace('.', '/')}.py").exists()] == []
    assert ("WARNING" in said) == bool(cannot["says"]), said
    for module, wanted in row["calls"].items():
        call(name, url, module, wanted)
