"""`orderbridge audit`: recorded HTTP exchanges against a partner's contract, through openapi-core and our own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orderbridge import __version__
from orderbridge.cli import completing, options
from orderbridge.cli.command import Command
from orderbridge.cli.main import CLEAN, FINDINGS
from orderbridge.cli.output import report_stream
from orderbridge.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.batch.sources import Source
    from orderbridge.problem import Evidence
    from orderbridge.render.audit import Audited
    from orderbridge.render.report import Checked


@click.command(
    cls=Command,
    examples=("orderbridge audit {one} recording.har", "orderbridge audit {one} 'recordings/*.har' --format json"),
    epilog="Exit codes: 0 clean or warnings only, 1 findings, 2 unusable input, or no exchange is for the contract.",
)
@click.argument("arguments", nargs=-1, metavar="PARTNER FILE.har…", shell_complete=completing.partner_then_files)
@options.contracts
@options.spec
@options.level
@options.output_format
@options.output
@options.color
def command(
    arguments: tuple[str, ...],
    contracts: tuple[str, ...],
    spec: str | None,
    level: Evidence,
    output_format: str,
    output: str | None,
    color: str,
) -> int:
    """Check recorded HTTP exchanges (HAR files) against a partner's contract, and show how far the two have drifted.

    FILE is a HAR file as browsers, proxies and test tools write it, a glob, or `-`. Without FILE standard input is
    read. Exchanges for other paths are skipped and counted.
    """
    from orderbridge.batch.sources import sources
    from orderbridge.render.audit import Audited
    from orderbridge.render.formats import RENDERERS
    from orderbridge.render.report import AuditSubject

    name, files = options.split_partner(arguments, spec)
    inputs = sources(options.named(files, "audit"), lined=False)
    auditing = _auditing()
    partner = options.load_partner(name, spec, contracts)
    audit = auditing.Audit(partner, level)
    renderer = RENDERERS[output_format](
        color=options.wants_color(color, to_file=output is not None), version=__version__
    )
    totals = Audited()
    with report_stream(output, machine=output_format != "text") as stream:
        stream.writelines(renderer.start(AuditSubject(partner.name, level)))
        for checked in _checked(inputs, audit):
            totals = totals.plus(checked)
            if checked.problems or renderer.wants_clean:
                stream.writelines(renderer.document(checked))
        if not totals.checked:
            raise InputError(_nothing(audit, partner.name, inputs))
        totals = audit.report(totals)
        stream.writelines(renderer.end(totals))
        stream.writelines(_tail(output_format, totals))
    return FINDINGS if totals.invalid else CLEAN


def _auditing() -> Any:
    try:
        from orderbridge.audit import auditing
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "orderbridge":
            raise
        raise MissingExtraError("orderbridge audit", "audit") from error
    return auditing


def _checked(inputs: list[Source], audit: Any) -> Iterator[Checked]:
    from orderbridge.audit.har import read_bytes

    for source in inputs:
        with source.open() as stream:
            data = read_bytes(stream, source.name)
        yield from audit.file(source.name, data)


def _nothing(audit: Any, partner: str, inputs: list[Source]) -> str:
    from orderbridge.validation import show

    hosts = [show.value(host) for host, _ in audit.hosts.most_common(3)]
    where = f"; they are for {show.choice(hosts)}" if hosts else ""
    names = ", ".join(source.name for source in inputs)
    return f"nothing was checked: {names} holds no exchange for {partner}{where}"


def _tail(output_format: str, totals: Audited) -> Iterator[str]:
    from orderbridge.render.audit import ndjson_tail, text_tail

    tails = {"text": text_tail, "ndjson": ndjson_tail}
    return tails[output_format](totals) if output_format in tails else iter(())
