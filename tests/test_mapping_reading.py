"""The loader of mappings: what it refuses, where it says so, what would be right; and that nothing else escapes it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.loading import load as contract_of
from orderbridge.errors import DocumentError, UnknownPartnerError
from orderbridge.mapping.draft import read_draft
from orderbridge.mapping.operations import Constant, Leaf, Leave, Mapping, Parts
from orderbridge.mapping.reading import HUB, load_mapping, read_mapping
from orderbridge.mapping.sections import MOST_LINES

if TYPE_CHECKING:
    from pathlib import Path

    from orderbridge.contract.catalogue import Catalogue
    from orderbridge.contract.contract import Contract

CONTRACT: Final = """\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    post:
      operationId: createOrder
      parameters: [{name: X-Store, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {type: object}}}}
        default: {description: Refused, content: {application/json: {schema: {type: object}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        number: {type: string}
        count: {type: integer}
        paid: {type: boolean}
        total: {type: number}
        state: {type: string}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}, amount: {type: number}}}}
        parcels: {type: array, items: {type: object, properties: {id: {type: string}}}}
        extra: {type: object}
"""
MAPPING: Final = """\
map: 1
partner: shop
version: "1"
hub: order/1
blank: absent
identity: [number]
context: {locale: en}
money: {currency: currency}
slot: {path: extra.bridge, holds: text, max: 60000}
shapes:
  person: {first: given, last: family}
tables:
  state: {new: created}
request:
  number: number
  state: {to: status, table: state}
  count: {leave: duplicate, fill: {value: 1}}
  lines: {each: lines, key: sku}
  lines.*.sku: sku
  lines.*.amount: {to: total, as: decimal}
  parcels: {each: shipments, key: id}
  parcels.*.id: id
  extra: {tree: attributes}
response: {id: id}
errors:
  status: {invalid: 400}
  body: {text: message}
headers:
  x-store: seller.site_id
"""


Load = Callable[[str], Mapping]


@cache
def known() -> Catalogue:
    return catalogue()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make the folder of a made-up partner."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(CONTRACT, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Load the contract of that partner, once."""
    path = tmp_path_factory.mktemp("contract") / "openapi.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    return contract_of(path, "shop")


@pytest.fixture
def load(shop: Path, contract: Contract) -> Load:
    """Give what reads a text as the mapping of that partner."""

    def read(text: str) -> Mapping:
        (shop / "mapping.yaml").write_text(text, encoding="utf-8", newline="")
        return read_mapping(read_draft(shop / "mapping.yaml", _nobody), contract, known().contract(HUB))

    return read


def _nobody(name: str) -> Path:
    raise UnknownPartnerError(name, ())


def refusal(load: Load, text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load(text)
    return caught.value


def test_a_mapping_that_means_something_is_read(load: Load) -> None:
    mapping = load(MAPPING)
    assert (mapping.partner, mapping.version, mapping.statuses) == ("shop", "1", (("invalid", 400),))
    assert [len(section.operations) for section in mapping.sections.values()] == [6, 1, 1, 1]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("number: {to: number, fill: {value: 012}}", "012"),
        ("number: {to: number, fill: {value: NO}}", "NO"),
        ("number: {to: number, fill: {value: 2020-01-01}}", "2020-01-01"),
        ("count: {leave: duplicate, fill: {value: 12}}", 12),
        ("paid: {leave: duplicate, fill: {value: true}}", True),
        ("total: {leave: duplicate, fill: {value: 12.30}}", Decimal("12.30")),
        ("lines: {leave: duplicate, fill: {value: [{sku: 1, amount: 1}]}}", [{"sku": "1", "amount": 1}]),
        ("else: {leave: duplicate, fill: {value: 7}}", "7"),
    ],
)
def test_constants_are_of_the_type_that_the_contract_has(line: str, value: Any, load: Load) -> None:
    (read,) = load(f"map: 1\nrequest:\n  {line}\n").sections["request"].operations
    assert isinstance(read, (Leaf, Leave))
    assert isinstance(read.fill, Constant)
    assert (read.fill.value, type(read.fill.value)) == (value, type(value))


