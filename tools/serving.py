"""Somebody else's server as a process: a port that is free, and the moment from which it takes connections."""

from __future__ import annotations

import socket
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

_PATIENCE: Final = 60.0
_SHOWN: Final = 500


class NotServedError(Exception):
    """A server ended, or never took a connection."""


def free_port() -> int:
    """Give a port that nobody listens on at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until_served(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a process takes connections.

    Raises:
        NotServedError: it does not within a minute, or has ended; with the end of its log.

    """
    end = monotonic() + _PATIENCE
    while monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise NotServedError(f"{name} does not serve: {log.read_text(encoding='utf-8', errors='replace')[-_SHOWN:]}")
