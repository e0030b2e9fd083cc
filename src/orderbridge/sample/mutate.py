"""Mutants of a message: one change each, of the kinds that senders really get wrong.

Whether a mutant is still valid is for the caller to find out: that is what mutants are for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count as counting
from random import Random
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderbridge.jsontext import Json

Tokens = tuple[str | int, ...]

_LONG: Final = 5_000
_MOST_PLACES: Final = 20_000
_TRIES: Final = 8
_UNKNOWN_NAME: Final = "x-unknown"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed message: the kind of change, in words, and the pointer of what was changed, added or removed."""

    kind: str
    description: str
    pointer: str
    value: Json


@dataclass(frozen=True, slots=True)
class _Place:
    """One value of the message, with the member or element that it is."""

    tokens: Tokens
    value: Any
    parent: Any = None


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of one place: a description, and the new container or value at `tokens`."""

    description: str
    tokens: Tokens
    value: Any
    about: Tokens | None = None


def mutants(value: Json, seed: int, count: int, *, names: Iterable[str] = ()) -> Iterator[Mutant]:
    """Yield mutants of a JSON value, every kind in turn, the same for the same arguments.

    `names` are member names that the contract declares: one of them may turn up where it does not belong.
    The value is never changed, and a mutant shares with it whatever its change does not touch.
    """
    random = Random(f"{seed}")  # noqa: S311 - chance that can be repeated, not secrets
    places = list(_places(value))
    known = sorted(names)
    kinds = list(_KINDS.items())
    made = 0
    for turn in counting():
        if made >= count or turn >= count * len(kinds) + len(kinds):
            return
        kind, (applies, change) = kinds[turn % len(kinds)]
        fitting = _fitting(places, applies, random)
        changed = change(fitting, random, known) if fitting else None
        if changed is None:
            continue
        made += 1
        about = changed.tokens if changed.about is None else changed.about
        yield Mutant(kind, changed.description, pointer.join(about), _replaced(value, changed.tokens, changed.value))


def _places(value: Json) -> Iterator[_Place]:
    """Yield every value of a message, parents first, up to a bound that only monsters reach."""
    pending = [_Place((), value)]
    found = 0
    while pending and found < _MOST_PLACES:
        place = pending.pop()
        found += 1
        yield place
        members: Iterable[tuple[str | int, Any]] = ()
        if isinstance(place.value, dict):
            members = place.value.items()
        elif isinstance(place.value, list):
            members = enumerate(place.value)
        pending.extend(_Place((*place.tokens, token), member, place.value) for token, member in members)


def _fitting(places: Sequence[_Place], applies: Callable[[_Place], bool], random: Random) -> _Place | None:
    """Choose a place that a kind applies to: by luck, and only if that fails by looking at all."""
    for _ in range(_TRIES):
        place = random.choice(places)
        if applies(place):
            return place
    fitting = [place for place in places if applies(place)]
    return random.choice(fitting) if fitting else None


def _replaced(value: Json, tokens: Tokens, new: Json) -> Json:
    """Put a new value at a place, copying the containers on the way and nothing else."""
    if not tokens:
        return new
    token, *rest = tokens
    copy = value.copy()
    copy[token] = _replaced(value[token], tuple(rest), new)
    return copy


def _set(place: _Place, random: Random, _names: Sequence[str]) -> _Change:
    """Put another value of the same type there, an awkward one most of the time."""
    others = [other for other in _SAME_TYPE[_type(place.value)](place.value) if not _same(other, place.value)]
    description, new = _described(random.choice(others))
    return _Change(f"set to {description}", place.tokens, new)


def _retype(place: _Place, random: Random, _names: Sequence[str]) -> _Change:
    """Turn the value into another type: in quotes or without, in a list, or something else altogether."""
    here = _type(place.value)
    kind, new = random.choice([(kind, make(place.value)) for kind, make in _AS_TYPE.items() if kind != here])
    return _Change(f"turned from {here} into {kind}", place.tokens, new)


def _null(place: _Place, _random: Random, _names: Sequence[str]) -> _Change:
    return _Change("set to null", place.tokens, None)


def _delete(place: _Place, _random: Random, _names: Sequence[str]) -> _Change:
    holder, token = place.parent, place.tokens[-1]
    kept: Any
    if isinstance(holder, dict):
        kept = {name: member for name, member in holder.items() if name != token}
    else:
        kept = [element for index, element in enumerate(holder) if index != token]
    return _Change("removed", place.tokens[:-1], kept, place.tokens)


def _duplicate(place: _Place, _random: Random, _names: Sequence[str]) -> _Change:
    index = int(place.tokens[-1])
    doubled = [*place.parent[: index + 1], *place.parent[index:]]
    return _Change("doubled", place.tokens[:-1], doubled, (*place.tokens[:-1], index + 1))


def _extra(place: _Place, random: Random, names: Sequence[str]) -> _Change:
    """Add one member: an unknown one, or a known one in the wrong place."""
    free = [name for name in names if name not in place.value]
    name = random.choice([_free_name(place.value), random.choice(free)] if free else [_free_name(place.value)])
    member: Any = random.choice((None, True, 0, "", "text", {}, [], [{}], Decimal("1.5")))
    return _Change(f"member {name!r} added", place.tokens, {**place.value, name: member}, (*place.tokens, name))


def _misspell(place: _Place, random: Random, _names: Sequence[str]) -> _Change | None:
    """Give the same member a name that is nearly right."""
    old = str(place.tokens[-1])
    wrong = [name for name in (change(old) for change in _MISSPELLINGS) if name not in place.parent]
    if not wrong:
        return None
    new = random.choice(wrong)
    renamed = {new if name == old else name: member for name, member in place.parent.items()}
    holder = place.tokens[:-1]
    return _Change(f"member {old!r} misspelt as {new!r}", holder, renamed, (*holder, new))


def _cut(place: _Place, random: Random, _names: Sequence[str]) -> _Change:
    """Break the value off somewhere."""
    length = random.randrange(len(place.value))
    kept = dict(list(place.value.items())[:length]) if isinstance(place.value, dict) else place.value[:length]
    return _Change(f"cut to {length} of {len(place.value)}", place.tokens, kept)


def _has_parent(place: _Place) -> bool:
    return place.parent is not None


def _is_element(place: _Place) -> bool:
    return isinstance(place.parent, list)


def _is_member(place: _Place) -> bool:
    return isinstance(place.parent, dict)


def _is_object(place: _Place) -> bool:
    return isinstance(place.value, dict)


def _is_long(place: _Place) -> bool:
    return isinstance(place.value, (dict, list, str)) and len(place.value) > 0


def _is_something(place: _Place) -> bool:
    return place.value is not None


def _is_anything(_place: _Place) -> bool:
    return True


_Kind = tuple["Callable[[_Place], bool]", "Callable[[_Place, Random, Sequence[str]], _Change | None]"]

_KINDS: Final[dict[str, _Kind]] = {
    "set": (_is_something, _set),
    "delete": (_has_parent, _delete),
    "duplicate": (_is_element, _duplicate),
    "extra": (_is_object, _extra),
    "misspell": (_is_member, _misspell),
    "cut": (_is_long, _cut),
    "retype": (_is_anything, _retype),
    "null": (_is_something, _null),
}
"""Kind -> which places it applies to, and what it makes of one."""

KINDS: Final = tuple(_KINDS)
"""The kinds of mutants, in the order in which they take turns."""


def _free_name(taken: dict[str, Any]) -> str:
    return next(name for number in counting() if (name := f"{_UNKNOWN_NAME}{number or ''}") not in taken)


def _swapped(name: str) -> str:
    return name[1::-1] + name[2:]


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


_MISSPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    _swapped,
    _snake,
    str.swapcase,
    lambda name: name[:-1],
    lambda name: name + "s",
    lambda name: name + " ",
)


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next((kind for kind, types in _TYPES.items() if isinstance(value, types)), "null")


_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, Decimal, float),
}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _described(value: Any) -> tuple[str, Any]:
    shown = repr(value)
    return (shown if len(shown) <= 40 else f"{shown[:37]}…"), value  # noqa: PLR2004 - a line's worth


def _strings(value: str) -> list[str]:
    return [
        "",
        " ",
        f" {value} ",
        value.swapcase(),
        value + "x",
        value * 2,
        "x" * _LONG,
        "null",
        "0",
        "-1",
        "Zoë 漢字 😀",
        "e\u0301\u202e\u0000",
        '"}],',
        "2024-02-30",
        "not-an-address@",
    ]


def _numbers(value: Any) -> list[Any]:
    exact = value if isinstance(value, (int, Decimal)) else Decimal(repr(value))
    return [
        0,
        -1,
        1,
        -exact,
        exact + 1,
        exact * 100,
        Decimal("0.001"),
        Decimal("19.99"),
        Decimal("1.0"),
        2**31,
        2**63,
        -(2**63) - 1,
        10**30,
        Decimal("1e300"),
        Decimal("1e-300"),
    ]


_SAME_TYPE: Final[dict[str, Callable[[Any], list[Any]]]] = {
    "array": lambda value: [[], [*value, *value], [None], [{}], [[]], [*value, "x"], [*value, 0]],
    "boolean": lambda value: [not value],
    "null": lambda _value: [""],
    "number": _numbers,
    "object": lambda value: [{}, {"": None}, {**value, "": value}],
    "string": _strings,
}
"""JSON type -> other values of that type, those at the edges among them."""


def _as_number(value: Any) -> Any:
    if not isinstance(value, str):
        return 7
    digits = value.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else 7  # noqa: PLR2004 - int64


_AS_TYPE: Final[dict[str, Callable[[Any], Any]]] = {
    "array": lambda value: [value],
    "boolean": bool,
    "null": lambda _value: None,
    "number": _as_number,
    "object": lambda value: {"value": value},
    "string": lambda value: str(value) if isinstance(value, (int, Decimal, float)) else "text",
}
"""JSON type -> a value of another type, as a sender would confuse the two."""
