"""The account of a translation as one paragraph: what arrived, what did not and why, what was added, what is missing.

It is made of the report of one document, or of the counts of many; both are plain values. Everything that comes from a
document is escaped before it is shown.
"""

from __future__ import annotations

import re
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from orderbridge.render.printable import printable
from orderbridge.render.wording import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderbridge.problem import Problem

    Rows = Sequence[Mapping[str, Any]]
    Words = tuple[str, str]

WIDTH: Final = 100
FEW: Final = 3
"""How many places stand for many."""
MANY: Final = 20
"""How many places are named where each of them wants something done."""
NOUNS: Final[Mapping[str, Words]] = {
    "request": ("order", "orders"),
    "response": ("answer", "answers"),
    "error": ("error", "errors"),
}
_DIGITS: Final = re.compile(r"/[0-9]+(?=/|$)")
_MISSING: Final = "required-target-missing"

# Singular and plural of what happened, by the word in the report.
_CHANGED: Final[Mapping[str, Words]] = {
    "normalised": ("is spelt in another way", "are spelt in another way"),
    "widened": ("has more room now", "have more room now"),
    "narrowed": ("lost detail", "lost detail"),
    "recoded": ("means something else now", "mean something else now"),
}
_TOLD: Final = frozenset({"narrowed", "recoded"})
_LEFT: Final[Mapping[str, Words]] = {
    "no-home": ("has no place there", "have no place there"),
    "no-image": ("cannot be said there", "cannot be said there"),
    "unreadable": ("could not be read", "could not be read"),
    "unknown": ("is not in the contract", "are not in the contract"),
    "blank": ("is blank", "are blank"),
    "shadowed": ("is overruled by another", "are overruled by others"),
    "contradicts": ("contradicts another", "contradict others"),
}
_FATES: Final[Mapping[str, Words]] = {
    "carried": ("travels in the ticket", "travel in the ticket"),
    "dropped": ("was dropped", "were dropped"),
}
_EXPLAINED: Final = frozenset({"no-image", "unreadable", "contradicts"})
_STUCK: Final[Mapping[str, Words]] = {
    "not-returnable": ("cannot be taken over", "cannot be taken over"),
    "conflict": (
        "contradicts what the order says already, which stays",
        "contradict what the order says already, which stays",
    ),
}
_HINDRANCES: Final[Mapping[str, str]] = {
    "unreadable": "it means nothing",
    "was-filled": "it was not in the order, but supplied or derived on the way",
    "not-mapped": "the order has no place for it",
    "refused": "the order's contract refuses it",
    "no-container": "there is nothing in the order to put it into",
}
_ADDED: Final[Mapping[str, Words]] = {
    "derived": ("was derived", "were derived"),
    "implied": ("is implied", "are implied"),
    "defaulted": ("is a default", "are defaults"),
    "supplied": ("was supplied", "were supplied"),
    "restored": ("was restored", "were restored"),
    "followed": ("followed another", "followed others"),
}


