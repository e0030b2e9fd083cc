"""Orders of any number of sources, translated in order, in constant memory, by one process or several.

What is not asked for is not made: the account of an order's leaves costs many times what the order itself does. What
is made is handed over as lines of text, ready to be written, so that nothing of an order outlives its piece.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from orderbridge import jsontext
from orderbridge.batch.checking import chunks
from orderbridge.batch.crew import crew
from orderbridge.batch.sources import Source, read_whole
from orderbridge.render.machine import compact, problem_json
from orderbridge.translation.homecoming import identity_of
from orderbridge.translation.reasons import AT_SOURCE, reasons
from orderbridge.translation.road import run
from orderbridge.translation.ticket import lost
from orderbridge.translation.translating import read_payload, refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from orderbridge.batch.checking import Chunk
    from orderbridge.problem import Problem
    from orderbridge.translation.side import Side
    from orderbridge.translation.translating import Request, Translation

CHUNK: Final = 1 << 18
"""Bytes of lines that are translated together."""
LARGE: Final = 1 << 15
"""The same where each line gives far more than an order: with accounts and tickets."""
_MOST_REASONS: Final = 100
"""Different reasons of refusal that are counted apart; a stream may hold ever new ones."""
_HIDDEN: Final = "•••"
PLAN: Final = "plan"
"""The mode in which nothing but reports is given."""

Reason = tuple[str, str, str]
"""A code, a pointer in which `*` stands for any position, and what helps."""
OTHER: Final[Reason] = ("", "", "")
"""All reasons beyond those that are counted apart."""


class Lookup(Protocol):
    """Where the tickets of many orders are found."""

    def find(self, identity: Sequence[Any] | None, record: int) -> Any:
        """Find a ticket, None where there is none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted beside the orders; with `drafts` an incomplete order is given as far as it goes."""

    reports: bool = False
    tickets: bool = False
    headers: bool = False
    drafts: bool = False
    hides_secrets: bool = True


class Where(NamedTuple):
    """Where a document stands: its file, the number of its record in the whole run, its line (1 if it is the file)."""

    file: str
    record: int
    line: int


class Turned(NamedTuple):
    """What one document became: values and lines that are None where they are not wanted or not there."""

    order: Any = None
    report: Any = None
    ticket: Any = None
    identity: Any = None
    headers: Any = None
    reject: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents became what, and why the others became nothing."""

    records: int = 0
    complete: int = 0
    drafts: int = 0
    source: Mapping[str, int] = field(default_factory=dict)
    target: Mapping[str, int] = field(default_factory=dict)
    why: Mapping[Reason, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """Count the documents that gave nothing."""
        return self.records - self.complete - self.drafts

    def __add__(self, other: Tally) -> Tally:
        """Add the counts of other documents."""
        return Tally(
            self.records + other.records,
            self.complete + other.complete,
            self.drafts + other.drafts,
            Counter(self.source) + Counter(other.source),
            Counter(self.target) + Counter(other.target),
            _bounded(Counter(self.why) + Counter(other.why)),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of one source; `record` is the number of the first document in them."""

    chunk: Chunk
    record: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece became: lines to write, and counts.

    Tickets and headers belong to an order that was written: each is the order's position among those of this piece
    (from 0), and the rest of a line behind its number.
    """

    tally: Tally
    orders: str = ""
    reports: str = ""
    rejects: str = ""
    tickets: tuple[tuple[int, str], ...] = ()
    headers: tuple[tuple[int, str], ...] = ()
    size: int = 0

    @property
    def written(self) -> int:
        """Count the orders and drafts."""
        return self.tally.complete + self.tally.drafts


@dataclass(frozen=True)
class Translator:
    """Two partners and all that is asked for; `tickets` are those of many orders, `ticket` is that of the only one."""

    source: Side
    target: Side
    request: Request
    wanted: Wanted = field(default_factory=Wanted)
    tickets: Lookup | None = None
    ticket: Any = None

    def turn(self, data: bytes, where: Where) -> Turned:
        """Translate one document."""
        made = self.translated(data, where.record)
        order = made.order
        if order is not None and self._is_plain:
            return Turned(order)
        return self.turned(made, data, where)

    @property
    def _is_plain(self) -> bool:
        wanted = self.wanted
        return not (wanted.reports or wanted.tickets or wanted.headers)

    def turned(self, made: Translation, data: bytes, where: Where) -> Turned:
        """Give of a translation what is wanted."""
        wanted, order = self.wanted, made.order
        why = reasons(made) if order is None else ()
        if order is None and wanted.drafts:
            order = made.draft
        # A plan is not expected to give an order, so that nothing is refused.
        is_refused = order is None and self.request.mode != PLAN
        given = order is not None
        return Turned(
            order,
            made.report if wanted.reports else None,
            made.ticket if wanted.tickets and given else None,
            identity_of(self.target, order) if wanted.tickets and given else None,
            made.headers if wanted.headers and given else None,
            self._reject(placed(why, data, where, whole=made.draft is None), data, where) if is_refused else None,
            why,
        )

    def translated(self, data: bytes, record: int) -> Translation:
        """Translate one document, with its ticket if it comes home."""
        if self.tickets is None:
            return run(self.source, self.target, data, self.request, self.ticket)
        document, problems = read_payload(data)
        if not problems:
            ticket = self.tickets.find(identity_of(self.source, document), record)
            if ticket is not None:
                return run(self.source, self.target, document, self.request, ticket)
            problems = (lost("the file of tickets has none for it, or more than one"),)
        return refusing(self.source, self.target, self.request, document, problems)

    def _reject(self, why: Iterable[Problem], data: bytes, where: Where) -> str:
        text = data.decode("utf-8", "backslashreplace")
        if self.wanted.hides_secrets:
            text = _without_secrets(text, self.source.contract.secrets)
        return compact({"record": where.record, "problems": [*map(problem_json, why)], "text": text})


def placed(problems: Iterable[Problem], data: bytes, where: Where, *, whole: bool) -> list[Problem]:
    """Give problems with their file and record, and with line and column where they are the document's own.

    Those are all if `whole`, else those whose codes say so: the others are about the target's document.
    """
    every = list(problems)
    own = {each.pointer for each in every if each.line is None and (whole or each.code in AT_SOURCE)}
    known = jsontext.locate(data.decode("utf-8", "replace"), own) if own else {}
    return [_placed(each, where, known if whole or each.code in AT_SOURCE else {}) for each in every]


def _placed(problem: Problem, where: Where, known: Mapping[str, jsontext.Place]) -> Problem:
    line, column = problem.line, problem.column
    if line is None and problem.pointer in known:
        line, column = known[problem.pointer].line, known[problem.pointer].column
    if line is not None:
        line += where.line - 1
    return problem.placed(file=where.file, record=where.record, line=line, column=column)


def _without_secrets(text: str, names: frozenset[str]) -> str:
    for start, end in reversed(jsontext.secret_spans(text, names)):
        text = f"{text[:start]}{_HIDDEN}{text[end:]}"
    return text


# Many documents


def translate_all(
    inputs: Iterable[Source], translator: Translator, make: Callable[[], Translator], *, jobs: int = 1
) -> Iterator[Outcome]:
    """Translate every document of every source, in order.

    `make` builds the same translator again, for a process that cannot inherit this one; it must be picklable.

    Raises:
        InputError: a source cannot be read.
        WorkerLostError: a process that translates has ended before its work.

    """
    wanted = translator.wanted
    size = LARGE if wanted.reports or wanted.tickets else CHUNK
    lined = any(source.lined for source in inputs)
    number = _Number()
    with crew(_translate_piece, translator, make, jobs if lined else 1) as work:
        for source in inputs:
            if source.lined:
                yield from work(_pieces(source, size, number))
            else:
                yield _translate_document(source, translator, number)


def translate_piece(piece: Piece, translator: Translator) -> Outcome:
    """Translate each line of a piece; blank lines hold no document."""
    chunk, number = piece.chunk, piece.record
    found: list[tuple[int, Turned]] = []
    for line, data in enumerate(chunk.data.split(b"\n"), chunk.line):
        if data and not data.isspace():
            # A line may end as other systems end it; that end is not part of the document.
            found.append((number, translator.turn(data.removesuffix(b"\r"), Where(chunk.file, number, line))))
            number += 1
    return _outcome(found, len(chunk.data))


def _translate_piece(translator: Translator, piece: Piece) -> Outcome:
    return translate_piece(piece, translator)


def _translate_document(source: Source, translator: Translator, number: _Number) -> Outcome:
    data = read_whole(source)
    record = number.take(1)
    return _outcome([(record, translator.turn(data, Where(source.name, record, 1)))], len(data))


class _Number:
    """Numbers the documents of a run from 1."""

    def __init__(self) -> None:
        self._next = 1

    def take(self, count: int) -> int:
        """Give the first of so many numbers."""
        first = self._next
        self._next += count
        return first


def _pieces(source: Source, size: int, number: _Number) -> Iterator[Piece]:
    for chunk in chunks(source, size):
        count = sum(not line.isspace() for line in chunk.data.split(b"\n") if line)
        yield Piece(chunk, number.take(count))


def _outcome(found: Sequence[tuple[int, Turned]], size: int) -> Outcome:
    """Write the lines of some documents."""
    given = [turned for _, turned in found if turned.order is not None]
    return Outcome(
        tally_of([turned for _, turned in found]),
        _lines(compact(turned.order) for turned in given),
        _lines(compact({"record": number, "report": turned.report}) for number, turned in found if turned.report),
        _lines(turned.reject for _, turned in found if turned.reject is not None),
        tuple(_tails(given, lambda each: each.ticket and {"identity": each.identity, "ticket": each.ticket})),
        tuple(_tails(given, lambda each: None if each.headers is None else {"headers": each.headers})),
        size,
    )


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def _tails(given: Sequence[Turned], members: Callable[[Turned], Any]) -> Iterator[tuple[int, str]]:
    for position, turned in enumerate(given):
        found = members(turned)
        if found is not None:
            yield position, compact(found)[1:]


def numbered(tails: Iterable[tuple[int, str]], before: int) -> Iterator[str]:
    """Finish lines that belong to orders: each gets the number of its order among all that were written."""
    for position, tail in tails:
        yield f'{{"record":{before + position + 1},{tail}\n'


def tally_of(found: Sequence[Turned]) -> Tally:
    """Count what documents became."""
    records = len(found)
    flawed = [turned for turned in found if turned.problems]
    source: Counter[str] = Counter()
    target: Counter[str] = Counter()
    for turned in found:
        if turned.report is not None:
            source.update(turned.report["counts"]["source"])
            target.update(turned.report["counts"]["target"])
    # A dictionary, not a set: what is counted first has to be first in every run.
    why = Counter(reason for turned in flawed for reason in dict.fromkeys(map(_reason, turned.problems)))
    drafts = sum(turned.order is not None for turned in flawed)
    return Tally(records, records - len(flawed), drafts, source, target, _bounded(why))


def _reason(problem: Problem) -> Reason:
    steps = ("*" if step.isdigit() else step for step in problem.pointer.split("/"))
    return problem.code, "/".join(steps), problem.fix or ""


def _bounded(why: Counter[Reason]) -> Counter[Reason]:
    if len(why) <= _MOST_REASONS:
        return why
    kept = Counter(dict(why.most_common(_MOST_REASONS - 1)))
    kept[OTHER] += sum(why.values()) - sum(kept.values())
    return kept
