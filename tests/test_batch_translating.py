"""Streams of orders: translated in order by one process or several, in constant memory, and none is ever lost."""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import orderbridge
from orderbridge.batch import tickets, translating
from orderbridge.batch.checking import Chunk
from orderbridge.batch.sources import Source
from orderbridge.batch.tickets import indexed
from orderbridge.batch.translating import OTHER, Piece, Tally, Translator, Wanted, translate_all, translate_piece
from orderbridge.contract.catalogue import built_in_folder
from orderbridge.errors import InputError
from orderbridge.translation.supply import read_supply
from orderbridge.translation.translating import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROGRAM: Final = str(Path(sys.executable).parent / "orderbridge")
CHAT: Final = "placeorder"
OMS: Final = "fabric"
WAY: Final = ("--from", CHAT, "--to", OMS)
BACK: Final = ("--from", OMS, "--to", CHAT)
SUPPLY: Final[dict[str, Any]] = {"fill": {"orderNumber": "309019201", "channelId": "12"}}
MIB: Final = 1 << 20
EXAMPLE: Final = built_in_folder() / CHAT / "examples" / "createOrder.request.main.json"


def order(number: int = 0) -> dict[str, Any]:
    """Make an order that can be told from others."""
    made: dict[str, Any] = json.loads(EXAMPLE.read_bytes())
    made["queryInfo"]["parameters"]["params"]["entityInfo"]["items"][0]["productId"] = str(number)
    return made


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def line(number: int) -> bytes:
    return compact(order(number)).encode()


def products(text: str) -> list[str]:
    """Tell translated orders apart again."""
    return [json.loads(each)["items"][0]["sku"] for each in text.splitlines()]


def translator(*, supply: Any = SUPPLY, **wanted: bool) -> Translator:
    source, target = orderbridge.partner(CHAT).side, orderbridge.partner(OMS).side
    request = Request(supply=read_supply(supply), keeps_ticket=wanted.get("tickets", False))
    return Translator(source, target, request, Wanted(**wanted))


