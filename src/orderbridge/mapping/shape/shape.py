"""The shape of one document, gone through once: two documents of one shape have the same account.

It holds the names of members, the lengths of lists, and of values what nodes tell of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.mapping.shape.asked import asked
from orderbridge.mapping.shape.nodes import Node, Seen
from orderbridge.mapping.shape.reading import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderbridge.mapping.operations import Path, Section

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
    """Tell how a container looks, then every member that there is more to tell of."""
    names, values = (tuple(whole), whole.values()) if type(whole) is dict else (len(whole), whole)
    plan = node.plan((names, tuple(map(type, values)), tuple(map(bool, values))))
    add(plan.sign)
    for key, inner, is_container in plan.told:
        if is_container:
            _tell(whole[key], inner, seen, add)
        else:
            add(inner.tell(whole[key], seen))
