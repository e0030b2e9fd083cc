"""`orderbridge lint`: contracts, their examples and mappings against the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderbridge import __version__
from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.cli.output import report_stream
from orderbridge.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.render.report import Checked


@click.command(
    cls=Command,
    examples=("orderbridge lint", "orderbridge lint acme --contracts ./our-partners --format github"),
    epilog="Exit codes: 0 clean or warnings only, 1 findings, 2 unusable input.",
)
@click.argument("partners", nargs=-1, metavar="[PARTNER…]", shell_complete=completing.partners)
@options.contracts
@options.spec
@options.output_format
@options.color
def command(
    partners: tuple[str, ...], contracts: tuple[str, ...], spec: str | None, output_format: str, color: str
) -> int:
    """Check contracts, their examples and their mappings against the rules that keep tools agreeing on them.

    Without PARTNER: every folder of --contracts, or else every built-in contract.
    """
    from orderbridge.render.formats import RENDERERS
    from orderbridge.render.report import LintSubject, Totals

    if spec and partners:
        raise UsageError(f"--spec takes the place of PARTNER: {' '.join(partners)} is too much")
    documents = list(_by_spec(spec) if spec else _by_folder(partners, contracts))
    renderer = RENDERERS[output_format](color=options.wants_color(color, to_file=False), version=__version__)
    totals = Totals()
    with report_stream(None, machine=output_format != "text") as stream:
        stream.writelines(renderer.start(LintSubject(tuple(name for name, _ in documents))))
        for _, checked in documents:
            totals = totals.plus(checked)
            if checked.problems or renderer.wants_clean:
                stream.writelines(renderer.document(checked))
        stream.writelines(renderer.end(totals))
    return FINDINGS if totals.invalid else CLEAN


def _by_folder(partners: tuple[str, ...], contracts: tuple[str, ...]) -> Iterator[tuple[str, Checked]]:
    from orderbridge.contract.catalogue import catalogue
    from orderbridge.linting import lint_partner
    from orderbridge.render.report import Checked

    known = catalogue(Path(folder) for folder in contracts)
    for name in partners or [entry.name for entry in known.entries.values() if entry.built_in != bool(contracts)]:
        document = known.entry(name).document
        problems = tuple(lint_partner(known, name))
        yield name, Checked(str(document), None, problems, _text(document))


def _by_spec(spec: str) -> Iterator[tuple[str, Checked]]:
    from orderbridge.linting import lint_contract
    from orderbridge.render.report import Checked

    contract = options.load_partner(None, spec, ()).contract
    yield contract.name, Checked(spec, None, tuple(lint_contract(contract)), _text(contract.file))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