def translate(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> tuple[int, str, str]:
    command = [PROGRAM, "translate", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, timeout=120, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(name: str) -> jsonschema_rs.Draft202012Validator:
    folder = resources.files("orderbridge.render") / "schemas"
    every = {entry.name: json.loads(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")}
    registry = jsonschema_rs.Registry([(f"https://x.invalid/{key}", value) for key, value in every.items()])
    reference = {"$ref": f"https://x.invalid/{name}.schema.json"}
    return jsonschema_rs.Draft202012Validator(reference, registry=registry, base_uri="https://x.invalid/", offline=True)


def kept(path: Path, name: str) -> list[dict[str, Any]]:
    """Read lines, each of which keeps a schema."""
    found = [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]
    for each in found:
        schema(name).validate(each)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Lay a supply out."""
    (tmp_path / "supply.json").write_text(json.dumps(SUPPLY), encoding="utf-8")
    return tmp_path


BAD: Final = (b'{"a":1,"a":2}', b"\xff\xfe", b"nonsense", b"[]", compact({**order(), "queryInfo": {}}).encode())


# Every record is there, as an order or as a reject

RECORDS = st.lists(st.sampled_from([*range(3), *BAD, b"", b"  ", b"\t\r"]), max_size=12)


@given(records=RECORDS, cut=st.integers(0, 12), end=st.sampled_from([b"", b"\n", b"\r\n"]))
def test_records_in_are_records_out_and_rejects_wherever_the_stream_is_cut(
    records: list[int | bytes], cut: int, end: bytes
) -> None:
    lines = [record if isinstance(record, bytes) else line(record) for record in records]
    pieces = [lines[:cut], lines[cut:]]
    outcomes = list(_translated(pieces, end))
    whole = list(_translated([lines], end))
    assert _joined(outcomes) == _joined(whole)
    real = [(record, text) for record, text in zip(records, lines, strict=True) if text.strip()]
    orders, rejects = "".join(each.orders for each in whole), "".join(each.rejects for each in whole)
    assert products(orders) == [str(record) for record, _ in real if isinstance(record, int)]
    found = [json.loads(each) for each in rejects.splitlines()]
    expected = [
        (number, text.decode("utf-8", "backslashreplace"))
        for number, (record, text) in enumerate(real, 1)
        if isinstance(record, bytes)
    ]
    assert [(each["record"], each["text"]) for each in found] == expected
    tally = sum((each.tally for each in whole), Tally())
    assert (tally.records, tally.complete, tally.refused) == (len(real), len(real) - len(expected), len(expected))


def _translated(pieces: Sequence[list[bytes]], end: bytes) -> Iterator[translating.Outcome]:
    before, start = 0, 1
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        data = b"\n".join(piece) + (end if last else b"\n") if piece else b""
        yield translate_piece(Piece(Chunk("f", data, start), before + 1), translator())
        before += sum(bool(each.strip()) for each in piece)
        start += data.count(b"\n")


def _joined(outcomes: Sequence[translating.Outcome]) -> tuple[str, str]:
    return "".join(each.orders for each in outcomes), "".join(each.rejects for each in outcomes)


def test_problems_of_a_record_lead_to_its_line_in_the_file() -> None:
    data = b"\n".join([line(1), b"", BAD[0], line(2), b" " + BAD[4]])
    outcome = translate_piece(Piece(Chunk("o.ndjson", data, 1), 1), translator())
    problems = [json.loads(each)["problems"][0] for each in outcome.rejects.splitlines()]
    assert [(each["file"], each["record"], each["line"]) for each in problems] == [
        ("o.ndjson", 2, 3),
        ("o.ndjson", 4, 5),
    ]
    assert problems[1]["column"] == (b" " + BAD[4]).index(b'"queryInfo":') + len('"queryInfo":') + 1


def test_nothing_is_made_that_nobody_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        pytest.fail("an account was made")

    monkeypatch.setattr("orderbridge.translation.translating.Translation.report", property(never))
    monkeypatch.setattr("orderbridge.translation.translating.Translation.ticket", property(never))
    outcome = translate_piece(Piece(Chunk("f", line(1), 1), 1), translator())
    assert products(outcome.orders) == ["1"]
    assert (outcome.reports, outcome.tickets, outcome.headers, outcome.rejects) == ("", (), (), "")


def test_reasons_are_counted_apart_only_so_far() -> None:
    one = Tally(1, 0, 0, why={(f"code-{number}", "", ""): 1 for number in range(90)})
    other = Tally(1, 0, 0, why={(f"code-{number}", "", ""): 1 for number in range(60, 150)})
    both = one + other
    assert len(both.why) == 100
    assert sum(both.why.values()) == 180
    assert both.why[OTHER] == 180 - sum(times for what, times in both.why.items() if what != OTHER)
    assert all(both.why[f"code-{number}", "", ""] == 2 for number in range(60, 90))


# The command on streams


def test_every_part_of_a_stream_is_lines_that_keep_their_schemas(desk: Path) -> None:
    lines = [line(1), BAD[0], line(2), b"", line(3)]
    (desk / "o.ndjson").write_bytes(b"\n".join(lines))
    parts = {"report": "r", "ticket-out": "t", "rejects": "x", "headers-out": "h", "output": "o"}
    named = [item for option, name in parts.items() for item in (f"--{option}", name)]
    headed = {**SUPPLY, "fill": {**SUPPLY["fill"]}}
    (desk / "supply.json").write_text(json.dumps(headed), encoding="utf-8")
    code, out, _ = translate(*WAY, "o.ndjson", "--supply", "supply.json", "--partial", *named, cwd=desk)
    assert (code, out) == (1, "")
    assert products((desk / "o").read_text(encoding="utf-8")) == ["1", "2", "3"]
    reports = kept(desk / "r", "translate-report-ndjson")
    assert [each["record"] for each in reports] == [1, 2, 3, 4]
    tickets_ = kept(desk / "t", "translate-ticket-ndjson")
    assert [(each["record"], each["identity"]) for each in tickets_] == [(n, ["309019201"]) for n in (1, 2, 3)]
    assert [each["record"] for each in kept(desk / "h", "translate-headers-ndjson")] == [1, 2, 3]
    assert [each["record"] for each in kept(desk / "x", "translate-reject")] == [2]


def test_several_documents_are_written_as_lines_in_the_order_given(desk: Path) -> None:
    for number in (1, 2):
        (desk / f"o{number}.json").write_text(json.dumps(order(number), indent=4), encoding="utf-8")
    (desk / "more.jsonl").write_bytes(line(3) + b"\n" + line(4))
    code, out, err = translate(
        *WAY, "o2.json", "more.jsonl", "o1.json", "--supply", "supply.json", "--report", "r", cwd=desk
    )
    assert (code, products(out)) == (0, ["2", "3", "4", "1"])
    assert [each["record"] for each in kept(desk / "r", "translate-report-ndjson")] == [1, 2, 3, 4]
    assert err.startswith(f"4 orders of {CHAT}: 4 became orders for {OMS}. Their values: ")
    assert err.count("\n\n") == 0


def test_without_rejects_the_lines_go_to_standard_error(desk: Path) -> None:
    text = b"\n".join([line(1), BAD[0], BAD[1]])
    code, out, err = translate(*WAY, "--ndjson", "--supply", "supply.json", "-", stdin=text, cwd=desk)
    rejects = [json.loads(each) for each in err.splitlines() if each.startswith("{")]
    assert (code, products(out), [each["record"] for each in rejects]) == (1, ["1"], [2, 3])
    for each in rejects:
        schema("translate-reject").validate(each)
    account = " ".join(each for each in err.splitlines() if not each.startswith("{"))
    assert account.startswith(f"3 orders of {CHAT}: 1 became an order for {OMS}, 2 were rejected. ")
    assert "1 time duplicate-key at /a" in account


def test_what_is_missing_is_said_once_for_all(desk: Path) -> None:
    code, out, err = translate(*WAY, "--ndjson", "--rejects", "x", stdin=b"\n".join(map(line, range(5))), cwd=desk)
    assert (code, out) == (1, "")
    assert len(kept(desk / "x", "translate-reject")) == 5
    assert re.search(
        r"Why: 5 times /orderNumber is missing \(.+?\); 5 times /channelId is missing", " ".join(err.split())
    )


def test_with_partial_drafts_take_the_place_of_rejects_and_what_has_none_stays_one(desk: Path) -> None:
    text = b"\n".join([line(1), BAD[0], line(2)])
    code, out, err = translate(*WAY, "--ndjson", "--partial", "--rejects", "x", stdin=text, cwd=desk)
    assert (code, products(out)) == (1, ["1", "2"])
    assert [each["record"] for each in kept(desk / "x", "translate-reject")] == [2]
    assert "0 became orders for fabric, 2 were written as drafts, 1 was rejected" in " ".join(err.split())


def test_a_plan_of_a_stream_is_a_report_for_each_record(desk: Path) -> None:
    text = b"\n".join([line(1), BAD[0], line(2)])
    code, out, err = translate(*WAY, "--ndjson", "--mode", "plan", "--supply", "supply.json", "-", stdin=text, cwd=desk)
    reports = [json.loads(each) for each in out.splitlines()]
    assert (code, [each["record"] for each in reports]) == (1, [1, 2, 3])
    assert [each["report"]["complete"] for each in reports] == [True, False, True]
    assert "2 would become orders" in err
    assert "{" not in err


@pytest.mark.parametrize("partial", [(), ("--partial",)])
def test_two_processes_write_what_one_writes(
    desk: Path, monkeypatch: pytest.MonkeyPatch, partial: tuple[str, ...]
) -> None:
    records = [BAD[number % 5] if number % 9 == 4 else line(number) for number in range(100)]
    (desk / "o.ndjson").write_bytes(b"\n".join(records) + b"\n\n")
    (desk / "single.json").write_bytes(line(1000))
    parts = ("output", "report", "ticket-out", "rejects")
    written = []
    for jobs in ("1", "2"):
        named = [item for part in parts for item in (f"--{part}", f"{part}{jobs}")]
        way = (*WAY, "o.ndjson", "single.json", "o.ndjson", "--supply", "supply.json", *partial)
        code, out, err = translate(*way, "--jobs", jobs, *named, cwd=desk)
        assert (code, out) == (1, "")
        written.append([err, *((desk / f"{part}{jobs}").read_bytes() for part in parts)])
    assert written[0] == written[1]
    assert written[0][1].count(b"\n") + written[0][4].count(b"\n") == 201


def test_a_process_that_inherits_nothing_builds_the_same_translator(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderbridge.batch.workers._can_fork", lambda: False)
    path = desk / "o.ndjson"
    path.write_bytes(b"\n".join(map(line, range(3))))
    outcomes = list(translate_all([Source(str(path), lined=True)], translator(), translator, jobs=2))
    assert products("".join(each.orders for each in outcomes)) == ["0", "1", "2"]


# Out and home, many at once


def sent(desk: Path, numbers: Sequence[int], *, named: bool = True) -> list[dict[str, Any]]:
    """Send orders out, each with a number of its own there, and keep their tickets."""
    supply: dict[str, Any] = {"fill": {"channelId": "12"}, "lookup": {"orderNumber": {"by": "buyer.id", "table": {}}}}
    supply["lookup"]["orderNumber"]["table"] = {f"u{n}@x.org": f"N{n}" for n in numbers} if named else {}
    if not named:
        supply["fill"]["orderNumber"] = "same"
    (desk / "s.json").write_text(json.dumps(supply), encoding="utf-8")
    text = "\n".join(compact(mailed(number)) for number in numbers)
    code, out, err = translate(
        *WAY, "--ndjson", "--supply", "s.json", "--ticket-out", "t.ndjson", stdin=text.encode(), cwd=desk
    )
    assert code == 0, err
    return [json.loads(each) for each in out.splitlines()]


def mailed(number: int) -> dict[str, Any]:
    made = order(number)
    made["conversationRequest"]["userInfo"]["uid"] = f"u{number}@x.org"
    return made


def home(desk: Path, orders: Sequence[Any], *more: str) -> tuple[int, list[Any], list[Any]]:
    text = "\n".join(map(compact, orders)).encode()
    code, out, err = translate(*BACK, "--ndjson", "--ticket", "t.ndjson", *more, stdin=text, cwd=desk)
    rejects = [json.loads(each) for each in err.splitlines() if each.startswith("{")]
    return code, [json.loads(each) for each in out.splitlines()], rejects


def test_orders_come_home_in_any_order_each_with_its_own_ticket(desk: Path) -> None:
    out = sent(desk, [1, 2, 3])
    assert [each["orderNumber"] for each in out] == ["N1", "N2", "N3"]
    assert home(desk, [out[2], out[0]]) == (0, [mailed(3), mailed(1)], [])
    assert home(desk, [out[1], out[2], out[0]], "--jobs", "2") == (0, [mailed(2), mailed(3), mailed(1)], [])


def test_orders_of_one_name_come_home_by_their_place(desk: Path) -> None:
    out = sent(desk, [1, 2, 3], named=False)
    assert home(desk, out) == (0, [mailed(1), mailed(2), mailed(3)], [])


def test_an_order_without_ticket_is_lost_and_nobody_elses_is_taken(desk: Path) -> None:
    out = sent(desk, [1, 2])
    stranger = {**out[0], "orderNumber": "N9"}
    code, orders, rejects = home(desk, [out[0], stranger, out[1]])
    assert (code, orders) == (1, [mailed(1), mailed(2)])
    assert [(each["record"], [problem["code"] for problem in each["problems"]]) for each in rejects] == [
        (2, ["ticket-lost"])
    ]
    schema("translate-reject").validate(rejects[0])


def test_tickets_are_numbered_by_the_orders_that_were_written(desk: Path) -> None:
    text = b"\n".join([BAD[0], line(1), BAD[0], line(2)])
    translate(*WAY, "--ndjson", "--supply", "supply.json", "--ticket-out", "t.ndjson", stdin=text, cwd=desk)
    found = kept(desk / "t.ndjson", "translate-ticket-ndjson")
    assert [each["record"] for each in found] == [1, 2]


def test_lines_that_are_no_tickets_are_told_and_cost_only_their_orders(desk: Path) -> None:
    out = sent(desk, [1, 2, 3])
    lines = (desk / "t.ndjson").read_text(encoding="utf-8").splitlines()
    (desk / "t.ndjson").write_text("\n".join([lines[0], lines[1][:-20], "", "[]", lines[2]]), encoding="utf-8")
    code, orders, rejects = home(desk, out)
    assert (code, orders) == (1, [mailed(1), mailed(3)])
    assert [problem["code"] for problem in rejects[0]["problems"]] == ["ticket-lost"]
    text = "\n".join(map(compact, out)).encode()
    assert "Lines of t.ndjson that are no tickets: 2." in " ".join(
        translate(*BACK, "--ndjson", "--ticket", "t.ndjson", stdin=text, cwd=desk)[2].split()
    )


# Looking tickets up


def ticket_line(record: Any, identity: Any, ticket: Any) -> str:
    return compact({"record": record, "identity": identity, "ticket": ticket})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Lay out tickets with names that are unique, repeated, absent, and spelt as numbers."""
    rows = [
        (1, ["a"], "one"),
        (2, ["b"], "two"),
        (3, ["b"], "three"),
        (4, None, "four"),
        (5, [5, {"x": 1, "y": [None]}], "five"),
        (6, ["5", {}], "six"),
    ]
    path = tmp_path / "t.ndjson"
    path.write_text("\n".join(ticket_line(*row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("identity", "record", "found"),
    [
        (["a"], 9, "one"),
        (["b"], 2, "two"),
        (["b"], 3, "three"),
        (["b"], 1, None),
        (["c"], 1, None),
        (["c"], 4, "four"),
        (None, 1, "one"),
        (None, 4, "four"),
        (None, 9, None),
        ([Decimal("5.0"), {"y": [None], "x": Decimal(1)}], 1, "five"),
        (["5", {"x": 1, "y": [None]}], 1, None),
        ([True], 1, None),
    ],
)
def test_the_name_decides_then_the_number(store: Path, identity: Any, record: int, found: str | None) -> None:
    with indexed(store) as lookup:
        assert lookup.find(identity, record) == found


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        '"text"',
        ticket_line("1", None, {}),
        ticket_line(record=True, identity=None, ticket={}),
        ticket_line(0, None, {}),
        ticket_line(2**63, None, {}),
        ticket_line(1, "a", {}),
        '{"record":1,"identity":null}',
    ],
)
def test_a_line_that_is_no_ticket_is_counted(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "t.ndjson"
    path.write_text(f"{bad}\n\n{ticket_line(7, None, 'seven')}", encoding="utf-8")
    with indexed(path) as lookup:
        assert (lookup.unreadable, lookup.find(None, 7), lookup.find(None, 1)) == (1, "seven", None)


def test_a_line_that_is_too_long_for_a_ticket_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "MOST_BYTES", 60)
    path = tmp_path / "t.ndjson"
    texts = [ticket_line(1, None, "x" * 200), ticket_line(2, None, "two")]
    path.write_text("\n".join(texts), encoding="utf-8")
    with indexed(path) as lookup:
        assert (lookup.unreadable, lookup.find(None, 1), lookup.find(None, 2)) == (1, None, "two")


def test_two_lines_of_one_number_are_nobodys_ticket(tmp_path: Path) -> None:
    path = tmp_path / "t.ndjson"
    path.write_text("\n".join([ticket_line(1, None, "a"), ticket_line(1, None, "b")]), encoding="utf-8")
    with indexed(path) as lookup:
        assert lookup.find(None, 1) is None


def test_an_index_leaves_nothing_open_and_nothing_behind(store: Path) -> None:
    with indexed(store) as lookup:
        lookup.find(["a"], 1)
        index = lookup.index
        assert index.is_file()
    assert not index.exists()
    gc.collect()  # an open file or database would be a warning, and warnings are errors


@pytest.mark.parametrize("name", ["missing", ".", "/dev/null"])
def test_tickets_are_looked_up_in_a_regular_file_only(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"), indexed(tmp_path / name):
        pass


# Constant memory


def large() -> bytes:
    """Make an order of which a few thousand would be noticed if they were kept."""
    made = order()
    made["conversationRequest"]["userInfo"]["first_name"] = "x" * 30_000
    return compact(made).encode()


def peak(desk: Path, count: int, *options: str) -> float:
    """Translate lines made on the fly, and give the peak memory of the largest process in MiB."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [PROGRAM, "translate", *WAY, "--ndjson", "--supply", "supply.json", *options, "-"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=desk
    )
    assert process.stdin is not None
    piece = b"\n".join([large()] * 9 + [BAD[0], b""])
    for _ in range(count // 10):
        process.stdin.write(piece)
    out, _ = process.communicate(timeout=1200)
    status, size = map(int, out.split())
    assert status == 1
    return size / (MIB if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("options", [(), ("--jobs", "2"), ("--ticket-out", "t", "--report", "/dev/null")])
def test_memory_does_not_grow_with_the_stream(desk: Path, options: tuple[str, ...], *, prove: bool) -> None:
    few, many = (2_000, 100_000) if prove else (300, 2_000)
    assert (many - few) * len(large()) > 2 * 20 * MIB
    assert abs(peak(desk, many, *options) - peak(desk, few, *options)) <= 20
