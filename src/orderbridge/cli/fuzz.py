"""`orderbridge fuzz`: Schemathesis against a server, with a partner's contract."""

from __future__ import annotations

from functools import partial
from secrets import randbelow
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from orderbridge.fuzz.fuzzing import Outcome
    from orderbridge.problem import Evidence

UNUSABLE: Final = 2
_SEEDS: Final = 2**32
_OURS: Final = ("--url", "-u", "--origin", "--seed", "--max-examples", "-n")
"""Options of Schemathesis that have the same name here, and that what we print depends on."""


@click.command(
    cls=Command,
    examples=(
        "orderbridge fuzz {one}",
        "orderbridge fuzz {other} --url http://127.0.0.1:4010 --header 'Authorization: Bearer s' -- --report junit",
    ),
    epilog="Exit codes: 0 clean, 1 findings, 2 unusable input or too little was accepted, 130 interrupted.",
)
@click.argument("arguments", nargs=-1, metavar="PARTNER [-- SCHEMATHESIS…]", shell_complete=completing.first_partner)
@options.option("--url", metavar="URL", help="The server; default: one of ours, started for it.")
# Not from the environment, which divides values at spaces.
@click.option("--header", "headers", metavar="'K: V'", multiple=True, help="Goes with every request (repeatable).")
@options.option(
    "--mode",
    type=click.Choice(["mock", "reference"]),
    default="mock",
    show_default=True,
    help="Which server of ours, without --url.",
)
@options.option(
    "--max-examples", type=click.IntRange(1), default=100, show_default=True, help="Cases per operation and phase."
)
@options.option("--seed", type=click.IntRange(0), help="The same seed makes the same requests; default: a new one.")
@options.option(
    "--min-success",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="The least share of requests that have to be accepted (2xx).",
)
@options.level
@options.contracts
@options.spec
def command(
    arguments: tuple[str, ...],
    url: str | None,
    headers: tuple[str, ...],
    mode: str,
    max_examples: int,
    seed: int | None,
    min_success: float,
    level: Evidence,
    contracts: tuple[str, ...],
    spec: str | None,
) -> int:
    """Fuzz a server with requests that keep a partner's contract, and with requests that do not.

    What stands after -- is Schemathesis' own: reports (--report junit,har), a baseline, filters, phases, checks.
    """
    name, rest = _passed(*options.split_partner(arguments, spec))
    load = partial(options.load_partner, name, spec, contracts)
    contract = load().contract.at(level)
    fuzzing, serving = _stage()
    seed = randbelow(_SEEDS) if seed is None else seed
    click.echo(f"orderbridge: fuzzing {contract.name} with seed {seed} (--seed {seed} repeats it)", err=True)
    wanted = fuzzing.Wanted(seed, max_examples, headers, rest)
    if url is not None:
        from orderbridge.fuzz.reach import reach

        reach(url)
        return _concluded(fuzzing.fuzz(contract, url, wanted), min_success)
    with serving.serving(load, mode) as own:
        return _concluded(fuzzing.fuzz_known(contract, own, wanted, mode), min_success)


def _passed(name: str | None, rest: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """See to it that what is passed on are options, and none that are ours."""
    if rest and not rest[0].startswith("-"):
        raise UsageError(f"one contract at a time: {rest[0]} is too much; options for Schemathesis stand after --")
    for each in rest:
        option = each.partition("=")[0]
        if option in _OURS:
            raise UsageError(f"{option} is an option of this command too: say it before the --")
    return name, rest


def _stage() -> tuple[Any, Any]:
    try:
        from orderbridge.fuzz import fuzzing, serving
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "orderbridge":
            raise
        raise MissingExtraError("orderbridge fuzz", "fuzz") from error
    return fuzzing, serving


def _concluded(outcome: Outcome, least: float) -> int:
    """Print the shares of success, and make an error of a run that found nothing because it was turned away."""
    share = outcome.tally.share()
    if share.asked:
        click.echo("\n".join(outcome.tally.lines()))
    if outcome.code or share.part >= least:
        return outcome.code
    click.echo(f"orderbridge: too little was checked: {share} requests were accepted, below {least:.1%}", err=True)
    return UNUSABLE
