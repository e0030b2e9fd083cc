"""`orderbridge serve`: partners' APIs on a port, from their contracts."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderbridge.api import Partner

_MOST_WORKERS: Final = 64
_REFERENCE: Final = "reference"
_OF_REFERENCE: Final = ("database", "fixtures")


@click.command(
    cls=Command,
    examples=("orderbridge serve {one}", "orderbridge serve --mode reference --database orders.db --port 8080"),
    epilog="Exit codes: 0 stopped, 2 unusable input or an address in use, 130 interrupted.",
)
@click.argument("partners", nargs=-1, metavar="[PARTNER…]", shell_complete=completing.partners)
@options.option(
    "--mode",
    type=click.Choice(["mock", _REFERENCE]),
    default="mock",
    show_default=True,
    help="Answers made from the contract, or kept orders.",
)
@options.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@options.option(
    "--port", type=click.IntRange(0, 65_535), default=4010, show_default=True, help="The port; 0: any that is free."
)
@options.option(
    "--database", metavar="URL", default="orderbridge.db", show_default=True, help="A file, or postgresql+psycopg://…"
)
@options.option("--tokens", metavar="FILE", type=click.Path(), help="Who may call, and with which credentials.")
@options.option("--fixtures", metavar="FILE", type=click.Path(), help="What is there before the first order.")
@options.option(
    "--workers", type=click.IntRange(1, _MOST_WORKERS), default=1, show_default=True, help="Processes that answer."
)
@options.option("--limit", "limits", metavar="NAME=VALUE", multiple=True, help="What a request may cost (repeatable).")
@options.contracts
@options.spec
def command(
    partners: tuple[str, ...],
    mode: str,
    host: str,
    port: int,
    database: str,
    tokens: str | None,
    fixtures: str | None,
    workers: int,
    limits: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
) -> int:
    """Serve the APIs of partners over HTTP.

    One partner is served at its documented paths, several each under its name; without PARTNER all of them are.
    """
    from orderbridge.server.limits import read_limits
    from orderbridge.server.listening import Listening
    from orderbridge.server.tokens import read_tokens

    listening = Listening(host, port, workers)
    if tokens is None and not listening.is_loopback:
        raise UsageError(f"--host {host} can be called from elsewhere: say who may with --tokens FILE")
    _see_to_mode(mode)
    known = read_tokens(Path(tokens)) if tokens else None
    bounds = read_limits(limits)
    served = _partners(partners, contracts, spec)
    _see_to_files(served)
    app, run = _server()
    settings = app.Settings(
        mode=mode, database=database, fixtures=Path(fixtures) if fixtures else None, tokens=known, limits=bounds
    )
    code: int = run.run(lambda log: app.build(served, settings, log), bounds, listening, click.echo)
    return code


def _see_to_files(served: Iterable[Partner]) -> None:
    """Read the mappings and behaviours of the user's own partners: an address must not be told of what cannot be used.

    Those that come with orderbridge can be; they are read beside the first answers, as all is compiled.
    """
    for partner in served:
        if partner.known is not None and not partner.known.entry(partner.name).built_in:
            _ = partner.mapping, partner.behaviour


def _see_to_mode(mode: str) -> None:
    """Refuse an option that the mode has no use for: whoever types it waits for an effect."""
    idle = next((name for name in _OF_REFERENCE if options.is_typed(name)), None) if mode != _REFERENCE else None
    if idle is not None:
        raise UsageError(f"--{idle} is for --mode {_REFERENCE}: a {mode} keeps nothing and answers from the contract")


def _server() -> tuple[Any, Any]:
    try:
        with warnings.catch_warnings():
            # The framework imports what its own dependencies deprecate; users can do nothing about it.
            warnings.simplefilter("ignore")
            from orderbridge.server import app, run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "orderbridge":
            raise
        raise MissingExtraError("orderbridge serve", "server") from error
    return app, run


def _partners(names: tuple[str, ...], contracts: tuple[str, ...], spec: str | None) -> list[Partner]:
    if spec is not None:
        if names:
            raise UsageError(f"--spec takes the place of PARTNER: {' '.join(names)} is too much")
        return [options.load_partner(None, spec, ())]
    return options.load_partners(tuple(dict.fromkeys(names)), contracts)
