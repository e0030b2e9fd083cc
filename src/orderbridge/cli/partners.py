"""`orderbridge partners`: which contracts are known."""

from __future__ import annotations

from pathlib import Path

import click

from orderbridge import __version__
from orderbridge.cli import options


@click.command()
@options.contracts
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format."
)
def command(contracts: tuple[str, ...], output_format: str) -> None:
    """List the partners that are known, built in and your own.

    \b
    Examples:
      orderbridge partners
      orderbridge partners --contracts ./our-partners --format json
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    from orderbridge.contract.catalogue import catalogue  # noqa: PLC0415 - keeps --help light
    from orderbridge.render import partners  # noqa: PLC0415
    from orderbridge.validation.examples import examples  # noqa: PLC0415

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
    if output_format == "text":
        click.echo(partners.text(rows), nl=False)
        return
    for text in partners.json(rows, version=__version__):
        click.echo(text, nl=False)
