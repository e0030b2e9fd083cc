"""The log: one JSON object per line on standard error, written beside the event loop.

Lines are put into a bounded queue and written by a thread of their own: somebody who does not read the log must not
stop the server. What does not fit is counted, and the count is the next line. No credential, no message of a foreign
exception and no value of a body ever gets here; every character beyond printable ASCII is escaped.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import time
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from orderbridge.errors import OrderbridgeError

if TYPE_CHECKING:
    from orderbridge.server.exchange import Exchange

_MOST_WAITING: Final = 10_000
_PAUSE: Final = 0.02
_LONGEST: Final = 2048
_NAME: Final = 40
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
_MOST_FRAMES: Final = 12
_INTERNAL: Final = "internal"
"""The code of a failure that nobody expected, which is also that of the answer."""


class Log:
    """Writes lines to a file descriptor; `plain` are the query parameters whose values may be shown."""

    def __init__(self, descriptor: int = 2, plain: frozenset[str] = frozenset()) -> None:
        """Start writing."""
        self.plain = plain
        self._descriptor = descriptor
        self._lines: deque[str] = deque()
        self._lost = 0
        self._waiting = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def line(self, level: str, event: str, **members: Any) -> None:
        """Write a line about something that happened."""
        self._put(json.dumps({"time": _now(), "level": level, "event": event, **members}, separators=(",", ":")))

    def request(self, exchange: Exchange, method: str, path: str, query: str) -> None:
        """Write the line of a request that was answered."""
        status = exchange.status
        level = "error" if status >= 500 else "info"  # noqa: PLR2004 - where HTTP's server errors begin
        milliseconds = (time.perf_counter() - exchange.started) * 1000
        # By hand: there is one such line for every request, and id, level and numbers need no escapes.
        more = f',"query":{_text(masked(query, self.plain))}' if query else ""
        if exchange.owner is not None:
            more += f',"owner":{_text(exchange.owner)}'
        self._put(
            f'{{"time":"{_now()}","level":"{level}","event":"request","id":"{exchange.id}","method":{_text(method)},'
            f'"path":{_text(path[:_LONGEST])},"status":{status},"ms":{milliseconds:.2f}{more}}}'
        )

    def failure(self, error: BaseException, exchange: Exchange | None = None) -> None:
        """Write what nobody expected: where it happened, and its words only where they are ours."""
        is_ours = isinstance(error, OrderbridgeError) or getattr(error, "is_ours", False)
        code = getattr(error, "code", _INTERNAL) if is_ours else _INTERNAL
        members: dict[str, Any] = {"code": code, "error": type(error).__name__, "trace": _frames(error)}
        if is_ours:
            members["message"] = str(error)[:_LONGEST]
        if exchange is not None:
            members["id"] = exchange.id
        self.line("error", "failure", **members)

    def close(self) -> None:
        """Write what waits, and stop."""
        self._closed = True
        self._waiting.set()
        self._thread.join(timeout=1)

    def _put(self, text: str) -> None:
        if len(self._lines) >= _MOST_WAITING:
            self._lost += 1
            return
        self._lines.append(text)
        # Waking the thread for every line would cost more than the line.
        if not self._waiting.is_set():
            self._waiting.set()

    def _write(self) -> None:
        while True:
            self._waiting.wait()
            if not self._closed:
                time.sleep(_PAUSE)
            self._waiting.clear()
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if self._lost:
                lost, self._lost = self._lost, 0
                lines.append(json.dumps({"time": _now(), "level": "warning", "event": "log-lines-lost", "lost": lost}))
            if lines and not _written(self._descriptor, "".join(f"{each}\n" for each in lines)):
                return
            if self._closed and not self._lines:
                return


def _written(descriptor: int, text: str) -> bool:
    # DEL is the one control character that JSON leaves as it is.
    data = text.replace("\x7f", "\\u007f").encode("ascii")
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:  # nobody will ever read it again
        return False
    return True


def masked(query: str, plain: frozenset[str]) -> str:
    """Leave the values of all parameters out of a query but the plain ones: a credential may hide under any name."""
    parts = (part.partition("=") for part in query[:_LONGEST].split("&"))
    return "&".join(
        f"{name}{found}{value}" if unquote_plus(name) in plain else f"{name[:_NAME]}=***" if found else "***"
        for name, found, value in parts
    )


@lru_cache(1024)
def _text(text: str) -> str:
    """Write a JSON string; most need no escapes, and come again and again."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else json.dumps(text)


def _now() -> str:
    seconds, fraction = divmod(time.time(), 1)
    return f"{_second(int(seconds))}.{int(fraction * 1000):03d}Z"


@lru_cache(2)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _frames(error: BaseException) -> list[str]:
    """Say where an exception came from: module and line, innermost last, without anybody's folders."""
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "?")
        frames.append(f"{module}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-_MOST_FRAMES:]


class Silence(Log):
    """A log that nobody keeps, for applications inside tests."""

    def __init__(self) -> None:
        """Start no thread."""
        self.plain = frozenset()

    def close(self) -> None:
        """Do nothing."""

    def _put(self, text: str) -> None:
        """Drop a line."""


class Bridge(logging.Handler):
    """Takes what libraries log into ours; of an exception, where it happened."""

    def __init__(self, log: Log) -> None:
        """Hand over to a log."""
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; its arguments stay out, they may be anything."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._log.failure(error)
        else:
            self._log.line(record.levelname.lower(), "library", logger=record.name, message=str(record.msg)[:200])


def take_over(log: Log) -> None:
    """Let every library's log go through ours, and nothing else to standard error."""
    root = logging.getLogger()
    root.handlers[:] = [Bridge(log)]
    root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    sys.excepthook = lambda _kind, error, _trace: log.failure(error)
