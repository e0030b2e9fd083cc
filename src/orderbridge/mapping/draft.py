"""A mapping file as it was written: every line with its place, what it extends laid under it.

Nothing is interpreted here beyond the parts that a file has; `reading` does that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NoReturn

from orderbridge import pointer, yamltext
from orderbridge.contract.files import read_bytes
from orderbridge.errors import DocumentError, UnknownPartnerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from orderbridge.yamltext import Document

Lines = dict[str, "Raw"]

HEAD: Final = ("map", "partner", "version", "hub", "extends", "identity", "context", "only", "money", "slot", "blank")
SECTIONS: Final = ("request", "response", "headers")
_MEMBERS: Final = (*HEAD, "shapes", "tables", "errors", *SECTIONS)
_NOTATION: Final = "1"
_ONLY: Final = {"hub": "order/1", "blank": "absent"}
"""Members of the head that can say one thing only."""
_NUMBER: Final = re.compile("[0-9]{1,18}")
_SHOWN: Final = 40
_LISTED: Final = 20
_HEADER: Final = re.compile("^(?:`[^`]*`|[^.`]+)")
"""The first step of a path."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A value of a mapping file and where it stands."""

    value: Any
    where: str
    document: Document = field(repr=False, compare=False)

    @property
    def file(self) -> str:
        """The file as people know it."""
        return self.document.file

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.document.place(self.where)[0]

    def refuse(self, reason: str) -> NoReturn:
        """Refuse the mapping for what stands here."""
        line, column = self.document.place(self.where)
        raise DocumentError(reason, file=self.file, line=line, column=column)

    def at(self, name: str | int) -> Raw:
        """Go to a member or element."""
        return Raw(self.value[name], f"{self.where}/{pointer.escape(str(name))}", self.document)

    def members(self, what: str) -> Lines:
        """Give the members of what has to be a map."""
        if not isinstance(self.value, dict):
            self.refuse(f"{what} has to be a map")
        return {name: self.at(name) for name in self.value}

    def elements(self, what: str) -> list[Raw]:
        """Give the elements of what has to be a list; a single value counts as a list of one."""
        if not isinstance(self.value, list):
            return [self] if isinstance(self.value, str) else self.refuse(f"{what} has to be a list")
        return [self.at(index) for index in range(len(self.value))]

    def text(self, what: str) -> str:
        """Give what has to be a text."""
        if not isinstance(self.value, str) or not self.value:
            self.refuse(f"{what} has to be a text")
        return str(self.value)

    def flag(self, what: str) -> bool:
        """Give what has to be true or false."""
        if not isinstance(self.value, bool):
            self.refuse(f"{what} has to be true or false")
        return bool(self.value)

    def number(self, what: str) -> int:
        """Give what has to be a number, written in digits."""
        text = self.text(what)
        if not _NUMBER.fullmatch(text):
            self.refuse(f"{what} has to be a number, not {text[:_SHOWN]!r}")
        return int(text)

    def word(self, what: str, words: Iterable[str]) -> str:
        """Give a text that has to be one of some words."""
        known = list(words)
        text = self.text(what)
        if text not in known:
            self.refuse(f"{what} cannot be {text!r}{suggestion(text, known)}")
        return text


