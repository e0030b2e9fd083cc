"""Connections: kept, pipelined, upgraded, abandoned, slow and idle ones, and too many of them."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from tests.server.client import Connection, request, serving
from tests.server.conftest import PROVE
from tests.server.targets import faults, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Server


ORDER: Final = next(each for each in targets() if each.id == "unisouk.createOrder")
HEALTH: Final = request("GET", "/health")
SHORT: Final = ("header-seconds=1.5", "body-seconds=2", "idle-seconds=1", "in-flight=4", "drain=3MiB", "read-seconds=1")


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve with short deadlines and little room."""
    options = [part for each in SHORT for part in ("--limit", each)]
    with serving(*options, folder=tmp_path_factory.mktemp("hurried")) as server:
        yield server


def seconds_until_closed(connection: Connection, most: float) -> float:
    begun = time.monotonic()
    assert connection.is_closed(most), "still open"
    return time.monotonic() - begun


# Kept, pipelined, upgraded


def test_a_connection_is_kept(everyone: Server) -> None:
    with everyone.connect() as connection:
        for _ in range(50):
            connection.send(ORDER.request())
            found = connection.read()
            assert found is not None
            assert found.status == 200
            assert "connection" not in found.headers


def test_requests_sent_at_once_are_answered_in_order(everyone: Server) -> None:
    ids = [f"id-{number}" for number in range(20)]
    parts = [
        ORDER.request(x_request_id=each) if number % 2 else request("GET", "/health", {"X-Request-Id": each})
        for number, each in enumerate(ids)
    ]
    slow = ORDER.request(x_request_id="slow", prefer="delay=200")
    with everyone.connect() as connection:
        connection.send(slow + b"".join(parts))
        found = [connection.read() for _ in range(21)]
    assert [each.headers["x-request-id"] for each in found if each is not None] == ["slow", *ids]


def test_what_is_malformed_behind_a_good_request_is_answered_after_it(everyone: Server) -> None:
    slow = ORDER.request(prefer="delay=200")
    found = everyone.send(slow + b"GARBAGE\r\n\r\n")
    assert [each.status for each in found] == [200, 400]


def test_what_is_malformed_behind_two_good_requests_is_answered_after_both(everyone: Server) -> None:
    slow = ORDER.request(prefer="delay=100")
    broken = ORDER.request(b"", transfer_encoding="chunked").replace(b"Content-Length: 0\r\n", b"") + b"xyz\r\n"
    assert [each.status for each in everyone.send(slow + slow + broken)] == [200, 200, 400]


def test_a_request_may_come_byte_by_byte(everyone: Server) -> None:
    with everyone.connect() as connection:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in ORDER.request():
            connection.send(bytes([byte]))
        found = connection.read()
    assert found is not None
    assert found.status == 200


