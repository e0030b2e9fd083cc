"""The templates that paths are, such as `/orders/{id}`: for frameworks, and for whoever has to choose between several.

Frameworks get the parameters by their place: documents name them in ways that frameworks do not take (`{user id}`,
`{a.b}`), some name two of a path alike, and some name one of a path otherwise for each method.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")
_NUMBER: Final = "p"


def numbered(path: str) -> str:
    """Write a path with its parameters numbered: `/a/{x}/{y z}` is `/a/{p0}/{p1}`."""
    number = count()
    return _PARAMETER.sub(lambda _: f"{{{_NUMBER}{next(number)}}}", path)


@lru_cache(maxsize=4096)
def names(path: str) -> tuple[str, ...]:
    """Give the names of the parameters of a path, in its order."""
    return tuple(_PARAMETER.findall(path))


def named(path: str, given: Mapping[str, str]) -> dict[str, str]:
    """Give the values of numbered parameters the names that the path has for them; of equal names the first counts."""
    values: dict[str, str] = {}
    for number, name in enumerate(names(path)):
        values.setdefault(name, given[f"{_NUMBER}{number}"])
    return values


def rank(path: str) -> list[tuple[int, int]]:
    """Tell how little a path says; of several that fit a request, the least is meant.

    Part by part: a fixed text says more than one around parameters (`{id}:cancel`), and that more than a parameter.
    """
    return [_vagueness(part) for part in path.split("/")]


def _vagueness(part: str) -> tuple[int, int]:
    text = len(_PARAMETER.sub("", part))
    return (0 if "{" not in part else 1 if text else 2), -text
