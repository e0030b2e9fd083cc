"""What came back, without the secrets that the receiver put into it.

Under the name of a receiver's secret there may stand what the sender wrote itself, in a free member of its own. That is
no secret of anybody's: it stays as it was given, whatever the receiver made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import without

if TYPE_CHECKING:
    from collections.abc import Iterator

Names = tuple[str, ...]
"""The member names on the way to a place; positions in lists, which rows change, are left out."""


def withhold(came: Any, given: Any, secrets: frozenset[str]) -> Any:
    """Copy what came back: members named as `secrets` (case-folded) are as they were `given`, or left out."""
    if without(given, secrets) is given:
        return without(came, secrets)
    known: dict[Names, list[Any]] = {}
    for names, value in _secret_members(given, secrets, ()):
        known.setdefault(names, []).append(value)
    return _copied(came, given, secrets, known, ())


def _secret_members(value: Any, secrets: frozenset[str], names: Names) -> Iterator[tuple[Names, Any]]:
    if isinstance(value, list):
        for element in value:
            yield from _secret_members(element, secrets, names)
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        if name.casefold() in secrets:
            yield (*names, name), member
        else:
            yield from _secret_members(member, secrets, (*names, name))


def _copied(came: Any, given: Any, secrets: frozenset[str], known: dict[Names, list[Any]], names: Names) -> Any:
    """Copy a part of what came; `given` is what stood at the same place, as far as no list is on the way."""
    if isinstance(came, list):
        return [_copied(element, None, secrets, known, names) for element in came]
    if not isinstance(came, dict):
        return came
    before = given if isinstance(given, dict) else {}
    copy: dict[str, Any] = {}
    for name, member in came.items():
        if name.casefold() not in secrets:
            copy[name] = _copied(member, before.get(name), secrets, known, (*names, name))
            continue
        own = known.get((*names, name), [])
        if any(is_same(member, each) for each in own):
            copy[name] = member
        elif len(own) == 1:
            copy[name] = own[0]
    # A receiver that keeps such members out of its answers has not removed them.
    for name, member in before.items():
        if name.casefold() in secrets and name not in copy:
            copy[name] = member
    return copy
