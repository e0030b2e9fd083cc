"""The table of known partners, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderbridge.render.machine import compact
from orderbridge.render.printable import encodable, printable, width
from orderbridge.render.report import TOOL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP: Final = "  "
_HEAD: Final = ("PARTNER", "VERSION", "EXAMPLES", "FROM", "TITLE", "OPERATIONS")


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One known partner; `source` is the folder that it was read from."""

    name: str
    title: str
    version: str
    operations: tuple[str, ...]
    examples: int
    source: str
    built_in: bool


def text(rows: Sequence[PartnerRow]) -> str:
    """Write aligned columns under a head line; operations come last, as there may be many."""
    lines = [_HEAD, *(_columns(row) for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "".join(_line(cells, widths) + "\n" for cells in lines)


def json(rows: Sequence[PartnerRow], *, version: str = "") -> Iterator[str]:
    """Yield one JSON object, one partner per line."""
    head = compact({"tool": TOOL, "version": version})[:-1]
    yield f'{head},"partners":['
    yield ",".join(f"\n {compact(_members(row))}" for row in rows)
    yield "]}\n"


def _columns(row: PartnerRow) -> tuple[str, ...]:
    source = "built-in" if row.built_in else row.source
    cells = (row.name, row.version, str(row.examples), source, row.title, ", ".join(row.operations))
    return tuple(printable(cell) for cell in cells)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (full - width(cell)) for cell, full in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _members(row: PartnerRow) -> dict[str, object]:
    return {
        "name": encodable(row.name),
        "title": encodable(row.title),
        "version": encodable(row.version),
        "operations": [encodable(operation) for operation in row.operations],
        "examples": row.examples,
        "source": encodable(row.source),
        "built_in": row.built_in,
    }
