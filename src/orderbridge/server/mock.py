"""The mock: stateless answers from the contract's examples, or made from its schemas.

`Prefer` chooses; without it the answer belongs to the request: the example of the same name as the request's, else the
first of the success status, else one made from the schema.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.contract import references
from orderbridge.sample.make import make
from orderbridge.server.fault import Entry, Fault
from orderbridge.server.http import JSON, Answer
from orderbridge.server.prefer import read_prefer

if TYPE_CHECKING:
    from orderbridge.api import Partner
    from orderbridge.contract.model import Body, Operation
    from orderbridge.server.http import Header, Request

_NO_BODY: Final = Answer(204)


@dataclass(frozen=True, slots=True)
class _Written:
    """One example answer, ready to send."""

    name: str
    answer: Answer


@dataclass(frozen=True)
class Mock:
    """Answers for one operation."""

    partner: Partner
    operation: Operation
    requests: tuple[tuple[str, Any], ...]
    answers: dict[str, tuple[_Written, ...]]

    @classmethod
    def of(cls, partner: Partner, operation: Operation) -> Mock:
        """Read the examples of an operation and write its answers."""
        document = partner.contract.document
        requests = tuple(_examples(operation.request, document)) if operation.request else ()
        answers = {
            status: tuple(
                _Written(
                    name,
                    Answer(
                        _number(status), jsontext.write(value), _media_type(body), _headers(partner, body), fixed=True
                    ),
                )
                for name, value in _examples(body, document)
            )
            for status, body in operation.responses.items()
        }
        return cls(partner, operation, requests, answers)

    async def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        prefer = read_prefer(request.headers.get("prefer"))
        if prefer is None:
            return self._usual(request)
        if prefer.delay:
            await asyncio.sleep(prefer.delay / 1000)
        answer = self._chosen(request, prefer)
        applied = ", ".join(prefer.applied).encode()
        return answer.with_headers((b"preference-applied", applied), (b"vary", b"Prefer")) if applied else answer

    def _usual(self, request: Request) -> Answer:
        status = self.operation.success or next(iter(self.answers))
        written = self.answers[status]
        name = next((name for name, value in self.requests if value == request.body), None)
        found = next((each for each in written if each.name == name), None) or next(iter(written), None)
        return found.answer if found is not None else self._made(status, 0)

    def _chosen(self, request: Request, prefer: Any) -> Answer:
        status = self._status(prefer.code)
        if prefer.example is not None:
            return self._example(status, prefer.example, by_code=prefer.code is not None)
        if prefer.dynamic:
            return self._made(status, prefer.seed)
        if prefer.code is None:
            return self._usual(request)
        written = next(iter(self.answers[status]), None)
        answer = written.answer if written is not None else self._made(status, prefer.seed)
        return Answer(int(prefer.code), answer.body, answer.media_type, answer.headers)

    def _status(self, code: str | None) -> str:
        if code is None:
            return self.operation.success or next(iter(self.answers))
        for key in (code, f"{code[0]}XX", "default"):
            if key in self.answers:
                return key
        known = ", ".join(self.answers)
        raise _refused(f"there is no response {code}; the contract has {known}", "unknown-code")

    def _example(self, status: str, name: str, *, by_code: bool) -> Answer:
        places = [status] if by_code else [status, *(each for each in self.answers if each != status)]
        for place in places:
            found = next((each for each in self.answers[place] if each.name == name), None)
            if found is not None:
                return found.answer
        known = ", ".join(each.name for place in places for each in self.answers[place])
        raise _refused(f"there is no example {name!r}; there is {known}", "unknown-example")

    def _made(self, status: str, seed: int) -> Answer:
        """Make an answer from the schema; the same for the same seed."""
        body = self.operation.responses[status]
        headers = _headers(self.partner, body)
        if body.json_schema is None:
            return Answer(_number(status), headers=headers) if not body.content else _NO_BODY
        value = make(self.partner.contract.at("documented"), body.json_schema, "response", seed)
        return Answer(_number(status), jsontext.write(value), _media_type(body), headers)


def _headers(partner: Partner, body: Body) -> tuple[Header, ...]:
    """Make the headers that an answer cannot do without; what is no plain value is written as JSON."""
    contract = partner.contract.at("documented")
    values = {
        each.name: make(contract, each.schema, "response", 0)
        for each in body.headers
        if each.required and each.schema is not None
    }
    return tuple(
        (name.lower().encode(), value.encode("latin-1", "replace") if isinstance(value, str) else jsontext.write(value))
        for name, value in values.items()
    )


def _refused(message: str, code: str) -> Fault:
    return Fault("invalid", message, code, (Entry("header:prefer", message, code),))


def _number(status: str) -> int:
    if status.isdigit():
        return int(status)
    return int(status[0]) * 100 if status[0].isdigit() else 500


def _media_type(body: Body) -> str:
    return next((kind for kind, schema in body.content.items() if schema == body.json_schema), JSON)


def _examples(body: Body, document: Any) -> list[tuple[str, Any]]:
    """Give the named examples of a body's JSON content, references followed."""
    kind = _media_type(body)
    try:
        media = pointer.get(document, f"{body.pointer}/content/{pointer.escape(kind)}")
    except LookupError:
        return []
    found = []
    for name, example in media.get("examples", {}).items():
        target = references.local(example.get("$ref"))
        value = references.resolve(document, target)[1] if target is not None else example
        if "value" in value:
            found.append((name, value["value"]))
    if "example" in media:
        found.append(("example", media["example"]))
    return found
