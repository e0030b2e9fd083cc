"""A section's places, each with what there is to tell of it, given what another section asks of the hub."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.registry import CODECS
from orderbridge.mapping.compiled.survey import every, name_of, place_of, written
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import (
    Each,
    Either,
    Group,
    Leaf,
    Leave,
    Members,
    Parts,
    Reference,
    Rest,
    Select,
    Tree,
)
from orderbridge.mapping.reach import rebased
from orderbridge.mapping.shape.asked import is_scalar
from orderbridge.mapping.shape.nodes import Compared, Faring, Free, Going, LookedUp, Node, Texts, Valued

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.compiled.survey import Place
    from orderbridge.mapping.operations import Guard, Operation, Path, Section
    from orderbridge.mapping.shape.asked import Asked

_TEXT: Final = CODECS["text"]
_TEXTS: Final = frozenset({"text", Parts.__name__})
"""What reads texts, and keeps them as they are."""


@dataclass
class _Draft:
    """A place while lines are gone through: what reads it, and what is known to matter."""

    children: dict[str, _Draft] = field(default_factory=dict)
    elements: _Draft | None = None
    lines: list[tuple[Leaf | Parts, Place]] = field(default_factory=list)
    free: list[Place] = field(default_factory=list)
    declared: list[frozenset[str]] = field(default_factory=list)
    is_valued: bool = False
    is_compared: bool = False

    def child(self, name: str) -> _Draft:
        return self.children.setdefault(name, _Draft())

    def element(self) -> _Draft:
        if self.elements is None:
            self.elements = _Draft()
        return self.elements

    def at(self, path: Path) -> _Draft:
        here = self
        for token in path:
            here = here.child(token) if isinstance(token, str) else here.element()
            if isinstance(token, Select):
                here.child(token.member).is_valued = True
        return here


class Drawing:
    """Draws the places that a section reads."""

    def __init__(self, section: Section, asked: Asked) -> None:
        """Take the section, and what is asked of what it writes."""
        self.asked = asked
        self.written = written(section)
        self.named = {each.rows for each in every(section.operations) if isinstance(each, Reference)}
        self.values, self.equals = set(asked.values), set(asked.equals)
        self.root = _Draft()
        self._made: dict[int, Node] = {}
        self._draw(section.operations, self.root, ("",))
        if asked.names_rows:
            # What names a row here is compared with what names it there.
            self.values |= self.equals

    def node(self) -> Node:
        """Give the root of the finished tree."""
        return self._node(self.root)

    # Lines

    def _draw(self, operations: Iterable[Operation], base: _Draft, scopes: Sequence[str]) -> None:
        for each in operations:
            _DRAW[type(each)](self, each, base, scopes)

    def leaf(self, line: Leaf, base: _Draft, scopes: Sequence[str], moved: tuple[Path, Path] | None = None) -> None:
        """Let a line read its places."""
        paths = (line.at, *line.aka, *line.also)
        for path in paths:
            here = base.at(path if moved is None else rebased(path, moved))
            here.lines.append((line, place_of(line.to, scopes)))
            # A selected element's own name is accounted for with what is read from it.
            here.is_compared |= len(paths) > 1 or any(isinstance(token, Select) for token in path)
        if line.currency is not None:
            base.at(line.currency).is_valued = True
        self._condition(line.when, base)

    def parts(self, line: Parts, base: _Draft, scopes: Sequence[str], moved: tuple[Path, Path] | None = None) -> None:
        """Let a line read the places that hold one list of texts."""
        place = place_of(line.to, scopes)
        for path in line.at:
            here = base.at(path if moved is None else rebased(path, moved))
            here.lines.append((line, place))
            # Where there is room for some of them only, they are looked for in one another.
            here.is_compared |= len(line.at) > 1
        self._condition(line.when, base)

    def _condition(self, guard: Guard | None, base: _Draft) -> None:
        for path in (guard.at, *guard.aka) if guard is not None else ():
            base.at(path).is_valued = True

    def group(self, line: Group, base: _Draft, scopes: Sequence[str]) -> None:
        """Let a group read its own object, and the one that stands in for it."""
        self._draw(line.lines, base, scopes)
        other = line.otherwise_from
        if other is None:
            return
        self._condition(other.when, base)
        for each in line.lines:
            if isinstance(each, Leaf):
                self.leaf(each, base, scopes, (line.at, other.at))
            elif isinstance(each, Parts):
                self.parts(each, base, scopes, (line.at, other.at))

    def leave(self, line: Leave, base: _Draft, _scopes: Sequence[str]) -> None:
        """Know a place that nobody reads."""
        base.at(line.at)

    def tree(self, line: Tree | Rest, base: _Draft, scopes: Sequence[str]) -> None:
        """Let free members go along."""
        here = base.at(line.at)
        here.free.append(place_of(line.to, scopes))
        here.declared.append(line.declared)
        for name in line.declared:
            here.child(name)

    def either(self, line: Either, base: _Draft, scopes: Sequence[str]) -> None:
        """Let every alternative read what it can."""
        for one in line.sets:
            self._draw(one, base, scopes)

    # Lists, and what names their rows

    def list(self, line: Each, base: _Draft, scopes: Sequence[str]) -> None:
        """Let the elements of a list be read, which are all alike."""
        for path in (line.at, *line.aka):
            whole = base.at(path)
            element = whole.element()
            for here in (element, whole) if line.bare else (element,):
                self._element(line, here, scopes)
                if line.nest is not None:
                    self._nest(here.child(line.nest), element, is_bare=line.bare)

    def _element(self, line: Each, here: _Draft, scopes: Sequence[str]) -> None:
        if line.key is not None and write_path(line.at) in self.named:
            self._name(here.at(line.key))
        self._draw(line.body, here, (*scopes, line.to))

    def _nest(self, inner: _Draft, element: _Draft, *, is_bare: bool) -> None:
        """Let elements have elements like themselves; where that is not all there is to it, let values count."""
        inner.is_valued |= is_bare or not (inner.elements is None or inner.elements is element)
        inner.elements = element

    def reference(self, line: Reference, base: _Draft, _scopes: Sequence[str]) -> None:
        """Compare what names a row with the keys of rows."""
        self._name(base.at(line.at))

    def _name(self, here: _Draft) -> None:
        here.is_compared = True
        here.is_valued |= self.asked.names_rows

    def members(self, line: Members, base: _Draft, scopes: Sequence[str]) -> None:
        """Compare what names rows with what they are found by."""
        element = base.at(line.at).element()
        for each in (leaf for way in line.match for leaf in way):
            self._name(element.at(each.at))
            is_text = name_of(each.codec) == "text"
            element.at(each.at).is_valued |= not is_text
            (self.equals if is_text else self.values).add((line.rows, each.to.leaf))
        if line.quantity is not None:
            element.at(line.quantity.at).is_valued = True
            self.values.add((line.rows, line.quantity.to.leaf))
        self._draw(line.left, element, scopes)

    # The finished tree

    def _node(self, draft: _Draft) -> Node:
        known = self._made.get(id(draft))
        if known is not None:
            return known
        node = self._made[id(draft)] = self._told(draft)
        if type(node) is Valued:
            return node
        for name, each in draft.children.items():
            # What is a free member and is read by lines too goes more ways than one.
            each.is_valued |= not all(name in names for names in draft.declared)
            node.children[name] = self._node(each)
        if draft.elements is not None:
            node.elements = self._node(draft.elements)
        if draft.free:
            node.rest = Free() if all(self._is_free(place) for place in draft.free) else Valued()
        return node

    def _is_free(self, place: Place) -> bool:
        others = place in self.asked.writings or place in self.asked.parts or place in self.values
        return not others and self.written.codecs.get(place, set()) <= {Tree.__name__, Rest.__name__}

    def _told(self, draft: _Draft) -> Node:
        if draft.is_valued or not all(self._is_plain(*each) for each in draft.lines):
            return Valued()
        places = {place for _, place in draft.lines}
        keeps_texts = all(self._keeps_texts(place) for place in places)
        if draft.is_compared or any(self._is_compared(place) for place in places):
            if not keeps_texts:
                return Valued()
            made: Node = Compared()
        elif keeps_texts:
            made = Texts() if draft.lines else Node()
        else:
            goings = [Going(_codec(line), tuple(self.asked.writings.get(place, ()))) for line, place in draft.lines]
            made = Faring(tuple(goings))
        return self._looked_up(made, draft)

    def _looked_up(self, node: Node, draft: _Draft) -> Node:
        numbers = {number for _, place in draft.lines for number in self.asked.lookups.get(place, ())}
        codecs = tuple(_codec(line) for line, _ in draft.lines)
        return LookedUp(node, codecs, tuple(sorted(numbers))) if numbers else node

    def _is_plain(self, line: Leaf | Parts, place: Place) -> bool:
        """Tell whether nothing but a value itself decides what becomes of it, and it decides nothing else."""
        if place in self.values or place[1].endswith("currency") or place in self.asked.trees:
            return False
        writings = self.asked.writings.get(place, ())
        if isinstance(line, Parts):
            return not writings and place not in self.asked.lookups
        return is_scalar(line.codec) and place not in self.asked.parts and all(each.down for each in writings)

    def _is_compared(self, place: Place) -> bool:
        """Tell whether a leaf is compared with others, or with what another line reads into it."""
        return place in self.equals or self.written.times[place] > 1

    def _keeps_texts(self, place: Place) -> bool:
        writings = self.asked.writings.get(place, ())
        return self.written.codecs[place] <= _TEXTS and all(each.keeps_texts for each in writings)


def _codec(line: Leaf | Parts) -> Codec:
    return line.codec if isinstance(line, Leaf) else _TEXT


_DRAW: Final[dict[type[Operation], Any]] = {
    Each: Drawing.list,
    Either: Drawing.either,
    Group: Drawing.group,
    Leaf: Drawing.leaf,
    Leave: Drawing.leave,
    Members: Drawing.members,
    Parts: Drawing.parts,
    Reference: Drawing.reference,
    Rest: Drawing.tree,
    Tree: Drawing.tree,
}
