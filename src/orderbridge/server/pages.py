"""Calls from web pages: whose pages may read our answers (CORS, as the Fetch standard has it).

With tokens these are the pages of the public ones. Without, only this machine can call, and the pages of any server on
it may, as with other mocks. Cookies and logins of a browser are nobody's credentials here: they are never asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderbridge.contract.contract import Contract
    from orderbridge.server.http import Header
    from orderbridge.server.tokens import Tokens

_HERE: Final = re.compile(
    r"https?://(?:(?:[a-z0-9-]{1,63}\.)*localhost|127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[::1\])(?::[0-9]{1,5})?"
)
"""The origin of a page that some server on this machine serves."""
_NAMES: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*")
_OWN: Final = ("allow", "preference-applied", "retry-after", "www-authenticate", "x-request-id")
"""Headers of ours that a page could not read without being told; contracts add theirs."""
VARY: Final[Header] = (b"vary", b"Origin")
_PREFLIGHT_VARY: Final[Header] = (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers")
_MAX_AGE: Final[Header] = (b"access-control-max-age", b"600")
_ASKED: Final = "access-control-request-method"


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages that may call one partner's API, and the headers of answers that they may read."""

    partner: str
    tokens: Tokens | None = None
    exposed: bytes = b""

    def may(self, origin: str) -> bool:
        """Tell whether the pages of an origin may call."""
        if self.tokens is None:
            return _HERE.fullmatch(origin.lower()) is not None
        public = (each for each in self.tokens.rows if each.kind == "public" and each.is_for(self.partner))
        return any(each.is_from(origin) for each in public)

    def shared(self, headers: Mapping[str, str]) -> tuple[Header, ...]:
        """Give the headers with which a browser lets a page read an answer; those of a stranger's page lack them."""
        origin = headers.get("origin")
        if origin is None or not self.may(origin):
            return (VARY,)
        return (
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", self.exposed),
            VARY,
        )

    def preflight(self, headers: Mapping[str, str], methods: Iterable[str]) -> tuple[Header, ...]:
        """Answer what a browser asks before a page's call; nothing where it is no such question, or a stranger's."""
        if "origin" not in headers or _ASKED not in headers:
            return ()
        if not self.may(headers["origin"]):
            return (_PREFLIGHT_VARY,)
        # Headers that nobody knows are ignored like anybody's; those of credentials have many names.
        wanted = headers.get("access-control-request-headers", "").strip()
        named = ((b"access-control-allow-headers", wanted.encode()),) if _NAMES.fullmatch(wanted) else ()
        allowed = (b"access-control-allow-methods", ", ".join(sorted(methods)).encode())
        return (allowed, *named, _MAX_AGE, _PREFLIGHT_VARY)


def pages_of(contract: Contract, tokens: Tokens | None) -> Pages:
    """Say which pages may call the operations of a contract."""
    answers = (answer for operation in contract.operations.values() for answer in operation.responses.values())
    declared = {header.name.lower() for answer in answers for header in answer.headers}
    return Pages(contract.name, tokens, ", ".join(sorted({*_OWN, *declared})).encode())
