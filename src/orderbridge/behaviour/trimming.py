"""What an object of the contract leaves out: members that are not declared where all of them are.

A schema is walked once and becomes a table of shapes; documents are walked with the table alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orderbridge.contract import composition

if TYPE_CHECKING:
    from orderbridge.contract.members import Spot

Known = dict[tuple[int, ...], "Shape"]


@dataclass(frozen=True)
class Shape:
    """A place in a schema, looked at once; places with the same schemas share one, so that recursion ends."""

    here: Spot
    _known: Known = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def members(self) -> dict[str, Shape]:
        """The shapes of the declared members."""
        return {name: self._of(each) for name, each in self.here.members.items()}

    @cached_property
    def is_open(self) -> bool:
        """Whether members that are not declared may stand here."""
        return self.here.is_open

    @cached_property
    def elements(self) -> Shape | None:
        """The shape of a list's elements; None where the contract says nothing of them."""
        elements = self.here.elements
        return self._of(elements) if elements.exists else None

    def trimmed(self, value: Any) -> Any:
        """Copy a value without what is not declared."""
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list) and self.elements is not None:
            return [self.elements.trimmed(each) for each in value]
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        members, kept = self.members, {}
        for name, member in value.items():
            shape = members.get(name)
            if shape is not None:
                kept[name] = shape.trimmed(member) if isinstance(member, dict | list) else member
            elif self.is_open:
                kept[name] = member
        return kept

    def _of(self, there: Spot) -> Shape:
        # The contract holds its schemas as long as we hold it: their identities are their own.
        key = tuple(dict.fromkeys(id(composition.followed(each, there.document)) for each in there.schemas))
        if key not in self._known:
            self._known[key] = Shape(there, self._known)
        return self._known[key]
