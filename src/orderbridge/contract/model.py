"""The operations of a contract as frozen values: what is sent, what comes back, by which parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Location = Literal["path", "query", "header", "cookie"]


_RANGES: Final = frozenset({"*/*", "application/*"})


def is_json(media_type: str) -> bool:
    """Tell whether a media type is JSON by name or by its `+json` suffix (RFC 6839), parameters aside."""
    kind = media_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter or response header; `schema` is a pointer, `media_type` is set when it has `content`."""

    name: str
    location: Location
    required: bool
    pointer: str
    schema: str | None
    style: str
    explode: bool
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A request body or response: media type -> pointer of its schema (None: any content)."""

    pointer: str
    content: Mapping[str, str | None]
    required: bool = True
    headers: tuple[Parameter, ...] = ()

    @property
    def json_schema(self) -> str | None:
        """The pointer of the schema of its JSON content: `application/json` first, then any other, then a range."""
        exact = self.content.get("application/json")
        if exact is not None:
            return exact
        found = [(kind, schema) for kind, schema in self.content.items() if schema is not None]
        named = [schema for kind, schema in found if is_json(kind)]
        ranged = [schema for kind, schema in found if kind in _RANGES]
        return next(iter((*named, *ranged)), None)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a contract. Responses are keyed as written: `200`, `4XX`, `default`."""

    id: str
    method: str
    path: str
    pointer: str
    parameters: tuple[Parameter, ...]
    request: Body | None
    responses: Mapping[str, Body]
    security: tuple[Mapping[str, tuple[str, ...]], ...]

    @property
    def success(self) -> str | None:
        """The first success status that the document lists."""
        return next((status for status in self.responses if status.startswith("2")), None)

    def response(self, status: str) -> Body | None:
        """Find the response for a status: itself, its class (`4XX`), or `default`."""
        for key in (status, f"{status[:1]}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None
