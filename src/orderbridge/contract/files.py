"""The folder a document came from: the only place its references may read.

Every file is opened once, bounded in size, and never outside the folder, links followed first.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from orderbridge import yamltext
from orderbridge.errors import DocumentError, InputError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 5 * 1024 * 1024


def read_bytes(path: Path, *, shown: str = "", most: int = MOST_BYTES) -> bytes:
    """Read a whole file that must be a regular one of bounded size.

    Raises:
        InputError: it cannot be read.
        DocumentError: it is larger than `most` bytes.

    """
    name = shown or str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except IsADirectoryError as error:
        reason = f"{name} is a folder, not a file"
        raise InputError(reason) from error
    except OSError as error:
        reason = f"{name} cannot be read: {error.strerror or error}"
        raise InputError(reason) from error
    if len(data) > most:
        reason = f"larger than {most // (1024 * 1024)} MiB"
        raise DocumentError(reason, file=name)
    return data


def read_document(path: Path, *, shown: str = "") -> yamltext.Document:
    """Read a YAML or JSON document (JSON by its ending `.json`).

    Raises:
        InputError: the file cannot be read.
        DocumentError: it is not acceptable YAML or JSON.

    """
    name = shown or str(path)
    data = read_bytes(path, shown=name)
    read = yamltext.read_json if path.suffix.lower() == ".json" else yamltext.read
    return read(data, file=name)


class Folder:
    """One document's folder; files are named by their POSIX path relative to it."""

    def __init__(self, document: Path) -> None:
        """Take the folder of the root document."""
        self.path = document.parent.resolve()
        self.document = document.name
        self._root = document
        self.read = cache(self._read)

    def inside(self, reference: str, base: str = "") -> str:
        """Give the file that a reference in file `base` names.

        Raises:
            DocumentError: it is a URL, absolute, or outside the folder.

        """
        name = unquote(reference)
        if ":" in name or name.startswith(("/", "\\")):
            reason = f"{reference!r} is not a file of the document's folder"
            raise DocumentError(reason, file=self.shown(base))
        start = (self.path / base).parent if base else self.path
        try:
            target = (start / name).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            reason = f"{reference!r} is not a file name"
            raise DocumentError(reason, file=self.shown(base)) from error
        if not target.is_relative_to(self.path):
            reason = f"{reference!r} lies outside the document's folder"
            raise DocumentError(reason, file=self.shown(base))
        return target.relative_to(self.path).as_posix()

    def shown(self, name: str) -> str:
        """Give a file's path as the user would write it."""
        return str(self._root.parent / name) if name else str(self._root)

    def _read(self, name: str) -> yamltext.Document:
        path = self._root if name == self.document else self.path / name
        try:
            return read_document(path, shown=self.shown(name))
        except InputError as error:
            raise DocumentError(str(error), file=self.shown(name)) from error
