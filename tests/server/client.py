"""A real server process and a client that sends exactly the bytes it is given.

Ordinary HTTP libraries mend what they send and hide what they get; a server's edge is about neither.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROGRAM: Final = str(Path(sys.executable).parent / "orderbridge")
_STARTED: Final = re.compile(rb"orderbridge is listening on (http://\S+)\n")
COMPILED_ONCE: Final = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(__file__).parent.parent.parent / ".cache" / "bytecode"),
}
"""As in an installation: where nothing compiled is kept, half of the time to start is spent on compiling our source."""
_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 15


@dataclass(frozen=True)
class Response:
    """One answer as it came over the wire; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    raw: bytes = field(default=b"", repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running `orderbridge serve`."""

    process: subprocess.Popen[bytes]
    url: str
    log_file: Path
    start_seconds: float

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def log(self) -> list[dict[str, Any]]:
        """Read the log so far; every line has to be one JSON object."""
        time.sleep(0.1)  # lines are written beside the answers
        return [json.loads(line) for line in self.log_file.read_text(encoding="ascii").splitlines()]

    def connect(self, timeout: float = 10) -> Connection:
        """Open a connection."""
        return Connection(socket.create_connection(self.address, timeout=timeout))

    def send(self, data: bytes, timeout: float = 10, *, half_close: bool = False) -> list[Response]:
        """Send bytes on a connection of their own, and give every answer until it is closed or silent."""
        with self.connect(timeout) as connection:
            connection.send(data)
            if half_close:
                connection.socket.shutdown(socket.SHUT_WR)
            return connection.responses()

    def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Response:
        """Make an ordinary call."""
        with self.connect() as connection:
            return connection.call(method, path, headers, body)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        if self.is_alive:
            self.process.send_signal(number)
        return self.process.wait(_STOP_SECONDS)


class Connection:
    """One connection, on which several requests can follow each other."""

    def __init__(self, opened: socket.socket) -> None:
        """Take an open socket."""
        self.socket = opened
        self._buffer = b""

    def __enter__(self) -> Connection:  # noqa: PYI034 - nobody inherits
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes; a server that has closed already is no failure, its answer is looked at later."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Response:
        """Send a request and read its answer."""
        self.send(request(method, path, headers, body))
        found = self.read(is_head=method == "HEAD")
        assert found is not None, "the connection was closed without an answer"
        return found

    def responses(self) -> list[Response]:
        """Read answers until the connection is closed; interim ones are left out."""
        found = []
        while (response := self.read()) is not None:
            found.append(response)
        return found

    def read(self, *, is_head: bool = False) -> Response | None:
        """Read one answer; None where the connection ends before it. Half an answer fails."""
        while True:
            head = self._until(b"\r\n\r\n")
            if head is None:
                return None
            response = self._read_after(head, is_head=is_head)
            if response.status != 100:
                return response

    def _read_after(self, head: bytes, *, is_head: bool) -> Response:
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1", first
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(":") for line in lines):
            before = headers.get(name.lower())
            headers[name.lower()] = value.strip() if before is None else f"{before}, {value.strip()}"
        length = int(headers.get("content-length", "0"))
        body = b"" if is_head or status in {"100", "204", "304"} else self._exactly(length)
        return Response(int(status), headers, body, head)

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self._buffer:
            if not self._receive():
                assert not self._buffer, self._buffer
                return None
        head, _, self._buffer = self._buffer.partition(mark)
        return head

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            assert self._receive(), "the connection ended within a body"
        body, self._buffer = self._buffer[:size], self._buffer[size:]
        return body

    def _receive(self) -> bool:
        try:
            data = self.socket.recv(65_536)
        except ConnectionResetError:
            return False
        self._buffer += data
        return bool(data)

    def is_closed(self, seconds: float = 0) -> bool:
        """Tell whether the server has closed it, within a time."""
        readable, _, _ = select.select([self.socket], [], [], seconds)
        return bool(readable) and not self._receive()


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None and "content-length" not in {name.lower() for name in headers or {}}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


@contextmanager
def serving(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None, program: Sequence[str] = (PROGRAM,)
) -> Iterator[Server]:
    """Run `orderbridge serve` on a free port, and end it; its log is `folder`/serve.log."""
    server = start(*arguments, folder=folder, environment=environment, program=program)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        if server.process.stdout is not None:
            server.process.stdout.close()


def start(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None, program: Sequence[str] = (PROGRAM,)
) -> Server:
    """Start `orderbridge serve` on a free port and wait for its line."""
    log_file = folder / "serve.log"
    begun = time.monotonic()
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [*program, "serve", *arguments, "--port", "0"],
            cwd=folder,
            env={**os.environ, **COMPILED_ONCE, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
    line = process.stdout.readline() if ready else b""
    match = _STARTED.fullmatch(line)
    if match is None:
        process.kill()
        process.wait()
        process.stdout.close()
        raise AssertionError(f"the server did not start: {line!r} {log_file.read_text()}")
    return Server(process, match[1].decode(), log_file, time.monotonic() - begun)
