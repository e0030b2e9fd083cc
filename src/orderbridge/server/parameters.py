"""The parameters of one operation: what was found clean before is not looked at again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orderbridge.server.fault import invalid
from orderbridge.validation.parameters import ParameterCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation

_MOST_KNOWN: Final = 1024
_LONGEST: Final = 1024

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Parameters:
    """Checks parameters. Callers say the same in their headers again and again; the verdict depends on nothing else."""

    rules: ParameterCheck
    headers: tuple[str, ...]
    has_cookies: bool
    _clean: set[Key] = field(default_factory=set, repr=False, compare=False)

    def check(self, path: Mapping[str, str], query: str, headers: Mapping[str, str]) -> None:
        """See to it that all parameters keep the contract.

        Raises:
            Fault: they do not.

        """
        key: Key = (query, *path.values(), *(headers.get(name) for name in self.headers))
        if key in self._clean:
            return
        cookies = cookies_of(headers.get("cookie", "")) if self.has_cookies else {}
        found = self.rules.check(path=path, query=query, headers=headers, cookies=cookies)
        errors = [each for each in found if each.severity == "error"]
        if errors:
            raise invalid(errors)
        self._keep(key)

    def _keep(self, key: Key) -> None:
        if sum(len(each or "") for each in key) > _LONGEST:
            return
        if len(self._clean) >= _MOST_KNOWN:
            self._clean.clear()
        self._clean.add(key)


def parameters_of(partner: Partner, operation: Operation) -> Parameters | None:
    """Compile the check of an operation's parameters; None where it has none."""
    if not operation.parameters:
        return None
    headers = [each.name.lower() for each in operation.parameters if each.location == "header"]
    has_cookies = any(each.location == "cookie" for each in operation.parameters)
    if has_cookies:
        headers.append("cookie")
    return Parameters(ParameterCheck(partner.contract, operation), tuple(headers), has_cookies)


def cookies_of(header: str) -> dict[str, str]:
    """Divide a `Cookie` header; the first of equal names counts."""
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, found, value = part.strip().partition("=")
        if found:
            cookies.setdefault(name, value)
    return cookies
