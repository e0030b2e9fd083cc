"""A large body that is not valid is looked at in part: naming one problem costs as much as checking a whole order.

The verdict is always that of the whole body. Only what is wrong with it is looked for in an excerpt, which has the
first elements of long lists and, of large objects, the members that the contract knows and the first others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.problem import Problem
    from orderbridge.validation.validator import Validator

MOST_VALUES: Final = 5_000
"""Values of a body up to which all its problems are looked for: each costs up to 50 microseconds, and some are compared
with each other."""
_EACH: Final = 200
"""Elements of a list, and members of an object that nobody declares, that an excerpt has."""
_OF_THE_VALUE_ITSELF: Final = frozenset({"type"})

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Problems, and whether they are all there are."""

    problems: tuple[Problem, ...]
    complete: bool = True


@dataclass(frozen=True)
class Finder:
    """Finds what is wrong with the bodies of one operation, in bounded time."""

    validator: Validator

    def errors(self, value: Any) -> Found:
        """Name the errors of a value that is not valid: all, or those of an excerpt."""
        found = self.problems(value)
        return replace(found, problems=tuple(each for each in found.problems if each.severity == "error"))

    def problems(self, value: Any) -> Found:
        """Name the errors and warnings of a value: all, or those of an excerpt."""
        if not has_more(value, MOST_VALUES):
            return Found(tuple(self.validator.check_value(value)))
        part = Excerpt(self._names)
        found = self.validator.check_value(part.of(value))
        return Found(tuple(each for each in found if part.can_tell(each)), complete=False)

    @cached_property
    def _names(self) -> frozenset[str]:
        return declared(self.validator.contract)


@dataclass
class Excerpt:
    """Makes one excerpt, and remembers what is missing from it."""

    names: frozenset[str]
    room: int = MOST_VALUES
    cut: set[str] = field(default_factory=set)

    def of(self, value: Any, place: Place = ()) -> Any:
        """Copy a value as far as there is room."""
        if isinstance(value, dict):
            part: Any = {name: self.of(member, (*place, name)) for name, member in self._members(value)}
        elif isinstance(value, list):
            part = [self.of(each, (*place, index)) for index, each in enumerate(value[:_EACH]) if self._has_room()]
        else:
            return value
        if len(part) < len(value):
            # What is above it is not whole either.
            self.cut.update(pointer.join(place[:depth]) for depth in range(len(place) + 1))
        return part

    def can_tell(self, problem: Problem) -> bool:
        """Tell whether a problem of the excerpt is one of the whole: what is incomplete may lack what was left out."""
        return problem.pointer not in self.cut or problem.code in _OF_THE_VALUE_ITSELF

    def _members(self, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        others = 0
        for name, member in value.items():
            is_known = name in self.names
            others += not is_known
            if (is_known or others <= _EACH) and self._has_room():
                yield name, member

    def _has_room(self) -> bool:
        self.room -= 1
        return self.room >= 0


def has_more(value: Any, most: int) -> bool:
    """Tell whether there are more than so many values in a value, without counting all of them."""
    waiting: list[Any] = [value]
    count = 1
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict | list):
            count += len(inside)
            if count > most:
                return True
            waiting.extend(inside.values() if isinstance(inside, dict) else inside)
    return False


def declared(contract: Contract) -> frozenset[str]:
    """Name the members that any schema of a contract declares."""
    return frozenset(_declared([contract.document]))


def _declared(waiting: list[Any]) -> Iterable[str]:
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict):
            properties = inside.get("properties")
            yield from properties if isinstance(properties, dict) else ()
            waiting.extend(inside.values())
        elif isinstance(inside, list):
            waiting.extend(inside)
