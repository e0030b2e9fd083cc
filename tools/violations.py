"""What Prism minds in recorded exchanges, beside what we mind in the same requests.

A response of ours is never to be minded. A request may be: where our audit refuses it as well, both agree. What is left
are disagreements, each covered by a row of `tests/data/prism_disagreements.json`, or else a finding.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.audit.auditing import Audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderbridge.api import Partner

_HEADER: Final = "sl-violations"
_OURS: Final = "x-request-id"
"""Stands in each answer of our servers: an answer without it was made by Prism."""
_UNANSWERED: Final = {"status": 0, "headers": [], "content": {"size": 0, "mimeType": ""}}
_UNAUTHORIZED: Final = "401"
"""Prism's code for a credential that is missing, or written in another way than the contract says."""
_HEADER_NAME: Final = re.compile(r"Request header must have required property '([^']+)'")
_CODE: Final = re.compile(r'"type":\s*"https://stoplight\.io/prism/errors#([A-Z_]+)"')


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that Prism minds: in a request or in a response, which of its rules, where and in which words.

    `sent` is what the request has in the header that it is about; "absent" where there is no such header.
    """

    side: str
    code: str
    place: str
    text: str
    sent: str = ""

    def __str__(self) -> str:
        return f"{self.side} {self.code} at {self.place or '/'}: {self.text}"


@dataclass(frozen=True)
class Row:
    """A kind of disagreement that is known: which violations it covers, by regular expressions, and the reason."""

    row: str
    side: str
    code: str
    place: str
    text: str
    sent: str
    reason: str

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(each) for each in (self.side, self.code, self.place, self.text, self.sent))

    def covers(self, violation: Violation) -> bool:
        """Tell whether a violation is of this kind."""
        parts = (violation.side, violation.code, violation.place, violation.text, violation.sent)
        return all(pattern.fullmatch(part) for pattern, part in zip(self._patterns, parts, strict=True))


@dataclass
class Compared:
    """What came of a comparison: exchanges, violations on which both agree, and the others by row or unlisted."""

    exchanges: int = 0
    agreed: int = 0
    listed: Counter[str] = field(default_factory=Counter)
    unlisted: list[str] = field(default_factory=list)


def compare(partner: Partner, entries: Sequence[Any], rows: Sequence[Row]) -> Compared:
    """Compare Prism with our audit on the entries of a HAR file that was recorded through Prism."""
    refused = refused_requests(partner, entries)
    compared = Compared(len(entries))
    for number, entry in enumerate(entries, 1):
        for violation in violations(entry):
            row = next((each.row for each in rows if each.covers(violation)), None)
            if _is_agreed(violation, entry["response"]["status"], refused=number in refused):
                compared.agreed += 1
            elif row is not None:
                compared.listed[row] += 1
            else:
                request = entry["request"]
                compared.unlisted.append(f"{number} {request['method']} {request['url']}: {violation}")
    return compared


def _is_agreed(violation: Violation, status: int, *, refused: bool) -> bool:
    """Tell whether we mind it too; whether a credential will do is said by the server alone."""
    return violation.side == "request" and (refused or (violation.code, status) == (_UNAUTHORIZED, 401))


def refused_requests(partner: Partner, entries: Iterable[Any]) -> set[int]:
    """Give the numbers, from 1, of the entries whose requests break the contract, or that no operation is there for.

    Without their answers: an audit excuses what the server refused.
    """
    asked = [{**each, "response": _UNANSWERED} for each in entries]
    log = {"version": "1.2", "creator": {"name": "orderbridge", "version": "1"}, "entries": asked}
    audit = Audit(partner, "documented")
    judged = {each.record: each.problems for each in audit.file("", jsontext.write({"log": log}))}
    return {
        number
        for number in range(1, len(asked) + 1)
        if number not in judged or any(each.severity == "error" for each in judged[number])
    }


def violations(entry: Any) -> Iterator[Violation]:
    """Yield what Prism minds in one entry."""
    response = entry["response"]
    headers = {each["name"].lower(): each["value"] for each in response["headers"]}
    sent = {each["name"].lower(): each["value"] for each in entry["request"]["headers"]}
    yield from (_violation(each, sent) for each in _listed(headers.get(_HEADER, "")))
    if _OURS not in headers:
        text = response["content"].get("text", "")
        code = _CODE.search(text)
        yield Violation("request", code[1] if code else f"status {response['status']}", "", text)


def _listed(text: str) -> Iterator[Any]:
    """Read the header; one that became too long for a header ends anywhere."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield value
        at = text.find("{", end)


def _violation(raw: Any, sent: dict[str, str]) -> Violation:
    side, *place = map(str, raw["location"])
    header = _HEADER_NAME.fullmatch(raw["message"])
    value = sent.get(header[1].lower(), "absent") if header else ""
    return Violation(side, str(raw.get("code", "")), "/".join(["", *place]), raw["message"], value)