@pytest.mark.parametrize("constant", ["012", "1e400", "0x1", "1_000", "NO", "9" * 1001])
def test_what_is_no_number_as_json_has_it_is_no_number_here(constant: str, load: Load) -> None:
    text = f"map: 1\nrequest:\n  count: {{leave: duplicate, fill: {{value: {constant}}}}}\n"
    assert constant[:40] in refusal(load, text).reason


# Each case: what is replaced by what, the line that the refusal names (as it then stands), and what it says.
CASES: Final[list[tuple[str, str, str, str]]] = [
    # The file as a whole.
    ("map: 1", "map: 2", "map: 2", "a mapping begins with `map: 1`"),
    ("map: 1\n", "", "partner: shop", "a mapping begins with `map: 1`"),
    ("version:", "verison:", 'verison: "1"', "a mapping has no member 'verison'; did you mean 'version'?"),
    ("hub: order/1", "hub: order/2", "hub: order/2", "`hub` cannot be 'order/2'; did you mean 'order/1'?"),
    ("blank: absent", "blank: kept", "blank: kept", "`blank` cannot be 'kept'; it can be absent"),
    ("[number]", "{a: b}", "identity: {a: b}", "`identity` has to be a list"),
    ("{locale: en}", "{local: en}", "context: {local: en}", "the hub has no leaf 'local'"),
    ("{locale: en}", "[locale]", "context: [locale]", "`context` has to be a map"),
    ("{currency: currency}", "currency", "money: currency", "`money` has to be a map"),
    (", max: 60000", "", "slot: {path: extra.bridge, holds: text}", "`slot` has the members path, holds and max"),
    ("holds: text", "holds: words", "slot: {path: extra.bridge, holds: words, max: 60000}",
     "`holds` cannot be 'words'; it can be object, pairs, text"),
    ("max: 60000", "max: many", "slot: {path: extra.bridge, holds: text, max: many}", "`max` has to be a number"),
    ("extra.bridge", "extra..bridge", "slot: {path: extra..bridge, holds: text, max: 60000}",
     "a member name is expected at character 7"),
    # Sections.
    ("response: {id: id}", "response: [id]", "response: [id]", "`response` has to be a map"),
    ("  status: {invalid: 400}", "  statuses: {invalid: 400}", "statuses: {invalid: 400}",
     "`errors` has no member 'statuses'; it can be body, status"),
    ("  x-store: seller.site_id", "  x-store: seller.site_id\n  X-Store: seller.org_id", "X-Store: seller.org_id",
     "the header 'x-store' stands twice: names of headers have no case"),
    ("{invalid: 400}", "{invalid: 99}", "status: {invalid: 99}", "99 is not an HTTP status"),
    ("{invalid: 400}", "{invalid: ok}", "status: {invalid: ok}", "a status has to be a number, not 'ok'"),
    ("{invalid: 400}", "{invalid: ²}", "status: {invalid: ²}", "a status has to be a number"),
    # Lines.
    ("number: number", "number: [number]", "number: [number]", "a line has to be a text"),
    ("number: number", 'number: ""', 'number: ""', "a line has to be a text"),
    ("number: number", "number: {as: text}", "number: {as: text}",
     "a line says one of: each, leave, members, ref, rest, to, tree, use"),
    ("number: number", "number: {to: number, tabel: state}", "number: {to: number, tabel: state}",
     "a line with `to` has no member 'tabel'; did you mean 'table'?"),
    ("number: number", "number: {to: numbr}", "number: {to: numbr}",
     "the hub has no leaf 'numbr' here; did you mean 'number'?"),
    ("number: number", "number: lines.sku", "number: lines.sku", "the hub has no leaf 'lines.sku' here"),
    ("number: number", "number: ^number", "number: ^number", "`^` climbs out of the order"),
    ("number: number", "number: a..b", "number: a..b", "'a..b' is not a hub path"),
    ("number: number", "number: attributes", "number: attributes", "this leaf of the hub does not hold any text"),
    ("number: number", "number: status", "number: status", "name a codec with `as`, or a `table`"),
    ("number: number", "number: {to: number, as: txt}", "number: {to: number, as: txt}",
     "there is no codec 'txt'; did you mean 'text'"),
    ("number: number", "number: {to: number, as: decimal}", "number: {to: number, as: decimal}",
     "the codec 'decimal' makes decimal, and this leaf of the hub holds text"),
    ("number: number", "number: {to: number, else: [nam]}", "number: {to: number, else: [nam]}",
     "did you mean 'name'?"),
    ("number: number", "number: {to: number, aka: [a.]}", "number: {to: number, aka: [a.]}",
     "a member name is expected at character 3"),
    ("number: number", "number: {to: number, aka: {a: b}}", "number: {to: number, aka: {a: b}}",
     "`aka` has to be a list"),
    ("number: number", "number: {to: number, need: [a]}", "number: {to: number, need: [a]}", "`need` has to be a text"),
    ("number: number", "number: {to: number, when: {}}", "number: {to: number, when: {}}",
     "`when` tests one path against one constant"),
    ("number: number", "number: {to: number, when: {paid: maybe}}", "number: {to: number, when: {paid: maybe}}",
     "'maybe' is not boolean, which the contract has here"),
    ("number: number", '"`number": number', '"`number": number', "'`number' is not a path"),
    ("leave: duplicate", "leave: because", "count: {leave: because, fill: {value: 1}}",
     "the reason cannot be 'because'; it can be duplicate, no concept elsewhere, server-side, unknown members"),
    ("{tree: attributes}", "{tree: name}", "extra: {tree: name}", "`name` of the hub does not hold free members"),
    ("{tree: attributes}", "{rest: name}", "extra: {rest: name}", "`name` of the hub does not hold free members"),
    # Fills.
    ("{value: 1}", "{value: one}", "count: {leave: duplicate, fill: {value: one}}",
     "'one' is not integer, which the contract has here"),
    ("{value: 1}", "{value: 1, text: a}", "count: {leave: duplicate, fill: {value: 1, text: a}}", "`fill` is one of"),
    ("{value: 1}", "1", "count: {leave: duplicate, fill: 1}", "`fill` has to be a map"),
    ("{value: 1}", "{derive: now}", "count: {leave: duplicate, fill: {derive: now}}", "`derive` cannot be 'now'"),
    ("{value: 1}", "{derive: join}", "count: {leave: duplicate, fill: {derive: join}}", "comes with `of`"),
    ("{value: 1}", "{derive: same, of: [a]}", "count: {leave: duplicate, fill: {derive: same, of: [a]}}",
     "`derive: same` is about two paths"),
    ("{value: 1}", '{text: "{nam}"}', 'count: {leave: duplicate, fill: {text: "{nam}"}}', "did you mean 'name'?"),
    # Lists.
    ("{each: lines, key", "{each: line, key", "lines: {each: line, key: sku}", "`each` cannot be 'line'"),
    ("{each: lines, key", "{each: lines, where: {knd: a}, key", "lines: {each: lines, where: {knd: a}, key: sku}",
     "the hub has no leaf 'knd' here"),
    ("{each: lines, key", "{each: lines, where: {sku: null}, key", "lines: {each: lines, where: {sku: null}, key: sku}",
     "a leaf of the hub is never null or empty: leave 'sku' out of `where`"),
    ("{each: lines, key", "{each: lines, bare: yes, key", "lines: {each: lines, bare: yes, key: sku}",
     "`bare` has to be true or false"),
    ("{each: lines, key", "{each: lines, make: column, key", "lines: {each: lines, make: column, key: sku}",
     "`make` cannot be 'column'; it can be row"),
    ("{each: lines, key", "{each: lines, of: nobody, key", "lines: {each: lines, of: nobody, key: sku}",
     "`of` cannot be 'nobody'"),
    ("  lines: {each: lines, key: sku}\n", "", "lines.*.sku: sku", "there is no line for the list that this stands in"),
    ("lines.*.sku: sku", "lines.*.sku: number", "lines.*.sku: number", "the hub has no leaf 'number' here"),
    ("lines.*.sku: sku", "lines.*.sku: lines.*.sku", "lines.*.sku: lines.*.sku",
     "the hub has no leaf 'lines.*.sku' here; inside of a list, paths start at its row: 'sku'"),
    ("number: number", "number: notes.text", "number: notes.text",
     "; 'notes' is a list: its first row has 'notes.0.text', and a line below `each: notes` says 'text'"),
    ("number: number", "number: unit_price", "number: unit_price",
     "the hub has no leaf 'unit_price' here; rows of lines have it: the line stands below one that says `each`"),
    ("number: number", "number: attributes.colour", "number: attributes.colour",
     "; 'attributes' is one leaf: `tree: attributes` takes a whole object of free members"),
    ("lines.*.sku: sku", "lines.*.sku: ^^number", "lines.*.sku: ^^number", "`^` climbs out of the order"),
    ("lines.*.sku: sku", "lines.*.sku: {to: shipment, ref: parcels}", "lines.*.sku: {to: shipment, ref: parcels}",
     "`ref` stands in a list's element and comes with `key`"),
    ("number: number", "number: {to: number, ref: parcels, key: id}", "number: {to: number, ref: parcels, key: id}",
     "`ref` stands in a list's element"),
    ("parcels.*.id: id", "parcels.*.id: {members: lines}", "parcels.*.id: {members: lines}",
     "`members` comes with `at` and `match`"),
    ("parcels.*.id: id", "parcels.*.id: {members: lines, at: shipment, match: [{a: sku}], quantity: {}}",
     "parcels.*.id: {members: lines, at: shipment, match: [{a: sku}], quantity: {}}",
     "`quantity` is one line, such as {qty: {to: quantity, as: whole}}"),
    ("parcels.*.id: id", "parcels.*.id: {members: lines, at: shipment, match: [{a: {leave: duplicate}}]}",
     "parcels.*.id: {members: lines, at: shipment, match: [{a: {leave: duplicate}}]}",
     "a line by which a row is found says `to`"),
    # Shapes, tables and alternatives.
    ("number: number", "number: {use: [person]}", "number: {use: [person]}", "`use` comes with `at`"),
    ("number: number", "number: {use: [persn], at: buyer}", "number: {use: [persn], at: buyer}",
     "a shape cannot be 'persn'; did you mean 'person'?"),
    ("number: number", "number: {use: [person], at: nowhere}", "number: {use: [person], at: nowhere}",
     "the hub has nothing below 'nowhere'"),
    ("number: number", "number: {use: [person], at: totals}", "person: {first: given, last: family}",
     "the hub has no leaf 'totals.given' here"),
    ("number: number", "number: {use: [person], at: buyer, else_from: {path: a}}",
     "number: {use: [person], at: buyer, else_from: {path: a}}", "`else_from` has the members path and when"),
    ("number: number", "number: {use: [person], at: buyer, else: [bill_to], when: {paid: true}}",
     "number: {use: [person], at: buyer, else: [bill_to], when: {paid: true}}", "neither `else` nor `else_from`"),
    ("table: state", "table: stat", "state: {to: status, table: stat}",
     "a table cannot be 'stat'; did you mean 'state'?"),
    ("{new: created}", "[new]", "state: [new]", "a row of a table has to be a map"),
    ("{new: created}", "[{from: new}]", "state: [{from: new}]", "a row of a table has the members from and to"),
    ("{new: created}", "[{from: new, to: created, preferred: 1}]", "state: [{from: new, to: created, preferred: 1}]",
     "`preferred` has to be true or false"),
    ("{new: created}", "[{from: new, leave: duplicate, to: created}]",
     "state: [{from: new, leave: duplicate, to: created}]", "that says `leave` has no other member but from"),
    ("{new: created}", "[{from: new, leave: somehow}]", "state: [{from: new, leave: somehow}]", "the reason cannot be"),
    ("number: number", "either: {line: []}", "either: {line: []}", "the hub has no list 'line'; did you mean 'lines'?"),
    ("number: number", "either: {lines: [number]}", "either: {lines: [number]}", "a set has to be a map"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "reason"), CASES)
