"""All rules of mappings in one table, and what they find as problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from orderbridge.mapping.lint import coverage, lists, needs, refusals, values
from orderbridge.mapping.lint.subject import Codes, Found, Part, Subject
from orderbridge.problem import CODES, Problem, Severity

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.mapping.draft import Draft
    from orderbridge.mapping.operations import Mapping

Check: TypeAlias = Callable[[Part], Iterator[Found]]
CheckWhole: TypeAlias = Callable[[Subject], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, its weight, and what finds breaches in each kind of message, or in the file as a whole."""

    code: str
    severity: Severity
    check: Check | None = None
    check_whole: CheckWhole | None = None


RULES: Final[tuple[Rule, ...]] = (
    # Errors: a leaf would be lost, misread or written where it is refused.
    Rule("lint-mapping-unmentioned", "error", coverage.unmentioned),
    Rule("lint-mapping-unknown-path", "error", coverage.unknown_path),
    Rule("lint-mapping-unknown-path", "error", coverage.unknown_list, coverage.unknown_status),
    Rule("lint-mapping-path-twice", "error", coverage.path_twice),
    Rule("lint-mapping-leaf-twice", "error", coverage.leaf_twice),
    Rule("lint-mapping-declared", "error", coverage.declared),
    Rule("lint-mapping-secret", "error", coverage.secret),
    Rule("lint-mapping-guard", "error", coverage.guard),
    Rule("lint-mapping-slot", "error", check_whole=coverage.slot),
    Rule("lint-mapping-identity", "error", check_whole=coverage.identity),
    Rule("lint-mapping-where", "error", lists.overlapping),
    Rule("lint-mapping-codec", "error", values.codec),
    Rule("lint-mapping-value", "error", values.value, values.head_value),
    Rule("lint-mapping-ambiguous-row", "error", check_whole=values.ambiguous_row),
    Rule("lint-mapping-sample", "error", values.sample),
    # Warnings: what is translated is right, or is found to be refused; less of it is, or it is explained less well.
    Rule("lint-mapping-enum-row", "warning", values.enum_row),
    Rule("lint-mapping-unlisted", "warning", values.unlisted),
    Rule("lint-mapping-key", "warning", lists.key),
    Rule("lint-mapping-unfed", "warning", needs.unfed),
    Rule("lint-mapping-refusal", "warning", refusals.breaking),
)


def lint(
    draft: Draft, mapping: Mapping, contract: Contract, hub: Contract, *, codes: Codes | None = None
) -> Iterator[Problem]:
    """Yield every breach of a rule, each once; files are named as the mapping's origins name them.

    `codes` are the partner's words for statuses of refusals, which stand in its behaviour.
    """
    whole = Subject(draft, mapping, contract, hub, codes or {})
    known: set[tuple[str, Found]] = set()
    for rule in RULES:
        for found in _breaches(rule, whole):
            if (rule.code, found) not in known:
                known.add((rule.code, found))
                yield _problem(rule, found)


def _breaches(rule: Rule, whole: Subject) -> Iterator[Found]:
    if rule.check_whole is not None:
        yield from rule.check_whole(whole)
    if rule.check is not None:
        for part in whole.parts:
            yield from rule.check(part)


def _problem(rule: Rule, found: Found) -> Problem:
    place = found.origin
    return Problem(
        rule.code,
        found.message,
        place.pointer,
        rule.severity,
        fix=CODES[rule.code].fix,
        line=place.line,
        column=place.column,
        file=place.file,
    )
