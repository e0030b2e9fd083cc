"""Contracts prepared beforehand: the same as their documents, and passed over where they are not."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge.contract import catalogue as places
from orderbridge.contract import prepared
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.contract.loading import load
from tools.prepare import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from orderbridge.contract.contract import Contract

NAMES: Final = sorted(catalogue().entries)
PARTNER: Final = NAMES[-1]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a checkout of one contract, prepared, and have it taken for the built-in folder."""
    folder, made = tmp_path / "openapi" / PARTNER, tmp_path / "prepared"
    shutil.copytree(built_in_folder() / PARTNER, folder)
    made.mkdir()
    monkeypatch.setattr(places, "_PLACES", (folder.parent,))
    monkeypatch.setattr(prepared, "_PLACES", (made,))
    assert main(check=False) == 0
    return folder


def typed(value: Any) -> Any:
    """Spell a value out with its types: 1, 1.0 and true are equal to Python."""
    if isinstance(value, dict):
        return [(key, typed(each)) for key, each in value.items()]
    return [*map(typed, value)] if isinstance(value, list) else (type(value), value)


@pytest.mark.parametrize("name", NAMES)
def test_a_prepared_contract_is_what_its_document_says(name: str) -> None:
    document = catalogue().entry(name).document
    found, loaded = prepared.find(document, name), load(document, name)
    assert found is not None
    assert typed(found.document) == typed(loaded.document)
    assert found == loaded
    for where in ("/info", "/paths", "/components/schemas"):
        assert found.place(where) == loaded.place(where)


@pytest.mark.parametrize("read", [prepared.find, load])
def test_another_process_can_be_given_a_contract(read: Callable[[Path, str], Contract]) -> None:
    contract = read(catalogue().entry(PARTNER).document, PARTNER).at("documented")
    there = pickle.loads(pickle.dumps(contract))  # noqa: S301 - our own
    assert there == contract
    assert there.place("/info") == contract.place("/info")


def test_what_is_written_is_up_to_date() -> None:
    assert main(check=True) == 0


def test_a_command_that_needs_no_document_reads_none() -> None:
    code = f"import sys, orderbridge; orderbridge.partner({PARTNER!r}).validate(b'{{}}'); print('yaml' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ended.stdout.strip() == b"False"


def test_a_changed_document_is_read_itself(ours: Path) -> None:
    document = ours / "openapi.yaml"
    assert prepared.find(document, PARTNER) is not None
    document.write_text(document.read_text("utf-8").replace("title: ", "title: New ", 1), "utf-8")
    assert prepared.find(document, PARTNER) is None
    assert catalogue().contract(PARTNER).title.startswith("New ")
    assert main(check=True) == 1


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_changed_example_is_noticed_too(ours: Path, change: str) -> None:
    example = next((ours / "examples").glob("*.json"))
    if change == "gone":
        example.unlink()
    else:
        example.write_bytes(example.read_bytes() + b" ")
    assert prepared.find(ours / "openapi.yaml", PARTNER) is None


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", None])
def test_a_broken_or_missing_preparation_is_passed_over(ours: Path, text: bytes | None) -> None:
    file = prepared.file_of(ours / "openapi.yaml")
    assert file is not None
    if text is None:
        file.unlink()
    else:
        file.write_bytes(text)
    assert prepared.find(ours / "openapi.yaml", PARTNER) is None
    assert catalogue().contract(PARTNER) == load(ours / "openapi.yaml", PARTNER)
