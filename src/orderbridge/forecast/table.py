"""The matrix: for each pair of partners, what becomes of every member of the one and where the other's come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["exact", "converted", "conditional", "filled", "supplied", "empty"]
KINDS: Final[dict[Kind, str]] = {
    "exact": "what the source says, as it stands",
    "converted": "what the source says, in the target's own spelling",
    "conditional": "required, and only some orders can fill it",
    "filled": "constant, derived or implied, whatever the order says",
    "supplied": "required, and the caller has to supply it",
    "empty": "optional, and nothing of the source becomes it",
}
"""The kinds of a target's members, with what each means; in this order everywhere."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the target: how it comes about, from which members of the source, through which leaf of the hub.

    Paths are written as in mapping files, those of headers begin with `header:`. `why` says what a condition, or a
    conversion, is about; `need` where the caller obtains what has to be supplied.
    """

    path: str
    kind: Kind
    required: bool = False
    sources: tuple[str, ...] = ()
    hub: str | None = None
    why: str | None = None
    need: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """One member of the source that has no home at the target: it travels in the ticket."""

    path: str
    why: str
    hub: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What a translation between two partners will do; `lists` are those of the target that will have elements."""

    source: str
    target: str
    members: tuple[Member, ...]
    carried: tuple[Carried, ...]
    mapped: int
    lists: frozenset[str] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """How many members of the target there are of each kind, and how many of the source are mapped and carried."""
        found = Counter(member.kind for member in self.members)
        return {**{kind: found[kind] for kind in KINDS}, "mapped": self.mapped, "carried": len(self.carried)}

    def of(self, *kinds: Kind) -> tuple[Member, ...]:
        """Give the members of some kinds."""
        return tuple(member for member in self.members if member.kind in kinds)


@dataclass(frozen=True)
class Matrix:
    """All ordered pairs of partners, by source and target."""

    partners: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Pair]

    def pair(self, source: str, target: str) -> Pair:
        """Give one pair.

        Raises:
            KeyError: one of the two has no mapping, or they are the same.

        """
        return self.pairs[source, target]
