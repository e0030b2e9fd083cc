"""Runs an application: one socket, one or several processes, one line that says where it listens, an orderly end.

The socket is bound before anything is compiled: a port in use is known at once, and connections that come early wait
in its queue instead of being refused.
"""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from orderbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

_BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and in how many processes."""

    host: str = "127.0.0.1"
    port: int = 4010
    workers: int = 1


def run(make: Callable[[], ASGIApp], listening: Listening, say: Callable[[str], None]) -> None:
    """Serve until a signal ends it; `say` is told the one line with the URL.

    Raises:
        InputError: the address cannot be had.

    """
    bound = bind(listening)
    config = uvicorn.Config(
        make(), http="httptools", loop=_loop(), log_level="warning", access_log=False, timeout_graceful_shutdown=10
    )
    say(f"orderbridge is listening on {url(bound)}")
    uvicorn.Server(config).run(sockets=[bound])


def bind(listening: Listening) -> socket.socket:
    """Bind and listen.

    Raises:
        InputError: the address is in use, not ours, or none.

    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            listening.host, listening.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot listen on {listening.host} port {listening.port}: {why}") from error
    return bound


def url(bound: socket.socket) -> str:
    """Write where a socket listens as a URL."""
    host, port, *_ = bound.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _loop() -> str:
    return "asyncio" if sys.platform == "win32" or os.environ.get("ORDERBRIDGE_LOOP") == "asyncio" else "uvloop"
