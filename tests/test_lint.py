"""The writing rules of contracts: what each finds, what it leaves alone, and where its findings stand."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import yamltext
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.contract.lint import RULES, lint
from orderbridge.contract.loading import load
from orderbridge.contract.patterns import risks
from orderbridge.errors import DocumentError
from orderbridge.linting import lint_contract, lint_partner
from orderbridge.problem import CODES

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract

ACME = Path(__file__).parent / "data" / "contracts" / "acme"
HEAD = "openapi: 3.0.3\ninfo: {title: Test, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"


def contract_of(folder: Path, schemas: str) -> Contract:
    path = folder / "openapi.yaml"
    path.write_text(HEAD + "".join(f"    {line}\n" for line in schemas.strip("\n").splitlines()), encoding="utf-8")
    return load(path, "test")


CASES: list[tuple[str, list[tuple[str, int, int]]]] = [
    ("A: {}", []),
    ("B: {}\nA: {$ref: '#/components/schemas/B'}", []),
    ("B: {}\nA: {$ref: '#/components/schemas/B', x-note: a}", []),
    ("B: {}\nA:\n  $ref: '#/components/schemas/B'\n  nullable: true", [("lint-reference-sibling", 9, 17)]),
    ("A:\n  properties:\n    b: {type: array}", [("lint-array-without-items", 8, 12)]),
    ("A: {type: array, items: {}}", []),
    ("A: {multipleOf: 0.01}", [("lint-money-multiple-of", 6, 21)]),
    ("A: {multipleOf: 5}", []),
    ("A: {multipleOf: 5.0}", []),
    ("A: {type: string, nullable: true, enum: [a]}", [("lint-nullable-enum", 6, 45)]),
    ("A: {type: string, nullable: true, enum: [a, null]}", []),
    ("A: {type: string, enum: [a]}", []),
    (r"A: {pattern: '^\d+$'}", [("lint-pattern-digit", 6, 18)]),
    ("A: {pattern: '^[0-9]+$'}", []),
    ("A: {pattern: '^(a+)+$'}", [("lint-pattern-slow", 6, 18)]),
    ("A: {pattern: '^(?=a)b$'}", [("lint-pattern-slow", 6, 18)]),
    (r"A: {pattern: '^[a-z]+(-[a-z]+)*$'}", []),
    ("A: {oneOf: [{type: object}], discriminator: {propertyName: k}}", [("lint-discriminator-tag", 6, 49)]),
    ("A: {oneOf: [{required: [k], properties: {k: {enum: [a]}}}], discriminator: {propertyName: k}}", []),
    (
        """\
