"""What a value breaks, and what each breach weighs: the validator's errors as errors and warnings of ours.

jsonschema-rs finds what is broken; here it is said which branch of an alternative was meant, and whether the
contract is sure enough of a rule for its breach to be an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import branches, dialect
from orderbridge.contract.branches import COMPOSED, Fault, faults
from orderbridge.contract.evidence import Tag, is_within
from orderbridge.problem import LEVELS, Evidence, Severity
from orderbridge.validation.compiling import compile_keyword, compile_schema
from orderbridge.validation.messages import CODES_OF, code_of
from orderbridge.validation.monotony import is_mixed, is_monotone

if TYPE_CHECKING:
    from collections.abc import Iterable

    import jsonschema_rs

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.shape import Tokens

Key = tuple[branches.Path, branches.Path, str | None]
Breach = tuple[branches.Path, str, Severity, "Fault | jsonschema_rs.ValidationError"]
"""The place that is reported, the code, the weight, and the fault: an error that is not looked into before it has to.

A plain tuple, because making anything else costs as much as everything that is done with it.
"""

_ONE_WAY: Final = frozenset(dialect.ONE_WAY.values())
_BOUNDS: Final = frozenset({"maximum", "minimum"})
_UNDECLARED: Final = "additionalProperties"
_UNKNOWN: Final = CODES_OF[_UNDECLARED]
# A pattern may also be given up, which is another code.
_NOT_SIMPLE: Final = COMPOSED | {"pattern"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One keyword of the user's contract: what is known of it beforehand."""

    evidence: Evidence
    severity: Severity
    schema: dict[str, Any]
    pointer: str


