"""`orderbridge fuzz` as a command: what it refuses, how it ends, what it passes on."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.fuzz.planted import planted

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM: Final = Path(sys.executable).with_name("orderbridge")
PLANTED: Final = Path(__file__).parent / "fuzz" / "planted.yaml"
QUICK: Final = ("--max-examples", "5", "--seed", "1")


@pytest.fixture
def refuse(refuse_command: Callable[..., tuple[int, str]]) -> Callable[..., tuple[int, str]]:
    return partial(refuse_command, "fuzz")


def fuzz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process."""
    return subprocess.run([PROGRAM, "fuzz", *arguments], cwd=folder, capture_output=True, text=True, check=False)


REFUSED: Final = {
    "nobody": (["nobody"], "there is no partner 'nobody'"),
    "no partner": ([], "which partner?"),
    "two partners": (["fabric", "unisouk"], "one contract at a time: unisouk is too much"),
    "our option passed on": (["fabric", "--", "--seed=3"], "--seed is an option of this command too"),
    "a share above all": (["fabric", "--min-success", "2"], "2.0 is not in the range 0<=x<=1"),
    "no URL": (["fabric", "--url", "127.0.0.1"], "127.0.0.1 is no URL of a server"),
    "a port that is none": (["fabric", "--url", "http://127.0.0.1:x"], "http://127.0.0.1:x is no URL"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_fuzzed_is_refused_in_one_line(refuse: Callable[..., tuple[int, str]], name: str) -> None:
    arguments, words = REFUSED[name]
    code, said = refuse(*arguments)
    assert code == 2
    *_, last = said.splitlines()
    assert words in last
    assert last.startswith("orderbridge: ")


def test_an_url_where_nobody_is_is_one_line(refuse: Callable[..., tuple[int, str]]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        code, said = refuse("fabric", "--url", url, "--seed", "5")
    assert (code, said.splitlines()[1:]) == (2, [f"orderbridge: {url} cannot be reached: Connection refused"])


def test_a_missing_extra_is_one_line_with_the_way_out(
    refuse: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import orderbridge.fuzz

    for name in [each for each in sys.modules if each.startswith("orderbridge.fuzz.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("fuzzing", "running", "serving"):
        monkeypatch.delattr(orderbridge.fuzz, name, raising=False)
    monkeypatch.setitem(sys.modules, "schemathesis.cli", None)
    assert refuse("fabric") == (2, "orderbridge: orderbridge fuzz needs an extra: pip install 'orderbridge[fuzz]'\n")


def test_a_seed_is_printed_and_repeats_the_run(tmp_path: Path) -> None:
    runs = [
        fuzz(tmp_path, "unisouk", "--max-examples", "5", "--seed", "11", "--", f"--report-ndjson-path={name}.ndjson")
        for name in ("one", "other")
    ]
    assert [each.returncode for each in runs] == [0, 0], runs[0].stdout
    assert all("seed 11 (--seed 11 repeats it)" in each.stderr and "Seed: 11" in each.stdout for each in runs)
    one, other = (sent(tmp_path / f"{name}.ndjson") for name in ("one", "other"))
    assert one == other
    assert len(one) > 100


def sent(report: Path) -> list[tuple[str, str, str]]:
    """Give every request of a report, but for the port that it went to and the credentials, which it hides."""
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    recorders = [event["recorder"] for row in rows for event in row.values() if "recorder" in event]
    requests = [each["request"] for recorder in recorders for each in recorder["interactions"].values()]
    return [
        (each["method"], re.sub(r"http://[^/]+", "", each["uri"]), json.dumps(each.get("body"))) for each in requests
    ]


def test_without_a_seed_one_is_made_up_and_printed(tmp_path: Path) -> None:
    done = fuzz(tmp_path, "configurator", "--max-examples", "1", "--", "--phases=examples")
    said = re.search(r"with seed ([0-9]+) ", done.stderr)
    assert said is not None
    assert f"Seed: {said[1]}" in done.stdout


def test_findings_and_reports_of_somebody_elses_server(tmp_path: Path) -> None:
    with planted("refuses some valid items") as url:
        header = f"Authorization: Bearer {credential()}"
        arguments = ("--spec", str(PLANTED), "--url", url, "--header", header, "--max-examples", "30", "--seed", "1")
        done = fuzz(tmp_path, *arguments, "--", "--report-junit-path=junit.xml", "--report-har-path=all.har")
        assert done.returncode == 1, done.stdout
        assert "Schema-valid request rejected" in done.stdout
        assert credential() not in done.stdout + done.stderr
        assert "<testsuites" in (tmp_path / "junit.xml").read_text(encoding="utf-8")
        assert json.loads((tmp_path / "all.har").read_text(encoding="utf-8"))["log"]["entries"]
        # What was accepted once is no finding any more.
        baseline = ("--", "--baseline=known.json")
        fuzz(tmp_path, *arguments, *baseline, "--baseline-update")
        assert fuzz(tmp_path, *arguments, *baseline).returncode == 0


def credential() -> str:
    from orderbridge.fuzz.callers import CALLERS

    return CALLERS[0].credential


def test_a_run_that_was_only_turned_away_checked_nothing(tmp_path: Path) -> None:
    with planted("") as url:
        done = fuzz(tmp_path, "--spec", str(PLANTED), "--url", url, *QUICK, "--", "--phases=coverage")
    assert done.returncode == 2
    assert re.search(r"too little was checked: 0 of [0-9]+ \(0\.0%\) requests were accepted", done.stderr)


def test_a_document_of_ones_own_is_fuzzed_on_a_mock(tmp_path: Path) -> None:
    # Its refusals are problem details, which the document does not know: only a mapping could tell its shape.
    done = fuzz(tmp_path, "--spec", str(PLANTED), *QUICK, "--", "--exclude-checks=content_type_conformance")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^  all +[0-9]+ of [0-9]+ ", done.stdout, re.MULTILINE)


def test_an_interrupt_ends_the_run_and_its_server(tmp_path: Path) -> None:
    with subprocess.Popen(
        [PROGRAM, "fuzz", "fabric", "--max-examples", "5000"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Coverage" in line or "Examples" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 130
    assert "Traceback" not in rest
