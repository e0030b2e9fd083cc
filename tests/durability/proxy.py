"""A wire between a store and PostgreSQL that can be cut at the worst moment: after a commit left, before its answer."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TAKEN: Final = 65_536


class Wire:
    """Passes connections on to a server; `cut_at` names the bytes after which the next one breaks."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.cut_at: bytes | None = None
        self.passed_on = True
        self.cuts = 0
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def port(self) -> int:
        """Give the port to connect to."""
        port: int = self._listening.getsockname()[1]
        return port

    def close(self) -> None:
        """Accept nothing any more, and break what is open."""
        for each in (self._listening, *self._open):
            _shut(each)
        for thread in self._threads:
            thread.join(10)
        for each in (self._listening, *self._open):
            each.close()

    def _start(self, target: Callable[..., None], *arguments: socket.socket) -> None:
        self._threads.append(threading.Thread(target=target, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._open += [client, server]
            self._start(self._pass, client, server)
            self._start(self._pass, server, client)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(_TAKEN):
                if self.cut_at is not None and self.cut_at in data:
                    self._cut(data, source, target)
                    return
                target.sendall(data)
        except OSError:
            pass
        for each in (source, target):
            _shut(each)

    def _cut(self, data: bytes, client: socket.socket, server: socket.socket) -> None:
        self.cut_at = None
        self.cuts += 1
        # First the client: the server may answer what is passed on before the next line here is reached.
        _shut(client)
        if self.passed_on:
            server.sendall(data)
        else:
            _shut(server)


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
