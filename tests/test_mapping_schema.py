"""The schema of mapping files: it says of their structure what the loader says, and knows every word of it."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
import yaml

from orderbridge import yamltext
from orderbridge.codec.registry import CODECS
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.errors import DocumentError
from orderbridge.mapping.draft import HEAD, SECTIONS, read_draft
from orderbridge.mapping.fills import DERIVATIONS
from orderbridge.mapping.hub import hub_scope
from orderbridge.mapping.lines import REASONS
from orderbridge.mapping.notation import PathError, read_hub_path, read_path
from orderbridge.mapping.reading import HUB, read_mapping
from orderbridge.mapping.sections import LINE_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.catalogue import Catalogue

ROOT: Final = Path(__file__).parent.parent
SCHEMA: Final[dict[str, Any]] = json.loads((built_in_folder() / "mapping.schema.json").read_text("utf-8"))
DEFINED: Final[dict[str, Any]] = SCHEMA["$defs"]
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)
FILES: Final = sorted(ROOT.glob("openapi/*/mapping.yaml")) + sorted(ROOT.glob("tests/data/contracts/*/mapping.yaml"))


@cache
def known() -> Catalogue:
    return catalogue()


def part(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": DEFINED})


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.parent.name)
def test_every_mapping_satisfies_it_however_its_yaml_is_read(file: Path) -> None:
    data = file.read_bytes()
    for value in (yamltext.read(data, strict=True).value, yamltext.read(data).value, yaml.safe_load(data)):
        assert [error.message for error in VALIDATOR.iter_errors(value)] == []


def test_there_are_mappings_of_every_partner_and_one_that_extends_another() -> None:
    assert {entry.name for entry in catalogue().partners} <= {file.parent.name for file in FILES}
    assert any("extends:" in file.read_text("utf-8") for file in FILES)


# The words of the language


def test_it_knows_every_member_of_a_mapping() -> None:
    assert set(SCHEMA["properties"]) == {*HEAD, *SECTIONS, "shapes", "tables", "errors"}


@pytest.mark.parametrize("kind", LINE_MEMBERS)
def test_it_knows_every_member_of_every_kind_of_line(kind: str) -> None:
    assert set(DEFINED[f"{kind}Line"]["properties"]) == LINE_MEMBERS[kind]
    assert {"$ref": f"#/$defs/{kind}Line"} in DEFINED["line"]["anyOf"]


def test_it_knows_every_codec_reason_derivation_list_and_kind_of_error() -> None:
    hub = known().contract(HUB)
    assert DEFINED["codec"]["anyOf"][0]["enum"] == sorted(CODECS)
    assert DEFINED["reason"]["enum"] == list(REASONS)
    derived = [each["properties"]["derive"] for each in DEFINED["fill"]["anyOf"] if "derive" in each["properties"]]
    assert {word for each in derived for word in each.get("enum", [each.get("const")])} == set(DERIVATIONS)
    lists = {name for message in ("request", "response", "error") for name in hub_scope(hub, message).lists}
    assert DEFINED["hubList"]["anyOf"][0]["enum"] == sorted(lists)
    kinds = set(hub.document["components"]["schemas"]["ProblemKind"]["enum"])
    for branch in ("then", "else"):
        assert set(SCHEMA[branch]["properties"]["errors"]["properties"]["status"]["properties"]) == kinds


def described(value: Any, where: str = "") -> Iterator[str]:
    """Yield the members that editors would complete without a word."""
    if isinstance(value, dict):
        for name, inner in value.get("properties", {}).items() if isinstance(value.get("properties"), dict) else ():
            target = DEFINED[inner["$ref"].rpartition("/")[2]] if isinstance(inner, dict) and "$ref" in inner else inner
            if not {"description"} & {*inner, *target} and name != "of":
                yield f"{where}/{name}"
        for name, inner in value.items():
            yield from described(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from described(inner, f"{where}/{index}")


def test_every_member_is_described() -> None:
    assert list(described(SCHEMA)) == []


# The same structure as the loader's


PATHS: Final = [
    "a", "a.b", ".", "*", "a.*", "a.*.b", "a.0", "`a.b`", "`a.b`.c", "a=b", "a.b=c.d", "é", "a b", "x-y", "0", "`*`",
    "", "..", "a.", ".a", "a..b", "`", "`a", "a`", "a`b`", "``", "`a`b", "a.``",
]  # fmt: skip
HUB_PATHS: Final = ["a", "a.b", "^a", "^^a.b", "a.0.b", "a^", "", "^", "a.", ".a", "a..b", "^.a", "a.^b", "^^"]


@pytest.mark.parametrize("text", PATHS)
def test_a_path_is_one_for_both(text: str) -> None:
    assert part("path").is_valid(text) == is_read(read_path, text)


@pytest.mark.parametrize("text", HUB_PATHS)
def test_a_hub_path_is_one_for_both(text: str) -> None:
    assert part("hubPath").is_valid(text) == is_read(lambda each: read_hub_path(each, []), text)


def is_read(read: Any, text: str) -> bool:
    try:
        read(text)
    except PathError:
        return False
    return True


BASE: Final[dict[str, Any]] = {
    "map": "1",
    "shapes": {"person": {"first": "given"}},
    "tables": {"state": {"new": "created"}},
    "request": {
        "op": {"to": "operation", "table": "state"},
        "cartName": "name",
        "billingAddress": {"use": ["person"], "at": "bill_to"},
    },
}

# What is put where, in a mapping of the loader's own kind of partner; the loader refuses each, and so does the schema.
BROKEN: Final[list[tuple[list[str | int], Any]]] = [
    (["map"], "2"),
    (["map"], None),
    (["verison"], "1"),
    (["hub"], "order/2"),
    (["blank"], "kept"),
    (["identity"], {"a": "b"}),
    (["identity"], ["a..b"]),
    (["context"], ["locale"]),
    (["money"], "currency"),
    (["slot"], {"path": "a", "holds": "text"}),
    (["slot"], {"path": "a", "holds": "words", "max": "1"}),
    (["slot"], {"path": "a.", "holds": "text", "max": "1"}),
    (["slot"], {"path": "a", "holds": "text", "max": "many"}),
    (["slot"], {"path": "a", "holds": "text", "max": "1", "more": "1"}),
    (["shapes"], []),
    (["shapes", "person"], "given"),
    (["shapes", "person", "first"], {"each": "lines"}),
    (["shapes", "person", "first"], {"to": "given", "nest": "a"}),
    (["tables"], []),
    (["tables", "state"], "new"),
    (["tables", "state"], ["new"]),
    (["tables", "state"], [{"from": "new"}]),
    (["tables", "state"], [{"from": "new", "to": "create", "lossy": True}]),
    (["tables", "state"], [{"from": "new", "to": "create", "preferred": "yes"}]),
    (["tables", "state"], [{"from": "new", "to": "create", "note": "a"}]),
    (["tables", "state"], [{"from": "new", "leave": "because"}]),
    (["tables", "state"], [{"from": "new", "leave": "duplicate", "to": "create"}]),
    (["request"], []),
    (["response"], "id"),
    (["headers"], ["x"]),
    (["errors"], []),
    (["errors"], {"bodies": {}}),
    (["errors"], {"status": ["400"]}),
    (["errors"], {"status": {"invalid": "99"}}),
    (["errors"], {"status": {"invalid": ["ok"]}}),
    (["errors"], {"status": {"invalid": {"a": "b"}}}),
    (["errors"], {"body": ["a"]}),
    (["request", "a..b"], "name"),
    (["request", "`a"], "name"),
    (["request", "a"], []),
    (["request", "a"], None),
    (["request", "a"], ""),
    (["request", "a"], True),
    (["request", "a"], "a..b"),
    (["request", "a"], {}),
    (["request", "a"], {"as": "text"}),
    (["request", "a"], {"to": ["name"]}),
    (["request", "a"], {"to": "name", "tabel": "state"}),
    (["request", "a"], {"to": "name", "as": ["text"]}),
    (["request", "a"], {"to": "name", "aka": {"b": "c"}}),
    (["request", "a"], {"to": "name", "aka": ["b."]}),
    (["request", "a"], {"to": "name", "also": [["b"]]}),
    (["request", "a"], {"to": "name", "when": {}}),
    (["request", "a"], {"to": "name", "when": {"b": "c", "d": "e"}}),
    (["request", "a"], {"to": "name", "when": "b"}),
    (["request", "a"], {"to": "name", "else": [""]}),
    (["request", "a"], {"to": "name", "need": ["b"]}),
    (["request", "a"], {"to": "name", "fill": "b"}),
    (["request", "a"], {"to": "name", "fill": {}}),
    (["request", "a"], {"to": "name", "fill": {"value": "a", "text": "b"}}),
    (["request", "a"], {"to": "name", "fill": {"text": ["b"]}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "now"}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "join"}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "same", "of": ["b"]}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "same", "of": ["b", "c", "d"]}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "region_code", "of": "region"}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "count", "of": ["lines"]}}),
    (["request", "a"], {"to": "name", "fill": {"derive": "row", "by": "b"}}),
    (["request", "a"], {"to": "name", "currency": []}),
    (["request", "a"], {"to": "shipment", "ref": "b"}),
    (["request", "a"], {"leave": "because"}),
    (["request", "a"], {"leave": "duplicate", "as": "text"}),
    (["request", "a"], {"tree": "attributes", "as": "text"}),
    (["request", "a"], {"rest": "attributes", "fill": {"value": "b"}}),
    (["request", "a"], {"rest": ""}),
    (["request", "a"], {"each": ["lines"]}),
    (["request", "a"], {"each": "lines", "fill": {"value": "b"}}),
    (["request", "a"], {"each": "lines", "where": ["kind"]}),
    (["request", "a"], {"each": "lines", "bare": "yes"}),
    (["request", "a"], {"each": "lines", "make": "column"}),
    (["request", "a"], {"each": "lines", "components": "both"}),
    (["request", "a"], {"each": "lines", "key": []}),
    (["request", "a"], {"each": "lines", "nest": ""}),
    (["request", "a"], {"use": ["person"]}),
    (["request", "a"], {"use": {"person": "a"}, "at": "buyer"}),
    (["request", "a"], {"use": ["person"], "at": "buyer", "as": "text"}),
    (["request", "a"], {"use": ["person"], "at": "buyer", "else_from": {"path": "b"}}),
    (["request", "a"], {"use": ["person"], "at": "buyer", "else_from": {"path": "b", "when": {}}}),
    (["request", "a"], {"members": "lines", "at": "shipment"}),
    (["request", "a"], {"members": "lines", "at": "shipment", "match": "b"}),
    (["request", "a"], {"members": "lines", "at": "shipment", "match": [{"b": "sku"}], "quantity": {}}),
    (["request", "a"], {"members": "lines", "at": "shipment", "match": [{"b": {"leave": "duplicate"}}]}),
    (["request", "either"], []),
    (["request", "either"], {"lines": {"a": "b"}}),
    (["request", "either"], {"lines": ["a"]}),
    (["request", "either"], {"lines": [{"a": []}]}),
]  # fmt: skip


def put(where: list[str | int], value: Any) -> dict[str, Any]:
    whole = deepcopy(BASE)
    here: Any = whole
    for step in where[:-1]:
        here = here[step]
    here[where[-1]] = value
    return whole


def is_loaded(whole: dict[str, Any], folder: Path) -> bool:
    """Tell whether the loader takes a mapping, beside a partner of the built-in ones."""
    name = next(entry.name for entry in known().partners)
    path = folder / name / "mapping.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    try:
        draft = read_draft(path, lambda base: known().entry(base).folder / "mapping.yaml")
        read_mapping(draft, known().contract(name), known().contract(HUB))
    except DocumentError:
        return False
    return True


def test_what_is_broken_below_is_whole_before(tmp_path: Path) -> None:
    assert VALIDATOR.is_valid(BASE)
    assert is_loaded(BASE, tmp_path)


@pytest.mark.parametrize(("where", "value"), BROKEN, ids=repr)
def test_a_broken_structure_is_refused_by_both(where: list[str | int], value: Any, tmp_path: Path) -> None:
    whole = put(where, value)
    assert not is_loaded(whole, tmp_path)
    assert not VALIDATOR.is_valid(whole)


WHOLE: Final[list[tuple[list[str | int], Any]]] = [
    (["request", "a"], {"to": "number", "aka": "b", "also": ["c", "d"], "else": "name", "need": "e"}),
    (["request", "a"], {"to": "number", "when": {"op": "new"}, "fill": {"value": {"b": ["c"]}}}),
    (["request", "a"], {"to": "number", "fill": {"text": "{name}"}}),
    (["request", "a"], {"to": "number", "fill": {"derive": "join", "of": ["name", "id"]}}),
    (["request", "a"], {"to": "number", "fill": {"derive": "count", "of": "lines"}}),
    (["request", "a"], {"use": "person", "at": "buyer", "else": ["bill_to"]}),
    (["request", "a"], {"use": ["person"], "at": "buyer", "when": {"op": "new"}}),
    (["request", "a"], {"each": "lines", "where": {"sku": "x"}, "key": "b.c", "aka": ["d"], "need": "e"}),
    (["request", "a"], {"each": "lines", "bare": True, "make": "row", "nest": "b", "components": "refuse"}),
    (["request", "."], {"rest": "attributes"}),
    (["request", "a"], {"leave": "server-side", "fill": {"derive": "key"}, "need": "b"}),
    (["request", "either"], {"lines": [{"a": {"each": "lines"}}, {"b": {"each": "lines"}}]}),
    (["tables", "state"], [{"from": "new", "to": "create", "preferred": True, "lossy": "b"}]),
    (["tables", "state"], [{"from": "new", "leave": "duplicate"}]),
    (["errors"], {"status": {"invalid": ["400", "422"], "conflict": "409"}, "body": {"a": "message"}}),
    (["slot"], {"path": "a.b", "holds": "pairs", "max": "100"}),
    (["money"], {"currency": "currency"}),
    (["only"], {"operation": "create"}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value"), WHOLE, ids=repr)
def test_a_whole_structure_is_taken_by_both(where: list[str | int], value: Any, tmp_path: Path) -> None:
    whole = put(where, value)
    assert [error.message for error in VALIDATOR.iter_errors(whole)] == []
    assert is_loaded(whole, tmp_path)


def test_only_a_mapping_that_extends_another_takes_lines_out() -> None:
    change = {"map": "1", "extends": "somebody", "shapes": {"a": {"b": None}}, "request": {"c": None}}
    assert VALIDATOR.is_valid({**change, "errors": {"status": {"invalid": None}, "body": {"d": None}}})
    assert not VALIDATOR.is_valid({name: value for name, value in change.items() if name != "extends"})


def test_numbers_of_stock_yaml_are_numbers_all_the_same() -> None:
    text = "map: 1\nversion: 1.0\nslot: {path: a, holds: text, max: 100}\nerrors: {status: {invalid: [400, 422]}}\n"
    assert VALIDATOR.is_valid(yaml.safe_load(text))
    assert VALIDATOR.is_valid(yamltext.read(text.encode(), strict=True).value)
