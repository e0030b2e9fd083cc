"""Which row of one version of a document is which row of another.

By the list's own key where it is unique in both versions, else by likeness of content, else by position. A row of
which only the key changed is the same row. Rows inside of other rows are paired within those: what moved from one to
another is a row that went and a row that came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.document import ABSENT, leaves, read
from orderbridge.translation.editing import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Each
    from orderbridge.mapping.trace import Lifted, RowRead
    from orderbridge.translation.elements import Row

_LEAST_LIKE: Final = 0.3
_MOST_COMPARED: Final = 250_000


@dataclass(frozen=True)
class Alignment:
    """Rows of the new version and what they were in the old one; `guessed` are new rows that only likeness tells."""

    was: Mapping[Row, Row]
    guessed: frozenset[Row] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Element:
    row: Row
    value: Any
    line: Each
    place: Place


_Group = tuple[int, "Row | None"]
"""The list line, and the row that the list is inside of."""


def align(old: Lifted, old_document: Any, new: Lifted, new_document: Any) -> Alignment:
    """Pair the rows of two lifted versions of one partner's document."""
    was: dict[Row, Row] = {}
    guessed: set[Row] = set()
    olds, news = _grouped(old, old_document), _grouped(new, new_document)
    # Outer lists come first, so what a row is inside of is paired before the row is.
    for (line, around), after in news.items():
        if around is not None and around not in was:
            continue
        before = olds.get((line, was[around] if around is not None else None), [])
        if not _align_by_key(before, after, was):
            guessed |= _align_by_likeness(before, after, was)
    _align_firsts(old, new, was)
    return Alignment(was, frozenset(guessed))


def _grouped(lifted: Lifted, document: Any) -> dict[_Group, list[_Element]]:
    found: dict[_Group, list[_Element]] = {}
    hub_rows = {
        (name, row["row"]): row
        for name, rows in lifted.hub.items()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict)
    }
    for row, read_ in lifted.rows.items():
        value, _ = read(document, read_.place)
        group = (id(read_.line), _around(hub_rows[row], row[0], read_))
        found.setdefault(group, []).append(_Element(row, value, read_.line, read_.place))
    return found


def _around(hub_row: Mapping[str, Any], rows: str, read_: RowRead) -> Row | None:
    """Say which row a row's list is inside of."""
    if read_.parent is not None:
        return rows, read_.parent
    owner = read_.line.owner
    return (LISTS[owner], hub_row[owner]) if owner in LISTS else None


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


def _align_by_likeness(before: list[_Element], after: list[_Element], was: dict[Row, Row]) -> set[Row]:
    """Pair equal elements in order, then the most alike, then what stands at the same position; name the guesses."""
    olds, news = ({i: _content(each.value) for i, each in enumerate(elements)} for elements in (before, after))
    for i, j in _equal(olds, news):
        if i in olds and j in news:
            was[after[j].row] = before[i].row
            del olds[i], news[j]
    return _guess(before, after, olds, news, was)


def _equal(olds: dict[int, Counter[Any]], news: dict[int, Counter[Any]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of equal elements, the best first; one that is paired already may come again."""
    # What stayed where it was: an edit can make one row equal to another.
    if len(olds) == len(news):
        yield from [(i, i) for i in olds if olds[i] == news[i]]
    # Then what kept its order: of equal rows the one that went is the one that is missing in its place.
    yield from _in_order(olds, news)
    yield from _in_order(dict(reversed(olds.items())), dict(reversed(news.items())))
    left, came = ([*map(_frozen, each.values())] for each in (olds, news))
    if len(left) * len(came) <= _MOST_COMPARED:
        indices, positions = [*olds], [*news]
        for block in SequenceMatcher(None, left, came, autojunk=False).get_matching_blocks():
            yield from ((indices[block.a + at], positions[block.b + at]) for at in range(block.size))
    alike: dict[frozenset[Any], list[int]] = {}
    for i in reversed(olds):
        alike.setdefault(_frozen(olds[i]), []).append(i)
    for j in [*news]:
        twins = alike.get(_frozen(news[j]))
        if twins:
            yield twins.pop(), j


def _in_order(olds: dict[int, Counter[Any]], news: dict[int, Counter[Any]]) -> list[tuple[int, int]]:
    """Pair what is equal from the start on."""
    pairs = zip(olds.items(), news.items(), strict=False)
    return [(i, j) for (i, one), (j, other) in takewhile(lambda pair: pair[0][1] == pair[1][1], pairs)]


def _guess(
    before: list[_Element],
    after: list[_Element],
    olds: dict[int, Counter[Any]],
    news: dict[int, Counter[Any]],
    was: dict[Row, Row],
) -> set[Row]:
    """Pair what is left by likeness; by position alone where there is more than can be compared."""
    is_much = len(olds) * len(news) > _MOST_COMPARED
    candidates = ((i, i) for i in olds if i in news) if is_much else ((i, j) for i in olds for j in news)
    pairs = sorted((-_likeness(olds[i], news[j]), abs(i - j), i, j) for i, j in candidates)
    guessed: set[Row] = set()
    for likeness, _, i, j in pairs:
        if i not in olds or j not in news or (-likeness < _LEAST_LIKE and len(before) != len(after)):
            continue
        was[after[j].row] = before[i].row
        guessed.add(after[j].row)
        del olds[i], news[j]
    return guessed


def _content(value: Any) -> Counter[Any]:
    return Counter((place, repr(leaf)) for place, leaf in leaves(value))


def _frozen(content: Counter[Any]) -> frozenset[Any]:
    return frozenset(content.items())


def _likeness(one: Counter[Any], other: Counter[Any]) -> float:
    together = sum((one | other).values())
    return sum((one & other).values()) / together if together else 1.0