def test_chunks_are_a_body(everyone: Server) -> None:
    assert ORDER.body is not None
    head = ORDER.request(b"", transfer_encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    chunks = b"".join(b"%x;name=value\r\n%c\r\n" % (1, byte) for byte in ORDER.body)
    found = everyone.send(head + chunks + b"0\r\nX-Trailer: a\r\n\r\n" + HEALTH, timeout=1.0, half_close=True)
    assert [each.status for each in found] == [200, 200]


def test_what_comes_behind_a_body_is_no_header(everyone: Server) -> None:
    head = ORDER.request(b"", without="authorization", transfer_encoding="chunked").replace(
        b"Content-Length: 0\r\n", b""
    )
    found = everyone.send(head + b"0\r\nAuthorization: Bearer a\r\n\r\n", half_close=True)
    assert [each.status for each in found] == [401]


def test_an_upgrade_is_declined_and_the_request_answered(everyone: Server) -> None:
    for tokens in ("Upgrade, HTTP2-Settings", "keep-alive, upgrade", "UPGRADE"):
        asked = ORDER.request(upgrade="h2c", connection=tokens, http2_settings="AAMAAABkAAQAoAAAAAIAAAAA")
        with everyone.connect() as connection:
            connection.send(asked + HEALTH)
            found = [connection.read(), connection.read()]
        assert [each.status for each in found if each is not None] == [200, 200], tokens
    websocket = request("GET", "/health", {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "a"})
    assert [each.status for each in everyone.send(websocket, half_close=True)] == [200]


def test_absolute_targets_and_the_one_for_everything_are_understood(everyone: Server) -> None:
    asked = ORDER.request().replace(b"POST /", b"POST http://localhost/", 1)
    assert [each.status for each in everyone.send(asked, half_close=True)] == [200]
    assert [each.status for each in everyone.send(b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", half_close=True)] == [
        404
    ]
    (found,) = everyone.send(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", half_close=True)
    assert (found.status, found.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_an_old_client_is_answered_and_left(everyone: Server) -> None:
    (found,) = everyone.send(b"GET /health HTTP/1.0\r\n\r\n")
    assert (found.status, found.headers["connection"]) == (200, "close")


def test_a_client_that_asks_first_is_told_to_go_on_or_refused_at_once(everyone: Server) -> None:
    assert ORDER.body is not None
    asked = ORDER.request(expect="100-continue")
    head, _, _ = asked.partition(ORDER.body)
    with everyone.connect() as connection:
        connection.send(head)
        assert connection.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(ORDER.body)
        found = connection.read()
    assert found is not None
    assert found.status == 200
    with everyone.connect() as connection:
        connection.send(head.replace(b"Authorization", b"X-Authorization"))
        found = connection.read()
        assert found is not None
        assert (found.status, found.headers["connection"]) == (401, "close")
        assert connection.is_closed(5)


def test_a_caller_that_leaves_in_the_middle_does_no_harm(everyone: Server) -> None:
    asked = ORDER.request(prefer="delay=100")
    for cut in range(1, len(asked), len(asked) // 40):
        with everyone.connect() as connection:
            connection.send(asked[:cut])
    for _ in range(20):
        with everyone.connect() as connection:
            connection.send(asked)
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    time.sleep(0.3)
    assert everyone.call("GET", "/health").status == 200


def test_half_a_request_is_answered_when_its_sender_says_that_it_was_all(everyone: Server) -> None:
    asked = ORDER.request()
    for cut in (1, 10, 40, len(asked) - 200, len(asked) - 1):
        (found,) = everyone.send(asked[:cut], half_close=True)
        assert (found.status, found.headers["connection"]) == (400, "close"), cut


# Early answers


def test_who_sends_more_than_is_read_still_sees_the_answer(hurried: Server) -> None:
    for framing in ({}, {"without": "authorization"}):
        with hurried.connect() as connection:
            connection.send(ORDER.request(b"a" * 2_500_000, **framing))
            found = connection.read()
            assert found is not None
            assert found.status == (401 if framing else 413)
            assert connection.is_closed(5)


def test_who_never_stops_sending_is_cut_off(hurried: Server) -> None:
    head = ORDER.request(b"").replace(b"Content-Length: 0", b"Content-Length: 1000000000")
    sent = 0
    with hurried.connect() as connection:
        connection.socket.sendall(head)
        with pytest.raises(OSError, match=r"."):  # noqa: PT012 - which of the sends fails is the system's to say
            while sent < 200_000_000:
                sent += connection.socket.send(b"a" * 65_536)
    assert sent < 50_000_000


# Deadlines


def test_slow_headers_are_a_408(hurried: Server) -> None:
    with hurried.connect() as connection:
        connection.send(ORDER.request()[:-400].partition(b"\r\n\r\n")[0])
        found = connection.read()
        assert found is not None
        assert (found.status, faults(ORDER, found), found.headers["connection"]) == (408, [], "close")
        assert connection.is_closed(3)


def test_a_slow_body_is_a_408(hurried: Server) -> None:
    for framing in (b"Content-Length: 500\r\n", b"Transfer-Encoding: chunked\r\n"):
        head = ORDER.request(b"").replace(b"Content-Length: 0\r\n", framing)
        begun = time.monotonic()
        with hurried.connect() as connection:
            connection.send(head)
            for _ in range(30):
                if connection.is_closed(0.1) or connection._buffer:  # noqa: SLF001 - an answer has come
                    break
                connection.send(b"1\r\na\r\n")
            found = connection.read()
        assert found is not None
        assert (found.status, faults(ORDER, found)) == (408, [])
        assert 1.9 < time.monotonic() - begun < 4


def test_empty_lines_do_not_keep_a_connection_open(hurried: Server) -> None:
    with hurried.connect() as connection:
        begun = time.monotonic()
        while time.monotonic() - begun < 4 and not connection.is_closed(0.2):
            connection.send(b"\r\n")
        assert 1.4 < time.monotonic() - begun < 3.5


def test_an_idle_connection_is_closed_without_a_word(hurried: Server) -> None:
    with hurried.connect() as connection:
        connection.send(HEALTH)
        assert connection.read() is not None
        assert 0.9 < seconds_until_closed(connection, 4) < 3


def test_an_answer_may_take_longer_than_any_deadline_for_the_caller(hurried: Server) -> None:
    with hurried.connect() as connection:
        connection.send(ORDER.request(prefer="delay=2600"))
        found = connection.read()
    assert found is not None
    assert found.status == 200


def test_who_does_not_take_its_answers_is_left(hurried: Server) -> None:
    answer = next(each for each in targets() if each.id == "ccagent.getOrder")
    with hurried.connect() as connection:
        connection.socket.settimeout(0.2)
        begun = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012 - which of the sends fails is the system's to say
            while time.monotonic() - begun < 15:
                with suppress(TimeoutError):
                    connection.socket.sendall(answer.request() * 100)
    assert hurried.call("GET", "/health").status == 200


def test_too_much_at_once_is_a_503_that_says_when_to_come_back(hurried: Server) -> None:
    def one(_: int) -> tuple[int, bool]:
        with hurried.connect() as connection:
            connection.send(ORDER.request(prefer="delay=500"))
            found = connection.read()
        assert found is not None
        assert found.status == 200 or (faults(ORDER, found) == [] and found.headers["retry-after"] == "1")
        return found.status, hurried.call("GET", "/health").status == 200

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(one, range(12)))
    assert sorted(status for status, _ in found) == [200] * 4 + [503] * 8
    assert all(is_healthy for _, is_healthy in found)
    assert hurried.call("GET", "/health").status == 200


# Many slow ones


@dataclass
class Slow:
    """One of many connections that only take up room."""

    kind: str
    connection: Connection
    begun: float
    closed: float | None = None

    def go_on(self) -> None:
        """Send a little more, and see whether the server has had enough."""
        if self.closed is not None:
            return
        if self.kind == "headers":
            self.connection.send(b"X: a\r\n")
        elif self.kind == "body":
            self.connection.send(b" ")
        if self.connection.is_closed():
            self.closed = time.monotonic() - self.begun


def opened(server: Server, kind: str) -> Slow:
    connection = server.connect()
    starts = {"idle": b"", "headers": ORDER.request(b"").partition(b"\r\n\r\n")[0] + b"\r\n"}
    starts["body"] = ORDER.request(b"").replace(b"Content-Length: 0", b"Content-Length: 100000")
    connection.send(starts[kind])
    return Slow(kind, connection, time.monotonic())


def test_two_hundred_slow_connections_are_closed_and_disturb_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the documented deadlines in the long run, with a tenth of them in the short one."""
    scale = 1.0 if PROVE else 0.1
    seconds, most = 40 * scale, {"idle": 20 * scale, "headers": 20 * scale, "body": 35 * scale}
    limits = () if PROVE else ("--limit", "header-seconds=1.5", "--limit", "body-seconds=3")
    with serving(*limits, folder=tmp_path_factory.mktemp("slow")) as server:
        slow = [opened(server, ("idle", "headers", "body")[number % 3]) for number in range(200)]
        until = time.monotonic() + seconds
        asked = answered = 0
        while time.monotonic() < until:
            for each in slow:
                each.go_on()
            for _ in range(10):
                asked += 1
                answered += server.call("POST", ORDER.prefixed, ORDER.headers, ORDER.body).status == 200
            time.sleep(0.1 * scale)
        # A machine that is busy with something else looks at its clocks a little later.
        late = 0 if PROVE else 1.0
        still_open = [each.kind for each in slow if each.closed is None or each.closed > most[each.kind] + late]
        for each in slow:
            each.connection.socket.close()
    assert (answered / asked, still_open) == (1.0, [])
