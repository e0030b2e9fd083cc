"""A document spread over the files of a folder becomes one document that refers to itself only.

What other files hold becomes a component, referenced path items and example files are put in place.
Nothing is fetched, nothing outside the folder is read, and `Origins` remembers where all of it was written.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import unquote

from orderbridge import jsontext, pointer
from orderbridge.contract.files import read_bytes
from orderbridge.contract.origins import Origins
from orderbridge.contract.references import SECTIONS, to
from orderbridge.contract.shape import Kind, Node, rewrite, walk
from orderbridge.errors import DocumentError, InputError

if TYPE_CHECKING:
    from orderbridge.contract.files import Folder
    from orderbridge.contract.origins import Origin

MOST_TAKEN: Final = 5_000
"""References into other files of one document."""
_MOST_NESTED_ITEMS: Final = 5
_COMPONENT: Final = re.compile(r"[A-Za-z0-9._-]+")
_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_DOCUMENT_ENDINGS: Final = (".json", ".yaml", ".yml")

Taken = tuple[Kind, str, str]
"""What stands at a pointer of a file, read as an object of a kind."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One self-contained document, and where its parts come from."""

    document: dict[str, Any]
    origins: Origins


def bundle(document: dict[str, Any], folder: Folder) -> Bundle:
    """Return the document with all it references in its folder as own components and values.

    Raises:
        DocumentError: a reference leaves the folder, leads nowhere or to something of another kind; or a
            file that it names cannot be used.

    """
    return _Bundler(document, folder).run()


