"""`orderbridge generate`: typed models from contracts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.errors import UsageError

if TYPE_CHECKING:
    from orderbridge.contract.catalogue import Catalogue


@click.command(
    cls=Command,
    examples=(
        "orderbridge generate --check",
        "orderbridge generate acme --contracts ./our-partners --output ./acme_models",
    ),
)
@click.argument("partners", nargs=-1, metavar="[PARTNER…]", shell_complete=completing.partners)
@options.contracts
@options.spec
# Not from the environment: there the same name is the file of a report.
@click.option(
    "--output", metavar="DIR", type=click.Path(), help="The package's folder; default: generated/orderbridge_models."
)
@options.option("--check", is_flag=True, help="Write nothing; fail when a file is not what it should be.")
def command(
    partners: tuple[str, ...], contracts: tuple[str, ...], spec: str | None, output: str | None, check: bool
) -> int:
    """Write typed models (pydantic) from contracts, or check that they are up to date.

    Without PARTNER all known contracts are meant.
    """
    from orderbridge import generate

    known, names = _known(partners, contracts, spec)
    folder = Path(output) if output else generate.default_folder()
    if not check:
        for path in generate.generate(names, folder, known):
            click.echo(f"written {path}", err=True)
        return CLEAN
    drift = generate.check(names, folder, known)
    for line in drift:
        click.echo(line)
    return FINDINGS if drift else CLEAN


def _known(
    partners: tuple[str, ...], contracts: tuple[str, ...], spec: str | None
) -> tuple[Catalogue, tuple[str, ...]]:
    from orderbridge.contract.catalogue import Catalogue, Entry, catalogue

    if spec is None:
        return catalogue(Path(folder) for folder in contracts), partners
    if partners:
        raise UsageError(f"--spec takes the place of PARTNER: {' '.join(partners)} is too much")
    path = Path(spec)
    return Catalogue({path.stem: Entry(path.stem, path.parent, path, built_in=False)}), (path.stem,)
