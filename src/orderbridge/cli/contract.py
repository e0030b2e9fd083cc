"""`orderbridge contract`: the document that other tools should read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.problem import LEVELS

if TYPE_CHECKING:
    from orderbridge.problem import Evidence


@click.command(
    cls=Command,
    examples=(
        "orderbridge contract {one}",
        "orderbridge contract {other} --level documented --bundle > {other}.json",
    ),
)
@click.argument("arguments", nargs=-1, metavar="PARTNER", shell_complete=completing.first_partner)
@options.contracts
@options.spec
@options.option(
    "--level", type=click.Choice(LEVELS), help="Leave out every constraint with weaker evidence; default: keep all."
)
@options.option("--bundle", is_flag=True, help="One self-contained JSON document, examples and references inlined.")
def command(
    arguments: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
    level: Evidence | None,
    bundle: bool,
) -> None:
    """Print a partner's OpenAPI document: as it is written, or as other tools should read it."""
    from orderbridge import jsontext
    from orderbridge.contract.files import read_bytes
    from orderbridge.errors import UsageError

    name, rest = options.split_partner(arguments, spec)
    if rest:
        msg = f"one contract at a time: {' '.join(rest)} is too much"
        raise UsageError(msg)
    contract = options.load_partner(name, spec, contracts).contract
    if not bundle and level is None:
        text = read_bytes(contract.file)
    else:
        document = contract.document if level is None else contract.at(level).document
        text = jsontext.write(document, indent=2) + b"\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
