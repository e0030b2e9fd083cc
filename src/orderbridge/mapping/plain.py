"""Plain lines of a mapping: one value under names of members alone, and one leaf of the hub; most lines are that.

What such a line leaves behind in an account depends on the row that it stands in and not on the value, and the same
rows come again with every order: it is worked out once, and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.mapping.operations import Leaf
from orderbridge.mapping.trace import Address, Cause, Mark, Read

if TYPE_CHECKING:
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Guard, Operation

FIRST: Final = "0"
"""The handle of the first row of a list: rows are numbered as they are made."""

ReadTrace = tuple["Place", Address, Mark, Read]
"""What a line that is read leaves behind: the place of its value, the hub's leaf, and what is said of the two."""


class PlainRead(NamedTuple):
    """A line that becomes one leaf of the row that it stands in, or of a list's first."""

    number: int
    line: Leaf
    names: tuple[str, ...]
    leaf: str
    first: str | None
    when: Guard | None
    is_money: bool

    def traced(self, place: Place, rows: str, handle: str, traces: list[ReadTrace | None]) -> ReadTrace:
        """Work out what the line leaves behind, and keep it."""
        here = (*place, *self.names)
        own = (rows, handle) if self.first is None else (self.first, FIRST)
        address = Address(*own, self.leaf)
        trace = (here, address, Mark("read", self.line, address), Read(here, self.line, self.names))
        traces[self.number] = trace
        return trace


def plain_read(number: int, line: Operation) -> PlainRead | None:
    """See whether a line is plain when it is read."""
    if not isinstance(line, Leaf) or not _names_members(line) or line.aka:
        return None
    names: Any = line.at
    to = line.to
    return PlainRead(number, line, names, to.leaf, to.first, line.when, line.codec.currency)


WriteTrace = tuple["Place", Cause]
"""What a line that is written leaves behind: the place that it writes, and why."""


class PlainWrite(NamedTuple):
    """A line that writes one leaf of the row that it stands in."""

    number: int
    line: Leaf
    leaf: str
    inner: tuple[str, ...]
    last: str

    def traced(self, place: Place, rows: str, handle: str, traces: list[WriteTrace | None]) -> WriteTrace:
        """Work out what the line leaves behind, and keep it."""
        address = Address(rows, handle, self.leaf)
        trace = ((*place, *self.inner, self.last), Cause("source", (address,), self.line))
        traces[self.number] = trace
        return trace


def plain_write(number: int, line: Operation) -> PlainWrite | None:
    """See whether a line is plain when it is written."""
    if not isinstance(line, Leaf) or not _names_members(line) or line.when is not None or line.to.first is not None:
        return None
    # What an amount is written as depends on currencies, and what some values are written as is told with them.
    if line.codec.currency or line.codec.lossy or line.to.leaf.endswith(".amount"):
        return None
    *inner, last = line.at
    return PlainWrite(number, line, line.to.leaf, tuple(map(str, inner)), str(last))


def _names_members(line: Leaf) -> bool:
    """Tell whether a line stands at members alone, at one place, and speaks of no scope around."""
    if not line.at or line.also or line.currency is not None or line.to.up:
        return False
    return all(isinstance(token, str) for token in line.at)
