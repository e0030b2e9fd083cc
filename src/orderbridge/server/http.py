"""What a request and an answer are to everything behind the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from orderbridge import jsontext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.contract.model import Operation

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
Header = tuple[bytes, bytes]
ALWAYS: Final = frozenset({"connection", "content-length", "content-type", "date", "transfer-encoding", "x-request-id"})
"""Headers that whoever sends an answer writes by himself, whatever a contract says of them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a name that owns what it creates, and what the credential is good for (None: every partner)."""

    owner: str
    kind: str = "private"
    partners: frozenset[str] | None = None


ANYBODY: Final = Caller("anybody")


class Request(NamedTuple):
    """One request that has passed the gate: authenticated, read, and valid by the contract.

    `path` are the parameters in it, with what means something in a path still percent-encoded; `headers` are in lower
    case, the last of equal names; `body` is the value, `raw` its bytes. Of a body that `is_clean` the contract has
    nothing to say at all; of any other there may be warnings.
    """

    operation: Operation
    path: Mapping[str, str]
    query: str
    headers: Mapping[str, str]
    caller: Caller
    body: Any = None
    raw: bytes = b""
    id: str = ""
    is_clean: bool = False

    def named(self, parameter: str) -> str:
        """Give a parameter of the path, decoded."""
        return unquote(self.path[parameter])


class Answer(NamedTuple):
    """One answer: its status, its bytes, and the headers beside length and type.

    The gate checks every answer against the contract. One that is given again and again is checked once if it says that
    it is `fixed`; what its maker has checked already says that it is `proven`.
    """

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: tuple[Header, ...] = ()
    fixed: bool = False
    proven: bool = False

    def with_headers(self, *more: Header) -> Answer:
        """Add headers; what comes of it is another answer, and given once."""
        return self._replace(headers=(*self.headers, *more), fixed=False)


def json_answer(status: int, value: Any, *headers: Header, media_type: str = JSON) -> Answer:
    """Write a JSON value as an answer."""
    return Answer(status, jsontext.write(value), media_type, headers)
