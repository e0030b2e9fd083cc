"""Rules of behaviours: what they speak of is in the contract, and what they write is what the contract takes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge.behaviour.effects import ORDER, Constant, Copy, Each, Join, Pairs, Put, Source, Take, Template
from orderbridge.behaviour.reading import fixture_validator
from orderbridge.contract.members import ANY, spot
from orderbridge.mapping.draft import suggestion
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Origin
from orderbridge.problem import CODES, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.behaviour.effects import Behaviour, Case, Find, Line
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Spot
    from orderbridge.contract.model import Operation
    from orderbridge.mapping.operations import Path

_PARAMETERS: Final = ("path", "query", "header")
_TYPES: Final[dict[type, str]] = {bool: "boolean", str: "string", list: "array", dict: "object"}


def lint(behaviour: Behaviour, contract: Contract) -> Iterator[Problem]:
    """Yield every breach of a rule."""
    for rule in _RULES:
        yield from rule(_Subject(behaviour, contract))


@dataclass(frozen=True)
class _Subject:
    """A behaviour and the contract that it is held against."""

    behaviour: Behaviour
    contract: Contract

    @property
    def cases(self) -> Iterator[tuple[Operation, Case]]:
        for name, cases in self.behaviour.operations.items():
            for case in cases:
                yield self.contract.operations[name], case

    def request(self, operation: Operation) -> Spot:
        body = operation.request
        return spot(self.contract, body.json_schema if body is not None else None)

    def response(self, operation: Operation) -> Spot:
        body = operation.response(operation.success) if operation.success is not None else None
        return spot(self.contract, body.json_schema if body is not None else None)

    def document(self, case: Case) -> Spot:
        """See the document that a case writes: the order as it was sent, or a record by its kind's schema."""
        kind = self.kind_of(case)
        if kind == ORDER:
            return self.request(self.contract.operation())
        schema = self.behaviour.kinds[kind].schema if kind is not None else None
        return spot(self.contract, f"/components/schemas/{schema}" if schema is not None else None)

    def kind_of(self, case: Case) -> str | None:
        if case.does != "change":
            return case.subject
        return next((each.kind for each in case.find if each.name == case.subject), None)

    def problem(self, code: str, message: str, origin: Origin | None, severity: Severity = "error") -> Problem:
        place = origin or Origin(self.behaviour.file, 1)
        return Problem(
            code,
            message,
            place.pointer,
            severity,
            fix=CODES[code].fix,
            file=self.behaviour.file,
            line=place.line,
            column=place.column,
        )


# Operations and fixtures


def _unserved(subject: _Subject) -> Iterator[Problem]:
    for name in subject.contract.operations:
        if name not in subject.behaviour.operations:
            yield subject.problem(
                "lint-behaviour-unserved", f"nothing is said of the operation {name}", None, "warning"
            )


def _fixtures(subject: _Subject) -> Iterator[Problem]:
    for kind, documents in subject.behaviour.fixtures.items():
        validator = fixture_validator(subject.contract, subject.behaviour.kinds[kind], "inferred")
        if validator is None:
            continue
        for name, document in documents.items():
            for found in validator.check_value(document):
                message = f"the {kind} {name}: {found.message}"
                yield subject.problem("lint-behaviour-fixture", message, subject.behaviour.places[kind, name])


# Paths


def _paths(subject: _Subject) -> Iterator[Problem]:
    for line, here in _written(subject):
        if not _is_declared(here, line.at):
            message = f"the contract declares nothing at `{write_path(line.at)}`"
            yield subject.problem("lint-behaviour-path", message, line.origin)
    for operation, case in subject.cases:
        for source, origin in _sources(case):
            if not _is_there(subject, operation, source):
                message = f"a call of {operation.id} has no `{source}`"
                yield subject.problem("lint-behaviour-path", message, origin)
            elif source.root in _MADE and source.leaf not in (known := _MADE[source.root](subject, case)):
                message = f"there is no `{source}` here{suggestion(source.leaf, known)}"
                yield subject.problem("lint-behaviour-path", message, origin)


def _names(subject: _Subject) -> Iterator[Problem]:
    """Find natural keys that no call which creates such a record has: nothing would ever be kept under them."""
    for kind in subject.behaviour.kinds.values():
        creating = [
            operation for operation, case in subject.cases if case.does == "create" and case.subject == kind.name
        ]
        for name in kind.names:
            if name.source is None or not creating:
                continue
            if not any(_is_there(subject, operation, name.source) for operation in creating):
                message = f"no call that creates a record of the kind {kind.name} has `{name.source}`"
                yield subject.problem("lint-behaviour-path", message, name.origin)