A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}
B: {allOf: [{$ref: '#/components/schemas/C'}, {properties: {k: {$ref: '#/components/schemas/K'}}}]}
C: {required: [k]}
K: {enum: [b]}""",
        [],
    ),
    ("A: {discriminator: {propertyName: k}}", []),
    ("A: {required: [b], properties: {a: {}}}", [("lint-required-undeclared", 6, 20)]),
    ("A: {required: [a]}", []),
    (
        "B: {properties: {b: {}}}\nA: {required: [b], properties: {a: {}}, allOf: [{$ref: '#/components/schemas/B'}]}",
        [],
    ),
    ("A: {allOf: [{properties: {b: {}}}, {required: [b], properties: {a: {}}}]}", []),
    ("A: {required: [b], properties: {a: {}}, anyOf: [{properties: {b: {}}}]}", []),
    ("A: {properties: {cvv: {type: string}}}", [("lint-unmarked-secret", 6, 27)]),
    ("A: {properties: {cvv: {type: string, x-secret: true}, password: {x-secret: false}}}", []),
    ("A: {properties: {token: {$ref: '#/components/schemas/T'}}}\nT: {x-secret: true}", []),
    ("A: {properties: {token: {$ref: '#/components/schemas/T'}}}\nT: {x-secret: false}", []),
    (
        "A: {properties: {card_number: {$ref: '#/components/schemas/T'}}}\nT: {type: string}",
        [("lint-unmarked-secret", 6, 35)],
    ),
    ("A: {properties: {token: {type: object}, secret: {allOf: [{type: array, items: {}}]}}}", []),
    ("A: {properties: {tokenType: {}, cardinality: {}, span: {}, company: {}}}", []),
]  # fmt: skip


@pytest.mark.parametrize(("schemas", "expected"), CASES)
def test_a_rule_finds_what_it_is_about_and_nothing_else(
    schemas: str, expected: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    found = lint_contract(contract_of(tmp_path, schemas))
    assert [(each.code, each.line, each.column) for each in found] == expected
    assert {each.file for each in found} <= {str(tmp_path / "openapi.yaml")}
    assert all(each.message and each.code in CODES for each in found)


def test_every_rule_has_a_case_and_a_code() -> None:
    codes = {rule.code for rule in RULES}
    assert codes == {code for _, found in CASES for code, _, _ in found}
    assert codes <= CODES.keys()


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("(a+)+", ["(a+)+"]),
        ("(a*)*$", ["(a*)*"]),
        ("((a+))+", ["((a+))+"]),
        ("(?:x+x+)+y", ["(?:x+x+)+"]),
        ("(a[a-z]+)*", ["(a[a-z]+)*"]),
        ("(a|b+)*", ["(a|b+)*"]),
        (r"(\w+\s?)+", [r"(\w+\s?)+"]),
        ("(a+){2,}", ["(a+){2,}"]),
        ("(?=a)b", ["(?="]),
        ("(?<!a)b", ["(?<!"]),
        (r"(a)\1", [r"\1"]),
        (r"\\1[\1]", []),
        ("(a+){2}", []),
        ("([0-9]{3})+", []),
        ("([a*]b)+", []),
        (r"([a-z]+\.)*[a-z]+", []),
        (r"([^,]+,)*", []),
        ("((ab)*c)*", []),
        ("[(]+[)]+", []),
        ("(ab?)+", []),
        ("^(0|[1-9][0-9]*)$", []),
    ],
)
def test_patterns_that_take_long_are_told_from_harmless_ones(pattern: str, parts: list[str]) -> None:
    assert list(risks(pattern)) == parts


def test_any_text_can_be_looked_at_as_a_pattern() -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable nonsense
    for _ in range(500):
        list(risks("".join(chance.choices(r"ab()[]{}*+?|\^$.,0123:=!<>-", k=60))))
    list(risks("(" * 1000 + "a+" * 400 + ")*" * 100))


# Examples


def acme(folder: Path, *, document: tuple[str, str] = ("", ""), **files: str) -> Path:
    home = folder / "acme"
    shutil.copytree(ACME, home)
    path = home / "openapi.yaml"
    path.write_text(path.read_text().replace(*document), encoding="utf-8")
    for name, text in files.items():
        (home / "examples" / f"{name}.json").write_text(text, encoding="utf-8")
    return home


def findings(home: Path) -> list[tuple[str, str, int | None]]:
    found = lint_partner(catalogue([home]), "acme")
    assert all(each.fix for each in found)
    return [(each.code, Path(each.file or "").name, each.line) for each in found]


def test_a_partner_folder_that_keeps_the_rules_has_no_findings() -> None:
    assert findings(ACME) == []


def test_an_example_that_breaks_its_contract_is_told_in_its_own_file(tmp_path: Path) -> None:
    home = acme(tmp_path)
    path = home / "examples" / "createOrder.400.refused.json"
    path.write_text('{"shopId": "1"}\n')
    [found, *_] = lint_partner(catalogue([home]), "acme")
    assert (found.code, Path(found.file or "").name, found.severity) == ("lint-example-invalid", path.name, "error")
    assert found.line == 1


def test_an_example_that_only_warns_is_told_too(tmp_path: Path) -> None:
    home = acme(tmp_path)
    path = home / "examples" / "createOrder.request.main.json"
    path.write_text(path.read_text().replace('"note": null', f'"note": "{"x" * 21}"'))
    assert [code for code, _, _ in findings(home)] == ["lint-example-invalid"]


def test_an_example_file_that_nothing_names_is_told(tmp_path: Path) -> None:
    assert findings(acme(tmp_path, spare="{}")) == [("lint-example-unused", "spare.json", 1)]


def test_an_operation_without_example_is_told(tmp_path: Path) -> None:
    file = "examples/createOrder.request.main.json"
    lines = f"            examples:\n              main:\n                externalValue: {file}\n"
    found = findings(acme(tmp_path, document=(lines, "")))
    assert {code for code, _, _ in found} == {"lint-no-example", "lint-example-unused"}


def test_a_document_that_cannot_be_loaded_is_one_finding_with_its_place(tmp_path: Path) -> None:
    home = acme(tmp_path, document=("requestBody:", "requestBdy:"))
    [found] = lint_partner(catalogue([home]), "acme")
    assert (found.code, found.line, found.fix) == ("lint-document", 34, CODES["lint-document"].fix)
    assert "did you mean `requestBody`?" in found.message


def test_a_finding_in_another_file_stands_there(tmp_path: Path) -> None:
    home = acme(tmp_path)
    part = home / "parts" / "responses.yaml"
    part.write_text(part.read_text().replace("type: integer\n", "type: integer\n      multipleOf: 0.5\n", 1))
    assert ("lint-money-multiple-of", "responses.yaml", 25) in findings(home)


@pytest.mark.parametrize("name", sorted(catalogue().entries))
def test_a_shipped_contract_has_no_findings(name: str) -> None:
    found = lint_partner(catalogue(), name)
    assert [(each.code, each.file, each.line, each.message) for each in found] == []


def test_odd_documents_that_load_can_be_linted(tmp_path: Path) -> None:
    whole = yamltext.read((built_in_folder() / "fabric" / "openapi.yaml").read_bytes()).value
    chance = random.Random(11)  # noqa: S311 - repeatable damage
    scraps: list[Any] = [{}, {"type": "array"}, {"required": ["a"]}, {"enum": [None]}, {"oneOf": []}, {"items": {}},
                         {"properties": {"token": {}}}, {"discriminator": {"propertyName": "x"}, "anyOf": [{}]},
                         {"example": 1}, {"pattern": "(a+)+"}, {"multipleOf": 0.1}]  # fmt: skip
    linted = 0
    for _ in range(60):
        document = json.loads(json.dumps(whole, default=float).replace("externalValue", "x-file"))
        schemas = document["components"]["schemas"]
        for _ in range(3):
            holder = schemas[chance.choice(list(schemas))]
            holder[chance.choice(["allOf", "anyOf", "oneOf"])] = [chance.choice(scraps), chance.choice(scraps)]
            holder.setdefault("properties", {})[chance.choice(["a", "cvv"])] = chance.choice(scraps)
            holder["items"] = chance.choice(scraps)
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(document))
        try:
            contract = load(path, "odd")
        except DocumentError:
            continue
        list(lint(contract))
        linted += 1
    assert linted > 20
