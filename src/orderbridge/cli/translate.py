"""`orderbridge translate`: orders of one partner in another's format, with an account of every value.

The only document is written for people, on lines of its own; what comes from several documents is a line for each.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge import jsontext
from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.job import PLAN, STDOUT, Asked, Job
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.cli.outlets import Names, opened, standard_error
from orderbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.batch.sources import Source
    from orderbridge.batch.tickets import Tickets
    from orderbridge.batch.translating import Outcome, Tally, Translator, Turned
    from orderbridge.cli.outlets import Outlets

# Written out, as the formats are: the modules that know them are needed only by who translates. A test compares.
MODES: Final = ("lenient", "strict", "plan")
CARRIES: Final = ("none", "slot")
MESSAGES: Final = ("request", "response", "error")
_MOST_REASONS: Final = 5
_INDENT: Final = 2


@click.command(
    cls=Command,
    examples=(
        "orderbridge translate --from {one} --to {other} --supply supply.yaml order.json",
        "orderbridge translate --from {one} --to {other} --mode plan",
    ),
    epilog="Exit codes: 0 translated, with whatever losses, 1 incomplete or refused, 2 unusable input or mapping.",
)
@click.argument("files", nargs=-1, metavar="[FILE…]", shell_complete=completing.files)
@options.option(
    "--from", "source", metavar="PARTNER", required=True, shell_complete=completing.partners, help="Whose orders."
)
@options.option(
    "--to", "target", metavar="PARTNER", required=True, shell_complete=completing.partners, help="Whose format."
)
@options.contracts
@options.operation
@options.option("--message", type=click.Choice(MESSAGES), default="request", show_default=True, help="Which message.")
@options.option(
    "--status", metavar="CODE", shell_complete=completing.statuses, help="The HTTP status of an answer or error."
)
@options.option("--supply", metavar="FILE", type=click.Path(), help="What the target is to get beside the order.")
@options.option(
    "--mode",
    type=click.Choice(MODES),
    default="lenient",
    show_default=True,
    help="`strict` refuses what would be lost, `plan` only says what would happen.",
)
@options.option("--partial", is_flag=True, help="Write incomplete orders too, as far as they go.")
@options.option("--headers", metavar="FILE", type=click.Path(), help="The request headers that came with the orders.")
@options.option("--headers-out", metavar="FILE", type=click.Path(), help="Write the target's request headers there.")
@options.option(
    "--carry",
    type=click.Choice(CARRIES),
    default="none",
    show_default=True,
    help="`slot`: the ticket travels in the document, encrypted.",
)
@options.option("--ticket", metavar="FILE", type=click.Path(), help="The tickets of orders that come back.")
@options.option("--ticket-out", metavar="FILE", type=click.Path(), help="Write the tickets for the way back there.")
@options.option("--ticket-key-file", metavar="FILE", type=click.Path(), help="The key of tickets that travel.")
@options.option("--report", metavar="FILE", type=click.Path(), help="Write the account of every value there.")
@options.option("--values", is_flag=True, help="Show the values in reports, secrets excepted.")
@options.option("--rejects", metavar="FILE", type=click.Path(), help="Write what could not be translated there.")
@options.ndjson
@options.output
@options.jobs
def command(files: tuple[str, ...], **given: Any) -> int:
    """Translate orders of one partner into another's format, and account for every value of them.

    FILE is a `.json` file, an `.ndjson` or `.jsonl` file with one document per line, a glob, or `-`.
    Without FILE standard input is read. With the ticket of an earlier translation an order comes home.
    """
    from orderbridge.batch.sources import sources

    asked = Asked(**given).checked()
    if asked.mode == PLAN and not files:
        return _print_schema(asked)
    inputs = sources(options.named(files, "translate"), lined=asked.ndjson)
    if len(inputs) == 1 and not inputs[0].lined:
        return _translate_one(inputs[0], asked)
    return _translate_many(inputs, asked)


def _print_schema(asked: Asked) -> int:
    """Say what has to be supplied, without any order."""
    from orderbridge.translation.wanted import supply_schema

    source, target = options.load_partners((asked.source, asked.target), asked.contracts)
    schema = supply_schema(source.side, target.side)
    with opened(Names(asked.output or STDOUT, None, None, None, None)) as outlets:
        _write(outlets.orders, _pretty(schema))
    return CLEAN


# One document


def _translate_one(source: Source, asked: Asked) -> int:
    from orderbridge.batch.sources import read_whole
    from orderbridge.batch.translating import Where
    from orderbridge.cli import given

    ticket = given.ticket(asked.ticket) if asked.ticket else None
    translator = Job(asked, ticket).translator()
    data = read_whole(source)
    made = translator.translated(data, 1)
    turned = translator.turned(made, data, Where(source.name, 1, 1))
    _write_one(turned, asked)
    _tell(_account_of_one(made.report, turned, asked))
    return FINDINGS if turned.problems else CLEAN


def _write_one(turned: Turned, asked: Asked) -> None:
    """Write what there is; what there is not leaves its file alone."""
    texts = {
        "orders": None if turned.order is None else _pretty(turned.order),
        "reports": None if turned.report is None else _pretty(turned.report),
        "tickets": None if turned.ticket is None else _line(turned.ticket),
        "headers": None if turned.headers is None else _pretty(turned.headers),
        # Always there if it is asked for: what an earlier run rejected must not be taken for this one's.
        "rejects": "" if turned.reject is None else f"{turned.reject}\n",
    }
    names = Names.of(asked)
    with opened(names.only(part for part, text in texts.items() if text is not None)) as outlets:
        for part, text in texts.items():
            _write(getattr(outlets, part), text or "")
    if turned.reject is not None and asked.rejects is None:
        standard_error().write(f"{turned.reject}\n")


def _account_of_one(report: dict[str, Any], turned: Turned, asked: Asked) -> str:
    from orderbridge.render.account import of_one

    written = None if turned.order is None else "draft" if turned.problems else "order"
    return of_one(report, turned.problems, written=written)


# Many documents


def _translate_many(inputs: list[Source], asked: Asked) -> int:
    from orderbridge.batch.tickets import indexed

    with indexed(Path(asked.ticket)) if asked.ticket else nullcontext() as tickets:
        job = Job(asked, tickets=tickets)
        outcomes = _outcomes(inputs, job, job.translator())
        with opened(Names.of(asked)) as outlets:
            tally = _write_many(outcomes, outlets)
    if not tally.records:
        raise InputError(f"nothing was translated: no record in {', '.join(source.name for source in inputs)}")
    _tell(_account_of_many(tally, asked, tickets))
    return CLEAN if tally.complete == tally.records else FINDINGS


def _outcomes(inputs: list[Source], job: Job, translator: Translator) -> Iterator[Outcome]:
    from orderbridge.batch.translating import translate_all
    from orderbridge.cli.progress import shown_progress

    asked = job.asked
    to_screen = asked.output is None and sys.stdout.isatty()
    return shown_progress(
        translate_all(inputs, translator, job.translator, jobs=asked.jobs),
        total=sum(source.size for source in inputs),
        size=lambda outcome: outcome.size,
        prints=lambda outcome: to_screen or bool(outcome.rejects and asked.rejects is None),
    )


def _write_many(outcomes: Iterable[Outcome], outlets: Outlets) -> Tally:
    from orderbridge.batch.translating import Tally, numbered

    tally = Tally()
    rejects = outlets.rejects or standard_error()
    written = 0
    for outcome in outcomes:
        _write(outlets.orders, outcome.orders)
        _write(outlets.reports, outcome.reports)
        _write(outlets.tickets, "".join(numbered(outcome.tickets, written)))
        _write(outlets.headers, "".join(numbered(outcome.headers, written)))
        _write(rejects, outcome.rejects)
        tally += outcome.tally
        written += outcome.written
    return tally


def _account_of_many(tally: Tally, asked: Asked, tickets: Tickets | None) -> str:
    from orderbridge.render.account import of_many, reason

    why = sorted(tally.why.items(), key=lambda each: -each[1])[:_MOST_REASONS]
    return of_many(
        (asked.source, asked.target, asked.message),
        (tally.records, tally.complete, tally.drafts),
        leaves=(tally.source, tally.target),
        why=[(times, reason(*what)) for what, times in why],
        is_planned=asked.mode == PLAN,
        notes=_notes(tally, asked, tickets),
    )


def _notes(tally: Tally, asked: Asked, tickets: Tickets | None) -> Iterator[str]:
    if asked.report is None and asked.mode != PLAN:
        what = "could not be taken over" if asked.comes_home else "has no place there"
        yield f"What {what} is named, one by one, with --report FILE."
    if tickets is not None and tickets.unreadable:
        yield f"Lines of {asked.ticket} that are no tickets: {tickets.unreadable:,}."


# Writing


def _write(stream: Any, text: str) -> None:
    if stream is not None and text:
        stream.write(text)


def _pretty(value: Any) -> str:
    from orderbridge.render.machine import plain

    return plain(jsontext.write(value, indent=_INDENT)) + "\n"


def _line(value: Any) -> str:
    from orderbridge.render.machine import compact

    return compact(value) + "\n"


def _tell(account: str) -> None:
    """Say the account, after everything that was written before it."""
    sys.stdout.flush()
    click.echo(account, err=True, nl=False)
