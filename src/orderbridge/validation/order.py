"""The order of places in a document, from the value alone: members stand as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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
            continue
        part = below.get(path[depth])
        if part is None:
            below[path[depth]] = [each]
        else:
            part.append(each)
    for token in _as_written(below, value) if len(below) > 1 else below:
        part = below[token]
        found += part if len(part) == 1 else in_order(part, value[token], depth + 1)
    return found


def _as_written(tokens: Collection[Any], container: Any) -> Iterable[Any]:
    if type(container) is list:
        return sorted(tokens)
    return [name for name in container if name in tokens]
