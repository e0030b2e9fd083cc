"""Our own answers are held to the contract like everybody's: status, media type, required headers, body.

An answer that breaks the contract never leaves: the caller gets the partner's 500, the log tells why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orderbridge.contract.model import is_json
from orderbridge.server.http import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.api import Partner
    from orderbridge.contract.model import Body, Operation
    from orderbridge.problem import Problem
    from orderbridge.server.http import Answer
    from orderbridge.validation.validator import Validator


class BrokenAnswerError(Exception):
    """An answer of ours does not keep the contract; it says where, and shows no value."""

    is_ours = True  # the words are ours, so the log may have them
    code = "broken-answer"


@dataclass(frozen=True)
class AnswerCheck:
    """Checks the answers of one operation. Fixed answers are checked once, and kept so that they stay the same."""

    partner: Partner
    operation: Operation
    _proven: dict[int, Answer] = field(default_factory=dict, repr=False, compare=False)

    def check(self, answer: Answer) -> None:
        """See to it that an answer keeps the contract.

        Raises:
            BrokenAnswerError: it does not.

        """
        if answer.proven or id(answer) in self._proven:
            return
        faults = self.faults(answer)
        if faults:
            raise BrokenAnswerError(f"{self.operation.id} {answer.status}: {'; '.join(faults)}")
        if answer.fixed:
            self._proven[id(answer)] = answer

    def warm(self) -> None:
        """Compile the rules of the answer to a call that went well."""
        declared = self.operation.responses.get(self.operation.success or "")
        if declared is not None and declared.json_schema is not None:
            self._validator(self.operation.success).check(b"null")

    def _validator(self, status: str | int | None) -> Validator:
        return self.partner.validator(message="response", operation=self.operation.id, status=status)

    def faults(self, answer: Answer) -> list[str]:
        """Say what is wrong with an answer; [] when nothing is."""
        declared = self.operation.response(str(answer.status))
        if declared is None:
            return ["the contract has no such status"]
        sent = ALWAYS.union(name.decode("latin-1").lower() for name, _ in answer.headers)
        missing = [
            f"no header {each.name}" for each in declared.headers if each.required and each.name.lower() not in sent
        ]
        return missing + self._body_faults(answer, declared)

    def _body_faults(self, answer: Answer, declared: Body) -> list[str]:
        if not answer.body:
            return ["no body"] if declared.json_schema is not None else []
        if not any(_covers(kind, answer.media_type) for kind in declared.content):
            return [f"{answer.media_type} is not declared"]
        if declared.json_schema is None or not is_json(answer.media_type):
            return []
        return told(self._validator(answer.status).check(answer.body))


def told(problems: Iterable[Problem]) -> list[str]:
    """Say where the errors of an answer are, and of a member that is missing its name, which is the contract's word."""
    return [
        f"{each.message if each.code == 'required' else each.code} at {each.pointer or '(root)'}"
        for each in problems
        if each.severity == "error"
    ]


def _covers(declared: str, sent: str) -> bool:
    """Tell whether a declared media type or range covers one that is sent; parameters do not count."""
    wanted, kind = (each.partition(";")[0].strip().lower() for each in (declared, sent))
    return wanted in {kind, "*/*", f"{kind.partition('/')[0]}/*"}
