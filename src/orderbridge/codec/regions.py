"""Regions of countries: the ISO 3166-2 code of a name or code, where it is certain.

The table holds all regions of the countries in it, but of Great Britain only its four nations: counties there have
changed too often. It is silent about all other countries: a wrong code is worse than none.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from orderbridge.codec.tables import folded, rows

# "Mexico" is a state of Mexico, and what people write for its capital, and for the country in the wrong member.
_UNCERTAIN: Final = {"MX": ("mexico",)}
_LONGEST: Final = 100


@cache
def _codes() -> dict[str, dict[str, str | None]]:
    """Give for each country the codes by folded name; None where a name stands for two regions."""
    found: dict[str, dict[str, str | None]] = {}
    for row in rows("regions"):
        country, _, short = row["code"].partition("-")
        names = found.setdefault(country, dict.fromkeys(_UNCERTAIN.get(country, ())))
        for name in (row["name"], short, row["code"], *filter(None, row["aliases"].split("|"))):
            key = folded(name)
            names[key] = row["code"] if names.get(key, row["code"]) == row["code"] else None
    return found


def region_code(region: str, country: str) -> str | None:
    """Find the ISO 3166-2 code of a region by exact name or code within a country; None unless it is certain."""
    names = _codes().get(country)
    return names.get(folded(region)) if names is not None and len(region) <= _LONGEST else None
