"""Generated code does what the interpreter does, member for member, and holds nothing of a mapping but literals."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext
from orderbridge.api import partner
from orderbridge.codec.codec import Refused
from orderbridge.codec.registry import CODECS, Row, table_codec
from orderbridge.mapping import operations as ops
from orderbridge.mapping.compiling import (
    compiled_lift,
    compiled_lower,
    compiled_pair,
    lift_code,
    lower_code,
    pair_code,
)
from orderbridge.mapping.document import without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.operations import Constant, Guard, HubPath, Leaf, Origin, Section
from orderbridge.sample.make import make
from orderbridge.sample.mutate import mutants
from tests.mappings import Grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.operations import Message
    from orderbridge.mapping.operations import Path as MemberPath

PARTNERS = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS = [pytest.param(a, b, id=f"{a}-{b}") for a, b in product(PARTNERS, repeat=2)]
MESSAGES: dict[Message, tuple[str, str]] = {"request": ("request", ""), "response": ("200", ""), "error": ("[45]", "")}
OPENAPI = Path(__file__).parent.parent / "openapi"
NAMES = ("sku", "items", "op", "amount", "currency", "cart", "status", "attributes", "payments", "cardNumber", "token")
HERE = Origin("test", 1)


def text(value: Any) -> bytes:
    """Write a value, members in their order."""
    return jsontext.write(value)


@cache
def examples(name: str, message: Message) -> tuple[Any, ...]:
    word = MESSAGES[message][0]
    files = sorted((OPENAPI / name / "examples").glob(f"createOrder.{word}*.json"))
    return tuple(jsontext.read(file.read_bytes())[0] for file in files)


def documents(name: str, message: Message, *, prove: bool) -> Iterator[Any]:
    """Yield examples, mutants of them, and for requests what the contract makes."""
    yield from ({}, [], None, "text")
    for number, example in enumerate(examples(name, message)):
        yield example
        yield from (each.value for each in mutants(example, number, 300 if prove else 5, names=NAMES))
    body = partner(name).contract.operation().request
    if message == "request" and body is not None and body.json_schema is not None:
        for seed in range(100 if prove else 4):
            yield make(partner(name).contract, body.json_schema, "request", seed)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("message", MESSAGES)
def test_compiled_code_gives_what_the_interpreter_gives(
    source: str, target: str, message: Message, *, prove: bool
) -> None:
    one, other = partner(source).side, partner(target).side
    from_, to = one.section(message), other.section(message)
    up, down = compiled_lift(from_), compiled_lower(to, other.reserved)
    through = compiled_pair(from_, to, other.reserved, one.secrets)
    assert through is not None
    for document in documents(source, message, prove=prove):
        bare = without(document, one.secrets)
        hub = lift(bare, from_).hub
        expected = lower(hub, to, reserved=other.reserved).document
        assert text(up(bare)) == text(hub)
        assert text(down(hub)) == text(expected)
        draft, told = through(document)
        assert text(draft) == text(expected)
        assert told == {leaf: hub[leaf] for leaf, _ in to.only if leaf in hub}


@pytest.mark.parametrize("name", PARTNERS)
def test_headers_are_compiled_alike(name: str) -> None:
    side = partner(name).side
    section = side.section("headers")
    given = {
        "x-store-id": "7",
        "x-ccsite": "s",
        "x-ccorganization": "",
        "x-site-context": {"account": "a", "channel": 12},
    }
    hub = lift(given, section).hub
    assert text(compiled_lift(section)(given)) == text(hub)
    assert text(compiled_lower(section, frozenset())(hub)) == text(lower(hub, section).document)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("message", MESSAGES)
def test_nothing_that_is_shipped_takes_the_interpreter(source: str, target: str, message: Message) -> None:
    one, other = partner(source).side, partner(target).side
    lower_code(other.section(message), other.reserved)
    pair_code(one.section(message), other.section(message), other.reserved, one.secrets)


def test_a_section_is_compiled_once_and_the_source_is_the_same_each_time() -> None:
    section, other = partner("fabric").side.section("request"), partner("unisouk").side.section("request")
    assert compiled_lift(section) is compiled_lift(section)
    assert compiled_lower(section, frozenset()) is compiled_lower(section, frozenset())
    assert compiled_lower(section, frozenset()) is not compiled_lower(section, frozenset({"slot"}))
    assert compiled_pair(section, other, frozenset()) is compiled_pair(section, other, frozenset())
    assert lift_code(section).source == lift_code(section).source


# Mappings that nobody wrote


@pytest.mark.parametrize("block", range(8))
def test_any_mapping_is_compiled_alike(block: int, *, prove: bool) -> None:
    for number in range(200 if prove else 10):
        grammar = Grammar.of(f"{block} {number}")
        source, target = grammar.section(), grammar.section()
        up, down = compiled_lift(source), compiled_lower(target, frozenset({"slot"}))
        through = compiled_pair(source, target, frozenset({"slot"}), frozenset({"secret"}))
        assert through is not None
        for document in grammar.documents(8):
            hub = lift(document, source).hub
            assert text(up(document)) == text(hub), (block, number, document)
            expected = lower(hub, target, reserved=frozenset({"slot"})).document
            assert text(down(hub)) == text(expected), (block, number, document)
            hub = lift(without(document, frozenset({"secret"})), source).hub
            expected = lower(hub, target, reserved=frozenset({"slot"})).document
            assert text(through(document)[0]) == text(expected), (block, number, document)


def test_free_members_may_meet_other_free_members() -> None:
    """A member of the order's own free members has the name of an object in which others are free."""
    nothing = frozenset[str]()
    rest = ops.Rest((), HubPath("attributes"), nothing, nothing, HERE)
    section = Section("request", (rest, ops.Tree(("f",), HubPath("more"), nothing, nothing, HERE)))
    for value in ("home", {"a": 1}):
        hub: dict[str, Any] = {"attributes": {"f": value, "g": 2}, "more": {"b": 3}}
        assert text(compiled_lower(section, frozenset())(hub)) == text(lower(hub, section).document)