def test_what_means_nothing_is_refused_where_it_stands(old: str, new: str, line: str, reason: str, load: Load) -> None:
    assert MAPPING.count(old) == 1, f"{old!r} stands {MAPPING.count(old)} times in the mapping"
    text = MAPPING.replace(old, new)
    error = refusal(load, text)
    assert reason in error.reason
    assert (error.file, text.splitlines()[error.line - 1].strip()) == ("shop/mapping.yaml", line)
    assert 1 <= error.column <= len(text.splitlines()[error.line - 1]) + 1
    assert str(error).startswith(f"shop/mapping.yaml:{error.line}:{error.column}: ")


def test_street_lines_are_counted_in_plain_digits(load: Load) -> None:
    mapping = load(MAPPING.replace("number: number", "number: buyer.street.1\n  more: buyer.street.0"))
    parts = next(each for each in mapping.sections["request"].operations if isinstance(each, Parts))
    assert parts.at == (("more",), ("number",))
    for odd in ("²", "9" * 5000, "-1", "x"):
        text = MAPPING.replace("number: number", f"number: buyer.street.{odd}")
        assert "the hub has no leaf" in refusal(load, text).reason


def test_a_leaf_knows_where_it_was_written(load: Load) -> None:
    leaf = next(each for each in load(MAPPING).sections["request"].operations if isinstance(each, Leaf))
    assert (str(leaf.origin), leaf.origin.column, leaf.origin.pointer) == (
        "shop/mapping.yaml:15",
        11,
        "/request/number",
    )


