"""Options that several commands share, each declared once, and what they stand for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from orderbridge.cli import completing
from orderbridge.errors import UsageError
from orderbridge.problem import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.api import Partner

Decorator = Any

_MOST_JOBS: Final = 64
# The names of the formats are written out: the formats themselves are needed only by who writes them, and a
# test compares the two.
FORMATS: Final = ("text", "json", "ndjson", "sarif", "junit", "github")


def option(*names: str, **settings: Any) -> Callable[[Decorator], Decorator]:
    """Declare an option that the environment can set as well: `--level` is `ORDERBRIDGE_LEVEL`."""
    long = next(name for name in names if name.startswith("--"))
    variable = f"ORDERBRIDGE_{long.removeprefix('--').replace('-', '_').upper()}"
    return click.option(*names, envvar=variable, **settings)


contracts = option(
    "--contracts",
    multiple=True,
    metavar="DIR",
    # A path, so that the environment's value is split as PATH is.
    type=click.Path(),
    shell_complete=completing.folders,
    help="A partner's folder, or a folder of them, beside the built-in ones (repeatable).",
)
spec = option("--spec", metavar="FILE", type=click.Path(), help="Any OpenAPI 3.0 document, in the place of PARTNER.")
level = option(
    "--level",
    type=click.Choice(LEVELS),
    default="documented",
    show_default=True,
    help="The weakest evidence whose breach is an error; the rest warns.",
)
output_format = option(
    "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True, help="What to write."
)
operation = option(
    "--operation",
    metavar="ID",
    shell_complete=completing.operations,
    help="The operation; default: the create operation.",
)
ndjson = option("--ndjson", is_flag=True, help="Every FILE holds one document per line.")
jobs = option("--jobs", type=click.IntRange(1, _MOST_JOBS), default=1, show_default=True, help="Processes for NDJSON.")
output = option("--output", metavar="FILE", type=click.Path(), help="Write there instead of to standard output.")
color = option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)


def wants_color(choice: str, *, to_file: bool) -> bool:
    """Decide on colours: the flag, then NO_COLOR and FORCE_COLOR, then the file, then whether a person is looking."""
    by_hand = _source("color") in {ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT}
    if by_hand and choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if choice != "auto":
        return choice == "always"
    return not to_file and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def is_typed(parameter: str) -> bool:
    """Tell whether an option was given with this very call, and not by the environment or a file for every call."""
    return _source(parameter) is ParameterSource.COMMANDLINE


def _source(parameter: str) -> ParameterSource | None:
    return click.get_current_context().get_parameter_source(parameter)


def split_partner(arguments: tuple[str, ...], spec_file: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Tell PARTNER from FILEs: with `--spec` all positionals are files.

    Raises:
        UsageError: there is neither a partner nor a document.

    """
    if spec_file is not None:
        return None, arguments
    if not arguments:
        msg = "which partner? Name one (`orderbridge partners` lists them), or give a document with --spec FILE"
        raise UsageError(msg)
    return arguments[0], arguments[1:]


def named(files: tuple[str, ...], verb: str) -> tuple[str, ...]:
    """Take standard input where no FILE is named; `verb` says what would be done to it.

    Raises:
        UsageError: a person sits there, who would wait for nothing.

    """
    if files:
        return files
    if sys.stdin is None or sys.stdin.isatty():
        msg = f"nothing to {verb}: name a FILE, or pipe a document in"
        raise UsageError(msg)
    return ("-",)


def load_partner(name: str | None, spec_file: str | None, folders: tuple[str, ...]) -> Partner:
    """Load what PARTNER, or `--spec` in its place, names."""
    from orderbridge.api import Partner
    from orderbridge.contract.catalogue import catalogue

    if spec_file is not None:
        from orderbridge.contract.loading import load

        path = Path(spec_file)
        return Partner(load(path, path.stem))
    known = catalogue(Path(folder) for folder in folders)
    return Partner(known.contract(name or ""), known)


def load_partners(names: tuple[str, ...], folders: tuple[str, ...]) -> list[Partner]:
    """Load several partners that may be the user's own; all that are known where none is named."""
    from orderbridge.api import Partner
    from orderbridge.contract.catalogue import catalogue

    known = catalogue(Path(folder) for folder in folders)
    wanted = names or tuple(entry.name for entry in known.partners)
    return [Partner(known.contract(name), known) for name in wanted]
