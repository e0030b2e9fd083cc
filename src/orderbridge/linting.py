"""All that `orderbridge lint` says of one partner, each finding with its place in the file it was written in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from orderbridge.behaviour.lint import lint as behaviour_lint
from orderbridge.behaviour.reading import BEHAVIOUR, load_behaviour
from orderbridge.contract.catalogue import MAPPING
from orderbridge.contract.lint import lint
from orderbridge.errors import DocumentError, InputError
from orderbridge.laws import broken_by
from orderbridge.mapping.lint import rules
from orderbridge.mapping.reading import HUB, load_draft, load_mapping, read_mapping
from orderbridge.problem import CODES, Problem
from orderbridge.translation.side import Side
from orderbridge.validation.examples import lint_examples
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.contract.catalogue import Catalogue, Entry
    from orderbridge.contract.contract import Contract

_LAW: Final = "lint-mapping-law"
_UNUSED: Final = "lint-example-unused"


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
        mapping = read_mapping(draft, contract, hub) if draft is not None else None
    except DocumentError as error:
        return [_of_mapping(_refused(error, "lint-mapping-document"), known)]
    if draft is None or mapping is None:
        return []
    found = [*rules.lint(draft, mapping, contract, hub, codes=_codes(known, name))]
    if all(problem.severity != "error" for problem in found):
        found += _lawless(known, name)
    return sorted((_of_mapping(problem, known) for problem in found), key=_place)


def _codes(known: Catalogue, name: str) -> Mapping[str, str]:
    """Give a partner's words for refusals; none where its behaviour cannot be used, which is told of elsewhere."""
    try:
        behaviour = load_behaviour(known, name)
    except (DocumentError, InputError):
        return {}
    return behaviour.codes if behaviour is not None else {}


def _lawless(known: Catalogue, name: str) -> Iterator[Problem]:
    """Yield the laws of mappings that the partner's own examples break, on the way to all other partners."""
    sides = {entry.name: side for entry in known.partners if (side := _side(known, entry.name)) is not None}
    others = (side for each, side in sides.items() if each != name)
    for example, breach in broken_by(sides[name], others):
        message = f"the example {example!r}, at {breach.where or 'the top'}: {breach.what}"
        yield Problem(_LAW, message, fix=CODES[_LAW].fix, file=f"{name}/{MAPPING}", line=1, column=1)


def _side(known: Catalogue, name: str) -> Side | None:
    """See a partner as translation does; None where it has no mapping, or one that is told of elsewhere."""
    try:
        mapping = load_mapping(known, name)
    except (DocumentError, InputError):
        return None
    contract = known.contract(name)
    return Side(contract, mapping, partial(_validator, contract)) if mapping is not None else None


def _validator(contract: Contract, message: str, status: str | None) -> Validator:
    """Make the validator of a message of the create operation; a side keeps it."""
    operation = contract.operation()
    is_request = message == "request"
    body = operation.request if is_request else operation.response(status or operation.success or "default")
    schema = body.json_schema if body is not None else None
    return Validator(contract, schema or "", "request" if is_request else "response", "documented")


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
        fix=CODES[code].fix,
        file=error.file,
        line=error.line or None,
        column=error.column or None,
    )


def _placed(problem: Problem, contract: Contract) -> Problem:
    place = contract.place(problem.pointer)
    fix = problem.fix or CODES[problem.code].fix
    return replace(problem, fix=fix, file=place.file, line=place.line, column=place.column, pointer=place.pointer)


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
                _UNUSED,
                f"no example refers to {name}",
                severity="warning",
                fix=CODES[_UNUSED].fix,
                file=str(path),
                line=1,
                column=1,
            )
