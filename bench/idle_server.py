"""`python -m bench.idle_server PORT` answers everything with one constant, unseen: it shows the generator's limit."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Final

import uvloop

_ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class _Constant(asyncio.Protocol):
    """Takes each piece that arrives for a whole request, which those of the generator are."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        del data
        self.transport.write(_ANSWER)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Constant, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
