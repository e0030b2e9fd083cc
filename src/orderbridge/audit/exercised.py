"""Which lines of a partner's mapping recorded messages ever used: the others are untried.

Messages are lifted as a translation would lift them, and the trace of the lift names the lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orderbridge.mapping.document import without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Leave
from orderbridge.mapping.survey import survey
from orderbridge.translation.headers import document_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.audit.exchange import Field
    from orderbridge.audit.judging import Message as Recorded
    from orderbridge.mapping.operations import Message, Origin
    from orderbridge.mapping.trace import Lifted
    from orderbridge.translation.side import Side


@dataclass
class Exercised:
    """The lines that were used so far, by the kind of message."""

    side: Side
    _used: dict[Message, set[Origin]] = field(default_factory=dict)

    def message(self, recorded: Recorded) -> None:
        """Take in a JSON body of the operation that the mapping is about."""
        created = self.side.contract.operation()
        if recorded.operation != created.id:
            return
        if recorded.status is None:
            self._lift("request", recorded.value)
        else:
            self._lift("response" if recorded.status.startswith("2") else "error", recorded.value)

    def headers(self, operation: str, fields: tuple[Field, ...]) -> None:
        """Take in the headers of a request."""
        if operation == self.side.contract.operation().id:
            self._lift("headers", document_of(self.side, {each.name: each.value for each in fields}))

    def _lift(self, kind: Message, value: Any) -> None:
        section = self.side.mapping.sections.get(kind)
        if section is not None and section.operations:
            lifted = lift(without(value, self.side.secrets_in(kind)), section)
            self._used.setdefault(kind, set()).update(_lines(lifted))

    def report(self) -> list[dict[str, str]]:
        """Name the lines that were never used, of the kinds of message that were recorded."""
        return [row for kind, used in self._used.items() for row in self._unused(kind, used)]

    def _unused(self, kind: Message, used: set[Origin]) -> Iterator[dict[str, str]]:
        told: set[Origin] = set()
        for seen in survey(self.side.mapping.sections[kind]):
            origin = seen.line.origin
            if seen.role not in {"at", "rows"} or isinstance(seen.line, Leave) or origin in used | told:
                continue
            told.add(origin)
            yield {"rule": str(origin), "message": kind, "path": write_path(seen.at)}


def _lines(lifted: Lifted) -> Iterator[Origin]:
    yield from (mark.line.origin for mark in lifted.marks.values() if mark.line is not None)
    yield from (read.line.origin for read in lifted.reads.values())
    yield from (row.line.origin for row in lifted.rows.values())
