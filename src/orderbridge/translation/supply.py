"""What the caller adds to a translation: values laid over the target's document, and tables to look values up in.

`fill` speaks only where a gap is left, `override` always. Lists are written as maps from position to element; `'*'`
speaks to every row.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge import jsontext, pointer
from orderbridge.contract.files import Folder, read_bytes
from orderbridge.errors import DocumentError, UsageError
from orderbridge.mapping.document import ABSENT, copied, is_blank, leaves
from orderbridge.mapping.draft import suggestion
from orderbridge.mapping.notation import ROWS, PathError, read_path, write_path
from orderbridge.mapping.survey import steps_of
from orderbridge.validation import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path as FilePath

    from orderbridge.contract.members import Spot
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.hub import Scope
    from orderbridge.mapping.operations import Path

_PARTS: Final = ("fill", "override", "lookup")
_LONGEST_POSITION: Final = 10


@dataclass(frozen=True, slots=True)
class Lookup:
    """Values for one target path, by a hub leaf of the row."""

    at: Path
    by: str
    table: Mapping[str, Any] = field(repr=False)


class _Step(NamedTuple):
    """One member of a supply: its name, as a position too, its value, and the members below it."""

    name: str
    position: int | None
    value: Any
    inner: tuple[_Step, ...] | None
    is_list: bool
    is_container: bool


_Steps = tuple[_Step, ...]


def _steps(part: Mapping[str, Any]) -> _Steps:
    return tuple(
        _Step(
            name,
            int(name) if _is_position(name) else None,
            value,
            _steps(value) if isinstance(value, dict) and value else None,
            isinstance(value, dict) and _is_list(value),
            isinstance(value, (dict, list)),
        )
        for name, value in part.items()
    )


@dataclass(frozen=True, slots=True)
class Supply:
    """What is laid over the target's document, read and checked."""

    fill: Any = None
    override: Any = None
    lookups: tuple[Lookup, ...] = ()
    raw: Any = None
    steps: tuple[tuple[_Steps, bool], ...] = field(init=False, repr=False, compare=False)
    """What is laid over, ready for many documents, and whether always."""

    def __post_init__(self) -> None:
        parts = ((self.fill, False), (self.override, True))
        object.__setattr__(self, "steps", tuple((_steps(part), always) for part, always in parts if part))

    @property
    def is_empty(self) -> bool:
        """Whether it adds nothing."""
        return not (self.fill or self.override or self.lookups)


NOTHING: Final = Supply()


def read_supply(
    raw: Any, folder: FilePath | None = None, target: Spot | None = None, scope: Scope | None = None
) -> Supply:
    """Read a supply; files that a lookup names are read from `folder`, and refused without one.

    All that a file holds is text: its values are read as the types that the contract gives them at `target`. Where the
    hub's `scope` is given, what a lookup is by has to be one of its leaves: a misspelt one would never find anything.

    Raises:
        UsageError: it is not of the documented form.
        DocumentError: a lookup's table cannot be used.

    """
    if raw is None:
        return NOTHING
    raw, problems = plain.exact(raw)
    if problems:
        msg = f"a supply is a JSON value: {problems[0].message}"
        raise UsageError(msg)
    if not isinstance(raw, dict) or raw.keys() - set(_PARTS):
        msg = "a supply is an object with the members fill, override and lookup"
        raise UsageError(msg)
    for part in ("fill", "override"):
        if not isinstance(raw.get(part, {}), dict):
            msg = f"`{part}` of a supply is a part of the target's document: an object"
            raise UsageError(msg)
    lookup = {} if raw.get("lookup") is None else raw["lookup"]
    if not isinstance(lookup, dict):
        msg = "`lookup` of a supply is an object: target path -> {by, table}"
        raise UsageError(msg)
    lookups = tuple(_lookup(path, each, folder, target) for path, each in lookup.items())
    if scope is not None:
        _see_to_leaves(lookups, scope)
    # The tables themselves go with the ticket: the same values have to be there on the way back.
    kept = {
        **raw,
        "lookup": {path: _kept(each, found) for (path, each), found in zip(lookup.items(), lookups, strict=True)},
    }
    return Supply(raw.get("fill"), raw.get("override"), lookups, kept if lookup else raw)


def _see_to_leaves(lookups: Sequence[Lookup], scope: Scope) -> None:
    """Refuse to look up by what is no leaf of the hub: of the rows of a list, or of the order where there are none."""
    of_rows = {leaf for rows in scope.lists.values() for leaf in rows.leaves}
    for lookup in lookups:
        known = of_rows if ROWS in lookup.at else scope.leaves
        if lookup.by not in known:
            what = "no row of the hub has" if ROWS in lookup.at else "the hub has no leaf"
            where = write_path(lookup.at)
            raise UsageError(f"the lookup of {where!r}: {what} {lookup.by!r}{suggestion(lookup.by, known)}")


def _kept(raw: dict[str, Any], found: Lookup) -> dict[str, Any]:
    return {"by": raw["by"], "table": dict(found.table)}


