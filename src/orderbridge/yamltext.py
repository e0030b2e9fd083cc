"""YAML and JSON documents (contracts, mappings) to plain values that know where they stand.

The library's parser is used for its events only. Its own constructors guess types (`NO`, `012345`,
`2020-01-01`), take the last of two equal keys and can be made to expand a kilobyte into a hang, so
the events are put together here: a plain scalar is null, boolean or number only if it is valid JSON,
and what a document may cost is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

import yaml

from orderbridge import jsontext, pointer
from orderbridge.errors import DocumentError
from orderbridge.jsontext.limits import MOST_DIGITS, MOST_EXPONENT
from orderbridge.jsontext.place import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_DEPTH: Final = 100
MOST_NODES: Final = 200_000
"""Values of one document, each counted as often as aliases and merge keys repeat it."""

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][-+]?[0-9]++)?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "": None}
# What the library refuses to read, the halves of surrogate pairs, and byte order marks inside the text, which its
# two parsers read differently. Named one by one: the class of all the others takes ten times as long to compile, which
# every start would pay.
_NOT_PRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CORE: Final = "tag:yaml.org,2002:"
_MERGE: Final = "<<"
_BOM: Final = "\ufeff"

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Scalar: TypeAlias = "str | int | Decimal | bool | None"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's value, and where each part of it stands.

    Numbers are int or Decimal, keys are always strings. What aliases repeat is one and the same
    object: do not change the value.
    """

    value: Any
    file: str
    _place: Callable[[str], tuple[int, int]] = field(repr=False, compare=False)

    def place(self, pointer: str) -> tuple[int, int]:
        """Say line and column, from 1, of the value at a JSON Pointer, or of its nearest parent that exists."""
        return self._place(pointer)


def read(data: bytes, *, file: str = "", strict: bool = False) -> Document:
    """Read one YAML document of plain values.

    With `strict` (for mappings) every plain scalar but true, false and null is a string.

    Raises:
        DocumentError: with file, line, column and reason, for whatever cannot be read. Nothing else.

    """
    text = _text(data, file)
    reader = _Reader(text, file, strict=strict)
    root = reader.document(_events(text, file, reader.lines))
    return Document(root.value, file, lambda where: reader.lines.position(_nearest(root, where)))


def read_json(data: bytes, *, file: str = "") -> Document:
    """Read one JSON document, as strictly as an order, under the same bounds as YAML.

    Raises:
        DocumentError: with file, line, column and reason of the first fault. Nothing else.

    """
    _check_size(data, file)
    value, problems = jsontext.read(data)
    if problems:
        first = problems[0]
        reason = f"{first.message} ({first.fix})" if first.fix else first.message
        raise DocumentError(reason, file=file, line=first.line or 0, column=first.column or 0, pointer=first.pointer)
    text = data.decode()
    deep = _too_deep(value)
    if deep is not None:
        place = jsontext.locate(text, [deep])[deep]
        raise DocumentError(_DEEP, file=file, line=place.line, column=place.column)
    return Document(value, file, lambda where: _nearest_in_text(text, where))


_DEEP: Final = f"the document is nested more than {MOST_DEPTH} levels deep"


@dataclass(slots=True)
class _Node:
    """A value, where it begins, and its parts; its size and height are those with all aliases expanded."""

    value: Any
    offset: int
    size: int = 1
    height: int = 0
    text: str | None = None
    parts: dict[str, _Node] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """A sequence or mapping whose end has not come yet."""

    node: _Node
    anchor: str | None
    key: str | None = None
    has_key: bool = False
    merged: list[_Node] | None = None


