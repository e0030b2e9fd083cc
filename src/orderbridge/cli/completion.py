"""`orderbridge completion`: the script that teaches a shell our commands and options."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from orderbridge.cli.command import Command

_KINDS: Final[dict[str, type[ShellComplete]]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command(
    cls=Command,
    examples=(
        "orderbridge completion bash >> ~/.bashrc",
        "orderbridge completion fish > ~/.config/fish/completions/orderbridge.fish",
    ),
)
@click.argument("shell", type=click.Choice(list(_KINDS)))
def command(shell: str) -> None:
    """Print the completion script of a shell: commands, options, partners, operations and codes."""
    from orderbridge.cli.main import cli  # the group imports this module

    click.echo(_KINDS[shell](cli, {}, "orderbridge", "_ORDERBRIDGE_COMPLETE").source())
