"""The tables that codecs look things up in, read from the files beside this module when first needed."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

_DATA: Final = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Read a table."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def currency_digits() -> dict[str, int]:
    """Give the digits behind the point of each currency (ISO 4217); metals and test codes have none."""
    return {row["code"]: int(row["digits"]) for row in rows("currencies")}


# Two spellings that people type for one: the apostrophe of word processors, and the sign for "and".
_SPELLINGS: Final = str.maketrans({"\u2019": "'", "&": " and "})


def folded(text: str) -> str:
    """Give a name as it is compared: case, marks on letters, double spaces, the shape of an apostrophe do not count."""
    plain = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return " ".join(plain.casefold().translate(_SPELLINGS).split())