@pytest.mark.parametrize("first", ["total", "own"])
def test_a_currency_may_stand_beside_an_amount_and_in_a_line_of_its_own(first: str) -> None:
    total = Leaf(("total",), HubPath("totals.total.amount"), CODECS["decimal"], HERE, currency=("cur",))
    own = Leaf(("own",), HubPath("totals.total.currency"), CODECS["currency"], HERE)
    section = Section("request", (total, own) if first == "total" else (own, total))
    for document in ({"total": 5, "cur": "EUR", "own": "USD"}, {"total": 5, "own": "USD"}, {"own": "USD"}):
        hub = lift(document, section).hub
        assert compiled_lift(section)(document) == hub
        through = compiled_pair(section, section, frozenset())
        assert through is not None
        assert text(through(document)[0]) == text(lower(hub, section).document)


def test_most_mappings_need_no_interpreter() -> None:
    done = []
    for number in range(100):
        grammar = Grammar.of(f"share {number}")
        try:
            pair_code(grammar.section(), grammar.section(), frozenset())
        except Exception as error:  # noqa: BLE001 - counted by its name
            done.append(type(error).__name__)
        else:
            done.append("compiled")
    assert set(done) <= {"compiled", "UncompiledError"}
    assert done.count("compiled") > 60


# Codecs that are written out

VALUES: tuple[Any, ...] = (
    None, "", True, False, 0, 1, -1, 7, 380001, 10**15, 10**15 + 1, -(10**16), 10**400, 10**1200,
    Decimal("1.50"), Decimal("-0.0"), Decimal("0.00"), Decimal("1E+3"), Decimal("1E-30"), Decimal(12), Decimal("NaN"),
    "1", "01", "1.50", "-0", "1e5", " 7", "x", "US", "usa", "India", "india ", "en-us", "EA", "ea", "INR", "web",
    "4 nos", "2018-06-27T12:59:59Z", "2018-06-27", "US-AL", [], {}, ["a"], ["a", ""], [1], {"a": 1}, "9" * 2000,
)  # fmt: skip
ROWS = (Row("A", "a"), Row("B", "a"), Row(1, "one"), Row(partner=True, hub="yes"), Row("C", "c", "lost"))
TABLE = table_codec("kinds", ROWS)


def _of(codec: Any) -> Section:
    leaf = Leaf(("v",), HubPath("x"), codec, HERE)
    return Section("request", (leaf, Leaf(("c",), HubPath("currency"), CODECS["currency"], HERE)))


@pytest.mark.parametrize("name", [*CODECS, "kinds"])
def test_a_codec_means_the_same_when_it_is_written_out(name: str) -> None:
    codec = TABLE if name == "kinds" else CODECS[name]
    section = _of(codec)
    for value in (*VALUES, *codec.refuses_up, *(partner_ for partner_, _ in codec.samples)):
        for document in ({"v": value}, {"v": value, "c": "JPY"}):
            hub = lift(document, section).hub
            assert compiled_lift(section)(document) == hub
    for value in (*VALUES, *codec.refuses_down, *(hub_ for _, hub_ in codec.samples)):
        hub = {"x": value, "currency": "KWD"} if value is not None else {}
        assert text(compiled_lower(section, frozenset())(hub)) == text(lower(hub, section).document)


