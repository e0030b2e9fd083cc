"""One compiled validator per message of a contract: a value becomes all its problems.

Valid values never leave the fast path. Of the others, code and weight of each problem are worked out at once, places
and words only when somebody reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from orderbridge import jsontext, pointer
from orderbridge.jsontext import PASSED, UNREAD
from orderbridge.problem import Evidence, Problem
from orderbridge.validation import messages, plain, show
from orderbridge.validation.order import in_order
from orderbridge.validation.weighing import Breach, Rule, Rules, fault_of, value_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.branches import Fault, Path
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction


@dataclass(frozen=True)
class Validator:
    """The rules of one message of one contract, compiled.

    Every constraint is checked; `level` names the weakest evidence whose breach is an error.
    """

    contract: Contract
    schema: str
    direction: Direction
    level: Evidence

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.contract, self.schema, self.direction, self.level)

    @cached_property
    def passes(self) -> Callable[[Any], bool]:
        """What tells whether there is nothing at all to say about a value: `accepts`, without a call in between."""
        rules = self._rules
        return rules.whole.is_valid if rules.is_monotone else self.accepts

    @cached_property
    def quick(self) -> Callable[[bytes], Any]:
        """What tells at once that a text is clean, by `PASSED`, and else gives its value or `UNREAD`."""
        return jsontext.quick_test(self.passes)

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
            value = self.quick(payload)
            return [] if value is PASSED else self.explain(payload, value)
        return self._check_slowly(payload)

    def explain(self, payload: bytes, answer: Any) -> list[Problem]:
        """Give every problem of a text that has not passed `quick`, whose answer for it is given too."""
        return self._check_slowly(payload) if answer is UNREAD else self._problems(answer, payload)

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
        rules = self._rules
        return rules.whole.is_valid(value) and (rules.is_monotone or rules.binding.is_valid(value))

    def allows(self, value: Any) -> bool:
        """Tell whether nothing about a value is an error; there may be warnings."""
        return self._rules.binding.is_valid(value)

    def missing(self, value: Any) -> list[tuple[Path, str, Evidence]]:
        """Name each required member whose lack is an error: the object that lacks it, the member, how it is known."""
        return [
            (breach[0], fault.detail, self._rules.rule(fault).evidence)
            for breach in self._rules.breaches(value)
            if breach[2] == "error" and (fault := fault_of(breach)).keyword == "required"
        ]

    def _problems(self, value: Any, text: bytes | str | None) -> list[Problem]:
        found = in_order(self._rules.breaches(value), value)
        late, rest = Problem.late, partial(self._rest, value, _Places(text, found))
        return [late(breach[1], breach[2], partial(rest, breach)) for breach in found]

    def _rest(self, value: Any, places: _Places, breach: Breach) -> dict[str, Any]:
        fault = fault_of(breach)
        rule = self._rules.rule(fault)
        at = pointer.join(breach[0])
        known = {"pointer": at, "evidence": rule.evidence, "schema_pointer": rule.pointer}
        return {**known, **places.of(at), **self._words(fault, rule, breach[0], value)}

    def _words(self, fault: Fault, rule: Rule, where: Path, value: Any) -> dict[str, Any]:
        subject = value_at(value, where)
        secret = not self._hidden.isdisjoint([token.casefold() for token in where if isinstance(token, str)])
        text = messages.text(messages.Case(fault, value_at(value, fault.at), rule.schema, secret))
        hidden = secret and not isinstance(subject, (dict, list))
        return {
            "message": text.message,
            "expected": text.expected,
            "actual": show.SECRET if hidden else show.value(subject),
            "fix": text.fix,
        }


class _Places:
    """Lines and columns of all problems of one text, found together when the first is asked for."""

    def __init__(self, text: bytes | str | None, found: list[Breach]) -> None:
        self.text = text
        self.found = found
        self.places: dict[str, jsontext.Place] | None = None

    def of(self, where: str) -> dict[str, int]:
        if self.text is None:
            return {}
        if self.places is None:
            decoded = self.text if isinstance(self.text, str) else self.text.decode()
            self.places = jsontext.locate(decoded, [pointer.join(breach[0]) for breach in self.found])
        place = self.places[where]
        return {"line": place.line, "column": place.column}


def _text(payload: Any) -> bytes | str | None:
    if isinstance(payload, (bytes, str)):
        return payload
    return bytes(payload) if isinstance(payload, (bytearray, memoryview)) else None
