"""Reading and writing a partner's document by paths, and walking its leaves.

A place in a document is a tuple of member names and positions; it becomes a JSON Pointer where somebody reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge.mapping.operations import Select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orderbridge.mapping.operations import Path

Place: TypeAlias = tuple[str | int, ...]
ABSENT: Final[Any] = object()
"""What is read where nothing stands. Null is something, if not much."""
_CONTAINERS: Final = (dict, list)


def read(value: Any, path: Path) -> tuple[Any, Place]:
    """Follow a path: the value there (or `ABSENT`) and its concrete place below the start."""
    start = value
    for token in path:
        if type(token) is not str:
            return _read_any(start, path)
        if not isinstance(value, dict) or token not in value:
            return ABSENT, ()
        value = value[token]
    return value, path  # type: ignore[return-value] # names alone are their own place


def following(path: Path) -> Callable[[Any], Any]:
    """Make what follows a path from wherever it is asked to: the value there, or `ABSENT`."""
    if not path:
        return lambda value: value
    if not all(isinstance(token, str) for token in path):
        return lambda value: read(value, path)[0]
    if len(path) == 1:
        (only,) = path
        return lambda value: value.get(only, ABSENT) if isinstance(value, dict) else ABSENT

    def follow(value: Any) -> Any:
        for name in path:
            if not isinstance(value, dict):
                return ABSENT
            value = value.get(name, ABSENT)
        return value

    return follow


def _read_any(value: Any, path: Path) -> tuple[Any, Place]:
    place: list[str | int] = []
    for token in path:
        if isinstance(token, str):
            if not isinstance(value, dict) or token not in value:
                return ABSENT, ()
            place.append(token)
            value = value[token]
            continue
        index = token if isinstance(token, int) else _selected(value, token)
        if not isinstance(value, list) or not 0 <= index < len(value):
            return ABSENT, ()
        place.append(index)
        value = value[index]
    return value, tuple(place)


def _selected(value: Any, token: Select) -> int:
    if isinstance(value, list):
        for index, element in enumerate(value):
            if isinstance(element, dict) and element.get(token.member) == token.value:
                return index
    return -1


def write(whole: dict[str, Any], path: Path, value: Any) -> tuple[Place, list[Place]]:
    """Put a value at a path, making what is missing on the way; nothing that stands there is replaced by a container.

    Gives the concrete place, and the places of tags that were made for selected elements. The place is empty if
    something else stands in the way.
    """
    for token in path:
        if type(token) is not str:
            return _write_any(whole, path, value)
    return write_names(whole, path, value), []


def write_names(whole: dict[str, Any], path: Any, value: Any) -> Place:
    """Do the same with a path of nothing but names."""
    here: Any = whole
    for token in path[:-1]:
        if not isinstance(here, dict):
            return ()
        if token not in here:
            here[token] = {}
        here = here[token]
    if not isinstance(here, dict):
        return ()
    here[path[-1]] = value
    names: Place = path
    return names


def _write_any(whole: dict[str, Any], path: Path, value: Any) -> tuple[Place, list[Place]]:
    here: Any = whole
    place: list[str | int] = []
    tags: list[Place] = []
    for token, after in zip(path, (*path[1:], None), strict=True):
        key = _key(here, token)
        if key is None:
            return (), tags
        place.append(key)
        if after is None:
            _set(here, key, value)
            break
        missing = (isinstance(here, dict) and key not in here) or (isinstance(here, list) and key == len(here))
        if missing:
            made: Any = {} if isinstance(after, str) else []
            if isinstance(token, Select):
                made[token.member] = token.value
                tags.append((*place, token.member))
            _set(here, key, made)
        here = here[key]
    return tuple(place), tags


def _key(here: Any, token: Any) -> Any:
    """Say under which key a token is found or made; None where it cannot be."""
    if isinstance(token, str):
        return token if isinstance(here, dict) else None
    if not isinstance(here, list):
        return None
    index = token if isinstance(token, int) else _selected(here, token)
    return len(here) if index < 0 or index > len(here) else index


def _set(here: Any, key: Any, value: Any) -> None:
    if isinstance(here, list) and key == len(here):
        here.append(value)
    else:
        here[key] = value


def leaves(value: Any, place: Place = ()) -> list[tuple[Place, Any]]:
    """Give every scalar and every empty container, in document order."""
    found: list[tuple[Place, Any]] = []
    if isinstance(value, (dict, list)) and value:
        _collect(value, place, found.append)
    else:
        found.append((place, value))
    return found


def _collect(value: Any, place: Place, add: Callable[[tuple[Place, Any]], None]) -> None:
    """Walk a container by plain calls: generators in generators hand every leaf through all levels."""
    for token, member in value.items() if isinstance(value, dict) else enumerate(value):
        if member and isinstance(member, _CONTAINERS):
            _collect(member, (*place, token), add)
        else:
            add(((*place, token), member))


def is_blank(value: Any) -> bool:
    """Tell whether a value says nothing: null, an empty text or an empty container."""
    if value:
        return False
    return value is None or value == "" or isinstance(value, (dict, list))


def without(value: Any, names: frozenset[str]) -> Any:
    """Copy a value without the members of some names (case-folded), at any depth; the same value if none occurs."""
    if not names or not isinstance(value, _CONTAINERS) or not _has(value, names):
        return value
    if isinstance(value, dict):
        return {name: without(member, names) for name, member in value.items() if name.casefold() not in names}
    return [without(element, names) for element in value]


_FINE: Final[dict[frozenset[str], set[str]]] = {}
"""Names of members that are none of some names; the same members come again and again."""
_MOST_FINE: Final = 8_192
_LONGEST_FINE: Final = 100


def _has(value: Any, names: frozenset[str]) -> bool:
    return _holds(value, names, _FINE.setdefault(names, set()))


def _holds(value: Any, names: frozenset[str], fine: set[str]) -> bool:
    members: Any = value
    if isinstance(value, dict):
        if not fine.issuperset(value):
            if any(name.casefold() in names for name in value):
                return True
            _remember(value, fine)
        members = value.values()
    for member in members:  # noqa: SIM110 - this walks whole documents
        if isinstance(member, _CONTAINERS) and _holds(member, names, fine):
            return True
    return False


def _remember(names: Iterable[str], fine: set[str]) -> None:
    if len(fine) >= _MOST_FINE:
        fine.clear()
    fine.update(name for name in names if len(name) <= _LONGEST_FINE)


def copied(value: Any) -> Any:
    """Copy a JSON value, containers and all."""
    if isinstance(value, dict):
        return {name: copied(member) for name, member in value.items()}
    if isinstance(value, list):
        return [copied(element) for element in value]
    return value


def starts_with(place: Iterable[str | int], head: Place) -> bool:
    """Tell whether a place lies at or below another."""
    return tuple(place)[: len(head)] == head
