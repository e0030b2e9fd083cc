"""Where each part of a bundled document was written: its file, line and column.

Bundling moves what other files hold into one document. Whoever finds fault with that document has to
name the place where a person can mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderbridge import jsontext, pointer
from orderbridge.contract.files import read_bytes
from orderbridge.errors import DocumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderbridge.contract.files import Folder

Origin = tuple[str, str]
"""A file of the folder, and the pointer in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as a person finds it; line and column count from 1."""

    file: str
    line: int
    column: int
    pointer: str


@dataclass(frozen=True)
class Origins:
    """The files of one bundled document, and what of it was written elsewhere than it stands.

    `moved` maps pointers of the bundled document to where the whole below them was written.
    """

    folder: Folder
    moved: Mapping[tuple[str, ...], Origin]

    def of(self, tokens: Iterable[str | int]) -> Origin:
        """Tell where a part was written: by the nearest parent that was moved."""
        path = tuple(str(token) for token in tokens)
        for length in range(len(path), 0, -1):
            origin = self.moved.get(path[:length])
            if origin is not None:
                return origin[0], origin[1] + pointer.join(path[length:])
        return self.folder.document, pointer.join(path)

    def place(self, where: str) -> Place:
        """Find the line and column of a part, or of its nearest parent that exists."""
        return self.place_in(*self.of(pointer.split(where)))

    def place_in(self, file: str, where: str) -> Place:
        """Find line and column of a pointer in one of the files."""
        line, column = self._finder(file)(where)
        return Place(self.folder.shown(file), line, column, where)

    def _finder(self, file: str) -> Callable[[str], tuple[int, int]]:
        if file.endswith(".json") and file != self.folder.document:
            return lambda where: _in_text(self._text(file), where)
        try:
            return self.folder.read(file).place
        except (DocumentError, InputError):
            return lambda _: (1, 1)

    def _text(self, file: str) -> str:
        return read_bytes(self.folder.file(file)).decode(errors="replace")


def _in_text(text: str, where: str) -> tuple[int, int]:
    """Find a value of a JSON file; example files nest deeper than documents may."""
    tokens = pointer.split(where)
    parents = [pointer.join(tokens[:length]) for length in range(len(tokens), -1, -1)]
    places = jsontext.locate(text, parents)
    nearest = next((places[parent] for parent in parents if parent in places), None)
    return (nearest.line, nearest.column) if nearest else (1, 1)
