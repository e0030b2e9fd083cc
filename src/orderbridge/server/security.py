"""Who calls: the security schemes of a contract, asked in the order of its alternatives, before a body is read.

Without tokens any well-formed credential is somebody, known by its hash; with tokens a credential is a row of theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from orderbridge.contract import references
from orderbridge.pointer import escape
from orderbridge.server.fault import Fault
from orderbridge.server.http import ANYBODY, Caller
from orderbridge.server.parameters import cookies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Operation
    from orderbridge.server.http import Header
    from orderbridge.server.tokens import Token, Tokens

_LONGEST: Final = 4096
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_VISIBLE: Final = re.compile(r"[!-~]+")
_CHALLENGE: Final = b"www-authenticate"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to show a credential: where it stands, and under which name or after which word."""

    name: str
    place: str
    key: str
    word: str = ""

    def shown(self, headers: Mapping[str, str], query: str) -> str | None:
        """Take the credential out of a request: None where there is none, empty where it is not well-formed."""
        text = _PLACES[self.place](self.key, headers, query)
        if text is None:
            return None
        return _credential(self.word, text) if len(text) <= _LONGEST else _credential_of(self.word, text)

    def challenge(self, realm: str, error: str = "") -> Header:
        """Say how to authenticate (RFC 9110); a key has no registered word, but a 401 has to say something."""
        if self.word:
            return _CHALLENGE, f'{self.word.capitalize()} realm="{realm}"{error}'.encode()
        return _CHALLENGE, f'ApiKey realm="{realm}", in="{self.place}", name="{self.key}"'.encode()


def _credential_of(word: str, text: str) -> str | None:
    """Take a credential out of what stands in its place, behind a word where the scheme has one."""
    pattern = _VISIBLE
    if word:
        given, _, text = text.partition(" ")
        if given.lower() != word:
            return None
        text, pattern = text.strip(" "), _TOKEN
    return text if len(text) <= _LONGEST and pattern.fullmatch(text) else ""


_credential: Final = lru_cache(1024)(_credential_of)
"""The same for what callers say again and again."""


@dataclass(frozen=True)
class Security:
    """What one operation asks of its callers: any of the alternatives, all schemes of it."""

    partner: str
    alternatives: tuple[tuple[Scheme, ...], ...]
    tokens: Tokens | None = None

    def caller(self, headers: Mapping[str, str], query: str) -> Caller:
        """Tell who calls.

        Raises:
            Fault: nobody whom the operation would answer.

        """
        if not self.alternatives:
            return ANYBODY
        wrong = False
        for schemes in self.alternatives:
            shown = [scheme.shown(headers, query) for scheme in schemes]
            wrong = wrong or any(each is not None for each in shown)
            if not schemes or None in shown or "" in shown:
                continue
            caller = self._known([each for each in shown if each], headers.get("origin"))
            if caller is not None:
                return caller
        if not wrong and () in self.alternatives:
            return ANYBODY
        raise self._unknown(wrong=wrong)

    def _known(self, credentials: list[str], origin: str | None) -> Caller | None:
        if self.tokens is None:
            return _somebody("\n".join(credentials))
        rows = [self.tokens.find(each) for each in credentials]
        found = [each for each in rows if each is not None]
        if len(found) < len(rows):
            return None
        return self._permitted(found, origin)

    def _permitted(self, rows: list[Token], origin: str | None) -> Caller:
        if not all(each.is_for(self.partner) for each in rows):
            raise Fault("forbidden", "this credential is not for this API", "not-for-this-api")
        if not all(each.is_from(origin) for each in rows):
            raise Fault("forbidden", "a public token counts only on calls from its own pages", "foreign-origin")
        names = dict.fromkeys(each.name for each in rows)
        kind = "public" if any(each.kind == "public" for each in rows) else "private"
        return Caller("+".join(names), kind, _all_of(each.partners for each in rows))

    def _unknown(self, *, wrong: bool) -> Fault:
        schemes = dict.fromkeys(scheme for schemes in self.alternatives for scheme in schemes)
        error = ', error="invalid_token"' if wrong else ""
        headers = dict.fromkeys(scheme.challenge(self.partner.lstrip("_"), error) for scheme in schemes)
        message = "this credential is not known" if wrong else "a credential is needed"
        return Fault("unauthenticated", message, "unauthenticated", status=401, headers=tuple(headers))


@lru_cache(1024)
def _somebody(credentials: str) -> Caller:
    """Know a caller by the hash of what was shown."""
    return Caller(f"sha256:{sha256(credentials.encode()).hexdigest()}")


def security_of(contract: Contract, operation: Operation, tokens: Tokens | None) -> Security:
    """Read what an operation asks of its callers."""
    known = schemes_of(contract)
    alternatives = tuple(tuple(known[name] for name in entry) for entry in operation.security)
    return Security(contract.name, alternatives, tokens)


def schemes_of(contract: Contract) -> dict[str, Scheme]:
    """Read the security schemes of a contract."""
    document = contract.document
    named = document.get("components", {}).get("securitySchemes", {})
    return {
        name: _scheme(name, references.resolve(document, f"/components/securitySchemes/{escape(name)}")[1])
        for name in named
    }


def _scheme(name: str, raw: Any) -> Scheme:
    if raw["type"] == "apiKey":
        key = raw["name"]
        return Scheme(name, raw["in"], key.lower() if raw["in"] == "header" else key)
    # OAuth 2 and OpenID Connect both end in a bearer token.
    word = raw["scheme"].lower() if raw["type"] == "http" else "bearer"
    return Scheme(name, "header", "authorization", word)


def plain_parameters(contract: Contract) -> frozenset[str]:
    """Name the query parameters that the contract declares and that hold no secret: a log may show their values."""
    keys = {each.key for each in schemes_of(contract).values() if each.place == "query"}
    operations = contract.operations.values()
    named = {each.name for operation in operations for each in operation.parameters if each.location == "query"}
    return frozenset(named - keys - contract.secrets)


def _all_of(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    whole: frozenset[str] | None = None
    for each in sets:
        whole = each if whole is None else whole if each is None else whole & each
    return whole


def _in_header(key: str, headers: Mapping[str, str], _query: str) -> str | None:
    return headers.get(key)


def _in_query(key: str, _headers: Mapping[str, str], query: str) -> str | None:
    found = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == key]
    # Which of two would count is anybody's guess, so neither does.
    return None if not found else found[0] if len(found) == 1 else ""


def _in_cookie(key: str, headers: Mapping[str, str], _query: str) -> str | None:
    return cookies_of(headers.get("cookie", "")).get(key)


_PLACES: Final[Mapping[str, Callable[[str, Mapping[str, str], str], str | None]]] = {
    "header": _in_header,
    "query": _in_query,
    "cookie": _in_cookie,
}
