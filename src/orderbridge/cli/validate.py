"""`orderbridge validate`: documents against a contract, every problem shown in the format asked for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from orderbridge import __version__
from orderbridge.cli import options
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.errors import InputError, UsageError
from orderbridge.render.formats import RENDERERS
from orderbridge.render.report import Subject, Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.api import Message, Partner
    from orderbridge.batch.checking import Outcome
    from orderbridge.batch.sources import Source
    from orderbridge.problem import Evidence
    from orderbridge.render.report import Renderer
    from orderbridge.validation.validator import Validator

_MOST_JOBS: Final = 64


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
        return partner.validator(
            message=self.message, operation=self.operation, status=self.status, level=self.level
        )


@click.command(
    epilog="Exit codes: 0 clean or warnings only, 1 problems, 2 unusable input or contract, or nothing to check."
)
@click.argument("arguments", nargs=-1, metavar="PARTNER [FILE…]")
@options.contracts
@options.spec
@options.option("--operation", metavar="ID", help="The operation; default: the create operation.")
@click.option(
    "--message", type=click.Choice(["request", "response"]), default="request", show_default=True, help="Which message."
)
@click.option("--status", metavar="CODE", help="The response's status; default: the success.")
@options.level
@click.option("--ndjson", is_flag=True, help="Every FILE holds one document per line.")
@options.output_format
@options.output
@options.option(
    "--jobs", type=click.IntRange(1, _MOST_JOBS), default=1, show_default=True, help="Processes for NDJSON."
)
@options.color
def command(
    arguments: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
    operation: str | None,
    message: Message,
    status: str | None,
    level: Evidence,
    ndjson: bool,  # noqa: FBT001 - click passes by name
    output_format: str,
    output: str | None,
    jobs: int,
    color: str,
) -> int:
    """Check documents against a partner's contract and show every problem.

    FILE is a `.json` file, an `.ndjson` or `.jsonl` file with one document per line, a glob, or `-`.
    Without FILE standard input is read.

    \b
    Examples:
      orderbridge validate unisouk order.json
      cat orders.ndjson | orderbridge validate fabric --ndjson --format json -
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    from orderbridge.batch.sources import sources  # noqa: PLC0415 - keeps --help light

    name, files = options.split_partner(arguments, spec)
    target = Target(name, spec, contracts, message, operation, status, level)
    inputs = sources(_named(files), lined=ndjson)
    partner = target.load()
    validator = target.validator_of(partner)
    subject = _subject(target, partner)
    renderer = RENDERERS[output_format](
        color=options.wants_color(color, to_file=output is not None), version=__version__
    )
    totals = _write(subject, renderer, _outcomes(inputs, target, validator, jobs, renderer), output)
    if not totals.checked:
        msg = f"nothing was checked: no record in {', '.join(source.name for source in inputs)}"
        raise InputError(msg)
    return FINDINGS if totals.invalid else CLEAN


def _named(files: tuple[str, ...]) -> tuple[str, ...]:
    if files:
        return files
    if sys.stdin is None or sys.stdin.isatty():
        msg = "nothing to check: name a FILE, or pipe a document in"
        raise UsageError(msg)
    return ("-",)


def _subject(target: Target, partner: Partner) -> Subject:
    operation = partner.contract.operation(target.operation)
    status = None
    if target.message == "response":
        status = target.status or operation.success or "default"
    return Subject(partner.name, operation.id, target.message, status, target.level)


def _outcomes(
    inputs: list[Source],
    target: Target,
    validator: Validator,
    jobs: int,
    renderer: Renderer,
) -> Iterator[Outcome]:
    from orderbridge.batch.checking import check_all  # noqa: PLC0415
    from orderbridge.cli.progress import shown_progress  # noqa: PLC0415

    make = target.validator if jobs > 1 else partial(_same, validator)
    outcomes = check_all(inputs, make, jobs=jobs, clean=renderer.wants_clean)
    return shown_progress(outcomes, total=sum(source.size for source in inputs), size=lambda outcome: outcome.size)


def _same(validator: Validator) -> Validator:
    return validator


def _write(subject: Subject, renderer: Renderer, outcomes: Iterable[Outcome], output: str | None) -> Totals:
    if output is None:
        return _stream(subject, renderer, outcomes, sys.stdout)
    try:
        stream = Path(output).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"{output} cannot be written: {error.strerror or error}"
        raise InputError(msg) from error
    with stream:
        return _stream(subject, renderer, outcomes, stream)


def _stream(subject: Subject, renderer: Renderer, outcomes: Iterable[Outcome], stream: IO[str]) -> Totals:
    write = stream.write
    for text in renderer.start(subject):
        write(text)
    totals = Totals()
    for outcome in outcomes:
        totals = totals + outcome.totals
        for checked in outcome.shown:
            for text in renderer.document(checked):
                write(text)
    for text in renderer.end(totals):
        write(text)
    return totals
