"""The framework's router, asked once for each fixed path: it tries its routes one after the other for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.routing import RoutingMiddleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Routing(RoutingMiddleware):  # type: ignore[misc] # the framework ships no types
    """Remembers which operation a method of a path without parameters is; there are as many as in the contracts."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the gates."""
        super().__init__(self._remember)
        self._next = app
        self._known: dict[tuple[str, str], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        known = self._known.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if known is None:
            await super().__call__(scope, receive, send)
            return
        scope["extensions"] = {ROUTING_CONTEXT: known}
        await self._next(scope, receive, send)

    async def _remember(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
        if found.get("operation_id") is not None and not scope.get("path_params"):
            self._known[scope["method"], scope["path"]] = dict(found)
        await self._next(scope, receive, send)
