"""The matrix: what it says of members, that this is what translating does, and how it is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
from click.testing import CliRunner

import orderbridge
import orderbridge.render
from orderbridge.api import Partner
from orderbridge.cli.main import cli
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.members import ANY
from orderbridge.errors import OrderbridgeError
from orderbridge.forecast.document import document
from orderbridge.forecast.pairing import Halves
from orderbridge.forecast.table import KINDS
from orderbridge.mapping.notation import write_path
from orderbridge.pointer import split
from orderbridge.render import matrix as rendering
from orderbridge.validation.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.forecast.half import Half
    from orderbridge.forecast.table import Matrix, Pair

ROOT: Final = Path(__file__).parent.parent
NAMES: Final = [entry.name for entry in catalogue().partners]
SCHEMA: Final = Path(orderbridge.render.__path__[0], "schemas", "matrix.schema.json")


@pytest.fixture(scope="module")
def built_in() -> Matrix:
    """Tell all pairs of the built-in partners."""
    return orderbridge.matrix()


# What is told happens


def steps_of(half: Half, where: str) -> tuple[str, ...]:
    """Give the member of the contract that a pointer into a document leads to."""
    steps: list[str] = []
    here = half.root
    for token in split(where):
        is_element = token.isdigit() and here.elements.exists
        steps.append(ANY if is_element else token)
        here = here.elements if is_element else here.at((token,))
    return half.cover.unnested(tuple(steps))


def told_of(pair: Pair, steps: tuple[str, ...]) -> str | None:
    """Find the kind of a member, of the list of plain values that it is, or of the object that it stands in."""
    kinds = {member.path: member.kind for member in pair.members}
    paths = [write_path(steps), *(write_path((*steps[:end], ANY)) for end in range(len(steps), 0, -1))]
    paths += [write_path(steps[:end]) for end in range(len(steps) - 1, 0, -1)]
    return next((kinds[path] for path in paths if path in kinds), None)


EXPECTED: Final[dict[str, set[str]]] = {
    "source": {"exact", "converted", "conditional"},
    "derived": {"exact", "converted", "conditional", "filled"},
    "defaulted": {"exact", "converted", "conditional", "filled"},
    "implied": {"filled"},
    "missing": {"supplied", "conditional"},
}
"""Causes of a target's leaves, and the kinds that foretell them."""


def orders(partner: Partner) -> Iterator[Any]:
    create = partner.contract.operation().id
    for example in examples(partner.contract):
        if example.operation == create and example.status is None:
            yield example.value


@pytest.mark.parametrize("source", NAMES)
def test_what_is_told_is_what_happens_to_every_example(source: str, built_in: Matrix) -> None:
    sender = orderbridge.partner(source)
    given = Halves.of(sender.contract, mapping_of(sender)).order
    wrong: set[tuple[Any, ...]] = set()
    for target in (name for name in NAMES if name != source):
        pair = built_in.pair(source, target)
        taker = orderbridge.partner(target)
        taken = Halves.of(taker.contract, mapping_of(taker)).order
        carried = {each.path for each in pair.carried}
        for order in orders(sender):
            report = orderbridge.translate(order, source, target).report
            for row in report["target_leaves"]:
                kind = told_of(pair, steps_of(taken, row["pointer"]))
                # What the contract does not declare is not told of: free members.
                if kind not in EXPECTED[row["cause"]] and not (kind is None and row["cause"] != "missing"):
                    wrong.add((target, row["pointer"], row["cause"], kind))
            for row in report["source_leaves"]:
                if row["outcome"] == "mapped" and write_path(steps_of(given, row["pointer"])) in carried:
                    wrong.add((target, row["pointer"], "mapped", "carried"))
    assert wrong == set()


def mapping_of(partner: Partner) -> Any:
    assert partner.mapping is not None
    return partner.mapping


def test_what_has_to_be_supplied_is_missing_without(built_in: Matrix) -> None:
    for (source, target), pair in built_in.pairs.items():
        taker = orderbridge.partner(target)
        taken = Halves.of(taker.contract, mapping_of(taker)).order
        told = {each.path for each in pair.of("supplied") if not each.path.startswith("header:")}
        order = next(orders(orderbridge.partner(source)))
        rows = orderbridge.translate(order, source, target).report["target_leaves"]
        missing = {write_path(steps_of(taken, row["pointer"])) for row in rows if row["cause"] == "missing"}
        assert told - missing == set(), f"{source} to {target}"


# The kinds, by two made-up partners

