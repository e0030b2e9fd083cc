"""The log: one JSON object per line, nothing that somebody else could do harm with, and never in anybody's way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

from orderbridge.errors import UsageError
from orderbridge.server.logs import Log, Silence, masked
from tests.server.client import COMPILED_ONCE, PROGRAM, request, serving
from tests.server.targets import targets

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.server.client import Server

ORDER: Final = next(each for each in targets() if each.id == "unisouk.createOrder")


_PATIENCE: Final = 5.0
"""Seconds; lines are written beside the answers, and a machine may have other work to do."""


def line_of(server: Server, request_id: str) -> dict[str, object]:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        found = [line for line in server.log() if line.get("id") == request_id]
        if found:
            return found[0]
    raise AssertionError(request_id)


def test_a_request_is_one_line(everyone: Server) -> None:
    everyone.send(ORDER.request(x_request_id="one-line"), half_close=True)
    line = line_of(everyone, "one-line")
    assert {*line} == {"time", "level", "event", "id", "method", "path", "status", "ms", "owner"}
    assert (line["level"], line["event"], line["method"]) == ("info", "request", "POST")
    assert (line["path"], line["status"]) == (ORDER.prefixed, 200)
    assert str(line["owner"]).startswith("sha256:")


def test_a_request_that_is_no_http_is_one_line_too(everyone: Server) -> None:
    asked = (
        ORDER.request(x_request_id="no-http").removesuffix(ORDER.body or b"").removesuffix(b"\r\n") + b"X: \x00\r\n\r\n"
    )
    everyone.send(asked, half_close=True)
    assert (line_of(everyone, "no-http")["status"], line_of(everyone, "no-http")["path"]) == (400, ORDER.prefixed)


def test_control_characters_are_escaped(everyone: Server) -> None:
    path = "/%0A%0D%00%1b%5B31m%7f%C2%9B%E2%80%AE%E2%80%A8"
    everyone.send(request("GET", path, {"X-Request-Id": "controls"}), half_close=True)
    text = everyone.log_file.read_bytes() if line_of(everyone, "controls") else b""
    assert not any(byte < 32 or byte > 126 for byte in text.replace(b"\n", b""))
    assert line_of(everyone, "controls")["path"] == "/\n\r\0\x1b[31m\x7f\x9b\u202e\u2028"


def test_no_credential_is_in_the_log(everyone: Server) -> None:
    marks = [f"not-for-the-log-{number}" for number in range(6)]
    headers = {"Authorization": f"Bearer {marks[0]}", "Cookie": f"session={marks[1]}", "X-Api-Key": marks[2]}
    everyone.call(
        "POST",
        f"{ORDER.prefixed}?bearer_token={marks[3]}&{marks[4]}&x={marks[5]}",
        {**ORDER.headers, **headers},
        ORDER.body,
    )
    everyone.call("POST", ORDER.prefixed, {"Authorization": f"Basic {marks[0]}"}, marks[5].encode())
    assert everyone.log()
    assert not any(mark in everyone.log_file.read_text(encoding="ascii") for mark in marks)


def test_what_a_query_may_show() -> None:
    plain = frozenset({"orgId", "page"})
    assert masked("orgId=1&page=%41&token=a&b", plain) == "orgId=1&page=%41&token=***&***"
    assert masked("orgid=1&&=a&orgId", plain) == "orgid=***&***&=***&orgId"
    assert len(masked("a=" * 100_000, plain)) < 5_000


def lines(descriptor: int) -> list[dict[str, object]]:
    return [json.loads(line) for line in os.read(descriptor, 1_000_000).splitlines()]


def test_a_failure_is_where_it_happened_without_its_words() -> None:
    reader, writer = os.pipe()
    log = Log(writer)
    for error in (ValueError("card 4111111111111111"), UsageError("in our own words")):
        try:
            raise error
        except (ValueError, UsageError) as caught:
            log.failure(caught)
    log.close()
    first, second = lines(reader)
    assert (first["level"], first["event"], first["error"]) == ("error", "failure", "ValueError")
    assert "4111" not in json.dumps(first)
    assert str(first["trace"]).startswith("['tests.server.test_logs:") or "test_logs:" in str(first["trace"])
    assert second["message"] == "in our own words"


def test_a_log_that_is_closed_has_written_everything() -> None:
    reader, writer = os.pipe()
    log = Log(writer)
    for number in range(500):
        log.line("info", "test", number=number)
    log.close()
    assert [line["number"] for line in lines(reader)] == list(range(500))


def test_lines_that_find_no_room_are_counted() -> None:
    reader, writer = os.pipe()
    log = Log(writer)
    for _ in range(30_000):  # many more than wait, while nobody reads
        log.line("info", "test")
    lost = 0
    with open(reader, "rb") as stream:  # noqa: PTH123 - it has no path
        while not lost:
            lost = json.loads(stream.readline()).get("lost", 0)
    assert 0 < lost <= 20_000


def test_silence_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    log = Silence()
    log.line("info", "test")
    log.failure(ValueError())
    log.close()
    assert capfd.readouterr() == ("", "")


def test_who_does_not_read_the_log_does_not_stop_the_server(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [PROGRAM, "serve", "fabric", "--port", "0"],
        cwd=tmp_path,
        env={**os.environ, **COMPILED_ONCE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip().rpartition("/")[2].split(":")
        asked = request("GET", "/order/" + "?x=" + "a" * 200) * 100
        from tests.server.client import Server

        server = Server(process, f"http://{':'.join(address)}", tmp_path / "none", 0)
        for _ in range(10):  # ten times what a pipe holds
            found = server.send(asked + request("GET", "/health", {"Connection": "close"}))
            assert (len(found), found[-1].status) == (101, 200)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_log_that_is_gone_does_not_stop_the_server(tmp_path: Path) -> None:
    with serving("fabric", folder=tmp_path, program=("bash", "-c", f'exec "{PROGRAM}" "$@" 2>&-', "serve")) as server:
        for _ in range(3):
            assert server.call("GET", "/health").status == 200
            time.sleep(0.05)
        assert server.stop() == 0
