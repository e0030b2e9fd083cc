"""Which row of one version of a document is which row of another.

By the list's own key where it is unique in both versions, else by likeness of content, else by position. A row of
which only the key changed is the same row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.document import ABSENT, leaves, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Each
    from orderbridge.mapping.trace import Lifted

_LEAST_LIKE: Final = 0.3
Row = tuple[str, str]
"""A hub list and a row's handle."""


@dataclass(frozen=True)
class Alignment:
    """Rows of the new version and what they were in the old one; `guessed` are the lists without a usable key."""

    was: Mapping[Row, Row]
    guessed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Element:
    row: Row
    value: Any
    line: Each
    place: Place


def align(old: Lifted, old_document: Any, new: Lifted, new_document: Any) -> Alignment:
    """Pair the rows of two lifted versions of one partner's document."""
    was: dict[Row, Row] = {}
    guessed: set[str] = set()
    olds, news = _by_line(old, old_document), _by_line(new, new_document)
    for line_id, after in news.items():
        before = olds.get(line_id, [])
        if _align_by_key(before, after, was):
            continue
        if before:
            guessed.add(after[0].row[0])
        _align_by_likeness(before, after, was)
    _align_firsts(old, new, was)
    return Alignment(was, frozenset(guessed))


def _by_line(lifted: Lifted, document: Any) -> dict[int, list[_Element]]:
    """Group elements by the list line that read them."""
    found: dict[int, list[_Element]] = {}
    for row, read_ in lifted.rows.items():
        value, _ = read(document, read_.place)
        found.setdefault(id(read_.line), []).append(_Element(row, value, read_.line, read_.place))
    return found


def _align_firsts(old: Lifted, new: Lifted, was: dict[Row, Row]) -> None:
    """Pair the single rows that are made of an object rather than of a list's element."""
    for name, rows in new.hub.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and (name, rows[0]["row"]) not in new.rows:
            before = old.hub.get(name)
            if before and (name, before[0]["row"]) not in old.rows:
                was[name, rows[0]["row"]] = (name, before[0]["row"])


def _keys(elements: Iterable[_Element]) -> list[Any] | None:
    """Give the elements' keys if each has one and no two are equal."""
    keys = []
    for each in elements:
        value = read(each.value, each.line.key)[0] if each.line.key is not None else ABSENT
        if value is ABSENT or isinstance(value, (dict, list)) or value is None:
            return None
        keys.append(repr(value))
    return keys if len(set(keys)) == len(keys) else None


def _align_by_key(before: list[_Element], after: list[_Element], was: dict[Row, Row]) -> bool:
    old_keys, new_keys = _keys(before), _keys(after)
    if old_keys is None or new_keys is None:
        return False
    places = dict(zip(old_keys, before, strict=True))
    left_old = [each for key, each in places.items() if key not in set(new_keys)]
    left_new = []
    for key, each in zip(new_keys, after, strict=True):
        if key in places:
            was[each.row] = places[key].row
        else:
            left_new.append(each)
    # A row of which only the key changed.
    for each in left_new:
        twin = next((other for other in left_old if _differs_in_key_only(other, each)), None)
        if twin is not None:
            was[each.row] = twin.row
            left_old.remove(twin)
    return True


def _differs_in_key_only(old: _Element, new: _Element) -> bool:
    key = new.line.key
    one = {place: repr(value) for place, value in leaves(old.value) if place != key}
    other = {place: repr(value) for place, value in leaves(new.value) if place != key}
    return one == other


def _align_by_likeness(before: list[_Element], after: list[_Element], was: dict[Row, Row]) -> None:
    """Pair equal elements in order, then the most alike, then what stands at the same position."""
    contents = {id(each): _content(each.value) for each in (*before, *after)}
    left, waiting = list(before), list(after)
    # First what stayed where it was: an edit can make one row equal to another.
    for is_anywhere in (False, True):
        for j, each in [(j, each) for j, each in enumerate(after) if each in waiting]:
            twin = next(
                (
                    other
                    for i, other in enumerate(before)
                    if other in left and (is_anywhere or i == j) and contents[id(other)] == contents[id(each)]
                ),
                None,
            )
            if twin is not None:
                was[each.row] = twin.row
                left.remove(twin)
                waiting.remove(each)
    pairs = sorted(
        (
            (-_likeness(contents[id(old)], contents[id(new)]), abs(i - j), i, j)
            for i, old in enumerate(left)
            for j, new in enumerate(waiting)
        ),
    )
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for likeness, _, i, j in pairs:
        if i in taken_old or j in taken_new or (-likeness < _LEAST_LIKE and len(before) != len(after)):
            continue
        taken_old.add(i)
        taken_new.add(j)
        was[waiting[j].row] = left[i].row


def _content(value: Any) -> Counter[Any]:
    return Counter((place, repr(leaf)) for place, leaf in leaves(value))


def _likeness(one: Counter[Any], other: Counter[Any]) -> float:
    together = sum((one | other).values())
    return sum((one & other).values()) / together if together else 1.0
