"""The matrix of all pairs, for people, for programs and as a page of the documentation.

It is made of plain values: the document that programs are given.
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from orderbridge.render.machine import compact
from orderbridge.render.printable import printable, width
from orderbridge.render.report import TOOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Pair = Mapping[str, Any]
    Rows = Sequence[Mapping[str, Any]]

KINDS: Final[Mapping[str, str]] = {
    "exact": "arrives as it stands",
    "converted": "arrives in the target's own spelling",
    "conditional": "required, and only some orders can fill it",
    "filled": "a constant, derived or implied, whatever the order says",
    "supplied": "required, and has to be supplied",
    "empty": "optional, and nothing becomes it",
}
_ORDER: Final = ("supplied", "conditional", "exact", "converted", "filled")
"""The kinds that are listed, what wants something done first."""
_GAP: Final = "  "
_WIDTH: Final = 100
_NO_HOME: Final = "no home at the target"
_COUNTS: Final = (*KINDS, "mapped", "carried")
_PREFACE: Final = """\
# What survives between two partners

What a translation does with every member, told from the contracts and the mapping files alone. This page is the output
of `orderbridge matrix --format markdown`; a test compares them. `orderbridge matrix --from A --to B` shows one pair.

Members of the **target**:
"""
_AND_SOURCE: Final = """\
Members of the **source** are *mapped*, or *carried*: they have no home at the target and travel in the ticket. Secrets
are never handed on, and counted only where the target requires one. Paths are those of the mapping files; `*` is every
element of a list, and `header:` a request header.
"""


def text(document: Mapping[str, Any]) -> str:
    """Write one line of counts per pair; of a single pair also the members that become something, or should."""
    pairs = document["pairs"]
    head = ("FROM", "TO", *(name.upper() for name in _COUNTS))
    lines = [head, *((each["source"], each["target"], *map(str, _counts(each))) for each in pairs)]
    table = _aligned(lines)
    return table + _details(pairs[0]) if len(pairs) == 1 else table


def json(document: Mapping[str, Any], *, version: str = "") -> Iterator[str]:
    """Yield the document as JSON, one pair per line."""
    head = compact({"tool": TOOL, "version": version, **{name: document[name] for name in ("matrix", "partners")}})[:-1]
    yield f'{head},"pairs":['
    yield ",".join(f"\n {compact(each)}" for each in document["pairs"])
    yield "]}\n"


def markdown(document: Mapping[str, Any]) -> str:
    """Write the page: the counts of all pairs, then each pair with its members."""
    kinds = "".join(f"- **{kind}**: {meaning}\n" for kind, meaning in KINDS.items())
    parts = [_PREFACE, kinds, _AND_SOURCE, _counts_table(document["pairs"]), *map(_section, document["pairs"])]
    return "\n".join(parts)


def _counts(pair: Pair) -> list[int]:
    return [pair["counts"][name] for name in _COUNTS]


# Text


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    shown = [[printable(cell) for cell in line] for line in lines]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    return "".join(_GAP.join(_padded(line, widths)).rstrip() + "\n" for line in shown)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for index, (cell, full) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (full - width(cell))
        yield cell + space if index < 2 else space + cell  # noqa: PLR2004 - two names, then numbers


def _details(pair: Pair) -> str:
    parts = [_group(kind, KINDS[kind], _of(pair["members"], kind), _member_line) for kind in _ORDER]
    home, left = _by_home(pair["carried"])
    parts.append(_group("carried", "no home at the target: in the ticket", home, lambda row: str(row["path"])))
    parts.append(_group("carried", "left by the source's mapping: in the ticket", left, _left_line))
    return "".join(parts)


def _group(kind: str, meaning: str, rows: Rows, line: Callable[[Mapping[str, Any]], str]) -> str:
    if not rows:
        return ""
    shown = "".join(f"{_wrapped(line(row))}\n" for row in rows)
    return f"\n{kind} ({len(rows)}): {meaning}\n{shown}"


def _wrapped(line: str) -> str:
    return fill(printable(line), _WIDTH, initial_indent=_GAP, subsequent_indent=_GAP * 3, break_on_hyphens=False)


def _member_line(row: Mapping[str, Any]) -> str:
    sources = f" <- {', '.join(row['sources'])}" if row["sources"] else ""
    said = [f"({row['why']})" if row["why"] else "", f": {row['need']}" if row["need"] else ""]
    return f"{row['path']}{sources} {said[0]}".rstrip() + said[1]


def _left_line(row: Mapping[str, Any]) -> str:
    return f"{row['path']} ({row['why']})"


# Markdown


def _counts_table(pairs: Sequence[Pair]) -> str:
    head = f"| from | to | {' | '.join(_COUNTS)} |\n|---|---|{'--:|' * len(_COUNTS)}\n"
    return head + "".join(_counts_row(each) for each in pairs)


def _counts_row(pair: Pair) -> str:
    link = f"[{pair['target']}](#{pair['source']}-to-{pair['target']})"
    return f"| {pair['source']} | {link} | {' | '.join(map(str, _counts(pair)))} |\n"


def _section(pair: Pair) -> str:
    rows = [row for kind in _ORDER for row in _of(pair["members"], kind)]
    table = "".join(map(_member_row, rows))
    home, left = _by_home(pair["carried"])
    parts = [
        f"## {pair['source']} to {pair['target']}\n",
        f"| member | from | how | why, or where to get it |\n|---|---|---|---|\n{table}",
    ]
    if home:
        said = f"Without a home at {pair['target']}: {len(home)} members"
        parts.append(f"<details><summary>{said}</summary>\n\n{_listed(home)}\n\n</details>\n")
    if left:
        parts.append(f"Left by the mapping of {pair['source']}: {len(left)} members.\n")
    return "\n".join(parts)


def _member_row(row: Mapping[str, Any]) -> str:
    said = "; ".join(each for each in (row["why"], row["need"]) if each)
    sources = ", ".join(map(_code, row["sources"]))
    return f"| {_code(row['path'])} | {sources} | {row['kind']} | {_cell(said)} |\n"


def _listed(rows: Rows) -> str:
    return ", ".join(_code(row["path"]) for row in rows)


def _code(path: str) -> str:
    """Write a path as code; one that holds back quotes stands between two of them."""
    shown = _cell(path)
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _cell(said: str) -> str:
    return printable(said).replace("|", r"\|")


def _of(rows: Rows, kind: str) -> Rows:
    return [row for row in rows if row["kind"] == kind]


def _by_home(rows: Rows) -> tuple[Rows, Rows]:
    return [row for row in rows if row["why"] == _NO_HOME], [row for row in rows if row["why"] != _NO_HOME]
