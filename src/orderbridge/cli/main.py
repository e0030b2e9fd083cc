"""The `orderbridge` command: its sub-commands, each loaded when it is called, and how it ends.

Every way to end is decided here: what a person sees, and the exit code that a script sees.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge import __version__
from orderbridge.errors import OrderbridgeError

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2
INTERNAL: Final = 3
INTERRUPTED: Final = 130

COMMANDS: Final = ("partners", "contract", "validate", "generate", "lint", "explain", "completion")
"""In the order of the help; each is a module of this package with a `command`."""

_EPILOG: Final = "Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 internal error, 130 interrupted."


class _Commands(click.Group):
    """Imports a sub-command's module only when it is called, so that `--version` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"orderbridge.cli.{cmd_name}").command
        return command


@click.command(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orderbridge", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the trace of an internal error.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:  # noqa: FBT001 - click passes by name
    """Check and explain partner orders against their contracts.

    \b
    Examples:
      orderbridge validate unisouk order.json
      orderbridge explain unknown-property
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    ctx.ensure_object(dict)["debug"] = debug
    from orderbridge.cli.configuration import defaults  # noqa: PLC0415 - not needed for --version and --help

    ctx.default_map = defaults()


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the promised exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = _run(given)
    sys.exit(_flushed(code))


def _run(arguments: list[str]) -> int:
    try:
        outcome: Any = cli.main(arguments, prog_name="orderbridge", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _complain(error)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except OrderbridgeError as error:
        return _said(str(error))
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        return _said(f"cannot write: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - the promise is that no trace reaches a user
        if "--debug" in arguments:
            raise
        return _internal(error)
    return outcome if isinstance(outcome, int) else CLEAN


def _complain(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return UNUSABLE
    context = getattr(error, "ctx", None)
    hint = f"; see: {context.command_path} --help" if context is not None else ""
    return _said(f"{error.format_message().rstrip('.')}{hint}")


def _said(message: str) -> int:
    line = " ".join(message.split())
    click.echo(f"orderbridge: {line}", err=True)
    return UNUSABLE


def _internal(error: Exception) -> int:
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    click.echo(
        f"orderbridge: internal error ({what}); please report it with the output of the same command with --debug "
        "before the sub-command",
        err=True,
    )
    return INTERNAL


def _closed() -> int:
    """End quietly when the reader of our output is gone, but do not call it a success."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the rest of the process
    return FINDINGS


def _flushed(code: int) -> int:
    """Write what is still buffered, so that a full disk is noticed while there is an exit code to give."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return _said(f"cannot write: {error.strerror or error}")
    return code