@pytest.mark.parametrize("one", [*CODECS, "kinds"])
def test_two_codecs_together_mean_what_they_mean_apart(one: str) -> None:
    for other in [*CODECS, "kinds"]:
        up, down = (TABLE if name == "kinds" else CODECS[name] for name in (one, other))
        through = compiled_pair(_of(up), _of(down), frozenset())
        assert through is not None
        for value in (*VALUES, *(partner_ for partner_, _ in up.samples)):
            document = {"v": value, "c": "INR"}
            expected = lower(lift(document, _of(up)).hub, _of(down)).document
            found = through(document)[0]
            assert text(found) == text(expected), (one, other, value)
            assert type(found.get("v")) is type(expected.get("v"))


def test_what_a_codec_takes_is_remembered_within_bounds() -> None:
    section = _of(CODECS["locale"])
    run = compiled_lift(section)
    for number in range(5_000):
        assert run({"v": f"en-{number:03}"[:6]}) == lift({"v": f"en-{number:03}"[:6]}, section).hub
    assert not isinstance(run({"v": "en-US"})["x"], Refused)
    known = next(each for name, each in lift_code(section).constants.items() if name.startswith("t"))
    for number in range(2_000):
        _ = known[f"{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}-{number % 1000:03}"]
    assert len(known) <= 500


# Amounts where the currency of the order cannot be said

COINS = table_codec("coins", (Row("rupees", "INR"), Row("dollars", "USD")))
PLAIN = Leaf(("sum",), HubPath("totals.total.amount"), CODECS["decimal"], HERE)
BESIDE = Leaf(("sum",), HubPath("totals.total.amount"), CODECS["decimal"], HERE, currency=("of",))
ONCE = Leaf(("c",), HubPath("currency"), COINS, HERE)
FILLED = Leaf(("c",), HubPath("currency"), COINS, HERE, fill=Constant("dollars"))
SOMETIMES = Leaf(("c",), HubPath("currency"), COINS, HERE, when=Guard(("d",), "x"))
SUM = Decimal("5.00")


@pytest.mark.parametrize(
    ("lines", "hub", "expected"),
    [
        ((ONCE, PLAIN), {"currency": "INR"}, {"c": "rupees", "sum": SUM}),
        ((ONCE, PLAIN), {"currency": "CAD"}, {}),
        ((ONCE, PLAIN), {}, {"sum": SUM}),
        ((PLAIN,), {"currency": "CAD"}, {"sum": SUM}),
        # A refused currency is not an absent one: neither it nor an amount in it becomes dollars.
        ((FILLED, PLAIN), {"currency": "CAD"}, {}),
        ((FILLED, PLAIN), {}, {"c": "dollars", "sum": SUM}),
        ((SOMETIMES, PLAIN), {"currency": "CAD"}, {"sum": SUM}),
        # What stands beside the amount says it, unless it is the order's.
        ((ONCE, BESIDE), {"currency": "CAD", "totals.total.currency": "EUR"}, {"sum": SUM, "of": "EUR"}),
        ((ONCE, BESIDE), {"currency": "CAD", "totals.total.currency": "CAD"}, {}),
        ((ONCE, BESIDE), {"currency": "CAD"}, {}),
    ],
)
def test_no_amount_is_written_in_a_currency_that_cannot_be_said(
    lines: tuple[Any, ...], hub: dict[str, Any], expected: dict[str, Any]
) -> None:
    section = Section("request", lines, states_currency=any(line.to.leaf == "currency" for line in lines))
    told = lower({**hub, "totals.total.amount": "5.00"}, section)
    assert told.document == expected
    assert compiled_lower(section, frozenset())({**hub, "totals.total.amount": "5.00"}) == expected
    refused = {each.hub.leaf: each.why for each in told.no_images}
    assert ("totals.total.amount" in refused) == ("sum" not in expected)
    assert all("CAD" in why for leaf, why in refused.items() if leaf.endswith("amount"))


# Hostile names

HOSTILE = (
    "it's", 'say "hi"', "a\nb", "a\r\nimport os", "{braces}", "{0}", "%s", "back\\slash", "\\", "\\n", "'''", '"""',
    "__import__('os').system('true')", "'); raise SystemExit('", "x]; y[", "#", "\u2028", "\x00", "\ud800", "ü", "ﬁ",
    "if", "None", "a.b", "=", "*", "", "v0", "hub", "document",
)  # fmt: skip


METHODS = frozenset(
    "add append bind casefold get isdisjoint issuperset items join pop setdefault settle".split()  # noqa: SIM905 - words read better than a list of strings
)


