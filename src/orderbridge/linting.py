"""All that `orderbridge lint` says of one partner's folder, each finding with its place in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orderbridge.contract import shape
from orderbridge.contract.files import read_document
from orderbridge.contract.lint import lint
from orderbridge.errors import DocumentError
from orderbridge.problem import Problem
from orderbridge.validation.examples import lint_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.catalogue import Catalogue, Entry
    from orderbridge.contract.contract import Contract
    from orderbridge.yamltext import Document


def lint_partner(known: Catalogue, name: str) -> list[Problem]:
    """Lint one contract folder: writing rules, examples, files nobody refers to; in document order.

    Raises:
        UnknownPartnerError: there is no folder of that name.

    """
    entry = known.entry(name)
    try:
        contract = known.contract(name)
        source = read_document(entry.document)
    except DocumentError as error:
        return [_refused(error)]
    found = [*lint(contract), *lint_examples(contract), *_unused(entry, source)]
    return sorted((_placed(problem, source) for problem in found), key=_place)


def lint_contract(contract: Contract) -> list[Problem]:
    """Lint one document that is no partner's folder."""
    source = read_document(contract.file)
    found = [*lint(contract), *lint_examples(contract)]
    return sorted((_placed(problem, source) for problem in found), key=_place)


def _refused(error: DocumentError) -> Problem:
    return Problem(
        "lint-document",
        error.reason,
        error.pointer,
        file=error.file,
        line=error.line or None,
        column=error.column or None,
    )


def _placed(problem: Problem, source: Document) -> Problem:
    if problem.line is not None:
        return problem
    line, column = source.place(problem.pointer)
    return replace(problem, line=line, column=column)


def _place(problem: Problem) -> tuple[int, int, str]:
    return problem.line or 0, problem.column or 0, problem.code


def _unused(entry: Entry, source: Document) -> Iterator[Problem]:
    """Yield example files of the folder that the document does not name."""
    folder = entry.folder / "examples"
    if not folder.is_dir() or entry.document.parent != entry.folder:
        return
    named = {
        node.value.get("externalValue")
        for node in shape.walk(source.value)
        if node.kind == "example" and isinstance(node.value, dict)
    }
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(entry.folder).as_posix()
        if not named & {name, f"./{name}"}:
            yield Problem("lint-example-unused", f"no example refers to {name}", "", "warning", file=str(path), line=1)


