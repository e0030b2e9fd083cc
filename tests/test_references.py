"""References: followed inside the document's folder and nowhere else, made local, their places remembered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import pointer
from orderbridge.api import Partner
from orderbridge.contract import references
from orderbridge.contract.loading import load
from orderbridge.contract.shape import walk
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract

ACME = Path(__file__).parent / "data" / "contracts" / "acme" / "openapi.yaml"

HEAD = """\
openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /things:
    post:
      operationId: createOrder
      requestBody:
        content:
          application/json:
            schema:
              $ref: 'ROOT'
      responses:
        "200": {description: done}
"""


def spread(folder: Path, root: str, more: str = "", **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(path.name.replace("_json", ".json").replace("_yaml", ".yaml"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = folder / "openapi.yaml"
    path.write_text(HEAD.replace("ROOT", root) + more, encoding="utf-8")
    return path


def contract(path: Path) -> Contract:
    loaded = load(path, "test")
    for node in walk(loaded.document):
        if isinstance(node.value, dict) and "$ref" in node.value:
            target = references.local(node.value["$ref"])
            assert target is not None
            pointer.get(loaded.document, target)
    return loaded


def codes(path: Path, value: Any) -> list[tuple[str, str]]:
    return [(each.code, each.pointer) for each in Partner(contract(path)).validate(value)]


def refusal(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load(path, "test")
    return caught.value


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/A",
        "#/components/schemas/%41",
        "#/components/schemas/Holder/properties/a~1b",
        "#/components/schemas/Holder/properties/a%7E1b",
        "#/components/schemas/Holder/properties/a~0b",
        "#/components/schemas/Holder/properties/a%20%25",
        "#/components/schemas/Holder/anyOf/0",
        "#/components/schemas/Twice",
        "#/x-shared/a",
        "openapi.yaml#/components/schemas/A",
        "./openapi.yaml#/x-shared/a",
    ],
)
def test_a_reference_into_the_document_itself_is_followed(reference: str, tmp_path: Path) -> None:
    more = """
x-shared: {a: {type: integer}}
components:
  schemas:
    A: {type: integer}
    Twice: {$ref: '#/components/schemas/Once'}
    Once: {$ref: '#/components/schemas/A'}
    Holder:
      anyOf: [{type: integer}]
      properties:
        a/b: {type: integer}
        a~b: {type: integer}
        'a %': {type: integer}
"""
    path = spread(tmp_path, reference, more)
    assert codes(path, 1) == []
    assert codes(path, '"x"') == [("type", "")]


@pytest.mark.parametrize(
    "reference",
    [
        "whole.yaml", "whole.yaml#", "deep/er/list.json#/a~1b/0", "deep/er/../er/list.json#/a%7E1b/0", "./whole.yaml",
        "deep/up.yaml", "deep/up.yaml#/", "chain.yaml#/one", "deep%2Fup.yaml", "with%20space.yaml",
    ],
)  # fmt: skip
def test_a_reference_into_another_file_is_followed(reference: str, tmp_path: Path) -> None:
    path = spread(
        tmp_path,
        reference,
        whole_yaml="type: integer\n",
        deep__er__list_json='{"a/b": [{"type": "integer"}]}',
        deep__up_yaml="$ref: ../whole.yaml\n'': {$ref: ../whole.yaml}\n",
        chain_yaml="one: {$ref: '#/two'}\ntwo: {$ref: deep/er/list.json#/a~1b/0}\n",
        **{"with space_yaml": "type: integer\n"},
    )
    assert codes(path, 1) == []
    assert codes(path, '"x"') == [("type", "")]


def test_files_may_refer_to_each_other_and_back(tmp_path: Path) -> None:
    path = spread(
        tmp_path,
        "a.yaml#/Node",
        "components: {schemas: {Leaf: {type: integer}}}\n",
        a_yaml="""
Node:
  properties:
    next: {$ref: 'b.json#/Node'}
    leaf: {$ref: 'openapi.yaml#/components/schemas/Leaf'}
""",
        b_json='{"Node": {"properties": {"next": {"$ref": "a.yaml#/Node"}, "own": {"$ref": "#/Node"}}}}',
    )
    assert sorted(contract(path).document["components"]["schemas"]) == ["Leaf", "Node", "Node_2"]
    assert codes(path, {"next": {"own": {"next": {"leaf": "x"}}}}) == [("type", "/next/own/next/leaf")]


def test_equal_names_are_kept_apart_and_each_object_is_taken_once(tmp_path: Path) -> None:
    path = spread(
        tmp_path,
        "a.yaml#/A",
        "components: {schemas: {A: {type: boolean}}}\n",
        a_yaml="""
