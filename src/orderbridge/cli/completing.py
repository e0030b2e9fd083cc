"""What a shell is offered while a command is typed: partners, operations, codes, files.

Nothing here may fail or print: the shell is in the middle of somebody's line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from orderbridge.errors import OrderbridgeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from orderbridge.contract.contract import Contract


def partner_then_files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer partners in the first place, files in the others; with `--spec` there are only files."""
    if ctx.params.get("spec") or _typed(ctx, parameter):
        return [CompletionItem(incomplete, type="file")]
    return partners(ctx, parameter, incomplete)


def first_partner(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer partners where only one is taken."""
    return [] if ctx.params.get("spec") or _typed(ctx, parameter) else partners(ctx, parameter, incomplete)


def partners(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the known partners."""
    from orderbridge.contract.catalogue import catalogue

    try:
        names = [entry.name for entry in catalogue(_folders(ctx)).partners]
    except (OrderbridgeError, OSError):
        return []
    return _matching(names, incomplete)


def operations(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the operations of the partner that is named already."""
    contract = _contract(ctx)
    return _matching(contract.operations, incomplete) if contract else []


def statuses(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the statuses of the operation that is named already, or else of the default one."""
    contract = _contract(ctx)
    if contract is None:
        return []
    try:
        operation = contract.operation(ctx.params.get("operation"))
    except OrderbridgeError:
        return []
    return _matching(operation.responses, incomplete)


def codes(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the problem codes."""
    from orderbridge.problem import CODES

    return _matching(CODES, incomplete)


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell to offer files."""
    return [CompletionItem(incomplete, type="file")]


def folders(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell to offer folders."""
    return [CompletionItem(incomplete, type="dir")]


def _matching(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _typed(ctx: click.Context, parameter: click.Parameter) -> Any:
    return ctx.params.get(parameter.name or "")


def _contract(ctx: click.Context) -> Contract | None:
    from orderbridge.cli.options import load_partner

    # While an option lacks its value, click has not yet told positionals from what is left over.
    typed, spec = ctx.params.get("arguments") or ctx.args, ctx.params.get("spec")
    # A translation names its source by an option; its positionals are files.
    name = ctx.params.get("source") or (typed[0] if typed else None)
    if not name and not spec:
        return None
    try:
        return load_partner(name, spec, ctx.params.get("contracts") or ()).contract
    except (OrderbridgeError, OSError):
        return None


def _folders(ctx: click.Context) -> list[Path]:
    return [Path(folder) for folder in ctx.params.get("contracts") or ()]