class _Reader:
    """Puts the events of one document together. `total` counts its values, aliases expanded."""

    def __init__(self, text: str, file: str, *, strict: bool) -> None:
        self.file = file
        self.strict = strict
        self.lines = Lines(text)
        self.anchors: dict[str, _Node | None] = {}
        self.open: list[_Open] = []
        self.root: _Node | None = None
        self.total = 0

    def document(self, events: Iterator[yaml.Event]) -> _Node:
        """Read all events up to the end of the stream; exactly one document is wanted."""
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("a second document begins here: put each into a file of its own", _offset(event))
            handle = _HANDLERS.get(type(event))
            if handle:
                handle(self, event)
        return self.root or self.refuse("the document is empty", 0)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        offset = _offset(event)
        if _SURROGATE.search(event.value):
            self.refuse("half of a surrogate pair is not a character", offset)
        self.count(1, offset)
        is_key = self.awaits_key()
        plain = bool(event.implicit[0]) and event.tag is None
        if is_key and plain and event.value == _MERGE:
            self.begin_merge(offset)
            return
        value = event.value if is_key else self.meaning(event, plain=plain)
        self.check_tag(event, "", offset)
        self.finish(_Node(value, offset, text=event.value), event.anchor)

    def meaning(self, event: yaml.ScalarEvent, *, plain: bool) -> Scalar:
        """Tell what a scalar stands for, which the rules above make simpler than YAML's own."""
        text: str = event.value
        name = "" if event.tag is None else event.tag.removeprefix(_CORE)
        if plain:
            return _WORDS[text] if text in _WORDS else self.number(text, _offset(event))
        if name not in _TYPED:
            return text
        value: Scalar = _WORDS[text] if text in _WORDS else self.number(text, _offset(event), always=True)
        kinds = _TYPED[name]
        if isinstance(value, kinds) and (isinstance(value, bool) == (name == "bool")):
            return value
        return self.refuse(f"this is not a value of the type !!{name}", _offset(event))

    def number(self, text: str, offset: int, *, always: bool = False) -> Scalar:
        match = None if self.strict and not always else _NUMBER.fullmatch(text)
        if not match:
            return text
        digits = sum(map(str.isdigit, text))
        if digits > MOST_DIGITS or (match[2] and abs(int(match[2][1:])) > MOST_EXPONENT):
            self.refuse("this number is out of range: quote it if it is text", offset)
        return Decimal(text) if match[1] or match[2] else int(text)

    def alias(self, event: yaml.AliasEvent) -> None:
        offset = _offset(event)
        name = str(event.anchor)
        target = self.anchors.get(name)
        if target is None:
            known = name in self.anchors
            self.refuse("this alias stands inside what it names" if known else _NO_ANCHOR, offset)
        self.count(target.size, offset)
        if self.awaits_key() and target.text is None:
            self.refuse(_KEY_KIND, offset)
        value = target.text if self.awaits_key() else target.value
        if len(self.open) + target.height > MOST_DEPTH:
            self.refuse(f"{_DEEP} once its aliases are expanded", offset)
        self.finish(_Node(value, offset, target.size, target.height, target.text, target.parts), None)

    def begin_sequence(self, event: yaml.SequenceStartEvent) -> None:
        self.begin(event, [], "seq")

    def begin_mapping(self, event: yaml.MappingStartEvent) -> None:
        self.begin(event, {}, "map")

    def begin(self, event: yaml.CollectionStartEvent, value: Any, kind: str) -> None:
        offset = _offset(event)
        if self.awaits_key():
            self.refuse(_KEY_KIND, offset)
        if len(self.open) == MOST_DEPTH:
            self.refuse(_DEEP, offset)
        self.count(1, offset)
        self.check_tag(event, kind, offset)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(_Node(value, offset, height=1), event.anchor))

    def end(self, _event: yaml.CollectionEndEvent) -> None:
        done = self.open.pop()
        if done.merged is not None:
            self.merge(done.node, done.merged)
        self.finish(done.node, done.anchor)

    def finish(self, node: _Node, anchor: str | None) -> None:
        """Hand a finished node to what it stands in."""
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.node.size += node.size
        parent.node.height = max(parent.node.height, node.height + 1)
        if isinstance(parent.node.value, list):
            parent.node.parts[str(len(parent.node.value))] = node
            parent.node.value.append(node.value)
        elif not parent.has_key:
            self.begin_member(parent, node)
        elif parent.key is None:
            parent.has_key = False
            parent.merged = self.sources(node)
        else:
            parent.has_key = False
            parent.node.value[parent.key] = node.value
            parent.node.parts[parent.key] = node

    def begin_member(self, parent: _Open, key: _Node) -> None:
        name = str(key.value)
        first = parent.node.parts.get(name)
        if first:
            line, _ = self.lines.position(first.offset)
            self.refuse(f"the key {name!r} stands twice in this mapping (first at line {line})", key.offset)
        parent.key, parent.has_key = name, True

    def begin_merge(self, offset: int) -> None:
        parent = self.open[-1]
        if parent.merged is not None:
            self.refuse("the key '<<' stands twice in this mapping: merge a list instead", offset)
        parent.key, parent.has_key = None, True

    def sources(self, node: _Node) -> list[_Node]:
        sources = list(node.parts.values()) if isinstance(node.value, list) else [node]
        for source in sources:
            if not isinstance(source.value, dict):
                self.refuse("only mappings can be merged with '<<'", source.offset)
        return sources

    def merge(self, node: _Node, sources: list[_Node]) -> None:
        """Add the members of other mappings: what is written out wins, then the earlier source."""
        own = dict(node.parts)
        parts: dict[str, _Node] = {}
        for source in sources:
            self.count(source.size, node.offset)
            for name, part in source.parts.items():
                parts.setdefault(name, part)
        parts.update(own)
        node.parts = parts
        node.value.clear()
        node.value.update((name, part.value) for name, part in parts.items())

    def awaits_key(self) -> bool:
        if not self.open:
            return False
        parent = self.open[-1]
        return not parent.has_key and isinstance(parent.node.value, dict)

    def check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, kind: str, offset: int) -> None:
        """Allow the core tags, each on its own kind of node."""
        if event.tag in (None, "!"):
            return
        name = event.tag.removeprefix(_CORE)
        if event.tag == name or name not in ((kind,) if kind else ("str", *_TYPED)):
            self.refuse(f"the tag {event.tag.replace(_CORE, '!!')} is not supported here", offset)

    def count(self, nodes: int, offset: int) -> None:
        self.total += nodes
        if self.total > MOST_NODES:
            self.refuse(f"the document has more than {MOST_NODES:,} values once its aliases are expanded", offset)

    def refuse(self, reason: str, offset: int) -> NoReturn:
        line, column = self.lines.position(offset)
        raise DocumentError(reason, file=self.file, line=line, column=column)


