"""The loops over rows that a compiled pair is made of: over many rows, or over the one that there can be."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderbridge.mapping.compiled.lower_values import UncompiledError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.compiled.writer import Code


@dataclass(frozen=True)
class Loop:
    """Rows that are gone through, their leaves in variables."""

    code: Code
    chosen: str
    row: dict[str, str]
    handle: str
    parent: str | None = None
    is_flat: str | None = None
    is_made: str | None = None
    slots: tuple[int | None, int | None] = (None, None)

    @contextmanager
    def loop(self, rows: str | None = None) -> Iterator[None]:
        """Go through the rows."""
        leaves = "".join(f"{name}, " for name in self.row.values())
        with self.code.block(f"for {leaves or self.code.name('x')} in {rows or self.chosen}"):
            yield

    def tree(self, kids: str) -> str:
        """Group the rows by their parents; give the variable of those without one here."""
        tops = self.code.name("tops")
        self.code.line(f"{tops}, {kids} = tree_of_rows({self.chosen}, {self.slots[0]}, {self.slots[1]})")
        return tops


@dataclass(frozen=True)
class Block:
    """The one row that a list can have, its leaves in variables, or one that is made up."""

    code: Code
    test: str
    row: dict[str, str]
    handle: str
    parent: None = None
    is_flat: None = None
    is_made: str | None = None

    @contextmanager
    def loop(self, rows: str | None = None) -> Iterator[None]:
        """Write the row, if there is one."""
        with self.code.when(None if self.test == "True" else self.test):
            yield

    def tree(self, kids: str) -> str:
        """Never asked: one row has no parts."""
        raise UncompiledError


def slot_of(row: list[Any], slot: int | None) -> Any:
    """Give the leaf of a row, None where it can have none."""
    return None if slot is None else row[slot]
