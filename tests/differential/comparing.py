"""One text before our validator and before a rival: where their verdicts differ, and whether the list says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderbridge import jsontext
from tests.differential import corpus
from tests.differential.rival import Finding, plainly_spelt

if TYPE_CHECKING:
    from collections import Counter
    from types import ModuleType

    from tests.differential.rival import Message, Oracle


def unlisted(rival: ModuleType, counts: Counter[str], message: Message, text: bytes, oracle: Oracle) -> list[str]:
    """Count the listed disagreements about a text by their rows, and give those that no row covers.

    What is no acceptable JSON for us has no value that a reason could be about: the rival has to refuse it too.
    """
    problems = corpus.validator(message).check(text)
    refused, refusals = [each for each in problems if each.severity == "error"], oracle(text)
    if bool(refused) == bool(refusals):
        return []
    value, faults = jsontext.read(text)
    if faults:
        return [_told(message, each) for each in faults]
    findings = [Finding(message, value, tuple(problems), problem=each) for each in refused]
    about_spelling = bool(refusals) and not oracle(jsontext.write(plainly_spelt(value)))
    findings += [
        Finding(message, value, tuple(problems), refusal=each, is_about_spelling=about_spelling) for each in refusals
    ]
    rest = []
    for finding in findings:
        row = next((row for row, covers in rival.REASONS.items() if covers(finding)), None)
        if row is None:
            rest.append(_told(message, finding.problem or finding.refusal))
        else:
            counts[row] += 1
    return rest


def _told(message: Message, what: object) -> str:
    return f"{message.contract.name} {message.operation} {message.direction}: {what}"
