"""A server of ours in a process of its own, for as long as it is fuzzed.

Not on a thread, where it would share one core with what fuzzes it; and the interrupt key is the fuzzer's: the server
ends when its pipe does, so that the last requests still get their answers.
"""

from __future__ import annotations

import signal
import tempfile
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge.errors import InputError, MissingExtraError, OrderbridgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from orderbridge.api import Partner

FEATURE: Final = "orderbridge fuzz"
EXTRA: Final = "fuzz"
_GRACE: Final = 10.0


@dataclass(frozen=True)
class Started:
    """What is started: who loads the partner there, in which mode, with which database.

    `load` crosses to the other process by name: a function of a module, or a `partial` of one.
    """

    load: Callable[[], Partner]
    mode: str
    database: str


@contextmanager
def serving(load: Callable[[], Partner], mode: str) -> Iterator[str]:
    """Serve one partner to known callers on a free port, and give the URL; a reference server starts empty.

    Raises:
        MissingExtraError: the packages of the server are not installed.
        InputError: the server does not start.

    """
    context = get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="orderbridge-fuzz-", ignore_cleanup_errors=True) as folder:
        ours, theirs = context.Pipe()
        started = Started(load, mode, str(Path(folder) / "orders.db"))
        process = context.Process(target=_serve, args=(theirs, started), name="orderbridge-fuzz-server", daemon=True)
        process.start()
        theirs.close()
        try:
            yield _answered(ours)
        finally:
            ours.close()
            process.join(_GRACE)
            if process.exitcode is None:
                process.kill()
                process.join()


def _answered(connection: Connection[Any, Any]) -> str:
    try:
        kind, text = connection.recv()
    except EOFError as error:
        raise InputError("the server did not start") from error
    if kind == "url":
        return str(text)
    if kind == "missing":
        raise MissingExtraError(FEATURE, EXTRA)
    raise InputError(f"the server did not start: {text}")


def _serve(connection: Connection[Any, Any], started: Started) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with connection, suppress(EOFError, OSError):
        try:
            _serve_until_closed(connection, started)
        except ModuleNotFoundError as error:
            connection.send(("missing", str(error.name)))
        except OrderbridgeError as error:
            connection.send(("refused", str(error)))


def _serve_until_closed(connection: Connection[Any, Any], started: Started) -> None:
    with warnings.catch_warnings():
        # The framework imports what its own dependencies deprecate; users can do nothing about it.
        warnings.simplefilter("ignore")
        from orderbridge.fuzz.callers import tokens  # noqa: PLC0415 - only this process needs the server
        from orderbridge.server.app import Settings  # noqa: PLC0415
        from orderbridge.server.live import live  # noqa: PLC0415

    settings = Settings(mode=started.mode, database=started.database, tokens=tokens())
    with live([started.load()], settings) as url:
        connection.send(("url", url))
        connection.poll(None)
