"""One exchange against the contract: what openapi-core and our own validation refuse, put together.

openapi-core says what is broken in routing, security, media types, statuses and headers; of values both have an
opinion. Where they agree, the words are ours. Where they do not, that is a finding of its own, never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext, pointer
from orderbridge.audit.exchange import header
from orderbridge.audit.finding import Finding
from orderbridge.audit.opinion import BODY, MEDIA_TYPE, Refusal, cookies_of, plain_media_type
from orderbridge.contract.model import is_json
from orderbridge.problem import CODES, Problem
from orderbridge.validation import show
from orderbridge.validation.parameters import ParameterCheck
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderbridge.audit.exchange import Exchange, Field, Payload, Request, Response
    from orderbridge.audit.opinion import Opinion, Outside, Route
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.model import Body
    from orderbridge.problem import Evidence

_MOST_REFUSALS: Final = 10
"""Refusals of openapi-core alone that are shown of one part."""
_HIDDEN_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
_REDACTED: Final = frozenset({"[filtered]", "[redacted]", "redacted", "***", "•••", ""})
"""What programs write in the place of a credential that they do not want to keep."""
_REFUSED: Final = range(400, 500)
_NO_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Message:
    """A JSON body that was read, for those who compare practice with contract: the message it is, and its value."""

    operation: str
    status: str | None
    value: Any


@dataclass
class Verdict:
    """What is known about one exchange after it was judged."""

    findings: list[Finding] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)
    unjudged: int = 0


@dataclass(frozen=True)
class Judge:
    """The rules of one contract, each compiled when it is first needed."""

    contract: Contract
    outside: Outside
    level: Evidence
    _checks: dict[str, ParameterCheck] = field(default_factory=dict, repr=False, compare=False)
    _validators: dict[tuple[str, Direction], Validator] = field(default_factory=dict, repr=False, compare=False)

    def judge(self, exchange: Exchange, route: Route, *, credentials: bool) -> Verdict:
        """Judge one exchange, first the request, then the response; `credentials`: the recording keeps any at all."""
        verdict = Verdict()
        self._request(exchange.request, route, verdict, credentials=credentials)
        response = exchange.response
        if response is not None:
            if response.status in _REFUSED:
                verdict.findings = [_excused(each, response.status) for each in verdict.findings]
            self._response(exchange.request, response, route, verdict)
        return verdict

    def _request(self, request: Request, route: Route, verdict: Verdict, *, credentials: bool) -> None:
        security, parameters, body = self.outside.request(route, request)
        verdict.unjudged += [security, parameters, body].count(None)
        if security:
            self._security(request, route, verdict, credentials=credentials)
        check = self._check(route.operation.id)
        ours = check.check(
            path=route.variables,
            query=request.query,
            headers=[(each.name, each.value) for each in request.headers],
            cookies=dict(reversed(cookies_of(request.headers))),
        )
        places = _Places(request.pointer, request.headers, f"{request.pointer}/url")
        verdict.findings += self._named(ours, parameters, places)
        wanted = route.operation.request
        if wanted is not None and self._is_recorded(request.payload, verdict):
            self._body(request.payload, wanted, body, verdict, Message(route.operation.id, None, None))

    def _security(self, request: Request, route: Route, verdict: Verdict, *, credentials: bool) -> None:
        known = {"authorization", *self._keys}
        shown = [each for each in request.headers if each.name in known]
        if not credentials or any(_is_redacted(each.value) for each in shown):
            verdict.unrecorded.append("credentials")
            return
        schemes = show.choice([" and ".join(map(show.name, each)) for each in route.operation.security if each])
        problem = Problem(
            "security-missing",
            f"the request shows no credential that the contract asks for: {schemes}",
            expected=schemes,
            schema_pointer=self._security_pointer(route),
            fix="send the credential; if the recording left it out, record again with sensitive data",
        )
        verdict.findings.append(Finding(problem, f"{request.pointer}/headers"))

    def _security_pointer(self, route: Route) -> str:
        own = f"{route.operation.pointer}/security"
        return own if "security" in pointer.get(self.contract.document, route.operation.pointer) else "/security"

    def _response(self, request: Request, response: Response, route: Route, verdict: Verdict) -> None:
        opinion = self.outside.response(route, request, response)
        verdict.unjudged += opinion is None
        key = status_key(route, response.status)
        if key is None:
            verdict.findings.append(_undocumented_status(response, route))
            return
        wanted = route.operation.responses[key]
        check = self._check(f"{route.operation.id} {key}", route, wanted)
        ours = check.check(headers=[(each.name, each.value) for each in response.headers])
        places = _Places(response.pointer, response.headers, f"{response.pointer}/headers")
        verdict.findings += self._named(ours, opinion, places)
        if not self._is_recorded(response.payload, verdict):
            return
        if not wanted.content:
            verdict.findings += _unexpected(response.payload, wanted)
        elif response.payload.data or response.status not in _NO_BODY:
            self._body(response.payload, wanted, opinion, verdict, Message(route.operation.id, key, None))

    def _is_recorded(self, payload: Payload, verdict: Verdict) -> bool:
        if payload.data is None:
            verdict.unrecorded.append(payload.unrecorded or "missing")
        return payload.data is not None

    # Values that have a name

    def _named(self, ours: list[Problem], theirs: Opinion, places: _Places) -> Iterator[Finding]:
        """Put together what both say of parameters or response headers, one after the other."""
        refusals = [each for each in theirs or () if ":" in each.subject]
        mine: dict[str, list[Problem]] = {}
        for problem in ours:
            mine.setdefault(_subject(problem), []).append(self._masked(problem))
        for subject, problems in mine.items():
            at = places.of(subject)
            yield from (Finding(each, at, each.pointer) for each in problems)
            if theirs is not None and _is_error(problems) and subject not in {each.subject for each in refusals}:
                yield Finding(_alone(f"the {_words(subject)}"), at, subject)
        for refusal in refusals:
            if not _is_error(mine.get(refusal.subject, ())):
                yield Finding(
                    _theirs(refusal, f"the {_words(refusal.subject)}"), places.of(refusal.subject), refusal.subject
                )

    def _masked(self, problem: Problem) -> Problem:
        """Hide what a header or query that holds a credential says, whatever the contract marks."""
        location, _, name = _subject(problem).partition(":")
        hidden = name.casefold() in self._keys or name.casefold() in self._secrets or location == "cookie"
        if not hidden or problem.code == "required":
            return problem
        code = CODES[problem.code]
        return replace(problem, message=f"{show.SECRET}: {code.title.lower()}", actual=show.SECRET, fix=code.fix)

    @property
    def _secrets(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.contract.secrets) | _HIDDEN_HEADERS

    @property
    def _keys(self) -> frozenset[str]:
        schemes = self.contract.document.get("components", {}).get("securitySchemes", {}).values()
        return frozenset(str(each["name"]).casefold() for each in schemes if "name" in each)

    def _check(self, key: str, route: Route | None = None, body: Body | None = None) -> ParameterCheck:
        if key not in self._checks:
            operation = self.contract.operations[key] if route is None else route.operation
            if body is not None:
                operation = replace(operation, parameters=body.headers)
            self._checks[key] = ParameterCheck(self.contract, operation, self.level)
        return self._checks[key]

    # Bodies

    def _body(self, payload: Payload, wanted: Body, theirs: Opinion, verdict: Verdict, message: Message) -> None:
        refusals = [each for each in theirs or () if each.subject in {BODY, MEDIA_TYPE}]
        unknown = next((each for each in refusals if each.subject == MEDIA_TYPE), None)
        if not payload.data:
            if any(each.rule == "required" for each in refusals):
                verdict.findings.append(_missing_body(payload, wanted))
        elif unknown is not None:
            verdict.findings.append(_undocumented_type(payload, wanted, unknown))
        elif is_json(payload.media_type):
            self._json(payload, wanted, None if theirs is None else refusals, verdict, message)
        else:
            problems = [_refused(each, "the body") for each in refusals[:_MOST_REFUSALS]]
            verdict.findings += (Finding(problem, payload.pointer, problem.pointer) for problem in problems)

    def _json(
        self, payload: Payload, wanted: Body, theirs: list[Refusal] | None, verdict: Verdict, message: Message
    ) -> None:
        data = payload.data or b""
        value, faults = jsontext.read(data)
        if faults:  # nothing that reads such a text could be trusted with its values
            verdict.findings += (_in_body(each, payload) for each in faults)
            return
        verdict.messages.append(replace(message, value=value))
        schema = _schema(wanted, payload.media_type)
        if schema is None:
            return
        ours = self._validator(schema, "request" if message.status is None else "response").check(data)
        verdict.findings += (_in_body(each, payload) for each in ours)
        if theirs is None:
            return
        if _is_error(ours) and not theirs:
            verdict.findings.append(Finding(_alone("the body"), payload.pointer))
        elif theirs and not _is_error(ours):
            for refusal in theirs[:_MOST_REFUSALS]:
                problem = _theirs(refusal, "the body", value)
                verdict.findings.append(Finding(problem, payload.pointer, problem.pointer))

    def _validator(self, schema: str, direction: Direction) -> Validator:
        key = (schema, direction)
        if key not in self._validators:
            self._validators[key] = Validator(self.contract, schema, direction, self.level)
        return self._validators[key]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the values with a name stand in the HAR."""

    holder: str
    fields: tuple[Field, ...]
    otherwise: str

    def of(self, subject: str) -> str:
        location, _, name = subject.partition(":")
        if location in {"query", "path"}:
            return self.otherwise
        found = header(self.fields, "cookie" if location == "cookie" else name.lower())
        return found.pointer if found is not None else f"{self.holder}/headers"


