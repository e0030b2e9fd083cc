"""`--format sarif`: SARIF 2.1.0, for code scanning services and editors.

Rules are the whole registry of codes, known before the first finding, so that results can be written as they
come. A result points at the text (line, column in code points) and, as logical location, at the JSON Pointer.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from orderbridge.problem import CODES
from orderbridge.render.machine import compact, opened, problem_json
from orderbridge.render.report import TOOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.problem import Code, Problem
    from orderbridge.render.report import Checked, Topic, Totals

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PROPERTIES: Final = ("record", "evidence", "schema_pointer", "expected", "actual", "fix")
# SARIF 2.1.0, 3.11.5 and 3.11.6: braces are placeholders unless doubled, and `[text](target)` is a link.
_BRACE: Final = re.compile(r"[{}]")
_LINK: Final = re.compile(r"\[(?=[^\[\]]*\]\()")
# Surrogates that stand for no byte of a file name: the others, U+DC80 to U+DCFF, are undecodable bytes.
_STRAY: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Sarif:
    """Write one SARIF log with one run, one result per line."""

    wants_clean = False

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Give each rule its number; SARIF has no colours."""
        self._version = version
        self._indexes = {code: index for index, code in enumerate(sorted(CODES))}
        self._topic: dict[str, object] = {}
        self._separator = "\n  "

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield the head, up to the opened list of results."""
        self._topic = topic.members()
        rules = [_rule(code, CODES[code]) for code in self._indexes]
        driver = {"name": TOOL, "version": self._version, "rules": rules}
        run = opened({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"})
        yield f'{opened({"$schema": SCHEMA, "version": "2.1.0"})},"runs":[\n {run},"results":['

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield a result for each problem."""
        for problem in checked.placed():
            yield self._separator + compact(self._result(problem))
            self._separator = ",\n  "

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the counts, as properties of the run, and the tail."""
        properties = compact({**self._topic, **totals.members()})
        yield f'],\n "properties":{properties}}}]}}\n'

    def _result(self, problem: Problem) -> dict[str, object]:
        values = problem_json(problem)
        rule = {"ruleId": problem.code, "ruleIndex": self._indexes.get(problem.code, -1)}
        return {
            **rule,
            "level": problem.severity,
            "message": {"text": _message(str(values["message"]))},
            "locations": [_location(problem, pointer=str(values["pointer"]))],
            "properties": {name: values[name] for name in _PROPERTIES if values[name] is not None},
        }


def uri(file: str) -> str:
    """Write a file name as the URI reference that SARIF wants: relative stays relative, absolute becomes `file:`."""
    name = _STRAY.sub("\N{REPLACEMENT CHARACTER}", posixpath.normpath(file))
    path = quote(name, safe="/", errors="surrogateescape")
    return f"file://{path}" if path.startswith("/") else path


def _rule(name: str, code: Code) -> dict[str, object]:
    texts = {"shortDescription": code.title, "fullDescription": code.why, "help": code.fix}
    return {"id": name, **{member: {"text": _message(text)} for member, text in texts.items()}}


def _location(problem: Problem, *, pointer: str) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": uri(problem.file or "-")}}
    if problem.line is not None:
        region = {"startLine": problem.line, "startColumn": problem.column}
        physical["region"] = {name: value for name, value in region.items() if value is not None}
    return {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": pointer, "kind": "value"}]}


def _message(text: str) -> str:
    return _LINK.sub(r"\\[", _BRACE.sub(r"\g<0>\g<0>", text))
