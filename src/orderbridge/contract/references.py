"""References of a document: followed offline, inside the document's own folder, and made local.

`bundle` gives one self-contained document: a reference into another file of the folder becomes a
component of this one. Nothing is fetched, nothing outside the folder is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from orderbridge import pointer
from orderbridge.contract.shape import IN_PLACE, Kind, Node, rewrite, walk
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.files import Folder

SECTIONS: Final[dict[Kind, str]] = {
    "example": "examples",
    "header": "headers",
    "link": "links",
    "parameter": "parameters",
    "request body": "requestBodies",
    "response": "responses",
    "schema": "schemas",
    "security scheme": "securitySchemes",
}
"""Where a referenced object of a kind is kept in `components`."""

_FRAGMENT_SAFE: Final = "/~!$&'()*+,;=:@-._"
_MOST_STEPS: Final = 100
_MOST_BUNDLED: Final = 5_000


def local(reference: Any) -> str | None:
    """Give the JSON Pointer of a reference into the same document, None for any other value."""
    if isinstance(reference, str) and reference.startswith("#"):
        return unquote(reference[1:])
    return None


def to(target: str) -> str:
    """Write a JSON Pointer as a reference into the same document (RFC 3986 fragment)."""
    return "#" + quote(target, safe=_FRAGMENT_SAFE)


def resolve(document: Any, where: str) -> tuple[str, Any]:
    """Follow the references that start at a pointer, to the pointer and object they end at.

    Raises:
        DocumentError: nothing is there, or the references go round.

    """
    for _ in range(_MOST_STEPS):
        try:
            value = pointer.get(document, where)
        except (LookupError, ValueError) as error:
            reason = f"the reference '#{where}' leads nowhere"
            raise DocumentError(reason) from error
        target = local(value.get("$ref")) if isinstance(value, dict) else None
        if target is None:
            return where, value
        where = target
    reason = f"the reference '#{where}' never ends"
    raise DocumentError(reason)


def bundle(document: Any, folder: Folder) -> Any:
    """Return the document with all it references in other files of its folder as own components.

    Raises:
        DocumentError: a reference leaves the folder, leads nowhere or is not one.

    """
    return _Bundler(document, folder).run()


class _Bundler:
    """The growing document while foreign objects are taken over, each once."""

    def __init__(self, document: Any, folder: Folder) -> None:
        self.document = document
        self.folder = folder
        self.names: dict[tuple[str, str], str] = {}
        self.added: dict[str, dict[str, Any]] = {}

    def run(self) -> Any:
        here = self.folder.document
        bundled = rewrite(self.document, lambda node: self._localised(node, here))
        if not self.added:
            return bundled
        components = dict(bundled.get("components", {}))
        for section, entries in self.added.items():
            components[section] = {**components.get(section, {}), **entries}
        return {**bundled, "components": components}

    def _localised(self, node: Node, file: str) -> Any:
        if not isinstance(node.value, dict) or "$ref" not in node.value:
            return node.value
        reference = node.value["$ref"]
        if not isinstance(reference, str):
            reason = "a $ref is a string"
            raise DocumentError(reason, file=file, pointer=pointer.join(node.tokens))
        name, _, fragment = reference.partition("#")
        if not name and file == self.folder.document:
            return node.value
        target = self.folder.inside(name, file) if name else file
        if target == self.folder.document:
            return {**node.value, "$ref": f"#{fragment}"}
        return {"$ref": self._taken_over(target, unquote(fragment), node)}

    def _taken_over(self, file: str, where: str, node: Node) -> str:
        if node.kind not in SECTIONS:
            reason = f"a {node.kind} cannot be referenced in another file"
            raise DocumentError(reason, file=file, pointer=where)
        section = SECTIONS[node.kind]
        key = (file, f"{section} {where}")
        if key not in self.names:
            self._add(key, file, where, node.kind)
        return to(pointer.join(["components", section, self.names[key]]))

    def _add(self, key: tuple[str, str], file: str, where: str, kind: Kind) -> None:
        if len(self.names) >= _MOST_BUNDLED:
            reason = f"more than {_MOST_BUNDLED} references into other files"
            raise DocumentError(reason, file=file)
        section = SECTIONS[kind]
        try:
            value = pointer.get(self.folder.read(file).value, where)
        except (LookupError, ValueError) as error:
            reason = f"the reference to '{file}#{where}' leads nowhere"
            raise DocumentError(reason, file=file) from error
        name = self._free_name(section, where.rpartition("/")[2] or file)
        self.names[key] = name
        # The place is taken first: what is taken over may refer to itself.
        self.added.setdefault(section, {})[name] = {}
        self.added[section][name] = rewrite(value, lambda node: self._localised(node, file), kind)

    def _free_name(self, section: str, wanted: str) -> str:
        stem = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in wanted)
        own = self.document.get("components", {})
        taken = {**own.get(section, {}), **self.added.get(section, {})} if isinstance(own, dict) else {}
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        return name


def check_all(document: Any) -> Iterator[tuple[str, str]]:
    """Yield the pointer and the reason of each reference that leads nowhere or goes round for ever.

    A schema that reaches itself without entering a member or an element describes nothing and would
    never be done.
    """
    edges: dict[str, list[str]] = {}
    for node in walk(document):
        if not isinstance(node.value, dict):
            continue
        here = pointer.join(node.tokens)
        if "$ref" in node.value:
            target = local(node.value["$ref"])
            if target is None:
                yield here, "a $ref is '#' and a JSON Pointer, or a file of this folder"
                continue
            try:
                pointer.get(document, target)
            except (LookupError, ValueError):
                yield here, f"the reference '#{target}' leads nowhere"
                continue
            edges[here] = [target]
        elif node.kind == "schema":
            edges[here] = list(_in_place(node.value, here))
    yield from ((start, "this schema contains itself and never ends") for start in _loops(edges))


def _in_place(schema: dict[str, Any], here: str) -> Iterator[str]:
    for keyword in IN_PLACE:
        branches = schema.get(keyword)
        if isinstance(branches, list):
            yield from (f"{here}/{keyword}/{index}" for index in range(len(branches)))
        elif isinstance(branches, dict):
            yield f"{here}/{keyword}"


def _loops(edges: dict[str, list[str]]) -> Iterator[str]:
    """Yield one node of each cycle, by depth-first search without the Python stack."""
    done: set[str] = set()
    for start in edges:
        path: dict[str, Iterator[str]] = {}
        pending: list[str] = [start] if start not in done else []
        while pending:
            here = pending[-1]
            targets = path.setdefault(here, iter(edges.get(here, ())))
            following = next((target for target in targets if target not in done), None)
            if following is None:
                done.add(here)
                path.pop(here)
                pending.pop()
            elif following in path:
                yield following
                done.add(following)
            else:
                pending.append(following)
