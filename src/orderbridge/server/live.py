"""A server inside another program, for its tests: on a thread of its own, on a port that is free."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn

from orderbridge.errors import InputError
from orderbridge.server.app import build
from orderbridge.server.listening import Listening, bind, url
from orderbridge.server.logs import Silence
from orderbridge.server.protocol import Protocol
from orderbridge.server.run import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orderbridge.api import Partner
    from orderbridge.server.app import Settings

_PATIENCE: Final = 60.0
_PAUSE: Final = 0.05


class _Guest(Server):
    """A server that leaves the signals to the program that it is a guest of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: they belong to the main thread."""
        yield

    def settle(self) -> None:
        """Leave the collector as it is: the program around is not ours."""


@contextmanager
def live(partners: Sequence[Partner], settings: Settings) -> Iterator[str]:
    """Serve partners while the context is open, and give the URL; nothing is logged.

    Raises:
        InputError: there is no free port, or the server does not start.

    """
    bound = bind(Listening(port=0))
    ready = threading.Event()
    config = uvicorn.Config(
        cast("Any", build(partners, settings, Silence())),
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Guest(config, ready.set, None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="orderbridge-live", daemon=True)
    thread.start()
    try:
        _wait(ready, thread)
        yield url(bound)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        bound.close()


def _wait(ready: threading.Event, thread: threading.Thread) -> None:
    ends = time.monotonic() + _PATIENCE
    while not ready.wait(_PAUSE):
        if not thread.is_alive() or time.monotonic() > ends:
            raise InputError("the server did not start")
