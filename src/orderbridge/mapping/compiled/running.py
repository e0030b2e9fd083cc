"""What compiled mappings call: the parts of lifting and lowering that do not pay to be written out each time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.codec.codec import Refused, is_same
from orderbridge.codec.regions import region_code
from orderbridge.mapping.alternatives import chosen_set
from orderbridge.mapping.derive import identity, key_of_row
from orderbridge.mapping.document import ABSENT, is_blank, read, without
from orderbridge.mapping.lifting import PARENT, ROW
from orderbridge.mapping.lowering import is_one, why_not_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from orderbridge.codec.codec import Codec, Way
    from orderbridge.mapping.operations import Either, Path, Section

EMPTY: Final[dict[str, Any]] = {}
NUMBERS: Final = frozenset({bool, int, float, Decimal})
_MOST_KNOWN: Final = 500
_MOST_DIGITS: Final = 500
_NOTHING: Final = Refused("nothing is said")


class Known(dict[str, Any]):
    """What a codec makes of texts, remembered: of those it takes, and not too many."""

    def __init__(self, way: Callable[[Any], Any]) -> None:
        super().__init__()
        self.way = way

    def __missing__(self, text: str) -> Any:
        made = self.way(text)
        if type(made) is not Refused and len(self) < _MOST_KNOWN:
            self[text] = made
        return made


def up_of(codec: Codec) -> Way:
    """Read values by a codec; a blank says nothing to any."""
    up = codec.up

    def read_up(value: Any, currency: Any) -> Any:
        return _NOTHING if is_blank(value) else up(value, currency)

    return read_up


def number(value: Any, up: Way) -> Any:
    """Read a number: a decimal that is written as it is read stands for its own text."""
    if type(value) is Decimal:
        text = str(value)
        if "." in text and "E" not in text and len(text) <= _MOST_DIGITS:
            return value
    return up(value, None)


def filled_without(secrets: frozenset[str]) -> Callable[[Any], bool]:
    """Make the test whether a value says anything, its secrets aside."""

    def is_filled(value: Any) -> bool:
        return not is_blank(without(value, secrets) if type(value) is dict else value)

    return is_filled


def at(value: Any, path: Path) -> Any:
    """Give the value at a path, None where there is none."""
    found = read(value, path)[0]
    return None if found is ABSENT else found


def is_there(value: Any, paths: Iterable[Path], is_filled: Callable[[Any], bool]) -> bool:
    """Tell whether any of some paths holds something."""
    return any(is_filled(at(value, path)) for path in paths)


def key_of(value: Any) -> Any:
    """Give what a row's own key is compared by: `"1"`, 1 and true are three keys."""
    return value if type(value) is str else (repr(value),)


@dataclass(frozen=True, slots=True)
class Matcher:
    """A list whose elements name rows, ready for use: `ways` and `quantity` by the slots of the rows' leaves.

    `get` reads a slot of a row; claims of one `target` are about one leaf of one list.
    """

    target: tuple[str, str]
    slot: Any
    ways: tuple[tuple[tuple[Any, Path, Way], ...], ...]
    quantity: tuple[Any, Path, Way, Callable[[Any, Any], bool]] | None
    get: Callable[[Any, Any], Any]


