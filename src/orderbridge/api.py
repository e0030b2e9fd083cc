"""What `import orderbridge` promises: partners, validation of their messages, and translation between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from orderbridge.contract.catalogue import MAPPING, catalogue
from orderbridge.errors import UnknownOperationError, UsageError
from orderbridge.problem import LEVELS
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderbridge.behaviour.effects import Behaviour
    from orderbridge.contract.catalogue import Catalogue
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Body, Operation
    from orderbridge.forecast.table import Matrix
    from orderbridge.mapping.operations import Mapping as MappingFile
    from orderbridge.problem import Evidence, Problem
    from orderbridge.translation.modes import Mode
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Translation

TranslatedMessage = Literal["request", "response", "error"]
Message = Literal["request", "response"]


@dataclass(frozen=True)
class Partner:
    """One partner: its contract and all that can be done with it.

    `known` is the catalogue whose folder it came from; a contract that is a document of its own has none, and
    so neither mapping nor behaviour, even where its name is that of a partner in the catalogue.
    """

    contract: Contract
    known: Catalogue | None = field(default=None, repr=False, compare=False)
    _validators: dict[tuple[str, Evidence], Validator] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The partner's one-word name."""
        return self.contract.name

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by id, in the order of the document."""
        return self.contract.operations

    @cached_property
    def mapping(self) -> MappingFile | None:
        """The mapping between the partner's messages and the hub's; None where its folder has none.

        Raises:
            DocumentError: it cannot be used.

        """
        from orderbridge.mapping.reading import load_mapping  # noqa: PLC0415 - who only validates does without

        return None if self.known is None else load_mapping(self.known, self.name)

    @cached_property
    def behaviour(self) -> Behaviour | None:
        """What the reference server does for the partner; None where its folder does not say.

        Raises:
            DocumentError: it cannot be used.

        """
        from orderbridge.behaviour.reading import load_behaviour  # noqa: PLC0415 - only the server asks

        return None if self.known is None else load_behaviour(self.known, self.name)

    @cached_property
    def side(self) -> Side:
        """The partner as translation sees it.

        Raises:
            UsageError: it has no mapping.
            DocumentError: the mapping cannot be used.

        """
        from orderbridge.translation.side import Side  # noqa: PLC0415 - the same

        mapping = self.mapping
        if mapping is None:
            msg = f"{self.name} has no mapping: add a {MAPPING} to its folder to translate"
            raise UsageError(msg)

        def validators(message: str, status: str | None) -> Validator:
            return self.validator(message=cast("Message", message), status=status)

        return Side(self.contract, mapping, validators)

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


def partner(name: str, contracts: str | Path | Iterable[str | Path] = ()) -> Partner:
    """Give a partner by name: a built-in one, the same object each time, or one of your own.

    `contracts` are folders as `--contracts` takes them, one or several; they are read anew at each call.

    Raises:
        UnknownPartnerError: there is none of that name.
        InputError: a folder is not there or holds no contract.
        DocumentError: the contract cannot be used.

    """
    folders = folders_of(contracts)
    if not folders:
        return _built_in_partner(name)
    known = catalogue(folders)
    return Partner(known.contract(name), known)


def folders_of(contracts: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    """Give folders that are named by one path or by several."""
    return tuple(map(Path, [contracts] if isinstance(contracts, (str, Path)) else contracts))


@cache
def _built_in_partner(name: str) -> Partner:
    known = _built_in()
    return Partner(known.contract(name), known)


@cache
def _built_in() -> Catalogue:
    return catalogue()


def translate(
    order: Any,
    source: str | Partner,
    target: str | Partner,
    message: TranslatedMessage = "request",
    *,
    operation: str | None = None,
    status: str | int | None = None,
    headers: Mapping[str, Any] | None = None,
    supply: Any = None,
    mode: Mode = "lenient",
    ticket: Any = None,
    carry: Literal["none", "slot"] = "none",
    ticket_key: str | bytes | None = None,
    check: bool = True,
) -> Translation:
    """Translate a message of one partner into another's format.

    `order` is JSON text, a JSON value with exact numbers, or a generated model. With the ticket of an earlier
    translation the order comes home: the sender's own document, with what the receiver changed and nothing else.
    `check=False` skips both contracts: the draft is there, but nobody says that it is complete.

    Raises:
        UsageError: there is no such partner, message, mode or operation, or a partner has no mapping.
        DocumentError: a mapping or a lookup table cannot be used.

    """
    road, supplies, translating = _translation()
    home, away = (each if isinstance(each, Partner) else partner(each) for each in (source, target))
    if operation is not None:
        for side in (home, away):
            _check_operation(side, operation)
    sides = home.side, away.side
    if not isinstance(supply, supplies.Supply):
        section = sides[1].mapping.sections.get(message)
        supply = supplies.read_supply(supply, scope=section.scope if section is not None else None)
    request = translating.Request(
        message=message,
        status=str(status) if status is not None else None,
        mode=mode,
        supply=supply,
        headers=headers,
        check=check,
        carry=carry,
        ticket_key=ticket_key,
    )
    made: Translation = road.run(*sides, order, request, ticket)
    return made


@cache
def _translation() -> tuple[Any, Any, Any]:
    """Import what translates, once: who only validates does without, and an import statement takes its time."""
    from orderbridge.translation import road, supply, translating  # noqa: PLC0415

    return road, supply, translating


def _check_operation(side: Partner, operation: str | None) -> None:
    created = side.contract.operation().id
    if operation is not None and operation != created:
        raise UnknownOperationError("translatable operation", operation, [created])


def matrix(partners: Iterable[Partner] | None = None) -> Matrix:
    """Tell what a translation does with every member, for all pairs of partners that have a mapping.

    From contracts and mappings alone, without any order; of the built-in partners where none are given.

    Raises:
        DocumentError: a mapping cannot be used.

    """
    from orderbridge.forecast import pairing  # noqa: PLC0415 - the same

    known = partners if partners is not None else (partner(entry.name) for entry in _built_in().partners)
    mapped = ((each.contract, each.mapping) for each in known)
    return pairing.matrix(pairing.Halves.of(contract, own) for contract, own in mapped if own is not None)
