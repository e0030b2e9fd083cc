"""One compiled validator per message of a contract: a value becomes all its problems.

jsonschema-rs decides; this module says whether a broken rule is an error or a warning, which branch of
an alternative was meant, and puts words and places to it. Valid values never leave the fast path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.contract import branches, dialect
from orderbridge.contract.branches import COMPOSED, Fault, faults
from orderbridge.contract.evidence import Tag, is_within
from orderbridge.problem import LEVELS, Evidence, Problem, Severity
from orderbridge.validation import messages, plain, show
from orderbridge.validation.compiling import compile_schema
from orderbridge.validation.monotony import is_monotone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import jsonschema_rs

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.shape import Tokens

Key = tuple[branches.Path, branches.Path]

_ONE_WAY: Final = frozenset(dialect.ONE_WAY.values())
_MEMBER_FAULTS: Final = "additionalProperties"


@dataclass(frozen=True)
class Validator:
    """The rules of one message of one contract at one level, compiled.

    `whole` holds every constraint; `level` names the weakest evidence that makes an error.
    """

    contract: Contract
    schema: str
    direction: Direction
    level: Evidence

    @cached_property
    def _strict(self) -> jsonschema_rs.Validator:
        return compile_schema(self.contract, self.schema, self.direction, mark=True)

    @cached_property
    def _binding(self) -> jsonschema_rs.Validator:
        """Only what makes errors."""
        return compile_schema(self.contract.at(self.level), self.schema, self.direction, mark=False)

    @cached_property
    def _is_monotone(self) -> bool:
        """Whether what the whole contract accepts is accepted at the level too."""
        return is_monotone(self.contract, self.level)

    @property
    def secrets(self) -> frozenset[str]:
        """The member names whose values no excerpt may show."""
        return self.contract.secrets

    def accepts(self, value: Any) -> bool:
        """Tell whether there is nothing at all to say about a value."""
        return self._strict.is_valid(value) and (self._is_monotone or self._binding.is_valid(value))

    def check(self, payload: Any) -> list[Problem]:
        """Give every problem of a payload in the order of their places; [] when it is clean.

        `payload` is JSON text (bytes or str) or a JSON value with numbers of any kind. Nothing is raised
        for any bytes.
        """
        if isinstance(payload, (bytes, bytearray, memoryview, str)):
            return self._check_text(payload if isinstance(payload, (bytes, str)) else bytes(payload))
        value, problems = plain.exact(payload)
        return list(problems) if problems else self.check_value(value)

    def _check_text(self, text: bytes | str) -> list[Problem]:
        value, problems = jsontext.read(text, exact=False)
        if problems:
            return list(problems)
        if self.accepts(value):
            return []
        return self._located(self._problems(value), text)

    def check_value(self, value: Any) -> list[Problem]:
        """Give every problem of a JSON value in document order, without lines and columns."""
        if self.accepts(value):
            return []
        found = self._problems(value)
        order = _Order(value)
        return sorted(found, key=lambda problem: order.of(problem.pointer))

    def _located(self, found: list[Problem], text: bytes | str) -> list[Problem]:
        decoded = text if isinstance(text, str) else text.decode()
        places = jsontext.locate(decoded, [problem.pointer for problem in found])
        found.sort(key=lambda problem: places[problem.pointer].offset)
        return [
            replace(problem, line=places[problem.pointer].line, column=places[problem.pointer].column)
            for problem in found
        ]

    def _problems(self, value: Any) -> list[Problem]:
        return [self._problem(fault, value, severity) for fault, severity in self._faults(value)]

    def _faults(self, value: Any) -> Iterator[tuple[Fault, Severity]]:
        errors = list(self._strict.iter_errors(value))
        if not self._needs_second_look(errors):
            for error in errors:
                for fault in self._explained(error, value):
                    yield fault, self._severity(fault)
            return
        binding = {_key(error): error for error in self._binding.iter_errors(value)}
        seen = set()
        for error in errors:
            seen.add(_key(error))
            yield from self._weighed(error, binding.get(_key(error)), value)
        for key, error in binding.items():
            if key not in seen:
                yield from ((fault, "error") for fault in self._explained(error, value))

    def _needs_second_look(self, errors: list[jsonschema_rs.ValidationError]) -> bool:
        """Alternatives of mixed evidence fail for reasons that only the level's own rules can weigh."""
        if not self.contract.is_tagged:
            return False
        return not self._is_monotone or any(error.kind.name in COMPOSED for error in errors)

    def _weighed(
        self,
        error: jsonschema_rs.ValidationError,
        binding: jsonschema_rs.ValidationError | None,
        value: Any,
    ) -> Iterator[tuple[Fault, Severity]]:
        explained = self._explained(error, value)
        if binding is None:
            yield from ((fault, "warning") for fault in explained)
            return
        weighed = [(fault, self._severity(fault)) for fault in explained]
        if all(severity == "warning" for _, severity in weighed):
            weighed = [(fault, "error") for fault in self._explained(binding, value)]
        yield from weighed

    def _explained(self, error: jsonschema_rs.ValidationError, value: Any) -> list[Fault]:
        explained = faults(error, self.contract.document, value)
        return [each for fault in explained for each in _per_member(fault)]

    def _severity(self, fault: Fault) -> Severity:
        if fault.keyword in _ONE_WAY:
            return "warning"
        return "error" if is_within(self._evidence(fault), self.level) else "warning"

    def _evidence(self, fault: Fault) -> Evidence:
        """Take the weakest word: a rule inside an alternative is known no better than that."""
        member = fault.detail if fault.keyword == "required" else None
        words = [self._tag(fault.schema).of(_raw_keyword(fault), member)]
        words += [self._tag(path).of(str(path[-1])) for path in fault.through]
        return max(words, key=LEVELS.index)

    def _tag(self, path: branches.Path) -> Tag:
        tags = self.contract.tags
        tokens: Tokens = path[:-1]
        while tokens not in tags and tokens:
            tokens = tokens[:-1]
        return tags[tokens]

    def _problem(self, fault: Fault, value: Any, severity: Severity) -> Problem:
        schema = self._raw(fault)
        where = (*fault.at, fault.detail) if fault.keyword == _MEMBER_FAULTS else fault.at
        subject = _value_at(value, where)
        secret = any(token in self.contract.secrets for token in where)
        case = messages.Case(fault, _value_at(value, fault.at), schema, secret)
        text = messages.text(case)
        keyword = "format" if text.code == "format" else _raw_keyword(fault)
        return Problem(
            code=text.code,
            message=text.message,
            pointer=pointer.join(where),
            severity=severity,
            evidence=self._evidence(fault),
            schema_pointer=pointer.join((*fault.schema[:-1], keyword)),
            expected=text.expected,
            actual=show.SECRET if secret and not isinstance(subject, (dict, list)) else show.value(subject),
            fix=text.fix,
        )

    def _raw(self, fault: Fault) -> dict[str, Any]:
        try:
            raw = pointer.get(self.contract.document, pointer.join(fault.schema[:-1]))
        except LookupError:
            return {}
        return raw if isinstance(raw, dict) else {}


