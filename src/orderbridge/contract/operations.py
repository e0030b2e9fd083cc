"""A bundled document's operations, read into frozen values with references followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from orderbridge import pointer
from orderbridge.contract import references
from orderbridge.contract.model import Body, Location, Operation, Parameter
from orderbridge.contract.shape import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFAULT_STYLE: Final[dict[str, str]] = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


def read_operations(document: dict[str, Any]) -> dict[str, Operation]:
    """Read every operation, by id; one without an `operationId` is named `METHOD path`."""
    return {operation.id: operation for operation in _operations(document)}


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path in document.get("paths", {}):
        if path.startswith("x-"):
            continue
        where, item = references.resolve(document, pointer.join(["paths", path]))
        yield from (_operation(document, path, method, where) for method in item if method in METHODS)


def _operation(document: dict[str, Any], path: str, method: str, item_pointer: str) -> Operation:
    where = f"{item_pointer}/{method}"
    raw = pointer.get(document, where)
    responses = {
        status: _body(document, f"{where}/responses/{pointer.escape(status)}")
        for status in raw.get("responses", {})
        if not status.startswith("x-")
    }
    return Operation(
        id=raw.get("operationId") or f"{method.upper()} {path}",
        method=method,
        path=path,
        pointer=where,
        parameters=tuple(_parameters(document, (item_pointer, where))),
        request=_body(document, f"{where}/requestBody") if "requestBody" in raw else None,
        responses=responses,
        security=_security(raw.get("security", document.get("security", ()))),
    )


def _security(requirements: Any) -> tuple[dict[str, tuple[str, ...]], ...]:
    return tuple({name: tuple(scopes) for name, scopes in entry.items()} for entry in requirements)


def _body(document: dict[str, Any], where: str) -> Body:
    where, raw = references.resolve(document, where)
    headers = tuple(
        _parameter(document, f"{where}/headers/{pointer.escape(name)}", name=name, location="header")
        for name in raw.get("headers", {})
        if name.lower() != "content-type"  # the specification says to ignore it
    )
    return Body(where, _content(raw, where), bool(raw.get("required", False)), headers)


def _content(raw: dict[str, Any], where: str) -> dict[str, str | None]:
    return {
        media_type: f"{where}/content/{pointer.escape(media_type)}/schema" if "schema" in entry else None
        for media_type, entry in raw.get("content", {}).items()
    }


def _parameters(document: dict[str, Any], holders: tuple[str, ...]) -> Iterator[Parameter]:
    """Yield the parameters of a path and its operation; the operation's own win."""
    found: dict[tuple[str, str], Parameter] = {}
    for holder in holders:
        for index, _ in enumerate(pointer.get(document, holder).get("parameters", ())):
            parameter = _parameter(document, f"{holder}/parameters/{index}")
            if not _is_ignored(parameter):
                found[parameter.location, parameter.name] = parameter
    yield from found.values()


def _is_ignored(parameter: Parameter) -> bool:
    """Tell whether the specification says to ignore it: media types and security schemes speak for these."""
    return parameter.location == "header" and parameter.name.lower() in {"accept", "authorization", "content-type"}


def _parameter(
    document: dict[str, Any],
    where: str,
    *,
    name: str | None = None,
    location: Location | None = None,
) -> Parameter:
    where, raw = references.resolve(document, where)
    place = location or cast("Location", raw["in"])
    style = raw.get("style", _DEFAULT_STYLE[place])
    content = _content(raw, where)
    media_type = next(iter(content), None)
    schema = content[media_type] if media_type else f"{where}/schema" if "schema" in raw else None
    return Parameter(
        name=name or raw["name"],
        location=place,
        required=bool(raw.get("required", False)),
        pointer=where,
        schema=schema,
        style=style,
        explode=bool(raw.get("explode", style == "form")),
        media_type=media_type,
    )
