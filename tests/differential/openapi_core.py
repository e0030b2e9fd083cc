"""The rival openapi-core: whole requests and responses, of which only the bodies matter here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.request import V30RequestBodyValidator
from openapi_core.validation.response import V30ResponseDataValidator

from orderbridge import pointer
from tests.differential.rival import HOST, Refusal, is_whole_fraction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.contract.contract import Contract
    from tests.differential.rival import Finding, Message, Oracle, Reason

NAME: Final = "openapi-core"


def oracle(message: Message) -> Oracle:
    """Load the contract, and judge bodies in otherwise empty exchanges."""
    openapi = _load(message.contract)
    operation = message.contract.operations[message.operation]
    status = message.status

    def refusals(text: bytes) -> list[Refusal]:
        request = MockRequest(HOST, operation.method, operation.path, data=text)
        if status is None:
            return [each for error in openapi.iter_request_errors(request) for each in _refusals(error)]
        response = MockResponse(text, status_code=int(status))
        return [each for error in openapi.iter_response_errors(request, response) for each in _refusals(error)]

    return refusals


def _refusals(error: BaseException) -> Iterator[Refusal]:
    """Dig the schema errors out of the exceptions that are wrapped around them."""
    inner: BaseException | None = error
    while inner is not None:
        found = getattr(inner, "schema_errors", None)
        if found is not None:
            yield from (Refusal(str(e.validator), pointer.join(e.absolute_path), e.message) for e in found)
            return
        inner = inner.__cause__
    yield Refusal(type(error).__name__, "", str(error))


def _load(contract: Contract) -> OpenAPI:
    document: dict[str, Any] = {**contract.document, "servers": [{"url": HOST}]}
    config = Config(
        request_validator_cls=V30RequestBodyValidator,
        response_validator_cls=V30ResponseDataValidator,
    )
    return OpenAPI.from_dict(document, config=config)


def _is_whole_fraction(finding: Finding) -> bool:
    is_here = finding.rule in {"type", "anyOf"} and is_whole_fraction(finding.subject)
    return is_here or finding.is_about_spelling


REASONS: Final[Mapping[str, Reason]] = {"whole-fraction": _is_whole_fraction}