def _lookup(path: str, raw: Any, folder: FilePath | None, target: Spot | None) -> Lookup:
    if not isinstance(raw, dict) or raw.keys() != {"by", "table"} or not isinstance(raw["by"], str):
        msg = f"the lookup of {path!r} has the members by (a hub path) and table (a file, or an object)"
        raise UsageError(msg)
    try:
        at = read_path(path)
    except PathError as error:
        raise UsageError(str(error)) from error
    if at.count(ROWS) > 1:
        msg = f"the lookup of {path!r} speaks to a list inside of a list: a lookup is for the rows of one list"
        raise UsageError(msg)
    table = raw["table"]
    if isinstance(table, dict):
        return Lookup(at, raw["by"], table)
    if folder is None or not isinstance(table, str):
        msg = f"the lookup of {path!r} names a file, which cannot be read here: give the table itself"
        raise UsageError(msg)
    types = target.at(steps_of(at)).types if target is not None else frozenset()
    return Lookup(at, raw["by"], {key: _typed(text, types) for key, text in _table(table, folder).items()})


def _typed(text: str, types: frozenset[str]) -> Any:
    """Read a cell as the number or flag that it is where the contract takes no text."""
    if not types or "string" in types:
        return text
    value, problems = jsontext.read(text)
    return value if not problems and isinstance(value, int | Decimal) else text


def _table(name: str, folder: FilePath) -> dict[str, str]:
    """Read a CSV file of two columns with a heading: the hub's value, the target's."""
    inside = Folder(folder / "supply.yaml").inside(name)
    data = read_bytes(folder / inside, shown=name)
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DocumentError(f"this is not a CSV file in UTF-8: {error}", file=name) from error
    table: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != 2 or row[0] in table:  # noqa: PLR2004 - key and value
            why = "this key stands twice" if len(row) == 2 else "a row has two columns: key, value"  # noqa: PLR2004
            raise DocumentError(why, file=name, line=number, column=1)
        table[row[0]] = row[1]
    return table


def overlay(document: dict[str, Any], supply: Supply) -> list[Place]:
    """Lay a supply's constants over a document, in place; give the places of the leaves that it set."""
    found: list[Place] = []
    for steps, always in supply.steps:
        _lay(document, steps, (), found, always=always)
    return found


def lay(document: dict[str, Any], supply: Supply) -> None:
    """Lay a supply's constants over a document, in place: what `overlay` does, without its account."""
    for steps, always in supply.steps:
        _add(document, steps, always=always)


def _add(here: Any, steps: _Steps, *, always: bool) -> None:
    if type(here) is not dict:
        _add_rows(here, steps, always=always)
        return
    for name, _, value, inner, is_list, is_container in steps:
        old = here.get(name)
        if inner is None:
            if always or old is None or is_blank(old):
                here[name] = copied(value) if is_container else value
            continue
        if type(old) is not dict and type(old) is not list:
            if not (always or is_blank(old)):
                continue
            if made := _made(inner, is_list=is_list, always=always):
                here[name] = made
            continue
        _add(old, inner, always=always)


def _add_rows(here: list[Any], steps: _Steps, *, always: bool) -> None:
    for name, position, value, inner, is_list, _ in steps:
        for index in range(len(here)) if name == ROWS else (position,):
            if index is None or index > len(here):
                continue
            old = here[index] if index < len(here) else None
            if inner is None:
                if always or is_blank(old):
                    _put(here, index, copied(value))
                continue
            if type(old) is not dict and type(old) is not list:
                if not (always or is_blank(old)):
                    continue
                if made := _made(inner, is_list=is_list, always=always):
                    _put(here, index, made)
                continue
            _add(old, inner, always=always)


def _made(steps: _Steps, *, is_list: bool, always: bool) -> Any:
    """Make the container that a supply speaks of; an empty one is nothing that anybody has supplied."""
    made: Any = [] if is_list else {}
    _add(made, steps, always=always)
    return made


def _lay(here: Any, steps: _Steps, place: Place, found: list[Place], *, always: bool) -> None:
    """Do what `_add` and `_add_rows` do, and keep the places."""
    for step in steps:
        for key in _keys(here, step):
            old = _get(here, key)
            if step.inner is None:
                if always or is_blank(old):
                    new = copied(step.value)
                    _put(here, key, new)
                    if step.is_container:
                        found += [leaf for leaf, _ in leaves(new, (*place, key))]
                    else:
                        found.append((*place, key))
                continue
            if not isinstance(old, (dict, list)):
                if not (always or is_blank(old)):
                    continue
                made: Any = [] if step.is_list else {}
                _lay(made, step.inner, (*place, key), found, always=always)
                if made:
                    _put(here, key, made)
                continue
            _lay(old, step.inner, (*place, key), found, always=always)


def _keys(here: Any, step: _Step) -> Sequence[Any]:
    """Give the keys that a name of the supply speaks to; a position one past the end makes a row."""
    if not isinstance(here, list):
        return (step.name,)
    if step.name == ROWS:
        return range(len(here))
    return (step.position,) if step.position is not None and step.position <= len(here) else ()


def _is_list(value: Mapping[str, Any]) -> bool:
    return all(name == ROWS or _is_position(name) for name in value)


def _is_position(name: str) -> bool:
    return pointer.is_index(name) and len(name) < _LONGEST_POSITION


def _get(here: Any, key: Any) -> Any:
    """Give what stands under a key; None where nothing does, which is as blank."""
    if isinstance(here, list):
        return here[key] if key < len(here) else None
    return here.get(key)


def _put(here: Any, key: Any, value: Any) -> None:
    if isinstance(here, list) and key == len(here):
        here.append(value)
    else:
        here[key] = value


def looked_up(table: Mapping[str, Any], value: Any) -> Any:
    """Find the value for a hub value; tables are keyed by texts."""
    key = value if isinstance(value, str) else jsontext.write(value).decode()
    return table.get(key, ABSENT)
