"""A file becomes a contract, or a clear refusal with file, line and reason.

Loading a misspelt contract and then accepting everything would be the worst fault of a validator, so a
document is checked whole before anything is read from it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract import references, semantics
from orderbridge.contract.bundling import bundle
from orderbridge.contract.conformance import Flaw, flaws
from orderbridge.contract.contract import Contract
from orderbridge.contract.files import Folder
from orderbridge.contract.operations import read_operations
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.contract.origins import Origins
    from orderbridge.yamltext import Document

_SUPPORTED: Final = "3.0."


def load(path: Path, name: str) -> Contract:
    """Read a contract from its OpenAPI 3.0 document (YAML or JSON).

    Raises:
        InputError: the document cannot be read.
        DocumentError: it, or a file it refers to, cannot be used.

    """
    folder = Folder(path)
    source = folder.read(folder.document)
    _check_version(source, str(path))
    bundled = bundle(source.value, folder)
    _check_shape(bundled.document, bundled.origins)
    for where, reason in _faults(bundled.document):
        raise _refused(where, reason, bundled.origins)
    document, sources = bundled.document, partial(_known, bundled.origins)
    return Contract(name, document, read_operations(document), path.parent, path, sources=sources)


def _known(origins: Origins) -> Origins:
    return origins


def _check_version(source: Document, file: str) -> None:
    document = source.value
    if not isinstance(document, dict):
        raise DocumentError("not an OpenAPI document: the whole is not a mapping", file=file, line=1, column=1)
    member = "openapi" if "openapi" in document else "swagger"
    if member not in document:
        raise DocumentError("not an OpenAPI document: there is no member 'openapi'", file=file, line=1, column=1)
    version = document[member]
    if isinstance(version, str) and version.startswith(_SUPPORTED) and member == "openapi":
        return
    line, column = source.place(f"/{member}")
    shown = str(version)[:20] if not isinstance(version, (dict, list)) else "of an unknown version"
    name = "OpenAPI" if member == "openapi" else "Swagger"
    reason = f"this is {name} {shown}; orderbridge reads 3.0.x, written as '3.0.3'"
    raise DocumentError(reason, file=file, line=line, column=column, pointer=f"/{member}")


def _check_shape(document: dict[str, Any], origins: Origins) -> None:
    """Refuse for the fault that explains most: a misspelt name, else the first in the text."""
    found = flaws(document)
    if not found:
        return

    def weight(flaw: Flaw) -> tuple[bool, str, int, int]:
        place = origins.place(flaw.pointer)
        return not flaw.is_misspelling, place.file, place.line, place.column

    worst = min(found, key=weight)
    raise _refused(worst.pointer, worst.reason, origins)


def _faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pointer and reason of what makes a document of the right shape unusable."""
    yield from references.check_all(document)
    yield from semantics.check(document)


def _refused(where: str, reason: str, origins: Origins) -> DocumentError:
    place = origins.place(where)
    return DocumentError(reason, file=place.file, line=place.line, column=place.column, pointer=place.pointer)
