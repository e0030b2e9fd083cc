"""The `orderbridge` command: its sub-commands, each loaded when it is called, and how it ends.

Every way to end is decided here: what a person sees, and the exit code that a script sees.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from orderbridge import __version__
from orderbridge.errors import OrderbridgeError

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2
INTERNAL: Final = 3
INTERRUPTED: Final = 130
_WITH_RESULT: Final = frozenset({CLEAN, FINDINGS})

COMMANDS: Final = (
    "partners",
    "contract",
    "validate",
    "translate",
    "matrix",
    "mapping",
    "serve",
    "fuzz",
    "audit",
    "generate",
    "lint",
    "explain",
    "completion",
)
"""In the order of the help; each is a module of this package with a `command`."""

_EPILOG: Final = "Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 internal error, 130 interrupted."
EXAMPLES: Final = ("orderbridge validate {one} order.json", "orderbridge explain unknown-property")
"""What the help of the whole opens with; `{one}` stands for a partner."""
_DEBUG: Final = "--debug"
_HELP: Final = frozenset({"-h", "--help"})
_LONGEST: Final = 300


class _Commands(click.Group):
    """Imports a sub-command's module only when it is called, so that `--version` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # Help has to work where the configuration does not, and so has completion.
        if not _HELP & set(args):
            ctx.default_map = _defaults(quiet=ctx.resilient_parsing)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from orderbridge.cli.command import write_examples

        write_examples(EXAMPLES, formatter)
        super().format_help(ctx, formatter)


def load_command(name: str) -> click.Command:
    """Import a sub-command."""
    command: click.Command = import_module(f"orderbridge.cli.{name}").command
    return command


@click.command(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orderbridge", message="%(prog)s %(version)s")
# Taken out of the arguments before click sees them; declared for the help.
@click.option(_DEBUG, is_flag=True, expose_value=False, help="Show the trace of an internal error (anywhere).")
def cli() -> None:
    """Check partner orders against their contracts, and explain what is wrong with them."""


def _defaults(*, quiet: bool) -> dict[str, Any]:
    from orderbridge.cli.configuration import defaults

    try:
        return defaults()
    except OrderbridgeError:
        if not quiet:
            raise
        return {}


def run(given: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the promised exit code."""
    if sys.stderr is None:
        sys.stderr = _nowhere()
    if sys.stdout is None:
        # Whatever file is opened next would become our standard output.
        sys.exit(_said("standard output is closed"))
    arguments, debug = _without_debug(list(sys.argv[1:] if given is None else given))
    try:
        code = _run(arguments)
    except Exception as error:  # noqa: BLE001 - the promise is that no trace reaches a user
        code = _ended(error, debug=debug)
    sys.exit(_flushed(code))


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:end] if argument != _DEBUG]
    return [*options, *arguments[end:]], len(options) < end


def _run(arguments: list[str]) -> int:
    try:
        outcome: Any = cli.main(arguments, prog_name="orderbridge", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else CLEAN


def _ended(error: Exception, *, debug: bool) -> int:
    """Say why there is no result, and give the exit code that says so too."""
    match error:
        case click.ClickException():
            return _complain(error)
        case OrderbridgeError():
            return _said(str(error))
        case BrokenPipeError():
            return _closed()
        case OSError():
            return _failed(error)
        case _:
            return _internal(error, debug=debug)


def _complain(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return UNUSABLE
    context = getattr(error, "ctx", None)
    hint = f"; see: {context.command_path} --help" if context is not None else ""
    return _said(f"{_origin(error)}{error.format_message().rstrip('.')}{hint}")


def _origin(error: click.ClickException) -> str:
    """Name the variable that a bad value came from; nobody typed it on this line."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return ""
    name = error.param.name or ""
    if error.ctx.get_parameter_source(name) is not ParameterSource.ENVIRONMENT:
        return ""
    return f"{error.param.envvar}: "


def _said(message: str) -> int:
    line = " ".join(message.split())
    click.echo(f"orderbridge: {line}", err=True)
    return UNUSABLE


def _failed(error: OSError) -> int:
    where = f"{error.filename}: " if error.filename else "cannot write: "
    return _said(f"{where}{error.strerror or error}")


def _internal(error: Exception, *, debug: bool) -> int:
    if debug:
        from traceback import print_exception

        print_exception(error)
        return INTERNAL
    what = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    click.echo(
        f"orderbridge: internal error ({what}); please report it with what the same command prints with {_DEBUG}",
        err=True,
    )
    return INTERNAL


def _closed() -> int:
    """End quietly when the reader of our output is gone, but do not call it a success."""
    sys.stdout = _nowhere()
    return FINDINGS


def _flushed(code: int) -> int:
    """Write what is still buffered, so that a full disk is noticed while there is an exit code to give."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        sys.stdout = _nowhere()
        # Whoever was told already why there is no result need not hear it again.
        return _failed(error) if code in _WITH_RESULT else code
    return code


def _nowhere() -> Any:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for the rest of the process