# Overlays


def overlay(shop: Path, text: str, name: str = "mine") -> Catalogue:
    folder = shop.parent / name
    folder.mkdir(exist_ok=True)
    (folder / "mapping.yaml").write_text(f"map: 1\n{text}", encoding="utf-8")
    return catalogue([shop, folder])


def test_an_overlay_replaces_adds_and_removes(shop: Path) -> None:
    known = overlay(
        shop,
        "extends: shop\nversion: '2'\nshapes: {person: {last: null}}\n"
        "tables: {state: [{from: new, to: draft}, {from: old, to: completed}]}\n"
        "request: {count: null, number: name, paid: {leave: duplicate}}\nerrors: {status: {conflict: 409}}\n",
    )
    mapping = load_mapping(known, "mine")
    assert mapping is not None
    lines = {each.at: each for each in mapping.sections["request"].operations if hasattr(each, "at")}
    assert ("count",) not in lines
    assert ("paid",) in lines
    leaf = lines["number",]
    assert isinstance(leaf, Leaf)
    assert (leaf.to.leaf, leaf.origin.file) == ("name", "mine/mapping.yaml")
    state = lines["state",]
    assert isinstance(state, Leaf)
    assert (state.origin.file, state.codec.up("new", None), state.codec.up("old", None)) == (
        "shop/mapping.yaml",
        "draft",
        "completed",
    )
    assert mapping.statuses == (("invalid", 400), ("conflict", 409))
    assert (mapping.partner, mapping.version) == ("mine", "2")


