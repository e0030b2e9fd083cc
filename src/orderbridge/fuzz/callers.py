"""Who calls a server that is started to be fuzzed: made-up credentials, where the contract wants them.

A server that takes any credential could not show that it looks at them, so it is given these two rows and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from orderbridge.server.security import schemes_of
from orderbridge.server.tokens import Token, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.contract.contract import Contract
    from orderbridge.server.security import Scheme


@dataclass(frozen=True)
class Caller:
    """One caller by name, with a credential that nobody else has."""

    name: str

    @property
    def credential(self) -> str:
        """A word in the alphabet of every scheme; the same in each run, so that a seed repeats it."""
        return sha256(f"orderbridge fuzz {self.name}".encode()).hexdigest()

    @property
    def token(self) -> Token:
        """The row that the server knows the caller by."""
        return Token(self.name, sha256(self.credential.encode()).hexdigest())

    def headers(self, contract: Contract) -> dict[str, str]:
        """Write the headers that show the credential to the operations of a contract."""
        return dict(_written(each, self.credential) for each in schemes(contract) if each.place != "query")


CALLERS: Final = (Caller("fuzz"), Caller("other"))
"""The first one makes the calls, the second one tries to see what is the first one's."""


def tokens() -> Tokens:
    """Give the rows of all callers."""
    return Tokens(tuple(each.token for each in CALLERS))


def users(contract: Contract) -> dict[str, Any]:
    """Write the callers as Schemathesis reads them: a Web Fuzzing Commons document, with the headers of each."""
    return {"auth": [{"name": each.name, "fixedHeaders": _rows(each.headers(contract))} for each in CALLERS]}


def schemes(contract: Contract) -> list[Scheme]:
    """Give the security schemes of the alternative that each operation is called by: headers rather than queries."""
    known = schemes_of(contract)
    chosen: dict[str, Scheme] = {}
    for operation in contract.operations.values():
        alternatives = [[known[name] for name in each] for each in operation.security if each]
        best = min(alternatives, key=lambda each: sum(one.place != "header" for one in each), default=[])
        chosen.update({one.name: one for one in best})
    return list(chosen.values())


def _written(scheme: Scheme, credential: str) -> tuple[str, str]:
    if scheme.place == "cookie":
        return "Cookie", f"{scheme.key}={credential}"
    return scheme.key.title(), f"{scheme.word.capitalize()} {credential}" if scheme.word else credential


def _rows(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def keys(contract: Contract) -> Iterable[str]:
    """Name the schemes that no header can serve, since they stand in the query."""
    return [each.name for each in schemes(contract) if each.place == "query"]
