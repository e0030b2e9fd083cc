"""Accounts by the shapes of documents: the interpreter works each out once, and every document of the shape gets it.

The orders of one sender are of few shapes, and all that decides an account is in the shape. The rows that are kept say
where values stand and what became of them; of values only those are kept that decide something, and no secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.mapping.document import leaves
from orderbridge.mapping.shape.shape import Shaper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orderbridge.translation.side import Side
    from orderbridge.translation.supply import Supply

Rows = list[dict[str, Any]]
Account = tuple[Rows, Rows]
"""A row for each leaf of the source, and one for each of the target that is there."""

_MOST_ROWS: Final = 10_000
"""How many rows are kept for one pair with one supply."""
_MOST_MET: Final = 10_000
_MOST_PAIRS: Final = 50
_KNOWN: Final[dict[tuple[int, ...], Accounts]] = {}
_SHAPERS: Final[dict[tuple[Any, ...], tuple[Any, Shaper]]] = {}
"""By the objects themselves, which are held so that their identities stay their own."""


class Accounts:
    """The accounts of orders of one partner on their way to another, with one supply."""

    def __init__(self, source: Side, target: Side, supply: Supply) -> None:
        """Start with none."""
        self.held = (source, target, supply)
        self.shaper = _shaper(source, target, supply)
        self.tables = [each.table for each in supply.lookups]
        self._met: set[int] = set()
        self._kept: dict[Any, tuple[_Kept, _Kept]] = {}
        self._rows = 0

    def of(self, document: Any, bare: Any, *, is_carried: bool, work_out: Callable[[], Account]) -> Account:
        """Give the account of a document; `bare` is what it is without its secrets.

        One whose shape comes for the first time is worked out and forgotten: many shapes come once.
        """
        shape = self.shaper.shape(bare, self.tables)
        if shape is None:
            return work_out()
        # Secrets have rows too, and are in no shape.
        key = (is_carried, shape, () if bare is document else tuple(place for place, _ in leaves(document)))
        kept = self._kept.get(key)
        if kept is not None:
            return kept[0].copied(), kept[1].copied()
        made = work_out()
        if self._is_met(hash(key)):
            self._keep(key, made)
        return made

    def _is_met(self, number: int) -> bool:
        if number in self._met:
            return True
        if len(self._met) >= _MOST_MET:
            self._met.clear()
        self._met.add(number)
        return False

    def _keep(self, key: Any, made: Account) -> None:
        rows = sum(map(len, made))
        if self._rows + rows > _MOST_ROWS:
            self._kept.clear()
            self._rows = 0
        if rows <= _MOST_ROWS:
            self._kept[key] = (_Kept(made[0], "targets"), _Kept(made[1], "sources"))
            self._rows += rows


class _Kept:
    """Rows that nobody else holds, each with the list in it that is copied too."""

    __slots__ = ("name", "rows")

    def __init__(self, rows: Iterable[dict[str, Any]], name: str) -> None:
        self.name = name
        self.rows = [({**row}, [*row[name]] if name in row else None) for row in rows]

    def copied(self) -> Rows:
        """Give rows that may be changed."""
        name, made = self.name, []
        for row, several in self.rows:
            copy = row.copy()
            if several is not None:
                copy[name] = several.copy()
            made.append(copy)
        return made


def accounts_of(source: Side, target: Side, supply: Supply) -> Accounts:
    """Give what is kept of accounts on the way from one partner to another."""
    key = (id(source), id(target), id(supply))
    known = _KNOWN.pop(key, None) or Accounts(source, target, supply)
    # Those that are used again outlive those of supplies that come once.
    _KNOWN[key] = known
    if len(_KNOWN) > _MOST_PAIRS:
        _KNOWN.pop(next(iter(_KNOWN)), None)
    return known


def _shaper(source: Side, target: Side, supply: Supply) -> Shaper:
    """Give what tells shapes; it is the same for all supplies that look up the same leaves."""
    one, other = source.section("request"), target.section("request")
    lookups = tuple((each.at, each.by) for each in supply.lookups)
    key = (id(one), id(other), lookups)
    known = _SHAPERS.get(key)
    if known is None:
        while len(_SHAPERS) >= _MOST_PAIRS:
            del _SHAPERS[next(iter(_SHAPERS))]
        known = _SHAPERS[key] = ((one, other), Shaper(one, other, lookups))
    return known[1]