def test_an_overlay_that_means_nothing_is_refused_in_its_own_file(shop: Path) -> None:
    known = overlay(shop, "extends: shop\nrequest:\n  number: numbr\n")
    with pytest.raises(DocumentError, match=r"mine/mapping.yaml:4:11: the hub has no leaf 'numbr' here") as caught:
        load_mapping(known, "mine")
    assert caught.value.file == "mine/mapping.yaml"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("request:\n  cuont: null\n",
         "mine/mapping.yaml:4:10: there is no line 'cuont' to take out; did you mean 'count'?"),
        ("shapes: {person: {given: null}}\n",
         "mine/mapping.yaml:3:26: there is no line 'given' to take out; it can be first, last"),
        ("tables: {state: {newe: null}}\n",
         "mine/mapping.yaml:3:24: there is no row 'newe' to take out; did you mean 'new'?"),
        ("tables: {state: [{from: x, to: null}]}\n", "there is no row 'x' to take out"),
        ("errors: {status: {conflict: null}}\n", "there is no line 'conflict' to take out"),
    ],
)  # fmt: skip
def test_an_overlay_takes_out_only_what_is_there(text: str, why: str, shop: Path) -> None:
    known = overlay(shop, f"extends: shop\n{text}")
    with pytest.raises(DocumentError, match=re.escape(why)):
        load_mapping(known, "mine")


