"""Loading contracts: which documents are read, and how the others are refused, with file, line and column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.contract.loading import load
from orderbridge.errors import DocumentError, InputError, UnknownPartnerError

GOOD = """\
openapi: 3.0.3
info:
  title: Test
  version: "1"
paths:
  /orders/{id}:
    post:
      operationId: createOrder
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Order'
      responses:
        '200':
          description: done
components:
  securitySchemes:
    key:
      type: apiKey
      in: header
      name: x-key
  schemas:
    Order:
      type: object
      required: [sku]
      x-evidence: {default: seed, required: {sku: inferred}}
      properties:
        sku:
          type: string
          pattern: '^[a-z]+$'
"""


def written(folder: Path, text: str | bytes, name: str = "openapi.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load(path, "test")
    return caught.value


@pytest.mark.parametrize("version", ["3.0.0", "3.0.1", "3.0.2", "3.0.3", "3.0.4"])
def test_every_published_3_0_version_is_read(version: str, tmp_path: Path) -> None:
    contract = load(written(tmp_path, GOOD.replace("3.0.3", version)), "test")
    assert list(contract.operations) == ["createOrder"]


def test_yaml_and_json_give_the_same_contract(tmp_path: Path) -> None:
    text = json.dumps(yaml.safe_load(GOOD))
    assert (
        load(written(tmp_path, text, "openapi.json"), "test").document
        == load(written(tmp_path, GOOD), "test").document
        == load(written(tmp_path, text, "again.yaml"), "test").document
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("swagger: '2.0'", "this is Swagger 2.0; orderbridge reads 3.0.x"),
        ("openapi: 3.1.0", "this is OpenAPI 3.1.0; orderbridge reads 3.0.x"),
        ("openapi: 3.0", "this is OpenAPI 3.0; orderbridge reads 3.0.x, written as '3.0.3'"),
        ("openapi: 4.0.0", "this is OpenAPI 4.0.0"),
        ("openapi: [3]", "this is OpenAPI of an unknown version"),
        ("openapi: 30.1.0", "this is OpenAPI 30.1.0"),
    ],
)
def test_another_version_is_refused_where_it_stands(line: str, says: str, tmp_path: Path) -> None:
    error = refusal(written(tmp_path, GOOD.replace("openapi: 3.0.3", f"# a comment\n{line}")))
    assert says in error.reason
    assert (error.line, error.column) == (2, line.index(" ") + 2)


@pytest.mark.parametrize("text", ["just text", "[]", "a: 1", "null"])
def test_what_is_no_openapi_document_is_refused(text: str, tmp_path: Path) -> None:
    error = refusal(written(tmp_path, text))
    assert "not an OpenAPI document" in error.reason
    assert error.line == 1


@pytest.mark.parametrize(
    ("wrong", "right", "says", "at"),
    [
        ("requried: [sku]", "required: [sku]", "`requried` has no meaning here; did you mean `required`?", (32, 17)),
        ("propertees:\n", "properties:\n", "did you mean `properties`?", (35, 9)),
        ("operationid: x", "operationId: createOrder", "did you mean `operationId`?", (8, 20)),
        ("pots:\n", "post:\n", "did you mean `post`?", (8, 7)),
        ("responces:\n", "responses:\n", "did you mean `responses`?", (21, 9)),
        ("'20x':", "'200':", "`20x` cannot stand here: a status is `200`, `4XX` or `default`", (22, 11)),
        ("orders/{id}:", "/orders/{id}:", "cannot stand here: a path begins with `/`", (7, 5)),
        ("type: strin\n          pattern", "type: string\n          pattern", "did you mean `string`?", (36, 17)),
        ("in: qurey", "in: path", "did you mean `query`?", (11, 15)),
        ("const: a", "pattern: '^[a-z]+$'", "`const` has no meaning here (it came with OpenAPI 3.1)", (37, 18)),
        ("type: [string]\n          pattern", "type: string\n          pattern", "has to be a string", (36, 17)),
        ("pattern: '['", "pattern: '^[a-z]+$'", "is not a regular expression", (37, 20)),
        ("{default: sead}", "{default: seed, required: {sku: inferred}}", "did you mean `seed`?", (33, 29)),
        ("{requird: seed}", "{default: seed, required: {sku: inferred}}", "did you mean `required`?", (33, 29)),
        ("{required: {skuu: seed}}", "{default: seed, required: {sku: inferred}}", "did you mean `sku`?", (33, 37)),
        ("inferrred", "{default: seed, required: {sku: inferred}}", "did you mean `inferred`?", (33, 19)),
        ("required: [sku, sku]", "required: [sku]", "listed twice", (32, 17)),
        ("required: []", "required: [sku]", "must not be empty", (32, 17)),
        ("/orders/{id}/{x}:", "/orders/{id}:", "the path names {x}, which no parameter declares", (8, 7)),
        ("/orders:", "/orders/{id}:", "the path parameter 'id' is not in the path /orders", (8, 7)),
        ("#/components/schemas/Oder", "#/components/schemas/Order", "leads nowhere", (19, 21)),
        ("#/components/securitySchemes/key", "#/components/schemas/Order", "leads to a security scheme", (19, 21)),
    ],
)  # fmt: skip
def test_a_broken_document_is_refused_at_the_very_word(
    wrong: str, right: str, says: str, at: tuple[int, int], tmp_path: Path
) -> None:
    assert right in GOOD
    error = refusal(written(tmp_path, GOOD.replace(right, wrong, 1)))
    assert says in error.reason
    assert error.file == str(tmp_path / "openapi.yaml")
    assert (error.line, error.column) == at


MORE = [
    ("components: {schemas: {A: {discriminator: {propertyName: a, maping: {}}}}}", "did you mean `mapping`?"),
    ("components: {schemas: {'A b': {requried: []}}}", "the name of a component consists of"),
    ("security: [{kee: []}]\ncomponents: {securitySchemes: {key: {type: http, scheme: basic}}}", "did you mean `key`?"),
    ("components: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}", "contains itself"),
    ("components: {schemas: {A: {$ref: '#/components/schemas/A'}}}", "contains itself"),
    ("components: {responses: {A: {$ref: '#/components/responses/B'}, B: {$ref: '#/components/responses/A'}}}",
     "contains itself"),
    ("components: {schemas: {A: {anyOf: [{not: {$ref: '#/components/schemas/A'}}]}}}", "contains itself"),
    ("components: {parameters: {A: {name: a, in: query, schema: {}, content: {}}}}", "either `schema` or `content`"),
    ("components: {parameters: {A: {name: a, in: query}}}", "`schema` is missing"),
    ("components: {schemas: {A: true}}", "has to be an object"),
    ("components: {schemas: {A: {properties: {b: false}}}}", "has to be an object"),
    ("components: {schemas: {A: {items: [{type: string}]}}}", "has to be an object"),
    ("components: {schemas: {A: {minimum: 1, exclusiveMinimum: 1}}}", "has to be a boolean"),
    ("components: {schemas: {A: {maxLength: -1}}}", "-1 is too small"),
    ("components: {schemas: {A: {$ref: 5}}}", "a $ref is a string"),
    ("components: []", "has to be an object"),
    ("paths: {$ref: other.yaml}", "a $ref cannot stand for a paths"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), MORE)
def test_a_document_that_would_check_too_little_is_refused(text: str, says: str, tmp_path: Path) -> None:
    paths = "" if text.startswith("paths") else "paths: {}\n"
    error = refusal(written(tmp_path, f"openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{paths}{text}\n"))
    assert says in error.reason
    assert error.line in {4, 3, 5}
    assert error.column > 1


def test_two_parameters_of_one_name_are_refused(tmp_path: Path) -> None:
    second = "        - {name: id, in: path, required: true, schema: {type: integer}}\n      requestBody:"
    error = refusal(written(tmp_path, GOOD.replace("      requestBody:", second)))
    assert error.reason == "the path parameter 'id' is declared twice"
    assert (error.line, error.column) == (15, 11)


def test_two_operations_of_one_name_are_refused(tmp_path: Path) -> None:
    second = "  /b:\n    get: {operationId: createOrder, responses: {'200': {description: d}}}\ncomponents:"
    error = refusal(written(tmp_path, GOOD.replace("components:", second)))
    assert error.reason == "a second operation is called 'createOrder'"
    assert (error.line, error.column) == (24, 24)


def test_a_missing_document_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load(tmp_path / "openapi.yaml", "test")
    with pytest.raises(InputError, match="is not a file name"):
        load(tmp_path / "a\0b.yaml", "test")


def test_operations_are_read_with_parameters_bodies_and_responses(tmp_path: Path) -> None:
    text = GOOD.replace("  /orders/{id}:\n", "  /orders/{id}:\n    parameters: [{name: x, in: query, schema: {}}]\n")
    operation = load(written(tmp_path, text), "test").operation()
    assert [(each.name, each.location, each.style, each.explode) for each in operation.parameters] == [
        ("x", "query", "form", True),
        ("id", "path", "simple", False),
    ]
    assert operation.request is not None
    assert operation.request.content == {
        "application/json": "/paths/~1orders~1{id}/post/requestBody/content/application~1json/schema"
    }
    assert operation.success == "200"
    assert operation.response("404") is None


def test_headers_that_the_specification_says_to_ignore_are_no_parameters(tmp_path: Path) -> None:
    extra = "        - {name: Content-Type, in: header, schema: {type: string}}\n      requestBody:"
    contract = load(written(tmp_path, GOOD.replace("      requestBody:", extra)), "test")
    assert [each.name for each in contract.operation().parameters] == ["id"]


@pytest.mark.parametrize("name", sorted(catalogue().entries))
def test_a_shipped_contract_loads_and_its_bundle_loads_again(name: str, tmp_path: Path) -> None:
    from orderbridge import jsontext

    contract = catalogue().contract(name)
    for level in ("seed", "documented", "observed", "inferred"):
        document = contract.at(level).document
        again = load(written(tmp_path, jsontext.write(document), f"{level}.json"), name)
        assert again.document == document
        assert list(again.operations) == list(contract.operations)


# The catalogue


def partner(folder: Path, name: str, mapping: str | None = None, document: str | None = GOOD) -> Path:
    home = folder / name
    home.mkdir(parents=True)
    if document is not None:
        written(home, document)
    if mapping is not None:
        written(home, mapping, "mapping.yaml")
    return home


def test_a_folder_and_a_folder_of_folders_are_taken(tmp_path: Path) -> None:
    partner(tmp_path, "alpha")
    partner(tmp_path, "beta")
    partner(tmp_path, "_hidden")
    (tmp_path / "notes").mkdir()
    known = catalogue([tmp_path])
    assert {"alpha", "beta"} <= {entry.name for entry in known.partners}
    assert "_hidden" not in {*known.entries} - {path.name for path in built_in_folder().iterdir()}
    assert "beta" not in catalogue([tmp_path / "alpha"]).entries


def test_a_folder_that_extends_a_partner_uses_its_document(tmp_path: Path) -> None:
    partner(tmp_path, "unisouk", "extends: unisouk\n", None)
    partner(tmp_path, "another", "extends: base\n", None)
    partner(tmp_path, "base")
    known = catalogue([tmp_path])
    assert known.entry("unisouk").document == built_in_folder() / "unisouk" / "openapi.yaml"
    assert known.entry("another").document == tmp_path.resolve() / "base" / "openapi.yaml"


def test_what_extends_another_is_read_after_it_whatever_the_order(tmp_path: Path) -> None:
    partner(tmp_path / "later", "b", "extends: c\n", None)
    partner(tmp_path / "first", "a", "extends: b\n", None)
    partner(tmp_path / "first", "c", "extends: d\n", None)
    partner(tmp_path / "later", "d")
    document = (tmp_path / "later" / "d" / "openapi.yaml").resolve()
    for folders in (["first", "later"], ["later", "first"]):
        known = catalogue(tmp_path / name for name in folders)
        assert {known.entry(name).document for name in "abcd"} == {document}
    partner(tmp_path / "circle", "e", "extends: f\n", None)
    partner(tmp_path / "circle", "f", "extends: e\n", None)
    with pytest.raises(DocumentError, match="it extends 'f', which is not known"):
        catalogue([tmp_path / "circle"])


def test_what_is_no_partner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        catalogue([tmp_path / "absent"])
    with pytest.raises(InputError, match="is not a folder"):
        catalogue([Path("a\0b")])
    with pytest.raises(InputError, match="holds no contract"):
        catalogue([tmp_path])
    partner(tmp_path, "unisouk")
    with pytest.raises(DocumentError, match="is taken"):
        catalogue([tmp_path])
    partner(tmp_path / "more", "lost", "extends: nobody\n", None)
    with pytest.raises(DocumentError, match="it extends 'nobody'"):
        catalogue([tmp_path / "more"])
    with pytest.raises(UnknownPartnerError, match="did you mean 'unisouk'"):
        catalogue().contract("unisuk")


def test_a_mapping_that_is_no_yaml_matters_where_nothing_else_tells_what_a_folder_is(tmp_path: Path) -> None:
    broken = "map: 1\n\textends: unisouk\n"
    partner(tmp_path / "good", "own", broken)
    assert "own" in catalogue([tmp_path / "good"]).entries
    partner(tmp_path / "bare", "own", broken, None)
    partner(tmp_path / "taken", "unisouk", broken)
    for folder in ("bare", "taken"):
        with pytest.raises(DocumentError, match="a tab cannot indent YAML"):
            catalogue([tmp_path / folder])


def test_a_contract_is_loaded_once() -> None:
    known: Any = catalogue()
    assert known.contract("unisouk") is known.contract("unisouk")
