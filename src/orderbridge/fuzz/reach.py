"""Whether anybody is at a URL, asked before anything is generated for whoever is not."""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import urlsplit

from orderbridge.errors import InputError, UsageError

_PORTS: Final = {"http": 80, "https": 443}
_PATIENCE: Final = 10.0


def reach(url: str) -> None:
    """Connect to the host of a URL, and hang up.

    Raises:
        UsageError: it is no URL of a server.
        InputError: nobody answers there.

    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:
        raise UsageError(f"{url} is no URL: {error}") from error
    if host is None or port is None or parts.query or parts.fragment:
        raise UsageError(f"{url} is no URL of a server: it is like http://127.0.0.1:4010 or https://shop.example/api")
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError as error:
        raise InputError(f"{url} cannot be reached: {error.strerror or error}") from error