class Claims:
    """The elements that say of rows that they belong to the row around the element."""

    def __init__(self) -> None:
        self._claims: dict[tuple[tuple[str, str], int], list[tuple[Matcher, Any, Any, Any]]] = {}
        self._indices: dict[tuple[int, int], dict[tuple[str, ...], int]] = {}

    def bind(self, elements: Any, matcher: Matcher, rows: Sequence[Any], handle: Any) -> None:
        """Note the claims of a list's elements for the row with a handle."""
        if type(elements) is not list:
            return
        for element in elements:
            index = self._find(element, matcher, rows)
            if index is not None:
                claim = (matcher, element, rows[index], handle)
                self._claims.setdefault((matcher.target, index), []).append(claim)

    def settle(self) -> None:
        """Give each row to the one that claims all of it."""
        for claims in self._claims.values():
            matcher, element, row, handle = claims[0]
            if len(claims) == 1 and _is_whole(matcher, element, row):
                row[matcher.slot] = handle

    def _find(self, element: Any, matcher: Matcher, rows: Sequence[Any]) -> int | None:
        for number, way in enumerate(matcher.ways):
            wanted = tuple(up(read(element, path)[0], None) for _, path, up in way)
            if any(isinstance(value, Refused) for value in wanted):
                continue
            found = self._look(number, matcher, rows, wanted)
            if found is not None:
                return found
        return None

    def _look(self, number: int, matcher: Matcher, rows: Sequence[Any], wanted: tuple[Any, ...]) -> int | None:
        way, get = matcher.ways[number], matcher.get
        if all(type(value) is str for value in wanted):
            key = (id(matcher), number)
            if key not in self._indices:
                self._indices[key] = _indexed(way, get, rows)
            return self._indices[key].get(wanted)
        for index, row in enumerate(rows):
            if all(is_same(get(row, slot), value) for (slot, _, _), value in zip(way, wanted, strict=True)):
                return index
        return None


def _indexed(
    way: tuple[tuple[Any, Path, Way], ...], get: Callable[[Any, Any], Any], rows: Sequence[Any]
) -> dict[tuple[str, ...], int]:
    index: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        values = tuple(get(row, slot) for slot, _, _ in way)
        if all(type(value) is str for value in values):
            index.setdefault(values, number)
    return index


def _is_whole(matcher: Matcher, element: Any, row: Any) -> bool:
    if matcher.quantity is None:
        return True
    slot, path, up, same = matcher.quantity
    value, known = read(element, path)[0], matcher.get(row, slot)
    if value is ABSENT or known is None:
        return True
    meant = up(value, None)
    return not isinstance(meant, Refused) and same(meant, known)


# Lowering

NEW: Final[tuple[dict[str, Any], ...]] = ({ROW: "new"},)
"""The row that a list is written of which is not to stay empty."""


class Identity:
    """What names an order among others, worked out when it is first wanted."""

    __slots__ = ("_hub", "_name", "_section")

    def __init__(self, hub: dict[str, Any], section: Section) -> None:
        self._hub = hub
        self._section = section
        self._name: str | None = None

    def name(self) -> str:
        """Give the name."""
        if self._name is None:
            self._name = identity(self._hub, self._section)
        return self._name


class Named:
    """What names an order whose naming leaves are at hand, worked out when it is first wanted."""

    __slots__ = ("_document", "_name", "_names", "_otherwise", "_own")

    def __init__(
        self, own: tuple[Any, ...], names: tuple[Any, ...], otherwise: Callable[[Any], str], document: Any
    ) -> None:
        self._own = own
        self._names = names
        self._otherwise = otherwise
        self._document = document
        self._name: str | None = None

    def name(self) -> str:
        """Give the name."""
        if self._name is None:
            values = [str(value) for value in self._own if value is not None]
            values = values or [str(value) for value in self._names if value is not None][:1]
            self._name = "\n".join(values) if values else self._otherwise(self._document)
        return self._name


def key_for(named_by: Identity | Named, rows: str, row: Any) -> str:
    """Make the key of a row, the same each time."""
    return key_of_row(named_by.name(), rows, str(row))


def is_absent(value: Any, path: Path) -> bool:
    """Tell whether nothing stands at a path."""
    return read(value, path)[0] is ABSENT


def text_of(parts: tuple[Any, ...]) -> str | None:
    """Put texts together, if all are there."""
    return None if None in parts else "".join(map(str, parts))


def joined(values: tuple[Any, ...]) -> str | None:
    """Join the texts that are there."""
    found = [str(value) for value in values if value is not None]
    return " ".join(found) if found else None


