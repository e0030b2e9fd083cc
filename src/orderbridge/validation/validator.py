"""One compiled validator per message of a contract: a value becomes all its problems.

jsonschema-rs decides; this module says whether a broken rule is an error or a warning, which branch of
an alternative was meant, and puts places and words to it, the words only when somebody reads them. Valid
values never leave the fast path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.contract import branches, dialect
from orderbridge.contract.branches import COMPOSED, Fault, faults
from orderbridge.contract.evidence import Tag, is_within
from orderbridge.jsontext import PASSED, UNREAD
from orderbridge.problem import LEVELS, Evidence, Problem, Severity
from orderbridge.validation import messages, plain, show
from orderbridge.validation.compiling import compile_keyword, compile_schema
from orderbridge.validation.monotony import is_mixed, is_monotone
from orderbridge.validation.order import DocumentOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import jsonschema_rs

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.shape import Tokens

Key = tuple[branches.Path, branches.Path, str | None]
Weighed = tuple[Fault, Severity, branches.Path]
"""A fault, its weight, and the place that it is reported at."""

_ONE_WAY: Final = frozenset(dialect.ONE_WAY.values())
_BOUNDS: Final = frozenset({"maximum", "minimum"})
_UNDECLARED: Final = "additionalProperties"


@dataclass(frozen=True, slots=True)
class Rule:
    """One keyword of the user's contract: what is known of it beforehand."""

    evidence: Evidence
    severity: Severity
    schema: dict[str, Any]
    pointer: str


