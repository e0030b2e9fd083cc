"""A command whose help opens with examples: what people look for first.

The names in the examples come from the contracts that are there, so that no partner is named in code.
"""

from __future__ import annotations

from typing import Any, Final

import click

from orderbridge.errors import OrderbridgeError

_EPILOG: Final = "Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 internal error, 130 interrupted."
_STAND_INS: Final = ("acme", "umbrella")


class Command(click.Command):
    """A sub-command with two examples, in which `{one}` and `{other}` stand for partners."""

    def __init__(self, *arguments: Any, examples: tuple[str, str], **settings: Any) -> None:
        """Take what click takes, and the examples."""
        settings.setdefault("epilog", _EPILOG)
        super().__init__(*arguments, **settings)
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then what click writes."""
        write_examples(self.examples, formatter)
        super().format_help(ctx, formatter)


def write_examples(examples: tuple[str, ...], formatter: click.HelpFormatter) -> None:
    """Write the head of a help page, each command on one line that can be copied."""
    formatter.write("Examples:\n")
    for example in filled(examples):
        formatter.write(f"  {example}\n")
    formatter.write("\n")


def filled(examples: tuple[str, ...]) -> list[str]:
    """Put names of known partners into examples."""
    one, other = _names()
    return [example.replace("{one}", one).replace("{other}", other) for example in examples]


def _names() -> tuple[str, str]:
    from orderbridge.contract.catalogue import catalogue

    try:
        names = [entry.name for entry in catalogue().partners]
    except OrderbridgeError:  # help has to work where nothing else does
        names = []
    one, other, *_ = [*names, *_STAND_INS]
    return one, other
