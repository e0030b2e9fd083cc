"""The shape of one document, gone through once: two documents of one shape have the same account.

It holds the names of members, the lengths of lists, and of values what nodes tell of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.document import is_blank
from orderbridge.mapping.shape.asked import asked
from orderbridge.mapping.shape.nodes import Seen
from orderbridge.mapping.shape.reading import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderbridge.mapping.operations import Path, Section
    from orderbridge.mapping.shape.nodes import Node

_END: Final = object()
Shape = tuple[Any, ...]


class Shaper:
    """Tells the shapes of documents of one section on their way to another."""

    def __init__(self, source: Section, target: Section, lookups: Sequence[tuple[Path, str]] = ()) -> None:
        """Take the sections, and the paths and leaves of what a supply looks up."""
        found = asked(target, lookups)
        self.root: Node | None = None if found.is_open else Drawing(source, found).node()

    def shape(self, document: Any, tables: Sequence[Mapping[str, Any]] = ()) -> Shape | None:
        """Give the shape of a document without secrets; None where nobody can tell what decides."""
        if self.root is None:
            return None
        told: list[Any] = []
        _tell("", document, self.root, Seen(tables), told.append)
        return tuple(told)


def _tell(key: Any, value: Any, node: Node, seen: Seen, add: Callable[[Any], None]) -> None:
    """Tell a value, with the key under which it stands so that the next one is not taken for it."""
    add(key)
    kind = type(value)
    if not value and is_blank(value):
        add(kind)
    elif kind is dict:
        add(tuple(value))
        children, rest = node.children, node.rest
        for name, member in value.items():
            inner = children.get(name, rest)
            # Most values are texts of which there is nothing to tell.
            if not (inner.is_silent and member and type(member) is str):
                _tell(name, member, inner, seen, add)
        add(_END)
    elif kind is list:
        add(len(value))
        for index, element in enumerate(value):
            if not (node.elements.is_silent and element and type(element) is str):
                _tell(index, element, node.elements, seen, add)
        add(_END)
    else:
        add(node.tell(value, seen))
