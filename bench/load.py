"""A load generator: many connections that each send the next request as soon as their answer is whole.

Raw HTTP/1.1 on the quickest event loop and the parser that servers use. How much it can ask for at most is measured
with the rest, by a server that does nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import httptools
import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONNECTIONS: Final = 64


class LoadError(Exception):
    """A server did not answer as it was asked to."""


@dataclass(slots=True)
class Load:
    """What was answered: how often which status, how long each answer took, and how long all of it."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    body: bytes = b""
    """The last answer's."""

    def percentile(self, share: float) -> float:
        """Give the time within which that share of all answers was there, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(port: int, requests: Iterator[bytes], count: int, connections: int = CONNECTIONS) -> Load:
    """Send that many requests over keep-alive connections and wait for all answers.

    Each connection asks once before: a server that has just been called by many is still taking them in, one in each
    turn of its loop, and what waits for that says nothing of its answers. Those first ones are in no figure.

    Raises:
        LoadError: a connection was closed, or an answer is none.

    """
    return uvloop.run(_load(port, requests, count, connections))


async def _load(port: int, requests: Iterator[bytes], count: int, connections: int) -> Load:
    loop = asyncio.get_running_loop()
    first = _Run(requests, connections, loop.create_future())
    callers = [(await loop.create_connection(lambda: _Caller(first), "127.0.0.1", port))[1] for _ in range(connections)]
    await _done(first, callers)
    load = await _done(_Run(requests, count, loop.create_future()), callers)
    for caller in callers:
        caller.close()
    return load


async def _done(run: _Run, callers: Sequence[_Caller]) -> Load:
    started = perf_counter()
    for caller in callers:
        caller.run = run
        caller.send()
    await run.finished
    run.load.seconds = perf_counter() - started
    return run.load


class _Run:
    """What all connections share."""

    def __init__(self, requests: Iterator[bytes], count: int, finished: asyncio.Future[None]) -> None:
        self.requests = requests
        self.left = count
        self.open = 0
        self.finished = finished
        self.load = Load()

    def fail(self, what: str) -> None:
        if not self.finished.done():
            self.finished.set_exception(LoadError(what))

    def answered(self, status: int, seconds: float, body: bytes) -> None:
        self.load.latencies.append(seconds)
        self.load.statuses[status] = self.load.statuses.get(status, 0) + 1
        self.load.body = body
        self.open -= 1
        if not self.left and not self.open and not self.finished.done():
            self.finished.set_result(None)


class _Caller(asyncio.Protocol):
    """One connection. Also what the parser calls back."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.transport: Any = None
        self.parser: Any = None
        self.started = 0.0
        self.parts: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.fail(f"the server closed a connection: {exc}")

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            self.run.fail(f"this is no answer: {error}")

    def send(self) -> None:
        """Send the next request, if there is one left."""
        if not self.run.left:
            return
        self.run.left -= 1
        self.run.open += 1
        self.parser = httptools.HttpResponseParser(self)
        self.parts = []
        self.started = perf_counter()
        self.transport.write(next(self.run.requests))

    def close(self) -> None:
        """Close the connection, which nobody minds any more."""
        self.transport.abort()

    # The parser's

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body."""
        self.parts.append(data)

    def on_message_complete(self) -> None:
        """Count the answer and go on."""
        self.run.answered(self.parser.get_status_code(), perf_counter() - self.started, b"".join(self.parts))
        self.send()
