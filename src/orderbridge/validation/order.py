"""The order of places in a document, from the value alone: members stand as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Placed = TypeVar("Placed", bound=tuple[Any, ...])


def in_order(placed: list[Placed], value: Any, depth: int = 0) -> list[Placed]:
    """Sort tuples that begin with a path into a value by these paths; a container comes before what is in it.

    What is at one place stays as it was. Only containers in which paths part are looked through, each once.
    """
    if len(placed) < 2:  # noqa: PLR2004 - one has no order
        return placed
    found: list[Placed] = []
    below: dict[str | int, list[Placed]] = {}
    for each in placed:
        path = each[0]
        if len(path) == depth:
            found.append(each)
        elif (token := path[depth]) in below:
            below[token].append(each)
        else:
            below[token] = [each]
    tokens: Iterable[str | int] = below
    if len(below) > 1:
        # Elements stand by their numbers, members as they were written.
        tokens = sorted(below) if type(value) is list else [name for name in value if name in below]
    for token in tokens:
        part = below[token]
        found += part if len(part) == 1 else in_order(part, value[token], depth + 1)
    return found
