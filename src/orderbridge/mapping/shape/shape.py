"""The shape of one document, gone through once: two documents of one shape have the same account.

It holds the names of members, the lengths of lists, and of values what nodes tell of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.shape.asked import asked
from orderbridge.mapping.shape.nodes import Node, Seen
from orderbridge.mapping.shape.reading import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from orderbridge.mapping.operations import Path, Section

Shape = tuple[Any, ...]
_CONTAINERS: Final = (dict, list)
_BLANK: Final = frozenset({type(None), str, *_CONTAINERS})
"""Types of which a value that holds nothing says nothing."""
_MOST_PLANS: Final = 500
_MOST_MEMBERS: Final = 100
_LONGEST_NAMES: Final = 4_000

_Look = tuple[Node, "tuple[str, ...] | int", tuple[type, ...], "tuple[bool, ...] | None"]
"""How a container looks: where it is, its names or how many it holds, the types of these, and which are not empty."""


class _Plan:
    """What there is to tell of containers that look alike: of which scalars and how, and which containers in them."""

    __slots__ = ("containers", "scalars", "sign")

    def __init__(self, look: _Look, *, is_kept: bool) -> None:
        inside = [*_filled(*look)]
        self.containers = [(key, node) for key, node, kind in inside if kind in _CONTAINERS]
        others = [(key, node) for key, node, kind in inside if kind not in _CONTAINERS and node.tells(kind)]
        self.scalars = [(key, node.tell) for key, node in others]
        # One that is kept stands for how the containers look.
        self.sign: Any = self if is_kept else look


def _filled(
    node: Node, names: Sequence[str] | int, kinds: Sequence[type], fills: Sequence[bool] | None
) -> Iterator[tuple[Any, Node, type]]:
    """Yield the keys of a container under which something stands that is not blank."""
    keys: Sequence[Any] = range(names) if isinstance(names, int) else names
    # Where nothing is empty, any true value says so.
    for key, kind, is_filled in zip(keys, kinds, fills or kinds, strict=True):
        if is_filled or kind not in _BLANK:
            yield key, node.elements if isinstance(names, int) else node.children.get(key, node.rest), kind


class Shaper:
    """Tells the shapes of documents of one section on their way to another."""

    def __init__(self, source: Section, target: Section, lookups: Sequence[tuple[Path, str]] = ()) -> None:
        """Take the sections, and the paths and leaves of what a supply looks up."""
        found = asked(target, lookups)
        self.is_known = not found.is_open
        self._plans: dict[_Look, _Plan] = {}
        self._around = Node()
        if self.is_known:
            self._around.elements = Drawing(source, found).node()

    def shape(self, document: Any, tables: Sequence[Mapping[str, Any]] = ()) -> Shape | None:
        """Give the shape of a document without secrets; None where nobody can tell what decides."""
        if not self.is_known:
            return None
        told: list[Any] = []
        self._tell([document], self._around, Seen(tables), told)
        return tuple(told)

    def _tell(self, whole: Any, node: Node, seen: Seen, told: list[Any]) -> None:
        """Tell how a container looks, then what there is to tell of its scalars, then of the containers in it."""
        names, values = (tuple(whole), whole.values()) if type(whole) is dict else (len(whole), whole)
        look = (node, names, tuple(map(type, values)), None if all(values) else tuple(map(bool, values)))
        plan = self._plans.get(look) or self._plan(look)
        told.append(plan.sign)
        told += [tell(whole[key], seen) for key, tell in plan.scalars]
        for key, inner in plan.containers:
            self._tell(whole[key], inner, seen, told)

    def _plan(self, look: _Look) -> _Plan:
        """Work out what there is to tell of a container, and keep it unless it is large."""
        _, names, kinds, _ = look
        if len(kinds) > _MOST_MEMBERS or (isinstance(names, tuple) and sum(map(len, names)) > _LONGEST_NAMES):
            return _Plan(look, is_kept=False)
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        made = self._plans[look] = _Plan(look, is_kept=True)
        return made
