"""Which methods a path has, asked before anything else: what is unknown ends here, and HEAD and OPTIONS are answered.

The framework routes; it has no single answer to "which methods does this path have", which 405 and OPTIONS need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.contract.contract import Contract

_PARAMETER: Final = re.compile(r"\{[^{}]+\}")
_KEPT: Final = re.compile(r"%(2[5fFcC]|3[bBdD])")
"""What would be taken for something else: a percent sign, a slash, and what divides the values of a segment."""


@dataclass(frozen=True)
class Paths:
    """The methods of every path: fixed ones in a table, templates as patterns."""

    fixed: dict[str, frozenset[str]]
    templates: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = field(repr=False)

    def methods(self, path: str) -> frozenset[str] | None:
        """Give the methods of a path in upper case; None where there is no such path.

        Several templates may fit it: `/jobs/{id}` and `/jobs/{id}:cancel`, or two that only name a parameter otherwise.
        """
        fixed = self.fixed.get(path)
        if fixed is not None:
            return fixed
        found = [methods for pattern, methods in self.templates if pattern.fullmatch(path)]
        return frozenset().union(*found) if found else None


def paths_of(contracts: Iterable[tuple[str, Contract]]) -> Paths:
    """Collect the paths of contracts, each under its prefix."""
    methods: dict[str, set[str]] = {}
    for prefix, contract in contracts:
        for operation in contract.operations.values():
            methods.setdefault(f"{prefix}{operation.path}", set()).add(operation.method.upper())
    fixed = {path: _complete(each) for path, each in methods.items() if "{" not in path}
    templates = tuple((_pattern(path), _complete(each)) for path, each in methods.items() if "{" in path)
    return Paths(fixed, templates)


def routed(raw: bytes) -> str:
    """Decode a path as it came, but for what means something in it: whoever reads a parameter decodes that.

    A slash in an id would divide the path, and an id that was decoded twice would be another one.
    """
    path = raw.decode("latin-1")
    return unquote(_KEPT.sub(r"%25\1", path)) if "%" in path else path


def _complete(methods: set[str]) -> frozenset[str]:
    return frozenset({*methods, "OPTIONS", *(("HEAD",) if "GET" in methods else ())})


def _pattern(path: str) -> re.Pattern[str]:
    fixed = [re.escape(part) for part in _PARAMETER.split(path)]
    return re.compile("[^/]+".join(fixed))


def allow(methods: frozenset[str]) -> tuple[bytes, bytes]:
    """Write the `Allow` header."""
    return b"allow", ", ".join(sorted(methods)).encode()
