"""The shape of one document, gone through once: two documents of one shape have the same account.

It holds the names of members, the lengths of lists, and of values what nodes tell of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.shape.asked import asked
from orderbridge.mapping.shape.nodes import Node, Seen
from orderbridge.mapping.shape.reading import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from orderbridge.mapping.operations import Path, Section

_END: Final = object()
_NO_NAMES: Final[dict[Any, Node]] = {}
_BLANK: Final = frozenset({type(None), str, dict, list})
"""Types of which a value that holds nothing says nothing."""
Shape = tuple[Any, ...]


class Shaper:
    """Tells the shapes of documents of one section on their way to another."""

    def __init__(self, source: Section, target: Section, lookups: Sequence[tuple[Path, str]] = ()) -> None:
        """Take the sections, and the paths and leaves of what a supply looks up."""
        found = asked(target, lookups)
        self.is_known = not found.is_open
        self._around = Node()
        if self.is_known:
            self._around.elements = Drawing(source, found).node()

    def shape(self, document: Any, tables: Sequence[Mapping[str, Any]] = ()) -> Shape | None:
        """Give the shape of a document without secrets; None where nobody can tell what decides."""
        if not self.is_known:
            return None
        told: list[Any] = []
        _tell([document], self._around, Seen(tables), told.append)
        return tuple(told)


def _tell(whole: Any, node: Node, seen: Seen, add: Callable[[Any], None]) -> None:
    """Tell what a container holds: its names or its length, then every member that there is something to tell of."""
    children: dict[Any, Node]
    members: Iterable[tuple[Any, Any]]
    if type(whole) is dict:
        add(tuple(whole))
        children, others, members = node.children, node.rest, whole.items()
    else:
        add(len(whole))
        children, others, members = _NO_NAMES, node.elements, enumerate(whole)
    for key, value in members:
        inner, kind = children.get(key, others), type(value)
        if kind is str and value and inner.is_silent:
            continue
        add(key)
        if not value and kind in _BLANK:
            add(kind)
        elif kind is dict or kind is list:
            _tell(value, inner, seen, add)
        else:
            add(inner.tell(value, seen))
    add(_END)
