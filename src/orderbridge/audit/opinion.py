"""What openapi-core says of an exchange: which operation it is, and what it refuses.

An opinion from outside, by other people's code on the same contract. Its words are never shown: they quote values,
secrets among them. What is taken from it is which part it refuses, by which rule, and where in a body.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from jsonschema_path import SchemaPath
from openapi_core.datatypes import RequestParameters
from openapi_core.security.exceptions import SecurityProviderError
from openapi_core.security.factories import SecurityProviderFactory
from openapi_core.security.providers import BaseProvider
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.request import (
    V30RequestBodyValidator,
    V30RequestParametersValidator,
    V30RequestSecurityValidator,
)
from openapi_core.validation.request.exceptions import (
    MissingParameterError,
    MissingRequestBodyError,
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_core.validation.response import V30ResponseValidator
from openapi_core.validation.response.exceptions import HeaderValidationError, MissingData, MissingHeaderError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from orderbridge import pointer
from orderbridge.contract import templates
from orderbridge.contract.model import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from orderbridge.audit.exchange import Field, Request, Response
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Operation

BODY: Final = "body"
MEDIA_TYPE: Final = "media-type"
SECURITY: Final = "security"
STATUS: Final = "status"
_HOST: Final = "http://audit"
_SERVERS: Final = [{"url": _HOST}]
_WORD: Final = "bearer"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that openapi-core refuses.

    `subject` is `security`, `status`, `media-type`, `body`, or a parameter or response header as `header:NAME`;
    `rule` the broken rule, `pointer` the place in a body, `known` what would have been right.
    """

    subject: str
    rule: str
    pointer: str = ""
    known: tuple[str, ...] = ()


Opinion = tuple[Refusal, ...] | None
"""All that is refused; None where openapi-core failed and has no opinion."""


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a request calls, the path as the contract has it, and its variables, percent-encoded."""

    operation: Operation
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Outside:
    """openapi-core with one contract; everything is built once for each operation."""

    contract: Contract
    _judges: dict[str, _Judges] = field(default_factory=dict, repr=False, compare=False)

    def route(self, method: str, path: str) -> Route | None:
        """Find the operation that a method of a path calls; the path begins where the contract's begin."""
        try:
            found = self._finder.find(method.lower(), f"{_HOST}{path}")
        except (PathError, ValueError):
            return None
        variables = dict(found.path_result.variables)
        if not all(variables.values()):
            return None
        operation = self._operations.get((method.lower(), found.path_result.pattern))
        return Route(operation, templates.named(operation.path, variables)) if operation is not None else None

    def methods(self, path: str) -> frozenset[str]:
        """Give the methods, in upper case, that the contract has for a path; none where it has no such path."""
        known = {operation.method for operation in self.contract.operations.values()}
        return frozenset(method.upper() for method in known if self.route(method, path) is not None)

    def request(self, route: Route, request: Request) -> tuple[Opinion, Opinion, Opinion]:
        """Judge a request: its security, its parameters, its body."""
        judges, seen = self._of(route.operation), _SeenRequest.of(route, request)
        return (
            _asked(lambda: judges.security.iter_errors(seen)),
            _asked(lambda: judges.parameters.iter_errors(seen)),
            _asked(lambda: judges.body.iter_errors(seen)),
        )

    def response(self, route: Route, request: Request, response: Response) -> Opinion:
        """Judge a response."""
        judges, seen = self._of(route.operation), _SeenRequest.of(route, request)
        return _asked(lambda: judges.response.iter_errors(seen, _SeenResponse.of(response)))

    @cached_property
    def _finder(self) -> APICallPathFinder:
        paths: dict[str, Any] = {}
        for method, path in self._operations:
            paths.setdefault(path, {})[method] = {}
        return APICallPathFinder(SchemaPath.from_dict({"paths": paths, "servers": _SERVERS}))

    @cached_property
    def _operations(self) -> dict[tuple[str, str], Operation]:
        found: dict[tuple[str, str], Operation] = {}
        # Of paths that fit and have as many parameters the finder takes the first.
        for each in sorted(self.contract.operations.values(), key=lambda each: templates.rank(each.path)):
            found.setdefault((each.method, templates.numbered(each.path)), each)
        return found

    def _of(self, operation: Operation) -> _Judges:
        if operation.id not in self._judges:
            self._judges[operation.id] = _Judges.of(self.contract, operation)
        return self._judges[operation.id]


@dataclass(frozen=True, slots=True)
class _Judges:
    """openapi-core's validators, which know one operation and no other."""

    security: V30RequestSecurityValidator
    parameters: V30RequestParametersValidator
    body: V30RequestBodyValidator
    response: V30ResponseValidator

    @classmethod
    def of(cls, contract: Contract, operation: Operation) -> _Judges:
        spec = SchemaPath.from_dict(_alone(contract.document, operation))
        readers = _readers(operation)
        return cls(
            V30RequestSecurityValidator(spec, security_provider_factory=_Providers()),
            V30RequestParametersValidator(spec),
            V30RequestBodyValidator(spec, extra_media_type_deserializers=readers),
            V30ResponseValidator(spec, extra_media_type_deserializers=readers),
        )


