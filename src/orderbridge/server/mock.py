"""The mock: stateless answers from the contract's examples, or made from its schemas.

`Prefer` chooses; without it the answer belongs to the request: the example of the same name as the request's, else the
first of the success status, else one made from the schema. Examples that break the contract, of which documents from
elsewhere are full, are passed over. Of several media types the caller gets the first that it takes, JSON before others;
a text is sent as it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.contract import references
from orderbridge.contract.model import is_json
from orderbridge.sample.make import make
from orderbridge.server.accepting import is_accepted, sent_as
from orderbridge.server.answers import AnswerCheck
from orderbridge.server.fault import Entry, Fault
from orderbridge.server.http import ALWAYS, JSON, Answer
from orderbridge.server.prefer import read_prefer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.api import Partner
    from orderbridge.contract.model import Body, Operation
    from orderbridge.server.http import Header, Request
    from orderbridge.server.prefer import Prefer

_TEXT: Final = "text/"


@dataclass(frozen=True, slots=True)
class _Written:
    """One example answer, ready to send."""

    name: str
    answer: Answer


@dataclass(frozen=True)
class Mock:
    """Answers for one operation; of which media type is only asked where some status has several."""

    partner: Partner
    operation: Operation
    requests: tuple[tuple[str, Any], ...]
    answers: dict[str, tuple[_Written, ...]]
    has_choice: bool
    _sound: dict[str, tuple[_Written, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, partner: Partner, operation: Operation) -> Mock:
        """Read the examples of an operation and write its answers."""
        document = partner.contract.document
        asked = operation.request
        requests = tuple(_examples(asked, _kinds(asked)[0], document)) if asked and asked.content else ()
        answers = {
            status: tuple(
                _Written(name, Answer(_number(status, operation), data, kind, _headers(partner, body), fixed=True))
                for name, data, kind in _written(body, document)
            )
            for status, body in operation.responses.items()
        }
        has_choice = any(len(body.content) > 1 for body in operation.responses.values())
        return cls(partner, operation, requests, answers, has_choice)

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
        status = self._success
        name = next((name for name, value in self.requests if value == request.body), None)
        named = (each for each in self._keeping(status) if each.name == name)
        found = next(_taken(named, self._accept(request)), None)
        return found.answer if found is not None else self._first(request, status, 0)

    def _chosen(self, request: Request, prefer: Prefer) -> Answer:
        status = self._status(prefer.code)
        if prefer.example is not None:
            answer = self._example(request, status, prefer.example, by_code=prefer.code is not None)
        elif prefer.dynamic:
            answer = self._made(request, status, prefer.seed)
        elif prefer.code is None:
            return self._usual(request)
        else:
            answer = self._first(request, status, prefer.seed)
        # `4XX` and `default` are many: it is the one that was asked for.
        return answer if prefer.code is None else answer._replace(status=int(prefer.code), fixed=False)

    def _keeping(self, status: str) -> tuple[_Written, ...]:
        """Give the examples of a status that keep the contract; found out when they are first wanted."""
        sound = self._sound.get(status)
        if sound is None:
            check = AnswerCheck(self.partner, self.operation)
            sound = tuple(each for each in self.answers[status] if not check.faults(each.answer))
            self._sound[status] = sound
        return sound

    def _accept(self, request: Request) -> str | None:
        return request.headers.get("accept") if self.has_choice else None

    @property
    def _success(self) -> str:
        return self.operation.success or next(iter(self.answers))

    def _status(self, code: str | None) -> str:
        if code is None:
            return self._success
        for key in (code, f"{code[0]}XX", "default"):
            if key in self.answers:
                return key
        known = ", ".join(self.answers)
        raise _refused(f"there is no response {code}; the contract has {known}", "unknown-code")

    def _example(self, request: Request, status: str, name: str, *, by_code: bool) -> Answer:
        places = [status] if by_code else [status, *(each for each in self.answers if each != status)]
        for place in places:
            found = [each for each in self.answers[place] if each.name == name]
            if found:
                return next(_taken(found, self._accept(request)), found[0]).answer
        known = ", ".join(each.name for place in places for each in self.answers[place])
        raise _refused(f"there is no example {name!r}; there is {known or 'none'}", "unknown-example")

    def _first(self, request: Request, status: str, seed: int) -> Answer:
        """Give the first example, or what is made where there is none."""
        written, accept = self._keeping(status), self._accept(request)
        found = next(_taken(written, accept), None)
        if found is None and not any(_liked(self.operation.responses[status], accept)):
            found = next(iter(written), None)
        return found.answer if found is not None else self._made(request, status, seed)

    def _made(self, request: Request, status: str, seed: int) -> Answer:
        """Make an answer from the schema; the same for the same seed."""
        body = self.operation.responses[status]
        number, headers = _number(status, self.operation), _headers(self.partner, body)
        kind = next(iter((*_liked(body, self._accept(request)), *_liked(body, None))), None)
        if kind is None:
            return Answer(number, headers=headers)
        schema = body.content[kind]
        value = make(self.partner.contract.at("documented"), schema, "response", seed) if schema is not None else {}
        return Answer(number, _data(value, sent_as(kind)), sent_as(kind), headers)


def _taken(written: Iterable[_Written], accept: str | None) -> Iterator[_Written]:
    """Leave out what the caller does not take."""
    return (each for each in written if accept is None or is_accepted(each.answer.media_type, accept))


def _liked(body: Body, accept: str | None) -> Iterator[str]:
    """Give the media types that the caller takes and that can be made up; what a picture holds cannot."""
    for kind in _kinds(body):
        sent = sent_as(kind)
        if (is_json(sent) or sent.startswith(_TEXT)) and (accept is None or is_accepted(sent, accept)):
            yield kind


def _kinds(body: Body) -> list[str]:
    """Give the media types of a body, those first that are checked: JSON by name, by suffix, in a range."""
    return sorted(body.content, key=lambda kind: (kind != JSON, not is_json(kind), not is_json(sent_as(kind))))


def _written(body: Body, document: Any) -> Iterator[tuple[str, bytes, str]]:
    """Write the examples of an answer that can be written: name, bytes, media type."""
    for kind in _kinds(body):
        sent = sent_as(kind)
        for name, value in _examples(body, kind, document):
            # Members have no spelling in other types.
            if is_json(sent) or not isinstance(value, dict | list):
                yield name, _data(value, sent), sent


def _data(value: Any, media_type: str) -> bytes:
    is_text = isinstance(value, str) and not is_json(media_type)
    return value.encode() if is_text else jsontext.write(value)


def _headers(partner: Partner, body: Body) -> tuple[Header, ...]:
    """Make the headers that an answer cannot do without; what is no plain value is written as JSON."""
    contract = partner.contract.at("documented")
    values = {
        each.name: make(contract, each.schema, "response", 0)
        for each in body.headers
        if each.required and each.schema is not None and each.name.lower() not in ALWAYS
    }
    return tuple(
        (name.lower().encode(), value.encode("latin-1", "replace") if isinstance(value, str) else jsontext.write(value))
        for name, value in values.items()
    )


def _refused(message: str, code: str) -> Fault:
    return Fault("invalid", message, code, (Entry("header:prefer", message, code),))


def _number(status: str, operation: Operation) -> int:
    """Give the status of an answer that nobody asked for by its number."""
    if status.isdigit():
        return int(status)
    if status[0].isdigit():
        return int(status[0]) * 100
    # Beside a success the default is what went wrong; alone it is everything.
    return 500 if operation.success is not None else 200


def _examples(body: Body, kind: str, document: Any) -> list[tuple[str, Any]]:
    """Give the named examples of a body's content of a media type, references followed."""
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