def status_key(route: Route, status: int) -> str | None:
    """Find the response that the contract has for a status: itself, its class, or `default`."""
    text = str(status)
    keys = (text, f"{text[:1]}XX", "default")
    return next((key for key in keys if key in route.operation.responses), None)


def unknown_method(exchange: Exchange, known: Iterable[str]) -> Finding:
    """Say that a server does something with a method that the contract does not have for the path."""
    words = show.choice(sorted(known))
    problem = Problem(
        "method-undocumented",
        f"the contract has no {show.name(exchange.request.method)} for this path",
        expected=words,
        actual=show.value(exchange.request.method),
        fix=f"use {words}, or add the operation to the contract",
    )
    return Finding(problem, f"{exchange.request.pointer}/method")


def _subject(problem: Problem) -> str:
    location, _, rest = problem.pointer.partition(":")
    name = rest.partition("/")[0]
    return f"{location}:{name.lower() if location == 'header' else name}"


def _words(subject: str) -> str:
    location, _, name = subject.partition(":")
    return f"{'path parameter' if location == 'path' else location} {show.name(name)}"


def _is_error(problems: Sequence[Problem]) -> bool:
    return any(each.severity == "error" for each in problems)


def _is_redacted(value: str) -> bool:
    return value.strip().rpartition(" ")[2].casefold() in _REDACTED


