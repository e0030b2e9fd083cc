"""The folder a document came from: the only place its references may read.

Every file is opened once, must be a regular one, is bounded in size, and never lies outside the folder,
links followed first.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from orderbridge.errors import DocumentError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from orderbridge.yamltext import Document

MOST_BYTES: Final = 5 * 1024 * 1024

# A pipe without a writer would be waited for; where there is no such flag there are no such pipes.
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)


def read_bytes(path: Path, *, shown: str = "", most: int = MOST_BYTES) -> bytes:
    """Read a whole file that must be a regular one of bounded size.

    Raises:
        InputError: it cannot be read, or is a folder, a pipe or a device.
        DocumentError: it is larger than `most` bytes.

    """
    name = shown or str(path)
    try:
        data = _read(path, name, most)
    except IsADirectoryError as error:
        raise InputError(_folder(name)) from error
    except OSError as error:
        reason = f"{name} cannot be read: {error.strerror or error}"
        raise InputError(reason) from error
    except ValueError as error:  # a NUL byte
        reason = f"{name!r} is not a file name"
        raise InputError(reason) from error
    if len(data) > most:
        reason = f"larger than {most // (1024 * 1024)} MiB"
        raise DocumentError(reason, file=name)
    return data


def _read(path: Path, name: str, most: int) -> bytes:
    with open(path, "rb", opener=_open) as stream:
        kind = os.fstat(stream.fileno()).st_mode
        if stat.S_ISDIR(kind):
            raise InputError(_folder(name))
        if not stat.S_ISREG(kind):
            reason = f"{name} is not a regular file"
            raise InputError(reason)
        return stream.read(most + 1)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _AT_ONCE)


def _folder(name: str) -> str:
    return f"{name} is a folder, not a file"


def read_document(path: Path, *, shown: str = "") -> Document:
    """Read a YAML or JSON document (JSON by its ending `.json`).

    Raises:
        InputError: the file cannot be read.
        DocumentError: it is not acceptable YAML or JSON.

    """
    from orderbridge import yamltext  # noqa: PLC0415 - its library is large, and a prepared contract needs none

    name = shown or str(path)
    data = read_bytes(path, shown=name)
    read = yamltext.read_json if path.suffix.lower() == ".json" else yamltext.read
    return read(data, file=name)


class Folder:
    """One document's folder; files are named by their POSIX path relative to it."""

    def __init__(self, document: Path) -> None:
        """Take the folder of the root document."""
        try:
            self.path = document.parent.resolve()
        except (OSError, ValueError, RuntimeError) as error:
            reason = f"{str(document)!r} is not a file name"
            raise InputError(reason) from error
        self.document = document.name
        self.named: set[str] = set()
        self._root = document
        self._documents: dict[str, Document] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Another process reads the documents itself: they hold functions that find places."""
        return {**self.__dict__, "_documents": {}}

    def inside(self, reference: str, base: str = "") -> str:
        """Give the file that a reference in file `base` names, and remember that it was named.

        Raises:
            DocumentError: it is a URL, absolute, or outside the folder; without a place.

        """
        name = unquote(reference)
        if ":" in name or name.startswith(("/", "\\")):
            reason = f"{reference!r} is not a file of the document's folder"
            raise DocumentError(reason)
        start = (self.path / base).parent if base else self.path
        try:
            target = (start / name).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            reason = f"{reference!r} is not a file name"
            raise DocumentError(reason) from error
        if not target.is_relative_to(self.path):
            reason = f"{reference!r} lies outside the document's folder"
            raise DocumentError(reason)
        found = target.relative_to(self.path).as_posix()
        self.named.add(found)
        return found

    def file(self, name: str) -> Path:
        """Give the path of a file of the folder."""
        return self._root if name == self.document else self.path / name

    def shown(self, name: str) -> str:
        """Give a file's path as the user would write it."""
        return str(self._root.parent / name) if name else str(self._root)

    def read(self, name: str) -> Document:
        """Read a document of the folder, once.

        Raises:
            InputError: the file cannot be read.
            DocumentError: it is not acceptable YAML or JSON.

        """
        if name not in self._documents:
            self._documents[name] = read_document(self.file(name), shown=self.shown(name))
        return self._documents[name]
