"""Who may call: the rows of a tokens file, found by a credential without a clock that tells anything.

A credential is hashed as the file has it, and that hash is keyed with a secret of the process before it is looked up:
how long a look-up takes depends on nothing that a caller can choose.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract.files import read_document
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MEMBERS: Final = frozenset({"name", "sha256", "partners", "kind", "origins"})
_KINDS: Final = ("private", "public")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
_ORIGIN: Final = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Token:
    """One row: who calls with this credential, where, and from which pages."""

    name: str
    sha256: str
    partners: frozenset[str] | None = None
    kind: str = "private"
    origins: tuple[str, ...] = ()

    def is_for(self, partner: str) -> bool:
        """Tell whether the credential is good for a partner's API; our own is everybody's."""
        return self.partners is None or partner in self.partners or partner.startswith("_")

    def is_from(self, origin: str | None) -> bool:
        """Tell whether a call from a page of an origin may use it; private ones come from anywhere."""
        if self.kind == "private":
            return True
        return origin is not None and any(_matches(each, origin.lower()) for each in self.origins)


@dataclass(frozen=True)
class Tokens:
    """All rows, by the keyed hash of their credentials."""

    rows: tuple[Token, ...]
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False, compare=False)
    _by_hash: Mapping[bytes, Token] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Key the hashes of the rows."""
        object.__setattr__(self, "_by_hash", {self._keyed(each.sha256): each for each in self.rows})

    def find(self, credential: str) -> Token | None:
        """Find the row of a credential."""
        digest = sha256(credential.encode()).hexdigest()
        found = self._by_hash.get(self._keyed(digest))
        return found if found is not None and compare_digest(found.sha256, digest) else None

    def _keyed(self, digest: str) -> bytes:
        return blake2b(digest.encode(), key=self._key, digest_size=32).digest()


def read_tokens(path: Path) -> Tokens:
    """Read a tokens file: YAML or JSON, a list of rows.

    Raises:
        InputError: it cannot be read.
        DocumentError: it is not acceptable YAML or JSON, or a row is not of the documented form.

    """
    value = read_document(path).value
    if not isinstance(value, list) or not value:
        raise DocumentError("a tokens file is a list of rows {name, sha256, partners, kind, origins}", file=str(path))
    rows = tuple(_row(each, f"/{index}", str(path)) for index, each in enumerate(value))
    for member in ("name", "sha256"):
        twice = _twice(getattr(each, member) for each in rows)
        if twice is not None:
            what = f"the name {twice!r}" if member == "name" else "a sha256"
            raise DocumentError(f"{what} stands in two rows", file=str(path))
    return Tokens(rows)


def _row(value: Any, pointer: str, file: str) -> Token:
    def refuse(why: str) -> DocumentError:
        return DocumentError(why, file=file, pointer=pointer)

    if not isinstance(value, Mapping):
        raise refuse("a row is an object {name, sha256, partners, kind, origins}")
    strange = sorted(set(value) - _MEMBERS)
    if strange:
        raise refuse(f"a row has no {strange[0][:50]!r}; it has {', '.join(sorted(_MEMBERS))}")
    if not _is(_NAME, value.get("name")):
        raise refuse("name is 1 to 100 letters, digits and . _ @ -")
    if not _is(_DIGEST, value.get("sha256")):
        raise refuse("sha256 is the SHA-256 of the credential in 64 lower-case hex digits, not the credential")
    kind, origins, partners = value.get("kind", "private"), value.get("origins", []), value.get("partners")
    if kind not in _KINDS:
        raise refuse(f"kind is one of {', '.join(_KINDS)}")
    if not isinstance(origins, list) or not all(_is(_ORIGIN, each) for each in origins):
        raise refuse("origins are like https://shop.example or https://*.shop.example")
    if (kind == "public") != bool(origins):
        raise refuse("a public token has origins, and only a public one")
    if partners is not None and not (isinstance(partners, list) and all(isinstance(each, str) for each in partners)):
        raise refuse("partners is a list of names; without it the row is for all")
    return Token(
        value["name"],
        value["sha256"],
        frozenset(partners) if partners is not None else None,
        kind,
        tuple(each.lower() for each in origins),
    )


def _is(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _twice(values: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _matches(allowed: str, origin: str) -> bool:
    """Compare origins exactly; `*.` in the place of the first labels of a host stands for any subdomain."""
    scheme, _, host = allowed.partition("://*.")
    if not host:
        return allowed == origin
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{host}") and "/" not in origin[len(scheme) + 3 :]
