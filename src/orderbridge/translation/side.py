"""One side of a translation: a partner's contract and mapping, and what is worked out from the two once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from orderbridge.contract.members import Spot, spot
from orderbridge.errors import UsageError

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Mapping, Message, Section
    from orderbridge.validation.validator import Validator

Validators = Callable[[str, "str | None"], "Validator"]
"""A message ("request" or "response") and a status -> its compiled validator."""

_CREDENTIALS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True)
class Side:
    """A partner as translation sees it."""

    contract: Contract
    mapping: Mapping
    validators: Validators
    _spots: dict[tuple[Message, Place], Spot] = field(default_factory=dict, repr=False, compare=False)
    _validators: dict[tuple[Message, str | None], Validator] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The partner's one-word name."""
        return self.contract.name

    def section(self, message: Message) -> Section:
        """Give the lines of a kind of message.

        Raises:
            UsageError: the mapping has none for it.

        """
        section = self.mapping.sections[message]
        if not section.operations and message != "headers":
            msg = f"the mapping of {self.name} says nothing about a {message}"
            raise UsageError(msg)
        return section

    def validator(self, message: Message, status: str | None = None) -> Validator:
        """Give the compiled validator of a message; of an error, by its status."""
        key = (message, status)
        if key not in self._validators:
            self._validators[key] = self.validators("request" if message == "request" else "response", status)
        return self._validators[key]

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The member names under which secrets stand, case-folded."""
        return frozenset(name.casefold() for name in self.contract.secrets)

    def secrets_in(self, message: Message) -> frozenset[str]:
        """Give the names of secrets in a kind of message; of headers, whatever proves who is calling too."""
        return self.secrets | self._credentials if message == "headers" else self.secrets

    @cached_property
    def _credentials(self) -> frozenset[str]:
        schemes = self.contract.document.get("components", {}).get("securitySchemes", {}).values()
        keys = {str(each.get("name")).casefold() for each in schemes if each.get("in") == "header"}
        return _CREDENTIALS | keys

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The member name that the ticket's slot takes."""
        slot = self.mapping.slot
        return frozenset({str(slot.at[-1])}) if slot is not None else frozenset()

    def schema_pointer(self, message: str, status: str | None = None) -> str | None:
        """Give the pointer of the schema of a message, None where it has no JSON body."""
        operation = self.contract.operation()
        if message == "request":
            body = operation.request
        else:
            body = operation.response(status or operation.success or "default")
        return body.json_schema if body is not None else None

    def root(self, message: Message, status: str | None = None) -> Spot:
        """Stand at the schema of a message."""
        return spot(self.contract, self.schema_pointer(message, status))

    def spot(self, message: Message, place: Place) -> Spot:
        """Stand at what the contract declares for a place of a document."""
        steps = tuple("*" if isinstance(token, int) else token for token in place)
        key = (message, steps)
        if key not in self._spots:
            self._spots[key] = self.root(message).at(steps)
        return self._spots[key]

    def declares(self, message: Message, place: Place) -> bool:
        """Tell whether the contract knows what stands at a place."""
        return self.spot(message, place).exists


@lru_cache(maxsize=8_192)
def is_secret(place: Place, secrets: frozenset[str]) -> bool:
    """Tell whether a place lies at or below a secret's name."""
    return bool(secrets) and any(isinstance(token, str) and token.casefold() in secrets for token in place)
