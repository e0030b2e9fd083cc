"""Rules on refusals: what a partner's error lines make of one keeps the contract, however little is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract.members import ANY
from orderbridge.mapping.lint.subject import RULED, Found, Part
from orderbridge.mapping.lowering import lower
from orderbridge.mapping.notation import write_path
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.members import Steps

_SENTENCE: Final = "This is refused."


def breaking(part: Part) -> Iterator[Found]:
    """Find what the contract would not take of a refusal that has a kind, a status and a sentence, and no more.

    The server answers problem details where a refusal in the partner's shape would break the contract, and a
    translation of an error is not complete.
    """
    if part.message != "error":
        return
    broken: dict[tuple[Steps, str], dict[str, str]] = {}
    known: dict[str, Validator] = {}
    for kind, status in part.whole.mapping.statuses:
        body = part.whole.operation.response(str(status))
        if body is not None and body.json_schema is not None:
            schema = body.json_schema
            validator = known.setdefault(schema, Validator(part.whole.contract, schema, "response", RULED))
            for steps, code, what in _broken(part, validator, kind, status):
                broken.setdefault((steps, code), {}).setdefault(str(status), what)
    for (steps, _), told in broken.items():
        seen = next(iter(part.cover.of_leaf(steps)), None) or part.cover.nearest(steps)
        message = f"in a refusal with the status {', '.join(told)}, {next(iter(told.values()))}"
        yield Found(seen.line.origin if seen is not None else part.start, message)


def _broken(part: Part, validator: Validator, kind: str, status: int) -> Iterator[tuple[Steps, str, str]]:
    """Yield what is wrong with each form of a refusal: of the whole, of one value, of none in particular.

    With its path come the rule that is broken, and the words for it.
    """
    code = {"code": part.whole.codes[str(status)]} if str(status) in part.whole.codes else {}
    whole = {"kind": kind, "status": status, "message": _SENTENCE, **code}
    entry = {"row": "0", "message": _SENTENCE, **code}
    for told in (whole, {**whole, "errors": [entry]}, {**whole, "errors": [{**entry, "pointer": "/0"}]}):
        body = lower(told, part.section).document
        missing = validator.missing(body)
        for path, name, _ in missing:
            steps = _steps((*path, name))
            yield steps, "required", f"`{write_path(steps)}` is missing, and required there"
        for problem in [] if missing else validator.check_value(body):
            if problem.severity == "error":
                steps = _steps(pointer.split(problem.pointer))
                yield steps, problem.code, f"`{write_path(steps)}` breaks the contract: {problem.message}"


def _steps(path: Iterable[Any]) -> Steps:
    """See a place in a document as a path of the contract; the elements of a list are alike."""
    return tuple(ANY if isinstance(step, int) or pointer.is_index(step) else step for step in path)
