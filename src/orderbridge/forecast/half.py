"""One partner as a forecast sees it: the leaves of its request with the lines that stand for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from orderbridge.contract.members import ANY, Spot, spot
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each
from orderbridge.mapping.reading import header_spot
from orderbridge.mapping.survey import Cover, HubPlace, Seen, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Steps
    from orderbridge.contract.model import Parameter
    from orderbridge.mapping.operations import Mapping, Message, Section

RULED: Final = "documented"
ALWAYS: Final = 2
SOMETIMES: Final = 1
NEVER: Final = 0


@dataclass(frozen=True)
class Half:
    """A contract and its mapping, for one kind of message."""

    contract: Contract
    mapping: Mapping
    message: Message = "request"
    _asked: dict[Steps, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def section(self) -> Section:
        """The lines."""
        return self.mapping.sections[self.message]

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The lines as flat entries."""
        return survey(self.section)

    @cached_property
    def cover(self) -> Cover:
        """The lines by the members that they stand for."""
        return Cover.of(self.seen)

    @cached_property
    def root(self) -> Spot:
        """What the contract declares."""
        return self._root(self.contract)

    @cached_property
    def ruled(self) -> Spot:
        """What it declares, without what is known less well than documented."""
        return self._root(self.contract.at(RULED))

    def _root(self, contract: Contract) -> Spot:
        if self.message == "headers":
            return header_spot(contract)
        request = contract.operation().request
        return spot(contract, request.json_schema if request is not None else None)

    @cached_property
    def declared(self) -> tuple[Steps, ...]:
        """The leaves of the contract, each once: those of children and bare objects are the list's own."""
        repeated = {head for head, _ in self.cover.nests}
        found = (self.cover.unnested(steps) for steps, _ in self.root.leaves() if steps)
        return tuple(dict.fromkeys(each for each in found if each not in repeated and self.root.at(each).exists))

    @cached_property
    def leaves(self) -> tuple[Steps, ...]:
        """The leaves that are no secrets."""
        return tuple(steps for steps in self.declared if not self.is_secret(steps))

    def is_secret(self, steps: Steps) -> bool:
        """Tell whether a member stands under a name that the contract marks as a secret's."""
        secrets = {name.casefold() for name in self.contract.secrets}
        return any(step.casefold() in secrets for step in steps)

    @cached_property
    def stand_ins(self) -> dict[Steps, list[Seen]]:
        """The lines that read a member in the place of another, where that is absent."""
        found: dict[Steps, list[Seen]] = {}
        for seen in self.seen:
            if seen.role == "else":
                found.setdefault(seen.steps, []).append(seen)
        return found

    def lines(self, steps: Steps) -> list[Seen]:
        """Find the lines that stand for a leaf."""
        return self.cover.of_leaf(steps)

    def asks(self, steps: Steps) -> int:
        """Say whether what stands around a member requires it, as far as is documented.

        2 for always, 1 where only some alternatives do, 0 for never. An element is there wherever its list is.
        """
        if steps not in self._asked:
            self._asked[steps] = ALWAYS if steps[-1] == ANY else self._asks(steps)
        return self._asked[steps]

    def _asks(self, steps: Steps) -> int:
        if self.message == "headers" and len(steps) == 1:
            parameters = self.contract.at(RULED).operation().parameters
            return ALWAYS if any(_is_header(each, steps[0]) and each.required for each in parameters) else NEVER
        around = self.ruled.at(steps[:-1])
        if steps[-1] in around.required:
            return ALWAYS
        return SOMETIMES if steps[-1] in _asked_by_alternatives(around) else NEVER

    def is_certain(self, steps: Steps, start: int = 0, *, ruled: bool = True) -> bool:
        """Tell whether a member is in every message, or in whatever stands at its first steps.

        Not only what is documented counts without `ruled`.
        """
        inside = (steps[:length] for length in range(start + 1, len(steps) + 1))
        if ruled:
            return all(self.asks(here) == ALWAYS for here in inside)
        return all(here[-1] == ANY or here[-1] in self.root.at(here[:-1]).required for here in inside)

    def around(self, steps: Steps) -> Iterator[Steps]:
        """Yield the containers around a member, the innermost first: objects, lists and elements."""
        for length in range(len(steps) - 1, 0, -1):
            yield steps[:length]


def _is_header(parameter: Parameter, name: str) -> bool:
    return parameter.location == "header" and parameter.name.lower() == name


def _asked_by_alternatives(around: Spot) -> set[str]:
    """Give the members that a branch of an `anyOf` or `oneOf` requires."""
    return {str(name) for part in around.parts for name in part.get("required", ())}


@dataclass(frozen=True, slots=True)
class Feed:
    """A line of the source that gives a leaf of the hub; no line where the mapping states the leaf itself."""

    half: Half
    seen: Seen | None = None
    home: Each | None = None

    @property
    def steps(self) -> Steps:
        """The member that is read."""
        return self.seen.steps if self.seen is not None else ()

    @property
    def path(self) -> str:
        """The member as a mapping file has it."""
        return shown(self.half, self.steps)


def shown(half: Half, steps: Steps) -> str:
    """Write a path as a mapping file has it; that of a header says so."""
    return f"{'header:' if half.message == 'headers' else ''}{write_path(steps)}"


@dataclass(frozen=True)
class Source:
    """What a partner's messages give the hub."""

    halves: tuple[Half, ...]

    @cached_property
    def feeds(self) -> dict[HubPlace, list[Feed]]:
        """The lines by the leaf of the hub that they are read into; constants of lists and of the mapping as well."""
        found: dict[HubPlace, list[Feed]] = {}
        for half in self.halves:
            for place, feed in _feeds(half):
                found.setdefault(place, []).append(feed)
        return found

    def of(self, place: HubPlace, home: Each | None) -> list[Feed]:
        """Find what gives a leaf of the hub, of a row that a list of the target takes."""
        return [feed for feed in self.feeds.get(place, []) if home is None or self._meets(feed.home, home)]

    def _meets(self, own: Each | None, wanted: Each) -> bool:
        """Tell whether rows of a list of the source can be rows of a list of the target."""
        given = dict(own.where) if own is not None else {}
        for leaf, value in wanted.where:
            if leaf in given:
                if given[leaf] != value:
                    return False
            elif not self._gives(own, HubPlace(wanted.to, leaf)):
                return False
        return wanted.owner is None or self._gives(own, HubPlace(wanted.to, wanted.owner))

    def _gives(self, own: Each | None, place: HubPlace) -> bool:
        return any(feed.home is own for feed in self.feeds.get(place, []))


def _feeds(half: Half) -> Iterator[tuple[HubPlace, Feed]]:
    for seen in half.seen:
        if seen.hub is not None and seen.role in {"at", "currency"}:
            yield seen.hub, Feed(half, seen, seen.home)
        if isinstance(seen.line, Each) and seen.role == "rows":
            named = (*(leaf for leaf, _ in seen.line.where), *([seen.line.owner] if seen.line.owner else []))
            for leaf in named:
                yield HubPlace(seen.line.to, leaf), Feed(half, seen, seen.line)
    for leaf, _ in half.section.context:
        yield HubPlace("", leaf), Feed(half)
