"""Countries and regions: exact names, codes and reviewed aliases; nothing is ever found by likeness."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from orderbridge.codec.codec import Codec, Refused
from orderbridge.codec.tables import folded, rows

_REGION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}").fullmatch
_LONGEST: Final = 100
_UNKNOWN: Final = Refused("this is no country's code, name or known alias")
_NO_CODE: Final = Refused("this is not a country's two-letter code")
_NO_REGION: Final = Refused("this is not a region code such as US-AL")


@cache
def _by_name() -> dict[str, str]:
    """Give two-letter codes by everything that a country is called, as written and folded.

    A nation of the United Kingdom is no country in ISO 3166-1, and goods for it go to GB: the four are aliases.
    """
    found: dict[str, str] = {}
    for row in rows("countries"):
        for name in (row["alpha2"], row["alpha3"], row["name"], *row["aliases"].split("|")):
            if name:
                found[name] = found[folded(name)] = row["alpha2"]
    return found


@cache
def _by_code(column: str) -> dict[str, str]:
    return {row["alpha2"]: row[column] for row in rows("countries")}


def _up(value: Any, _currency: Any) -> Any:
    if type(value) is not str:
        return _UNKNOWN
    names = _by_name()
    found = names.get(value)
    if found is not None:
        return found
    return names.get(folded(value), _UNKNOWN) if len(value) <= _LONGEST else _UNKNOWN


def _down(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and value in _by_code("alpha2") else _NO_CODE


def _down3(value: Any, _currency: Any) -> Any:
    return _by_code("alpha3").get(value, _NO_CODE) if type(value) is str else _NO_CODE


def _down_name(value: Any, _currency: Any) -> Any:
    return _by_code("name").get(value, _NO_CODE) if type(value) is str else _NO_CODE


def _down_lower(value: Any, _currency: Any) -> Any:
    name = _down_name(value, None)
    return name if isinstance(name, Refused) else name.lower()


def _region(value: Any, _currency: Any) -> Any:
    return value if type(value) is str and _REGION(value) else _NO_REGION


_BAD: Final = ("", "Atlantis", None, 1, "Unite", "U", True)
_BAD_CODES: Final = ("us", "XX", "USA", None, 1)


def _country(name: str, down: Any, samples: tuple[tuple[str, str], ...]) -> Codec:
    return Codec(
        name,
        _up,
        down,
        "normalised",
        ("string",),
        "text",
        samples=samples,
        refuses_up=_BAD,
        refuses_down=_BAD_CODES,
    )


CODECS: Final = (
    _country("country", _down, (("US", "US"), ("IN", "IN"), ("GB", "GB"))),
    _country("country3", _down3, (("USA", "US"), ("CAN", "CA"), ("GBR", "GB"))),
    _country("country_name", _down_name, (("United States", "US"), ("India", "IN"), ("Türkiye", "TR"))),
    _country("country_name_lower", _down_lower, (("india", "IN"), ("united states", "US"))),
    Codec(
        "region_code",
        _region,
        _region,
        "exact",
        ("string",),
        "text",
        samples=(("US-AL", "US-AL"), ("IN-GJ", "IN-GJ")),
        refuses_up=("AL", "US-", "us-al", None, ""),
        refuses_down=("AL", None),
    ),
)