def _readers(operation: Operation) -> dict[str, Callable[[bytes], Any]]:
    """Let openapi-core read `+json` and ranges of media types, which it would leave as bytes."""
    bodies = [*operation.responses.values(), *([operation.request] if operation.request is not None else [])]
    kinds = {kind for body in bodies for kind in body.content}
    return {kind: _json_or_bytes for kind in kinds if kind != "application/json" and (is_json(kind) or "*" in kind)}


def _json_or_bytes(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data


def _alone(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Leave one operation, reachable under our own host: the recorded one was looked at before."""
    item = pointer.get(document, operation.pointer.rpartition("/")[0])
    own = {name: value for name, value in pointer.get(document, operation.pointer).items() if name != "servers"}
    path = {"parameters": item.get("parameters", []), operation.method: own}
    return {**document, "paths": {operation.path: path}, "servers": _SERVERS}


class _BearerProvider(BaseProvider):
    """OAuth 2 and OpenID Connect both end in a bearer token, of which openapi-core knows nothing."""

    def __call__(self, parameters: RequestParameters) -> str:
        word, _, token = parameters.header.get("Authorization", "").partition(" ")
        if word.lower() != _WORD or not token:
            msg = "no bearer token"
            raise SecurityProviderError(msg)
        return str(token)


class _Providers(SecurityProviderFactory):
    """openapi-core's readers of credentials, with those that it lacks."""

    PROVIDERS: Final = {  # type: ignore[misc] # a variable of the class there, and never changed
        **SecurityProviderFactory.PROVIDERS,
        "oauth2": _BearerProvider,
        "openIdConnect": _BearerProvider,
    }


@dataclass(slots=True)
class _SeenRequest:
    """A request as openapi-core wants it."""

    method: str
    path: str
    path_pattern: str
    content_type: str
    body: bytes
    parameters: RequestParameters
    host_url: str = _HOST

    @classmethod
    def of(cls, route: Route, request: Request) -> _SeenRequest:
        parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(request.query, keep_blank_values=True)),
            header=_as_headers(request.headers),
            cookie=ImmutableMultiDict(cookies_of(request.headers)),
            path={name: unquote(value) for name, value in route.variables.items()},
        )
        media_type = plain_media_type(request.payload.media_type)
        body = request.payload.data or b""
        return cls(route.operation.method, route.operation.path, route.operation.path, media_type, body, parameters)


@dataclass(slots=True)
class _SeenResponse:
    """A response as openapi-core wants it."""

    status_code: int
    content_type: str
    headers: Headers
    data: bytes

    @classmethod
    def of(cls, response: Response) -> _SeenResponse:
        media_type = plain_media_type(response.payload.media_type)
        return cls(response.status, media_type, _as_headers(response.headers), response.payload.data or b"")


def plain_media_type(text: str) -> str:
    """Take the parameters off a media type: openapi-core fails on those that are not well-formed."""
    return text.partition(";")[0].strip().lower()


def cookies_of(fields: Iterable[Field]) -> list[tuple[str, str]]:
    """Divide the `Cookie` headers."""
    parts = [part.strip() for each in fields if each.name == "cookie" for part in each.value.split(";")]
    return [(name, value) for name, found, value in (part.partition("=") for part in parts) if found]


def _as_headers(fields: Iterable[Field]) -> Headers:
    """Join the lines of each header (RFC 9110, section 5.3); line breaks cannot stand in one."""
    joined: dict[str, str] = {}
    for each in fields:
        value = " ".join(each.value.split())
        joined[each.name] = f"{joined[each.name]},{value}" if each.name in joined else value
    return Headers(joined)


def _asked(ask: Callable[[], Iterable[Exception]]) -> Opinion:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated parameters, which are no fault
        try:
            return tuple(refusal for error in ask() for refusal in _refusals(error))
        except Exception:  # noqa: BLE001 - whatever it fails on, an audit goes on without its opinion, and says so
            return None


def _refusals(error: BaseException) -> Iterator[Refusal]:
    for kind, read in _READERS:
        if isinstance(error, kind):
            yield read(error)
            return
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, MediaTypeNotFound):
            yield Refusal(MEDIA_TYPE, "content", known=tuple(cause.availableMimetypes))
            return
    subject = _subject(error)
    for cause in causes:
        found = getattr(cause, "schema_errors", None)
        if found is not None:
            yield from (Refusal(subject, str(each.validator), pointer.join(each.absolute_path)) for each in found)
            return
    yield Refusal(subject, "unreadable")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _subject(error: BaseException) -> str:
    if isinstance(error, ParameterValidationError):
        return _parameter(error.location, error.name)
    return _parameter("header", error.name) if isinstance(error, HeaderValidationError) else BODY


def _parameter(location: str, name: str) -> str:
    return f"{location}:{name.lower() if location == 'header' else name}"


_READERS: Final[tuple[tuple[type[BaseException], Callable[[Any], Refusal]], ...]] = (
    (SecurityValidationError, lambda _: Refusal(SECURITY, "security")),
    (MissingParameterError, lambda error: Refusal(_parameter(error.location, error.name), "required")),
    (MissingRequestBodyError, lambda _: Refusal(BODY, "required")),
    (ResponseNotFound, lambda error: Refusal(STATUS, "responses", known=tuple(error.availableresponses))),
    (MissingData, lambda _: Refusal(BODY, "required")),
    (MissingHeaderError, lambda error: Refusal(_parameter("header", error.name), "required")),
)
