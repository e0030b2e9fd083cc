"""All that `orderbridge lint` says of one contract, each finding with its place in the file it was written in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orderbridge.contract.lint import lint
from orderbridge.errors import DocumentError
from orderbridge.problem import Problem
from orderbridge.validation.examples import lint_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.catalogue import Catalogue, Entry
    from orderbridge.contract.contract import Contract


def lint_partner(known: Catalogue, name: str) -> list[Problem]:
    """Lint one contract folder: writing rules, examples, files nobody refers to; in the order of their places.

    Raises:
        UnknownPartnerError: there is no folder of that name.
        InputError: its document cannot be read.

    """
    entry = known.entry(name)
    try:
        contract = known.contract(name)
    except DocumentError as error:
        return [_refused(error)]
    return sorted([*lint_contract(contract), *_unused(entry, contract)], key=_place)


def lint_contract(contract: Contract) -> list[Problem]:
    """Lint one document: writing rules and examples; in the order of their places."""
    try:
        return sorted((_placed(found, contract) for found in (*lint(contract), *lint_examples(contract))), key=_place)
    except DocumentError as error:  # the validator cannot use one of its schemas
        return [_refused(error)]


def _refused(error: DocumentError) -> Problem:
    return Problem(
        "lint-document",
        error.reason,
        error.pointer,
        file=error.file,
        line=error.line or None,
        column=error.column or None,
    )


def _placed(problem: Problem, contract: Contract) -> Problem:
    place = contract.place(problem.pointer)
    return replace(problem, file=place.file, line=place.line, column=place.column, pointer=place.pointer)


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file or "", problem.line or 0, problem.column or 0, problem.code


def _unused(entry: Entry, contract: Contract) -> Iterator[Problem]:
    """Yield the example files of the folder that the contract does not name."""
    folder = entry.folder / "examples"
    if not folder.is_dir() or entry.document.parent != entry.folder or contract.origins is None:
        return
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(entry.folder).as_posix()
        if name not in contract.origins.folder.named:
            yield Problem(
                "lint-example-unused", f"no example refers to {name}", "", "warning", file=str(path), line=1, column=1
            )