@dataclass(frozen=True)
class Validator:
    """The rules of one message of one contract, compiled.

    Every constraint is checked; `level` names the weakest evidence whose breach is an error.
    """

    contract: Contract
    schema: str
    direction: Direction
    level: Evidence
    _rules: dict[tuple[branches.Path, str | None, tuple[branches.Path, ...]], Rule] = field(
        default_factory=dict, repr=False, compare=False
    )
    _mixed: dict[str, jsonschema_rs.Validator | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _whole(self) -> jsonschema_rs.Validator:
        return compile_schema(self.contract, self.schema, self.direction, mark=True)

    @cached_property
    def _binding(self) -> jsonschema_rs.Validator:
        """Only what makes errors."""
        return compile_schema(self.contract.at(self.level), self.schema, self.direction, mark=False)

    @cached_property
    def _is_monotone(self) -> bool:
        """Whether what the whole contract accepts is accepted at the level too."""
        return is_monotone(self.contract, self.level)

    @cached_property
    def _quick(self) -> Callable[[bytes], Any]:
        whole = self._whole.is_valid
        if self._is_monotone:
            return jsontext.quick_test(whole)
        binding = self._binding.is_valid
        return jsontext.quick_test(lambda value: whole(value) and binding(value))

    @property
    def secrets(self) -> frozenset[str]:
        """The member names whose values no excerpt may show."""
        return self.contract.secrets

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.contract.secrets)

    def check(self, payload: Any) -> list[Problem]:
        """Give every problem of a payload in the order of their places; [] when it is clean.

        `payload` is JSON text (bytes or str) or a JSON value with numbers of any kind. Nothing is raised
        for any bytes.
        """
        if type(payload) is bytes:
            value = self._quick(payload)
            if value is PASSED:
                return []
            if value is not UNREAD:
                return self._problems(value, payload)
        return self._check_slowly(payload)

    def _check_slowly(self, payload: Any) -> list[Problem]:
        text = _text(payload)
        if text is None:
            value, problems = plain.exact(payload)
        else:
            value, problems = jsontext.read(text)
        if problems:
            return list(problems)
        return [] if self.accepts(value) else self._problems(value, text)

    def check_value(self, value: Any) -> list[Problem]:
        """Give every problem of an exact JSON value in document order, without lines and columns."""
        return [] if self.accepts(value) else self._problems(value, None)

    def accepts(self, value: Any) -> bool:
        """Tell whether there is nothing at all to say about a value."""
        return self._whole.is_valid(value) and (self._is_monotone or self._binding.is_valid(value))

    def _problems(self, value: Any, text: bytes | str | None) -> list[Problem]:
        order = DocumentOrder(value)
        found = [(order.of(where), fault, severity, where) for fault, severity, where in self._weighed(value)]
        found.sort(key=_by_place)
        places = _Places(text, found)
        return [self._problem(fault, where, severity, value, places) for _, fault, severity, where in found]

    def _weighed(self, value: Any) -> list[Weighed]:
        weighed: list[Weighed] = []
        for fault, severity in self._faults(value):
            if fault.keyword != _UNDECLARED or not isinstance(fault.detail, list):
                weighed.append((fault, severity, fault.at))
                continue
            # The one error of several undeclared members is a problem of each.
            weighed.extend((fault._replace(detail=name), severity, (*fault.at, name)) for name in fault.detail)
        return _without_echoes(weighed)

    def _faults(self, value: Any) -> Iterable[tuple[Fault, Severity]]:
        errors = list(self._whole.iter_errors(value))
        if not self._is_monotone:
            return self._compared(errors, value)
        found: list[tuple[Fault, Severity]] = []
        for error in errors:
            weighed = [(fault, self._rule(fault).severity) for fault in self._explained(error, value)]
            alone = self._alone(error)
            found += weighed if alone is None else self._settled(error, alone, weighed, value)
        return found

    def _alone(self, error: jsonschema_rs.ValidationError) -> jsonschema_rs.Validator | None:
        """Give the binding part of an alternative that holds both rules that bind and rules that do not."""
        path = error.schema_path
        if path[-1] not in COMPOSED:
            return None
        where = pointer.join(path)
        if where not in self._mixed:
            mixed = is_mixed(self.contract, tuple(path), self.level)
            level = self.contract.at(self.level)
            self._mixed[where] = compile_keyword(level, where, self.direction) if mixed else None
        return self._mixed[where]

    def _settled(
        self,
        error: jsonschema_rs.ValidationError,
        alone: jsonschema_rs.Validator,
        weighed: list[tuple[Fault, Severity]],
        value: Any,
    ) -> list[tuple[Fault, Severity]]:
        """Weigh the faults of an alternative by whether its binding part fails too."""
        if alone.is_valid(_value_at(value, tuple(error.instance_path))):
            return [(fault, "warning") for fault, _ in weighed]
        if any(severity == "error" for _, severity in weighed):
            return weighed
        # The branch that fits best breaks weak rules only; say what the binding part breaks.
        same = [binding for binding in self._binding.iter_errors(value) if _key(binding) == _key(error)]
        return [(fault, "error") for binding in same for fault in self._explained(binding, value)] or weighed

    def _compared(self, errors: list[jsonschema_rs.ValidationError], value: Any) -> list[tuple[Fault, Severity]]:
        """Weigh errors where the level refuses what the whole accepts: both have their say."""
        binding = {_key(error): error for error in self._binding.iter_errors(value)}
        found: list[tuple[Fault, Severity]] = []
        for error in errors:
            bound = binding.pop(_key(error), None)
            weighed = [(fault, self._rule(fault).severity) for fault in self._explained(error, value)]
            if bound is None:
                found += [(fault, "warning") for fault, _ in weighed]
            elif all(severity == "warning" for _, severity in weighed):
                found += [(fault, "error") for fault in self._explained(bound, value)]
            else:
                found += weighed
        found += [(fault, "error") for error in binding.values() for fault in self._explained(error, value)]
        return found

    def _explained(self, error: jsonschema_rs.ValidationError, value: Any) -> list[Fault]:
        explained: list[Fault] = []
        for fault in faults(error, self.contract.document, value):
            explained += self._as_written(fault, value) if fault.keyword in _BOUNDS else (fault,)
        return explained

    def _as_written(self, fault: Fault, value: Any) -> Iterable[Fault]:
        """Name the integer format, which is checked as a bound, where the user's bound is not all that is broken."""
        schema = self._raw(fault.schema)
        power = dialect.INTEGER_FORMATS.get(schema.get("format", ""))
        if power is None:
            return (fault,)
        form = fault._replace(keyword="format", schema=(*fault.schema[:-1], "format"), detail=schema["format"])
        if schema.get(fault.keyword) != fault.detail:
            return (form,)
        return (fault,) if -(2**power) <= _value_at(value, fault.at) < 2**power else (fault, form)

    def _rule(self, fault: Fault) -> Rule:
        member = fault.detail if fault.keyword == "required" else None
        key = (fault.schema, member, fault.through)
        rule = self._rules.get(key)
        if rule is None:
            rule = self._rules[key] = self._read_rule(fault, member)
        return rule

    def _read_rule(self, fault: Fault, member: str | None) -> Rule:
        # A rule inside an alternative is known no better than the alternative: the weakest word counts.
        words = [self._tag(fault.schema).of(str(fault.schema[-1]), member)]
        words += [self._tag(path).of(str(path[-1])) for path in fault.through]
        evidence = max(words, key=LEVELS.index)
        binds = fault.keyword not in _ONE_WAY and is_within(evidence, self.level)
        return Rule(evidence, "error" if binds else "warning", self._raw(fault.schema), pointer.join(fault.schema))

    def _tag(self, path: branches.Path) -> Tag:
        tokens: Tokens = path[:-1]
        while tokens not in self.contract.tags and tokens:
            tokens = tokens[:-1]
        return self.contract.tags[tokens]

    def _raw(self, path: branches.Path) -> dict[str, Any]:
        try:
            raw = pointer.get(self.contract.document, pointer.join(path[:-1]))
        except LookupError:
            return {}
        return raw if isinstance(raw, dict) else {}

    def _problem(
        self,
        fault: Fault,
        where: branches.Path,
        severity: Severity,
        value: Any,
        places: _Places,
    ) -> Problem:
        return Problem.late(messages.code_of(fault), severity, partial(self._rest, fault, where, value, places))

    def _rest(self, fault: Fault, where: branches.Path, value: Any, places: _Places) -> dict[str, Any]:
        rule = self._rule(fault)
        at = pointer.join(where)
        known = {"pointer": at, "evidence": rule.evidence, "schema_pointer": rule.pointer}
        return {**known, **places.of(at), **self._words(fault, rule, where, value)}

    def _words(self, fault: Fault, rule: Rule, where: branches.Path, value: Any) -> dict[str, Any]:
        subject = _value_at(value, where)
        secret = any(isinstance(token, str) and token.casefold() in self._hidden for token in where)
        text = messages.text(messages.Case(fault, _value_at(value, fault.at), rule.schema, secret))
        hidden = secret and not isinstance(subject, (dict, list))
        return {
            "message": text.message,
            "expected": text.expected,
            "actual": show.SECRET if hidden else show.value(subject),
            "fix": text.fix,
        }


