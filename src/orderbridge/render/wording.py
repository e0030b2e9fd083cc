"""The sentences that several formats share: where a problem is, its one line, and the totals in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderbridge.render.printable import printable

if TYPE_CHECKING:
    from orderbridge.problem import Problem
    from orderbridge.render.report import Totals

ROOT: Final = "(root)"
"""How the empty pointer is shown: `/` would be the member whose name is empty."""


def place(problem: Problem) -> str:
    """Say `FILE:LINE:COL`, as far as it is known; the record stands in where there is no line."""
    parts = [printable(problem.file or "-")]
    if problem.line is not None:
        parts += [str(part) for part in (problem.line, problem.column) if part is not None]
    elif problem.record is not None:
        parts.append(f" record {problem.record}")
    return ":".join(parts)


def pointer(problem: Problem) -> str:
    """Say the pointer, the root by name."""
    return printable(problem.pointer) or ROOT


def headline(problem: Problem) -> str:
    """Say everything but the fix in one line."""
    what = f"{problem.severity} {problem.code} at {pointer(problem)}"
    return f"{place(problem)}: {what}: {printable(problem.message)}"


def count(number: int, noun: str) -> str:
    """Say a number with its noun in the right number: `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def totals_sentence(totals: Totals) -> str:
    """Say the totals: `3 documents checked: 2 valid, 1 invalid, 4 problems (3 errors, 1 warning)`."""
    documents = f"{count(totals.checked, totals.noun)} checked: {totals.valid} valid, {totals.invalid} invalid"
    return f"{documents}, {_problems(totals)}"


def _problems(totals: Totals) -> str:
    if not totals.problems:
        return "no problems"
    kinds = ((totals.errors, "error"), (totals.warnings, "warning"))
    parts = ", ".join(count(number, noun) for number, noun in kinds if number)
    return f"{count(totals.problems, 'problem')} ({parts})"
