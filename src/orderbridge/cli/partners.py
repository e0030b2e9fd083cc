"""`orderbridge partners`: which contracts are known."""

from __future__ import annotations

from pathlib import Path

import click

from orderbridge import __version__
from orderbridge.cli import options
from orderbridge.cli.command import Command
from orderbridge.cli.output import report_stream


@click.command(
    cls=Command,
    examples=("orderbridge partners", "orderbridge partners --contracts ./our-partners --format json"),
)
@options.contracts
@options.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format."
)
def command(contracts: tuple[str, ...], output_format: str) -> None:
    """List the partners that are known, built in and your own."""
    from orderbridge.contract.catalogue import catalogue
    from orderbridge.render import partners
    from orderbridge.validation.examples import examples

    known = catalogue(Path(folder) for folder in contracts)
    rows = []
    for entry in known.partners:
        contract = known.contract(entry.name)
        rows.append(
            partners.PartnerRow(
                name=entry.name,
                title=contract.title,
                version=contract.version,
                operations=tuple(contract.operations),
                examples=sum(1 for _ in examples(contract)),
                source=str(entry.folder),
                built_in=entry.built_in,
            )
        )
    with report_stream(None, machine=output_format == "json") as stream:
        if output_format == "json":
            stream.writelines(partners.json(rows, version=__version__))
        else:
            stream.write(partners.text(rows))