@dataclass(frozen=True)
class Draft:
    """One mapping file with what it extends: `base` is the partner at the bottom of that."""

    name: str
    file: Path
    sha256: str
    root: Raw
    head: Lines
    shapes: dict[str, Lines]
    tables: dict[str, list[Raw]]
    sections: dict[str, Lines]
    statuses: Lines
    errors: Lines


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say what was probably meant, or what there is."""
    names = sorted(known)
    close = get_close_matches(word, names, n=2, cutoff=0.6)
    if close:
        return f"; did you mean {' or '.join(repr(each) for each in close)}?"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"; it can be {', '.join(names[:_LISTED])}{more}" if names else ""


def read_draft(file: Path, find: Callable[[str], Path]) -> Draft:
    """Read a mapping file; `find` gives the file of the partner that it extends.

    Raises:
        DocumentError: it cannot be read, or extends itself.
        InputError: a file cannot be opened.

    """
    return _read(file, find, ())


def _read(file: Path, find: Callable[[str], Path], above: tuple[Path, ...]) -> Draft:
    shown = f"{file.parent.name}/{file.name}"
    data = read_bytes(file, shown=shown)
    document = yamltext.read(data, file=shown, strict=True)
    root = Raw(document.value, "", document)
    members = root.members("a mapping")
    for name, raw in members.items():
        if name not in _MEMBERS:
            raw.refuse(f"a mapping has no member {name!r}{suggestion(name, _MEMBERS)}")
    if "map" not in members or members["map"].value != _NOTATION:
        members.get("map", root).refuse("a mapping begins with `map: 1`, the version of its notation")
    for name, value in _ONLY.items():
        if name in members:
            members[name].word(f"`{name}`", (value,))
    own = _own(file, sha256(data).hexdigest(), root, members)
    if "extends" not in members:
        return own
    return _laid(own, _read(_base(members["extends"], find, (*above, file)), find, (*above, file)))


def _base(raw: Raw, find: Callable[[str], Path], above: tuple[Path, ...]) -> Path:
    """Find the file that a mapping extends."""
    name = raw.text("`extends`")
    try:
        file = find(name)
    except UnknownPartnerError as error:
        raw.refuse(str(error))
    if file in above:
        raw.refuse("a mapping cannot extend itself")
    if not file.is_file():
        raw.refuse(f"{name} has no mapping that could be extended")
    return file


def _own(file: Path, digest: str, root: Raw, members: Lines) -> Draft:
    errors = members["errors"].members("`errors`") if "errors" in members else {}
    for name, raw in errors.items():
        if name not in {"status", "body"}:
            raw.refuse(f"`errors` has no member {name!r}; it can be body, status")
    return Draft(
        name=file.parent.name,
        file=file,
        sha256=digest,
        root=root,
        head={name: members[name] for name in HEAD if name in members},
        shapes={name: raw.members(f"the shape {name!r}") for name, raw in _members(members, "shapes").items()},
        tables={name: _rows(raw) for name, raw in _members(members, "tables").items()},
        sections={name: _lines(members, name) for name in SECTIONS},
        statuses=errors["status"].members("`errors.status`") if "status" in errors else {},
        errors=errors["body"].members("`errors.body`") if "body" in errors else {},
    )


def _lines(members: Lines, name: str) -> Lines:
    """Give the lines of a section; names of headers have no case, what stands inside of a header does."""
    lines = _members(members, name)
    if name != "headers":
        return lines
    found: Lines = {}
    for path, raw in lines.items():
        lower = _HEADER.sub(lambda match: match[0].lower(), path)
        if lower in found:
            raw.refuse(f"the header {lower!r} stands twice: names of headers have no case")
        found[lower] = raw
    return found


def _members(members: Lines, name: str) -> Lines:
    return members[name].members(f"`{name}`") if name in members else {}


def _rows(raw: Raw) -> list[Raw]:
    """Read a table as rows; the short form is a map from the partner's value to the hub's."""
    if isinstance(raw.value, list):
        return [raw.at(index) for index in range(len(raw.value))]
    return [
        Raw({"from": name, "to": row.value}, row.where, row.document) for name, row in raw.members("a table").items()
    ]


def _laid(own: Draft, base: Draft) -> Draft:
    """Lay a file over the one that it extends."""
    return replace(
        own,
        sha256=sha256(f"{base.sha256} {own.sha256}".encode()).hexdigest(),
        head={**base.head, **own.head},
        shapes={
            name: _merged(base.shapes.get(name, {}), own.shapes.get(name, {})) for name in {**base.shapes, **own.shapes}
        },
        tables={
            name: _merged_rows(base.tables.get(name, []), own.tables.get(name, []))
            for name in {**base.tables, **own.tables}
        },
        sections={name: _merged(base.sections[name], own.sections[name]) for name in SECTIONS},
        statuses=_merged(base.statuses, own.statuses),
        errors=_merged(base.errors, own.errors),
    )


def _merged(base: Lines, own: Lines) -> Lines:
    """Replace lines of the same path, and take out what is null; what is not there cannot be taken out."""
    for path, raw in own.items():
        if raw.value is None and path not in base:
            raw.refuse(f"there is no line {path!r} to take out{suggestion(path, base)}")
    return {path: raw for path, raw in {**base, **own}.items() if raw.value is not None}


def _merged_rows(base: list[Raw], own: list[Raw]) -> list[Raw]:
    """Replace the rows of the same partner value; a row that means null is taken out."""
    known = {_from(row): str(row.value.get("from")) for row in base if isinstance(row.value, dict)}
    for row in own:
        if _is_taken_out(row) and _from(row) not in known:
            name = str(row.value.get("from"))
            row.refuse(f"there is no row {name!r} to take out{suggestion(name, known.values())}")
    replaced = {_from(row) for row in own}
    kept = [row for row in base if _from(row) not in replaced]
    return [*kept, *(row for row in own if not _is_taken_out(row))]


def _is_taken_out(row: Raw) -> bool:
    return isinstance(row.value, dict) and row.value.get("to", "") is None


def _from(row: Raw) -> str:
    return repr(row.value.get("from")) if isinstance(row.value, dict) else ""
