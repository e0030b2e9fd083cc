"""`orderbridge contract`: the document that other tools should read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from orderbridge.cli import options
from orderbridge.problem import LEVELS

if TYPE_CHECKING:
    from orderbridge.problem import Evidence


@click.command()
@click.argument("arguments", nargs=-1, metavar="PARTNER")
@options.contracts
@options.spec
@options.option(
    "--level", type=click.Choice(LEVELS), help="Leave out every constraint with weaker evidence; default: keep all."
)
@click.option("--bundle", is_flag=True, help="One self-contained JSON document, examples and references inlined.")
def command(
    arguments: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
    level: Evidence | None,
    bundle: bool,  # noqa: FBT001 - click passes by name
) -> None:
    """Print a partner's OpenAPI document: as it is written, or as other tools should read it.

    \b
    Examples:
      orderbridge contract unisouk
      orderbridge contract fabric --level documented --bundle > fabric.json
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    from orderbridge import jsontext  # noqa: PLC0415 - keeps --help light
    from orderbridge.contract.files import read_bytes  # noqa: PLC0415
    from orderbridge.errors import UsageError  # noqa: PLC0415

    name, rest = options.split_partner(arguments, spec)
    if rest:
        msg = f"one partner at a time: {' '.join(rest)} is too much"
        raise UsageError(msg)
    contract = options.load_partner(name, spec, contracts).contract
    if not bundle and level is None:
        text = read_bytes(contract.file)
    else:
        document = contract.document if level is None else contract.at(level).document
        text = jsontext.write(document, indent=2) + b"\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
