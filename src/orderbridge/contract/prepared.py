"""The contracts that come with orderbridge, read, checked and bundled beforehand: one JSON file each.

Reading YAML and checking a document whole takes longer than everything else that a command does before its first
message. A prepared contract names every file that it was made from with its hash; where one differs it is passed over,
and the document is read as anybody's would be.
"""

from __future__ import annotations

from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.contract.contract import Contract
from orderbridge.contract.operations import read_operations

if TYPE_CHECKING:
    from orderbridge.contract.origins import Origins

_PACKAGE: Final = Path(__file__).parent.parent
_PLACES: Final = (_PACKAGE / "_prepared", _PACKAGE.parent.parent / "generated" / "prepared")
"""Where they are: in an installed wheel, in a checkout."""


def file_of(document: Path) -> Path | None:
    """Give where the prepared form of a built-in contract belongs; None in an installation that has no place for it."""
    return next((place / f"{document.parent.name}.json" for place in _PLACES if place.is_dir()), None)


def write(contract: Contract) -> bytes:
    """Write a contract that was loaded from its document.

    Raises:
        OSError: a file that it was made from is gone.

    """
    origins = contract.origins
    named = origins.folder.named if origins is not None else set()
    files = {name: _hash(contract.folder / name) for name in sorted({contract.file.name, *named})}
    return jsontext.write({"files": files, "document": contract.document}) + b"\n"


def find(document: Path, name: str) -> Contract | None:
    """Find the prepared form of a built-in contract; None where it is missing, or older than what it is made from."""
    file = file_of(document)
    value = _read(file) if file is not None and file.is_file() else None
    if value is None or not all(_is_as_it_was(document.parent / each, was) for each, was in value["files"].items()):
        return None
    whole: dict[str, Any] = value["document"]
    sources = partial(_sources, document, name)
    return Contract(name, whole, read_operations(whole), document.parent, document, sources=sources)


@cache
def _sources(document: Path, name: str) -> Origins | None:
    from orderbridge.contract.loading import load  # noqa: PLC0415 - who asks has time to read the document

    return load(document, name).origins


def _read(file: Path) -> Any:
    value, problems = jsontext.read(file.read_bytes())
    return value if not problems else None


def _is_as_it_was(file: Path, was: str) -> bool:
    return file.is_file() and _hash(file) == was


def _hash(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