def region_of(region: Any, country: Any) -> str | None:
    """Give the code of a region, when it is certain."""
    return None if region is None or country is None else region_code(region, country)


def looked_up(table: Mapping[str, Any], value: Any) -> Any:
    """Find what a table of the caller has for a hub value; tables are keyed by texts."""
    return table.get(value if type(value) is str else jsontext.write(value).decode(), ABSENT)


def named(elements: dict[Any, Any], handle: Any) -> Any:
    """Give the element of the row that is named, or the only one where none is; None where that is not certain."""
    if handle is not None:
        return elements.get(handle)
    return next(iter(elements.values())) if len(elements) == 1 else None


def grouped(rows: Iterable[dict[str, Any]], leaf: str) -> dict[Any, list[dict[str, Any]]]:
    """Group rows by the row that they stand in."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.get(leaf), []).append(row)
    return groups


def bound(rows: Iterable[dict[str, Any]], leaf: str, handle: Any) -> list[dict[str, Any]]:
    """Choose the rows that belong to another, without the parts of those that do."""
    mine = [row for row in rows if row.get(leaf) == handle]
    handles = {row[ROW] for row in mine}
    return [row for row in mine if row.get(PARENT) not in handles]


def tree_of(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[Any, list[dict[str, Any]]]]:
    """Group rows by their parents, those apart that have none among them."""
    handles = {row[ROW] for row in rows}
    tops: list[dict[str, Any]] = []
    kids: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        parent = row.get(PARENT)
        if parent in handles:
            kids.setdefault(parent, []).append(row)
        else:
            tops.append(row)
    return tops, kids


def is_whole(hub: dict[str, Any], rows: str, row: dict[str, Any]) -> bool:
    """Tell whether a part can stand as a line of its own: one of each line that it is a part of is ordered."""
    return not why_not_whole({each[ROW]: each for each in hub[rows]}, row)


def chosen(line: Either, hub: dict[str, Any]) -> int:
    """Give the number of the set of lines that is written."""
    return line.sets.index(chosen_set(line, hub))


# Rows in lists of their leaves


def grouped_rows(rows: Iterable[list[Any]], slot: int) -> dict[Any, list[list[Any]]]:
    """Group rows by the row that they stand in."""
    groups: dict[Any, list[list[Any]]] = {}
    for row in rows:
        groups.setdefault(row[slot], []).append(row)
    return groups


def bound_rows(rows: Iterable[list[Any]], slot: int, own: int, parent: int | None, handle: Any) -> list[list[Any]]:
    """Choose the rows that belong to another, without the parts of those that do."""
    mine = [row for row in rows if row[slot] == handle]
    if parent is None:
        return mine
    handles = {row[own] for row in mine}
    return [row for row in mine if row[parent] not in handles]


def tree_of_rows(rows: Sequence[Sequence[Any]], own: int, parent: int) -> tuple[list[Any], dict[Any, list[Any]]]:
    """Group rows by their parents, those apart that have none among them."""
    handles = {row[own] for row in rows}
    tops: list[Any] = []
    kids: dict[Any, list[Any]] = {}
    for row in rows:
        if row[parent] in handles:
            kids.setdefault(row[parent], []).append(row)
        else:
            tops.append(row)
    return tops, kids


def is_whole_row(rows: Sequence[Sequence[Any]], parent: int, quantity: int | None, above: Any) -> bool:
    """Tell whether a part can stand as a line of its own: one of each line that it is a part of is ordered."""
    while above is not None:
        row = rows[above]
        if quantity is not None and row[quantity] is not None and not is_one(str(row[quantity])):
            return False
        above = row[parent]
    return True


def as_maps(rows: Iterable[Sequence[Any]], leaves: Sequence[str]) -> list[dict[str, Any]]:
    """Give rows as maps of what they hold."""
    return [said(dict(zip(leaves, row, strict=True))) for row in rows]


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not there."""
    return {leaf: value for leaf, value in row.items() if value is not None}
