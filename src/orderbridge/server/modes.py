"""What answers an operation: the mock, or the reference server with its store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orderbridge.behaviour.reading import read_fixtures
from orderbridge.server.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from orderbridge.api import Partner
    from orderbridge.contract.model import Operation
    from orderbridge.server.gate import Handler
    from orderbridge.server.reference import Reference
    from orderbridge.server.reference_store import Keeper


@dataclass(frozen=True)
class Mode:
    """Makes the handlers of all operations; without references every one is a mock's."""

    references: Mapping[str, Reference] = field(default_factory=dict)
    keeper: Keeper | None = None

    def handler(self, partner: Partner, operation: Operation) -> Handler:
        """Make what answers an operation."""
        reference = self.references.get(partner.name)
        if reference is None:
            return Mock.of(partner, operation)
        return reference.handler(operation, lambda: Mock.of(partner, operation))

    def warm(self) -> None:
        """Read and compile what the first calls would have to wait for.

        Raises:
            DocumentError: a mapping or behaviour cannot be used.

        """
        for reference in self.references.values():
            reference.warm()

    async def check(self) -> None:
        """See whether what keeps the orders answers.

        Raises:
            Fault: it does not.

        """
        if self.keeper is not None:
            await self.keeper.read(lambda reader: reader.find("", "", limit=1))

    async def close(self) -> None:
        """Let go of what is kept, once nothing is in flight any more."""
        if self.keeper is not None:
            await self.keeper.close()


def reference_mode(
    partners: Sequence[Partner], database: str, fixtures: Path | None = None, mismatch: int = 422
) -> Mode:
    """Serve partners from a store; `mismatch` is the status of another call under a key that was used.

    Raises:
        UsageError: a partner has no mapping, or the URL names no database that the store can be in.
        InputError: the database or a file cannot be used.
        DocumentError: the file of fixtures, or a behaviour that it speaks of, cannot be used.

    """
    from orderbridge.server.reference import Reference, house_of  # noqa: PLC0415 - a mock needs no database
    from orderbridge.server.reference_keys import Keys  # noqa: PLC0415
    from orderbridge.server.reference_store import Keeper  # noqa: PLC0415

    for partner in partners:
        if partner.known is None:
            house_of(partner)
    more = read_fixtures(fixtures, {partner.name: house_of(partner) for partner in partners}) if fixtures else {}
    keeper, keys = Keeper(database), Keys(mismatch)
    keeper.open()
    return Mode({each.name: Reference(each, keeper, keys, more.get(each.name, {})) for each in partners}, keeper)
