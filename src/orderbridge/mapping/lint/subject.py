"""What rules look at: one kind of message of a mapping, its lines as flat entries, and what the contract says there."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orderbridge.contract.members import ANY, Spot, spot
from orderbridge.mapping.fills import typed
from orderbridge.mapping.hub import SCHEMAS
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each, Leaf, Origin
from orderbridge.mapping.reading import header_spot
from orderbridge.mapping.survey import Cover, Seen, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Steps
    from orderbridge.contract.model import Body, Operation
    from orderbridge.mapping.draft import Draft, Raw
    from orderbridge.mapping.operations import Mapping, Message, Section
    from orderbridge.mapping.survey import HubPlace

Codes: TypeAlias = Table[str, str]
RULED: Final = "documented"
"""The evidence from which on a rule of the contract refuses what breaks it."""


class Found(NamedTuple):
    """A breach: where it was written, and what is wrong."""

    origin: Origin
    message: str


@dataclass(frozen=True)
class Subject:
    """A mapping with all that it is held against; `codes` are the partner's words for statuses of refusals."""

    draft: Draft
    mapping: Mapping
    contract: Contract
    hub: Contract
    codes: Codes = field(default_factory=dict)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The kinds of messages that the mapping says something about."""
        return tuple(Part(self, section) for section in self.mapping.sections.values() if section.operations)

    @property
    def operation(self) -> Operation:
        """The operation whose messages are mapped."""
        return self.contract.operation()

    def head(self, name: str) -> Origin:
        """Say where a member of the file's head stands; the file's first line if it has none."""
        return origin(self.draft.head.get(name, self.draft.root))


@dataclass(frozen=True)
class Part:
    """One kind of message: its lines, and the schemas that they speak of."""

    whole: Subject
    section: Section

    @property
    def message(self) -> Message:
        """The kind of message."""
        return self.section.message

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The lines as flat entries."""
        return survey(self.section)

    @cached_property
    def cover(self) -> Cover:
        """The lines by the members that they stand for."""
        return Cover.of(self.seen)

    @cached_property
    def roots(self) -> tuple[Spot, ...]:
        """The schemas of the message: an error has one for each status that has its own."""
        return tuple(_roots(self.whole, self.message, self.whole.contract))

    @cached_property
    def ruled(self) -> tuple[Spot, ...]:
        """The same without what is known less well than documented."""
        return tuple(_roots(self.whole, self.message, self.whole.contract.at(RULED)))

    @cached_property
    def start(self) -> Origin:
        """Where the lines of this message begin in the file."""
        root = self.whole.draft.root
        raw = root
        for name in _SECTIONS[self.message]:
            if isinstance(raw.value, dict) and name in raw.value:
                raw = raw.at(name)
        return origin(raw)

    def spots(self, seen: Seen, *, ruled: bool = False) -> list[Spot]:
        """Find what the contract declares where a line stands: elements, children of elements, a bare object."""
        roots = self.ruled if ruled else self.roots
        ways = list(_ways(seen))
        return [here for root in roots for steps in ways if (here := root.at(steps)).exists]

    def hub_spot(self, place: HubPlace) -> Spot:
        """Find what the hub's contract says of a leaf."""
        rows = (*place.rows.split("."), ANY) if place.rows else ()
        root = spot(self.whole.hub, f"/components/schemas/{SCHEMAS[self.message]}")
        return root.at((*rows, *place.leaf.split(".")))


_SECTIONS: Final[dict[Message, tuple[str, ...]]] = {
    "request": ("request",),
    "response": ("response",),
    "error": ("errors", "body"),
    "headers": ("headers",),
}


def _roots(whole: Subject, message: Message, contract: Contract) -> Iterator[Spot]:
    if message == "headers":
        yield header_spot(contract)
        return
    operation = contract.operation()
    schemas = dict.fromkeys(body.json_schema for body in _bodies(whole, message, operation) if body is not None)
    yield from (spot(contract, schema) for schema in schemas if schema is not None)


def _bodies(whole: Subject, message: Message, operation: Operation) -> Iterator[Body | None]:
    if message == "request":
        yield operation.request
    elif message == "response":
        yield operation.responses.get(operation.success or "default")
    else:
        yield from (operation.response(str(status)) for _, status in whole.mapping.statuses)


def _ways(seen: Seen) -> Iterator[Steps]:
    """Give the paths under which the contract may declare what a line speaks of, lists around it taken as they are."""
    steps = seen.steps
    yield steps
    around = [each for each in seen.lists if each.nest is not None]
    for each in around[:1]:
        cut = _end_of_list(seen, each)
        yield (*steps[:cut], str(each.nest), ANY, *steps[cut:])


def _end_of_list(seen: Seen, each: Each) -> int:
    """Count the steps up to and with the elements of a list around a line."""
    number = seen.lists.index(each)
    return [index for index, step in enumerate(seen.at) if step == ANY][number] + 1


def origin(raw: Raw) -> Origin:
    """Say where something was written."""
    line, column = raw.document.place(raw.where)
    return Origin(raw.file, line, column, raw.where)


def shown(seen: Seen) -> str:
    """Write the path of a line for people."""
    return f"`{write_path(seen.at)}`"


# Value tables


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a value table as written."""

    raw: Raw
    partner: Any
    hub: Any
    lossy: bool
    preferred: bool


def rows_of(part: Part, line: Leaf, here: Spot) -> list[TableRow]:
    """Give the rows of the table that a line reads by, its values typed as they are there."""
    return [_row(raw, here) for raw in part.whole.draft.tables[line.codec.name] if "to" in raw.value]


def mentioned(part: Part, line: Leaf, here: Spot) -> list[Any]:
    """Give the partner's values that the table of a line says anything of, be it that they mean nothing."""
    return [typed(raw.at("from"), here) for raw in part.whole.draft.tables[line.codec.name]]


def _row(raw: Raw, here: Spot) -> TableRow:
    row = raw.value
    return TableRow(raw, typed(raw.at("from"), here), row["to"], "lossy" in row, row.get("preferred") is True)
