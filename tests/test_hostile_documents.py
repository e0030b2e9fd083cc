"""Documents made to hang, crash or fool: each is read within bounds or refused with file and line."""

from __future__ import annotations

import copy
import json
import os
import random
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext, yamltext
from orderbridge.api import Partner
from orderbridge.contract.catalogue import built_in_folder
from orderbridge.contract.loading import load
from orderbridge.errors import DocumentError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.contract.contract import Contract

HEAD = """\
openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /things:
    post:
      operationId: createOrder
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        "200": {description: done}
components:
  schemas:
"""


def written(folder: Path, data: bytes | str, name: str = "openapi.yaml") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(path: Path) -> DocumentError:
    started = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        load(path, "test")
    assert time.monotonic() - started < 5
    return caught.value


def with_thing(folder: Path, thing: Any, **others: Any) -> Partner:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Test", "version": "1"},
        "paths": {
            "/things": {
                "post": {
                    "operationId": "createOrder",
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                    },
                    "responses": {"200": {"description": "done"}},
                }
            }
        },
        "components": {"schemas": {"Thing": thing, **others}},
    }
    return Partner(load(written(folder, json.dumps(document), "openapi.json"), "test"))


MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 40))
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(HEAD + "    Thing: {description: '" + "x" * (5 * 1024 * 1024) + "'}\n", "MiB", id="6 MiB"),
        pytest.param(HEAD + "    Thing: " + "{not: " * 150 + "{}" + "}" * 150, "nested", id="nested flow"),
        pytest.param("openapi: " + "[" * 100_000, "nested", id="open brackets"),
        pytest.param(HEAD + "".join(" " * (4 + n) + "not:\n" for n in range(150)), "nested", id="nested block"),
        pytest.param(ALIASES, "values once its aliases are expanded", id="alias bomb"),
        pytest.param(MERGES, "values once its aliases are expanded", id="merge bomb"),
        pytest.param("a: &a [*a]\n", "stands inside what it names", id="cyclic alias"),
        pytest.param("openapi: 3.0.3\nopenapi: 3.0.3\n", "stands twice", id="duplicate key"),
        pytest.param("openapi: 3.0.3\n\tinfo: x\n", "tab", id="tab"),
        pytest.param("openapi: 3.0.3\x00\n", "U+0000", id="NUL"),
        pytest.param("openapi: 3.0.3\n".encode("utf-16"), "UTF-8", id="UTF-16"),
        pytest.param(bytes(range(128)), "U+0000", id="binary"),
        pytest.param(b"\xff\xfe", "UTF-8", id="not UTF-8"),
        pytest.param("", "the document is empty", id="empty"),
        pytest.param("!!python/object/apply:os.system ['true']", "not supported", id="python tag"),
        pytest.param("openapi: 3.0.3\n---\nopenapi: 3.0.3\n", "second document", id="two documents"),
    ],
)
def test_a_hostile_text_is_refused_quickly(text: str | bytes, says: str, tmp_path: Path) -> None:
    error = refusal(written(tmp_path, text))
    assert says in error.reason
    assert error.file == str(tmp_path / "openapi.yaml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    contract = load(written(tmp_path, b"\xef\xbb\xbf" + HEAD.encode() + b"    Thing: {type: string}\n"), "test")
    assert contract.title == "Test"


def test_hostile_json_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, '{"openapi": "3.0.3",\n "openapi": "3.0.3"}', "openapi.json"))
    assert (error.line, error.column) == (2, 2)
    error = refusal(written(tmp_path, "[" * 150 + "]" * 150, "openapi.json"))
    assert "nested" in error.reason


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.yaml"))
        (tmp_path / "zero.yaml").symlink_to("/dev/zero")
        (tmp_path / "folder.yaml").mkdir()
        for name in ("pipe", "socket", "zero", "folder"):
            with pytest.raises(InputError):
                load(tmp_path / f"{name}.yaml", "test")
        for name in ("pipe", "socket", "folder"):
            thing = f"    Thing: {{$ref: {name}.yaml}}\n"
            error = refusal(written(tmp_path, HEAD + thing))
            assert (error.line, error.column) == (13, 19)


SLOW = [r"^(a+)+$", r"^(a|a)*$", r"(a+a+)+b", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(?!b)(a+a+)+b", r"(?=a)a*b"]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_slow_pattern_takes_no_time(pattern: str, tmp_path: Path) -> None:
    partner = with_thing(tmp_path, {"type": "string", "pattern": pattern})
    partner.validate('"!"')
    started = time.monotonic()
    problems = partner.validate(json.dumps("a" * 50_000 + "!"))
    assert time.monotonic() - started < 1.5
    assert [problem.code for problem in problems] == ["pattern"]


@pytest.mark.parametrize("pattern", ["((a{1000}){1000}){1000}", "(", "a{2,1}", "[z-a]", "x" * 3_000, r"\p{Nonsense}"])
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"pattern|regular expression"):
        with_thing(tmp_path, {"type": "string", "pattern": pattern})


def test_many_schemas_below_alternatives_take_no_time(tmp_path: Path) -> None:
    members = {f"m{number}": {"allOf": [{"type": "string"}]} for number in range(10_000)}
    partner = with_thing(tmp_path, {"oneOf": [{"type": "object", "properties": members}]})
    started = time.monotonic()
    assert partner.validate('{"m1": "a"}') == []
    assert time.monotonic() - started < 5


