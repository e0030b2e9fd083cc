"""Our own API, beside the partners': a table from its operations to what answers them.

Its contract is `openapi/_orderbridge` and its requests pass the same gate as everybody's. What may take a while runs on
a thread, so that a large message holds up nobody's small one.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orderbridge.errors import DocumentError, OrderbridgeError, UnknownOperationError, UnknownPartnerError
from orderbridge.server import own_docs, own_messages, own_orders, own_partners
from orderbridge.server.fault import Fault
from orderbridge.server.http import json_answer
from orderbridge.server.own_known import Known
from orderbridge.validation.parameters import ABSENT, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.gate import Handler
    from orderbridge.server.http import Answer, Request
    from orderbridge.server.modes import Mode

    Asked = Mapping[str, Any]

T = TypeVar("T")

_THREADS: Final = 2
_WORK: Final[Mapping[str, Callable[[Known, Request, Asked], Answer]]] = {
    "listPartners": own_partners.list_partners,
    "getMatrix": own_partners.matrix,
    "validateMessage": own_messages.validate,
    "translateMessage": own_messages.translate,
    "listDocs": own_docs.index,
    "readDocs": own_docs.page,
    "readContract": own_docs.document,
}
"""What reads no store: plain functions."""


@dataclass(frozen=True)
class Own:
    """Makes the handlers of our own operations."""

    partner: Partner
    known: Known
    mode: Mode
    _threads: ThreadPoolExecutor = field(
        # Few, so that large messages wait for each other and not everybody for them.
        default_factory=lambda: ThreadPoolExecutor(_THREADS, thread_name_prefix="orderbridge-own"),
        repr=False,
    )

    @classmethod
    def of(cls, partners: Sequence[Partner], prefixes: Mapping[str, str], mode: Mode) -> Own:
        """Stand beside partners that are served under prefixes."""
        known = Known.of(partners, prefixes)
        return cls(known.own, known, mode)

    def handler(self, _partner: Partner, operation: Operation) -> Handler:
        """Make what answers an operation."""
        if operation.id in _WORK:
            return self._worker(_WORK[operation.id])
        return {
            "getHealth": self._health,
            "getReady": self._ready,
            "listOrders": self._list_orders,
            "readOrder": self._read_order,
        }[operation.id]

    def _worker(self, work: Callable[[Known, Request, Asked], Answer]) -> Handler:
        async def answer(request: Request) -> Answer:
            return await self._beside(work, self.known, request, self._asked(request))

        return answer

    # The edge answers these two before it asks anybody, so that they work under overload; the contract has them too.

    async def _health(self, _request: Request) -> Answer:
        return json_answer(200, {"status": "ok"})

    async def _ready(self, _request: Request) -> Answer:
        await self.mode.check()
        return json_answer(200, {"status": "ready"})

    async def _list_orders(self, request: Request) -> Answer:
        asked, owner = self._asked_orders(request), request.caller.owner
        page = await own_orders.keeper_of(self.mode).read(lambda reader: own_orders.page(reader, owner, asked))
        return json_answer(200, own_orders.written_page(page))

    async def _read_order(self, request: Request) -> Answer:
        asked, owner, name = self._asked_orders(request), request.caller.owner, request.named("id")
        record = await own_orders.keeper_of(self.mode).read(
            lambda reader: own_orders.find(reader, owner, name, asked.get("partner"))
        )
        view = own_orders.View(self.known, self.mode, record)
        return await self._beside(own_orders.written_order, view, asked)

    def _asked_orders(self, request: Request) -> dict[str, Any]:
        asked = self._asked(request)
        if "partner" in asked:
            # A misspelt partner has no orders, and would look like one that has none yet.
            _refusing(self.known.check, asked["partner"])
        return asked

    async def _beside(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _refusing, work, *arguments)

    def _asked(self, request: Request) -> dict[str, Any]:
        """Read the query; what is not given is not there."""
        document = self.partner.contract.document
        given = {
            each.name: decode(each, request.query, document)
            for each in request.operation.parameters
            if each.location == "query"
        }
        return {name: value for name, value in given.items() if value is not ABSENT}


def _refusing(work: Callable[..., T], *arguments: Any) -> T:
    """Do a piece of work; what is wrong with its use becomes a refusal."""
    try:
        return work(*arguments)
    except UnknownPartnerError as error:
        raise Fault("not_found", str(error), "unknown-partner") from error
    except UnknownOperationError as error:
        raise Fault("not_found", str(error), "unknown-operation") from error
    except DocumentError as error:
        # The file and its place are for whoever runs the server.
        raise Fault("internal", "a contract or mapping of this server cannot be used", "unusable-document") from error
    except OrderbridgeError as error:
        # The contract cannot say what fits together: whoever kept it is told so by the status.
        raise Fault("invalid", str(error), "unusable-request", status=422) from error
