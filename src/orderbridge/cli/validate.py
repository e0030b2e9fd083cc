"""`orderbridge validate`: documents against a contract, every problem shown in the format asked for."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import click

from orderbridge import __version__
from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.cli.output import report_stream
from orderbridge.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.api import Message, Partner
    from orderbridge.batch.checking import Outcome
    from orderbridge.batch.sources import Source
    from orderbridge.problem import Evidence
    from orderbridge.render.report import Renderer, Subject, Totals
    from orderbridge.validation.validator import Validator


@dataclass(frozen=True, slots=True)
class Target:
    """Which rules to check against, in words that another process can be given."""

    partner: str | None
    spec: str | None
    contracts: tuple[str, ...]
    message: Message
    operation: str | None
    status: str | None
    level: Evidence

    def load(self) -> Partner:
        """Load the contract."""
        return options.load_partner(self.partner, self.spec, self.contracts)

    def validator(self) -> Validator:
        """Load the contract and find its validator."""
        return self.validator_of(self.load())

    def validator_of(self, partner: Partner) -> Validator:
        """Find the validator of a loaded contract."""
        return partner.validator(message=self.message, operation=self.operation, status=self.status, level=self.level)


@click.command(
    cls=Command,
    examples=(
        "orderbridge validate {one} order.json",
        "cat orders.ndjson | orderbridge validate {other} --ndjson --format json -",
    ),
    epilog="Exit codes: 0 clean or warnings only, 1 problems, 2 unusable input or contract, or nothing to check.",
)
@click.argument("arguments", nargs=-1, metavar="PARTNER [FILE…]", shell_complete=completing.partner_then_files)
@options.contracts
@options.spec
@options.operation
@options.option(
    "--message", type=click.Choice(["request", "response"]), default="request", show_default=True, help="Which message."
)
@options.option(
    "--status", metavar="CODE", shell_complete=completing.statuses, help="The response's status; default: the success."
)
@options.level
@options.ndjson
@options.output_format
@options.output
@options.jobs
@options.color
def command(
    arguments: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
    operation: str | None,
    message: Message,
    status: str | None,
    level: Evidence,
    ndjson: bool,
    output_format: str,
    output: str | None,
    jobs: int,
    color: str,
) -> int:
    """Check documents against a partner's contract and show every problem.

    FILE is a `.json` file, an `.ndjson` or `.jsonl` file with one document per line, a glob, or `-`.
    Without FILE standard input is read.
    """
    from orderbridge.batch.sources import sources
    from orderbridge.render.formats import RENDERERS

    name, files = options.split_partner(arguments, spec)
    if status is not None and message == "request":
        raise UsageError("--status belongs to a response: add --message response")
    target = Target(name, spec, contracts, message, operation, status, level)
    inputs = sources(options.named(files, "check"), lined=ndjson)
    partner = target.load()
    validator = target.validator_of(partner)
    renderer = RENDERERS[output_format](
        color=options.wants_color(color, to_file=output is not None), version=__version__
    )
    # What is loaded by now stays to the end: the collector need not go through it again, neither while records are
    # checked nor when the process ends, and processes that are forked go on sharing it.
    gc.freeze()
    outcomes = _outcomes(inputs, target, validator, jobs, renderer)
    with report_stream(output, machine=output_format != "text") as stream:
        totals = _write(_subject(target, partner), renderer, outcomes, stream)
    if not totals.checked:
        raise InputError(f"nothing was checked: no record in {', '.join(source.name for source in inputs)}")
    return FINDINGS if totals.invalid else CLEAN


def _subject(target: Target, partner: Partner) -> Subject:
    operation = partner.contract.operation(target.operation)
    status = None
    if target.message == "response":
        status = target.status or operation.success or "default"
    from orderbridge.render.report import Subject

    return Subject(partner.name, operation.id, target.message, status, target.level)


def _outcomes(
    inputs: list[Source],
    target: Target,
    validator: Validator,
    jobs: int,
    renderer: Renderer,
) -> Iterator[Outcome]:
    from orderbridge.batch.checking import check_all
    from orderbridge.cli.progress import shown_progress

    return shown_progress(
        check_all(inputs, validator, target.validator, jobs=jobs, clean=renderer.wants_clean),
        total=sum(source.size for source in inputs),
        size=lambda outcome: outcome.size,
        prints=lambda outcome: bool(outcome.shown),
    )


def _write(subject: Subject, renderer: Renderer, outcomes: Iterable[Outcome], stream: IO[str]) -> Totals:
    from orderbridge.render.report import Totals

    stream.writelines(renderer.start(subject))
    totals = Totals()
    for outcome in outcomes:
        totals = totals + outcome.totals
        for checked in outcome.shown:
            stream.writelines(renderer.document(checked))
    stream.writelines(renderer.end(totals))
    return totals