def test_very_large_schemas_stay_usable(tmp_path: Path) -> None:
    started = time.monotonic()
    words = [f"w{number}" for number in range(100_000)]
    partner = with_thing(tmp_path, {"enum": words})
    assert partner.validate('"w99999"') == []
    assert [problem.code for problem in partner.validate('"w"')] == ["enum"]
    members = {f"m{number}": {"type": "integer"} for number in range(10_000)}
    partner = with_thing(tmp_path, {"properties": members, "required": list(members), "additionalProperties": False})
    assert len(partner.validate("{}")) == 10_000
    assert [problem.code for problem in partner.validate({**dict.fromkeys(members, 1), "n1": 1})] == [
        "unknown-property"
    ]
    assert time.monotonic() - started < 20


def test_alternatives_with_many_listed_values_are_joined_quickly(tmp_path: Path) -> None:
    partner = with_thing(
        tmp_path, {"anyOf": [{"enum": [f"{kind}{n}" for n in range(20_000)]} for kind in ("a", "b", "c")]}
    )
    started = time.monotonic()
    assert [problem.code for problem in partner.validate('"z"')] == ["enum"]
    assert time.monotonic() - started < 5


def test_deep_chains_of_references_are_read(tmp_path: Path) -> None:
    chain = {f"S{n}": {"properties": {"x": {"$ref": f"#/components/schemas/S{n + 1}"}}} for n in range(3_000)}
    partner = with_thing(tmp_path, {"$ref": "#/components/schemas/S0"}, **chain, S3000={"type": "string"})
    assert partner.validate({"x": {"x": {}}}) == []


def test_a_long_row_of_references_is_refused(tmp_path: Path) -> None:
    chain = {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(200)}
    with pytest.raises(DocumentError, match="one leading to the next"):
        with_thing(tmp_path, {"type": "string"}, **chain, S200={"type": "string"})


def test_branching_recursion_below_a_secret_name_ends(tmp_path: Path) -> None:
    names = [f"S{number}" for number in range(12)]
    each = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
    schemas = {name: {"properties": {"token": {"items": each}}} for name in names}
    started = time.monotonic()
    assert with_thing(tmp_path, {"type": "object"}, **schemas).contract.secrets == frozenset()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("limit", [10**400, -(10**30), 1e300, 0.1])
def test_huge_numbers_in_a_schema_are_exact(limit: float, tmp_path: Path) -> None:
    text = HEAD + f"    Thing: {{type: number, minimum: {limit!r}}}\n".replace("e+", "e")
    partner = Partner(load(written(tmp_path, text), "test"))
    assert partner.validate(jsontext.write(limit)) == []
    assert [each.code for each in partner.validate(-(10**500))] == ["minimum"]


def test_a_length_beyond_every_machine_word_is_read(tmp_path: Path) -> None:
    assert with_thing(tmp_path, {"maxLength": 10**30, "maxItems": 10**30}).validate('"abc"') == []


# Whatever happens to a contract's document, loading ends in one of two ways

SCRAPS: list[Any] = [
    None, True, False, 0, -1, 10**30, 1.5, "", "x", "$ref", "#/components", "#/", [], [None], {}, {"$ref": "#"},
    {"$ref": "openapi.yaml#/paths"}, {"$ref": 5}, {"x": {}}, "3.0.3", "request", {"type": "string"}, ["a", "a"],
    {"properties": {"a": True}}, {"allOf": [{}]}, {"allOf": {}}, {"anyOf": []}, {"enum": []}, "object", "x-", "\ud83d",
]  # fmt: skip
KEYS = ["$ref", "allOf", "anyOf", "discriminator", "enum", "example", "examples", "externalValue", "items",
        "not", "type", "nullable", "oneOf", "paths", "properties", "required", "x-evidence", "x-secret", "parameters",
        "a/b~c", ""]  # fmt: skip


def damaged(document: Any, chance: random.Random) -> Any:
    document = copy.deepcopy(document)
    for _ in range(chance.choice([1, 1, 2, 5])):
        places = list(containers(document))
        place = chance.choice(places)
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place))) if place else None
        action = chance.randrange(4)
        if key is None or action == 0:
            if isinstance(place, dict):
                place[chance.choice(KEYS)] = chance.choice(SCRAPS)
            else:
                place.append(chance.choice(SCRAPS))
        elif action == 1:
            del place[key]
        elif action == 2:
            place[key] = chance.choice(SCRAPS)
        else:
            place[key] = copy.deepcopy(chance.choice(places))
    return document


def containers(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        here = pending.pop()
        if isinstance(here, (dict, list)):
            yield here
            pending.extend(here.values() if isinstance(here, dict) else here)


@pytest.mark.parametrize("name", ["fabric", "unisouk"])
def test_a_damaged_contract_is_read_or_refused_with_its_place(name: str, prove: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a fixture
    home = built_in_folder() / name
    (tmp_path / "examples").symlink_to(home / "examples")  # outside: such examples are refused
    whole = yamltext.read((home / "openapi.yaml").read_bytes()).value
    order = (home / "examples" / "createOrder.request.main.json").read_bytes()
    chance = random.Random(20260131)  # noqa: S311 - repeatable damage, not a secret
    outcomes = {"read": 0, "refused": 0}
    for round_number in range(5_000 if prove else 300):
        document = damaged(without_files(whole) if round_number % 10 else whole, chance)
        path = written(tmp_path, json.dumps(document, default=float), "openapi.json")
        contract = outcome(path, name)
        if isinstance(contract, DocumentError):
            assert contract.file
            assert contract.line >= 1
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        with suppress(UsageError):
            for level in ("documented", "inferred"):
                for problem in Partner(contract).validate(order, level=level):
                    assert problem.message
    assert min(outcomes.values()) > 5


def outcome(path: Path, name: str) -> Contract | DocumentError:
    try:
        return load(path, name)
    except DocumentError as error:
        return error


def without_files(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_files(entry) for key, entry in value.items() if key != "externalValue"}
    return [without_files(entry) for entry in value] if isinstance(value, list) else value
