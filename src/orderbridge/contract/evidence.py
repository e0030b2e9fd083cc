"""How we know each constraint of a contract: the `x-evidence` tags, read once for a whole document.

A tag is a word, or a map from keyword to word in which `default` speaks for the rest and `required`
may be a map from member to word. Keywords without a word of their own take the nearest parent's
default; a reference is no parent, so each component speaks for itself. A document without tags is
somebody's own word for it: everything in it is documented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract.shape import Kind, rewrite, walk
from orderbridge.problem import LEVELS, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.contract.shape import Node, Tokens

UNTAGGED: Final[Evidence] = "documented"
TAG: Final = "x-evidence"

CONSTRAINTS: Final = frozenset(
    {
        "additionalProperties",
        "anyOf",
        "enum",
        "format",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "required",
        "type",
        "uniqueItems",
    }
)
"""Schema keywords that can refuse a value by themselves. The others only hold or describe them."""

_SPEAKERS: Final = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}
"""Keywords that only sharpen another one, whose evidence is theirs too."""

_COMPANIONS: Final = {
    "anyOf": ("discriminator",),
    "maximum": ("exclusiveMaximum",),
    "minimum": ("exclusiveMinimum",),
    "oneOf": ("discriminator",),
    "type": ("nullable",),
}
"""What has no meaning once its keyword is gone."""

_REQUIRABLE: Final[frozenset[Kind]] = frozenset({"header", "parameter", "request body"})


@dataclass(frozen=True, slots=True)
class Tag:
    """The evidence of one object of a document: its default, and what differs from it."""

    default: Evidence = UNTAGGED
    keywords: Mapping[str, Evidence] = field(default_factory=dict)
    required: Mapping[str, Evidence] = field(default_factory=dict)

    def of(self, keyword: str, member: str | None = None) -> Evidence:
        """Tell how we know a keyword, or that `member` is required."""
        if keyword == "required" and member is not None and member in self.required:
            return self.required[member]
        return self.keywords.get(_SPEAKERS.get(keyword, keyword), self.default)


def read_tag(raw: Any, inherited: Evidence) -> Tag:
    """Read one `x-evidence` value, whatever it is; loading refuses words that are not evidence."""
    if raw in LEVELS:
        return Tag(raw)
    if not isinstance(raw, dict):
        return Tag(inherited)
    default = raw.get("default", inherited)
    keywords = {key: word for key, word in raw.items() if key != "default" and word in LEVELS}
    members = raw.get("required")
    required = {key: word for key, word in members.items() if word in LEVELS} if isinstance(members, dict) else {}
    return Tag(default if default in LEVELS else inherited, keywords, required)


def misspelt(node: Node) -> Iterator[tuple[Tokens, str]]:
    """Yield where, relative to an object, its tag says what no reader understands, and why."""
    raw = node.value.get(TAG)
    if not isinstance(raw, dict):
        yield from _no_word((TAG,), raw)
        return
    for key, word in raw.items():
        if key != "default" and key not in _keywords(node.kind):
            close = get_close_matches(key, _keywords(node.kind), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            yield (TAG, key), f"`{key}` is no keyword that can have evidence here{hint}"
        elif key == "required" and isinstance(word, dict):
            yield from _members(word, node.value)
        else:
            yield from _no_word((TAG, key), word)


def _keywords(kind: Kind) -> frozenset[str]:
    return CONSTRAINTS if kind == "schema" else frozenset({"required"})


def _members(words: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[Tokens, str]]:
    # A level that has taken `required` out of a schema without properties leaves nothing to compare with.
    known = {*schema.get("properties", ()), *_listed(schema.get("required"))}
    for name, word in words.items():
        yield from _no_word((TAG, "required", name), word)
        if "properties" in schema and name not in known:
            close = get_close_matches(name, sorted(known), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            yield (TAG, "required", name), f"`{name}` is not a member of this schema{hint}"


def _listed(required: Any) -> list[str]:
    return required if isinstance(required, list) else []


def _no_word(where: Tokens, word: Any) -> Iterator[tuple[Tokens, str]]:
    if word in LEVELS:
        return
    close = get_close_matches(word, LEVELS, n=1) if isinstance(word, str) else []
    hint = f"; did you mean `{close[0]}`?" if close else f"; it is one of {', '.join(LEVELS)}"
    yield where, f"{word!r:.60} is no evidence{hint}"


def tags(document: Any) -> dict[Tokens, Tag]:
    """Give the tag of every object of a document, inheritance resolved."""
    found: dict[Tokens, Tag] = {}
    for node in walk(document):
        inherited = _parent(found, node.tokens).default
        raw = node.value.get(TAG) if isinstance(node.value, dict) else None
        found[node.tokens] = read_tag(raw, inherited)
    return found


def is_within(evidence: Evidence, level: Evidence) -> bool:
    """Tell whether evidence is at least as strong as a level."""
    return LEVELS.index(evidence) <= LEVELS.index(level)


def at(document: Any, level: Evidence) -> Any:
    """Take every constraint out of a document that is known less well than `level` asks.

    Operations, parameters, statuses and properties stay, only keywords go: what was valid stays valid
    as long as no weak keyword stands below a `not` or `oneOf` (lint refuses that). Doing it twice is
    doing it once, and the document given is not changed.
    """
    known = tags(document)

    def visit(node: Node) -> Any:
        if not isinstance(node.value, dict):
            return node.value
        if node.kind == "schema":
            return _pruned(node.value, known[node.tokens], level)
        if node.kind in _REQUIRABLE and not is_within(known[node.tokens].of("required"), level):
            return _optional(node.value)
        return node.value

    return rewrite(document, visit)


def _optional(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("in") == "path":
        return value
    return {key: entry for key, entry in value.items() if key != "required"}


def _pruned(schema: dict[str, Any], tag: Tag, level: Evidence) -> dict[str, Any]:
    kept = dict(schema)
    for keyword in CONSTRAINTS & schema.keys():
        if keyword == "required":
            _prune_required(kept, tag, level)
        elif keyword == "additionalProperties" and schema[keyword] is True:
            continue  # it refuses nothing, and model generators want to see it
        elif not is_within(tag.of(keyword), level):
            for name in (keyword, *_COMPANIONS.get(keyword, ())):
                kept.pop(name, None)
    return kept


def _prune_required(kept: dict[str, Any], tag: Tag, level: Evidence) -> None:
    names = [name for name in kept["required"] if is_within(tag.of("required", name), level)]
    kept["required"] = names
    if not names:  # 3.0 forbids an empty list
        del kept["required"]


def _parent(found: Mapping[Tokens, Tag], tokens: Tokens) -> Tag:
    for length in range(len(tokens) - 1, -1, -1):
        tag = found.get(tokens[:length])
        if tag is not None:
            return tag
    return Tag()
