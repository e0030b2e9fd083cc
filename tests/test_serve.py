"""`orderbridge serve` as a process: how it starts, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import orderbridge.server
from orderbridge.cli.command import filled
from orderbridge.cli.main import load_command
from orderbridge.contract.catalogue import built_in_folder
from tests.server.client import COMPILED_ONCE, PROGRAM, Connection, Server, request, serving, start
from tests.server.targets import faults, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ORDER: Final = next(each for each in targets() if each.id == "unisouk.createOrder")
START_SECONDS: Final = 2.0
MOST_MIB: Final = 120


@pytest.fixture
def refuse(refuse_command: Callable[..., tuple[int, str]]) -> Callable[..., tuple[int, str]]:
    return partial(refuse_command, "serve")


def order(server: Server, path: str = ORDER.path, **headers: str) -> int:
    return server.call("POST", path, {**ORDER.headers, **headers}, ORDER.body).status


# What is refused


REFUSED: Final = {
    "an unknown partner": (["nobody"], "there is no partner 'nobody'"),
    "a document and a partner": (["--spec", "a.yaml", "fabric"], "--spec takes the place of PARTNER"),
    "another host": (["--host", "0.0.0.0"], "--host 0.0.0.0 can be called from elsewhere: say who may with --tokens"),  # noqa: S104 - refused
    "every address": (["--host", "::"], "--host :: can be called from elsewhere"),
    "a name that is ours alone by luck": (["--host", "example.org"], "--host example.org can be called from elsewhere"),
    "a missing tokens file": (["--tokens", "none.json"], "none.json"),
    "a bad tokens file": (["--tokens", "bad.json"], "bad.json: a tokens file is a list of rows"),
    "an address that is not ours": (
        ["--host", "192.0.2.1", "--tokens", "good.json"],
        "cannot listen on 192.0.2.1 port 0",
    ),
    "a limit": (["--limit", "bodies=1"], "there is no limit 'bodies'; did you mean 'body'?"),
    "a port": (["--port", "65536"], "65536 is not in the range"),
    "a mode": (["--mode", "proxy"], "'proxy' is not one of"),
    "a database of a mock": (["--database", "a.db"], "--database is for --mode reference: a mock keeps nothing"),
    "fixtures of a mock": (["--fixtures", "a.json"], "--fixtures is for --mode reference"),
    "no workers": (["--workers", "0"], "0 is not in the range"),
    "a document that is not there": (["--spec", "none.yaml"], "none.yaml"),
    "no OpenAPI": (["--spec", "good.json"], "good.json"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_served_is_refused_in_one_line(
    refuse: Callable[..., tuple[int, str]], tmp_path: Path, name: str
) -> None:
    arguments, words = REFUSED[name]
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "good.json").write_text(json.dumps([{"name": "a", "sha256": sha256(b"a").hexdigest()}]))
    code, said = refuse("--port", "0", *arguments)
    assert code == 2
    assert re.fullmatch(r"orderbridge: [^\n]+\n", said), said
    assert words in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_refused_in_one_line(refuse: Callable[..., tuple[int, str]], workers: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = refuse("fabric", "--port", str(port), "--workers", workers)
    assert found == (2, f"orderbridge: cannot listen on 127.0.0.1 port {port}: Address already in use\n")


@pytest.mark.parametrize("package", ["connexion", "uvicorn", "httptools"])
def test_a_missing_extra_is_one_line_with_the_way_out(
    refuse: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    for name in [each for each in sys.modules if each.startswith(("orderbridge.server.", "uvicorn.protocols"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(orderbridge.server, "run", raising=False)
    monkeypatch.delattr(orderbridge.server, "app", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    found = refuse("fabric", "--port", "0")
    assert found == (2, "orderbridge: orderbridge serve needs an extra: pip install 'orderbridge[server]'\n")


@pytest.mark.parametrize("file", ["mapping.yaml", "behaviour.yaml"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_unusable_file_is_refused_before_an_address_is_told(
    refuse: Callable[..., tuple[int, str]], tmp_path: Path, file: str, workers: str
) -> None:
    folder = tmp_path / "acme"
    shutil.copytree(built_in_folder() / "fabric", folder)
    for each in ("mapping.yaml", "behaviour.yaml"):
        text = (folder / each).read_text().replace("\npartner: fabric", "\npartner: acme")
        (folder / each).write_text(f"{text}nonsense: true\n" if each == file else text)
    code, said = refuse("acme", "--contracts", str(folder), "--port", "0", "--workers", workers)
    assert code == 2
    assert re.fullmatch(rf"orderbridge: [^\n]*{file}[^\n]*\n", said), said


# Where it is


def test_one_partner_is_at_its_documented_paths(tmp_path: Path) -> None:
    with serving("unisouk", folder=tmp_path) as server:
        assert (order(server), order(server, ORDER.prefixed)) == (200, 404)
        assert server.call("GET", "/nothing").json["statusCode"] == 404  # its own shape, wherever the path leads
        assert server.stop() == 0
        assert server.log_file.read_text().count('"event":"request"') == 3


def test_several_partners_are_under_their_names(tmp_path: Path) -> None:
    with serving("unisouk", "fabric", "unisouk", folder=tmp_path) as server:
        assert (order(server), order(server, ORDER.prefixed)) == (404, 200)
        assert server.call("GET", "/fabric/order/").status == 401
        assert server.call("GET", "/ccagent/ccagent/v1/orders/1").status == 404


THING: Final = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}


def test_any_document_can_be_served(tmp_path: Path) -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/things/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "get": {"responses": {"200": {"description": "d", "content": {"application/json": {"schema": THING}}}}},
                "put": {
                    "requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}},
                    "responses": {"204": {"description": "d"}},
                },
            },
            "/health": {"get": {"responses": {"204": {"description": "theirs"}}}},
        },
    }
    (tmp_path / "things.json").write_text(json.dumps(document))
    with serving("--spec", "things.json", folder=tmp_path) as server:
        found = server.call("GET", "/things/1")
        assert (found.status, {*found.json}) == (200, {"a"})
        refused = server.call("GET", "/things/one")
        assert (refused.status, refused.headers["content-type"]) == (400, "application/problem+json")
        assert refused.json["errors"][0]["code"] == "type"
        assert server.call("PUT", "/things/1", {"Content-Type": "text/csv"}, b"a,b").status == 204
        assert server.call("PUT", "/things/1", {"Content-Type": "text/html"}, b"a,b").status == 415
        assert server.call("GET", "/health").status == 204
        assert server.call("GET", "/bridge/v1/health").status == 200


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"application/json": {"schema": {"type": "object"}}}, "application/json"),
        ({"application/json": {}}, "application/json"),
        ({"application/json": {"schema": {"required": ["odd"]}}}, "application/problem+json"),
        ({"application/json": {}, "application/problem+json": {}}, "application/problem+json"),
        ({"text/plain": {}}, "application/problem+json"),
    ],
    ids=str,
)
def test_a_refusal_is_of_the_declared_type_where_that_takes_it(tmp_path: Path, content: Any, wanted: str) -> None:
    responses = {"204": {"description": "d"}, "400": {"description": "d", "content": content}}
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    path = {"parameters": [parameter], "get": {"responses": responses}}
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/things/{id}": path}}
    (tmp_path / "things.json").write_text(json.dumps(document))
    with serving("--spec", "things.json", folder=tmp_path) as server:
        refused = server.call("GET", "/things/one")
    assert (refused.status, refused.headers["content-type"]) == (400, wanted)
    assert [each["code"] for each in refused.json["errors"]] == ["type"]


def test_partners_of_ones_own_are_served(tmp_path: Path, root: Path) -> None:
    folder = root / "tests" / "data" / "contracts"
    with serving("acme", "fabric", "--contracts", str(folder / "acme"), folder=tmp_path) as server:
        assert server.call("GET", "/fabric/order/").status == 401
        assert server.call("GET", "/acme/nothing").status == 404


def test_the_url_is_one_that_can_be_called(tmp_path: Path) -> None:
    with serving("fabric", "--host", "::1", folder=tmp_path) as server:
        assert re.fullmatch(r"http://\[::1\]:\d+", server.url)
        assert server.call("GET", "/health").status == 200


def test_another_host_with_tokens(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text(json.dumps([{"name": "a", "sha256": sha256(b"secret").hexdigest()}]))
    with serving("unisouk", "--host", "0.0.0.0", "--tokens", "tokens.json", folder=tmp_path) as server:  # noqa: S104 - with tokens
        assert (order(server), order(server, Authorization="Bearer secret")) == (401, 200)


# How it starts


@pytest.mark.parametrize("mode", ["mock", "reference"])
def test_it_starts_in_time_and_takes_little_room(tmp_path: Path, mode: str) -> None:
    with serving("--mode", mode, folder=tmp_path):
        pass  # whatever is compiled once is compiled now
    begun = _processor_seconds(None)
    with serving("--mode", mode, folder=tmp_path) as server:
        assert server.call("GET", "/health").status == 200
        # In time of the processor: what else this machine has to do is no property of the server.
        assert _processor_seconds(server.process.pid) - begun < START_SECONDS
        for each in targets():
            with server.connect() as connection:
                connection.send(each.request())
                assert connection.read() is not None
        assert _resident(server.process.pid) < MOST_MIB


def _processor_seconds(process: int | None) -> float:
    if process is None:
        return 0.0
    _, _, rest = Path(f"/proc/{process}/stat").read_text().rpartition(") ")
    parts = rest.split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert match is not None
    return int(match[1]) / 1024


def test_many_requests_leave_nothing_behind(tmp_path: Path, *, prove: bool) -> None:
    rounds = 20_000 if prove else 3_000
    with serving(folder=tmp_path) as server:
        mixed = [each.request() for each in targets()] + [
            ORDER.request(b"{"),
            request("GET", "/nothing"),
            request("PUT", ORDER.prefixed),
        ]

        def ask(times: int) -> None:
            with server.connect() as connection:
                for number in range(times):
                    connection.send(mixed[number % len(mixed)])
                    assert connection.read() is not None

        ask(500)
        before = _resident(server.process.pid)
        ask(rounds)
        assert _resident(server.process.pid) - before < 30


# How it ends


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_what_is_in_flight_is_finished(tmp_path: Path, number: int, code: int, workers: tuple[str, ...]) -> None:
    asked = request("POST", ORDER.path, {**ORDER.headers, "Prefer": "delay=1500"}, ORDER.body)
    with serving("unisouk", *workers, folder=tmp_path) as server:
        connections = [accepted(server) for _ in range(10)]
        *slow, half, idle = connections
        for connection in slow:
            connection.send(asked)
        half.send(asked[:-100])
        time.sleep(0.5)
        begun = time.monotonic()
        server.process.send_signal(number)
        time.sleep(0.3)
        half.send(asked[-100:])
        found = [connection.read() for connection in (*slow, half)]
        assert [(each.status, each.headers["connection"]) for each in found if each is not None] == [(200, "close")] * 9
        assert idle.is_closed(3)
        assert server.process.wait(10) == code
        assert time.monotonic() - begun < 10
        for connection in connections:
            connection.socket.close()
        with pytest.raises(ConnectionRefusedError):
            server.connect()


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_nobody_is_let_in_while_what_is_in_flight_is_finished(tmp_path: Path, workers: tuple[str, ...]) -> None:
    with serving("unisouk", *workers, folder=tmp_path) as server, accepted(server) as slow:
        slow.send(request("POST", ORDER.path, {**ORDER.headers, "Prefer": "delay=2500"}, ORDER.body))
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        found = slow.read()
        assert found is not None
        assert found.status == 200


def accepted(server: Server) -> Connection:
    """Open a connection that the server knows of."""
    connection = server.connect()
    assert connection.call("GET", "/health").status == 200
    return connection


def test_what_does_not_finish_in_time_is_told_so(tmp_path: Path) -> None:
    with serving("unisouk", "--limit", "stop-seconds=1", folder=tmp_path) as server, server.connect() as connection:
        connection.send(request("POST", ORDER.path, {**ORDER.headers, "Prefer": "delay=20000"}, ORDER.body))
        time.sleep(0.5)
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 5
        found = connection.read()
        assert found is not None
        assert (found.status, faults(ORDER, found), found.headers["retry-after"]) == (503, [], "1")
        assert {line["event"] for line in server.log()} <= {"request", "library"}


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with serving("unisouk", folder=tmp_path) as server, server.connect() as connection:
        connection.send(request("POST", ORDER.path, {**ORDER.headers, "Prefer": "delay=20000"}, ORDER.body))
        time.sleep(0.5)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert server.stop(signal.SIGINT) == 130
        assert time.monotonic() - begun < 5


# Several processes


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Server]:
    with serving("unisouk", "--workers", "2", folder=tmp_path) as server:
        yield server


def children(server: Server) -> set[int]:
    tasks = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return {int(each) for each in tasks.split()}


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_who_dies_is_replaced_and_all_end_together(crew: Server) -> None:
    first = children(crew)
    assert len(first) == 2
    victim = min(first)
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: len(children(crew) - {victim}) == 2)
    assert {order(crew) for _ in range(20)} == {200}
    last = children(crew)
    assert crew.stop() == 0
    assert until(lambda: not any(Path(f"/proc/{each}").exists() for each in last))


def test_nobody_serves_on_without_a_parent(crew: Server) -> None:
    left = children(crew)
    crew.process.kill()
    crew.process.wait()
    assert until(lambda: not any(Path(f"/proc/{each}").exists() for each in left))


def test_a_crew_that_cannot_start_says_why_and_ends(refuse: Callable[..., tuple[int, str]]) -> None:
    arguments = ("unisouk", "--mode", "reference", "--fixtures", "none.yaml", "--workers", "2", "--port", "0")
    code, said = refuse(*arguments)
    assert code == 2
    assert "none.yaml" in said


# Help


@pytest.mark.parametrize("example", filled(load_command("serve").examples))  # type: ignore[attr-defined] # a command of ours
def test_every_example_of_the_help_serves(tmp_path: Path, example: str) -> None:
    program, command, *arguments = example.split()
    assert (program, command) == ("orderbridge", "serve")
    server = start(*arguments, folder=tmp_path)  # on any port: who knows who has this one
    assert server.call("GET", "/ready").status == 200
    assert server.stop() == 0
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_limits_come_from_the_environment_and_the_configuration_as_well(tmp_path: Path) -> None:
    (tmp_path / "orderbridge.toml").write_text('[serve]\nlimit = ["body=10"]\n')
    with serving("unisouk", folder=tmp_path) as server:
        assert order(server) == 413
    with serving("unisouk", folder=tmp_path, environment={"ORDERBRIDGE_LIMIT": "body=1MiB header-count=2"}) as server:
        assert order(server) == 431


@pytest.mark.skipif(sys.platform != "linux", reason="the way to a full disk is Linux's")
def test_a_line_that_cannot_be_written_ends_the_server(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, "serve", "fabric", "--port", "0"],
            cwd=tmp_path,
            env={**os.environ, **COMPILED_ONCE},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, b"orderbridge: cannot write: No space left on device\n")
