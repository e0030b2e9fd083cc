"""The small parts of a mapping's lines: paths, conditions, constants, and lines that belong together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.registry import Row
from orderbridge.mapping.document import is_blank
from orderbridge.mapping.draft import Raw, suggestion
from orderbridge.mapping.fills import typed
from orderbridge.mapping.notation import PathError, read_path
from orderbridge.mapping.operations import (
    Guard,
    HubPath,
    Leaf,
    Operation,
    Origin,
    Parts,
    Path,
    Select,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.hub import Scope


_MOST_DIGITS: Final = 9
REASONS: Final = ("server-side", "duplicate", "no concept elsewhere", "unknown members")


def path_of(raw: Raw, text: str | None = None) -> Path:
    """Read a partner path, or refuse what is there."""
    try:
        return read_path(raw.text("a path") if text is None else text)
    except PathError as error:
        raw.refuse(str(error))


@dataclass(frozen=True)
class Where:
    """Where lines stand: what the contract declares there, and the hub's scopes, the nearest last."""

    at: Spot
    scopes: tuple[Scope, ...]

    @property
    def root(self) -> Scope:
        """The hub document itself."""
        return self.scopes[0]


def origin_of(raw: Raw) -> Origin:
    """Say where a line was written."""
    line, column = raw.document.place(raw.where)
    return Origin(raw.file, line, column, raw.where)


def guard_of(raw: Raw, where: Where, base: Path) -> Guard:
    """Read a `when`: a constant test on a sibling."""
    members = raw.members("`when`")
    if len(members) != 1:
        raw.refuse("`when` tests one path against one constant")
    ((text, value),) = members.items()
    path = (*base, *path_of(value, text))
    return Guard(path, typed(value, spot_at(where.at, path)))


def constants_of(raw: Raw, rows: Scope) -> Iterator[tuple[str, Any]]:
    """Yield the hub leaves and values of a `where`."""
    for leaf, value in raw.members("`where`").items():
        if leaf not in rows.leaves:
            value.refuse(f"the hub has no leaf {leaf!r} here{suggestion(leaf, rows.leaves)}")
        if is_blank(value.value):
            value.refuse(f"a leaf of the hub is never null or empty: leave {leaf!r} out of `where`")
        yield leaf, value.value


def is_left(raw: Raw) -> bool:
    """Tell whether a row of a table only says of a value that it means nothing here, and why."""
    members = raw.members("a row of a table")
    if "leave" not in members:
        return False
    if members.keys() != {"from", "leave"}:
        raw.refuse("a row of a table that says `leave` has no other member but from")
    members["leave"].word("the reason", REASONS)
    return True


def row_of(raw: Raw, here: Spot) -> Row:
    """Read one row of a value table."""
    members = raw.members("a row of a table")
    unknown = members.keys() - {"from", "to", "lossy", "preferred"}
    if unknown or not {"from", "to"} <= members.keys():
        raw.refuse("a row of a table has the members from and to, and may have lossy and preferred")
    lossy = members["lossy"].text("`lossy`") if "lossy" in members else None
    preferred = "preferred" in members and members["preferred"].flag("`preferred`")
    return Row(typed(members["from"], here), members["to"].value, lossy, preferred)


def spot_at(at: Spot, path: Path) -> Spot:
    """Follow a partner path through what the contract declares."""
    for token in path:
        if isinstance(token, Select):
            at = at.elements
        else:
            at = at.elements if isinstance(token, int) and at.elements.exists else at.at((str(token),))
    return at


def list_of(leaf: str) -> str:
    """Give the leaf of which this is a numbered part."""
    head, _, number = leaf.rpartition(".")
    return head if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS else ""


def guarded(line: Operation, guard: Guard | None) -> Operation:
    """Put the condition of its shape on a line that has none of its own."""
    return replace(line, when=guard) if guard and isinstance(line, Leaf) and line.when is None else line


def with_spellings(found: list[Operation]) -> list[Operation]:
    """Let conditions on a sibling know the sibling's other spellings."""
    aka = {each.at: each.aka for each in found if isinstance(each, Leaf) and each.aka}
    return [
        replace(each, when=replace(each.when, aka=aka[each.when.at]))
        if isinstance(each, Leaf) and each.when is not None and each.when.at in aka
        else each
        for each in found
    ]


def with_parts(found: list[Operation]) -> Iterator[Operation]:
    """Join the lines that number the parts of one list of texts."""
    parts: dict[HubPath, list[Leaf]] = {}
    for each in found:
        if isinstance(each, Leaf) and list_of(each.to.leaf):
            parts.setdefault(replace(each.to, leaf=list_of(each.to.leaf)), []).append(each)
    done: set[HubPath] = set()
    for each in found:
        whole = replace(each.to, leaf=list_of(each.to.leaf)) if isinstance(each, Leaf) else None
        if whole is None or whole not in parts:
            yield each
        elif whole not in done:
            done.add(whole)
            yield _joined(parts[whole], whole)


def _joined(leaves: list[Leaf], whole: HubPath) -> Parts:
    ordered = sorted(leaves, key=lambda leaf: int(leaf.to.leaf.rpartition(".")[2]))
    first = ordered[0]
    otherwise = tuple(replace(path, leaf=list_of(path.leaf) or path.leaf) for path in first.otherwise)
    at = tuple(leaf.at for leaf in ordered)
    return Parts(at, whole, first.origin, otherwise, first.fill, first.need, first.when)
