"""Behaviours: what their files may say, what they mean, and what is told of those that are wrong."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbridge import jsontext, pointer, yamltext
from orderbridge.api import Partner
from orderbridge.api import partner as built_in
from orderbridge.behaviour import reading
from orderbridge.behaviour.effects import ORDER, Kind, Name, Refusal, Template
from orderbridge.behaviour.forms import FormError, read_form
from orderbridge.behaviour.lines import EFFECTS, LineReader
from orderbridge.behaviour.plain import plain
from orderbridge.behaviour.plan import planned_kind
from orderbridge.behaviour.prices import price
from orderbridge.behaviour.reading import behaviour_file, load_behaviour, read_fixtures
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.behaviour.writing import Refused, deciding, writing
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.files import read_document
from orderbridge.errors import DocumentError, OrderbridgeError, UsageError
from orderbridge.linting import lint_behaviour
from orderbridge.mapping.draft import Raw
from orderbridge.mapping.operations import Origin
from orderbridge.sample.make import make
from orderbridge.sample.mutate import mutants
from orderbridge.server.app import Settings, build
from orderbridge.server.reference import house_of
from tests.desk import CONTRACTS, Desk, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.catalogue import Catalogue

OPENAPI: Final = Path(__file__).parent.parent / "openapi"
FILES: Final = [*sorted(OPENAPI.glob("*/behaviour.yaml")), CONTRACTS / "acme" / "behaviour.yaml"]
SCHEMA: Final = json.loads((OPENAPI / "behaviour.schema.json").read_bytes())
FIVE: Final = sorted(path.parent.name for path in OPENAPI.glob("*/behaviour.yaml"))


def known_with(folder: Path, text: str | None) -> Catalogue:
    """Give the built-in partners and the made-up one with a behaviour of its own."""
    shutil.copytree(CONTRACTS / "acme", folder / "acme", dirs_exist_ok=True)
    file = folder / "acme" / "behaviour.yaml"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    return catalogue([folder / "acme"])


# The files


def test_the_five_have_a_behaviour() -> None:
    assert len(FIVE) == 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_shipped_behaviour_keeps_the_schema_and_the_rules(file: Path) -> None:
    assert [each.message for each in jsonschema_rs.Draft7Validator(SCHEMA).iter_errors(read_document(file).value)] == []
    known = catalogue([CONTRACTS])
    assert lint_behaviour(known, file.parent.name) == []


def test_the_schema_knows_what_the_reader_knows() -> None:
    definitions = SCHEMA["definitions"]
    lines = {each["required"][0]: each for each in definitions["line"]["anyOf"] if "required" in each}
    assert {name: (set(each["required"]), set(each["properties"])) for name, each in lines.items()} == {
        name: ({name, *needed}, {name, *needed, *allowed, "when", "unless", "keep"})
        for name, (needed, allowed, _) in EFFECTS.items()
    }
    tables = {"kind": "_KIND", "case": "_CASE", "find": "_FIND"}
    assert {name: set(definitions[name]["properties"]) for name in tables} == {
        name: set(getattr(reading, table)) for name, table in tables.items()
    }
    assert set(SCHEMA["properties"]) == set(reading._MEMBERS)  # noqa: SLF001 - the two lists must not drift apart


def test_a_folder_that_extends_another_behaves_like_it() -> None:
    known = catalogue([CONTRACTS])
    file = behaviour_file(known, "unisoukmystore")
    assert file is not None
    assert file.parent.name == "unisouk"
    own = load_behaviour(known, "unisoukmystore")
    assert own is not None
    assert (own.partner, own.operations.keys()) == ("unisoukmystore", built_in("unisouk").behaviour.operations.keys())  # type: ignore[union-attr] # it has one


HEAD: Final = "behaviour: 1\n"
FAULTS: Final = [
    ("behaviour: 2\n", "1:12: a behaviour begins with `behaviour: 1`, the version of its notation"),
    ("- behaviour\n", "1:1: a behaviour has to be a map"),
    (f"{HEAD}record: {{}}\n", "2:9: a behaviour has no member 'record'; did you mean 'records'?"),
    (f"{HEAD}same: [sku]\n", "2:8: a leaf cannot be 'sku'"),
    (f"{HEAD}records: {{order: {{id: fixed}}}}\n", "2:23: 'fixed' makes the same id each time"),
    (f'{HEAD}records: {{order: {{id: "{{hex}}"}}}}\n', "2:23: {hex} has a number behind a colon"),
    (f'{HEAD}records: {{order: {{id: "{{uuid:4}}"}}}}\n', "2:23: {uuid} has no number behind a colon"),
    (f'{HEAD}records: {{order: {{id: "{{day:4}}"}}}}\n', "2:23: there is no part 'day' of an id"),
    (f'{HEAD}records: {{order: {{id: "{{hex:900}}"}}}}\n', "2:23: '900' is not a number of characters up to 64"),
    (f'{HEAD}records: {{order: {{id: "{{snowflake:2025-13-01}}"}}}}\n', "2:23: '2025-13-01' is not a day"),
    (f"{HEAD}records: {{order: {{names: {{n: {{}}}}}}}}\n", "2:30: a name has one of the members from and make"),
    (
        f"{HEAD}records: {{order: {{names: {{n: {{from: number}}}}}}}}\n",
        "2:37: 'number' begins with nothing that is known",
    ),
    (f"{HEAD}records: {{cart: {{hub: {{sku: sku}}}}}}\n", "2:23: `hub` needs the `schema` of the contract"),
    (f"{HEAD}records: {{cart: {{schema: Kart}}}}\n", "2:26: `schema` cannot be 'Kart'"),
    (
        f'{HEAD}records: {{order: {{show: {{id: {{make: "{{number:1}}"}}}}}}}}\n',
        "2:37: {number} is counted when a record is made",
    ),
    (f"{HEAD}operations: {{creatOrder: {{}}}}\n", "2:26: the contract has no operation 'creatOrder'"),
    (f"{HEAD}operations: {{createOrder: {{do: it}}}}\n", "2:32: a case has no member 'do'"),
    (
        f"{HEAD}operations: {{createOrder: {{create: order}}}}\n",
        "2:36: records of the kind 'order' have no form of `id`",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{change: order}}}}\n",
        "2:36: 'order' is no record that is found, or else refused",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{order: {{by: {{body.number: id}}}}}}, change: order}}}}\n",
        "2:76: 'order' is no record that is found, or else refused",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{create: order, change: order}}}}\n",
        "2:27: a case either creates or changes a record",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{order: {{}}}}}}}}\n",
        "2:42: a record is found `by` what the call says, or `all` are",
    ),
    (f"{HEAD}operations: {{createOrder: {{find: {{cart: {{all: 9}}}}}}}}\n", "2:41: there is no kind of record 'cart'"),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{order: {{by: {{body.number: number}}}}}}}}}}\n",
        "2:61: a name cannot be 'number'; it can be id",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{result: {{state: {{value: x}}}}}}}}\n",
        "2:44: the hub's result has no leaf 'state'",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{result: {{order.lines.*.skew: {{value: x}}}}}}}}\n",
        "2:57: the hub's result has no leaf 'order.lines.*.skew'",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{refuse: [{{unless: {{result.statuss: a}}, message: no}}]}}}}\n",
        "2:63: the hub's result has no leaf 'statuss'; did you mean 'status' or 'status_text'?",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{answer: {{id: result.order.lines.0.skew}}}}}}\n",
        "2:41: the hub's result has no leaf 'order.lines.0.skew'",
    ),
    (f'{HEAD}operations: {{createOrder: {{answer: {{id: {{text: "no {{}}"}}}}}}}}\n', "2:48: '' is not a source"),
    (f"{HEAD}operations: {{createOrder: {{answer: {{id: {{is: 1}}}}}}}}\n", "2:41: a line has one of the members drop"),
    (f"{HEAD}operations: {{createOrder: {{answer: {{id: {{drop: 1}}}}}}}}\n", "2:48: `drop` is true"),
    (
        f"{HEAD}operations: {{createOrder: {{answer: {{id: {{value: 1, else: body.id}}}}}}}}\n",
        "2:41: a line with `value` has beside it keep, unless, when, of which none must",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{answer: {{id: {{join: body.lines}}}}}}}}\n",
        "2:41: a line with `join` has beside it keep, text, unless, when, with, of which text, with must",
    ),
    (f"{HEAD}operations: {{createOrder: {{answer: {{id..x: body.id}}}}}}\n", "2:44: 'id..x' is not a path"),
    (
        f"{HEAD}operations: {{createOrder: {{answer: {{id: order.number}}}}}}\n",
        "2:41: 'order.number' begins with nothing",
    ),
    (
        f'{HEAD}operations: {{createOrder: {{answer: {{id: {{text: "{{ordr.id}}"}}}}}}}}\n',
        "2:48: 'ordr.id' begins with nothing",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{refuse: [{{kind: maybe, message: no}}]}}}}\n",
        "2:44: `kind` cannot be 'maybe'",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{refuse: [{{when: {{}}}}]}}}}\n",
        "2:37: a refusal is a text, or has the members",
    ),
    (f"{HEAD}operations: {{createOrder: {{prices: yes}}}}\n", "2:36: `prices` has to be true or false"),
    (
        f"{HEAD}operations: {{createOrder: {{answer: {{id: {{value: 1, keep: yes}}}}}}}}\n",
        "2:58: `keep` has to be true or false",
    ),
    (f"{HEAD}records: {{order: {{repeat: 1}}}}\n", "2:27: `repeat` has to be true or false"),
    (
        f"{HEAD}records: {{order: {{names: {{n: {{from: body.number, hidden: yes}}}}}}}}\n",
        "2:58: `hidden` has to be true or false",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{order: {{by: {{}}, missing: none}}}}}}}}\n",
        "2:42: a record is found `by` what the call says, or `all` are",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{order: {{all: 0}}}}}}}}\n",
        "2:42: a record is found `by` what the call says, or `all` are",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{find: {{body: {{kind: order, by: {{body.number: id}}}}}}}}}}\n",
        "2:41: 'body' is no name for a record",
    ),
    (
        f"{HEAD}operations: {{createOrder: {{result: {{status: {{take: body.number, key: id, missing: none}}}}}}}}\n",
        "2:45: put, take and sum are about the lists of a document",
    ),
    (f"{HEAD}fixtures: {{customer: [{{id: a}}]}}\n", "2:22: there is no kind of record 'customer'"),
    (f"{HEAD}fixtures: {{order: [{{id: a}}]}}\n", "2:19: an order is made by the call that creates it"),
    (f"{HEAD}records: {{c: {{}}}}\nfixtures: {{c: [{{id: 1}}]}}\n", "3:16: a fixture has a member `id` of its own"),
    (
        f"{HEAD}records: {{c: {{}}}}\nfixtures: {{c: [{{id: a}}, {{id: a}}]}}\n",
        "3:25: a fixture has a member `id` of its own",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_what_means_nothing_is_refused_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    known = known_with(tmp_path, text)
    with pytest.raises(DocumentError) as caught:
        load_behaviour(known, "acme")
    assert str(caught.value).startswith(f"acme/behaviour.yaml:{message}")


# Lint

PLAIN: Final = """\
behaviour: 1
records: {order: {id: "{number:1}"}}
operations:
  createOrder: {create: order}
  getOrders:
    find: {orders: {kind: order, by: {path.ids: id}, every: true, missing: none}}
    answer: {.: {each: orders}}
