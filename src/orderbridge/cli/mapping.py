"""`orderbridge mapping show`: a partner's mapping as it is understood, or the code that it becomes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge.cli import completing, options
from orderbridge.cli.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Section
    from orderbridge.mapping.survey import Seen
    from orderbridge.translation.side import Side

MESSAGES: Final = ("request", "response", "error", "headers")
_ROLES: Final = {"aka": "other spelling", "also": "twin", "currency": "currency", "match": "names the row"}


@click.command(
    cls=Command,
    examples=("orderbridge mapping show {one}", "orderbridge mapping show {other} --code --message response"),
    epilog="Exit codes: 0 written, 2 unusable input or usage.",
)
@click.argument("action", type=click.Choice(["show"]))
@click.argument("partner", shell_complete=completing.partners)
@options.option("--message", type=click.Choice(MESSAGES), help="Only this kind of message.")
@options.option("--code", is_flag=True, help="The Python source that is generated of the lines.")
@options.contracts
def command(action: str, partner: str, message: str | None, code: bool, contracts: tuple[str, ...]) -> None:
    """Show a partner's mapping: each line with its paths on both sides, or the source it is compiled to."""
    side = options.load_partner(partner, None, contracts).side
    chosen = [each for each in MESSAGES if message in {None, each}]
    for each in chosen:
        section = side.mapping.sections[each]  # type: ignore[index] # one of the four
        if section.operations:
            sys.stdout.writelines(_source(side, section) if code else _lines(section))


def _lines(section: Section) -> Iterator[str]:
    from orderbridge.mapping.survey import survey

    rows = [_row(seen) for seen in survey(section) if seen.role in {"at", "rows", *_ROLES}]
    width = [max(len(row[column]) for row in rows) for column in range(2)]
    yield f"{section.message}\n"
    for path, hub, what, rule in rows:
        yield f"  {path:{width[0]}}  {hub:{width[1]}}  {what}".rstrip() + f"  ({rule})\n"
    yield "\n"


def _row(seen: Seen) -> tuple[str, str, str, str]:
    """Give the partner's path, the hub's, what happens between them, and where the line is written."""
    from orderbridge.mapping.notation import write_path
    from orderbridge.render.printable import printable

    what = [_ROLES[seen.role]] if seen.role in _ROLES else []
    what += [*_said(seen.line)]
    return (
        printable(write_path(seen.at)),
        printable(f"<-> {seen.hub}") if seen.hub is not None else "",
        printable(", ".join(what)),
        f"{seen.line.origin}",
    )


def _said(line: Any) -> Iterator[str]:
    from orderbridge.mapping.operations import Each, Leave

    if isinstance(line, Each):
        yield f"each element is a row of {line.to}"
    if isinstance(line, Leave):
        yield f"not mapped: {line.reason}"
    codec = getattr(line, "codec", None)
    if codec is not None and codec.name != "text":
        yield codec.name
    if getattr(line, "when", None) is not None:
        yield "under a condition"
    if getattr(line, "fill", None) is not None:
        yield "filled"


def _source(side: Side, section: Section) -> Iterator[str]:
    from orderbridge.errors import UsageError
    from orderbridge.mapping.compiled.lower_values import UncompiledError
    from orderbridge.mapping.compiling import lift_code, lower_code

    try:
        codes = (lift_code(section), lower_code(section, side.reserved))
    except UncompiledError as error:
        msg = (
            f"the lines of the {section.message} are not compiled: they meet in a way that only the interpreter follows"
        )
        raise UsageError(msg) from error
    for code in codes:
        yield f"# {code.function}: {section.message} of {side.name}\n"
        yield from _constants(code)
        yield f"{code.source}\n"


def _constants(code: Code) -> Iterator[str]:
    """Say what the names in the source stand for; values are written in ASCII, on one line each."""
    for name, value in code.constants.items():
        if isinstance(value, frozenset):
            shown = f"{{{', '.join(map(ascii, sorted(value)))}}}"
        elif callable(value):
            shown = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
        else:
            shown = ascii(value) if isinstance(value, (tuple, list, dict, str)) else type(value).__name__
        yield f"# {name} = {shown[:200]}\n"
