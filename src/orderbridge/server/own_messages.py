"""Validation and translation over HTTP: what the commands do, message in, verdict out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge import api, jsontext
from orderbridge.render.machine import problem_json
from orderbridge.server.excerpt import MOST_VALUES, Finder, has_more
from orderbridge.server.fault import IN_PART, MOST_LISTED, Entry, Fault
from orderbridge.server.http import PROBLEM, json_answer
from orderbridge.server.refusals import details
from orderbridge.translation.reasons import AT_SOURCE, reasons
from orderbridge.translation.translating import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.problem import Problem
    from orderbridge.server.http import Answer, Request
    from orderbridge.server.own_known import Known
    from orderbridge.translation.translating import Translation

_NO_FILE: Final = frozenset({"file", "record"})
_UNTRANSLATED: Final = 422


def finding(problem: Problem) -> dict[str, Any]:
    """Write a problem as the commands do, without a file and a record, of which a request has none."""
    return {name: value for name, value in problem_json(problem).items() if name not in _NO_FILE}


def validate(known: Known, request: Request, asked: Mapping[str, Any]) -> Answer:
    """Answer with every problem of a message, its places those in the text that was sent."""
    validator = known.partner(request.named("partner")).validator(
        message=asked.get("message", "request"),
        operation=asked.get("operation"),
        status=asked.get("status"),
        level=asked.get("level", "documented"),
    )
    if has_more(request.body, MOST_VALUES) and not validator.accepts(request.body):
        problems = list(Finder(validator).problems(request.body).problems)
        is_valid = validator.allows(request.body)
    else:
        problems = validator.check(request.raw)
        is_valid = not any(each.severity == "error" for each in problems)
    listed = [*map(finding, problems[:MOST_LISTED])]
    return json_answer(200, {"valid": is_valid, "problems": listed, "omitted": len(problems) - len(listed)})


def translate(known: Known, request: Request, asked: Mapping[str, Any]) -> Answer:
    """Answer with a message in another partner's format; where there is none, with what is in the way."""
    order = request.body["order"]
    refused = _refused_in_part(_made({}, known, request, asked), order) if has_more(order, MOST_VALUES) else None
    if refused is not None:
        return _untranslated(refused, request, IN_PART)
    # A text would be read as JSON; here it is a JSON string, and no order.
    made = _made(jsontext.write(order) if isinstance(order, str) else order, known, request, asked)
    if made.order is None and (made.request.mode != "plan" or made.draft is None):
        return _untranslated(made, request)
    answer = {"order": made.order, "headers": made.headers, "report": _report(made), "ticket": made.ticket}
    return json_answer(200, answer)


def _refused_in_part(asked: Translation, order: Any) -> Translation | None:
    """Refuse a large order for what an excerpt of it breaks; None: its sender's contract does not refuse it.

    `asked` is the same translation of nothing: what is wrong with it beside the order has been said by then.
    """
    validator = asked.source.validator(asked.request.message, asked.request.status)
    if validator.allows(order):
        return None
    return refusing(asked.source, asked.target, asked.request, order, Finder(validator).errors(order).problems)


def _made(order: Any, known: Known, request: Request, asked: Mapping[str, Any]) -> Translation:
    given = request.body
    return api.translate(
        order,
        known.partner(request.named("source")),
        known.partner(request.named("target")),
        asked.get("message", "request"),
        operation=asked.get("operation"),
        status=asked.get("status"),
        headers=given.get("headers"),
        supply=given.get("supply"),
        mode=asked.get("mode", "lenient"),
        ticket=given.get("ticket"),
        carry=given.get("carry", "none"),
        ticket_key=given.get("ticket_key"),
    )


def _untranslated(made: Translation, request: Request, remark: str = "") -> Answer:
    entries = tuple(
        _entry(each, is_source=made.draft is None or each.code in AT_SOURCE) for each in reasons(made)[:MOST_LISTED]
    )
    message = f"this message cannot be translated to {made.target.name} as it is"
    whole = details(Fault("invalid", message, "untranslated", entries, remark=remark), _UNTRANSLATED, request.id)
    return json_answer(_UNTRANSLATED, {**whole, "report": _report(made)}, media_type=PROBLEM)


def _report(made: Translation) -> dict[str, Any]:
    report = made.report
    return (
        report if len(report["problems"]) <= MOST_LISTED else {**report, "problems": report["problems"][:MOST_LISTED]}
    )


def _entry(problem: Problem, *, is_source: bool) -> Entry:
    """Say where: in the order that was sent, or in the document that the target would get."""
    if problem.pointer.startswith("header:"):
        return Entry(problem.pointer, problem.message, problem.code)
    return Entry(f"{'/order' if is_source else 'target:'}{problem.pointer}", problem.message, problem.code)
