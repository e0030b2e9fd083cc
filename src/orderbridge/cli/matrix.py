"""`orderbridge matrix`: what becomes of every member between every two partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orderbridge import __version__
from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.output import report_stream
from orderbridge.errors import UnknownPartnerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command(
    cls=Command,
    examples=("orderbridge matrix", "orderbridge matrix --from {one} --to {other}"),
    epilog="Exit codes: 0 written, 2 unusable input or usage.",
)
@options.option(
    "--from", "source", metavar="PARTNER", shell_complete=completing.partners, help="Only pairs from there."
)
@options.option("--to", "target", metavar="PARTNER", shell_complete=completing.partners, help="Only pairs to there.")
@options.contracts
@options.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Format.",
)
@options.output
def command(
    source: str | None, target: str | None, contracts: tuple[str, ...], output_format: str, output: str | None
) -> None:
    """Tell what a translation does with every member, from the contracts and mappings alone.

    One line of counts per pair; with --from and --to all members of that pair as well.
    """
    made = _document(source, target, contracts)
    with report_stream(output, machine=output_format != "text") as stream:
        stream.writelines(_rendered(made, output_format))


def _document(source: str | None, target: str | None, contracts: tuple[str, ...]) -> dict[str, Any]:
    from orderbridge.api import matrix
    from orderbridge.forecast.document import document

    if source is not None and source == target:
        raise UsageError(f"{source} is not translated to itself: name another partner")
    named = (source, target) if source is not None and target is not None else ()
    partners = {each.name: each for each in options.load_partners(named, contracts)}
    for name in (source, target):
        if name is not None and name not in partners:
            raise UnknownPartnerError(name, partners)
        if name is not None and partners[name].mapping is None:
            raise UsageError(f"{name} has no mapping")
    return document(matrix(partners.values()), source, target)


def _rendered(made: dict[str, Any], output_format: str) -> Iterator[str]:
    from orderbridge.render import matrix

    if output_format == "json":
        yield from matrix.json(made, version=__version__)
    else:
        yield matrix.markdown(made) if output_format == "markdown" else matrix.text(made)