_HANDLERS: Final[dict[type[yaml.Event], Callable[[_Reader, Any], None]]] = {
    yaml.ScalarEvent: _Reader.scalar,
    yaml.AliasEvent: _Reader.alias,
    yaml.SequenceStartEvent: _Reader.begin_sequence,
    yaml.MappingStartEvent: _Reader.begin_mapping,
    yaml.SequenceEndEvent: _Reader.end,
    yaml.MappingEndEvent: _Reader.end,
}

_TYPED: Final[dict[str, tuple[type, ...]]] = {
    "bool": (bool,),
    "float": (int, Decimal),
    "int": (int,),
    "null": (type(None),),
}

_NO_ANCHOR: Final = "this alias names an anchor that does not exist before it"
_KEY_KIND: Final = "a key must be a single word or string, not a list or mapping"


def _offset(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.index) if mark else 0


def _check_size(data: bytes, file: str) -> None:
    if len(data) > MOST_BYTES:
        megabytes = MOST_BYTES // (1024 * 1024)
        raise DocumentError(f"the document is larger than {megabytes} MiB", file=file)


def _text(data: bytes, file: str) -> str:
    _check_size(data, file)
    try:
        text = data.decode().removeprefix(_BOM)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = jsontext.position(before, len(before))
        raise DocumentError("the document is not in UTF-8", file=file, line=line, column=column) from error
    strange = _NOT_PRINTABLE.search(text)
    if strange:
        line, column = jsontext.position(text, strange.start())
        reason = f"the character U+{ord(strange[0]):04X} cannot stand in a YAML document"
        raise DocumentError(reason, file=file, line=line, column=column)
    return text


def _events(text: str, file: str, lines: Lines) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = min(mark.index, len(text)) if mark else 0
        line, column = lines.position(offset)
        raise DocumentError(_why(text, offset, error), file=file, line=line, column=column) from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        # Escapes like \UFFFFFFFF end up here, without a place.
        raise DocumentError("the document is not valid YAML", file=file) from error


_HABITS: Final = (
    (re.compile(r"\t"), "a tab cannot indent YAML: use spaces"),
    (re.compile(r"[@`]"), "a plain text cannot begin with @ or `: quote it"),
    (re.compile(r"(?m:^)%"), "this line begins like a directive (%YAML, %TAG) but is none that can be read"),
    (re.compile(r"%"), "a plain text cannot begin with %: quote it"),
    (
        re.compile(r":(?:\s|\Z)"),
        "a colon begins a value, and none can begin here: quote the text, or mend the indentation",
    ),
    (re.compile(r"[\]}]"), "this bracket closes nothing that is open here"),
    (re.compile(r"\Z"), "the document ends too early: an open quote or bracket, or a key without its colon"),
)


_MEMBERS: Final = "while parsing a block mapping"
_NO_KEY: Final = ("did not find expected key", "expected <block end>")
"""The two parsers' words for what is not in line with the members of a mapping, or stands behind one of them."""


def _why(text: str, offset: int, error: yaml.MarkedYAMLError) -> str:
    for pattern, reason in _HABITS:
        if pattern.match(text, offset):
            return reason
    if error.context == _MEMBERS and (error.problem or "").startswith(_NO_KEY):
        return "a key is expected here: mend the indentation, or quote a text as a whole"
    return f"this is not valid YAML: {error.problem}" if error.problem else "this is not valid YAML"


def _nearest(root: _Node, where: str) -> int:
    node = root
    for token in _tokens(where):
        part = node.parts.get(token)
        if part is None:
            break
        node = part
    return node.offset


def _nearest_in_text(text: str, where: str) -> tuple[int, int]:
    tokens = _tokens(where)
    parents = [pointer.join(tokens[:length]) for length in range(len(tokens), -1, -1)]
    places = jsontext.locate(text, parents)
    place = next(places[parent] for parent in parents if parent in places)
    return place.line, place.column


def _tokens(where: str) -> list[str]:
    try:
        return pointer.split(where)
    except ValueError:
        return []


def _too_deep(value: Any) -> str | None:
    """Find a container beyond the allowed depth, None when there is none."""
    level = [("", value)] if isinstance(value, dict | list) else []
    for _ in range(MOST_DEPTH):
        level = [
            (f"{path}/{pointer.escape(str(name))}", part)
            for path, whole in level
            for name, part in (whole.items() if isinstance(whole, dict) else enumerate(whole))
            if isinstance(part, dict | list)
        ]
    return level[0][0] if level else None
