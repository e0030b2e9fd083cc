"""What the writers of lift and lower ask of how the hub is kept: as a map (`flat`), or in variables (`local`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from orderbridge.mapping.compiled.lift import Scope
    from orderbridge.mapping.compiled.lower_values import Site
    from orderbridge.mapping.operations import Each, Either, HubPath, Members


@dataclass(frozen=True)
class Free:
    """What the only reader of free members takes: not these names, and these types (any where there are none)."""

    declared: frozenset[str]
    holds: frozenset[str]


class Rows(Protocol):
    """Rows of a list that are written: how they are gone through, and what is known of the one at hand.

    `parent` is the expression of its parent's handle, None where no row can have any; `is_flat` the test whether it can
    stand in a list that does not nest; `is_made` the test whether it was made up because there was none.
    """

    @property
    def row(self) -> Any:
        """What the store knows the row at hand by."""

    @property
    def handle(self) -> str:
        """The expression of its handle."""

    @property
    def parent(self) -> str | None: ...  # noqa: D102 - see above

    @property
    def is_flat(self) -> str | None: ...  # noqa: D102

    @property
    def is_made(self) -> str | None: ...  # noqa: D102

    def loop(self, rows: str | None = None) -> AbstractContextManager[None]:
        """Go through the rows, or through others of the same list."""

    def tree(self, kids: str) -> str:
        """Group the rows by their parents, into a variable; give that of the rows without one here."""


class Lifted(Protocol):
    """The hub while it is made."""

    @property
    def root(self) -> Any:
        """What the order itself is known by."""

    @property
    def get(self) -> Callable[[Any, Any], Any]:
        """Reads a leaf of a row by its slot."""

    def place(self, scope: Scope, path: HubPath) -> tuple[str, str]:
        """Give the list, empty for the order itself, and the leaf that a hub path names."""

    def wants(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf, or see that its row is there."""

    def reads(self, rows: str, leaf: str) -> bool:
        """Tell whether anybody will read a leaf."""

    def is_raw(self, rows: str, leaf: str) -> bool:
        """Tell whether numbers may be kept as they come, for nobody looks at a leaf but codecs of numbers."""

    def through(self, rows: str, leaf: str) -> Free | None:
        """Give what is asked of free members that go straight from their only writer to their only reader."""

    def wants_list(self, rows: str) -> bool:
        """Tell whether anybody will read a list."""

    def wants_parts(self, rows: str) -> bool:
        """Tell whether anybody will read rows that have a parent."""

    def imply(self, context: tuple[tuple[str, Any], ...]) -> None:
        """Write the leaves that a mapping states for its partner."""

    def currency(self, leaf: str) -> str:
        """Give the expression of the order's currency."""

    def when_unset(self, scope: Scope, path: HubPath) -> AbstractContextManager[None]:
        """Write only where nothing was written before, or only what was implied."""

    def put(self, scope: Scope, path: HubPath, value: str) -> None:
        """Write a leaf."""

    def value(self, scope: Scope, path: HubPath) -> str:
        """Give the expression of a leaf, None where there is none."""

    def ensure_first(self, rows: str) -> None:
        """Make the first row of a list where there is none."""

    def open_list(self, line: Each) -> None:
        """Prepare for the rows of a list."""

    def open_row(self, line: Each, handle: str, parent: str | None, scope: Scope) -> None:
        """Make a row; its handle gets into a variable."""

    def row(self, line: Each) -> Any:
        """Give what the row of a list that is being made is known by."""

    def close_row(self, line: Each) -> None:
        """Finish a row."""

    def end_row(self, line: Each) -> None:
        """Leave a row, its parts noted."""

    def token(self, scope: Scope) -> str:
        """Give the expression of what is kept to come back to a row."""

    def handle_of(self, token: str) -> str:
        """Give the handle of a row that was kept."""

    def put_late(self, scope: Scope, token: str, leaf: str, value: str) -> None:
        """Write a leaf of a row that was kept."""

    def listed_rows(self, rows: str) -> str:
        """Give the expression of a list's rows."""

    def slot(self, rows: str, leaf: str) -> Any:
        """Give what a row's leaf is found by."""


class Lowered(Protocol):
    """The hub while it is read."""

    @property
    def root(self) -> Any:
        """What the order itself is known by."""

    def load_root(self, leaf: str) -> str | None:
        """Give the expression of a leaf of the order, None where it can never be there."""

    def load(self, site: Site, path: HubPath) -> str | None:
        """Give the expression of a leaf, None where it can never be there."""

    def leaf(self, row: Any, rows: str, leaf: str) -> str | None:
        """Give the expression of a row's leaf, None where it can never be there."""

    def is_raw(self, rows: str, leaf: str) -> bool:
        """Tell whether numbers are kept as they came."""

    def through(self, rows: str, leaf: str) -> Free | None:
        """Give what was asked of free members that went straight from their only writer to their only reader."""

    def codecs(self, site: Site, path: HubPath) -> frozenset[str]:
        """Give the codecs that can have read a leaf; none where nobody knows."""

    def choose(self, site: Site, line: Each) -> Rows | None:
        """Choose the rows that a list is written of; None where there can be none."""

    def bound(self, site: Site, line: Members) -> Rows | None:
        """Choose the rows that belong to the row at hand."""

    def choice(self, line: Either) -> str | int:
        """Give the number of the set of lines that is written, or its expression."""

    def count(self, rows: str) -> str:
        """Give the expression of how many rows a list has."""

    def identity(self) -> str:
        """Give the expression of what names the order among others."""
