"""Which media types a caller takes (RFC 9110), and whether what an operation answers with is among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orderbridge.server.fault import Entry, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_KNOWN: Final = 256
_RANGES: Final = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}


@dataclass(frozen=True)
class Offer:
    """The media types that an operation answers with; what callers said before is remembered."""

    types: tuple[str, ...]
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def check(self, accept: str | None) -> None:
        """See to it that the caller takes one of them.

        Raises:
            Fault: none is acceptable.

        """
        if accept is None or not self.types:
            return
        known = self._known.get(accept)
        if known is None:
            known = any(is_accepted(kind, accept) for kind in self.types)
            if len(self._known) < _MOST_KNOWN:
                self._known[accept] = known
        if not known:
            message = f"the answer is {' or '.join(self.types)}"
            entry = Entry("header:accept", message, "not-acceptable")
            raise Fault("unsupported", message, "not-acceptable", (entry,), status=406)


def sent_as(media_type: str) -> str:
    """Give the media type that an answer of a declared type is sent as: a range is nothing that can be sent."""
    return _RANGES.get(media_type, media_type)


def is_accepted(media_type: str, accept: str) -> bool:
    """Tell whether an `Accept` header takes a media type: the most specific range decides, and `q=0` refuses.

    A header without a single readable range is as good as none.
    """
    kind = media_type.partition(";")[0].strip().lower()
    ranges = dict(_ranges(accept))
    if not ranges:
        return True
    for wanted in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if wanted in ranges:
            return ranges[wanted] > 0
    return False


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        if "/" in kind:
            yield kind, _weight(parameters)


def _weight(parameters: list[str]) -> float:
    text = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return float(text)
    except ValueError:
        return 1.0
