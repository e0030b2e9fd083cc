"""HTTP/1.1 on one connection: uvicorn's protocol with bounds of size and time, strict framing, and an answer to all.

The parser beneath is strict about bytes. What it leaves open is decided here: versions, hosts, trailers, upgrades, and
above all how a connection ends. Who sends what cannot be read gets an answer in the shape of the path that it asked
for, and what it sends afterwards is read for a while and thrown away: closing at once would take the answer from it.

Deadlines are no timers: the server looks at all its connections twice a second (`tick`).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache, partial
from itertools import starmap
from math import inf
from typing import TYPE_CHECKING, Any, Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from orderbridge.server.edge import EVERYTHING
from orderbridge.server.exchange import REQUEST_ID, Exchange, head_of
from orderbridge.server.fault import Fault

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Sequence

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from orderbridge.server.edge import Edge
    from orderbridge.server.http import Header

_LINGER: Final = 2.0
"""How long a caller that was refused may go on sending, in seconds."""
_VERSION_AND_SPACES: Final = 16
_HOST: Final = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:%\[\]-]*")
_WATCHED: Final = frozenset({b"host", b"transfer-encoding", b"content-length", b"expect"})
_OF_UPGRADES: Final = frozenset({b"upgrade", b"http2-settings"})
_CLOSE: Final = (b"connection", b"close")
_SHORT: Final = 256
_OURS: Final = frozenset({b"content-length", REQUEST_ID.encode()})
_OF_THE_CONNECTION: Final = frozenset({b"connection", b"transfer-encoding"})
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00-\x08\x0a-\x1f\x7f]*")


class Phase(Enum):
    """What the parser is in the midst of."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class _Lingering:
    """A transport whose `close` is the protocol's to carry out."""

    def __init__(self, real: asyncio.Transport, protocol: Protocol) -> None:
        self._protocol = protocol
        self._real = real
        self.write = real.write
        self.get_extra_info = real.get_extra_info
        self.pause_reading = real.pause_reading
        self.resume_reading = real.resume_reading

    def is_closing(self) -> bool:
        return self._protocol.is_over or self._real.is_closing()

    def close(self) -> None:
        self._protocol.end()


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Take what the server hands over; its application is an edge."""
        super().__init__(*arguments, **settings)
        self._edge = cast("Edge", self.config.app)
        self._limits = self._edge.limits
        self.is_over = False
        self._is_broken = False
        self._is_stopping = False
        self._has_ended = False
        self._phase = Phase.IDLE
        self._deadline = inf
        self._writing_until = inf
        self._fault: Fault | None = None
        self._pending: Fault | None = None
        self._watched: dict[bytes, list[bytes]] = {}
        self._size = 0
        self._fed = 0
        self._thrown_away = 0
        self._upgrades = False

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        self._real = transport
        super().connection_made(cast("asyncio.Transport", _Lingering(transport, self)))
        self._wait(self._limits.header_seconds)
        if len(self.connections) > self._limits.connections:
            self._phase = Phase.HEAD
            self._refuse(_fault("unavailable", 503, "too many connections", "overloaded"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self.is_over = True
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override] # the event loop's own protocol has it so
        """Answer what was asked before the caller stopped sending; uvicorn would close at once."""
        self._has_ended = True
        if self.is_over:
            return False
        if self._phase is not Phase.IDLE and not self._is_broken:
            self._refuse(_fault("invalid", 400, "the connection ended before the request", "incomplete-request"))
        elif not self._is_answering() and self._pending is None:
            self.end()
        else:
            self.cycle.keep_alive = False
        return True

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self.is_over or self._is_broken:
            self._throw_away(len(data))
            return
        before = self._phase
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            self._go_on_without_upgrade(data[error.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._fault or _malformed("the request is not HTTP/1.1"))
        else:
            self._measure(before, len(data))

    def _measure(self, before: Phase, size: int) -> None:
        """Bound a head of which no line ends: the parser keeps a header to itself until it is whole."""
        if before is Phase.HEAD and self._phase is Phase.HEAD:
            self._fed += size
            if self._fed > self._limits.headers + self._limits.request_line:
                self._refuse(self._headers_too_large())

    def _throw_away(self, size: int) -> None:
        self._thrown_away += size
        if self._thrown_away > self._limits.drain:
            self._real.abort()

    # What the parser finds

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._phase = Phase.HEAD
        self._size = self._fed = 0
        self._watched = {}
        self._wait(self._limits.header_seconds)

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        super().on_url(url)
        if len(self.url) > self._limits.request_line - _VERSION_AND_SPACES:
            message = f"the request line is longer than {self._limits.request_line:,} bytes"
            raise self._stopped(_fault("too_large", 414, message, "request-line-too-long"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header. What comes behind a body is none: it would count where everything is decided already."""
        self._size += len(name) + len(value) + 4
        name = name.lower()
        if self._phase is Phase.HEAD:
            self.headers.append((name, value))
        if self._size > self._limits.headers or len(self.headers) > self._limits.header_count:
            raise self._stopped(self._headers_too_large())
        if name in _WATCHED:
            self._watched.setdefault(name, []).append(value)

    def on_headers_complete(self) -> None:
        """Begin to answer a request."""
        fault = self._head_fault()
        if fault is not None:
            raise self._stopped(fault)
        if self.parser.should_upgrade():
            self._upgrades = True
            return
        is_everything = self.url == b"*"
        if not self.url.startswith(b"/"):
            self.url = _origin_form(self.url)
        self.expect_100_continue = b"expect" in self._watched
        self._phase = Phase.BODY
        self._wait(self._limits.body_seconds)
        super().on_headers_complete()
        # The application is a task that begins in the next turn of the loop.
        self.scope["at_once"] = partial(self._send, self.cycle)  # type: ignore[typeddict-unknown-key] # for the edge
        if is_everything:
            self.scope["path"] = EVERYTHING
        if self._is_stopping or self.expect_100_continue or self._length() > self._limits.body:
            # Who is answered before its body is read may never send it, or send more than anybody wants to read.
            self.cycle.keep_alive = False

    def _head_fault(self) -> Fault | None:
        version = self.parser.get_http_version()
        hosts = self._watched.get(b"host", [])
        coding = self._watched.get(b"transfer-encoding", [])
        if version not in {"1.0", "1.1"}:
            return _malformed(f"there is no HTTP/{version} here")
        if len(hosts) > 1 or (version == "1.1" and not hosts) or not all(map(_HOST.fullmatch, hosts)):
            return _malformed("a request has one header Host")
        if coding and (version == "1.0" or [each.strip().lower() for each in coding] != [b"chunked"]):
            return _malformed("the only transfer coding is chunked")
        expected = self._watched.get(b"expect")
        if expected and any(each.strip().lower() != b"100-continue" for each in expected):
            return _malformed("nothing can be expected but 100-continue")
        if self.url == b"*" and self.parser.get_method() != b"OPTIONS":
            return _malformed("only OPTIONS can be asked about everything")
        return None

    def _length(self) -> int:
        return int(next(iter(self._watched.get(b"content-length", [])), b"0"))

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body, and throw it away where the answer came early."""
        if self.cycle.response_complete:
            self._thrown_away += len(body)
            if self._thrown_away > self._limits.drain:
                self.end()
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._upgrades:
            return
        self._phase = Phase.IDLE
        self._deadline = inf
        super().on_message_complete()
        if not self._is_answering():
            self._wait(self._limits.idle_seconds)

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Read the request again without its wish to be upgraded, which nobody has to grant (RFC 9110).

        The parser takes what follows such a head for another protocol and would leave the body unread.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(_malformed("this server is no proxy"))
            return
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        for name, value in self.headers:
            kept = _without_upgrade(value) if name == b"connection" else value
            if name not in _OF_UPGRADES and not (name == b"connection" and not kept):
                lines.append(b"%s: %s" % (name, kept))
        self._upgrades = False
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._phase = Phase.IDLE
        self.data_received(b"\r\n".join([*lines, b"", b""]) + rest)

    # Answers

    def _send(self, cycle: RequestResponseCycle, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Send an answer at once; False where that takes more than writing it, which uvicorn does then.

        It goes through every header of every answer, and writes head and body one after the other, which is two calls
        of the system.
        """
        if cycle.disconnected:
            return True
        if cycle.response_started or self.flow.write_paused or not all(starmap(_is_plain, headers)):
            return False
        cycle.response_started = cycle.response_complete = True
        closing = () if cycle.keep_alive else (_CLOSE,)
        cycle.transport.write(_head(status, (*self.server_state.default_headers, *headers, *closing)) + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        return True

    def on_response_complete(self) -> None:
        """Go on with the next request; uvicorn would set a timer instead of a deadline."""
        self.server_state.total_requests += 1
        self._thrown_away = 0
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            task = self.loop.create_task(cycle.run_asgi(app))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        elif self._pending is not None:
            self._say(self._pending)
        elif self._has_ended or (self._is_stopping and self._phase is Phase.IDLE):
            self.end()
        elif self._phase is Phase.IDLE:
            self._wait(self._limits.idle_seconds)

    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return bool(self.pipeline) or (cycle is not None and not cycle.response_complete)

    def _stopped(self, fault: Fault) -> Fault:
        """Keep why the parser is stopped: it shows only that it was."""
        self._fault = fault
        return fault

    def _refuse(self, fault: Fault) -> None:
        """Answer a request that cannot be read, after those before it, and read no other."""
        self._is_broken = True
        if self._phase is Phase.BODY and not self._give_up_cycle():
            return
        if self._is_answering():
            self._pending = fault
        else:
            self._say(fault)

    def _give_up_cycle(self) -> bool:
        """Take the answer to the request that is being read out of the application's hands; tell whether it is ours."""
        cycle = self.cycle
        if self.pipeline and self.pipeline[0][0] is cycle:
            self.pipeline.popleft()
            # What is answered now is an earlier one, which nobody else refers to any more.
            return True
        if cycle.response_started:
            self.end(_LINGER)
            return False
        cycle.disconnected = cycle.response_complete = True
        self.scope["refused"] = True  # type: ignore[typeddict-unknown-key] # for the edge, which must not log it as well
        cycle.message_event.set()
        return True

    def _say(self, fault: Fault) -> None:
        exchange = Exchange(self.headers or [])
        path, query = self._target()
        answer = self._edge.refusal(fault, path, exchange.id)
        exchange.status = answer.status
        method = self._method()
        head = _head(answer.status, (*self.server_state.default_headers, *head_of(answer, exchange.id)))
        self._real.write(head if method == "HEAD" else head + answer.body)
        self._edge.log.request(exchange, method, path or "", query)
        self.end(_LINGER)

    def _target(self) -> tuple[str | None, str]:
        """Give path and query of the request that is refused; no path where it cannot be trusted to be whole."""
        if not self.headers:
            return None, ""
        try:
            parsed = httptools.parse_url(self.url)
            return (parsed.path or b"/").decode("ascii"), (parsed.query or b"").decode("ascii")
        except (httptools.HttpParserError, UnicodeDecodeError):
            return None, ""

    def _method(self) -> str:
        # Before it has found one, the parser shows the first that it knows.
        return self.parser.get_method().decode("ascii", "replace") if self.headers else ""

    # Time, and the end

    def end(self, linger: float | None = None) -> None:
        """End the connection: at once where nothing more can come, else when it came, or after a while."""
        if self.is_over:
            return
        self.is_over = True
        self._thrown_away = 0
        self.flow.resume_reading()
        if self._has_ended or (self._phase is Phase.IDLE and linger is None) or self._real.is_closing():
            self._close()
            return
        if self._real.can_write_eof():
            self._real.write_eof()
        self._wait(linger if linger is not None else self._limits.body_seconds)

    def _close(self) -> None:
        self._real.close()
        # An answer that nobody takes would keep the connection open for ever.
        self._wait(self._limits.read_seconds)

    def shutdown(self) -> None:
        """Finish what is in flight, and end."""
        self._is_stopping = True
        if self._is_answering():
            self.cycle.keep_alive = False
        elif self._phase is Phase.IDLE:
            self.end()

    def pause_writing(self) -> None:
        """Wait for a caller that does not take its answer."""
        super().pause_writing()
        self._writing_until = self.loop.time() + self._limits.read_seconds

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._writing_until = inf

    def tick(self, now: float) -> None:
        """See whether something has taken too long."""
        if now > self._writing_until:
            self._real.abort()
        elif now > self._deadline:
            self._deadline = inf
            self._overdue()

    def _overdue(self) -> None:
        if self.is_over:
            # First an orderly end, and where even that takes too long, any.
            self._real.abort() if self._real.is_closing() else self._close()
        elif self._is_broken or self.flow.read_paused:
            self._wait(1)  # it is us who are slow
        elif self._phase is Phase.HEAD:
            self._refuse(_fault("unavailable", 408, "the headers took too long to arrive", "header-timeout"))
        elif self._phase is Phase.IDLE:
            self.end()
        else:
            self._refuse(_fault("unavailable", 408, "the body took too long to arrive", "body-timeout"))

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.time() + seconds

    def _headers_too_large(self) -> Fault:
        limits = self._limits
        message = f"the headers are more than {limits.header_count} or larger than {limits.headers:,} bytes"
        return _fault("too_large", 431, message, "headers-too-large")


def _fault(kind: str, status: int, message: str, code: str) -> Fault:
    return Fault(kind, message, code, status=status, headers=(_CLOSE,))


def _malformed(message: str) -> Fault:
    return _fault("invalid", 400, message, "malformed-request")


def _origin_form(url: bytes) -> bytes:
    """Write an absolute target, or the one for everything, as the path that it means."""
    if url == b"*":
        return b"/"
    parsed = httptools.parse_url(url)
    query = b"?" + parsed.query if parsed.query else b""
    return (parsed.path or b"/") + query


def _without_upgrade(value: bytes) -> bytes:
    tokens = (each.strip() for each in value.split(b","))
    return b", ".join(each for each in tokens if each and each.lower() not in _OF_UPGRADES)


def _head(status: int, headers: Iterable[Header]) -> bytes:
    lines = [b"%b: %b\r\n" % each for each in headers]
    return b"".join((STATUS_LINE[status], *lines, b"\r\n"))


def _is_plain(name: bytes, value: bytes) -> bool:
    """Tell whether a header can be sent as it is, and says nothing about the connection."""
    # Lengths and ids are ours, and new each time. What is long may be what a caller sent, and is not to be remembered.
    return name in _OURS or (len(value) <= _SHORT and _may_be_sent(name, value))


@lru_cache(1024)
def _may_be_sent(name: bytes, value: bytes) -> bool:
    is_whole = _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None
    return is_whole and name.lower() not in _OF_THE_CONNECTION
