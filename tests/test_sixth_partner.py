"""A made-up partner, a folder with a contract and examples only, is treated like those that come with orderbridge."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import orderbridge
from orderbridge.api import Partner
from orderbridge.contract.catalogue import catalogue
from orderbridge.pytest_plugin import assert_valid

CONTRACTS = Path(__file__).parent / "data" / "contracts"
EXAMPLES = CONTRACTS / "acme" / "examples"
MAIN = EXAMPLES / "createOrder.request.main.json"


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    code = f"from orderbridge.cli.main import run; run({list(arguments)!r})"
    return subprocess.run([sys.executable, "-c", code], input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def acme() -> Partner:
    """Load the made-up partner."""
    return Partner(catalogue([CONTRACTS]).contract("acme"))


def test_it_is_listed_beside_the_built_in_ones() -> None:
    listed = json.loads(run("partners", "--contracts", str(CONTRACTS), "--format", "json").stdout)
    rows = {each["name"]: each for each in listed["partners"]}
    assert rows["acme"]["operations"] == ["createOrder", "getOrders"]
    assert rows["acme"].keys() == rows["unisouk"].keys()


def test_its_orders_are_validated() -> None:
    good = run("validate", "acme", str(MAIN), "--contracts", str(CONTRACTS))
    assert (good.returncode, good.stderr) == (0, "")
    text = MAIN.read_text().replace('"EUR"', '"eur"').replace('"quantity": 2, "parts"', '"quantity": 0, "parts"')
    bad = run("validate", "acme", "-", "--contracts", str(CONTRACTS), "--format", "json", stdin=text)
    assert bad.returncode == 1
    problems = json.loads(bad.stdout)["problems"]
    assert [(each["code"], each["pointer"], each["line"], each["column"]) for each in problems] == [
        ("pattern", "/total/currency", 4, 42),
        ("minimum", "/lines/0/quantity", 5, 40),
    ]


@pytest.mark.parametrize(
    ("file", "ways", "expected"),
    [
        ("createOrder.request.main.json", {}, []),
        ("createOrder.201.main.json", {"message": "response"}, []),
        ("createOrder.201.main.json", {"message": "response", "status": 201}, []),
        ("createOrder.400.refused.json", {"message": "response", "status": 400}, []),
        ("createOrder.400.refused.json", {"message": "response", "status": 503}, []),
        ("createOrder.400.refused.json", {"message": "response"}, [("required", "")]),
        ("createOrder.400.refused.json", {}, [("required", ""), ("required", ""), ("required", "")]),
    ],
)
def test_each_message_has_its_own_rules(
    file: str, ways: dict[str, Any], expected: list[tuple[str, str]], acme: Partner
) -> None:
    found = acme.validate((EXAMPLES / file).read_bytes(), **ways)
    assert [(each.code, each.pointer) for each in found] == expected


def test_evidence_decides_between_warning_and_error(acme: Partner) -> None:
    order = {**json.loads(MAIN.read_bytes()), "note": "x" * 21}
    assert [each.severity for each in acme.validate(order)] == ["warning"]
    assert [each.severity for each in acme.validate(order, level="inferred")] == ["error"]


@pytest.mark.parametrize("contracts", [CONTRACTS, str(CONTRACTS), [CONTRACTS], (str(CONTRACTS / "acme"),)])
def test_a_program_has_it_by_its_folder(contracts: Any) -> None:
    acme = orderbridge.partner("acme", contracts=contracts)
    assert acme.validate(MAIN.read_bytes()) == []
    assert_valid(acme, MAIN.read_bytes())
    made = orderbridge.translate(MAIN.read_bytes(), acme, "unisouk", check=False)
    assert made.draft is not None
    with pytest.raises(orderbridge.UnknownPartnerError, match="there is no partner 'acme'"):
        orderbridge.partner("acme")


def test_it_is_linted() -> None:
    done = run("lint", "--contracts", str(CONTRACTS), "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["problems"] == []


def test_its_bundle_needs_no_other_file(tmp_path: Path) -> None:
    done = run("contract", "acme", "--contracts", str(CONTRACTS / "acme"), "--level", "documented", "--bundle")
    assert done.returncode == 0
    alone = tmp_path / "alone.json"
    alone.write_text(done.stdout)
    checked = run("validate", str(MAIN), "--spec", str(alone))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert ".yaml" not in done.stdout
    assert "externalValue" not in done.stdout


def test_its_document_is_printed_as_it_is_written() -> None:
    done = run("contract", "acme", "--contracts", str(CONTRACTS))
    assert done.stdout == (CONTRACTS / "acme" / "openapi.yaml").read_text()


def test_models_are_made_of_it(tmp_path: Path) -> None:
    done = run("generate", "acme", "--contracts", str(CONTRACTS), "--output", str(tmp_path / "acme_models"))
    assert done.returncode == 0, done.stderr
    code = (
        f"import sys, json; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from acme_models.acme import Order\n"
        f"text = open({str(MAIN)!r}).read()\n"
        "assert json.loads(Order.model_validate_json(text).model_dump_json(by_alias=True)) == json.loads(text)\n"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def test_its_document_alone_is_validated_by_spec() -> None:
    done = run("validate", str(MAIN), "--spec", str(CONTRACTS / "acme" / "openapi.yaml"), "--operation", "createOrder")
    assert done.returncode == 0, done.stderr


def test_an_unknown_name_is_one_line_and_exit_2() -> None:
    done = run("validate", "acne", str(MAIN), "--contracts", str(CONTRACTS))
    assert done.returncode == 2
    assert "did you mean 'acme'?" in done.stderr
    assert len(done.stderr.splitlines()) == 1
