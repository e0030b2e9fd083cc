"""Random edits of a document as a receiver may make them: of leaves and of rows, several at once."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any, Final

from orderbridge.laws import new_values
from orderbridge.mapping.document import leaves, write
from orderbridge.sample.mutate import mutants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.trace import Cause

NAMES: Final = ("sku", "items", "quantity", "city", "childItems", "attributes")


def edited(document: Any, causes: Mapping[Place, Cause], seed: str, donors: Sequence[Any]) -> Any:
    """Make one to five edits; leaves of `donors`, documents of the same partner, may turn up too."""
    random = Random(seed)  # noqa: S311 - chance that can be repeated, not secrets
    changed = deepcopy(document)
    for _ in range(random.randint(1, 5)):
        chance = random.random()
        if chance < 0.45:
            _edit_rows(changed, random)
        elif chance < 0.85:
            _edit_leaf(changed, causes, random, donors)
        else:
            mutant = next(mutants(changed, random.randrange(10**6), 1, names=NAMES), None)
            changed = deepcopy(mutant.value) if mutant is not None and isinstance(mutant.value, dict) else changed
    return changed


def lists(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the places of all lists that hold something."""
    if isinstance(value, list) and value:
        yield place
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from lists(member, (*place, name))


def at(document: Any, place: Place) -> Any:
    for token in place:
        document = document[token]
    return document


def _edit_rows(document: Any, random: Random) -> None:
    places = list(lists(document))
    if places:
        holder = at(document, random.choice(places))
        random.choice(_ROWS)(holder, random.randrange(len(holder)), random)


def _remove(holder: list[Any], index: int, _random: Random) -> None:
    del holder[index]


def _empty(holder: list[Any], _index: int, _random: Random) -> None:
    holder.clear()


def _copy(holder: list[Any], index: int, random: Random) -> None:
    holder.insert(random.randint(0, len(holder)), deepcopy(holder[index]))


def _move(holder: list[Any], index: int, random: Random) -> None:
    element = holder.pop(index)
    holder.insert(random.randint(0, len(holder)), element)


def _reverse(holder: list[Any], _index: int, _random: Random) -> None:
    holder.reverse()


def _add(holder: list[Any], index: int, random: Random) -> None:
    """Insert a row that is like another, but for most of its leaves."""
    new = deepcopy(holder[index])
    for place, value in list(leaves(new)):
        if place and random.random() < 0.6:
            if isinstance(value, str):
                write(new, place, f"{value} new{random.randrange(9)}")
            elif isinstance(value, int) and not isinstance(value, bool):
                write(new, place, value + random.randrange(5))
            else:
                at(new, place[:-1]).pop(place[-1])
    holder.insert(random.randint(0, len(holder)), new)


_ROWS: Final[Sequence[Callable[[list[Any], int, Random], None]]] = (
    _remove,
    _remove,
    _copy,
    _move,
    _move,
    _reverse,
    _add,
    _add,
    _empty,
)


def _edit_leaf(document: Any, causes: Mapping[Place, Cause], random: Random, donors: Sequence[Any]) -> None:
    place, value = random.choice(list(leaves(document)))
    chance = random.random()
    if not place:
        return
    if chance < 0.2:
        given, new = random.choice(list(leaves(random.choice(donors))))
        write(document, given, deepcopy(new))
    elif chance < 0.35:
        at(document, place[:-1]).pop(place[-1])
    else:
        others = [*new_values(causes.get(place), value), "", None, deepcopy(random.choice(list(leaves(document)))[1])]
        at(document, place[:-1])[place[-1]] = random.choice([others[0], *others])
