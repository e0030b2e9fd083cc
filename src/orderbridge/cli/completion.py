"""`orderbridge completion`: the script that teaches a shell our commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from orderbridge.cli.command import Command


@click.command(
    cls=Command,
    examples=(
        "orderbridge completion bash >> ~/.bashrc",
        "orderbridge completion fish > ~/.config/fish/completions/orderbridge.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell: commands, options, partners, operations and codes."""
    from orderbridge.cli.main import cli  # the group imports this module

    kind = get_completion_class(shell)
    assert kind is not None, "click completes every shell of the choice above"
    click.echo(kind(cli, {}, "orderbridge", "_ORDERBRIDGE_COMPLETE").source())
