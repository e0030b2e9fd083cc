"""Alternatives that need no look at the order: the first of them can always say as much as any other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orderbridge.mapping.operations import Each, Either, Group, Leaf, Members, Parts, Rest, Tree

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from orderbridge.mapping.compiled.survey import Written
    from orderbridge.mapping.operations import Operation, Section


@dataclass(frozen=True)
class _Words:
    """What a set of lines can say of a list's rows, at least and at most."""

    least: frozenset[str]
    most: frozenset[str]
    of_first: frozenset[str]
    binds: bool


def settled(section: Section, written: Written) -> Section:
    """Write the first set in the place of alternatives of which it is always chosen, given what can be there."""
    operations: list[Operation] = []
    for each in section.operations:
        if not isinstance(each, Either):
            operations.append(each)
            continue
        leaves = {leaf for rows, leaf in written.codecs if rows == each.to}
        is_there = each.to in written.lists or each.to in written.firsts
        is_settled = not is_there or is_first_best(each, leaves)
        operations += each.sets[0] if is_settled else (each,)
    return replace(section, operations=tuple(operations))


def is_first_best(line: Either, leaves: Container[str] | None) -> bool:
    """Tell whether the first set is chosen whatever the rows hold, of which `leaves` are all (None: any)."""
    first, *others = (_words(line, one) for one in line.sets)
    return not any(
        _left(each.most, leaves) - first.least
        or _left(each.of_first, leaves) - first.of_first - first.least
        or each.binds
        for each in others
    )


def _left(words: frozenset[str], leaves: Container[str] | None) -> frozenset[str]:
    return words if leaves is None else frozenset(word for word in words if word in leaves)


def _words(line: Either, operations: Iterable[Operation]) -> _Words:
    operations = tuple(operations)
    lists = [each for each in operations if isinstance(each, Each) and each.to == line.to]
    least = [_leaves(each, is_certain=True) for each in lists]
    most = [_leaves(each, is_certain=False) for each in lists]
    return _Words(
        least[0] if least else frozenset(),
        frozenset().union(*most),
        frozenset(path for path in _paths(operations, first=line.to)),
        any(isinstance(inner, Members) for each in lists for inner in each.body),
    )


def _leaves(line: Each, *, is_certain: bool) -> frozenset[str]:
    found = {*_paths(line.body, is_certain=is_certain), *(leaf for leaf, _ in line.where)}
    return frozenset(found)


def _paths(operations: Iterable[Operation], *, first: str | None = None, is_certain: bool = False) -> Iterator[str]:
    for each in operations:
        if isinstance(each, Group):
            yield from _paths(each.lines, first=first, is_certain=is_certain)
        elif isinstance(each, (Leaf, Parts, Tree, Rest)):
            is_under = getattr(each, "when", None) is not None
            if (first is None or each.to.first == first) and not (is_certain and is_under):
                yield each.to.leaf