"""
FINDINGS: Final = [
    (PLAIN, []),
    (PLAIN.partition("  getOrders")[0], [("lint-behaviour-unserved", 1, "nothing is said of the operation getOrders")]),
    (PLAIN.replace("path.ids", "path.id"), [("lint-behaviour-path", 6, "a call of getOrders has no `path.id`")]),
    (PLAIN.replace("path.ids", "path.IDS"), [("lint-behaviour-path", 6, "a call of getOrders has no `path.IDS`")]),
    (PLAIN.replace("create: order}", "create: order, answer: {order.note: header.X-Trace}}"), []),
    (
        PLAIN.replace("every: true", "every: true, where: {query.late: null}"),
        [("lint-behaviour-path", 6, "a call of getOrders has no `query.late`")],
    ),
    (
        PLAIN.replace(
            "create: order}",
            'create: order, answer: {order.note: {join: body.lines, text: "{query.late}", with: ", "}}}',
        ),
        [("lint-behaviour-path", 4, "a call of createOrder has no `query.late`")],
    ),
    (
        PLAIN.replace("create: order}", "create: order, when: {body.number.x: 1}}"),
        [("lint-behaviour-path", 4, "a call of createOrder has no `body.number.x`")],
    ),
    (
        PLAIN.replace("create: order}", "create: order, result: {number: name.nummer, id: name.id}}"),
        [("lint-behaviour-path", 4, "there is no `name.nummer` here; it can be id")],
    ),
    (
        PLAIN.replace('"{number:1}"', '"{number:1}", names: {mine: {from: body.number.x}, own: {from: body.number}}'),
        [("lint-behaviour-path", 2, "no call that creates a record of the kind order has `body.number.x`")],
    ),
    (
        PLAIN.replace("missing: none", 'missing: "{count.order} of {count.orders}"'),
        [("lint-behaviour-path", 6, "there is no `count.order` here; did you mean 'orders'?")],
    ),
    (
        PLAIN.replace("create: order}", "create: order, answer: {order.lines.0.sku.x: {value: 1}}}"),
        [("lint-behaviour-path", 4, "the contract declares nothing at `order.lines.0.sku.x`")],
    ),
    (
        PLAIN.replace("create: order}", 'create: order, answer: {id: {value: "7"}}}'),
        [("lint-behaviour-value", 4, "the contract does not take this value at `id`")],
    ),
    (
        PLAIN.replace("create: order}", "create: order, answer: {id: {value: null}}}"),
        [("lint-behaviour-value", 4, "the contract does not take this value at `id`")],
    ),
    (PLAIN.replace("create: order}", "create: order, answer: {order.note: {value: null}}}"), []),
    (
        PLAIN.replace("records: {", "records: {shop: {schema: Money}, ") + "fixtures: {shop: [{id: a, amount: x}]}\n",
        [
            ("lint-behaviour-fixture", 8, "the shop a: `currency` is missing"),
            ("lint-behaviour-fixture", 8, "the shop a: `id` is not in the contract"),
            ("lint-behaviour-fixture", 8, 'the shop a: "x" is a string; the contract wants a number'),
        ],
    ),
    ("behaviour: 3\n", [("lint-behaviour-document", 1, "a behaviour begins with")]),
]


@pytest.mark.parametrize(("text", "expected"), FINDINGS, ids=range(len(FINDINGS)))
def test_lint_finds_what_is_wrong(tmp_path: Path, text: str, expected: list[tuple[str, int, str]]) -> None:
    found = lint_behaviour(known_with(tmp_path, text), "acme")
    assert [(each.code, each.line) for each in found] == [(code, line) for code, line, _ in expected]
    assert all(each.message.startswith(message) for each, (_, _, message) in zip(found, expected, strict=True))
    assert all(each.file == str(tmp_path / "acme" / "behaviour.yaml") for each in found)


def test_a_folder_without_a_behaviour_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    assert lint_behaviour(known_with(tmp_path, None), "acme") == []


# Without a file


def test_without_a_behaviour_orders_are_created_and_read(tmp_path: Path) -> None:
    known = known_with(tmp_path, None)
    acme = Partner(known.contract("acme"), known)
    assert acme.behaviour is None
    app = build([acme], Settings(mode="reference", database=str(tmp_path / "orders.db")))
    desk = Desk(acme, app, "", {"x-shop": '{"shopId": 7}'})

    async def run() -> list[Any]:
        first = await desk.send({"call": "createOrder", "example": "main"})
        number = json.loads(first.content)["id"]
        calls = [f".{number}", ".1"]
        answers = [first, *[await desk.send({"call": "getOrders", "path": {"ids": ids}}) for ids in calls]]
        await desk.close()
        return answers

    created, read, missing = asyncio.run(run())
    assert [created.status_code, read.status_code, missing.status_code] == [201, 200, 404]
    assert json.loads(read.content) == [json.loads(created.content)]


# Names

NOWHERE: Final = Origin("behaviour.yaml", 1)
TAKEN: Final = Refusal("conflict", Template((("taken",),)))
HIDING: Final = """\
behaviour: 1
records: {order: {id: "{number:1}", names: {number: {from: body.number}, note: {from: body.note, hidden: true}}}}
operations:
  createOrder:
    - {when: {body.note: ask}, find: {order: {by: {body.number: number}, missing: none}}}
    - {create: order}
