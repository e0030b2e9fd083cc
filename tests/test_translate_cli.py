"""`orderbridge translate` as a user and a script meet it: what is written where, what is said, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import pytest
from click.shell_completion import BashComplete

import orderbridge
from orderbridge.cli import main, translate
from orderbridge.cli.main import cli
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.translation.modes import MODES
from orderbridge.translation.translating import CARRIES

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., tuple[int, str, str]]

PROGRAM: Final = str(Path(sys.executable).parent / "orderbridge")
CHAT: Final = "placeorder"
OMS: Final = "fabric"
SHOP: Final = "unisouk"
AGENT: Final = "ccagent"
WAY: Final = ("--from", CHAT, "--to", OMS)
BACK: Final = ("--from", OMS, "--to", CHAT)
SUPPLY: Final[dict[str, Any]] = {"fill": {"orderNumber": "309019201", "channelId": "12"}}


def example(partner: str) -> Path:
    return built_in_folder() / partner / "examples" / "createOrder.request.main.json"


ORDER: Final[dict[str, Any]] = json.loads(example(CHAT).read_bytes())


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def numbered(number: int) -> dict[str, Any]:
    """Make an order that can be told from others."""
    order: dict[str, Any] = json.loads(compact(ORDER))
    order["queryInfo"]["parameters"]["params"]["entityInfo"]["items"][0]["productId"] = str(number)
    return order


def broken() -> dict[str, Any]:
    """Make an order that the source's own contract refuses."""
    order = numbered(0)
    del order["queryInfo"]["interestType"]
    return order


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Run the command in this process, in a folder with an order and a supply."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "order.json").write_bytes(example(CHAT).read_bytes())
    (tmp_path / "supply.yaml").write_text(json.dumps(SUPPLY), encoding="utf-8")

    def inner(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main.run(["translate", *map(str, arguments)])
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, captured.out, captured.err

    return inner


def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [PROGRAM, "translate", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, timeout=60, check=False)


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def split(err: str) -> tuple[list[dict[str, Any]], str]:
    """Split standard error into the reject lines and the account."""
    rejects = [line for line in err.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in rejects], " ".join(line for line in err.splitlines() if line not in rejects)


def codes(reject: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in reject["problems"]]


def schema(name: str) -> jsonschema_rs.Draft202012Validator:
    folder = resources.files("orderbridge.render") / "schemas"
    every = {entry.name: json.loads(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")}
    registry = jsonschema_rs.Registry([(f"https://x.invalid/{key}", value) for key, value in every.items()])
    reference = {"$ref": f"https://x.invalid/{name}.schema.json"}
    return jsonschema_rs.Draft202012Validator(reference, registry=registry, base_uri="https://x.invalid/", offline=True)


# One document


def test_an_incomplete_order_is_not_written_and_what_is_missing_is_named_with_where_to_get_it(call: Call) -> None:
    code, out, err = call(*WAY, "order.json")
    rejects, account = split(err)
    assert (code, out, len(rejects)) == (1, "", 1)
    schema("translate-reject").validate(rejects[0])
    assert [(each["code"], each["pointer"]) for each in rejects[0]["problems"]] == [
        ("required-target-missing", "/orderNumber"),
        ("required-target-missing", "/channelId"),
    ]
    assert (rejects[0]["record"], json.loads(rejects[0]["text"])) == (1, ORDER)
    for problem in rejects[0]["problems"]:
        assert problem["fix"]
        assert f"{problem['pointer']} ({problem['fix']})" in account
    assert account.endswith("Nothing is written.")


def test_a_supplied_order_is_written_as_the_library_makes_it(call: Call) -> None:
    code, out, err = call(*WAY, "order.json", "--supply", "supply.yaml")
    made = orderbridge.translate(ORDER, CHAT, OMS, supply=SUPPLY)
    assert code == 0
    assert json.loads(out) == json.loads(json.dumps(made.order, default=str)) == made.order
    assert out.startswith("{\n  ")
    assert out.endswith("\n}\n")
    assert err.count("\n\n") == 0, "the account is one paragraph"
    assert err.rstrip().replace("\n", " ").endswith(f"Nothing that {OMS} requires is missing.")


def test_the_account_counts_what_the_report_counts(call: Call, tmp_path: Path) -> None:
    _, _, err = call(*WAY, "order.json", "--supply", "supply.yaml", "--report", "r.json")
    report = json.loads((tmp_path / "r.json").read_bytes())
    account = " ".join(err.split())
    source, target = report["counts"]["source"], report["counts"]["target"]
    values = len(report["source_leaves"])
    assert f"Of the {values} values in this order of {CHAT}, {source['mapped']} arrived at {OMS}" in account
    assert f"{source['dropped']} did not arrive and were dropped: " in account
    assert f"{target['derived']} were derived (" in account
    assert f"{target['supplied']} were supplied (/orderNumber, /channelId)" in account
    assert source["carried"] == 0


def test_what_is_kept_in_a_ticket_is_not_called_dropped(call: Call, tmp_path: Path) -> None:
    _, _, err = call(*WAY, "order.json", "--supply", "supply.yaml", "--report", "r.json", "--ticket-out", "t.json")
    counts = json.loads((tmp_path / "r.json").read_bytes())["counts"]["source"]
    assert counts["dropped"] == 0
    assert counts["carried"] > 0
    assert f"{counts['carried']} did not arrive and travel in the ticket: " in " ".join(err.split())


def test_standard_input_is_read_without_a_file(call: Call, tmp_path: Path) -> None:
    expected = call(*WAY, "order.json", "--supply", "supply.yaml")[1].encode()
    for files in ((), ("-",)):
        done = run(*WAY, *files, "--supply", tmp_path / "supply.yaml", stdin=example(CHAT).read_bytes())
        assert (done.returncode, done.stdout) == (0, expected)


def test_a_report_is_the_librarys_and_keeps_its_schema(call: Call, tmp_path: Path) -> None:
    call(*WAY, "order.json", "--supply", "supply.yaml", "--report", "r.json", "--ticket-out", "t.json")
    report = json.loads((tmp_path / "r.json").read_bytes())
    schema("translate-report").validate(report)
    assert report == orderbridge.translate(ORDER, CHAT, OMS, supply=SUPPLY).report
    assert not any("value" in row for row in [*report["source_leaves"], *report["target_leaves"]])


def test_values_are_in_a_report_when_asked_for_but_secrets_never(call: Call, tmp_path: Path) -> None:
    order = json.loads(example(OMS).read_bytes())
    (tmp_path / "o.json").write_text(json.dumps(order), encoding="utf-8")
    parts = ("--report", "r.json", "--values", "--ticket-out", "t.json", "--output", "out.json")
    code, out, err = call("--from", OMS, "--to", AGENT, "o.json", *parts)
    assert (code, out) == (0, "")
    report = json.loads((tmp_path / "r.json").read_bytes())
    schema("translate-report").validate(report)
    rows = {row["pointer"]: row for row in report["source_leaves"]}
    assert rows["/orderNumber"]["value"] == order["orderNumber"]
    withheld = [row for row in rows.values() if row["outcome"] == "withheld"]
    assert withheld
    assert not any("value" in row for row in withheld)
    files = ("r.json", "t.json", "out.json")
    shown = "".join([err, *((tmp_path / name).read_text(encoding="utf-8") for name in files)])
    for row in withheld:
        value = order
        for token in row["pointer"].split("/")[1:]:
            value = value[int(token)] if isinstance(value, list) else value[token]
        assert json.dumps(value) not in shown
    assert "1 secret was withheld." in " ".join(err.split())


def test_a_secret_in_a_reject_is_kept_in_the_file_and_hidden_on_standard_error(call: Call, tmp_path: Path) -> None:
    order = json.loads(example(OMS).read_bytes())
    order["payments"][0]["paymentCard"] = {"cvv": "90210-cvv"}
    del order["orderNumber"]
    secrets = orderbridge.partner(OMS).contract.secrets
    name = next(iter(sorted(secrets)))
    text = json.dumps({**order, name: "tell-nobody"})
    (tmp_path / "o.json").write_text(text, encoding="utf-8")
    _, _, err = call("--from", OMS, "--to", SHOP, "o.json")
    assert "tell-nobody" not in err
    assert "•••" in err
    call("--from", OMS, "--to", SHOP, "o.json", "--rejects", "rejects.ndjson")
    kept = json.loads((tmp_path / "rejects.ndjson").read_text(encoding="utf-8"))
    assert kept["text"] == text


def test_with_partial_the_draft_takes_the_place_of_the_reject(call: Call, tmp_path: Path) -> None:
    code, out, err = call(*WAY, "order.json", "--partial", "--rejects", "rejects.ndjson")
    assert code == 1
    assert json.loads(out) == orderbridge.translate(ORDER, CHAT, OMS).draft
    assert (tmp_path / "rejects.ndjson").read_bytes() == b""
    assert err.rstrip().endswith("What is written is a draft.")


def test_an_order_that_breaks_the_sources_contract_is_refused_with_its_places(call: Call, tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text(json.dumps(broken(), indent=2), encoding="utf-8")
    for more in ((), ("--partial",)):
        code, out, err = call(*WAY, "o.json", "--supply", "supply.yaml", *more)
        rejects, account = split(err)
        assert (code, out) == (1, "")
        problem = rejects[0]["problems"][0]
        assert (problem["code"], problem["pointer"], problem["file"]) == ("required", "/queryInfo", "o.json")
        text = (tmp_path / "o.json").read_text(encoding="utf-8").splitlines()
        assert text[problem["line"] - 1].startswith('  "queryInfo"')
        assert "`interestType` is missing" in account


HOSTILE: Final = {
    "nothing": b"",
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "1e400": b"1e400",
    "duplicate": b'{"a":1,"a":2}',
    "surrogate": b'"\\ud800"',
    "a list": b"[]",
    "null": b"null",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_bytes_are_a_reject_without_a_trace(call: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "o.json").write_bytes(HOSTILE[name])
    code, out, err = call(*WAY, "o.json", "--output", "out.json", "--ticket-out", "t.json", "--report", "r.json")
    rejects, _ = split(err)
    assert (code, out, len(rejects)) == (1, "", 1)
    schema("translate-reject").validate(rejects[0])
    schema("translate-report").validate(json.loads((tmp_path / "r.json").read_bytes()))
    assert not (tmp_path / "out.json").exists()
    assert not (tmp_path / "t.json").exists()


def test_numbers_arrive_as_they_were_written(call: Call, tmp_path: Path) -> None:
    text = example(CHAT).read_text(encoding="utf-8").replace('"amount": 50000', '"amount": 50000.10')
    (tmp_path / "o.json").write_text(text, encoding="utf-8")
    code, out, _ = call(*WAY, "o.json", "--supply", "supply.yaml", "--ticket-out", "t.json")
    assert code == 0
    assert re.search(r": 50000\.10?\b", out)
    (tmp_path / "f.json").write_text(out, encoding="utf-8")
    assert '"amount": 50000.10' in call(*BACK, "f.json", "--ticket", "t.json")[1]


def test_what_a_terminal_would_obey_is_escaped(call: Call, tmp_path: Path) -> None:
    order = numbered(1)
    order["conversationRequest"]["userInfo"]["first_name"] = "a\x9b31m\x7f\u2028é"
    (tmp_path / "o.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
    code, out, _ = call(*WAY, "o.json", "--supply", "supply.yaml")
    assert code == 0
    assert r"a\u009b31m\u007f\u2028é" in out
    assert "a\x9b31m\x7f\u2028é" in json.dumps(json.loads(out), ensure_ascii=False)


# Supplies


def test_what_the_storefront_misses_is_named_and_supplied(call: Call, tmp_path: Path) -> None:
    way = ("--from", OMS, "--to", SHOP, example(OMS))
    code, out, err = call(*way)
    rejects, account = split(err)
    assert (code, out) == (1, "")
    missing = [each for each in rejects[0]["problems"] if each["code"] == "required-target-missing"]
    assert {each["pointer"] for each in missing} >= {"/address/pincode", "/paymentMethod"}
    needs = {need for line in MAPPED.findall(mapping(SHOP)) for need in [line.strip("\"' ")]}
    assert {each["fix"] for each in missing if each["pointer"].startswith("/address/")} <= needs
    assert all(each["pointer"] in account and each["fix"] in account for each in missing)
    unsaid = [each for each in rejects[0]["problems"] if each["code"] == "no-image"]
    assert [(each["pointer"], each["file"]) for each in unsaid] == [("/payments/0/paymentMethod", str(example(OMS)))]
    assert example(OMS).read_text(encoding="utf-8").splitlines()[unsaid[0]["line"] - 1].lstrip().startswith('"paymentM')
    supply = built_in_folder() / SHOP / "supplies" / f"{OMS}.yaml"
    code, out, err = call(*way, "--supply", supply)
    problems = orderbridge.partner(SHOP).validate(out)
    assert (code, [each for each in problems if each.severity == "error"]) == (0, []), err


MAPPED: Final = re.compile(r"need: (.+?)[}\n]")


def mapping(partner: str) -> str:
    return (built_in_folder() / partner / "mapping.yaml").read_text(encoding="utf-8")


def test_a_supply_is_read_like_a_contract(call: Call, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("fill: {orderNumber: 02134, channelId: '12', note: 12.50}\n", encoding="utf-8")
    _, out, _ = call(*WAY, "order.json", "--supply", "s.yaml", "--partial")
    assert json.loads(out)["orderNumber"] == "02134"
    assert '"note": 12.50' in out


def test_a_lookup_reads_its_table_beside_the_supply(call: Call, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "titles.csv").write_text('id,title\n12345,"Kurta, blue"\n', encoding="utf-8")
    (tmp_path / "shop" / "fees.csv").write_text("id,fee\n12345,12.50\n", encoding="utf-8")
    lookup = {
        "items.*.title": {"by": "sku", "table": "titles.csv"},
        "items.*.itemFeeTotal": {"by": "sku", "table": "fees.csv"},
    }
    (tmp_path / "shop" / "s.json").write_text(json.dumps({**SUPPLY, "lookup": lookup}), encoding="utf-8")
    code, out, err = call(*WAY, "order.json", "--supply", "shop/s.json", "--ticket-out", "t.json")
    first = json.loads(out)["items"][0]
    assert (code, first["title"], first["itemFeeTotal"]) == (0, "Kurta, blue", 12.5), err
    (tmp_path / "f.json").write_text(out, encoding="utf-8")
    assert json.loads(call(*BACK, "f.json", "--ticket", "t.json")[1]) == ORDER


@pytest.mark.parametrize("table", ["../titles.csv", "/etc/passwd", "https://x.invalid/t.csv"])
def test_a_lookup_reads_no_file_outside_the_folder_of_the_supply(call: Call, tmp_path: Path, table: str) -> None:
    (tmp_path / "titles.csv").write_text("id,title\n", encoding="utf-8")
    (tmp_path / "shop").mkdir()
    lookup = {"items.*.title": {"by": "product_id", "table": table}}
    (tmp_path / "shop" / "s.yaml").write_text(json.dumps({"lookup": lookup}), encoding="utf-8")
    code, out, err = call(*WAY, "order.json", "--supply", "shop/s.yaml")
    assert (code, out) == (2, "")
    assert_one_line(err)
    assert "folder" in err


# Modes


def test_strict_refuses_what_would_be_lost_and_lenient_does_not(call: Call) -> None:
    code, out, err = call(*WAY, "order.json", "--supply", "supply.yaml", "--mode", "strict")
    rejects, _ = split(err)
    assert (code, out) == (1, "")
    assert {"mode-refused", "no-image", "unreadable"} == set(codes(rejects[0]))
    found = {each["pointer"]: each for each in rejects[0]["problems"]}
    text = example(CHAT).read_text(encoding="utf-8").splitlines()
    channel = found["/conversationRequest/channel"]
    assert text[channel["line"] - 1][channel["column"] - 1 :].startswith('"TELEGRAM"')
    assert call(*WAY, "order.json", "--supply", "supply.yaml", "--mode", "lenient")[0] == 0


def test_strict_accepts_what_travels_in_a_ticket(call: Call) -> None:
    options = ("--supply", "supply.yaml", "--mode", "strict", "--ticket-out", "t.json")
    rejects, _ = split(call(*WAY, "order.json", *options)[2])
    assert set(codes(rejects[0])) == {"no-image", "unreadable"}


def test_a_plan_with_a_file_is_a_report_and_no_order(call: Call, tmp_path: Path) -> None:
    code, out, err = call(*WAY, "order.json", "--mode", "plan")
    report = json.loads(out)
    schema("translate-report").validate(report)
    assert (code, report["mode"], report["complete"], split(err)[0]) == (1, "plan", False, [])
    assert " ".join(err.split()).endswith("This order would not be written.")
    code, out, _ = call(*WAY, "order.json", "--mode", "plan", "--supply", "supply.yaml", "--report", "r.json")
    assert (code, out) == (0, "")
    assert json.loads((tmp_path / "r.json").read_bytes())["complete"] is True


def test_a_plan_without_a_file_is_the_schema_of_a_supply_and_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "supply.json").write_text(json.dumps(SUPPLY), encoding="utf-8")
    command = [PROGRAM, "translate", *WAY, "--mode", "plan"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        assert process.wait(timeout=30) == 0, "although standard input is still open"
    validator = jsonschema_rs.Draft202012Validator(json.loads(out))
    assert validator.is_valid(SUPPLY)
    assert not validator.is_valid({"fill": {"orderNumber": "309019201"}})


# Out and home


@pytest.fixture
def sent(call: Call, tmp_path: Path) -> Path:
    """Translate an order and keep its ticket."""
    code, _, err = call(*WAY, "order.json", "--supply", "supply.yaml", "--output", "f.json", "--ticket-out", "t.json")
    assert code == 0, err
    return tmp_path / "f.json"


def test_an_order_comes_home_as_it_was(call: Call, sent: Path, tmp_path: Path) -> None:
    schema("ticket").validate(json.loads((tmp_path / "t.json").read_bytes()))
    code, out, err = call(*BACK, sent, "--ticket", "t.json", "--report", "r.json")
    assert (code, json.loads(out)) == (0, ORDER)
    schema("translate-report").validate(json.loads((tmp_path / "r.json").read_bytes()))
    assert f"The order of {CHAT} is back from {OMS}" in err


def test_a_change_comes_home_and_is_told(call: Call, sent: Path) -> None:
    order = json.loads(sent.read_bytes())
    order["items"][1]["orderedQuantity"] = 7
    sent.write_text(json.dumps(order), encoding="utf-8")
    code, out, err = call(*BACK, sent, "--ticket", "t.json")
    expected = json.loads(compact(ORDER))
    expected["queryInfo"]["parameters"]["params"]["entityInfo"]["items"][1]["Quantity"] = "7"
    assert (code, json.loads(out)) == (0, expected)
    assert "1 change was taken over (/items/1/orderedQuantity)." in " ".join(err.split())


TICKETS: Final[dict[str, tuple[Callable[[dict[str, Any]], Any], str]]] = {
    "cut": (lambda ticket: json.dumps(ticket)[:-9], "ticket-unreadable"),
    "no object": (lambda _: "[]", "ticket-unreadable"),
    "forged": (lambda ticket: json.dumps({**ticket, "order": numbered(99)}), "ticket-stale"),
    "stale": (lambda ticket: json.dumps({**ticket, "sha256": "0" * 64}), "ticket-stale"),
    "of others": (lambda ticket: json.dumps({**ticket, "source": AGENT}), "ticket-foreign"),
    "oversized": (lambda ticket: json.dumps({**ticket, "x": "y" * (17 << 20)}), "ticket-unreadable"),
    "deep": (lambda _: '{"ticket":' + "[" * 100_000, "ticket-unreadable"),
}


@pytest.mark.parametrize("name", TICKETS)
def test_a_ticket_that_is_not_the_orders_is_refused_and_nothing_is_written(
    call: Call, sent: Path, tmp_path: Path, name: str
) -> None:
    change, expected = TICKETS[name]
    ticket = json.loads((tmp_path / "t.json").read_bytes())
    (tmp_path / "t.json").write_text(change(ticket), encoding="utf-8")
    code, out, err = call(*BACK, sent, "--ticket", "t.json", "--partial")
    rejects, _ = split(err)
    assert (code, out, codes(rejects[0])) == (1, "", [expected])


def test_the_ticket_of_another_order_is_foreign(call: Call, sent: Path, tmp_path: Path) -> None:
    order = json.loads(sent.read_bytes()) | {"orderNumber": "another"}
    sent.write_text(json.dumps(order), encoding="utf-8")
    rejects, _ = split(call(*BACK, sent, "--ticket", "t.json")[2])
    assert codes(rejects[0]) == ["ticket-foreign"]


def key_file(folder: Path, name: str = "key") -> Path:
    fernet = pytest.importorskip("cryptography.fernet")
    path = folder / name
    path.write_bytes(fernet.Fernet.generate_key() + b"\n")
    return path


def test_a_ticket_travels_sealed_in_the_document(call: Call, tmp_path: Path) -> None:
    key = key_file(tmp_path)
    options = ("--supply", "supply.yaml", "--carry", "slot", "--ticket-key-file", key)
    code, out, err = call(*WAY, "order.json", *options)
    assert code == 0, err
    assert "travel in the ticket" in err
    assert "regular/emi/pay later" not in out, "what the target was not sent it must not read"
    (tmp_path / "f.json").write_text(out, encoding="utf-8")
    code, home, err = call(*BACK, "f.json", "--ticket-key-file", key)
    assert (code, json.loads(home)) == (0, ORDER), err
    rejects, _ = split(call(*BACK, "f.json", "--ticket-key-file", key_file(tmp_path, "another"))[2])
    assert codes(rejects[0]) == ["ticket-unreadable"]
    bare = orderbridge.translate(ORDER, CHAT, OMS, supply=SUPPLY).order
    (tmp_path / "bare.json").write_text(json.dumps(bare), encoding="utf-8")
    rejects, _ = split(call(*BACK, "bare.json", "--ticket-key-file", key)[2])
    assert codes(rejects[0]) == ["ticket-lost"]


# Headers


def test_headers_are_translated_when_they_are_given(call: Call, tmp_path: Path) -> None:
    (tmp_path / "h.yaml").write_text("x-ccsite: siteUS\nAuthorization: Bearer tell-nobody\n", encoding="utf-8")
    way = ("--from", AGENT, "--to", OMS, "--supply", "supply.yaml", "--partial")
    parts = ("--headers-out", "ho.json", "--report", "r.json", "--values", "--ticket-out", "t.json")
    call(*way, example(AGENT), "--headers", "h.yaml", *parts)
    headers = json.loads((tmp_path / "ho.json").read_bytes())
    assert json.loads(headers["x-site-context"])["account"] == "siteUS"
    report = json.loads((tmp_path / "r.json").read_bytes())
    schema("translate-report").validate(report)
    rows = {row["pointer"]: row for row in report["source_leaves"] if row["pointer"].startswith("header:")}
    assert rows["header:x-ccsite"]["targets"] == ["header:x-site-context/account"]
    assert rows["header:authorization"] == {"pointer": "header:authorization", "outcome": "withheld"}
    ticket = (tmp_path / "t.json").read_text(encoding="utf-8")
    assert json.loads(ticket)["headers"] == {"x-ccsite": "siteUS"}
    assert "tell-nobody" not in ticket


def test_a_header_that_the_target_requires_is_missed_only_if_headers_are_translated(call: Call, tmp_path: Path) -> None:
    (tmp_path / "h.json").write_text("{}", encoding="utf-8")
    assert call(*WAY, "order.json", "--supply", "supply.yaml")[0] == 0
    code, _, err = call(*WAY, "order.json", "--supply", "supply.yaml", "--headers", "h.json")
    rejects, account = split(err)
    assert (code, [(each["code"], each["pointer"]) for each in rejects[0]["problems"]]) == (
        1,
        [("required-target-missing", "header:x-site-context")],
    )
    assert f"header:x-site-context ({rejects[0]['problems'][0]['fix']})" in account


# Answers and errors


def test_an_answer_is_translated_with_the_ticket_of_its_order(call: Call, sent: Path) -> None:
    answer = example(OMS).parent / "createOrder.200.main.json"
    code, out, err = call(*BACK, answer, "--message", "response", "--ticket", "t.json", "--partial")
    assert out, err
    made = orderbridge.translate(
        answer.read_bytes(), OMS, CHAT, "response", ticket=json.loads(sent.with_name("t.json").read_bytes())
    )
    assert json.loads(out) == made.draft
    assert code == (0 if made.complete else 1)
    assert f"in this answer of {OMS}" in err


def test_an_error_is_translated_by_its_status(call: Call) -> None:
    error = example(OMS).parent / "createOrder.404.unknown-account.json"
    code, out, _ = call(*BACK, error, "--message", "error", "--status", "404", "--partial")
    made = orderbridge.translate(error.read_bytes(), OMS, CHAT, "error", status=404)
    assert json.loads(out) == made.draft
    assert code == (0 if made.complete else 1)


# How it ends


def assert_one_line(text: str | bytes) -> None:
    text = text.decode() if isinstance(text, bytes) else text
    assert re.fullmatch(r"orderbridge: [^\n]+\n", text), text


OUT: Final = shlex.join(WAY)
HOME: Final = shlex.join(BACK)
UNUSABLE: Final = {
    "no source": ("--to fabric order.json", "Missing option '--from'"),
    "no target": ("--from placeorder order.json", "Missing option '--to'"),
    "partner": ("--from placeordr --to fabric order.json", "no partner 'placeordr'; did you mean 'placeorder'?"),
    "hub": ("--from placeorder --to _canonical order.json", "_canonical has no mapping"),
    "file": (f"{OUT} no.json", "no.json cannot be read: No such file or directory"),
    "folder": (f"{OUT} .", ". is a folder"),
    "mode": (f"{OUT} --mode loose order.json", "Invalid value for '--mode'"),
    "operation": (f"{OUT} --operation getOrder order.json", "no translatable operation 'getOrder'"),
    "supply": (f"{OUT} --supply no.yaml order.json", "no.yaml cannot be read"),
    "supply form": (f"{OUT} --supply order.json order.json", "order.json: a supply is an object"),
    "headers": (f"{OUT} --headers list.json order.json", "list.json: headers are an object"),
    "key": (
        f"{OUT} --carry slot --ticket-key-file order.json order.json",
        "order.json: a ticket key is a Fernet key",
    ),
    "ticket": (f"{HOME} --ticket no.json order.json", "no.json cannot be read"),
    "tickets": (f"{HOME} --ndjson --ticket no.ndjson order.json", "no.ndjson cannot be read"),
    "slot without key": (f"{OUT} --carry slot order.json", "add --ticket-key-file FILE"),
    "home and out": (
        f"{HOME} --ticket order.json --ticket-out t.json order.json",
        "a ticket is made for an order on its way out",
    ),
    "status": (f"{OUT} --status 200 order.json", "--status belongs to an answer"),
    "error": (f"{OUT} --message error order.json", "add --status CODE"),
    "plan": (f"{OUT} --mode plan --partial order.json", "--mode plan writes no order"),
    "answer's headers": (
        f"{OUT} --message response --headers list.json order.json",
        "headers are translated with an order on its way out",
    ),
    "one file twice": (f"{OUT} --output x --report x order.json", "x cannot be written twice"),
    "standard output twice": (f"{OUT} --report - order.json", "- cannot be written twice"),
    "output nowhere": (
        f"{OUT} --supply supply.yaml --output no/o.json order.json",
        "no/o.json cannot be written: No such file",
    ),
    "no record": (f"{OUT} empty.ndjson", "nothing was translated: no record in empty.ndjson"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_two_and_one_line(call: Call, tmp_path: Path, name: str) -> None:
    command, said = UNUSABLE[name]
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "empty.ndjson").write_text("\n \n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    code, out, err = call(*shlex.split(command))
    assert (code, out) == (2, "")
    assert_one_line(err)
    assert said in err
    assert sorted(tmp_path.iterdir()) == before


def test_what_the_options_offer_is_what_there_is() -> None:
    assert set(translate.MODES) == set(MODES)
    assert translate.CARRIES == CARRIES


def test_a_refused_order_leaves_the_files_of_an_earlier_run_alone(call: Call, tmp_path: Path) -> None:
    for name in ("out.json", "t.json"):
        (tmp_path / name).write_text("the last one", encoding="utf-8")
    assert call(*WAY, "order.json", "--output", "out.json", "--ticket-out", "t.json")[0] == 1
    assert {(tmp_path / name).read_text(encoding="utf-8") for name in ("out.json", "t.json")} == {"the last one"}


def test_a_part_that_cannot_be_written_keeps_the_others_from_being_there(call: Call, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = call(
        *WAY, "order.json", "--supply", "supply.yaml", "--output", "out.json", "--ticket-out", "no/t.json"
    )
    assert (code, out) == (2, "")
    assert_one_line(err)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_command_is_130_and_leaves_nothing(tmp_path: Path, jobs: int) -> None:
    parts = [
        item
        for option in ("output", "report", "ticket-out", "rejects")
        for item in (f"--{option}", str(tmp_path / option))
    ]
    process = subprocess.Popen(
        [PROGRAM, "translate", *WAY, *parts, "--ndjson", "--jobs", str(jobs), "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write((compact(ORDER) + "\n").encode() * 200)
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and len(list(tmp_path.iterdir())) < 4:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_trace_and_no_success(tmp_path: Path) -> None:
    (tmp_path / "o.ndjson").write_text((compact(ORDER) + "\n") * 2_000, encoding="utf-8")
    (tmp_path / "s.json").write_text(json.dumps(SUPPLY), encoding="utf-8")
    command = (
        f"{shlex.quote(PROGRAM)} translate {' '.join(WAY)} --supply s.json o.ndjson | head -1; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)  # noqa: S607 - any bash will do
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("option", ["--output", "--report", "--ticket-out"])
def test_a_full_disk_is_told_in_one_line(call: Call, option: str) -> None:
    code, _, err = call(*WAY, "order.json", "--supply", "supply.yaml", option, "/dev/full")
    assert code == 2
    assert err == "orderbridge: /dev/full cannot be written: No space left on device\n"


def test_a_full_disk_behind_standard_output_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(SUPPLY), encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        command = [PROGRAM, "translate", *WAY, str(example(CHAT)), "--supply", str(tmp_path / "s.json")]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"orderbridge: cannot write: No space left on device\n")


# Partners of one's own, completion


def test_a_partner_of_ones_own_is_translated_like_the_others(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "partners" / "mychat"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(f"map: 1\nextends: {CHAT}\npartner: mychat\n", encoding="utf-8")
    for way in (("--from", "mychat", "--to", OMS), ("--from", "mychat", "--to", "mychat")):
        code, out, err = call(*way, "order.json", "--contracts", folder.parent, "--partial")
        assert out, err
        assert code in {0, 1}
        assert "mychat" in err


def offered(words: str) -> list[str]:
    *before, last = f"{words}|".split()
    return [
        each.value
        for each in BashComplete(cli, {}, "orderbridge", "_ORDERBRIDGE_COMPLETE").get_completions(before[1:], last[:-1])
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("orderbridge transl", ["translate"]),
        ("orderbridge translate --from ", [entry.name for entry in catalogue().partners]),
        ("orderbridge translate --from placeorder --to unis", ["unisouk"]),
        ("orderbridge translate --from unisouk --status 20", ["200"]),
        ("orderbridge translate --from unisouk --operation createO", ["createOrder"]),
        ("orderbridge translate --from nobody --status 20", []),
        ("orderbridge translate --mode st", ["strict"]),
    ],
)
def test_a_shell_is_offered_names(words: str, names: list[str]) -> None:
    assert offered(words) == names
