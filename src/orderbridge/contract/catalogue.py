"""Which partners there are: the folders that come with orderbridge and those of the user.

A folder with an OpenAPI document is a partner; its name is the folder's. A leading underscore marks
contracts that are not partners (the hub, our own API).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orderbridge.contract import prepared
from orderbridge.contract.files import read_document
from orderbridge.errors import DocumentError, InputError, UnknownPartnerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.contract import Contract

DOCUMENTS: Final = ("openapi.yaml", "openapi.yml", "openapi.json")
MAPPING: Final = "mapping.yaml"

_PACKAGE: Final = Path(__file__).parent.parent
_PLACES: Final = (_PACKAGE / "_openapi", _PACKAGE.parent.parent / "openapi")
"""Where the built-in folders are: in an installed wheel, in a checkout."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One contract folder; `document` may belong to the folder that this one extends."""

    name: str
    folder: Path
    document: Path
    built_in: bool

    @property
    def is_partner(self) -> bool:
        """Whether it is a partner rather than one of our own contracts."""
        return not self.name.startswith("_")


@dataclass(frozen=True)
class Catalogue:
    """All known contract folders, each contract loaded when it is first asked for."""

    entries: dict[str, Entry]
    _loaded: dict[str, Contract] = field(default_factory=dict, repr=False, compare=False)

    @property
    def partners(self) -> list[Entry]:
        """The partners in the order of their names."""
        return sorted((entry for entry in self.entries.values() if entry.is_partner), key=lambda entry: entry.name)

    def entry(self, name: str) -> Entry:
        """Find a folder by name.

        Raises:
            UnknownPartnerError: there is none.

        """
        if name not in self.entries:
            raise UnknownPartnerError(name, (entry.name for entry in self.partners))
        return self.entries[name]

    def contract(self, name: str) -> Contract:
        """Load a contract, once.

        Raises:
            UnknownPartnerError: there is none of that name.
            DocumentError: its document cannot be used.

        """
        if name not in self._loaded:
            self._loaded[name] = _contract(self.entry(name))
        return self._loaded[name]


def _contract(entry: Entry) -> Contract:
    # One that extends a built-in partner without a document of its own has that one's document.
    is_ours = entry.document.parent.parent == built_in_folder()
    beforehand = prepared.find(entry.document, entry.name) if is_ours else None
    if beforehand is not None:
        return beforehand
    from orderbridge.contract.loading import load  # noqa: PLC0415 - not needed where all is prepared

    return load(entry.document, entry.name)


def catalogue(folders: Iterable[Path] = ()) -> Catalogue:
    """Find the built-in contracts and those in `folders` (a partner's folder, or a folder of them).

    Raises:
        InputError: a folder is not there or holds no contract.
        DocumentError: a folder takes the name of a built-in partner without extending it.

    """
    built_in = built_in_folder()
    entries = {
        folder.name: Entry(folder.name, folder, document, built_in=True)
        for folder in _listed(built_in)
        if (document := document_of(folder)) is not None
    }
    for candidate, base in _bases_first([each for folder in folders for each in _candidates(folder)]):
        entries[candidate.name] = _entry(candidate, base, entries)
    return Catalogue(entries)


def _bases_first(folders: Iterable[Path]) -> Iterator[tuple[Path, str | None]]:
    """Order folders, each with whom it extends, so that it comes after that one; a circle comes last, to be refused."""
    waiting = {folder: _extended(folder) for folder in folders}
    while waiting:
        names = {folder.name for folder in waiting}
        free = [folder for folder, base in waiting.items() if base not in names - {folder.name}]
        yield from ((folder, waiting[folder]) for folder in free or waiting)
        waiting = {folder: base for folder, base in waiting.items() if free and folder not in free}


def built_in_folder() -> Path:
    """Give the folder of the contracts that come with orderbridge.

    Raises:
        InputError: the installation lacks it.

    """
    for place in _PLACES:
        if place.is_dir():
            return place
    reason = "the contracts that come with orderbridge are missing from this installation"
    raise InputError(reason)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir())
    except OSError as error:
        reason = f"{folder} cannot be read: {error.strerror or error}"
        raise InputError(reason) from error


def document_of(folder: Path) -> Path | None:
    """Find the OpenAPI document of a folder."""
    return next((folder / name for name in DOCUMENTS if (folder / name).is_file()), None)


def _candidates(folder: Path) -> list[Path]:
    if not _is_folder(folder):
        reason = f"{str(folder)!r} is not a folder"
        raise InputError(reason)
    folder = folder.resolve()
    if _is_partner_folder(folder):
        return [folder]
    found = [child for child in _listed(folder) if not child.name.startswith(("_", ".")) and _is_partner_folder(child)]
    if not found:
        reason = f"{folder} holds no contract: neither it nor a folder in it has an {DOCUMENTS[0]}"
        raise InputError(reason)
    return found


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except (OSError, ValueError):  # no permission on the way to it; a NUL byte
        return False


def _is_partner_folder(folder: Path) -> bool:
    return document_of(folder) is not None or (folder / MAPPING).is_file()


def _entry(folder: Path, base: str | None, known: dict[str, Entry]) -> Entry:
    own = document_of(folder)
    if base is None and (own is None or folder.name in known):
        # Whoever needs a mapping says what is wrong with it; here that matters where nothing else tells what this is.
        base = _extended(folder, must_be_read=True)
    if base is not None and base not in known:
        raise DocumentError(f"it extends {base!r}, which is not known", file=str(folder / MAPPING))
    taken = known.get(folder.name)
    if taken is not None and base != taken.name:
        where = "built in" if taken.built_in else f"also {taken.folder}"
        reason = f"the name {folder.name!r} is taken ({where}); rename the folder, or let its mapping extend that one"
        raise DocumentError(reason, file=str(folder))
    document = own or (known[base].document if base is not None else None)
    if document is None:
        raise DocumentError(f"there is no {DOCUMENTS[0]}, and its mapping extends no partner", file=str(folder))
    return Entry(folder.name, folder, document, built_in=False)


def _extended(folder: Path, *, must_be_read: bool = False) -> str | None:
    """Say whom a folder's mapping extends; None too where it is no YAML, unless it must be read."""
    mapping = folder / MAPPING
    if not mapping.is_file():
        return None
    try:
        value = read_document(mapping).value
    except DocumentError:
        if must_be_read:
            raise
        return None
    base = value.get("extends") if isinstance(value, dict) else None
    return base if isinstance(base, str) else None
