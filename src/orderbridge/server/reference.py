"""The reference server: one operation of a partner, done as its behaviour says and kept in the store.

A call finds what it refers to, is refused or creates, changes or reads a record, and is answered with what is kept.
All of it is one transaction: whatever was answered is on disk, and whatever was refused has changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge import jsontext
from orderbridge.behaviour.house import House
from orderbridge.behaviour.plain import plain
from orderbridge.errors import UsageError
from orderbridge.server.answers import BrokenAnswerError, told
from orderbridge.server.asked import Asking
from orderbridge.server.fault import Fault
from orderbridge.server.http import JSON, Answer
from orderbridge.server.reference_ahead import Ahead, NeedsStoreError
from orderbridge.server.reference_call import Call
from orderbridge.server.reference_keys import Keys, sent_with
from orderbridge.server.reference_work import NOTHING, outcome
from orderbridge.store.refusals import Lost, Stale, Taken
from orderbridge.store.store import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderbridge.api import Partner
    from orderbridge.behaviour.plan import Plan
    from orderbridge.contract.model import Operation
    from orderbridge.mapping.operations import Origin
    from orderbridge.server.gate import Handler
    from orderbridge.server.http import Request
    from orderbridge.server.reference_keys import Sent
    from orderbridge.server.reference_store import Keeper
    from orderbridge.server.reference_work import Outcome
    from orderbridge.store.transaction import Transaction
    from orderbridge.validation.validator import Validator

_Ready: TypeAlias = "tuple[Outcome, Answer]"
_ATTEMPTS: Final = 4
_SEEMS_TAKEN: Final = (Taken, Stale, Lost)


def house_of(partner: Partner) -> House:
    """Work out what the reference server knows of a partner.

    Raises:
        UsageError: it has no mapping, without which nothing can be kept or answered.
        DocumentError: its mapping or behaviour cannot be used.

    """
    mapping = partner.mapping if partner.known is not None else None
    if mapping is None:
        raise UsageError(f"{partner.name} has no mapping, which the reference mode answers from: serve it as a mock")
    return House(partner.contract, mapping, partner.behaviour or plain(partner.contract, mapping))


@dataclass(frozen=True)
class Reference:
    """Makes the handlers of one partner's operations; what they need of it is read when it is first needed.

    `more` are fixtures that are laid over those of its behaviour, kind by kind and id by id.
    """

    partner: Partner
    keeper: Keeper
    keys: Keys
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def house(self) -> House:
        """What the server knows of the partner.

        Raises:
            DocumentError: its mapping or behaviour cannot be used.

        """
        return house_of(self.partner)

    @cached_property
    def fixtures(self) -> Mapping[str, Mapping[str, Any]]:
        """What is there before the first call."""
        there = self.house.behaviour.fixtures
        return {kind: {**there.get(kind, {}), **self.more.get(kind, {})} for kind in {**there, **self.more}}

    def handler(self, operation: Operation, otherwise: Callable[[], Handler]) -> Handler:
        """Make the handler of an operation; one of which the behaviour says nothing is answered otherwise."""
        return _Served(self, operation, otherwise)

    def warm(self) -> None:
        """Read and compile what the first call would have to wait for.

        Raises:
            DocumentError: the mapping or the behaviour cannot be used.

        """
        self.house.warm()


class _Served:
    """One operation as it is served."""

    def __init__(self, reference: Reference, operation: Operation, otherwise: Callable[[], Handler]) -> None:
        self.reference = reference
        self.operation = operation
        self.status = int(operation.success or "200")
        self.waiting: set[Origin] = set()
        self._otherwise = otherwise
        body = operation.response(operation.success) if operation.success is not None else None
        self.schema = body.json_schema if body is not None else None
        self.media_type = next((kind for kind in (body.content if body is not None else ())), JSON)

    @property
    def house(self) -> House:
        return self.reference.house

    @cached_property
    def plans(self) -> tuple[Plan, ...] | None:
        return self.house.plans.get(self.operation.id)

    @cached_property
    def creates_orders(self) -> bool:
        return self.operation.id == self.house.contract.operation().id

    @cached_property
    def asking(self) -> Asking:
        return Asking(self.operation, self.house.contract.document)

    @cached_property
    def otherwise(self) -> Handler:
        return self._otherwise()

    @cached_property
    def validator(self) -> Validator | None:
        if self.schema is None:
            return None
        operation = self.operation
        return self.reference.partner.validator(message="response", operation=operation.id, status=operation.success)

    async def __call__(self, request: Request) -> Answer:
        """Answer one call."""
        if self.plans is None:
            return await self.otherwise(request)
        call = self._call(request)
        scene = call.scene
        plan = next((each for each in self.plans if each.is_meant is None or each.is_meant(scene)), None)
        if plan is None:
            raise Fault("invalid", "the server does nothing of this kind", "unknown-case")
        if plan.case.does == "read":
            return await self.reference.keeper.read(lambda reader: self._answered(outcome(call, plan, reader).answer))
        sent = sent_with(request, self.house.contract.name, call.scene.request)
        if sent is None:
            return await self._written(call, plan, None)
        with self.reference.keys.holding(sent):
            return await self._written(call, plan, sent)

    def _call(self, request: Request) -> Call:
        is_declared = request.is_clean and self.creates_orders
        asked = self.asking.asked(request)
        return Call.of(self.house, request.caller.owner, asked, self.reference.fixtures, is_declared=is_declared)

    async def _written(self, call: Call, plan: Plan, sent: Sent | None) -> Answer:
        """Do it, and again where somebody else was quicker: an id that was taken meanwhile, a record that changed."""
        call = call.lifted(plan.case)
        last: Exception | None = None
        for _ in range(_ATTEMPTS):
            ready = self._ahead(call, plan)
            try:
                return await self.reference.keeper.run(partial(self._work, call, plan, sent, ready))
            except _SEEMS_TAKEN as error:
                last = error
        raise Fault("conflict", "another call changed the same at the same time", "busy") from last

    def _ahead(self, call: Call, plan: Plan) -> _Ready | None:
        """Work out before the transaction what depends on nothing that is kept; None: this has to wait for it."""
        case = plan.case
        if case.find or case.does != "create" or case.origin in self.waiting:
            return None
        try:
            made = outcome(call, plan, Ahead(utc_now()))
        except NeedsStoreError:
            self.waiting.add(case.origin)
            return None
        return made, self._answered(made.answer)

    def _work(self, call: Call, plan: Plan, sent: Sent | None, ready: _Ready | None, tx: Transaction) -> Answer:
        keys = self.reference.keys
        known = keys.recalled(tx, sent)
        if known is not None:
            return known
        if ready is None:
            made = outcome(call, plan, tx)
            made.keep(tx)
            answer = self._answered(made.answer)
        else:
            made, answer = ready
            made.keep(tx)
        keys.remember(tx, sent, answer)
        return answer

    def _answered(self, value: Any) -> Answer:
        """Write what is answered, checked against the contract before anything is committed."""
        if value is NOTHING:
            return Answer(self.status)
        if self.validator is not None and not self.validator.accepts(value):
            value = self.house.trimmed(value, self.schema)
            if not self.validator.allows(value):
                raise BrokenAnswerError(f"{self.operation.id}: {self._faults(value)}")
        return Answer(self.status, jsontext.write(value), self.media_type, proven=self.validator is not None)

    def _faults(self, value: Any) -> str:
        problems = self.validator.check_value(value) if self.validator is not None else []
        return "; ".join(told(problems))
