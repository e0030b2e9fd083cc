"""Regions of countries: the ISO 3166-2 code of a name or code, where it is certain.

Complete for the countries that the table holds, and silent about all others: a wrong code is worse than none.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from orderbridge.codec.tables import folded, rows

_ALSO: Final = {
    "AU-ACT": ("Australian Capital Territory", "Canberra"),
    "CA-QC": ("Québec",),
    "DE-BY": ("Bavaria",),
    "IN-CG": ("Chhattisgarh", "CT"),
    "IN-OD": ("Orissa", "OR"),
    "IN-PY": ("Pondicherry",),
    "IN-TN": ("Tamilnadu",),
    "IN-TS": ("Telangana", "TG"),
    "IN-UK": ("Uttaranchal", "UT"),
    "IN-DL": ("New Delhi", "NCT of Delhi"),
    "US-DC": ("Washington DC", "Washington, D.C.", "District of Columbia"),
}
_AMBIGUOUS: Final = None


@cache
def _codes() -> dict[str, dict[str, str | None]]:
    """Give for each country the codes by folded name; None where a name stands for two regions."""
    found: dict[str, dict[str, str | None]] = {}
    for row in rows("regions"):
        country, _, short = row["code"].partition("-")
        names = found.setdefault(country, {})
        for name in (row["name"], short, row["code"], *_ALSO.get(row["code"], ())):
            key = folded(name)
            names[key] = row["code"] if names.get(key, row["code"]) == row["code"] else _AMBIGUOUS
    return found


def region_code(region: str, country: str) -> str | None:
    """Find the ISO 3166-2 code of a region by exact name or code within a country; None unless it is certain."""
    return _codes().get(country, {}).get(folded(region))
