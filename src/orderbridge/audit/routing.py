"""Which recorded requests are for the contract at all: by path, wherever the recording was made.

A recording is made against the partner, a staging host, a proxy or our own server, so hosts decide nothing. Paths
begin where a server of the contract says, at the root, or under the partner's name, as on our server of several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.audit.exchange import Exchange
    from orderbridge.audit.opinion import Outside, Route

Skip = Literal["elsewhere", "preflight", "refused-method"]
"""Why an exchange is not looked at: not of this contract, a question about methods, a method that was refused."""

UNKNOWN_METHOD: Final = "unknown-method"
_VARIABLE: Final = re.compile(r"\{[^{}]*\}")
_REFUSED: Final = frozenset({405, 501})
_MOST_KNOWN: Final = 10_000


@dataclass(frozen=True)
class Router:
    """Finds the operation of an exchange."""

    outside: Outside
    _known: dict[tuple[str, str], Route | None] = field(default_factory=dict, repr=False, compare=False)

    def find(self, exchange: Exchange) -> Route | Skip | Literal["unknown-method"]:
        """Give the operation that was called, or why there is none."""
        request = exchange.request
        if request.scheme not in {"http", "https", ""}:
            return "elsewhere"
        route = self._route(request.method, request.path)
        if route is not None:
            return route
        if not self.methods(request.path):
            return "elsewhere"
        if request.method in {"OPTIONS", "HEAD"}:
            return "preflight"
        if exchange.response is not None and exchange.response.status in _REFUSED:
            return "refused-method"
        return UNKNOWN_METHOD

    def methods(self, path: str) -> frozenset[str]:
        """Give the methods that the contract has for a path, in upper case."""
        return frozenset().union(*(self.outside.methods(each) for each in self._paths(path)))

    def _route(self, method: str, path: str) -> Route | None:
        key = (method, path)
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = (self.outside.route(method, each) for each in self._paths(path))
            self._known[key] = next((each for each in found if each is not None), None)
        return self._known[key]

    def _paths(self, path: str) -> Iterator[str]:
        """Yield what the path may be in the contract, the longest prefix taken off first."""
        for base in self._bases:
            match = base.match(path)
            if match and path.startswith("/", match.end()):
                yield path[match.end() :]

    @cached_property
    def _bases(self) -> tuple[re.Pattern[str], ...]:
        contract = self.outside.contract
        paths = {"", *(_base(server.get("url", "")) for server in contract.document.get("servers", ()))}
        prefixed = {f"/{contract.name}{path}" for path in paths}
        return tuple(_pattern(each) for each in sorted(paths | prefixed, key=len, reverse=True))


def _base(url: str) -> str:
    """Give the path of a server's URL, in which variables may stand."""
    flat = _VARIABLE.sub("{}", url)
    try:
        return urlsplit(flat).path.rstrip("/")
    except ValueError:
        return ""


def _pattern(base: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in base.split("{}")))