@dataclass(frozen=True)
class Rules:
    """The rules of one message of one contract, compiled; `level` is the weakest evidence that binds."""

    contract: Contract
    schema: str
    direction: Direction
    level: Evidence
    _known: dict[tuple[branches.Path, str | None, tuple[branches.Path, ...]], Rule] = field(
        default_factory=dict, repr=False, compare=False
    )
    _simple: dict[branches.Path, tuple[str, Severity]] = field(default_factory=dict, repr=False, compare=False)
    """Keywords whose breach is always of one code and weight: one fault, or one for each undeclared member."""
    _mixed: dict[branches.Path, jsonschema_rs.Validator | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def whole(self) -> jsonschema_rs.Validator:
        """All rules, whatever they are known by."""
        return compile_schema(self.contract, self.schema, self.direction, mark=True)

    @cached_property
    def binding(self) -> jsonschema_rs.Validator:
        """Only what makes errors."""
        return compile_schema(self.contract.at(self.level), self.schema, self.direction, mark=False)

    @cached_property
    def is_monotone(self) -> bool:
        """Whether what the whole contract accepts is accepted at the level too."""
        return is_monotone(self.contract, self.level)

    def breaches(self, value: Any) -> list[Breach]:
        """Give everything that a value breaks."""
        if not self.is_monotone:
            return _without_echoes(_breaches(self._compared(value)))
        found: list[Breach] = []
        known = self._simple.get
        for error in self.whole.iter_errors(value):
            simple = known(tuple(error.schema_path))
            if simple is None:
                found += _breaches(self._weighed(error, value))
                continue
            code, severity = simple
            if code == _UNKNOWN:
                found += _breaches([(branches.leaf(error), severity)])
            else:
                found.append((tuple(error.instance_path), code, severity, error))
        return _without_echoes(found)

    def rule(self, fault: Fault) -> Rule:
        """Say what is known of the rule that a fault breaks."""
        member = fault.detail if fault.keyword == "required" else None
        key = (fault.schema, member, fault.through)
        rule = self._known.get(key)
        if rule is None:
            rule = self._known[key] = self._read_rule(fault, member)
        return rule

    def _weighed(self, error: jsonschema_rs.ValidationError, value: Any) -> list[tuple[Fault, Severity]]:
        weighed = [(fault, self.rule(fault).severity) for fault in self._explained(error, value)]
        if error.kind.name in COMPOSED:
            alone = self._alone(error)
            return weighed if alone is None else self._settled(error, alone, weighed, value)
        fault, severity = weighed[-1]
        if self._is_simple(fault):
            self._simple[fault.schema] = code_of(fault), severity
        return weighed

    def _is_simple(self, fault: Fault) -> bool:
        if fault.keyword == "required":
            return not self._tag(fault.schema).required
        if fault.keyword in _BOUNDS | {"format"}:
            return self._raw(fault.schema).get("format") not in dialect.INTEGER_FORMATS
        return fault.keyword not in _NOT_SIMPLE

    def _alone(self, error: jsonschema_rs.ValidationError) -> jsonschema_rs.Validator | None:
        """Give the binding part of an alternative that holds both rules that bind and rules that do not."""
        path = tuple(error.schema_path)
        if path not in self._mixed:
            mixed = is_mixed(self.contract, path, self.level)
            level = self.contract.at(self.level)
            self._mixed[path] = compile_keyword(level, pointer.join(path), self.direction) if mixed else None
        return self._mixed[path]

    def _settled(
        self,
        error: jsonschema_rs.ValidationError,
        alone: jsonschema_rs.Validator,
        weighed: list[tuple[Fault, Severity]],
        value: Any,
    ) -> list[tuple[Fault, Severity]]:
        """Weigh the faults of an alternative by whether its binding part fails too."""
        if alone.is_valid(value_at(value, error.instance_path)):
            return [(fault, "warning") for fault, _ in weighed]
        if any(severity == "error" for _, severity in weighed):
            return weighed
        # The branch that fits best breaks weak rules only; say what the binding part breaks.
        same = [binding for binding in self.binding.iter_errors(value) if _key(binding) == _key(error)]
        return [(fault, "error") for binding in same for fault in self._explained(binding, value)] or weighed

    def _compared(self, value: Any) -> list[tuple[Fault, Severity]]:
        """Weigh errors where the level refuses what the whole accepts: both have their say."""
        binding = {_key(error): error for error in self.binding.iter_errors(value)}
        found: list[tuple[Fault, Severity]] = []
        for error in self.whole.iter_errors(value):
            bound = binding.pop(_key(error), None)
            weighed = [(fault, self.rule(fault).severity) for fault in self._explained(error, value)]
            if bound is None:
                found += [(fault, "warning") for fault, _ in weighed]
            elif all(severity == "warning" for _, severity in weighed):
                found += [(fault, "error") for fault in self._explained(bound, value)]
            else:
                found += weighed
        found += [(fault, "error") for error in binding.values() for fault in self._explained(error, value)]
        return found

    def _explained(self, error: jsonschema_rs.ValidationError, value: Any) -> list[Fault]:
        found = faults(error, self.contract.document, value)
        if _BOUNDS.isdisjoint([fault.keyword for fault in found]):
            return found
        return [each for fault in found for each in self._as_written(fault, value)]

    def _as_written(self, fault: Fault, value: Any) -> Iterable[Fault]:
        """Name the integer format, which is checked as a bound, where the user's bound is not all that is broken."""
        schema = self.rule(fault).schema
        power = dialect.INTEGER_FORMATS.get(schema.get("format", "")) if fault.keyword in _BOUNDS else None
        if power is None:
            return (fault,)
        path = (*fault.schema[:-1], "format")
        form = Fault("format", fault.at, path, schema["format"], fault.through)
        if schema.get(fault.keyword) != fault.detail:
            return (form,)
        return (fault,) if -(2**power) <= value_at(value, fault.at) < 2**power else (fault, form)

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


def value_at(value: Any, where: Iterable[str | int]) -> Any:
    """Read what stands at a place of a value."""
    for token in where:
        value = value[token]
    return value


def fault_of(breach: Breach) -> Fault:
    """Give the fault of a breach, of whatever kind that is still kept."""
    found = breach[3]
    return found if isinstance(found, Fault) else branches.leaf(found)


def _breaches(weighed: Iterable[tuple[Fault, Severity]]) -> list[Breach]:
    found: list[Breach] = []
    for fault, severity in weighed:
        code = code_of(fault)
        if fault.keyword != _UNDECLARED or not isinstance(fault.detail, list):
            found.append((fault.at, code, severity, fault))
            continue
        # The one error of several undeclared members is a problem of each.
        for name in fault.detail:
            single = Fault(fault.keyword, fault.at, fault.schema, name, fault.through)
            found.append(((*fault.at, name), code, severity, single))
    return found


def _without_echoes(found: list[Breach]) -> list[Breach]:
    """Drop "not one of the listed values" of a value that is not even of their type: one fault, one problem."""
    mistyped: dict[branches.Path, list[Breach]] = {}
    for each in found:
        if each[1] == "type":
            mistyped.setdefault(each[0], []).append(each)
    if not mistyped:
        return found
    # Looked up by place: a body can have a hundred thousand of each.
    return [
        each
        for each in found
        if each[1] != "enum" or not any(_is_echo(each, cause) for cause in mistyped.get(each[0], ()))
    ]


def _is_echo(enum: Breach, cause: Breach) -> bool:
    if cause[2] == "warning" and enum[2] == "error":
        return False
    return fault_of(enum).schema[:-1] == fault_of(cause).schema[:-1]


def _key(error: jsonschema_rs.ValidationError) -> Key:
    kind = error.kind
    # One keyword can miss several members of one object, each an error of its own.
    return tuple(error.instance_path), tuple(error.schema_path), kind.value if kind.name == "required" else None
