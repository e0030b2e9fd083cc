"""What `import orderbridge` promises: partners, and validation of their messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from orderbridge.contract.catalogue import catalogue
from orderbridge.errors import UnknownOperationError, UsageError
from orderbridge.problem import LEVELS
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Body, Operation
    from orderbridge.problem import Evidence, Problem

Message = Literal["request", "response"]


@dataclass(frozen=True)
class Partner:
    """One partner: its contract and all that can be done with it."""

    contract: Contract
    _validators: dict[tuple[str, Evidence], Validator] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The partner's one-word name."""
        return self.contract.name

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by id, in the order of the document."""
        return self.contract.operations

    def validate(
        self,
        payload: Any,
        *,
        message: Message = "request",
        operation: str | None = None,
        status: str | int | None = None,
        level: Evidence = "documented",
    ) -> list[Problem]:
        """Check a message against the contract: every problem, in the order of their places; [] when clean.

        `payload` is JSON text (bytes or str), a JSON value or a generated model. What breaks a rule known
        at `level` or better is an error, what breaks a weaker one a warning. Without `operation` the
        create operation is meant, without `status` its success.

        Raises:
            UsageError: there is no such operation, message or level.

        """
        return self.validator(message=message, operation=operation, status=status, level=level).check(payload)

    def validator(
        self,
        *,
        message: Message = "request",
        operation: str | None = None,
        status: str | int | None = None,
        level: Evidence = "documented",
    ) -> Validator:
        """Give the compiled validator of a message, the same each time.

        Raises:
            UsageError: there is no such operation, message or level.

        """
        if level not in LEVELS:
            raise UnknownOperationError("level", str(level), LEVELS)
        body = self.body(message=message, operation=operation, status=status)
        schema = body.json_schema
        if schema is None:
            msg = f"the {message} of this operation of {self.name} has no JSON body"
            raise UsageError(msg)
        key = (f"{message} {schema}", level)
        if key not in self._validators:
            self._validators[key] = Validator(self.contract, schema, message, level)
        return self._validators[key]

    def body(
        self,
        *,
        message: Message = "request",
        operation: str | None = None,
        status: str | int | None = None,
    ) -> Body:
        """Find a request body or response of the contract.

        Raises:
            UsageError: the operation has none.

        """
        found = self.contract.operation(operation)
        if message == "request":
            if status is not None:
                msg = "a status belongs to a response: add message='response'"
                raise UsageError(msg)
            return _given(found.request, f"{found.id} of {self.name} takes no body")
        if message != "response":
            raise UnknownOperationError("message", str(message), ("request", "response"))
        wanted = str(status) if status is not None else found.success or "default"
        response = found.response(wanted)
        if response is None:
            raise UnknownOperationError(f"response of {found.id} with status", wanted, found.responses)
        return response


def _given(body: Body | None, otherwise: str) -> Body:
    if body is None:
        raise UsageError(otherwise)
    return body


@cache
def partner(name: str) -> Partner:
    """Give a built-in partner by name, the same object each time.

    Raises:
        UnknownPartnerError: there is none of that name.

    """
    return Partner(catalogue().contract(name))