A:
  properties:
    x: {$ref: 'b.yaml#/A'}
    y: {$ref: 'b.yaml#/A'}
    z: {$ref: 'openapi.yaml#/components/schemas/A'}
""",
        b_yaml="A: {type: integer}",
    )
    assert sorted(contract(path).document["components"]["schemas"]) == ["A", "A_2", "A_3"]
    assert codes(path, {"x": "", "y": 1, "z": 1}) == [("type", "/x"), ("type", "/z")]


def test_thousands_of_files_long_chains_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    links = "".join(f"S{n}: {{properties: {{x: {{$ref: '#/S{n + 1}'}}}}}}\n" for n in range(3_000))
    path = spread(tmp_path, "a.yaml#/S0", a_yaml=f"{links}S3000: {{type: integer}}\n")
    assert codes(path, {"x": {"x": 1}}) == []
    more = "".join(f"S{n}: {{properties: {{x: {{$ref: '#/S{n + 1}'}}}}}}\n" for n in range(6_000))
    assert (
        "references into other files" in refusal(spread(tmp_path, "a.yaml#/S0", a_yaml=f"{more}S6000: {{}}\n")).reason
    )


def test_every_kind_of_object_may_be_in_another_file() -> None:
    loaded = contract(ACME)
    create, read = loaded.operations["createOrder"], loaded.operations["getOrders"]
    assert [each.name for each in create.parameters] == ["x-trace", "x-shop", "flags"]
    assert [each.name for each in read.parameters] == ["ids"]
    assert list(create.responses) == ["201", "400", "default"]
    examples = loaded.document["components"]["responses"]["Created"]["content"]["application/vnd.acme+json"]["examples"]
    assert examples == {"main": {"$ref": "#/components/examples/Main"}}
    assert loaded.document["components"]["examples"]["Main"] == {"value": {"id": 9007199254740993}}


def test_headers_links_request_bodies_callbacks_and_security_schemes_are_taken_over(tmp_path: Path) -> None:
    more = """\
          headers: {x-left: {$ref: 'p.yaml#/Left'}}
          links: {next: {$ref: 'p.yaml#/Next'}}
      callbacks: {done: {$ref: 'p.yaml#/Done'}}
  /more:
    put: {requestBody: {$ref: 'p.yaml#/Body'}, responses: {'200': {description: d}}}
components: {securitySchemes: {key: {$ref: 'p.yaml#/Key'}}}
"""
    part = """\
Left: {schema: {type: integer}}
Next: {operationId: createOrder}
Done: {'{$request.body#/url}': {post: {responses: {'200': {description: d}}}}}
Body: {content: {application/json: {schema: {$ref: '#/Left/schema'}}}}
Key: {type: http, scheme: basic}
"""
    path = spread(tmp_path, "p.yaml#/Left/schema", p_yaml=part)
    path.write_text(path.read_text().replace("{description: done}", "\n          description: done") + more)
    document = contract(path).document
    assert {section: list(entries) for section, entries in document["components"].items()} == {
        "securitySchemes": ["key", "Key"],
        "schemas": ["schema"],
        "headers": ["Left"],
        "links": ["Next"],
        "callbacks": ["Done"],
        "requestBodies": ["Body"],
    }


# Path items


def test_a_path_item_is_put_in_place_and_members_beside_the_reference_win(tmp_path: Path) -> None:
    more = """\
  /a:
    $ref: items.yaml#/~1a
    get: {operationId: own, responses: {'200': {description: d}}}
  /b: {$ref: '#/x-item'}
x-item: {get: {operationId: local, responses: {'200': {description: d}}}}
"""
    items = """\
/a:
  get: {operationId: theirs, responses: {'200': {description: d}}}
  put:
    operationId: put
    responses: {'200': {description: d}}
    requestBody: {content: {application/json: {schema: {$ref: '#/S'}}}}
S: {type: integer}
"""
    loaded = contract(spread(tmp_path, "items.yaml#/S", more, items_yaml=items))
    assert list(loaded.operations) == ["createOrder", "own", "put", "local"]
    assert loaded.place("/paths/~1a/put").file.endswith("items.yaml")
    assert (loaded.place("/paths/~1a/get").line, loaded.place("/paths/~1a/put").line) == (16, 4)


def test_a_path_item_that_contains_itself_is_refused(tmp_path: Path) -> None:
    item = """\
