"""What one call of `orderbridge translate` asks for, in words that another process can be given."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge.cli import options
from orderbridge.errors import UnknownOperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.api import Partner
    from orderbridge.batch.tickets import Tickets
    from orderbridge.batch.translating import Translator
    from orderbridge.mapping.operations import Message

PLAN: Final = "plan"
STDOUT: Final = "-"
_SLOT: Final = "slot"


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command by their names."""

    source: str
    target: str
    contracts: tuple[str, ...]
    operation: str | None
    message: Message
    status: str | None
    supply: str | None
    mode: str
    partial: bool
    headers: str | None
    headers_out: str | None
    carry: str
    ticket: str | None
    ticket_out: str | None
    ticket_key_file: str | None
    report: str | None
    values: bool
    rejects: str | None
    ndjson: bool
    output: str | None
    jobs: int

    @property
    def is_request(self) -> bool:
        """Whether it is orders that are translated, not answers."""
        return self.message == "request"

    @property
    def comes_home(self) -> bool:
        """Whether tickets are used rather than made."""
        return self.ticket is not None or (self.ticket_key_file is not None and self.carry != _SLOT)

    @property
    def written(self) -> list[str]:
        """The files that are written; `-` is standard output."""
        orders = None if self.mode == PLAN else self.output or STDOUT
        names = (orders, self.report, self.ticket_out, self.headers_out, self.rejects)
        return [name for name in names if name is not None]

    def checked(self) -> Asked:
        """Refuse options that do not fit together.

        Raises:
            UsageError: some do not.

        """
        for is_wrong, why in _CONFLICTS:
            if is_wrong(self):
                raise UsageError(why)
        twice = [name for name, times in Counter(self.written).items() if times > 1 and not _is_device(name)]
        if twice:
            msg = f"{twice[0]} cannot be written twice: give each part a file of its own"
            raise UsageError(msg)
        return self


_CONFLICTS: Final[tuple[tuple[Callable[[Asked], Any], str], ...]] = (
    (
        lambda asked: asked.is_request and asked.status,
        "--status belongs to an answer: add --message response or --message error",
    ),
    (
        lambda asked: asked.message == "error" and not asked.status,
        "an error is read by its HTTP status: add --status CODE",
    ),
    (
        lambda asked: (asked.headers or asked.headers_out) and (not asked.is_request or asked.comes_home),
        "headers are translated with an order on its way out, not with an answer and not on the way home",
    ),
    (
        lambda asked: (asked.ticket_out or asked.carry == _SLOT) and (not asked.is_request or asked.comes_home),
        "a ticket is made for an order on its way out, not for an answer and not on the way home",
    ),
    (
        lambda asked: asked.carry == _SLOT and not asked.ticket_key_file,
        "a ticket that travels in the document is sealed: add --ticket-key-file FILE",
    ),
    (
        lambda asked: asked.mode == PLAN and (asked.partial or asked.ticket_out or asked.headers_out or asked.rejects),
        "--mode plan writes no order: take --partial, --ticket-out, --headers-out and --rejects away",
    ),
)
"""Options that do not fit together: the test, and what to say."""


def _is_device(name: str) -> bool:
    path = Path(name)
    return path.exists() and not path.is_file()


@dataclass(frozen=True, slots=True)
class Job:
    """A call with the tickets that it was given: that of the only order, or those of many."""

    asked: Asked
    ticket: Any = None
    tickets: Tickets | None = None

    def translator(self) -> Translator:
        """Load both partners, and the files that are given beside the orders.

        Raises:
            UsageError: they cannot do what is asked for.
            DocumentError: one of them cannot be used.
            InputError: a file cannot be read.

        """
        from orderbridge.batch.translating import Translator, Wanted
        from orderbridge.cli import given
        from orderbridge.translation.translating import Request

        asked = self.asked
        partners = options.load_partners((asked.source, asked.target), asked.contracts)
        for partner in partners:
            _check(partner, asked)
        headers = given.headers(asked.headers)
        side = partners[1].side
        request = Request(
            message=asked.message,
            status=asked.status,
            mode=asked.mode,
            supply=given.supply(
                asked.supply, side.root(asked.message, asked.status), side.mapping.sections[asked.message].scope
            ),
            # Headers that are only wanted are made of what the order itself says.
            headers={} if headers is None and asked.headers_out else headers,
            carry=asked.carry,
            ticket_key=given.ticket_key(asked.ticket_key_file),
            keeps_ticket=asked.ticket_out is not None or asked.carry == _SLOT,
            values=asked.values,
        ).checked()
        wanted = Wanted(
            reports=asked.report is not None or asked.mode == PLAN,
            tickets=asked.ticket_out is not None,
            headers=asked.headers_out is not None,
            drafts=asked.partial,
            hides_secrets=asked.rejects is None,
        )
        source, target = (partner.side for partner in partners)
        return Translator(source, target, request, wanted, self.tickets, self.ticket)


def _check(partner: Partner, asked: Asked) -> None:
    """Refuse beforehand what would be refused at every order."""
    created = partner.contract.operation().id
    if asked.operation not in {None, created}:
        raise UnknownOperationError("translatable operation", str(asked.operation), [created])
    partner.side.section(asked.message)
    if asked.carry == _SLOT and partner.name == asked.target and partner.side.mapping.slot is None:
        msg = f"{partner.name} has no place in which a ticket could travel: use --ticket-out"
        raise UsageError(msg)