def of_one(report: Mapping[str, Any], problems: Sequence[Problem], *, written: str | None) -> str:
    """Tell what became of one document; `written` says what was given (`order`, `draft`, None).

    `report` is the document's report, `problems` are the reasons why there is no order.
    """
    home = "removed_leaves" in report
    sentences = [*(_home(report) if home else _away(report)), *_verdict(report, problems, written)]
    return fill(" ".join(sentences), WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


# One document on its way out


def _away(report: Mapping[str, Any]) -> Iterator[str]:
    rows: Rows = report["source_leaves"]
    if not rows:
        return
    source, target = report["source"]["partner"], report["target"]["partner"]
    mapped = [row for row in rows if row["outcome"] == "mapped"]
    noun = NOUNS[report["source"]["message"]][0]
    yield f"Of the {_values(rows)} in this {noun} of {source}, {len(mapped):,} arrived at {target}{_changes(mapped)}."
    yield from _losses(rows)
    yield from _additions(report["target_leaves"], target)


def _changes(mapped: Rows) -> str:
    parts = [
        _phrase(found, words, told=True) if how in _TOLD else _number(found, words)
        for how, words in _CHANGED.items()
        if (found := _with(mapped, how))
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _losses(rows: Rows) -> Iterator[str]:
    for outcome, words in _FATES.items():
        lost = [row for row in rows if row["outcome"] == outcome]
        if lost:
            yield f"{len(lost):,} did not arrive and {words[len(lost) != 1]}: {_why_lost(lost)}."
    withheld = sum(row["outcome"] == "withheld" for row in rows)
    if withheld:
        yield f"{_count(withheld, 'secret was', 'secrets were')} withheld."


def _why_lost(lost: Rows) -> str:
    kinds = [(how, found) for how in _LEFT if (found := _with(lost, how))]
    if len(kinds) != 1:
        return "; ".join(_phrase(found, _LEFT[how], told=how in _EXPLAINED) for how, found in kinds)
    how, found = kinds[0]
    who = "it" if len(found) == 1 else "they"
    return f"{who} {_LEFT[how][len(found) != 1]} ({_places(found, FEW, told=how in _EXPLAINED)})"


def _additions(rows: Rows, target: str) -> Iterator[str]:
    there = [row for row in rows if row["cause"] != "missing"]
    parts = [
        _phrase(found, words, told=True)
        for cause, words in _ADDED.items()
        if (found := [row for row in there if row["cause"] == cause])
    ]
    if parts:
        yield f"Of the {_values(there)} for {target}, {', '.join(parts)}."


def _with(rows: Rows, how: str) -> Rows:
    return [row for row in rows if row.get("how") == how]


def _number(rows: Rows, words: Words) -> str:
    return f"{len(rows):,} {words[len(rows) != 1]}"


def _phrase(rows: Rows, words: Words, *, told: bool) -> str:
    """Say `2 have no place there (/a, /b)`; the reasons of each too if they are to be told."""
    return f"{_number(rows, words)} ({_places(rows, FEW, told=told)})"


def _places(rows: Rows, most: int, *, told: bool = False) -> str:
    """Name the first places; those with the same reason together, if reasons are to be told."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        why = printable(str(row["why"])) if told and row.get("why") else ""
        groups.setdefault(why, []).append(printable(row["pointer"]) or ROOT)
    shown = [f"{_first(places, most)}{f': {why}' if why else ''}" for why, places in groups.items()]
    return "; ".join(shown[:most]) + ("; and others" if len(shown) > most else "")


def _first(places: Sequence[str], most: int = FEW) -> str:
    shown = ", ".join(places[:most])
    return f"{shown} and {len(places) - most:,} more" if len(places) > most else shown


# One document on its way home


def _home(report: Mapping[str, Any]) -> Iterator[str]:
    rows: Rows = report["source_leaves"]
    if not rows:
        return
    source, target = report["source"]["partner"], report["target"]["partner"]
    same = sum(row["outcome"] == "unchanged" for row in rows)
    yield f"The order of {target} is back from {source}: of its {_values(rows)} there, {same:,} came back unchanged."
    changed = [*rows, *report["removed_leaves"]]
    returned = [row for row in changed if row["outcome"] == "returned"]
    if returned:
        yield f"{_count(len(returned), 'change was', 'changes were')} taken over ({_places(returned, MANY)})."
    for outcome, words in _STUCK.items():
        found = [row for row in changed if row["outcome"] == outcome]
        if found:
            what = f"{_count(len(found), 'change', 'changes')} {words[len(found) != 1]}"
            yield f"{what}: {', '.join(map(_stuck, found[:MANY]))}{_more(found)}."


def _more(rows: Sequence[Any]) -> str:
    return f" and {len(rows) - MANY:,} more" if len(rows) > MANY else ""


def _stuck(row: Mapping[str, Any]) -> str:
    how = str(row.get("how"))
    return f"{printable(row['pointer']) or ROOT} ({printable(str(row.get('why') or _HINDRANCES.get(how, how)))})"


# What came of it


def _verdict(report: Mapping[str, Any], problems: Sequence[Problem], written: str | None) -> Iterator[str]:
    target = report["target"]["partner"]
    missing = [problem for problem in problems if problem.code == _MISSING]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        yield f"{_values(missing)} that {target} requires {verb} missing: {_needs(missing)}."
    others = [problem for problem in problems if problem.code != _MISSING]
    if others:
        shown = "; ".join(map(_said, others[:MANY]))
        yield f"{_count(len(others), 'problem', 'problems')}: {shown}{_more(others)}."
    if not problems:
        yield f"Nothing that {target} requires is missing."
        return
    yield {
        "draft": "What is written is a draft.",
        None: "Nothing is written." if report["mode"] != "plan" else "This order would not be written.",
    }[written]


def _needs(missing: Sequence[Problem]) -> str:
    """Name every missing place, those with the same source of supply together."""
    groups: dict[str, list[str]] = {}
    for problem in missing:
        groups.setdefault(problem.fix or "", []).append(problem.pointer)
    return "; ".join(
        f"{_alike(places)} ({printable(need)})" if need else _alike(places) for need, places in groups.items()
    )


def _alike(places: Sequence[str]) -> str:
    """List places; of many that differ only in positions the first ones stand for all."""
    shapes: dict[str, list[str]] = {}
    for place in places:
        shapes.setdefault(_DIGITS.sub("/*", place), []).append(place)
    return ", ".join(_first([printable(place) or ROOT for place in found]) for found in shapes.values())


def _said(problem: Problem) -> str:
    return f"{printable(problem.pointer) or ROOT}: {printable(problem.message)}"


def _values(rows: Sequence[Any]) -> str:
    return _count(len(rows), "value", "values")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


# Many documents


def of_many(
    parties: tuple[str, str, str],
    counts: tuple[int, int, int],
    *,
    leaves: tuple[Mapping[str, int], Mapping[str, int]],
    why: Iterable[tuple[int, str]],
    is_planned: bool = False,
    notes: Iterable[str] = (),
) -> str:
    """Tell what became of many documents.

    `parties` are source, target and message; `counts` all documents, those that are complete, and the drafts; `leaves`
    the values by outcome and by cause, empty where nobody asked for reports; `why` how often there was which reason.
    """
    source, target, message = parties
    all_, complete, drafts = counts
    noun, nouns = NOUNS[message]
    rejected = all_ - complete - drafts
    were = _would if is_planned else _was
    became, what = "would become" if is_planned else "became", f"an {noun}" if complete == 1 else nouns
    given = [f"{complete:,} {became} {what} for {target}"]
    given += [f"{drafts:,} {were(drafts)} written as drafts"] * bool(drafts)
    given += [f"{rejected:,} {were(rejected)} rejected"] * bool(rejected)
    sentences = [f"{_count(all_, noun, nouns)} of {source}: {', '.join(given)}."]
    sentences += _totals(leaves, target)
    reasons = [f"{_count(times, 'time', 'times')} {what}" for times, what in why]
    sentences += [f"Why: {'; '.join(reasons)}."] * bool(reasons)
    return fill(" ".join([*sentences, *notes]), WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _would(_: int) -> str:
    return "would be"


def _totals(leaves: tuple[Mapping[str, int], Mapping[str, int]], target: str) -> Iterator[str]:
    for words, subject in zip(leaves, ("Their values", f"Values for {target}"), strict=True):
        parts = [f"{number:,} {word}" for word, number in words.items() if number]
        if parts:
            yield f"{subject}: {', '.join(parts)}."


def reason(code: str, pointer: str, fix: str) -> str:
    """Say a reason that was counted; an empty code stands for all the rest."""
    if not code:
        return "other reasons"
    what = f"{printable(pointer) or ROOT} is missing" if code == _MISSING else f"{code} at {printable(pointer) or ROOT}"
    return f"{what} ({printable(fix)})" if fix else what
