"""The contracts as pages: written once each, and served under a policy that lets them load and run nothing."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.server import own_page
from orderbridge.server.http import JSON, Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.server.http import Header, Request
    from orderbridge.server.own_known import Known

HTML: Final = "text/html; charset=utf-8"
_STYLE: Final = b64encode(sha256(own_page.STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-cache"),
)


def index(known: Known, _request: Request, _asked: Mapping[str, Any]) -> Answer:
    """Answer with the page that links to all others."""
    return _once(known, "", lambda: own_page.index([(name, known.documented(name)) for name in known.documents]))


def page(known: Known, request: Request, _asked: Mapping[str, Any]) -> Answer:
    """Answer with one contract as a page."""
    name = request.named("contract")
    contract = known.documented(name)
    return _once(known, name, lambda: own_page.page(name, contract))


def document(known: Known, request: Request, _asked: Mapping[str, Any]) -> Answer:
    """Answer with one contract as other tools should read it."""
    contract = known.documented(request.named("contract"))
    return Answer(200, jsontext.write(contract.at("documented").document), JSON)


def _once(known: Known, name: str, write: Any) -> Answer:
    if name not in known.pages:
        known.pages[name] = Answer(200, write().encode(), HTML, HEADERS, fixed=True)
    page: Answer = known.pages[name]
    return page