A: {post: {responses: {'200': {description: d}}, callbacks: {c: {'{$url}': {$ref: '#/A'}}}}}
L: {$ref: '#/M'}
M: {$ref: '#/L'}
S: {}
"""
    for name in ("A", "L"):
        error = refusal(spread(tmp_path, "i.yaml#/S", f"  /a: {{$ref: 'i.yaml#/{name}'}}\n", i_yaml=item))
        assert "contains itself" in error.reason
        assert error.line >= 1


# Discriminators


def test_a_mapping_to_another_file_follows_its_schema(tmp_path: Path) -> None:
    path = spread(
        tmp_path,
        "p.yaml#/Pet",
        p_yaml="""\
Pet:
  oneOf: [{$ref: 'd.yaml'}, {$ref: '#/components/schemas/Cat'}]
  discriminator: {propertyName: kind, mapping: {woof: d.yaml, meow: Cat, other: '#/components/schemas/Cat'}}
components: {schemas: {Cat: {type: object, required: [kind, lives], properties: {kind: {}, lives: {type: integer}}}}}
""",
        d_yaml="{type: object, required: [kind, bark], properties: {kind: {}, bark: {type: string}}}",
    )
    document = contract(path).document
    assert document["components"]["schemas"]["Pet"]["discriminator"]["mapping"] == {
        "woof": "#/components/schemas/d",
        "meow": "#/components/schemas/Cat",
        "other": "#/components/schemas/Cat",
    }
    assert codes(path, {"kind": "meow", "lives": "9", "bark": 1}) == [("type", "/lives")]
    assert codes(path, {"kind": "woof", "lives": "9", "bark": 1}) == [("type", "/bark")]


def test_a_mapping_that_leads_nowhere_is_refused_at_its_value(tmp_path: Path) -> None:
    mapping = "discriminator: {propertyName: a, mapping: {x: '#/components/schemas/B'}}"
    more = f"components:\n  schemas:\n    A:\n      {mapping}\n"
    error = refusal(spread(tmp_path, "#/components/schemas/A", more))
    assert "leads nowhere" in error.reason
    assert (error.line, error.column) == (17, 53)


# What is refused


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("../outside.yaml", "lies outside"),
        ("deep/../../outside.yaml", "lies outside"),
        ("%2e%2e/outside.yaml", "lies outside"),
        ("linked.yaml", "lies outside"),
        ("linked/hosts", "lies outside"),
        ("/etc/hosts", "is not a file of"),
        ("%2Fetc/hosts", "is not a file of"),
        ("\\\\host\\share", "is not a file of"),
        ("http://localhost/a.yaml", "is not a file of"),
        ("https://example.com/a.yaml#/A", "is not a file of"),
        ("file:///etc/hosts", "is not a file of"),
        ("file:inside.yaml", "is not a file of"),
        ("data:application/json,{}", "is not a file of"),
        ("C:/a.yaml", "is not a file of"),
        ("//host/a.yaml", "is not a file of"),
        ("inside%00.yaml", "is not a file name"),
        ("absent.yaml", "leads nowhere"),
        ("inside.yaml#/absent", "leads nowhere"),
        ("inside.yaml#absent", "leads nowhere"),
        ("#/components/schemas/Absent", "leads nowhere"),
        ("#/paths/~1things", "leads to a path item instead of a schema"),
        ("#", "leads to a document instead of a schema"),
        ("x" * 5_000, "leads nowhere"),
        (".", "is a folder"),
        ("deep", "is a folder"),
    ],
)  # fmt: skip
def test_a_reference_that_cannot_be_followed_is_refused_where_it_stands(
    reference: str, says: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "deep").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text("type: integer\n")
    (home / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    (home / "linked").symlink_to("/etc")
    error = refusal(spread(home, reference, inside_yaml="type: integer\n"))
    assert says in error.reason
    assert error.file == str(home / "openapi.yaml")
    assert (error.line, error.column) == (11, 21)


def test_a_fault_in_another_file_names_that_file_and_line(tmp_path: Path) -> None:
    broken = {
        "type: strin\n": ("did you mean `string`?", 1, 7),
        "type: object\nproperties:\n  a: {tpye: string}\n": ("did you mean `type`?", 3, 13),
        "type: object\nproperties:\n  a: {$ref: none.yaml}\n": ("leads nowhere", 3, 13),
        "type: object\nproperties:\n  a: {$ref: '#/none'}\n": ("leads nowhere", 3, 13),
        "type: string\npattern: '['\n": ("is not a regular expression", 2, 10),
        "type: string\nx-evidence: guess\n": ("is no evidence", 2, 13),
        "type: string\ntype: string\n": ("stands twice", 2, 1),
        "- a\n": ("has to be an object", 1, 1),
        "a:\n\tb: 1\n": ("a tab cannot indent", 2, 1),
    }
    for text, (says, line, column) in broken.items():
        error = refusal(spread(tmp_path, "deep/part.yaml", deep__part_yaml=text))
        assert says in error.reason
        assert (error.file, error.line, error.column) == (str(tmp_path / "deep/part.yaml"), line, column)


def test_a_wrong_section_of_components_is_told_even_when_parts_are_taken_over(tmp_path: Path) -> None:
    path = spread(tmp_path, "p.yaml", "components: {schemas: []}\n", p_yaml="type: string\n")
    assert "has to be an object" in refusal(path).reason


# Example files


def example(folder: Path, reference: str) -> Path:
    path = spread(folder, "p.yaml", p_yaml="{}")
    text = path.read_text().replace(
        "              $ref: 'p.yaml'\n",
        "              $ref: 'p.yaml'\n"
        f"            examples:\n              main:\n                externalValue: '{reference}'\n",
    )
    path.write_text(text)
    return path


def shown(path: Path) -> Any:
    media = load(path, "test").document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]
    return media["examples"]["main"]


def test_example_files_become_values(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a b.json").write_text('{"n": 1.10, "deep": ' + "[" * 150 + "]" * 150 + "}")
    (tmp_path / "e" / "a.yaml").write_text("n: 1\n")
    (tmp_path / "e" / "a.xml").write_text("<n>1</n>")
    assert str(shown(example(tmp_path, "e/a%20b.json"))["value"]["n"]) == "1.10"
    assert shown(example(tmp_path, "e/a.yaml")) == {"value": {"n": 1}}
    assert shown(example(tmp_path, "e/a.xml")) == {"value": "<n>1</n>"}


def test_an_example_at_a_url_is_left_alone(tmp_path: Path) -> None:
    assert shown(example(tmp_path, "https://example.com/a.json")) == {"externalValue": "https://example.com/a.json"}


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("../a.json", "lies outside"),
        ("/etc/hosts", "is not a file of"),
        ("file:///etc/hosts", "is not a file of"),
        ("absent.json", "cannot be read"),
        (".", "is a folder"),
    ],
)
def test_an_example_outside_or_missing_is_refused_where_it_is_named(reference: str, says: str, tmp_path: Path) -> None:
    error = refusal(example(tmp_path, reference))
    assert says in error.reason
    assert (error.file, error.line, error.column) == (str(tmp_path / "openapi.yaml"), 14, 32)


def test_an_example_that_is_not_json_is_refused_with_its_own_line(tmp_path: Path) -> None:
    for text, line, column in (("{\n  'a': 1}", 2, 3), ("", 1, 1), ('{"a": 1,\n"a": 2}', 2, 1), ("\xff", 1, 1)):
        (tmp_path / "bad.json").write_bytes(text.encode("latin-1"))
        error = refusal(example(tmp_path, "bad.json"))
        assert (error.file, error.line, error.column) == (str(tmp_path / "bad.json"), line, column)


# Places


def test_the_place_of_every_part_is_where_it_was_written() -> None:
    loaded = contract(ACME)
    order = loaded.place("/components/schemas/Order/properties/lines")
    assert (order.file, order.pointer) == (str(ACME.parent / "parts/order.json"), "/Order/properties/lines")
    assert (
        ACME.parent.joinpath("parts/order.json").read_text().splitlines()[order.line - 1].lstrip().startswith('"lines"')
    )
    money = loaded.place("/components/schemas/Money/properties/amount")
    assert (Path(money.file).name, money.pointer) == ("openapi.yaml", "/components/schemas/Money/properties/amount")
    value = loaded.place("/paths/~1orders/post/requestBody/content/application~1json/examples/main/value/lines/0/sku")
    assert (Path(value.file).name, value.line, value.column) == ("createOrder.request.main.json", 5, 21)
    assert loaded.at("documented").place("/components/schemas/Order") == loaded.place("/components/schemas/Order")


def test_written_references_are_read_back() -> None:
    for target in ("", "/a", "/a~1b/0", "/a %/ü", "/paths/~1{id}"):
        assert references.local(references.to(target)) == target
    assert references.local("other.yaml#/a") is None
    assert references.local(None) is None