@pytest.mark.parametrize("member", ["context", "only"])
@pytest.mark.parametrize("value", ["null", '""'])
def test_a_constant_of_the_hub_is_never_blank(member: str, value: str, shop: Path) -> None:
    known = overlay(shop, f"extends: shop\n{member}: {{locale: {value}}}\n")
    with pytest.raises(DocumentError, match=f"never null or empty: leave 'locale' out of `{member}`"):
        load_mapping(known, "mine")


def test_what_cannot_be_extended_is_refused(shop: Path, tmp_path: Path) -> None:
    (shop / "mapping.yaml").unlink()
    known = overlay(shop, "extends: shop\n")
    with pytest.raises(DocumentError, match="shop has no mapping that could be extended"):
        load_mapping(known, "mine")
    file = tmp_path / "odd" / "mapping.yaml"
    file.parent.mkdir()
    file.write_text("map: 1\nextends: nobody\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"odd/mapping.yaml:2:10: there is no partner 'nobody'"):
        read_draft(file, lambda name: known.entry(name).folder / "mapping.yaml")


def test_a_mapping_that_extends_itself_is_refused(tmp_path: Path) -> None:
    for name, base in (("one", "two"), ("two", "one"), ("self", "self")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mapping.yaml").write_text(f"map: 1\nextends: {base}\n", encoding="utf-8")
    for name in ("one", "self"):
        with pytest.raises(DocumentError, match="a mapping cannot extend itself"):
            read_draft(tmp_path / name / "mapping.yaml", lambda base: tmp_path / base / "mapping.yaml")


# Hostile files


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the document is empty"),
        ("- 1\n", "a mapping has to be a map"),
        ("map: 1\nmap: 1\n", "twice"),
        ("map: 1\nrequest: &a {b: *a}\n", "alias"),
        ("map: 1\nrequest: " + "{a: " * 200 + "}" * 200, "100 levels"),
        ("map: 1\nrequest: " + "[" * 5000 + "]" * 5000, "100 levels"),
        ("map: 1\nx: !!python/object/apply:os.system [id]\n", "tag"),
        ("map: 1\nrequest:\n\tnumber: number\n", ""),
        ("map: 1\x00", ""),
        ("map: 1\n---\nmap: 1\n", ""),
        (MAPPING + "# " + "x" * (5 * 1024 * 1024), "5 MiB"),
        (
            "map: 1\nshapes:\n  a: &a {x: name, y: name, z: name}\n"
            + "".join(f"  {chr(98 + n)}: &{chr(98 + n)} {{l: *{chr(97 + n)}, r: *{chr(97 + n)}}}\n" for n in range(24)),
            "",
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_a_file_that_is_no_mapping_is_refused(text: str, reason: str, load: Load) -> None:
    error = refusal(load, text)
    assert reason in error.reason
    assert error.file == "shop/mapping.yaml"


def test_a_file_that_is_not_text_is_refused(shop: Path) -> None:
    (shop / "mapping.yaml").write_bytes(b"map: 1\n\xff\xfe")
    with pytest.raises(DocumentError, match="UTF-8"):
        load_mapping(catalogue([shop]), "shop")


def test_lines_are_bounded_however_they_come_about(load: Load) -> None:
    shape = ", ".join(f"m{n}: given" for n in range(MOST_LINES // 10))
    uses = "".join(f"  o{n}: {{use: [big], at: buyer}}\n" for n in range(20))
    many = "".join(f"  o{n}: name\n" for n in range(MOST_LINES + 1))
    same = f"  o: {{use: [{', '.join(['none'] * (MOST_LINES + 1))}], at: buyer}}\n"
    for lines in (uses, many, same):
        text = f"map: 1\nshapes:\n  big: {{{shape}}}\n  none: {{}}\nrequest:\n{lines}"
        assert f"more than {MOST_LINES:,} lines" in refusal(load, text).reason


# Damage

VALUES: Final[list[Any]] = [
    None, True, False, 0, -1, "", "x", "^", "^^^^name", "*", ".", "`", "a.b", "a..b", "0", "9" * 400, "²", "lines.0",
    "lines.0.sku", [], [None], [[]], ["x"], {}, {"x": "y"}, {"": ""}, {"to": "name"}, {"to": None}, {"each": "lines"},
    {"leave": "duplicate"}, {"use": ["person"], "at": "buyer"}, {"fill": {"derive": "row"}}, {"members": "lines"},
]  # fmt: skip


def refused(text: str, folder: Path, name: str) -> DocumentError | None:
    """Read a damaged file of a partner; whatever is no refusal is raised."""
    path = folder / name / "mapping.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    try:
        draft = read_draft(path, lambda base: known().entry(base).folder / "mapping.yaml")
        read_mapping(draft, known().contract(name), known().contract(HUB))
    except DocumentError as error:
        return error
    return None


def is_placed(error: DocumentError | None, name: str) -> bool:
    return error is None or (error.file == f"{name}/mapping.yaml" and error.line > 0 and bool(error.reason))


NAMES: Final = [entry.name for entry in catalogue().partners]


def original(name: str) -> str:
    return (known().entry(name).folder / "mapping.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_wrong_types_everywhere_are_read_or_refused(name: str, tmp_path: Path) -> None:
    whole = yaml.load(original(name), Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and maps only
    chance = random.Random(name)  # noqa: S311 - repeatable damage
    found = []
    for _ in range(40):
        text = yaml.safe_dump(replaced(whole, chance), sort_keys=False, allow_unicode=True)
        found.append(refused(text, tmp_path, name))
    assert all(is_placed(error, name) for error in found)
    assert any(found)


def replaced(value: Any, chance: random.Random) -> Any:
    """Give a copy in which one value, somewhere, is another; or a key is."""
    if isinstance(value, dict) and value and chance.random() < 0.95:
        name = chance.choice(list(value))
        if chance.random() < 0.15:
            return {(chance.choice(["", "*", "a.*", "`", "0", "either"]) if key == name else key): each
                    for key, each in value.items()}  # fmt: skip
        return {**value, name: replaced(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        index = chance.randrange(len(value))
        return [*value[:index], replaced(value[index], chance), *value[index + 1 :]]
    return chance.choice(VALUES)


@pytest.mark.parametrize("name", NAMES)
def test_damaged_text_is_read_or_refused(name: str, tmp_path: Path) -> None:
    text = original(name)
    chance = random.Random(name)  # noqa: S311 - repeatable damage
    for _ in range(40):
        at, length = chance.randrange(len(text)), chance.choice([0, 1, 2, 30])
        junk = "".join(chance.choice("{}[]:,-*&!|>'\"`^. \n\tax0é\u2028") for _ in range(chance.randrange(4)))
        assert is_placed(refused(text[:at] + junk + text[at + length :], tmp_path, name), name)


KEYS: Final = """
map partner version hub extends identity context only money slot shapes tables request response errors headers status
body either to as table aka also when else fill currency need each key where nest components of make bare use at
else_from members match quantity tree rest leave value text derive path holds max from lossy preferred number lines
lines.* lines.*.sku extra . * x
"""
WORDS: Final = """
1 number lines sku buyer person state status created decimal text row key join same count region_code duplicate
attributes ^number lines.0.sku {number} a.* . 0 shop
"""
TREES: Final = st.recursive(
    st.sampled_from(WORDS.split()) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(whole=st.dictionaries(st.sampled_from(KEYS.split()), TREES, max_size=6))
def test_any_words_of_the_language_in_any_order_are_read_or_refused(
    whole: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = yaml.safe_dump({**whole, "map": "1"}, sort_keys=False)
    folder = tmp_path_factory.getbasetemp() / "words"
    folder.mkdir(exist_ok=True)
    assert is_placed(refused(text, folder, NAMES[1]), NAMES[1])