def _hostile() -> Section:
    codec = CODECS["text"]
    table = table_codec("'''", tuple(Row(name, f"hub {name}") for name in HOSTILE))
    lines: list[ops.Operation] = []
    lists = {f"list {name}" for name in HOSTILE}
    for index, name in enumerate(HOSTILE):
        path: MemberPath = ("holder", name, f"in {name}") if index % 2 else (f"top {name}",)
        guard = ops.Guard((f"top {name}",), name) if index % 3 == 0 and index % 2 else None
        lines.append(Leaf(path, HubPath(f"leaf {name}"), codec, HERE, aka=((f"aka {name}",),), when=guard))
        lines.append(Leaf((f"t {name}",), HubPath(f"t {name}"), table, HERE, fill=ops.Constant(name)))
        lines.append(ops.Leave((f"text {name}",), "duplicate", HERE, fill=ops.Text((name, HubPath(f"leaf {name}")))))
        row = (Leaf((name or "e",), HubPath(name), codec, HERE), Leaf(("k",), HubPath("k"), codec, HERE))
        lines.append(ops.Each((f"list {name}",), f"rows {name}", row, HERE, where=((f"w {name}", name),), nest=name))
        lines.append(
            ops.Tree((f"tree {name}",), HubPath(f"tree {name}"), frozenset(HOSTILE[:index]), frozenset(), HERE)
        )
    lines.append(ops.Rest((), HubPath("rest"), frozenset({"holder", *lists}), frozenset({"string"}), HERE))
    return Section("request", tuple(lines), context=tuple((f"c {name}", name) for name in HOSTILE), currency="'\n\"")


def _hostile_document() -> dict[str, Any]:
    whole: dict[str, Any] = {"holder": {name: {f"in {name}": f"value {name}"} for name in HOSTILE}}
    for name in HOSTILE:
        whole |= {f"top {name}": name or "x", f"t {name}": name, f"aka {name}": "other", f"free {name}": name or "y"}
        whole[f"list {name}"] = [{name or "e": "v", name: [{name or "e": "w"}]}, {"k": "1"}]
        whole[f"tree {name}"] = dict.fromkeys(HOSTILE, "t")
    return whole


def test_a_row_of_which_one_value_would_be_all_is_no_null_without_it() -> None:
    notes = ops.Each(("notes",), "notes", (Leaf((), HubPath("text"), CODECS["text"], HERE),), HERE)
    first = Leaf(("notes", 0), HubPath("status_text"), CODECS["text"], HERE)
    section = Section("request", (first, notes))
    lowering = compiled_lower(section, frozenset())
    bare: dict[str, Any] = {"row": "0", "author": "a"}
    for rows, expected in (([bare, {"row": "1", "text": "x"}], {"notes": ["x"]}), ([bare], {"notes": ["s"]})):
        hub = {"status_text": "s", "notes": rows}
        assert lower(hub, section).document == lowering(hub) == expected


def test_hostile_names_are_names_and_nothing_else() -> None:
    section, document = _hostile(), _hostile_document()
    hub = lift(document, section).hub
    expected = lower(hub, section).document
    through = compiled_pair(section, section, frozenset())
    assert through is not None
    assert repr(compiled_lift(section)(document)) == repr(hub)
    assert repr(compiled_lower(section, frozenset())(hub)) == repr(expected)
    assert repr(through(document)[0]) == repr(expected)
    assert len(hub) > 4 * len(HOSTILE)


@pytest.mark.parametrize("kind", ["lift", "lower", "pair"])
def test_no_text_of_a_mapping_gets_into_the_source_but_as_a_literal(kind: str) -> None:
    hostile = _hostile()
    code = {
        "lift": lambda: lift_code(hostile),
        "lower": lambda: lower_code(hostile, frozenset(HOSTILE)),
        "pair": lambda: pair_code(hostile, hostile, frozenset(HOSTILE), frozenset({"'"})),
    }[kind]()
    assert code.source.isascii()
    tree = ast.parse(code.source)
    names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    assert all(re.fullmatch(r"[A-Za-z_]+[0-9]*", name) for name in names)
    plain = partner("ccagent").side
    # Every word of the source but constants and counted names is a word of the sources of a mapping of ours.
    request = plain.section("request")
    ours = lift_code(request).source + lower_code(request, frozenset()).source
    known = {re.sub(r"[0-9]+$", "", each.id) for each in ast.walk(ast.parse(ours)) if isinstance(each, ast.Name)}
    extra = {re.sub(r"[0-9]+$", "", name) for name in names} - known
    assert extra <= {
        "TYPES",
        "NUMBER",
        "text_of",
        "told",
        "is_implied",
        "without",
        "copied",
        "rows",
        "tables",
        "tree_of_rows",
        "write",
    }
    attributes = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    assert attributes <= METHODS
    assert not [
        each for each in ast.walk(tree) if isinstance(each, (ast.Import, ast.ImportFrom, ast.Lambda, ast.JoinedStr))
    ]


def test_generated_code_has_no_builtins_that_could_do_harm() -> None:
    run = compiled_lift(partner("fabric").side.section("request"))
    allowed = run.__globals__["__builtins__"]
    assert not {"open", "exec", "eval", "compile", "__import__", "getattr", "setattr", "globals"} & allowed.keys()
