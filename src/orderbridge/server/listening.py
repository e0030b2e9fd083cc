"""Where a server listens: an address, bound before anything else is done, and its URL."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from orderbridge.errors import InputError

_BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and in how many processes."""

    host: str = "127.0.0.1"
    port: int = 4010
    workers: int = 1

    @property
    def is_loopback(self) -> bool:
        """Whether nobody outside this machine can call."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def bind(listening: Listening) -> socket.socket:
    """Bind and listen.

    Raises:
        InputError: the address is in use, not ours, or none.

    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            listening.host, listening.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise _unusable(listening, error) from error
    bound = socket.socket(family, kind)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _unusable(listening, error) from error
    return bound


def url(bound: socket.socket) -> str:
    """Write where a socket listens as a URL."""
    host, port, *_ = bound.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _unusable(listening: Listening, error: OSError | UnicodeError) -> InputError:
    why = getattr(error, "strerror", None) or str(error)
    return InputError(f"cannot listen on {listening.host} port {listening.port}: {why}")
