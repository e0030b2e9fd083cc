"""Constants and derivations of a mapping: what is written where the hub has nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.mapping.operations import (
    Constant,
    Count,
    Fill,
    HubPath,
    Join,
    Key,
    Position,
    RegionCode,
    Same,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.draft import Raw
    from orderbridge.mapping.operations import Derivation, Path

    Hub = Callable[..., HubPath]
    Partner = Callable[[Raw], Path]

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_PAIR: Final = 2
_SHOWN: Final = 40
DERIVATIONS: Final = ("same", "row", "join", "key", "count", "region_code")


def typed(raw: Raw, here: Spot) -> Any:
    """Read a constant of the partner as the type that its contract gives it; a text where it gives none."""
    return _typed(raw, raw.value, here)


def _typed(raw: Raw, value: Any, here: Spot) -> Any:
    types = here.types
    if isinstance(value, dict):
        return {name: _typed(raw, inner, here.at((name,))) for name, inner in value.items()}
    if isinstance(value, list):
        return [_typed(raw, inner, here.elements) for inner in value]
    if not isinstance(value, str) or not types or "string" in types:
        return value
    if types & {"integer", "number"} and _NUMBER.fullmatch(value):
        number, problems = jsontext.read(value)
        return number if not problems else raw.refuse(f"{value[:_SHOWN]!r} is no number: {problems[0].message}")
    return raw.refuse(f"{value!r} is not {' or '.join(sorted(types))}, which the contract has here")


def read_fill(raw: Raw, here: Spot, hub: Hub, partner: Partner) -> Fill:
    """Read a `fill`; `hub` and `partner` read the paths in it.

    Raises:
        DocumentError: it is neither a constant, nor a text, nor a known derivation.

    """
    members = raw.members("`fill`")
    if members.keys() == {"value"}:
        return Constant(typed(members["value"], here))
    if members.keys() == {"text"}:
        return _text(members["text"], hub)
    if "derive" not in members or members.keys() - {"derive", "of"}:
        raw.refuse("`fill` is one of: {value: …}, {text: …}, {derive: …, of: …}")
    return _derivation(members["derive"].word("`derive`", DERIVATIONS), raw, members, hub, partner)


def _text(raw: Raw, hub: Hub) -> Text:
    template = raw.text("`text`")
    pieces = _SLOT.split(template)
    return Text(tuple(hub(raw, piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece))


def _derivation(word: str, raw: Raw, members: dict[str, Raw], hub: Hub, partner: Partner) -> Derivation:
    of = members.get("of")
    if word in _BARE:
        return _BARE[word]()
    if of is None:
        raw.refuse(f"`derive: {word}` comes with `of`")
    if word == "count":
        return Count(of.text("`of`"))
    each = of.elements("`of`")
    if word == "join":
        return Join(tuple(map(hub, each)))
    if len(each) != _PAIR:
        of.refuse(f"`derive: {word}` is about two paths")
    if word == "same":
        return Same((partner(each[0]), partner(each[1])))
    return RegionCode(hub(each[0]), hub(each[1]))


_BARE: Final[dict[str, Callable[[], Derivation]]] = {"row": Position, "key": Key}
