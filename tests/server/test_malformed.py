"""Whatever cannot be read is refused with a 4xx in the right shape, and the server lives on."""

from __future__ import annotations

import random
import socket
from typing import TYPE_CHECKING, Final

import pytest

from tests.server.conftest import PROVE
from tests.server.malformed import bodies, wire
from tests.server.refusing import check_refusal, send_bodies
from tests.server.targets import TOKEN, Target, faults, own_targets, targets

if TYPE_CHECKING:
    from tests.server.client import Server

PROBES: Final = {"getHealth", "getReady"}
"""They answer to the head of a request alone: of a body that they do not wait for nothing can be refused."""
EVERY: Final = [*targets(), *(each for each in own_targets() if each.operation.id not in PROBES)]


def named(*, with_body: bool = False) -> list[object]:
    return [pytest.param(each, id=each.id) for each in EVERY if each.body is not None or not with_body]


def test_there_are_at_least_three_hundred_of_each() -> None:
    for target in EVERY:
        path = target.prefixed.encode()
        assert len({data for _, data in wire(target.method.encode(), path, b"")}) >= 300
        if target.body is not None:
            assert len({data for _, data in bodies(target.body)}) >= 300


@pytest.mark.parametrize("target", named(with_body=True))
def test_a_malformed_body_is_a_400(either: Server, target: Target) -> None:
    done = send_bodies(either, target)
    assert done.findings == []
    assert set(done.statuses) == {400}
    assert done.statuses.total() >= 300


@pytest.mark.parametrize("target", named())
def test_broken_http_is_a_4xx_and_the_end_of_the_connection(either: Server, target: Target) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in target.headers.items()).encode()
    for name, data in wire(target.method.encode(), target.prefixed.encode(), headers):
        found = either.send(data, half_close=True)
        assert len(found) == 1, (name, data, found)
        assert list(check_refusal(target, found[0])) == [], (name, found)
        assert found[0].headers["connection"] == "close", name
    assert either.call("GET", "/health").status == 200
    assert either.is_alive


@pytest.mark.parametrize("target", named())
def test_what_breaks_behind_a_readable_head_is_refused_in_the_shape_of_its_path(
    everyone: Server, target: Target
) -> None:
    head = (
        target.request(body=b"", without="content-length").removesuffix(b"\r\n").replace(b"Content-Length: 0\r\n", b"")
    )
    for fault in (b"X: a\r\n b\r\n\r\n", b"X: \x00\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"):
        (found,) = everyone.send(head + fault)
        assert (found.status, found.headers["content-type"]) == (400, target.refusal), (fault, found)
        assert faults(target, found) == []


@pytest.mark.parametrize("target", named())
def test_a_smuggled_request_is_never_answered(everyone: Server, target: Target) -> None:
    hidden = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    head = f"POST {target.prefixed} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
    for framing, body in (
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n"),
        (b"Content-Length: 0\r\nContent-Length: 44\r\n", b""),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", b"0\r\n\r\n"),
        (b"Transfer-Encoding: x, chunked\r\n", b"0\r\n\r\n"),
        (b"Transfer-Encoding:\x0bchunked\r\n", b"0\r\n\r\n"),
        (b"Content-Length: 0\r\n Transfer-Encoding: chunked\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n", b"0;\n\r\n\r\n"),
    ):
        found = everyone.send(head + framing + b"\r\n" + body + hidden)
        assert [each.status for each in found] == [400], (framing, found)


def test_requests_with_random_faults_are_answered_or_refused(everyone: Server) -> None:
    chance = random.Random(20260102)  # noqa: S311 - the same faults each time, that is all
    for number in range(20_000 if PROVE else 1_500):
        target = EVERY[number % len(EVERY)]
        data = mutated(chance, target.request())
        with everyone.connect(5) as connection:
            for part in divided(chance, data):
                connection.send(part)
            connection.socket.shutdown(socket.SHUT_WR)
            found = connection.responses()  # which fails for anything but whole answers
        assert all(each.status < 500 for each in found), (number, data, found)
        assert len(found) >= 1, (number, data)
    assert everyone.is_alive


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Make one to three faults: bytes changed, left out, put in, repeated, or cut off."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        to = min(len(data), at + chance.randint(1, 8))
        put = chance.choice([b"", chance.randbytes(1), data[at:to] * 2, b"\r\n", b"\n", b"\0", b": ", b" "])
        data = data[:at] + put + data[to:] or b"x"
    return data[: chance.randrange(1, len(data) + 1)] if chance.random() < 0.1 else data


def divided(chance: random.Random, data: bytes) -> list[bytes]:
    """Divide what is sent, as networks do."""
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randint(0, 2)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
