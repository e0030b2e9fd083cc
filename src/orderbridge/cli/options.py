"""Options that several commands share, each declared once, and what they stand for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge.errors import UsageError
from orderbridge.problem import LEVELS
from orderbridge.render.formats import RENDERERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.api import Partner

Decorator = Any

FORMATS: Final = tuple(RENDERERS)


def _option(*names: str, **settings: Any) -> Callable[[Decorator], Decorator]:
    """Declare an option that the environment can set as well: `--level` is `ORDERBRIDGE_LEVEL`."""
    long = next(name for name in names if name.startswith("--")).partition("/")[0]
    variable = f"ORDERBRIDGE_{long.removeprefix('--').replace('-', '_').upper()}"
    return click.option(*names, envvar=variable, **settings)


option = _option

contracts = _option(
    "--contracts",
    multiple=True,
    metavar="DIR",
    help="A partner's folder, or a folder of them, beside the built-in ones (repeatable).",
)
spec = _option("--spec", metavar="FILE", help="Any OpenAPI 3.0 document, in the place of PARTNER.")
level = _option(
    "--level",
    type=click.Choice(LEVELS),
    default="documented",
    show_default=True,
    help="The weakest evidence whose breach is an error; the rest warns.",
)
output_format = _option(
    "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True, help="What to write."
)
output = _option("--output", metavar="FILE", help="Write there instead of to standard output.")
color = _option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours."
)


def wants_color(choice: str, *, to_file: bool) -> bool:
    """Decide on colours: the flag, then NO_COLOR and FORCE_COLOR, then whether a person is looking."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return not to_file and sys.stdout.isatty()


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


def load_partner(name: str | None, spec_file: str | None, folders: tuple[str, ...]) -> Partner:
    """Load what PARTNER, or `--spec` in its place, names."""
    from orderbridge.api import Partner  # noqa: PLC0415 - keeps --help light
    from orderbridge.contract.catalogue import catalogue  # noqa: PLC0415
    from orderbridge.contract.loading import load  # noqa: PLC0415

    if spec_file is not None:
        path = Path(spec_file)
        return Partner(load(path, path.stem))
    known = catalogue(Path(folder) for folder in folders)
    return Partner(known.contract(name or ""))