class _Order:
    """The document order of pointers into one value."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.members: dict[int, dict[str, int]] = {}

    def of(self, where: str) -> tuple[int, ...]:
        places: list[int] = []
        here = self.value
        for token in pointer.split(where):
            places.append(int(token) if isinstance(here, list) else self._index(here)[token])
            here = pointer.step(here, token)
        return tuple(places)

    def _index(self, here: dict[str, Any]) -> dict[str, int]:
        known = self.members.get(id(here))
        if known is None:
            known = self.members[id(here)] = {member: index for index, member in enumerate(here)}
        return known


def _key(error: jsonschema_rs.ValidationError) -> Key:
    return tuple(error.instance_path), tuple(error.schema_path)


def _per_member(fault: Fault) -> Iterable[Fault]:
    """Split the one fault of several undeclared members."""
    if fault.keyword != _MEMBER_FAULTS or not isinstance(fault.detail, list):
        return (fault,)
    return (Fault(fault.keyword, fault.at, fault.schema, member, fault.through) for member in fault.detail)


def _raw_keyword(fault: Fault) -> str:
    """Name the keyword as the user's document writes it."""
    return {"falseSchema": "not"}.get(fault.keyword, str(fault.schema[-1]) if fault.schema else fault.keyword)


def _value_at(value: Any, where: branches.Path) -> Any:
    for token in where:
        value = value[token]
    return value
