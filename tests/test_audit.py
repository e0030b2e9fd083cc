"""Recorded exchanges against contracts: what an audit finds and where, what it leaves alone, what it never shows."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import warnings
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referencing import Registry, Resource

import orderbridge.render
from orderbridge import jsontext, pointer
from orderbridge.api import Partner
from orderbridge.audit.auditing import Audit
from orderbridge.audit.har import MOST_BYTES
from orderbridge.cli.main import run
from orderbridge.cli.options import FORMATS
from orderbridge.contract.loading import load as load_contract
from orderbridge.errors import DocumentError
from orderbridge.problem import CODES
from orderbridge.render.audit import Audited
from tests.desk import CONTRACTS, load
from tests.har import TOKEN, entry, har, recorded
from tests.places import PLACES, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.render.report import Checked

DATA: Final = Path(__file__).parent / "data" / "har"
SHOP: Final = DATA / "shop.yaml"
ENTRY: Final = json.loads((DATA / "entry.json").read_bytes())
FAULTS: Final = json.loads((DATA / "faults.json").read_bytes())
QUIRKS: Final = json.loads((DATA / "quirks.json").read_bytes())
PARTNERS: Final = ("ccagent", "configurator", "fabric", "placeorder", "unisouk")
SCHEMAS: Final = Path(orderbridge.render.__path__[0], "schemas")


@cache
def shop() -> Partner:
    return Partner(load_contract(SHOP, "shop"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with warnings.catch_warnings():
        # The framework imports what its own dependencies deprecate.
        warnings.simplefilter("ignore")
        from orderbridge.server.app import Settings
        from orderbridge.server.live import live

    database = tmp_path_factory.mktemp("recordings") / "orders.db"
    with live([load(name) for name in PARTNERS], Settings(mode="reference", database=str(database))) as url:
        made = {name: recorded(name, f"{url}/{name}") for name in PARTNERS}
    with live([load("acme")], Settings(mode="reference", database=f"{database}.acme")) as url:
        return {**made, "acme": recorded("acme", url)}


def audited(partner: Partner, recording: Any) -> tuple[list[Checked], Audited]:
    audit = Audit(partner, "documented")
    found = list(audit.file("a.har", json.dumps(recording, indent=1).encode()))
    totals = Audited()
    for each in found:
        totals = totals.plus(each)
    return found, audit.report(totals)


def said(found: list[Checked]) -> list[str]:
    problems = [each for checked in found for each in checked.problems]
    return [f"{each.severity} {each.code} {each.pointer}" for each in problems]


def patched(patch: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(ENTRY)
    for place, value in patch.items():
        holder, _, name = place.rpartition("/")
        there = pointer.get(made, holder)
        if isinstance(there, list):
            there[int(name) : int(name) + 1] = [value]
        else:
            there[name] = value
    return made


def at(problem: str) -> str:
    severity, code, place = problem.split(" ", 2)
    return f"{severity} {code} /log/entries/0{place}"


# What is recorded of our own server


@pytest.mark.parametrize("name", [*PARTNERS, "acme"])
def test_a_recording_of_our_reference_server_is_clean(recordings: dict[str, Any], name: str) -> None:
    found, totals = audited(load(name), recordings[name])
    assert said(found) == []
    assert totals.checked == len(recordings[name]["log"]["entries"]) > 0
    assert (totals.more["skipped"], totals.more["not_recorded"], totals.more["unjudged"]) == ({}, {}, 0)
    assert recordings[name]["log"]["entries"][0]["response"]["status"] < 500


def test_five_edits_are_five_findings(recordings: dict[str, Any]) -> None:
    recording = copy.deepcopy(recordings["configurator"])
    entries = recording["log"]["entries"]
    headers = entries[0]["request"]["headers"]
    headers[:] = [each for each in headers if each["name"] != "authorization"]
    entries[2]["response"]["status"] = 299
    kind = next(index for index, each in enumerate(entries[4]["response"]["headers"]) if each["name"] == "content-type")
    entries[4]["response"]["headers"][kind]["value"] = "text/html"
    edit(entries[6]["request"]["postData"], customerId=7)
    edit(entries[9]["response"]["content"], status=5)
    found, totals = audited(load("configurator"), recording)
    assert said(found) == [
        "error security-missing /log/entries/0/request/headers",
        "error status-undocumented /log/entries/2/response/status",
        f"error media-type-undocumented /log/entries/4/response/headers/{kind}/value",
        "error type /log/entries/6/request/postData/text#/customerId",
        "error type /log/entries/9/response/content/text#/status",
    ]
    assert totals.invalid == 5
    assert [each.record for each in found if each.problems] == [1, 3, 5, 7, 10]


def edit(body: dict[str, Any], **members: Any) -> None:
    body["text"] = json.dumps({**json.loads(body["text"]), **members})
    body["size"] = -1


# Faults and quirks


@pytest.mark.parametrize("case", FAULTS, ids=[case["fault"] for case in FAULTS])
def test_a_fault_is_found_where_it_is(case: dict[str, Any]) -> None:
    recording = har(patched(case["patch"]))
    found, _ = audited(shop(), recording)
    assert said(found) == [at(each) for each in case["finds"]]
    text = json.dumps(recording, indent=1)
    for problem in found[0].problems:
        assert problem.code in CODES
        where, _, inside = problem.pointer.partition("#")
        place = jsontext.locate(text, [where])[where]
        assert problem.line == place.line
        is_body = where.endswith("/text") and inside.startswith("/")
        assert (problem.column or 0) >= place.column if is_body else problem.column is not None


def test_the_column_inside_a_body_is_that_of_the_very_character() -> None:
    body = '{\n "kind": "ü\\n🥤\\ud83e\\udd64", "size": "3"}'
    for ascii_only in (True, False):
        text = json.dumps(har(patched({"/response/content/text": body})), ensure_ascii=ascii_only)
        found = list(Audit(shop(), "documented").file("a.har", text.encode()))
        last = found[0].problems[-1]
        assert (last.code, last.line) == ("type", 1)
        assert text[(last.column or 0) - 1 :].startswith('\\"3\\"')


@pytest.mark.parametrize("case", QUIRKS, ids=[case["quirk"] for case in QUIRKS])
def test_what_programs_write_is_understood(case: dict[str, Any]) -> None:
    found, totals = audited(shop(), har(patched(case["patch"])))
    assert said(found) == [at(each) for each in case.get("finds", ())]
    assert totals.more["not_recorded"] == case.get("not_recorded", {})
    assert totals.more["unanswered"] == case.get("unanswered", 0)
    assert (totals.checked, totals.more["unjudged"]) == (1, 0)


def test_a_browser_that_keeps_no_credentials_is_not_told_that_they_are_missing() -> None:
    bare = patched({"/request/url": "https://www.example.com/api/v2/things"})
    assert said(audited(shop(), har(bare, creator="WebInspector"))[0]) == []
    assert said(audited(shop(), har(bare, creator="Charles Proxy"))[0]) == [
        at("error security-missing /request/headers")
    ]


def test_what_is_for_others_is_skipped_and_counted() -> None:
    foreign = [
        entry("GET", "https://cdn.example.com/logo.png"),
        entry("OPTIONS", "https://www.example.com/api/v2/things"),
        entry("PUT", "https://www.example.com/api/v2/things", status=405),
        entry("GET", "wss://www.example.com/api/v2/things/7"),
        entry("GET", "https://www.example.com/api/v2/other/things"),
        entry("GET", "https://www.example.com/api/v2/things/"),
    ]
    found, totals = audited(shop(), har(ENTRY, *foreign))
    assert said(found) == []
    assert totals.checked == 1
    assert totals.more["skipped"] == {"elsewhere": 4, "preflight": 1, "refused-method": 1}


def test_a_call_is_the_operation_whose_path_says_most_of_it(tmp_path: Path) -> None:
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": placed()}
    (tmp_path / "places.json").write_text(json.dumps(document))
    answered = {"content-type": "application/json"}
    calls = [
        entry(method.upper(), f"https://a.example{call}", answered=answered, text=json.dumps(f"{method} {path}"))
        for method, path, call in PLACES
    ]
    found, totals = audited(Partner(load_contract(tmp_path / "places.json", "places")), har(*calls))
    assert (said(found), totals.checked) == ([], len(PLACES))
    assert totals.more["drift"]["operations_never_called"] == []


# Drift


def test_drift_says_what_recording_and_contract_do_not_share() -> None:
    body = '{"name": "cup", "kind": "pot", "colour": "red", "parts": [{"name": "x", "colour": 1}]}'
    _, totals = audited(
        shop(), har(patched({"/response/content/text": body, "/response/headers/2": {"name": "x-a", "value": ""}}))
    )
    drift = totals.more["drift"]
    answer = {"operation": "createThing", "message": "response", "status": "201"}
    assert drift["operations_never_called"] == ["readThing"]
    assert drift["statuses_never_seen"] == [{"operation": "createThing", "statuses": ["400", "401"]}]
    assert drift["undeclared_headers"] == [{"operation": "createThing", "status": "201", "header": "x-a", "count": 1}]
    assert drift["undeclared_members"] == [
        {**answer, "pointer": "/colour", "count": 1},
        {**answer, "pointer": "/parts/*/colour", "count": 1},
    ]
    assert {**answer, "pointer": "/size"} in drift["unseen_members"]
    assert drift["undeclared_values"] == [{**answer, "pointer": "/kind", "value": '"pot"', "count": 1}]
    assert drift["unseen_values"] == [{**answer, "pointer": "/kind", "values": ['"cup"', '"lid"']}]
    assert drift["unused_mapping_lines"] == []


def test_lines_of_the_mapping_that_nothing_used_are_named(recordings: dict[str, Any]) -> None:
    whole = audited(load("fabric"), recordings["fabric"])[1].more["drift"]["unused_mapping_lines"]
    entries = recordings["fabric"]["log"]["entries"]
    part = audited(load("fabric"), har(entries[-1]))[1].more["drift"]["unused_mapping_lines"]
    assert {each["rule"] for each in whole} < {each["rule"] for each in part}
    lines = load("fabric").known.entry("fabric").folder.joinpath("mapping.yaml").read_text("utf-8").splitlines()  # type: ignore[union-attr] # a partner of the catalogue
    for row in part:
        number = int(row["rule"].rpartition(":")[2])
        assert ":" in lines[number - 1]


# Secrets

SECRETS: Final = ("tok-5ecre7", "sess-5ecre7", "5ecre7-key", "5ecre7-pin")


@pytest.mark.parametrize("output", FORMATS)
def test_no_output_shows_a_secret(tmp_path: Path, capfd: pytest.CaptureFixture[str], output: str) -> None:
    body = json.dumps({"name": "", "pin": "5ecre7-pin", "kind": 5})
    broken = patched(
        {
            "/request/url": "https://u:5ecre7-key@www.example.com/api/v2/things?api_key=5ecre7-key&color=green",
            "/request/headers/2": {"name": "Cookie", "value": "lang=sess-5ecre7"},
            "/request/headers/3": {"name": "Authorization", "value": f"Bearer {TOKEN}"},
            "/request/postData/text": body,
            "/response/content/text": body,
        }
    )
    file = tmp_path / "a.har"
    file.write_text(json.dumps(har(broken)), encoding="utf-8")
    code, out, err = called(capfd, "--spec", str(SHOP), str(file), "--format", output)
    assert code == 1
    assert "pattern" in out or output == "junit"
    assert not [secret for secret in SECRETS if secret in out + err]


# The command


def called(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run(["audit", *arguments])
    out, err = capfd.readouterr()
    return int(str(ended.value.code)), out, err


def written(folder: Path, recording: Any) -> str:
    file = folder / "a.har"
    file.write_bytes(recording if isinstance(recording, bytes) else json.dumps(recording).encode())
    return str(file)


def test_a_partner_of_ones_own_is_audited(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], recordings: dict[str, Any]
) -> None:
    file = written(tmp_path, recordings["acme"])
    code, out, _ = called(capfd, "acme", "--contracts", str(CONTRACTS), file)
    assert (code, out.splitlines()[0]) == (0, "1 exchange checked: 1 valid, 0 invalid, no problems")


def test_machine_output_keeps_its_schemas(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    recording = har(patched({"/response/status": 500}), ENTRY, entry("GET", "https://x.example/"))
    file = written(tmp_path, recording)
    _, out, _ = called(capfd, "--spec", str(SHOP), file, "--format", "json")
    report = json.loads(out)
    schema("audit.schema.json").validate(report)
    assert (report["checked"], report["invalid"], report["skipped"]) == (2, 1, {"elsewhere": 1})
    _, out, _ = called(capfd, "--spec", str(SHOP), file, "--format", "ndjson")
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        schema("audit-ndjson.schema.json").validate(line)
    assert [line.get("record") for line in lines] == [1, 2, None]
    assert lines[-1]["drift"] == report["drift"]


def schema(name: str) -> jsonschema.Draft202012Validator:
    texts = {path.name: json.loads(path.read_bytes()) for path in SCHEMAS.iterdir()}
    registry = Registry[Any]().with_resources(
        (f"https://x.invalid/{each}", Resource.from_contents(text)) for each, text in texts.items()
    )
    return jsonschema.Draft202012Validator({"$ref": f"https://x.invalid/{name}"}, registry=registry)


def test_a_text_that_is_no_json_is_a_finding(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, b'{"log": {"entries": [],}}')
    code, out, _ = called(capfd, "--spec", str(SHOP), file)
    assert code == 1
    assert re.match(rf"{re.escape(file)}:1:23: error malformed-json at /log: ", out)
    assert "Drift" not in out


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"log": []}', b'{"log": {"entries": {}}}', b"7"])
def test_json_that_is_no_har_cannot_be_used(tmp_path: Path, capfd: pytest.CaptureFixture[str], text: bytes) -> None:
    code, out, err = called(capfd, "--spec", str(SHOP), written(tmp_path, text))
    assert (code, out) == (2, "")
    assert "no HAR file" in err


def test_where_nothing_is_for_the_contract_nothing_was_checked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, har(entry("GET", "https://cdn.example.com/logo.png")))
    code, _, err = called(capfd, "--spec", str(SHOP), file)
    assert code == 2
    assert "nothing was checked" in err
    assert "cdn.example.com" in err


def test_a_byte_order_mark_is_allowed_in_a_har(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = json.dumps(har(ENTRY)).encode("utf-8-sig")
    assert called(capfd, "--spec", str(SHOP), written(tmp_path, text))[0] == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_BYTES > 1 << 20
    monkeypatch.setattr("orderbridge.audit.har.MOST_BYTES", 1 << 10)
    code, _, err = called(capfd, "--spec", str(SHOP), written(tmp_path, b" " * 2_000))
    assert code == 2
    assert "larger than" in err


# Hostile recordings

ODD: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**999),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        ["http://[", "https://a:b@c:99999/things", "//", "%", "?", "base64", "{" * 300, "[" * 190 + "]" * 190]
    ),
    st.just([]),
    st.just({}),
    st.just([None, 1, {"name": 1}, {"name": "cookie", "value": ";=;a"}]),
)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_recording_brings_an_audit_down(data: st.DataObject) -> None:
    made = har(copy.deepcopy(ENTRY), copy.deepcopy(ENTRY))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(sorted(places(made))))
        holder, _, name = place.rpartition("/")
        there = pointer.get(made, holder)
        there[int(name) if isinstance(there, list) else name] = copy.deepcopy(data.draw(ODD))
    try:
        found, totals = audited(shop(), made)
    except DocumentError:
        return
    assert totals.checked == len(found)
    assert all(problem.line for checked in found for problem in checked.problems)
    json.dumps(totals.members())


def places(value: Any, where: str = "") -> Iterator[str]:
    if where.count("/") > 1:
        yield where
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places(member, f"{where}/{name}")


def test_every_kind_of_fault_is_in_the_list() -> None:
    codes = Counter(each.split()[1] for case in FAULTS for each in case["finds"])
    own = {"body-missing", "body-refused", "media-type-undocumented", "method-undocumented"}
    assert own | {"opinions-differ", "security-missing", "status-undocumented"} <= set(codes)


def test_a_recording_of_schemathesis_has_nothing_against_our_server(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from orderbridge.server.app import Settings
        from orderbridge.server.live import live

    partner = load("unisouk")
    document, file = tmp_path / "openapi.json", tmp_path / "a.har"
    document.write_bytes(jsontext.write(partner.contract.at("documented").document))
    options = [
        "--header",
        f"Authorization: Bearer {TOKEN}",
        "--phases",
        "coverage",
        "--checks",
        "not_a_server_error",
        "--seed",
        "1",
    ]
    with live([partner], Settings(mode="reference", database=str(tmp_path / "orders.db"))) as url:
        options += ["--url", url, "--max-examples", "1", "--report", "har", "--report-har-path", str(file)]
        program = str(Path(sys.executable).with_name("schemathesis"))
        subprocess.run([program, "run", str(document), *options], check=True, capture_output=True, cwd=tmp_path)
    audit = Audit(partner, "documented")
    found = list(audit.file("a.har", file.read_bytes()))
    assert [each for each in said(found) if not each.startswith("warning")] == []
    assert [each for each in said(found) if "opinions-differ" in each] == []
    assert len(found) > 100
    # It broke requests on purpose, and filters what it was told to keep to itself.
    assert {"type", "required"} <= {problem.code for each in found for problem in each.problems}
    assert audit.unrecorded["credentials"] > 100
