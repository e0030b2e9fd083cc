"""Every cell of `tests/suite/correspondence.csv` is a line of that partner's mapping: the facts, written out once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orderbridge import api
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each
from orderbridge.mapping.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.mapping.survey import Seen

FILE = Path(__file__).parent / "suite" / "correspondence.csv"
CELLS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
PARTNERS = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
SPEAKS = frozenset({"at", "aka", "also", "currency", "rows"})
"""Roles of paths that a line gives a meaning; the others are only looked at."""


@cache
def meanings(partner: str) -> frozenset[tuple[str, str]]:
    """Give every path that the mapping of orders and of their headers speaks of, with the leaf that it means."""
    sections = api.partner(partner).side.mapping.sections
    headers = survey(sections["headers"]) if "headers" in sections else ()
    return frozenset({*spoken(survey(sections["request"]), ""), *spoken(headers, "header:")})


def spoken(entries: Iterable[Seen], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield paths with the leaves that they mean: a list by its own name, money by the path of the money itself."""
    for seen in entries:
        if seen.role in SPEAKS and seen.hub is not None:
            yield f"{prefix}{write_path(seen.at)}", str(seen.hub).removesuffix(".amount")
        elif isinstance(seen.line, Each) and seen.role in SPEAKS:
            yield f"{prefix}{write_path(seen.at)}", seen.line.to


def test_every_partner_has_cells() -> None:
    assert {cell["partner"] for cell in CELLS} == set(PARTNERS)


def test_no_cell_is_written_twice() -> None:
    keys = [(cell["hub"], cell["partner"], cell["path"]) for cell in CELLS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("partner", PARTNERS)
def test_every_cell_is_a_mapped_line(partner: str) -> None:
    cells = {(cell["path"], cell["hub"]) for cell in CELLS if cell["partner"] == partner}
    assert cells - meanings(partner) == set()


@pytest.mark.parametrize("partner", PARTNERS)
def test_every_mapped_leaf_has_a_cell(partner: str) -> None:
    """What a mapping gives a meaning was reviewed as a cell; other spellings of a path need none of their own."""
    cells = {cell["hub"] for cell in CELLS if cell["partner"] == partner}
    assert {hub for _, hub in meanings(partner)} - cells == set()
