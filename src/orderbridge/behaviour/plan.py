"""Cases and kinds of records that are ready to be done: their lines, tests and sources are functions by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from orderbridge.behaviour.seeing import holding, looking, wanting
from orderbridge.behaviour.writing import deciding, laying, writing
from orderbridge.mapping.compiling import compiled_lift

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.behaviour.effects import Case, Find, Kind, Name, Refusal, Source
    from orderbridge.behaviour.seeing import Holds, Look
    from orderbridge.behaviour.writing import Decide, Fits, Lay


class Search(NamedTuple):
    """A record that a case wants: what names it, what gives the value, and the names that the value may be."""

    find: Find
    by: tuple[tuple[Source, Look, tuple[str, ...]], ...]
    where: Holds | None


class Plan(NamedTuple):
    """A case: whether it is the one, what it looks for and refuses, and what it writes where."""

    case: Case
    is_meant: Holds | None
    searches: tuple[Search, ...]
    refusals: tuple[tuple[Refusal, Holds | None], ...]
    document: Lay
    result: Decide
    answer: Lay


class KindPlan(NamedTuple):
    """A kind of record: its other names with what gives them, those that are hidden, and how it is shown.

    `meaning` lifts its documents to the hub, `is_written` tells whether some operation creates or changes its records;
    of other kinds there are fixtures alone.
    """

    kind: Kind
    name: str
    names: tuple[tuple[Name, Look | None], ...]
    hidden: frozenset[str]
    show: Lay
    meaning: Callable[[Any], dict[str, Any]] | None
    is_written: bool

    def stored_name(self, name: str, value: str) -> str:
        """Write a name as the store has it: hidden ones are nobody's to ask for, whatever somebody asks for."""
        if name in self.hidden:
            return f"{name}:{value}"
        before, colon, _ = value.partition(":")
        # What reads like a hidden name is set apart from it, and so is what reads like that.
        return f":{value}" if colon and self.hidden and (not before or before in self.hidden) else value


def planned(case: Case, fits: Fits) -> Plan:
    """Make a case ready."""
    return Plan(
        case=case,
        is_meant=holding(case.when),
        searches=tuple(map(_searched, case.find)),
        refusals=tuple((each.refusal, wanting(each.when, each.unless)) for each in case.refuse),
        document=writing(case.document, fits),
        result=deciding(case.result, fits),
        answer=laying(case.answer, fits),
    )


def planned_kind(kind: Kind, fits: Fits, *, is_written: bool) -> KindPlan:
    """Make a kind of record ready."""
    return KindPlan(
        kind=kind,
        name=kind.name,
        names=tuple((each, None if each.source is None else looking(each.source)) for each in kind.names),
        hidden=frozenset(each.name for each in kind.names if each.hidden),
        show=laying(kind.show, fits),
        meaning=compiled_lift(kind.hub) if kind.hub is not None else None,
        is_written=is_written,
    )


def _searched(find: Find) -> Search:
    by = tuple((source, looking(source), names) for source, names in find.by)
    return Search(find, by, holding(find.where))
