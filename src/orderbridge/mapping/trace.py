"""What lifting and lowering leave behind: for each hub leaf where it was read, for each target leaf why it is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Each, Operation, Path

Came = Literal["read", "unreadable", "no-image", "blank", "shadowed", "contradicts", "left", "unmapped"]
CauseKind = Literal["source", "derived", "implied", "defaulted", "supplied"]


class Address(NamedTuple):
    """A leaf of one hub document: a list and a row's handle where it stands in one, the leaf, a free member's name."""

    rows: str
    row: str
    leaf: str
    member: str = ""

    def __str__(self) -> str:
        head = f"{self.rows}.{self.row}." if self.rows else ""
        tail = f".{self.member}" if self.member else ""
        return f"{head}{self.leaf}{tail}"


class Mark(NamedTuple):
    """What became of one leaf of a lifted document."""

    came: Came
    line: Operation | None = None
    hub: Address | None = None
    why: str | None = None


class Read(NamedTuple):
    """Where a hub leaf was read: its place (None where it was read elsewhere on its behalf), and by which line.

    `places` are all places of a list of texts that several members hold between them, or of a leaf read elsewhere.
    """

    place: Place | None
    line: Operation
    spelling: Path = ()
    places: tuple[Place, ...] = ()


class RowRead(NamedTuple):
    """Where a row was read: the element's place, by which list line; a list that is a bare object has no position."""

    place: Place
    line: Each
    parent: str | None = None


@dataclass(slots=True)
class Lifted:
    """A lifted document: the flat hub document, and where everything came from.

    `implied` are the leaves that the mapping states for the partner, `restored` the leaves and lists of an answer that
    the order's ticket stated. `leaves` are those of the document, with the document itself: they were walked anyway.
    """

    hub: dict[str, Any] = field(default_factory=dict)
    reads: dict[Address, Read] = field(default_factory=dict)
    rows: dict[tuple[str, str], RowRead] = field(default_factory=dict)
    marks: dict[Place, Mark] = field(default_factory=dict)
    implied: dict[Address, Any] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)
    leaves: tuple[Any, list[tuple[Place, Any]]] | None = None


class Cause(NamedTuple):
    """Why a leaf of a lowered document is there, and from which hub leaves."""

    kind: CauseKind
    sources: tuple[Address, ...] = ()
    line: Operation | None = None
    lossy: str | None = None


class NoImage(NamedTuple):
    """A hub leaf that cannot be said in the target, and why."""

    hub: Address
    why: str
    line: Operation | None = None


@dataclass(slots=True)
class Lowered:
    """A lowered document, the cause of every leaf, the rows of its lists, and what could not be said.

    `leaves` are those of the finished document, where they had to be walked anyway.
    """

    document: Any = field(default_factory=dict)
    causes: dict[Place, Cause] = field(default_factory=dict)
    rows: dict[Place, tuple[str, str]] = field(default_factory=dict)
    no_images: list[NoImage] = field(default_factory=list)
    lines: dict[Place, Operation] = field(default_factory=dict)
    leaves: dict[Place, Any] | None = None
