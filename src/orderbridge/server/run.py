"""Runs an application: one socket, one or several processes, one line that says where it listens, an orderly end.

The socket is bound before anything is compiled: a port in use is known at once, and connections that come early wait
in its queue instead of being refused. Several processes are forks that share it: the contracts are in memory once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn

from orderbridge.errors import OrderbridgeError, UsageError
from orderbridge.server.crew import run_crew
from orderbridge.server.listening import bind, url
from orderbridge.server.logs import Log, take_over
from orderbridge.server.protocol import Protocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from orderbridge.server.edge import Edge
    from orderbridge.server.limits import Limits
    from orderbridge.server.listening import Listening

_TICKS: Final = 5
"""Every which tick of uvicorn's, of a tenth of a second, deadlines are looked at."""
_OPEN_FILES: Final = 65_536
_NEW_OBJECTS: Final = 10_000
"""After how many new containers the collector looks among the youngest."""
_ROUNDS: Final = (10, 100)
"""After how many of these looks it goes through what is a little older, and after how many of those through everything.

All that a large answer is made of is there at once, and nobody is answered while it goes through that.
"""
INTERRUPTED: Final = 130


def run(make: Callable[[Log], Edge], limits: Limits, listening: Listening, say: Callable[[str], None]) -> int:
    """Serve until a signal ends it, and give the exit code; `say` is told the one line with the URL.

    `make` builds the application. It is called once in each process that answers.

    Raises:
        InputError: the address cannot be had.
        UsageError: there cannot be several processes here.

    """
    with closing(bind(listening)) as bound:
        _open_many_files()
        return _serve_on(
            bound, make, limits, listening.workers, lambda: say(f"orderbridge is listening on {url(bound)}")
        )


def _serve_on(
    bound: socket.socket, make: Callable[[Log], Edge], limits: Limits, workers: int, ready: Callable[[], None]
) -> int:
    if workers == 1:
        return _serve(make, limits, bound, ready)
    if not hasattr(os, "fork"):
        raise UsageError("this system has no fork: serve with --workers 1")
    parent = os.getpid()
    gc.freeze()  # what is there already stays shared: the collector would touch, and so copy, all of it
    return run_crew(
        workers,
        lambda is_ready: _serve(make, limits, bound, is_ready, parent=parent),
        ready=ready,
        # As long as anybody listens, callers get connections that nobody will answer.
        ending=bound.close,
        patience=limits.stop_seconds + 2,
    )


def _serve(
    make: Callable[[Log], Edge],
    limits: Limits,
    bound: socket.socket,
    ready: Callable[[], None],
    *,
    parent: int | None = None,
) -> int:
    log = Log()
    take_over(log)
    try:
        config = uvicorn.Config(
            cast("Any", make(log)),
            http=Protocol,
            ws="none",
            loop="uvloop" if find_spec("uvloop") is not None else "asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=max(1, int(limits.stop_seconds)),
        )
        server = Server(config, ready, parent)
        server.run(sockets=[bound])
        if server.failure is not None:
            raise server.failure
        return INTERRUPTED if server.signal == signal.SIGINT else 0
    finally:
        log.close()


class Server(uvicorn.Server):
    """uvicorn's server that looks at deadlines, and ends without raising the signal that ended it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], parent: int | None) -> None:
        """Take the configuration; `ready` is called once connections are answered, and it ends with its `parent`."""
        super().__init__(config)
        self.signal = 0
        self._ready = ready
        self._parent = parent
        self.failure: OrderbridgeError | OSError | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that end a server, and give them back."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to end; a second signal does not wait for what is in flight."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self.signal = self.signal or sig

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        if self.started and self._said():
            # Beside the first requests: who waits for the server to start waits for nothing else.
            self._warming = asyncio.get_running_loop().run_in_executor(None, self._warm)

    def _said(self) -> bool:
        try:
            self._ready()
        except OSError as error:  # nobody will ever know where we are
            self.failure, self.should_exit = error, True
        return self.failure is None

    def _warm(self) -> None:
        try:
            cast("Edge", self.config.app).warm()
            self.settle()
        except OrderbridgeError as error:
            self.failure, self.should_exit = error, True

    def settle(self) -> None:
        """Take what is there by now out of the collector's sight: it stays, and would be gone through again and again.

        Requests leave little behind that it has to find, so that it can look less often as well.
        """
        # Nothing is collected first: that would stop the first answers for as long as it takes to look at all of it.
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS, *_ROUNDS)

    async def on_tick(self, counter: int) -> bool:
        """Look at the deadlines of all connections."""
        if counter % _TICKS == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Protocol):
                    connection.tick(connection.loop.time())
        is_orphan = self._parent is not None and os.getppid() != self._parent
        return is_orphan or await super().on_tick(counter)


def _open_many_files() -> None:
    """Raise the bound on open files, of which every connection is one, as far as we may."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not everywhere

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
        if soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
