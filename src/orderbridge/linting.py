"""All that `orderbridge lint` says of one partner, each finding with its place in the file it was written in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orderbridge.behaviour.lint import lint as behaviour_lint
from orderbridge.behaviour.reading import BEHAVIOUR, load_behaviour
from orderbridge.contract.catalogue import MAPPING
from orderbridge.contract.lint import lint
from orderbridge.errors import DocumentError
from orderbridge.mapping.lint import rules
from orderbridge.mapping.reading import HUB, load_draft, read_mapping
from orderbridge.problem import Problem
from orderbridge.validation.examples import lint_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.catalogue import Catalogue, Entry
    from orderbridge.contract.contract import Contract


def lint_partner(known: Catalogue, name: str) -> list[Problem]:
    """Lint a partner's folder: contract, examples, mapping, behaviour, files nobody names; in order of their places.

    Raises:
        UnknownPartnerError: there is no folder of that name.
        InputError: its document cannot be read.

    """
    entry = known.entry(name)
    try:
        contract = known.contract(name)
    except DocumentError as error:
        return [_refused(error)]
    found = [*lint_contract(contract), *_unused(entry, contract), *lint_mapping(known, name)]
    return sorted([*found, *lint_behaviour(known, name)], key=_place)


def lint_mapping(known: Catalogue, name: str) -> list[Problem]:
    """Lint the mapping of a partner, in the order of the places; nothing where its folder has none.

    Raises:
        UnknownPartnerError: there is no folder of that name.
        InputError: a mapping cannot be opened.
        DocumentError: its contract cannot be used.

    """
    contract, hub = known.contract(name), known.contract(HUB)
    try:
        draft = load_draft(known, name)
        found = [] if draft is None else [*rules.lint(draft, read_mapping(draft, contract, hub), contract, hub)]
    except DocumentError as error:
        found = [_refused(error, "lint-mapping-document")]
    return sorted((_of_mapping(problem, known) for problem in found), key=_place)


def lint_behaviour(known: Catalogue, name: str) -> list[Problem]:
    """Lint the behaviour of a partner, in the order of the places; nothing where its folder has none.

    Raises:
        UnknownPartnerError: there is no folder of that name.
        InputError: a file cannot be opened.
        DocumentError: its contract cannot be used.

    """
    file = known.entry(name).folder / BEHAVIOUR
    if not file.is_file():
        return []
    contract = known.contract(name)
    try:
        behaviour = load_behaviour(known, name)
        found = [] if behaviour is None else [*behaviour_lint(behaviour, contract)]
    except DocumentError as error:
        # A mapping that cannot be used is told of as such.
        is_own = error.file.endswith(f"/{BEHAVIOUR}")
        found = [_refused(error, "lint-behaviour-document")] if is_own else []
    return sorted((replace(problem, file=str(file)) for problem in found), key=_place)


def _of_mapping(problem: Problem, known: Catalogue) -> Problem:
    """Name the file by its path: mappings call it by their partner's name."""
    name, _, file = (problem.file or "").partition("/")
    if file != MAPPING or name not in known.entries:
        return problem
    return replace(problem, file=str(known.entry(name).folder / file))


def lint_contract(contract: Contract) -> list[Problem]:
    """Lint one document: writing rules and examples; in the order of their places."""
    try:
        return sorted((_placed(found, contract) for found in (*lint(contract), *lint_examples(contract))), key=_place)
    except DocumentError as error:  # the validator cannot use one of its schemas
        return [_refused(error)]


def _refused(error: DocumentError, code: str = "lint-document") -> Problem:
    return Problem(
        code,
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
