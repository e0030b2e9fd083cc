"""The command line as a user and a script meet it: exit codes, streams, formats, help, and every way to end badly."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import yaml
from click.shell_completion import BashComplete
from click.testing import CliRunner

import orderbridge
from orderbridge.cli import main, options, progress
from orderbridge.cli.command import Command, filled
from orderbridge.cli.main import COMMANDS, cli, load_command
from orderbridge.contract.catalogue import built_in_folder, catalogue
from orderbridge.problem import CODES, LEVELS
from orderbridge.render.formats import RENDERERS
from tests.har import entry, har

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

ROOT: Final = Path(__file__).parent.parent
PROGRAM: Final = str(Path(sys.executable).parent / "orderbridge")
PARTNERS: Final = [entry.name for entry in catalogue().partners]
PARTNER: Final = "unisouk"
EXAMPLE: Final = built_in_folder() / PARTNER / "examples" / "createOrder.request.main.json"
ORDER: Final = EXAMPLE.read_bytes()
LINE: Final = json.dumps(json.loads(ORDER), separators=(",", ":")).encode()
BAD: Final = b'{"a":1,"a":2}'

BASH: Final = shutil.which("bash") or "bash"

Done = subprocess.CompletedProcess[bytes]


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, environment: dict[str, str] | None = None
) -> Done:
    """Run the installed program as a process of its own."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        timeout=60,
        check=False,
    )