def _excused(finding: Finding, status: int) -> Finding:
    """Make a warning of what the server refused: the request was broken, and the contract did its work."""
    problem = finding.problem
    if problem.severity != "error":
        return finding
    message = f"{problem.message} (the server refused it with {status})"
    return replace(finding, problem=problem.placed(severity="warning", message=message))


def _in_body(problem: Problem, payload: Payload) -> Finding:
    return Finding(problem, payload.pointer, problem.pointer, payload.text)


def _schema(wanted: Body, media_type: str) -> str | None:
    """Find the schema of a media type: its own, or that of a range it falls into."""
    kind = plain_media_type(media_type)
    content = {name.lower(): schema for name, schema in wanted.content.items()}
    names = (media_type.lower(), kind, f"{kind.partition('/')[0]}/*", "*/*")
    found = next((name for name in names if name in content), None)
    return content[found] if found is not None else wanted.json_schema


def _alone(what: str) -> Problem:
    message = f"orderbridge refuses {what}, openapi-core does not"
    return Problem("opinions-differ", message, severity="warning", fix="look at the rule that is named beside this")


def _theirs(refusal: Refusal, what: str, value: Any = None) -> Problem:
    """Say that openapi-core alone refuses something; for a number written like 1.0 the reason is known."""
    if refusal.rule in {"type", "anyOf"} and _is_whole_fraction(value, refusal.pointer):
        message = f"openapi-core refuses {what} for a whole number that is written with a point or an exponent"
        fix = "nothing: 1.0 and 1 are one number; some readers want the shorter form"
        return Problem("opinions-differ", message, refusal.pointer, "warning", actual="a whole number", fix=fix)
    message = f"openapi-core refuses {what} by the rule {show.name(refusal.rule)}, orderbridge does not"
    fix = "look at the rule in the contract: tools disagree on what it means"
    return Problem("opinions-differ", message, refusal.pointer, "error", fix=fix)


def _is_whole_fraction(value: Any, where: str) -> bool:
    try:
        found = pointer.get(value, where)
    except LookupError:
        return False
    return isinstance(found, Decimal) and found == found.to_integral_value()


def _refused(refusal: Refusal, what: str) -> Problem:
    message = f"{what} breaks the rule {show.name(refusal.rule)}"
    return Problem("body-refused", message, refusal.pointer, fix="send a body that keeps the contract")


def _undocumented_status(response: Response, route: Route) -> Finding:
    known = show.choice(list(route.operation.responses))
    problem = Problem(
        "status-undocumented",
        f"the contract has no answer {response.status} of {show.name(route.operation.id)}",
        schema_pointer=f"{route.operation.pointer}/responses",
        expected=known,
        actual=str(response.status),
        fix=f"answer with {known}, or add the status to the contract",
    )
    return Finding(problem, f"{response.pointer}/status")


def _undocumented_type(payload: Payload, wanted: Body, refusal: Refusal) -> Finding:
    known = show.choice(list(refusal.known))
    said = show.value(payload.media_type) if payload.media_type else "no media type"
    problem = Problem(
        "media-type-undocumented",
        f"the body is {said}; the contract has {known}",
        schema_pointer=f"{wanted.pointer}/content",
        expected=known,
        actual=said,
        fix=f"send {known}, or add the media type to the contract",
    )
    return Finding(problem, payload.media_pointer)


def _unexpected(payload: Payload, wanted: Body) -> Iterator[Finding]:
    if payload.data:
        message = "the contract has no body here, and there is one"
        problem = Problem("media-type-undocumented", message, severity="warning", schema_pointer=wanted.pointer)
        yield Finding(problem, payload.pointer)


def _missing_body(payload: Payload, wanted: Body) -> Finding:
    known = show.choice(list(wanted.content))
    problem = Problem(
        "body-missing",
        "there is no body, and the contract asks for one",
        schema_pointer=wanted.pointer,
        expected=known,
        fix=f"send a body as {known}",
    )
    return Finding(problem, payload.pointer)