def _made_names(subject: _Subject, case: Case) -> tuple[str, ...]:
    """Give what `name.…` can be: the names of the record that the case creates."""
    if case.does != "create" or case.subject is None:
        return ()
    return ("id", *(each.name for each in subject.behaviour.kinds[case.subject].names))


def _finds(_subject: _Subject, case: Case) -> tuple[str, ...]:
    return tuple(each.name for each in case.find)


_MADE: Final[dict[str, Callable[[_Subject, Case], tuple[str, ...]]]] = {
    "name": _made_names,
    "missed": _finds,
    "count": _finds,
}
"""Sources that are known by what the case finds or makes."""


def _written(subject: _Subject) -> Iterator[tuple[Line, Spot]]:
    """Yield every line that writes into a document of the contract, with what the contract says of the document."""
    order = subject.response(subject.contract.operation())
    yield from _inside(subject.behaviour.kinds[ORDER].show, order)
    for operation, case in subject.cases:
        yield from _inside(case.answer, subject.response(operation))
        yield from _inside(case.document, subject.document(case))


def _inside(lines: Iterable[Line], here: Spot) -> Iterator[tuple[Line, Spot]]:
    """Yield lines and those that make the elements of their lists."""
    for line in lines:
        yield line, here
        if isinstance(line.effect, Each | Put):
            yield from _inside(line.effect.lines, here.at(_steps(line.at)).elements)


def _steps(path: Path) -> tuple[str, ...]:
    return tuple(token if isinstance(token, str) else ANY for token in path)


def _is_declared(here: Spot, path: Path) -> bool:
    """Tell whether a contract declares a place, or leaves open what stands around it."""
    for step in _steps(path):
        if not here.exists or not here.types:
            return True
        if ("array" if step == ANY else "object") not in here.types:
            return False
        inner = here.at((step,))
        if not inner.exists:
            return step == ANY or here.is_open
        here = inner
    return True


def _is_there(subject: _Subject, operation: Operation, source: Source) -> bool:
    if source.root == "body":
        return _is_declared(subject.request(operation), source.path)
    if source.root not in _PARAMETERS:
        return True
    names = {each.name for each in operation.parameters if each.location == source.root}
    if source.root == "header":
        names = {name.lower() for name in names}
    return bool(source.path) and str(source.path[0]) in names


def _sources(case: Case) -> Iterator[tuple[Source, Origin]]:
    yield from ((test.source, case.origin) for test in case.when)
    for wanted in case.find:
        yield from ((source, wanted.origin) for source in _of_find(wanted))
    for condition in case.refuse:
        yield from ((test.source, case.origin) for test in (*condition.when, *condition.unless))
        yield from ((source, case.origin) for source in _of_text(condition.refusal.message))
    for line in _all_lines((*case.document, *case.result, *case.answer)):
        yield from ((source, line.origin) for source in _of_line(line))


def _of_find(wanted: Find) -> Iterator[Source]:
    yield from (source for source, _ in wanted.by)
    yield from (test.source for test in wanted.where)
    if wanted.missing is not None:
        yield from _of_text(wanted.missing.message)


def _all_lines(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        if isinstance(line.effect, Each | Put):
            yield from _all_lines(line.effect.lines)


def _of_line(line: Line) -> Iterator[Source]:
    yield from (test.source for test in (*line.when, *line.unless))
    effect = line.effect
    if isinstance(effect, Template):
        yield from _of_text(effect)
    elif isinstance(effect, Copy):
        yield from effect.sources
    elif isinstance(effect, Each | Pairs | Take | Join):
        yield effect.source
    if isinstance(effect, Join):
        yield from _of_text(effect.template)
    elif isinstance(effect, Take):
        yield from _of_text(effect.missing)


def _of_text(template: Template) -> Iterator[Source]:
    for pieces in template.alternatives:
        yield from (piece for piece in pieces if isinstance(piece, Source))


# Constants


def _values(subject: _Subject) -> Iterator[Problem]:
    for line, here in _written(subject):
        if not isinstance(line.effect, Constant):
            continue
        place = here.at(_steps(line.at))
        if not _takes(place, line.effect.value):
            message = f"the contract does not take this value at `{write_path(line.at)}`"
            yield subject.problem("lint-behaviour-value", message, line.origin)


def _takes(here: Spot, value: Any) -> bool:
    types = here.types
    if value is None:
        return not types or any(part.get("nullable") is True for part in here.parts)
    if types and not _kinds(value) & types:
        return False
    return here.enum is None or value in here.enum


def _kinds(value: Any) -> set[str]:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return {"number", "integer"} if value == int(value) else {"number"}
    return {_TYPES[type(value)]}


_RULES: Final[tuple[Callable[[_Subject], Iterator[Problem]], ...]] = (_unserved, _fixtures, _paths, _names, _values)