class _Places:
    """Lines and columns of all problems of one text, found together when the first is asked for."""

    def __init__(self, text: bytes | str | None, found: list[tuple[Any, Fault, Severity, branches.Path]]) -> None:
        self.text = text
        self.found = found
        self.places: dict[str, jsontext.Place] | None = None

    def of(self, where: str) -> dict[str, int]:
        if self.text is None:
            return {}
        if self.places is None:
            decoded = self.text if isinstance(self.text, str) else self.text.decode()
            self.places = jsontext.locate(decoded, [pointer.join(path) for *_, path in self.found])
        place = self.places[where]
        return {"line": place.line, "column": place.column}


def _without_echoes(weighed: list[Weighed]) -> list[Weighed]:
    """Drop "not one of the listed values" of a value that is not even of their type: one fault, one problem."""
    unlisted = [each for each in weighed if each[0].keyword == "enum"]
    mistyped = [each for each in weighed if each[0].keyword == "type"] if unlisted else []
    echoes = [enum for enum in unlisted for cause in mistyped if _is_echo(enum, cause)]
    return [each for each in weighed if each not in echoes] if echoes else weighed


def _is_echo(enum: Weighed, cause: Weighed) -> bool:
    same = enum[2] == cause[2] and enum[0].schema[:-1] == cause[0].schema[:-1]
    return same and (cause[1] == "error" or enum[1] == "warning")


def _text(payload: Any) -> bytes | str | None:
    if isinstance(payload, (bytes, str)):
        return payload
    return bytes(payload) if isinstance(payload, (bytearray, memoryview)) else None


def _by_place(found: tuple[tuple[int, ...], Fault, Severity, branches.Path]) -> tuple[int, ...]:
    return found[0]


def _key(error: jsonschema_rs.ValidationError) -> Key:
    kind = error.kind
    # One keyword can miss several members of one object, each an error of its own.
    return tuple(error.instance_path), tuple(error.schema_path), kind.value if kind.name == "required" else None


def _value_at(value: Any, where: branches.Path) -> Any:
    for token in where:
        value = value[token]
    return value