"""


def test_nobody_can_ask_by_a_hidden_name(tmp_path: Path) -> None:
    known = known_with(tmp_path, HIDING)
    acme = Partner(known.contract("acme"), known)
    app = build([acme], Settings(mode="reference", database=str(tmp_path / "orders.db")))
    desk = Desk(acme, app, "", {"x-shop": '{"shopId": 7}'})
    said = [("A-1", "x"), ("note:x", "ask"), ("note:x", "y"), ("note:x", "ask"), ("A-2", "x"), (":note:x", "ask")]

    async def run() -> list[int]:
        steps = [{"/number": number, "/note": note} for number, note in said]
        answers = [await desk.send({"call": "createOrder", "example": "main", "patch": step}) for step in steps]
        await desk.close()
        return [each.status_code for each in answers]

    assert asyncio.run(run()) == [201, 404, 201, 201, 409, 404]


values = st.lists(st.sampled_from(["note", ":", "x"]), max_size=4).map("".join)


@given(values, values)
def test_different_names_are_kept_under_different_texts(one: str, other: str) -> None:
    names = tuple(Name(name, NOWHERE, None, None, TAKEN, hidden=name == "note") for name in ("number", "note"))
    kind = planned_kind(Kind(ORDER, names=names), lambda _schema, _value: True, is_written=True)
    assert kind.stored_name("note", one) != kind.stored_name("number", other)
    assert (kind.stored_name("number", one) == kind.stored_name("number", other)) == (one == other)


def test_the_plain_form_of_ids_is_one_that_the_contract_takes() -> None:
    forms = {name: plain(built_in(name).contract, _mapping(name)).kinds[ORDER].id for name in FIVE}
    assert {name: form.text for name, form in forms.items() if form is not None and form.text != "{uuid}"} == {}
    known = catalogue([CONTRACTS])
    acme = Partner(known.contract("acme"), known)
    assert acme.mapping is not None
    form = plain(acme.contract, acme.mapping).kinds[ORDER].id
    assert form is not None
    assert form.text == "{snowflake:2025-01-01}"


def _mapping(name: str) -> Any:
    return built_in(name).mapping


def test_an_operation_of_which_nothing_is_said_is_answered_like_a_mocks(tmp_path: Path) -> None:
    known = known_with(tmp_path, PLAIN.partition("  getOrders")[0])
    acme = Partner(known.contract("acme"), known)
    app = build([acme], Settings(mode="reference", database=str(tmp_path / "orders.db")))
    desk = Desk(acme, app, "", {"x-shop": '{"shopId": 7}'})
    answer = asyncio.run(desk.send({"call": "getOrders", "path": {"ids": ".1"}}))
    assert (answer.status_code, json.loads(answer.content)) == (200, [{"id": 7}])


def test_a_partner_without_a_mapping_keeps_nothing(tmp_path: Path) -> None:
    bare = Partner(built_in("fabric").contract)
    with pytest.raises(UsageError, match="fabric has no mapping, which the reference mode answers from"):
        build([bare], Settings(mode="reference", database=str(tmp_path / "orders.db")))


def test_a_database_that_cannot_be_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(OrderbridgeError):
        build([built_in("fabric")], Settings(mode="reference", database=str(tmp_path / "no" / "such" / "folder.db")))


def test_another_call_under_a_key_may_be_a_conflict(tmp_path: Path) -> None:
    partner = built_in("placeorder")
    settings = Settings(mode="reference", database=str(tmp_path / "orders.db"), key_reused=409)
    desk = Desk(partner, build([partner], settings), "", {})

    async def run() -> list[int]:
        steps = [{"call": "createOrder", "example": each, "key": "k"} for each in ("main", "minimal", "main")]
        answers = [await desk.send(step) for step in steps]
        await desk.close()
        return [each.status_code for each in answers]

    assert asyncio.run(run()) == [200, 409, 200]


# Ids


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("{uuid}", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("{time}{hex:16}", "[0-9a-f]{24}"),
        ("{hex:3}", "[0-9a-f]{3}"),
        ("order_{letters:14}", "order_[A-Za-z0-9]{14}"),
        ("{word:8}", "[A-Za-z0-9_-]{8}"),
        ("{digits:5}", "[0-9]{5}"),
        ("o{number:10007}", "o10007"),
        ("{snowflake:2025-01-01}", "[0-9]{17,20}"),
    ],
)
def test_an_id_has_its_form(text: str, pattern: str) -> None:
    form = read_form(text)
    made = [form.make(lambda _what, first: first) for _ in range(20)]
    assert all(re.fullmatch(pattern, each) for each in made)
    assert len(set(made)) == (1 if form.counts else len(set(made)))


def test_ids_of_a_moment_differ() -> None:
    form = read_form("{snowflake:2025-01-01}")
    assert len({form.make(lambda _what, first: first) for _ in range(200)}) > 195


@given(st.text())
def test_any_text_is_a_form_or_is_refused(text: str) -> None:
    try:
        form = read_form(text)
    except FormError:
        return
    assert form.make(lambda _what, first: first)


# Lines

CART: Final = {
    "items": [{"sku": "a", "n": 2, "price": Decimal("0.5")}, {"sku": "b", "n": 1, "price": 3}],
    "free": {"x": 1, "y": None},
}
RESULT: Final = {"id": "7", "order.lines": [{"row": "0", "sku": "a"}, {"row": "1", "sku": "b", "quantity": "2"}]}
LINES: Final = [
    ("{a: body.n}", {"a": 1}),
    ("{a.b.0.c: body.n}", {"a": {"b": [{"c": 1}]}}),
    ("{a: {from: body.none, else: [body.blank, body.n]}}", {"a": 1}),
    ("{a: {from: body.none, else: [body.blank]}}", {"a": ""}),
    ("{a: {from: body.none, fill: 0}}", {"a": 0}),
    ("{a: body.none}", {}),
    ("{a: {from: cart.free, without: [x]}}", {"a": {"y": None}}),
    ("{a: {value: [1]}}", {"a": [1]}),
    ('{a: {text: "n is {body.n}"}}', {"a": "n is 1"}),
    ('{a: {text: ["{body.none}", "{body.n}{result.id}"]}}', {"a": "17"}),
    ('{a: {text: "{body.none}"}}', {}),
    ("{a: {each: cart.items, lines: {s: row.sku, n: body.n}}}", {"a": [{"s": "a", "n": 1}, {"s": "b", "n": 1}]}),
    ("{a: {each: body.none}}", {"a": []}),
    ("{a: {each: body.list}}", {"a": [1, [2]]}),
    (
        '{a: {join: result.order.lines, text: ["{row.quantity} x {row.sku}", "1 x {row.sku}"], with: ", "}}',
        {"a": "1 x a, 2 x b"},
    ),
    ('{a: {join: body.none, text: "x", with: ", "}}', {}),
    ("{a: {pairs: cart.free, name: id, of: value}}", {"a": [{"id": "x", "value": 1}, {"id": "y", "value": None}]}),
    ("{a: {value: [{k: x, n: 1}]}, a.*.m: row.n}", {"a": [{"k": "x", "n": 1, "m": 1}]}),
    ("{a: {value: [{k: x}, {k: y}]}, a.*.m: {value: 1, when: {row.k: y}}}", {"a": [{"k": "x"}, {"k": "y", "m": 1}]}),
    ("{a: {value: {x: 1, y: {z: 2}}}, b: {value: 1}, a.y: {drop: true}}", {"a": {"x": 1}, "b": 1}),
    ("{a: {value: {x: 1}}, .: {value: {a: {x: 2, y: 2}, b: 3}, keep: true}}", {"a": {"x": 1, "y": 2}, "b": 3}),
    ("{a: {value: {x: 1}}, .: {from: body.over}}", {"a": {"x": 5, "z": 6}}),
    ("{a: {value: 1, when: {body.n: [2, 1]}}}", {"a": 1}),
    ("{a: {value: 1, when: {body.n: 2}}}", {}),
    ("{a: {value: 1, unless: {body.n: 1}}}", {}),
    ("{a: {value: 1, when: {body.blank: null}}}", {"a": 1}),
    ("{a: {value: 1, unless: {body.none: null}}}", {}),
    ("{a: {value: 1, when: {body.n: true}}}", {}),
    ("{a: {put: {k: {value: x}, n: {value: 1}}, key: k, add: [n]}}", {"a": [{"k": "x", "n": 1}]}),
    (
        "{a: {value: [{k: x, n: 1, old: 1}, {k: y}]}, a.0: {value: {k: x, n: 1, old: 1}}, a2: {value: 0}}",
        {"a": [{"k": "x", "n": 1, "old": 1}, {"k": "y"}], "a2": 0},
    ),
    ("{i: cart.items, t: {sum: i, of: [price, n]}}", {"i": CART["items"], "t": 4}),
    ("{i: cart.items, t: {sum: i, of: [price]}}", {"i": CART["items"], "t": Decimal("3.5")}),
    ("{t: {sum: i, of: [price]}}", {"t": 0}),
    ("{c: count.many, m: missed.many}", {"c": 2, "m": ["gone"]}),
    ("{a: {each: many}}", {"a": [{"is": 1}, {"is": 2}]}),
    ("{a: now, b: name.id, c: caller.uuid}", {"a": "2026-01-01T00:00:00Z", "b": "9", "c": "u"}),
]


def lines_from(text: str) -> Any:
    document = yamltext.read(text.encode(), file="lines.yaml")
    return LineReader(frozenset({"cart", "many"}), frozenset()).lines(Raw(document.value, "", document))


def scene() -> Scene:
    body = {"n": 1, "blank": "", "list": [1, [2]], "over": {"a": {"x": 5, "z": 6}}}
    many = tuple(Kept("x", str(number), {"is": number}, {}) for number in (1, 2))
    return Scene(
        request={"body": body, "path": {}, "query": {}, "header": {}},
        records={"cart": Kept("cart", "1", CART, {}), "many": many},
        result=RESULT,
        names={"id": "9"},
        missed={"many": ["gone"]},
        caller={"uuid": "u"},
        now="2026-01-01T00:00:00Z",
    )


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[text for text, _ in LINES])
def test_a_line_writes_what_it_says(text: str, expected: Any) -> None:
    before = jsontext.write({"cart": CART, "result": RESULT})
    assert writing(lines_from(text), lambda _schema, _value: True)({}, scene()) == expected
    assert jsontext.write({"cart": CART, "result": RESULT}) == before


def spoil(value: Any) -> None:
    """Change everything that can be changed in a value."""
    for each in list(value.values() if isinstance(value, dict) else value):
        if isinstance(each, dict | list):
            spoil(each)
    value.clear()


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("text", [text for text, _ in LINES])
def test_what_is_written_is_no_part_of_what_it_was_read_from(text: str, *, keep: bool) -> None:
    before, records = jsontext.write({"cart": CART, "result": RESULT}), scene()
    lines = [replace(line, keep=keep) for line in lines_from(text)]
    spoil(writing(lines, lambda _schema, _value: True)({}, records))
    assert jsontext.write({"cart": CART, "result": RESULT}) == before
    assert records == scene()


def test_what_is_decided_is_no_part_of_what_it_was_read_from() -> None:
    before = jsontext.write(CART)
    result: dict[str, Any] = {"status": "draft"}
    lines = lines_from("{rows: cart.items, rows.*.sku: {value: new}, rows.*.whole: row, status: {drop: true}}")
    deciding(lines, lambda _schema, _value: True)(result, scene())
    items: Any = CART["items"]
    rows = [{**row, "sku": "new"} for row in items]
    assert result == {"rows": [{**row, "whole": row} for row in rows]}
    assert jsontext.write(CART) == before


def test_a_header_is_known_by_its_name_in_any_case() -> None:
    call = scene()._replace(request={"header": {"x-shop": {"shopId": 7}}})
    lines = lines_from("{a: header.X-Shop.shopId}")
    assert writing(lines, lambda _schema, _value: True)({}, call) == {"a": 7}


def test_an_element_is_put_beside_others_and_taken_out_again() -> None:
    start = {"a": [{"k": "x", "n": 1, "old": 1}, {"k": "y", "n": 5}]}
    put = lines_from("{a: {put: {k: {value: x}, n: {value: 2}}, key: k, add: [n]}}")
    more = writing(put, lambda _schema, _value: True)(start, scene())
    assert more == {"a": [{"k": "x", "n": 3, "old": 1}, {"k": "y", "n": 5}]}
    take = lines_from('{a: {take: body.blank, key: k, missing: "no {value}"}}')
    with pytest.raises(Refused):
        writing(take, lambda _schema, _value: True)(more, scene())
    take = lines_from("{a: {take: cart.items.1.sku, key: s, missing: none}}")
    assert writing(take, lambda _schema, _value: True)({"a": [{"s": "b"}, {"s": "c"}]}, scene()) == {"a": [{"s": "c"}]}


# Prices


def test_lines_are_priced_and_summed() -> None:
    result: dict[str, Any] = {
        "order.lines": [
            {"row": "0", "quantity": "2", "price_override.amount": "10.10", "unit_price.amount": "99"},
            {"row": "1", "parent": "0", "quantity": "3", "unit_price.amount": "0.05"},
            {"row": "2", "quantity": "1.5"},
            {"row": "3", "unit_price.amount": "4"},
        ]
    }
    price(result)
    assert [row["total.amount"] for row in result["order.lines"]] == ["20.2", "0.3", "0", "4"]
    assert [result[f"totals.{leaf}.amount"] for leaf in ("subtotal", "total", "tax", "discount")] == [
        "24.5",
        "24.5",
        "0",
        "0",
    ]


amounts = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False).map(lambda value: format(value, "f"))


@given(st.lists(st.tuples(amounts, amounts), max_size=6))
def test_sums_are_exact(rows: list[tuple[str, str]]) -> None:
    result: dict[str, Any] = {
        "order.lines": [
            {"row": str(number), "quantity": units, "unit_price.amount": each}
            for number, (units, each) in enumerate(rows)
        ]
    }
    price(result)
    exact = sum((int(Decimal(units).scaleb(4)) * int(Decimal(each).scaleb(4)) for units, each in rows), 0)
    assert Decimal(result["totals.total.amount"]) == Decimal(exact).scaleb(-8)


def test_a_sum_that_the_hub_cannot_hold_is_left_out() -> None:
    result: dict[str, Any] = {"order.lines": [{"row": "0", "quantity": "9" * 600, "unit_price.amount": "9" * 600}]}
    price(result)
    assert "totals.total.amount" not in result


# Fixtures


def test_fixtures_of_a_file_come_beside_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "fixtures.yaml"
    file.write_text('unisouk: {customer: [{id: "42"}], product: [{id: p, title: Pot}]}\n', encoding="utf-8")
    unisouk = built_in("unisouk")
    app = build([unisouk], Settings(mode="reference", database=str(tmp_path / "o.db"), fixtures=file))
    desk = Desk(unisouk, app, "", {"x-store-id": "1"})

    async def run() -> list[int]:
        customers = ["42", "customer_123", "43"]
        answers = [await desk.send({"call": "createCart", "body": {"customerId": each}}) for each in customers]
        cart = json.loads(answers[0].content)["data"]["id"]
        item = {"cartId": cart, "variantId": "p", "quantity": 1, "price": 1}
        filled = await desk.send({"call": "addCartItem", "body": item})
        assert pointer.get(json.loads(filled.content), "/data/items/0/title") == "Pot"
        await desk.close()
        return [each.status_code for each in answers]

    assert asyncio.run(run()) == [200, 200, 404]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nobody: {}\n", "1:9: no partner 'nobody' is served"),
        ("unisouk: {shelf: []}\n", "1:18: there is no kind of record 'shelf'"),
        ("unisouk: {cart: {}}\n", "1:17: the fixtures of a kind are a list"),
        ("unisouk: {cart: [{}]}\n", "1:18: a fixture has a member `id`"),
        ("unisouk: {cart: [{id: a}]}\n", "1:18: the cart a is no Cart of the contract: `storeId` is missing"),
        (
            "unisouk: {cart: [{id: a, storeId: b, customerId: c, totalAmount: x}]}\n",
            '1:66: the cart a is no Cart of the contract: "x" is a string; the contract wants a number',
        ),
        ("[]\n", "1:1: fixtures has to be a map"),
    ],
)
def test_a_wrong_file_of_fixtures_is_refused_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "fixtures.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=re.escape(f"{file}:{message}")):
        read_fixtures(file, {"unisouk": house_of(built_in("unisouk"))})


# What would be too much


def conversation(name: str, folder: Path, steps: list[dict[str, Any]]) -> list[Any]:
    desk = serve(name, str(folder / "orders.db"))

    async def run() -> list[Any]:
        answers = []
        for step in steps:
            answer = await desk.send(step)
            value, _ = jsontext.read(answer.content)
            desk.saved.update({name: value_at(value, place) for name, place in step.get("save", {}).items()})
            answers.append((answer.status_code, value))
        await desk.close()
        return answers

    return asyncio.run(run())


def value_at(value: Any, place: str) -> Any:
    try:
        return pointer.get(value, place)
    except LookupError:
        return None


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [150, 178, 179, 180, 181, 199])
def test_an_order_that_nests_deeply_is_read_back(tmp_path: Path, depth: int) -> None:
    body = {"op": "createOrder", "profileId": "p", "deep": nested(depth)}
    steps = [
        {"call": "createOrder", "body": body, "save": {"order": "/orderId"}},
        {"call": "getOrder", "path": {"id": "$order"}},
        {"call": "createOrder", "body": {"op": "priceOrder", "orderId": "$order"}},
    ]
    answers = conversation("ccagent", tmp_path, steps)
    assert [status for status, _ in answers] == [200, 200, 200]
    shown = [{"id": "deep", "value": nested(depth)}] if depth < 180 else []
    assert [value["dynamicProperties"] for _, value in answers] == [shown] * 3


def test_a_record_that_grows_for_ever_is_stopped(tmp_path: Path) -> None:
    item = {"cartId": "33863324215067648", "quantity": 1, "price": 1}
    steps = [{"call": "addCartItem", "body": {**item, "variantId": f"{n}{'x' * 900_000}"}} for n in range(3)]
    answers = conversation("unisouk", tmp_path, [*steps, {"call": "getCart", "path": {"cartId": item["cartId"]}}])
    assert [status for status, _ in answers] == [200, 200, 413, 200]
    assert len(answers[-1][1]["data"]["items"]) == 4


def test_a_sum_beyond_all_numbers_is_refused(tmp_path: Path) -> None:
    large, small, cart = Decimal("1e300"), Decimal("1e-300"), {"cartId": "33863324215067648"}
    steps = [
        {"call": "addCartItem", "body": {**cart, "variantId": "a", "quantity": large, "price": large}},
        {"call": "addCartItem", "body": {**cart, "variantId": "b", "quantity": small, "price": small}},
        {"call": "getCart", "path": cart},
    ]
    answers = conversation("unisouk", tmp_path, steps)
    assert [status for status, _ in answers] == [409, 200, 200]
    assert answers[2][1]["data"]["totalAmount"] == Decimal(f"50000.{'0' * 599}1")


def test_sums_are_those_of_paper() -> None:
    rows = [{"n": 3, "price": Decimal("0.1")}, {"n": 10**30, "price": 10**30 + 1}]
    line = lines_from("{t: {sum: i, of: [n, price]}}")
    total = writing(line, lambda _schema, _value: True)({"i": rows}, scene())["t"]
    assert total == Decimal(f"1{'0' * 29}1{'0' * 30}.3")


def test_no_more_is_looked_up_than_a_thousand(tmp_path: Path) -> None:
    body = {"op": "resendOrdersForFulfillment", "orders": [str(n) for n in range(1001)]}
    answers = conversation("ccagent", tmp_path, [{"call": "createOrder", "body": body}])
    assert (answers[0][0], answers[0][1]["status"]) == (413, "413")
    body["orders"] = body["orders"][:1000]
    answers = conversation("ccagent", tmp_path, [{"call": "createOrder", "body": body}])
    assert answers[0][1]["notSubmittedOrders"] == body["orders"]


def test_a_refusal_repeats_no_more_than_a_part(tmp_path: Path) -> None:
    answers = conversation("fabric", tmp_path, [{"call": "getOrder", "query": {"orderNumber": "7" * 5000}}])
    assert answers == [(404, {"message": f"There is no order {'7' * 100}…"})]


# What is valid is never refused


def orders(partner: Partner, count: int) -> Iterator[Any]:
    """Make orders that the contract takes at `documented`: from its schemas, and from its examples with one change."""
    contract, operation = partner.contract.at("documented"), partner.contract.operation()
    assert operation.request is not None
    schema = operation.request.json_schema
    assert schema is not None
    valid = partner.validator()
    for seed in range(count):
        yield from (value for value in [make(contract, schema, "request", seed)] if valid.allows(value))
    for file in sorted((OPENAPI / partner.name / "examples").glob("createOrder.request.*.json")):
        value, _ = jsontext.read(file.read_bytes())
        yield from (each.value for each in mutants(value, count, max(1, count // 20)) if valid.allows(each.value))


async def made_possible(desk: Desk, order: Any, number: int) -> Any:
    """Let an order refer to what is there: the rest of it stays as it is."""
    if desk.partner.name == "unisouk":
        cart = await desk.send({"call": "createCart", "example": "main"})
        return {**order, "cartId": json.loads(cart.content)["data"]["id"], "customerId": "customer_123"}
    if desk.partner.name == "fabric":
        return {**order, "orderNumber": str(number)}
    if desk.partner.name == "ccagent" and order.get("op") in {"priceOrder", "preAuthorizeOrder", "submitOrder"}:
        opened = await desk.send({"call": "createOrder", "example": "minimal"})
        left = {name: member for name, member in order.items() if name not in {"id", "orderId"}}
        return {**left, "id": json.loads(opened.content)["orderId"]}
    return order


@pytest.mark.parametrize("name", FIVE)
def test_an_order_that_the_contract_takes_is_never_refused(name: str, tmp_path: Path, *, prove: bool) -> None:
    desk = serve(name, str(tmp_path / "orders.db"))

    async def run() -> list[tuple[int, str]]:
        refused = []
        for number, order in enumerate(orders(desk.partner, 1000 if prove else 15)):
            body = await made_possible(desk, order, number)
            answer = await desk.send({"call": "createOrder", "body": body})
            if answer.status_code != 200:
                refused.append((answer.status_code, jsontext.write(body).decode()))
        await desk.close()
        return refused

    assert asyncio.run(run()) == []