def called(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Run the same entry in this process, which is quicker."""
    with pytest.raises(SystemExit) as ended:
        main.run([str(argument) for argument in arguments])
    captured = capfd.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, captured.out, captured.err


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Run commands in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def inner(*arguments: str | Path) -> tuple[int, str, str]:
        return called(capfd, *arguments)

    return inner


def assert_one_line(text: str | bytes) -> None:
    text = text.decode() if isinstance(text, bytes) else text
    assert re.fullmatch(r"orderbridge: [^\n]+\n", text), text


def with_faults() -> dict[str, Any]:
    order: dict[str, Any] = json.loads(ORDER)
    order["buyerInfo"]["pincode"] = "380001"
    return order


@pytest.fixture
def invalid(tmp_path: Path) -> Path:
    path = tmp_path / "invalid.json"
    path.write_text(json.dumps(with_faults(), indent=2), encoding="utf-8")
    return path


# How a command ends


def test_a_clean_document_is_zero() -> None:
    done = run("validate", PARTNER, EXAMPLE)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        b"1 document checked: 1 valid, 0 invalid, no problems\n",
        b"",
    )


def test_a_finding_is_one_and_goes_to_standard_output(invalid: Path) -> None:
    done = run("validate", PARTNER, "invalid.json", cwd=invalid.parent)
    text = invalid.read_text(encoding="utf-8")
    before, _, _ = text.partition('"380001"')
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (done.returncode, done.stderr) == (1, b"")
    assert f"invalid.json:{line}:{column}: error type at /buyerInfo/pincode: ".encode() in done.stdout


def test_only_warnings_are_zero(call: Callable[..., Any], tmp_path: Path) -> None:
    order = json.loads(ORDER) | {"surprise": 1}
    (tmp_path / "o.json").write_text(json.dumps(order), encoding="utf-8")
    code, out, _ = call("validate", PARTNER, "o.json", "--format", "json")
    found = json.loads(out)["problems"]
    assert found
    assert {problem["severity"] for problem in found} == {"warning"}
    assert code == 0
    assert call("validate", PARTNER, "o.json", "--level", "inferred")[0] == 1


HOSTILE: Final = {
    "nothing": b"",
    "blank": b" \r\n",
    "binary": bytes(range(256)) * 4,
    "byte ff": b"\xff",
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "1e400": b"1e400",
    "1e99999999": b"1e99999999",
    "5,000 digits": b"7" * 5_000,
    "duplicate": BAD,
    "utf-16": ORDER.decode().encode("utf-16"),
    "surrogate": b'"\\ud800"',
    "nul": b"\0",
    "nan": b"NaN",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_bytes_are_a_finding_without_a_trace(name: str) -> None:
    done = run("validate", PARTNER, "-", stdin=HOSTILE[name])
    assert (done.returncode, done.stderr) == (1, b"")
    assert re.match(rb"-:\d+:\d+: error [a-z0-9-]+ at ", done.stdout)


def test_an_empty_json_file_is_a_finding(call: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "o.json").touch()
    code, out, err = call("validate", PARTNER, "o.json")
    assert (code, err) == (1, "")
    assert "error empty at" in out


@pytest.mark.parametrize("text", ["", "\n", " \r\n\n"])
def test_no_record_is_nothing_checked(call: Callable[..., Any], tmp_path: Path, text: str) -> None:
    (tmp_path / "o.ndjson").write_text(text, encoding="utf-8", newline="")
    code, _, err = call("validate", PARTNER, "o.ndjson")
    assert (code, err) == (2, "orderbridge: nothing was checked: no record in o.ndjson\n")


UNUSABLE: Final = {
    "missing file": (f"validate {PARTNER} no-such.json", "no-such.json cannot be read: No such file or directory"),
    "folder": (f"validate {PARTNER} .", ". is a folder; name its files, for example './*.json'"),
    "no match": (f"validate {PARTNER} *.nothing", "no file matches *.nothing"),
    "standard input twice": (f"validate {PARTNER} - -", "standard input can be read only once: `-` is there twice"),
    "partner": ("validate unisuk -", "there is no partner 'unisuk'; did you mean 'unisouk'?"),
    "no partner": ("validate", "which partner? Name one"),
    "operation": (f"validate {PARTNER} --operation creatOrder -", "there is no operation 'creatOrder'; did you mean"),
    "status": (f"validate {PARTNER} --message response --status 299 -", "there is no response of createOrder with"),
    "status of a request": (f"validate {PARTNER} --status 200 -", "--status belongs to a response: add --message"),
    "level": (f"validate {PARTNER} --level guessed -", "Invalid value for '--level'"),
    "message": (f"validate {PARTNER} --message both -", "Invalid value for '--message'"),
    "format": (f"validate {PARTNER} --format xml -", "Invalid value for '--format'"),
    "jobs": (f"validate {PARTNER} --jobs 0 -", "Invalid value for '--jobs'"),
    "option": (f"validate {PARTNER} --ndjsn -", "No such option '--ndjsn'"),
    "command": ("valdate", "No such command 'valdate'"),
    "code": ("explain unknown-proprty", "there is no problem code 'unknown-proprty'; did you mean 'unknown-property'?"),
    "no code": ("explain", "Missing argument 'CODE'"),
    "shell": ("completion powershell", "Invalid value for"),
    "contracts": ("partners --contracts nowhere", "is not a folder"),
    "contracts without": ("partners --contracts .", "holds no contract"),
    "spec": ("validate --spec no-such.yaml -", "no-such.yaml cannot be read: No such file or directory"),
    "two partners": (f"contract {PARTNER} fabric", "one contract at a time: fabric is too much"),
    "spec and partner": (f"lint {PARTNER} --spec x.yaml", "--spec takes the place of PARTNER"),
    "output folder": (f"validate {PARTNER} {EXAMPLE} --output .", ". cannot be written: Is a directory"),
    "output nowhere": (f"validate {PARTNER} {EXAMPLE} --output no/r.json", "no/r.json cannot be written: No such file"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_two_and_one_line(call: Callable[..., Any], name: str) -> None:
    command, said = UNUSABLE[name]
    code, out, err = call(*shlex.split(command))
    assert (code, out) == (2, "")
    assert_one_line(err)
    assert said in err


def test_a_file_that_refuses_to_be_read_is_two() -> None:
    done = run("validate", PARTNER, "/proc/self/mem")
    assert (done.returncode, done.stdout) == (2, b"")
    assert_one_line(done.stderr)


def test_without_arguments_the_help_is_shown_and_nothing_was_done() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Usage: orderbridge" in done.stderr


def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    pots: {}\n", encoding="utf-8")
    return path


def test_a_broken_contract_is_two_with_file_line_and_reason(call: Callable[..., Any], tmp_path: Path) -> None:
    broken(tmp_path)
    for command in ("validate --spec broken.yaml -", "contract --spec broken.yaml"):
        code, out, err = call(*shlex.split(command))
        assert (code, out) == (2, "")
        assert re.match(r"orderbridge: broken\.yaml:\d+:\d+: .*pots", err)
        assert_one_line(err)


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def explain(code: str) -> str:
        raise error

    monkeypatch.setattr("orderbridge.render.codes.explain", explain)


def test_an_internal_error_is_three_and_one_line(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, ZeroDivisionError("oh\nno"))
    code, out, err = call("explain", "type")
    assert (code, out) == (3, "")
    assert_one_line(err)
    assert "internal error (ZeroDivisionError: oh no); please report it" in err


@pytest.mark.parametrize("arguments", [("--debug", "explain", "type"), ("explain", "type", "--debug")])
def test_debug_anywhere_shows_the_trace(
    call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    raising(monkeypatch, ZeroDivisionError("oh no"))
    code, _, err = call(*arguments)
    assert code == 3
    assert err.startswith("Traceback (most recent call last)")
    assert err.endswith("ZeroDivisionError: oh no\n")


def test_debug_after_two_dashes_is_a_file(call: Callable[..., Any]) -> None:
    code, _, err = call("validate", PARTNER, "--", "--debug")
    assert (code, err) == (2, "orderbridge: --debug cannot be read: No such file or directory\n")


def started(*arguments: str | Path, **settings: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([PROGRAM, *map(str, arguments)], **settings)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_command_is_130_without_a_trace(tmp_path: Path, jobs: int) -> None:
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    flags = ("--ndjson", "--format", "ndjson", "--jobs", str(jobs), "--output", str(tmp_path / "report"))
    # Its own group, as a terminal has: Ctrl-C reaches the workers too.
    process = started("validate", PARTNER, *flags, "-", start_new_session=True, **pipe)
    assert process.stdin is not None
    process.stdin.write((LINE + b"\n") * 8_000)
    process.stdin.flush()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == [], "a report that is not complete does not exist"


def test_a_reader_that_leaves_is_no_trace_and_no_success(tmp_path: Path) -> None:
    path = tmp_path / "o.ndjson"
    path.write_bytes(b"{}\n" * 2_000)
    command = f"{shlex.quote(PROGRAM)} validate {PARTNER} {path} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run([BASH, "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.count(b"\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        f"contract {PARTNER}",
        f"contract {PARTNER} --bundle",
        "partners",
        "explain type",
        f"lint {PARTNER}",
        "completion zsh",
        "--help",
    ],
)
def test_every_command_survives_a_closed_pipe(command: str) -> None:
    read, write = os.pipe()
    os.close(read)
    process = started(*shlex.split(command), stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", [f"validate {PARTNER} {EXAMPLE}", f"contract {PARTNER}", "explain type"])
@pytest.mark.parametrize("unbuffered", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_a_full_disk_is_told_in_one_line(command: str, unbuffered: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        environment = {**os.environ, **unbuffered}
        process = started(*shlex.split(command), stdout=full, stderr=subprocess.PIPE, env=environment)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, b"orderbridge: cannot write: No space left on device\n")


@pytest.mark.parametrize(("closed", "code"), [(">&-", 2), ("2>&-", 0), ("<&-", 0)])
def test_closed_standard_streams_are_no_crash(closed: str, code: int) -> None:
    command = f"{shlex.quote(PROGRAM)} validate {PARTNER} {EXAMPLE} {closed}"
    done = subprocess.run([BASH, "-c", command], capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


def test_a_closed_standard_input_is_two() -> None:
    command = f"{shlex.quote(PROGRAM)} validate {PARTNER} - <&-"
    done = subprocess.run([BASH, "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"orderbridge: standard input is closed\n")


def test_the_version_answers_at_once(tmp_path: Path) -> None:
    # Compiled once, as an installation is, even where the tests themselves must not leave compiled files behind.
    compiled = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}

    def once() -> float:
        begun = time.perf_counter()
        done = run("--version", environment=compiled)
        taken = time.perf_counter() - begun
        assert done.stdout == f"orderbridge {orderbridge.__version__}\n".encode()
        return taken

    # Other work on the machine makes it slower, never quicker: one quick answer is proof.
    assert any(once() <= 0.25 for _ in range(20))


def test_validation_without_colours_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from orderbridge.cli.main import run\n"
        f"try: run(['validate', {PARTNER!r}, {str(EXAMPLE)!r}])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.decode().split()}
    heavy = {"rich", "multiprocessing", "concurrent", "asyncio", "pydantic", "jsonschema", "datamodel_code_generator"}
    assert loaded & heavy == set()


# What FILE may be


def names(out: str) -> list[tuple[str, int | None]]:
    return [(line["file"], line["record"]) for line in map(json.loads, out.splitlines())]


def test_files_of_every_form_are_checked_in_the_order_given(call: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(ORDER)
    (tmp_path / "a.json").write_bytes(ORDER)
    (tmp_path / "c.ndjson").write_bytes(LINE + b"\n\n  \r\n" + LINE + b"\r\n" + LINE)
    (tmp_path / "d.JSONL").write_bytes(LINE)
    (tmp_path / "e").write_bytes(ORDER)
    (tmp_path / "odd[1].json").write_bytes(ORDER)
    code, out, err = call(
        "validate", PARTNER, "c.ndjson", "[ab].json", "d.JSONL", "e", "odd[1].json", "--format", "ndjson"
    )
    assert (code, err) == (0, "")
    assert names(out) == [
        ("c.ndjson", 1),
        ("c.ndjson", 2),
        ("c.ndjson", 3),
        ("a.json", None),
        ("b.json", None),
        ("d.JSONL", 1),
        ("e", None),
        ("odd[1].json", None),
    ]


def test_ndjson_makes_every_file_one_of_lines(call: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "o.json").write_bytes(LINE + b"\n" + LINE + b"\n")
    code, out, _ = call("validate", PARTNER, "o.json", "--ndjson", "--format", "ndjson")
    assert (code, names(out)) == (0, [("o.json", 1), ("o.json", 2)])
    assert call("validate", PARTNER, "o.json")[0] == 1


def test_standard_input_is_read_without_a_file() -> None:
    for arguments in ((), ("-",)):
        done = run("validate", PARTNER, *arguments, stdin=ORDER)
        assert (done.returncode, done.stderr) == (0, b"")
    done = run("validate", PARTNER, "--ndjson", "--format", "ndjson", stdin=LINE + b"\n" + LINE)
    assert names(done.stdout.decode()) == [("-", 1), ("-", 2)]


def test_a_pipe_of_the_shell_is_a_file() -> None:
    command = f"{shlex.quote(PROGRAM)} validate {PARTNER} <(cat {EXAMPLE})"
    assert subprocess.run([BASH, "-c", command], capture_output=True, check=False).returncode == 0


def test_the_operation_message_and_status_choose_the_rules(call: Callable[..., Any]) -> None:
    folder = EXAMPLE.parent
    replies = sorted(folder.glob("createOrder.[245]*.json"))
    assert replies
    for reply in replies:
        status = reply.name.split(".")[1]
        code, out, err = call(
            "validate", PARTNER, reply, "--message", "response", "--status", status, "--operation", "createOrder"
        )
        assert (code, err) == (0, ""), out


SPEC: Final = """\
openapi: 3.0.3
info: {title: Acme, version: "1"}
paths:
  /orders:
    get:
      operationId: list
      responses: {"200": {description: all}}
    post:
      operationId: buy
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Order"}
            examples: {main: {externalValue: examples/buy.request.main.json}}
      responses:
        "201":
          description: bought
          content: {application/json: {schema: {type: object, required: [id]}}}
components:
  schemas:
    Order: {type: object, required: [number], properties: {number: {type: string}, note: {type: string}}}
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "partners" / "acme"
    (folder / "examples").mkdir(parents=True)
    (folder / "openapi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "examples" / "buy.request.main.json").write_text('{"number": "1"}', encoding="utf-8")
    return folder


def test_a_document_with_one_post_needs_no_operation(call: Callable[..., Any], acme: Path, tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text('{"number": 1}', encoding="utf-8")
    for where in (
        ("--spec", acme / "openapi.yaml"),
        ("acme", "--contracts", acme),
        ("acme", "--contracts", acme.parent),
    ):
        code, out, err = call("validate", *where, "o.json", "--format", "json")
        report = json.loads(out)
        assert (code, err) == (1, "")
        assert (report["operation"], [problem["pointer"] for problem in report["problems"]]) == ("buy", ["/number"])


def test_a_document_with_two_posts_needs_one(call: Callable[..., Any], acme: Path) -> None:
    path = acme / "openapi.yaml"
    path.write_text(
        SPEC.replace("    get:", "    put:").replace(
            "  /orders:", '  /more:\n    post: {responses: {"200": {description: x}}, operationId: more}\n  /orders:'
        ),
        encoding="utf-8",
    )
    code, _, err = call("validate", "--spec", path, EXAMPLE)
    assert code == 2
    assert_one_line(err)
    assert "more, list, buy" in err


def test_a_sixth_partner_is_treated_like_the_others(call: Callable[..., Any], acme: Path) -> None:
    code, out, _ = call("partners", "--contracts", acme.parent, "--format", "json")
    listed = {row["name"]: row for row in json.loads(out)["partners"]}
    assert (code, set(listed)) == (0, {*PARTNERS, "acme"})
    assert listed["acme"]["built_in"] is False
    assert call("lint", "--contracts", acme.parent)[0] == 0
    assert call("lint", "acme", "--contracts", acme.parent)[0] == 0
    assert call("contract", "acme", "--contracts", acme)[1] == SPEC


def test_a_built_in_name_is_refused_unless_extended(call: Callable[..., Any], acme: Path) -> None:
    taken = acme.parent / PARTNER
    acme.rename(taken)
    code, _, err = call("partners", "--contracts", taken)
    assert (code, "is taken" in err) == (2, True)
    (taken / "mapping.yaml").write_text(f"extends: {PARTNER}\n", encoding="utf-8")
    assert call("contract", PARTNER, "--contracts", taken)[1] == SPEC


# Formats


def schema(name: str) -> jsonschema_rs.Draft202012Validator:
    folder = resources.files("orderbridge.render") / "schemas"
    every = {entry.name: json.loads(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")}
    registry = jsonschema_rs.Registry([(f"https://x.invalid/{key}", value) for key, value in every.items()])
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"https://x.invalid/{name}"}, registry=registry, base_uri="https://x.invalid/", offline=True
    )


@pytest.fixture
def three(tmp_path: Path, invalid: Path) -> tuple[str, ...]:
    """Lay out a valid file, an invalid one, and lines of both."""
    (tmp_path / "valid.json").write_bytes(ORDER)
    (tmp_path / "lines.ndjson").write_bytes(LINE + b"\n" + json.dumps(with_faults()).encode() + b"\n" + BAD + b"\n")
    return ("valid.json", invalid.name, "lines.ndjson")


def test_the_names_of_the_formats_are_those_that_there_are() -> None:
    assert tuple(RENDERERS) == options.FORMATS


def test_json_is_one_document_of_the_shipped_schema(call: Callable[..., Any], three: tuple[str, ...]) -> None:
    code, out, err = call("validate", PARTNER, *three, "--format", "json")
    report = json.loads(out)
    schema("validate.schema.json").validate(report)
    assert (code, err) == (1, "")
    assert (report["checked"], report["valid"], report["invalid"]) == (5, 2, 3)
    assert [(each["file"], each["record"], each["line"], each["code"]) for each in report["problems"]][1:] == [
        ("lines.ndjson", 2, 2, "type"),
        ("lines.ndjson", 3, 3, "duplicate-key"),
    ]


def test_ndjson_is_a_line_of_the_shipped_schema_for_each_document(
    call: Callable[..., Any], three: tuple[str, ...]
) -> None:
    code, out, err = call("validate", PARTNER, *three, "--format", "ndjson")
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        schema("validate-ndjson.schema.json").validate(line)
    assert (code, err) == (1, "")
    assert [line["valid"] for line in lines] == [True, False, True, False, False]


def test_sarif_names_every_finding(call: Callable[..., Any], three: tuple[str, ...]) -> None:
    code, out, _ = call("validate", PARTNER, *three, "--format", "sarif")
    report = json.loads(out)
    assert (code, report["version"]) == (1, "2.1.0")
    assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["type", "type", "duplicate-key"]


def test_junit_has_a_case_for_each_document(call: Callable[..., Any], three: tuple[str, ...]) -> None:
    code, out, _ = call("validate", PARTNER, *three, "--format", "junit")
    root = ET.fromstring(out)  # noqa: S314 - our own output
    assert (code, len(list(root.iter("testcase"))), len(list(root.iter("failure")))) == (1, 5, 3)


def test_github_writes_workflow_commands(call: Callable[..., Any], three: tuple[str, ...]) -> None:
    code, out, _ = call("validate", PARTNER, *three, "--format", "github")
    lines = out.splitlines()
    assert (code, len(lines)) == (1, 3)
    assert all(line.startswith("::error file=") for line in lines)


def test_partners_as_json_keeps_its_schema(call: Callable[..., Any]) -> None:
    code, out, _ = call("partners", "--format", "json")
    schema("partners.schema.json").validate(json.loads(out))
    assert code == 0


@pytest.mark.parametrize("output_format", options.FORMATS)
def test_lint_speaks_every_format(call: Callable[..., Any], acme: Path, output_format: str) -> None:
    (acme / "openapi.yaml").write_text(SPEC.replace("[number]", "[nmber]"), encoding="utf-8")
    (acme / "examples" / "buy.request.main.json").write_text('{"number": 1}', encoding="utf-8")
    code, out, err = call("lint", "--contracts", acme, "--format", output_format)
    assert (code, err) == (1, "")
    assert "lint-example-invalid" in out
    if output_format == "json":
        schema("lint.schema.json").validate(json.loads(out))


@pytest.mark.parametrize("output_format", ["json", "ndjson", "sarif", "junit", "github"])
def test_machine_formats_are_utf8_and_plain_wherever_they_go(tmp_path: Path, output_format: str) -> None:
    order = with_faults()
    order["buyerInfo"]["pincode"] = "שלום ☃ \x9b"
    (tmp_path / "ö.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
    arguments = ("validate", PARTNER, "ö.json", "--format", output_format)
    latin = run(*arguments, cwd=tmp_path, environment={"PYTHONIOENCODING": "latin-1", "FORCE_COLOR": "1"})
    plain = run(*arguments, cwd=tmp_path)
    assert (latin.returncode, latin.stderr) == (1, b"")
    assert latin.stdout == plain.stdout
    assert b"\x1b" not in plain.stdout
    assert "☃" in plain.stdout.decode("utf-8")


def test_text_on_a_poor_terminal_is_escaped(tmp_path: Path) -> None:
    order = with_faults()
    order["buyerInfo"]["pincode"] = "☃"
    (tmp_path / "o.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
    done = run("validate", PARTNER, "o.json", cwd=tmp_path, environment={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u2603" in done.stdout


# --output


def test_a_report_goes_to_a_file_and_nothing_to_standard_output(call: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(BAD)
    code, expected, _ = call("validate", PARTNER, "bad.json", "--format", "json")
    assert call("validate", PARTNER, "bad.json", "--format", "json", "--output", "r.json") == (code, "", "")
    assert (tmp_path / "r.json").read_text(encoding="utf-8") == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.json", "r.json"]


def test_a_report_that_is_not_finished_does_not_take_the_place_of_another(
    call: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_bytes(BAD)
    report = tmp_path / "r.json"
    report.write_text("the last one", encoding="utf-8")
    code, _, err = call("validate", PARTNER, "bad.json", "/proc/self/mem", "--output", report)
    assert code == 2
    assert_one_line(err)
    assert report.read_text(encoding="utf-8") == "the last one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.json", "r.json"]


def test_a_report_keeps_the_permissions_and_links_of_its_file(call: Callable[..., Any], tmp_path: Path) -> None:
    report, link = tmp_path / "r.json", tmp_path / "link.json"
    report.touch()
    report.chmod(0o640)
    link.symlink_to(report)
    assert call("validate", PARTNER, EXAMPLE, "--output", link)[0] == 0
    assert link.is_symlink()
    assert report.stat().st_mode & 0o777 == 0o640
    assert report.read_text(encoding="utf-8").startswith("1 document checked")
    assert call("validate", PARTNER, EXAMPLE, "--output", tmp_path / "new")[0] == 0
    (tmp_path / "touched").touch()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "touched").stat().st_mode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_report_to_a_device_is_written_there(call: Callable[..., Any]) -> None:
    assert call("validate", PARTNER, EXAMPLE, "--output", "/dev/null") == (0, "", "")
    said = "orderbridge: /dev/full cannot be written: No space left on device\n"
    assert call("validate", PARTNER, EXAMPLE, "--output", "/dev/full") == (2, "", said)


# Colours and terminals


def on_terminal(
    *arguments: str | Path, streams: Iterable[str] = ("stdin", "stdout", "stderr"), **more: Any
) -> tuple[int, str]:
    """Run with a terminal for some streams; give the exit code and what the terminal showed."""
    ours, theirs = pty.openpty()
    settings: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    settings |= dict.fromkeys(streams, theirs) | more
    process = started(*arguments, **settings)
    os.close(theirs)
    shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.wait(timeout=30), shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:  # a terminal whose other side is closed
        if error.errno != errno.EIO:
            raise
        return b""


def test_a_terminal_on_standard_input_is_nothing_to_check() -> None:
    code, shown = on_terminal("validate", PARTNER)
    assert (code, shown) == (2, "orderbridge: nothing to check: name a FILE, or pipe a document in\r\n")


@pytest.mark.parametrize(
    ("said", "terminal", "colours"),
    [
        (((), {}, ""), True, True),
        (((), {}, ""), False, False),
        (((), {"TERM": "dumb"}, ""), True, False),
        (((), {"NO_COLOR": "1"}, ""), True, False),
        (((), {"NO_COLOR": ""}, ""), True, True),
        (((), {"FORCE_COLOR": "1"}, ""), False, True),
        (((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, ""), True, False),
        ((("--color", "always"), {"NO_COLOR": "1"}, ""), False, True),
        ((("--color", "never"), {"FORCE_COLOR": "1"}, ""), True, False),
        (((), {"ORDERBRIDGE_COLOR": "always", "NO_COLOR": "1"}, ""), False, True),
        (((), {}, 'color = "always"'), False, True),
        (((), {"NO_COLOR": "1"}, 'color = "always"'), False, False),
        (((), {"FORCE_COLOR": "1"}, 'color = "never"'), False, True),
    ],
)
def test_colours_follow_flag_environment_file_and_terminal(
    call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    said: tuple[tuple[str, ...], dict[str, str], str],
    *,
    terminal: bool,
    colours: bool,
) -> None:
    flags, environment, file = said
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "orderbridge.toml").write_text(file, encoding="utf-8")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert ("\x1b[" in call("validate", PARTNER, EXAMPLE, *flags)[1]) is colours


def test_a_real_terminal_gets_colours_and_a_file_does_not(tmp_path: Path) -> None:
    environment = {**os.environ, "TERM": "xterm"}
    assert "\x1b[" in on_terminal("validate", PARTNER, EXAMPLE, env=environment)[1]
    assert on_terminal("validate", PARTNER, EXAMPLE, "--output", tmp_path / "r", env=environment) == (0, "")
    assert b"\x1b" not in (tmp_path / "r").read_bytes()


def test_a_bar_appears_on_a_terminal_after_a_second(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    clock = iter([0.0, 0.5, 1.5, 1.55, 2.5, *[9.0] * 9])
    shown: list[str] = []

    class Bar:
        task_ids = (0,)
        live = type("Live", (), {"is_started": False})()

        def update(self, task: int, *, completed: int) -> None:
            shown.append(f"at {completed}")

        def start(self) -> None:
            self.live.is_started = True
            shown.append("start")

        def refresh(self) -> None:
            shown.append("refresh")

        def stop(self) -> None:
            self.live.is_started = False
            shown.append("stop")

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    monkeypatch.setattr(progress, "_progress", lambda _total: Bar())
    steps = [10, 20, 30, 40]
    passed = list(progress.shown_progress(steps, total=100, size=int, prints=lambda step: step == 40))
    assert passed == steps
    assert shown == ["at 30", "start", "stop", "at 100", "start", "stop"]


def test_a_real_bar_shows_bytes_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import sys, time
from orderbridge.cli import progress
progress._PATIENCE = 0.2
def slow():
    for step in range(6):
        time.sleep(0.1)
        yield 1000
for step in progress.shown_progress(slow(), total=6000, size=int, prints=lambda step: False):
    print(step)
"""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(theirs)
    shown = b"".join(iter(lambda: _read(ours), b"")).decode()
    out, _ = process.communicate(timeout=30)
    os.close(ours)
    assert out == b"1000\n" * 6, "data stays on standard output"
    assert re.search(r"[3-6]\.0/6\.0 kB", shown)
    assert shown.endswith("\x1b[2K"), "the line is wiped at the end"


def test_short_work_shows_no_bar() -> None:
    code, shown = on_terminal("validate", PARTNER, EXAMPLE, streams=("stderr",))
    assert (code, shown) == (0, "")


# The other commands


@pytest.mark.parametrize("partner", PARTNERS)
def test_a_contract_is_printed_as_written_and_at_each_level(call: Callable[..., Any], partner: str) -> None:
    file = catalogue().entry(partner).document
    code, out, err = call("contract", partner)
    assert (code, out, err) == (0, file.read_text(encoding="utf-8"), "")
    bundles = {level: json.loads(call("contract", partner, "--level", level)[1]) for level in LEVELS}
    assert bundles["inferred"] == json.loads(call("contract", partner, "--bundle")[1])
    assert all(bundle["openapi"] == yaml.safe_load(out)["openapi"] for bundle in bundles.values())
    assert "externalValue" not in json.dumps(bundles)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    done = CliRunner().invoke(cli, ["explain", code])
    assert done.exit_code == 0
    assert done.output.startswith(f"{code}: {CODES[code].title}\n")


def test_generate_tells_drift(call: Callable[..., Any], acme: Path, tmp_path: Path) -> None:
    pytest.importorskip("datamodel_code_generator")
    where = ("acme", "--contracts", str(acme), "--output", "models")
    code, out, _ = call("generate", *where, "--check")
    assert (code, "acme.py is missing" in out) == (1, True)
    code, out, err = call("generate", *where)
    assert (code, out) == (0, "")
    assert "written models/acme.py" in err
    assert call("generate", *where, "--check") == (0, "", "")
    path = tmp_path / "models" / "acme.py"
    path.write_text(path.read_text(encoding="utf-8") + "x = 1\n", encoding="utf-8")
    assert call("generate", *where, "--check")[0] == 1
    code, _, err = call("generate", "--spec", acme / "openapi.yaml", "--output", "spec_models")
    assert (code, (tmp_path / "spec_models" / "openapi.py").is_file()) == (0, True), err


# Help


@cache
def commands() -> dict[str, click.Command]:
    return {name: load_command(name) for name in COMMANDS}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_opens_with_two_examples(call: Callable[..., Any], name: str) -> None:
    for flag in ("-h", "--help"):
        code, out, err = call(*filter(None, [name]), flag)
        assert (code, err) == (0, "")
        head, first, second, blank, usage, *_ = out.splitlines()
        assert (head, blank) == ("Examples:", "")
        assert usage.startswith(f"Usage: {' '.join(filter(None, ['orderbridge', name]))}")
        assert all(name in example and "orderbridge" in example for example in (first, second))
        assert "Exit codes:" in out


def test_help_works_where_the_configuration_does_not(call: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "orderbridge.toml").write_text("nonsense", encoding="utf-8")
    assert call("validate", "--help")[0] == 0
    assert call("validate", PARTNER, EXAMPLE)[0] == 2


RECORDED: Final = {"authorization": "Bearer token", "content-type": "application/json"}
ENDLESS: Final = {"serve", "fuzz"}
"""Commands that run until somebody ends them, or against somebody's server: their own tests do."""


def examples() -> list[str]:
    texts = [*main.EXAMPLES]
    for name, command in commands().items():
        assert isinstance(command, Command)
        texts += command.examples if name not in ENDLESS else ()
    return filled(tuple(texts))


@pytest.mark.parametrize("example", examples())
def test_every_example_of_the_help_runs(tmp_path: Path, acme: Path, example: str) -> None:
    one = PARTNERS[0] if PARTNERS[0] in example else PARTNERS[1]
    request = built_in_folder() / one / "examples" / "createOrder.request.main.json"
    (tmp_path / "order.json").write_bytes(request.read_bytes())
    line = json.dumps(json.loads(request.read_bytes())) + "\n"
    (tmp_path / "orders.ndjson").write_text(line, encoding="utf-8")
    recording = har(
        entry(
            "POST", f"https://example.com{orderbridge.partner(one).contract.operation().path}", RECORDED, line, status=0
        )
    )
    (tmp_path / "recordings").mkdir()
    for name in ("recording.har", "recordings/monday.har"):
        (tmp_path / name).write_text(json.dumps(recording), encoding="utf-8")
    supply = built_in_folder() / PARTNERS[1] / "supplies" / f"{PARTNERS[0]}.yaml"
    (tmp_path / "supply.yaml").write_bytes(supply.read_bytes())
    (tmp_path / ".config" / "fish" / "completions").mkdir(parents=True)
    acme.parent.rename(tmp_path / "our-partners")
    done = subprocess.run(
        [BASH, "-ec", example],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done


# Completion


def completed(words: str) -> list[str]:
    """Ask as a shell does: the words so far, the last one incomplete."""
    *before, last = f"{words}|".split()
    offers = BashComplete(cli, {}, "orderbridge", "_ORDERBRIDGE_COMPLETE").get_completions(before[1:], last[:-1])
    return [f"{offer.type},{offer.value}" for offer in offers]


def test_a_shell_is_answered_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "orderbridge.toml").write_text("nonsense", encoding="utf-8")
    asked = {"_ORDERBRIDGE_COMPLETE": "bash_complete", "COMP_WORDS": "orderbridge validate unis", "COMP_CWORD": "2"}
    done = run(cwd=tmp_path, environment=asked)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"plain,unisouk\n", b"")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(call: Callable[..., Any], shell: str) -> None:
    code, out, err = call("completion", shell)
    assert (code, err) == (0, "")
    assert f"_ORDERBRIDGE_COMPLETE={shell}_complete" in out
    if shutil.which(shell):
        check = subprocess.run([shell, "-n"], input=out.encode(), capture_output=True, check=False)
        assert (check.returncode, check.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("orderbridge val", ["plain,validate"]),
        ("orderbridge validate ", [f"plain,{name}" for name in PARTNERS]),
        ("orderbridge validate unis", ["plain,unisouk"]),
        ("orderbridge validate unisouk o", ["file,o"]),
        ("orderbridge validate --spec x.yaml o", ["file,o"]),
        ("orderbridge contract fab", ["plain,fabric"]),
        ("orderbridge lint unis", ["plain,unisouk"]),
        ("orderbridge validate unisouk --operation createO", ["plain,createOrder"]),
        ("orderbridge validate nobody --operation c", []),
        ("orderbridge validate --operation c", []),
        ("orderbridge validate unisouk --message response --status 20", ["plain,200"]),
        ("orderbridge validate unisouk --operation nothing --status 2", []),
        ("orderbridge validate unisouk --level doc", ["plain,documented"]),
        ("orderbridge explain duplicate", ["plain,duplicate-key"]),
        ("orderbridge partners --contracts x", ["dir,x"]),
        ("orderbridge partners --contracts /nowhere --format j", ["plain,json"]),
    ],
)
def test_a_shell_is_offered_names(words: str, offered: list[str]) -> None:
    assert completed(words) == offered


def test_a_shell_is_offered_the_users_own_partners(acme: Path) -> None:
    assert completed(f"orderbridge validate --contracts {acme} ac") == ["plain,acme"]
