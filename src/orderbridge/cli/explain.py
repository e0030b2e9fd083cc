"""`orderbridge explain`: what a problem code means."""

from __future__ import annotations

import click


@click.command()
@click.argument("code")
def command(code: str) -> None:
    """Say what a problem code means, why it matters and how to fix it.

    \b
    Examples:
      orderbridge explain unknown-property
      orderbridge explain number-out-of-range
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    from orderbridge.render.codes import explain  # noqa: PLC0415 - keeps --help light

    click.echo(explain(code), nl=False)