HEAD: Final = """\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /o:
    post:
      operationId: createOrder
      parameters: PARAMETERS
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/O'}}}
      responses: {'200': {description: Made}}
components:
  schemas:
"""
ONE: Final = """\
    O:
      type: object
      required: [number, state, lines, when, count]
      properties:
        number: {type: string}
        state: {type: string, enum: [new, old, odd]}
        title: {type: string}
        total: {type: number}
        count: {type: string}
        when: {type: string}
        left: {type: string}
        lonely: {type: string}
        pin: {type: string, x-secret: true}
        lines:
          type: array
          items: {type: object, required: [sku], properties: {sku: {type: string}, name: {type: string}}}
        fees: {type: array, items: {type: object, properties: {what: {type: string}}}}
        cuts: {type: array, items: {type: object, properties: {what: {type: string}}}}
        buyer: {type: object, properties: {first: {type: string}, last: {type: string}}}
"""
ONE_MAPPING: Final = """\
map: 1
partner: one
version: "1"
hub: order/1
context: {currency: INR}
tables:
  state: {new: created, old: completed, odd: failed}
request:
  number: number
  state: {to: status, table: state}
  title: name
  total: {to: totals.total, as: decimal}
  count: cart_id
  when: {to: placed_at, as: instant}
  left: {leave: duplicate}
  lonely: agent_id
  lines: {each: lines}
  lines.*.sku: sku
  lines.*.name: name
  fees: {each: adjustments, where: {kind: fee}}
  fees.*.what: type
  cuts: {each: adjustments, where: {kind: discount}}
  cuts.*.what: type
  buyer: {use: [person], at: buyer}
shapes:
  person: {first: given, last: family}
headers:
  x-shop: seller.site_id
"""
TWO: Final = """\
    O:
      type: object
      required: [id, title, state, money, digits, ms, made, kind, same, who, rows, name, pin, odd, box]
      properties:
        id: {type: string}
        title: {type: string}
        state: {type: string, enum: [n, o]}
        money: {type: string}
        total: {type: number}
        digits: {type: integer}
        ms: {type: integer}
        made: {type: string}
        kind: {type: string}
        same: {type: boolean}
        currency: {type: string}
        who: {type: string}
        odd: {type: string}
        pin: {type: string, x-secret: true}
        free: {type: string}
        name: {type: string}
        box: {type: object, required: [in], properties: {in: {type: string}, also: {type: string}}}
        bag: {type: object, required: [in], properties: {in: {type: string}}}
        rows:
          type: array
          items:
            type: object
            required: [sku, label, size]
            properties:
              {sku: {type: string}, label: {type: string}, size: {type: string}, position: {type: integer}}
        cuts: {type: array, items: {type: object, properties: {what: {type: string}, kind: {type: string}}}}
        parcels: {type: array, items: {type: object, required: [to], properties: {to: {type: string}}}}
"""
TWO_MAPPING: Final = """\
map: 1
partner: two
version: "1"
hub: order/1
tables:
  state:
    - {from: n, to: created}
    - {from: o, to: completed}
  kind: {fee: fee, cut: discount}
request:
  id: number
  title: name
  state: {to: status, table: state}
  money: {to: totals.total, as: decimal_text}
  total: {to: totals.subtotal, as: decimal}
  digits: {to: cart_id, as: digits}
  ms: {to: placed_at, as: epoch_ms}
  made: {to: locale, as: locale, fill: {value: en}}
  kind: {leave: no concept elsewhere, fill: {value: x}}
  same: {to: shipments.0.same_as_buyer, need: whether it is}
  currency: {to: currency, as: currency}
  who: {to: bill_to.given, else: [buyer.given]}
  odd: {to: channel.id, when: {kind: x}}
  free: channel.subtype
  name: {to: buyer.name, fill: {derive: join, of: [buyer.given, buyer.family]}}
  box.in: {to: buyer.username, need: what is in the box}
  box.also: buyer.id
  bag.in: {to: buyer.email}
  rows: {each: lines}
  rows.*.sku: sku
  rows.*.label: name
  rows.*.size: {to: category_id, need: the size}
  rows.*.position: {leave: no concept elsewhere, fill: {derive: row}}
  cuts: {each: adjustments, where: {kind: discount}}
  cuts.*.what: type
  cuts.*.kind: {to: kind, table: kind}
  parcels: {each: shipments}
  parcels.*.to: {to: method, fill: {value: post}}
headers:
  x-site: {to: seller.site_id, need: the site}
  x-other: {to: seller.org_id, need: the other}
"""
PARAMETERS: Final = {
    "one": "[{name: X-Shop, in: header, required: true, schema: {type: string}}]",
    "two": "[{name: X-Site, in: header, required: true, schema: {type: string}},"
    " {name: X-Other, in: header, required: true, schema: {type: string}}]",
}


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folders of two partners."""
    root = tmp_path_factory.mktemp("partners")
    for name, schemas, mapping in (("one", ONE, ONE_MAPPING), ("two", TWO, TWO_MAPPING)):
        (root / name).mkdir()
        head = HEAD.replace("PARAMETERS", PARAMETERS[name])
        (root / name / "openapi.yaml").write_text(head + schemas, encoding="utf-8")
        (root / name / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def pair(made_up: Path) -> Pair:
    """Tell the way from the one to the other."""
    known = catalogue([made_up])
    partners = [Partner(known.contract(name), known) for name in ("one", "two")]
    return orderbridge.matrix(partners).pair("one", "two")


@pytest.mark.parametrize(
    ("path", "kind", "sources", "why"),
    [
        ("id", "exact", ("number",), None),
        ("title", "conditional", ("title",), "optional at the source: title"),
        ("state", "conditional", ("state",), "the table `state` of the target has no row for failed"),
        ("money", "conditional", ("total",), "optional at the source: total"),
        ("total", "empty", (), None),
        ("digits", "conditional", ("count",), "`digits` cannot say every value"),
        ("ms", "converted", ("when",), "instant then epoch_ms"),
        ("made", "filled", (), "always 'en'"),
        ("kind", "filled", (), "always 'x'"),
        ("same", "supplied", (), None),
        ("currency", "filled", (), "implied by the source"),
        ("who", "conditional", ("buyer.first",), "optional at the source: buyer.first"),
        ("odd", "supplied", (), None),
        ("pin", "supplied", (), "a secret, which is never handed on"),
        ("free", "empty", (), None),
        ("name", "filled", (), "derived"),
        ("box.in", "supplied", (), None),
        ("box.also", "empty", (), None),
        ("bag.in", "empty", (), None),
        ("rows.*.sku", "exact", ("lines.*.sku",), None),
        ("rows.*.label", "conditional", ("lines.*.name",), "optional at the source: lines.*.name"),
        ("rows.*.size", "supplied", (), None),
        ("rows.*.position", "filled", (), "derived"),
        ("cuts.*.what", "exact", ("cuts.*.what",), None),
        ("cuts.*.kind", "converted", ("cuts",), "table kind"),
        ("parcels.*.to", "empty", (), None),
        ("header:x-site", "exact", ("header:x-shop",), None),
        ("header:x-other", "supplied", (), None),
    ],
)
def test_a_member_is_of_the_kind_that_its_lines_make_it(
    path: str, kind: str, sources: tuple[str, ...], why: str | None, pair: Pair
) -> None:
    member = next(each for each in pair.members if each.path == path)
    assert (member.kind, member.sources, member.why) == (kind, sources, why)


def test_what_is_supplied_says_where_it_is_obtained(pair: Pair) -> None:
    needs = {member.path: member.need for member in pair.of("supplied")}
    assert (needs["same"], needs["rows.*.size"], needs["odd"]) == ("whether it is", "the size", None)


def test_what_has_no_home_is_carried_and_says_why(pair: Pair) -> None:
    assert [(each.path, each.why, each.hub) for each in pair.carried] == [
        ("left", "duplicate", None),
        ("lonely", "no home at the target", "agent_id"),
        ("fees.*.what", "no home at the target", "adjustments.*.type"),
    ]


def test_the_members_of_both_sides_are_counted(pair: Pair) -> None:
    counts = pair.counts
    assert sum(counts[kind] for kind in KINDS) == len(pair.members) == 28
    assert (counts["mapped"], counts["carried"]) == (11, 3)


# The function


def test_there_is_a_pair_for_every_two_partners(built_in: Matrix) -> None:
    assert built_in.partners == tuple(NAMES)
    assert set(built_in.pairs) == {(one, other) for one in NAMES for other in NAMES if one != other}
    with pytest.raises(KeyError):
        built_in.pair(NAMES[0], NAMES[0])


def test_a_matrix_cannot_be_changed(built_in: Matrix) -> None:
    with pytest.raises(FrozenInstanceError):
        built_in.pairs = {}  # type: ignore[misc] # frozen, which is what is tested
    with pytest.raises(FrozenInstanceError):
        built_in.pair(NAMES[0], NAMES[1]).members[0].kind = "empty"  # type: ignore[misc]


def test_the_function_is_still_one_when_everything_is_imported() -> None:
    code = (
        "import orderbridge, orderbridge.cli.matrix, orderbridge.render.matrix, orderbridge.forecast.pairing\n"
        "print(len(orderbridge.matrix([]).pairs), orderbridge.matrix.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 matrix\n"


# How it is shown


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["matrix", *arguments], catch_exceptions=False, standalone_mode=False)
    return done.stdout


def test_the_page_of_partners_is_what_the_command_prints(built_in: Matrix) -> None:
    assert (ROOT / "docs" / "partners.md").read_text(encoding="utf-8") == rendering.markdown(document(built_in))


def test_the_json_keeps_its_schema_and_says_everything(built_in: Matrix) -> None:
    made = json.loads("".join(rendering.json(document(built_in), version="1.2.3")))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(made)
    assert made["version"] == "1.2.3"
    assert {name: made[name] for name in ("matrix", "partners", "pairs")} == document(built_in)


def test_the_kinds_are_the_same_everywhere() -> None:
    assert list(rendering.KINDS) == list(KINDS)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema["$defs"]["member"]["properties"]["kind"]["enum"] == list(KINDS)
    assert schema["$defs"]["counts"]["required"] == [*KINDS, "mapped", "carried"]


def test_without_names_every_pair_is_a_line() -> None:
    lines = run().splitlines()
    assert lines[0].split() == ["FROM", "TO", *(kind.upper() for kind in KINDS), "MAPPED", "CARRIED"]
    assert [tuple(line.split()[:2]) for line in lines[1:]] == [(a, b) for a in NAMES for b in NAMES if a != b]
    assert len({len(line) for line in lines}) == 1


def test_names_choose_pairs(made_up: Path) -> None:
    first = NAMES[0]
    assert [line.split()[0] for line in run("--from", first).splitlines()[1:]] == [first] * (len(NAMES) - 1)
    assert [line.split()[1] for line in run("--to", first).splitlines()[1:]] == [first] * (len(NAMES) - 1)
    lines = run("--from", "one", "--contracts", str(made_up)).splitlines()
    assert [line.split()[1] for line in lines[1:]] == sorted([*NAMES, "two"])


def test_of_one_pair_all_that_matters_is_shown(made_up: Path) -> None:
    shown = run("--from", "one", "--to", "two", "--contracts", str(made_up))
    assert "\nsupplied (6): required, and has to be supplied\n  same: whether it is\n" in shown
    assert "\n  title <- title (optional at the source: title)\n" in shown
    assert "\n  who <- buyer.first (optional at the source: buyer.first)\n" in shown
    assert "\ncarried (1): left by the source's mapping: in the ticket\n  left (duplicate)\n" in shown
    assert "free" not in shown


def test_markdown_and_json_can_be_written_to_a_file(tmp_path: Path, made_up: Path) -> None:
    ways = ("--from", "two", "--to", "one", "--contracts", str(made_up), "--output", str(tmp_path / "out"))
    assert run(*ways, "--format", "markdown") == ""
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert "| two | [one](#two-to-one) |" in text
    assert "## two to one\n" in text
    assert run(*ways, "--format", "json") == ""
    assert [each["target"] for each in json.loads((tmp_path / "out").read_text(encoding="utf-8"))["pairs"]] == ["one"]


def test_hostile_words_of_a_mapping_are_made_harmless(built_in: Matrix) -> None:
    made = document(built_in, NAMES[0], NAMES[1])
    made["pairs"][0]["members"][0] = {
        "path": "a\x1b[31m",
        "kind": "supplied",
        "required": True,
        "sources": [],
        "hub": None,
        "why": None,
        "need": "x | y\x9b\n# z",
    }
    assert "\x1b" not in rendering.text(made)
    assert "\x9b" not in rendering.text(made)
    assert "\\|" in rendering.markdown(made)
    assert "\n# z" not in rendering.markdown(made)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "nobody"], "there is no partner 'nobody'"),
        (["--from", NAMES[0], "--to", "nobody"], "there is no partner 'nobody'"),
        (["--from", NAMES[0], "--to", NAMES[0]], "is not translated to itself"),
    ],
)
def test_names_that_make_no_pair_are_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(OrderbridgeError, match=message):
        run(*arguments)


def test_a_partner_without_a_mapping_has_no_pairs(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    text = HEAD.replace("PARAMETERS", "[]") + ONE
    (tmp_path / "bare" / "openapi.yaml").write_text(text, encoding="utf-8")
    assert "bare" not in run("--contracts", str(tmp_path))
    with pytest.raises(OrderbridgeError, match="bare has no mapping"):
        run("--to", "bare", "--contracts", str(tmp_path))
