"""`orderbridge generate`: typed models from contracts."""

from __future__ import annotations

from pathlib import Path

import click

from orderbridge.cli import options
from orderbridge.cli.main import CLEAN, FINDINGS


@click.command()
@click.argument("partners", nargs=-1, metavar="[PARTNER…]")
@options.contracts
@click.option("--output", metavar="DIR", help="The package's folder; default: generated/orderbridge_models.")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what it should be.")
def command(partners: tuple[str, ...], contracts: tuple[str, ...], output: str | None, check: bool) -> int:  # noqa: FBT001
    """Write typed models (pydantic) from contracts, or check that they are up to date.

    Without PARTNER all built-in contracts are meant.

    \b
    Examples:
      orderbridge generate --check
      orderbridge generate acme --contracts ./our-partners --output ./acme_models
    """  # noqa: D301 - \b is click's mark for a block that is not to be wrapped
    from orderbridge import generate  # noqa: PLC0415 - keeps --help light
    from orderbridge.contract.catalogue import catalogue  # noqa: PLC0415

    known = catalogue(Path(folder) for folder in contracts)
    names = partners or generate.default_names(known)
    folder = Path(output) if output else generate.default_folder()
    if not check:
        for path in generate.generate(names, folder, known):
            click.echo(f"written {path}", err=True)
        return CLEAN
    drift = generate.check(names, folder, known)
    for line in drift:
        click.echo(line)
    return FINDINGS if drift else CLEAN
