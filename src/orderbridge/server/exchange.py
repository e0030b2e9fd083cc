"""One request on its way through the server: its id and headers, and what becomes known of it for the log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from random import getrandbits
from typing import TYPE_CHECKING, Final, TypeAlias

from orderbridge.server.fault import Entry, Fault
from orderbridge.server.http import Header

if TYPE_CHECKING:
    from starlette.types import Scope, Send

    from orderbridge.contract.model import Operation
    from orderbridge.server.http import Answer

AtOnce: TypeAlias = Callable[[int, Sequence[Header], bytes], bool]
"""Sends status, headers and body; False: it could not, and nothing was sent."""

REQUEST_ID: Final = "x-request-id"
_REQUEST_ID: Final = REQUEST_ID.encode()
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_ONCE: Final = frozenset(
    {"authorization", "content-encoding", "content-type", "host", "idempotency-key", "origin", REQUEST_ID}
)
"""Headers of which there can be but one: which of two counts would be anybody's guess."""
_BODYLESS: Final = frozenset({204, 304})


class Exchange:
    """What is known of one request. The edge makes it, the gate and the log read it."""

    __slots__ = (
        "_at_once",
        "cause",
        "given",
        "headers",
        "id",
        "is_head",
        "operation",
        "owner",
        "shared",
        "started",
        "status",
    )

    def __init__(self, given: list[Header], at_once: AtOnce | None = None) -> None:
        """Read the headers of a request: in lower case, equal names joined as the RFC says.

        `at_once` sends an answer as a whole, where whoever holds the connection can do that.
        """
        self._at_once = at_once
        self.given = given
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in given}
        wanted = self.headers.get(REQUEST_ID)
        is_usable = wanted is not None and _WELL_FORMED.fullmatch(wanted) is not None
        # Told apart, never guarded by: it need not come from the system, which would take longer than all headers.
        self.id: str = wanted if is_usable and wanted is not None else f"{getrandbits(64):016x}"
        self.started = time.perf_counter()
        self.is_head = False
        self.operation: Operation | None = None
        self.owner: str | None = None
        self.shared: tuple[Header, ...] = ()
        self.status = 0
        self.cause: BaseException | None = None

    def join_equal_names(self) -> None:
        """Join the values of headers that were given more than once.

        Raises:
            Fault: one of them can only be given once.

        """
        if len(self.headers) == len(self.given):
            return
        whole: dict[str, str] = {}
        for raw_name, raw_value in self.given:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            if name in whole and name in _ONCE:
                raise _repeated(name)
            between = "; " if name == "cookie" else ", "
            whole[name] = f"{whole[name]}{between}{value}" if name in whole else value
        self.headers = whole

    async def answer(self, answer: Answer, send: Send) -> None:
        """Send an answer; a HEAD request gets its headers."""
        self.status = answer.status
        head, body = [*head_of(answer, self.id), *self.shared], b"" if self.is_head else answer.body
        if self._at_once is None or not self._at_once(answer.status, head, body):
            await send({"type": "http.response.start", "status": answer.status, "headers": head})
            await send({"type": "http.response.body", "body": body})


def _repeated(name: str) -> Fault:
    message = f"the header {name} is given twice"
    entry = Entry(f"header:{name}", message, "repeated-header")
    return Fault("invalid", message, "repeated-header", (entry,), status=400)


def head_of(answer: Answer, request_id: str) -> list[tuple[bytes, bytes]]:
    """Give the headers that an answer is sent with."""
    identity = (_REQUEST_ID, request_id.encode())
    if answer.status in _BODYLESS:
        return [identity, *answer.headers]
    length = (b"content-length", b"%d" % len(answer.body))
    if not answer.body:
        return [length, identity, *answer.headers]
    return [length, (b"content-type", answer.media_type.encode()), identity, *answer.headers]


def exchange_of(scope: Scope) -> Exchange:
    """Give the exchange that a request belongs to."""
    exchange: Exchange = scope["exchange"]
    return exchange