class _Bundler:
    """The growing document while foreign objects are taken over, each once."""

    def __init__(self, document: dict[str, Any], folder: Folder) -> None:
        self.document = document
        self.folder = folder
        self.kinds = {pointer.join(node.tokens): node.kind for node in walk(document)}
        self.moved: dict[tuple[str, ...], Origin] = {}
        self.origins = Origins(folder, self.moved)
        self.names: dict[Taken, str] = {}
        self.added: dict[str, dict[str, Any]] = {}
        # A queue, because files that refer to each other would otherwise exhaust the stack.
        self.pending: deque[Taken] = deque()

    def run(self) -> Bundle:
        document = rewrite(self.document, self._visit)
        while self.pending:
            taken = self.pending.popleft()
            kind, file, where = taken
            section, name = SECTIONS[kind], self.names[taken]
            value = pointer.get(self._whole(file), where)
            self.added[section][name] = rewrite(value, self._visit, kind, ("components", section, name))
        return Bundle(self._with_added(document), self.origins)

    def _with_added(self, document: dict[str, Any]) -> dict[str, Any]:
        components = document.get("components", {})
        if not self.added or not isinstance(components, dict):
            return document
        merged = dict(components)
        for section, entries in self.added.items():
            own = merged.get(section, {})
            if isinstance(own, dict):  # what is none is refused soon, and is no place to add to
                merged[section] = {**own, **entries}
        return {**document, "components": merged}

    def _visit(self, node: Node) -> Any:
        value = node.value
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return self._path_item(node) if node.kind == "path item" else self._localised(node)
        if node.kind == "example" and "externalValue" in value:
            return self._inlined(node)
        if node.kind == "schema" and isinstance(value.get("discriminator"), dict):
            return self._mapped(node)
        return value

    # References

    def _localised(self, node: Node) -> Any:
        if node.kind not in SECTIONS:
            self._refuse(f"a $ref cannot stand for {_named(node.kind)}", node, "$ref")
        return {**node.value, "$ref": self._local(node.value["$ref"], node, "$ref")}

    def _local(self, reference: Any, node: Node, *member: str) -> str:
        """Give the reference into the bundled document that stands for a reference as it was written."""
        kind = node.kind
        file, where = self._target(reference, node, *member)
        if file == self.folder.document:
            there = self.kinds.get(where)
            if there == kind:
                return str(reference) if str(reference).startswith("#") else to(where)
            if there is not None:
                self._refuse(f"the reference leads to {_named(there)} instead of {_named(kind)}", node, *member)
        return to(pointer.join(["components", SECTIONS[kind], self._taken((kind, file, where), node, *member)]))

    def _target(self, reference: Any, node: Node, *member: str) -> Origin:
        """Find the file and pointer that a reference means; something is there."""
        if not isinstance(reference, str):
            self._refuse("a $ref is a string", node, *member)
        base, _ = self.origins.of(node.tokens)
        name, _, fragment = reference.partition("#")
        try:
            file = self.folder.inside(name, base) if name else base
            where = unquote(fragment)
            pointer.get(self._whole(file), where)
        except InputError as error:
            self._refuse(f"the reference {reference!r} leads nowhere ({error})", node, *member)
        except DocumentError as error:
            if error.file:
                raise
            self._refuse(error.reason, node, *member)
        except (LookupError, ValueError):
            self._refuse(f"the reference {reference!r} leads nowhere", node, *member)
        return file, where

    def _whole(self, file: str) -> Any:
        return self.document if file == self.folder.document else self.folder.read(file).value

    def _taken(self, taken: Taken, node: Node, *member: str) -> str:
        """Give the component name of something that is written elsewhere."""
        if taken in self.names:
            return self.names[taken]
        if len(self.names) >= MOST_TAKEN:
            self._refuse(f"more than {MOST_TAKEN:,} references into other files", node, *member)
        kind, file, where = taken
        section = SECTIONS[kind]
        name = self._free_name(section, (pointer.split(where) or [PurePosixPath(file).stem])[-1])
        self.names[taken] = name
        self.added.setdefault(section, {})[name] = {}
        self.moved["components", section, name] = (file, where)
        self.pending.append(taken)
        return name

    def _free_name(self, section: str, wanted: str) -> str:
        stem = "".join(char if _COMPONENT.fullmatch(char) else "_" for char in wanted) or "part"
        components = self.document.get("components")
        own = components.get(section) if isinstance(components, dict) else None
        name, number = stem, 2
        while name in self.added.get(section, ()) or (isinstance(own, dict) and name in own):
            name, number = f"{stem}_{number}", number + 1
        return name

    def _mapped(self, node: Node) -> Any:
        """Make the references of a discriminator's mapping local; bare names are component names."""
        discriminator = node.value["discriminator"]
        mapping = discriminator.get("mapping")
        if not isinstance(mapping, dict):
            return node.value
        local = {tag: self._mapping_target(target, node, tag) for tag, target in mapping.items()}
        return {**node.value, "discriminator": {**discriminator, "mapping": local}}

    def _mapping_target(self, target: Any, node: Node, tag: str) -> Any:
        if not isinstance(target, str):
            return target
        member = ("discriminator", "mapping", tag)
        if not _COMPONENT.fullmatch(target) or target.endswith(_DOCUMENT_ENDINGS):
            return self._local(target, node, *member)
        base, _ = self.origins.of(node.tokens)
        named = f"/components/schemas/{target}"
        try:
            pointer.get(self._whole(base), named)
        except LookupError:
            return target
        return target if base == self.folder.document else self._local(f"#{named}", node, *member)

    # Path items

    def _path_item(self, node: Node) -> Any:
        """Put what a path item refers to in its place; members beside the reference win."""
        tokens = tuple(map(str, node.tokens))
        above = [self.moved[tokens[:length]] for length in range(2, len(tokens)) if tokens[:length] in self.moved]
        value = node.value
        seen: list[Origin] = []
        origin = self.origins.of(tokens)
        while "$ref" in value:
            target = self._target(value["$ref"], node, "$ref")
            found = pointer.get(self._whole(target[0]), target[1])
            if target in seen or target in above or len(above) + len(seen) > _MOST_NESTED_ITEMS:
                self._refuse("this path item contains itself, or the references are nested too deep", node, "$ref")
            if not isinstance(found, dict):
                self._refuse(f"the reference leads to something that is not {_named('path item')}", node, "$ref")
            seen.append(target)
            beside = {member: entry for member, entry in value.items() if member != "$ref"}
            for member in beside:
                self.moved.setdefault((*tokens, member), (origin[0], f"{origin[1]}/{pointer.escape(member)}"))
            origin = self.moved[tokens] = target
            value = {**found, **beside}
        return value

    # Example files

    def _inlined(self, node: Node) -> Any:
        """Put the content of an example file into the document, as every other tool wants it."""
        reference = node.value["externalValue"]
        if not isinstance(reference, str) or _URL.match(reference):
            return node.value
        base, _ = self.origins.of(node.tokens)
        try:
            file = self.folder.inside(reference, base)
            value = _example(self.folder, file)
        except InputError as error:
            self._refuse(str(error), node, "externalValue")
        except DocumentError as error:
            if error.file:
                raise
            self._refuse(error.reason, node, "externalValue")
        kept = {key: entry for key, entry in node.value.items() if key != "externalValue"}
        self.moved[*map(str, node.tokens), "value"] = (file, "")
        return {**kept, "value": value}

    def _refuse(self, reason: str, node: Node, *member: str) -> NoReturn:
        place = self.origins.place_in(*self.origins.of((*node.tokens, *member)))
        raise DocumentError(reason, file=place.file, line=place.line, column=place.column, pointer=place.pointer)


def _example(folder: Folder, file: str) -> Any:
    """Read an example file: JSON and YAML by their endings, anything else as the text that it is."""
    ending = PurePosixPath(file).suffix.lower()
    if ending in {".yaml", ".yml"}:
        return folder.read(file).value
    shown = folder.shown(file)
    data = read_bytes(folder.file(file), shown=shown)
    if ending != ".json":
        return _text(data, shown)
    value, problems = jsontext.read(data)
    if problems:
        first = problems[0]
        raise DocumentError(first.message, file=shown, line=first.line or 1, column=first.column or 1)
    return value


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError("an example file that is neither JSON nor UTF-8 text", file=shown, line=line) from error


def _named(kind: Kind) -> str:
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
