"""`orderbridge explain`: what a problem code means."""

from __future__ import annotations

import click

from orderbridge.cli import completing
from orderbridge.cli.command import Command


@click.command(
    cls=Command,
    examples=("orderbridge explain unknown-property", "orderbridge explain number-out-of-range"),
)
@click.argument("code", shell_complete=completing.codes)
def command(code: str) -> None:
    """Say what a problem code means, why it matters and how to fix it."""
    from orderbridge.render.codes import explain

    click.echo(explain(code), nl=False)
