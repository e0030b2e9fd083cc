"""What a call asks, as lines of a behaviour see it: its parameters read as values, and its body."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge.validation.parameters import ABSENT, decode

if TYPE_CHECKING:
    from orderbridge.contract.model import Operation, Parameter
    from orderbridge.server.http import Request

_MOST_KNOWN: Final = 1024
_LONGEST: Final = 256
_PLACES: Final = {"header": "headers", "path": "path", "query": "query"}
"""Where parameters stand that lines can see, and the members of a request that have them."""


@dataclass(frozen=True)
class Asking:
    """Reads the calls of one operation; headers say the same again and again, and are read once."""

    operation: Operation
    document: Any
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _wanted(self) -> tuple[tuple[Parameter, str, str], ...]:
        """The parameters that lines can see, with their places and the names that they are seen under."""
        return tuple(
            (each, each.location, each.name.lower() if each.location == "header" else each.name)
            for each in self.operation.parameters
            if each.location in _PLACES
        )

    def asked(self, request: Request) -> dict[str, Any]:
        """Read a call."""
        found: dict[str, Any] = {"path": {}, "query": {}, "header": {}, "body": request.body}
        for parameter, place, name in self._wanted:
            raw = request.query if place == "query" else getattr(request, _PLACES[place]).get(name)
            value = self._value(parameter, raw) if raw is not None else ABSENT
            if value is not ABSENT:
                found[place][name] = value
        return found

    def _value(self, parameter: Parameter, raw: str) -> Any:
        if parameter.location != "header" or len(raw) > _LONGEST:
            return decode(parameter, raw, self.document)
        key = (parameter.name, raw)
        if key in self._known:
            return self._known[key]
        value = decode(parameter, raw, self.document)
        # What somebody could change is not shared.
        if not isinstance(value, dict | list):
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = value
        return value
