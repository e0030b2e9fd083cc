"""Lines to documents: each line is made a function once, which writes what it says into one after another.

What a line writes is its effect's to give, one small function for each kind of effect.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge.behaviour.effects import (
    Constant,
    Copy,
    Drop,
    Each,
    Join,
    Make,
    Pairs,
    Put,
    Refusal,
    Sum,
    Take,
    Template,
)
from orderbridge.behaviour.result import Result
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.behaviour.seeing import first_said, looking, telling, wanting
from orderbridge.codec.codec import is_same
from orderbridge.jsontext.limits import LARGEST
from orderbridge.mapping.document import ABSENT, copied, following, is_blank, read, write
from orderbridge.mapping.notation import ROWS, write_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.behaviour.effects import Line
    from orderbridge.mapping.operations import Path

Fits: TypeAlias = Callable[[str, Any], bool]
"""Tells whether a value keeps a schema of the contract."""

Lay: TypeAlias = Callable[[Any, Scene], Any]
"""Lays lines over a document, as seen from a scene; gives it, or what stands in its place.

Raises:
    Refused: a line takes an element that is not there, or adds up to more than a number can be.

"""

Decide: TypeAlias = Callable[[Result, Scene], None]
"""Writes lines into a hub result, in place."""

_Value: TypeAlias = Callable[[Any, Scene], Any]
"""Gives what a line writes where something stands already, or `ABSENT`."""

_EXACT: Final = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_CONTAINERS: Final = (dict, list)
_NUMBERS: Final = (int, Decimal)
_TOO_LARGE: Final = Refusal("conflict", Template((("this adds up to more than a number can be",),)))


class Refused(Exception):  # noqa: N818 - it says what is wrong with the request
    """The lines refuse the request, in the partner's words."""

    def __init__(self, refusal: Refusal, scene: Scene) -> None:
        """Say why, as seen from a scene."""
        super().__init__(telling(refusal.message)(scene) or "")
        self.refusal = refusal


def writing(lines: Iterable[Line], fits: Fits) -> Lay:
    """Make what lays lines over a copy of a document, in their order; without any it is the document itself."""
    whole = tuple(lines)
    if not whole:
        return lambda document, _scene: document
    lay = laying(whole, fits)
    return lambda document, scene: lay(copied(document), scene)


def laying(lines: Iterable[Line], fits: Fits) -> Lay:
    """Make what does the same to the document itself."""
    steps = [_laying(line, fits) for line in lines]
    if len(steps) == 1:
        return steps[0]

    def lay(whole: Any, scene: Scene) -> Any:
        for step in steps:
            whole = step(whole, scene)
        return whole

    return lay


def deciding(lines: Iterable[Line], fits: Fits) -> Decide:
    """Make what writes lines into a hub result; each sees what those before it wrote."""
    steps = [_deciding(line, fits) for line in lines]

    def decide(result: Result, scene: Scene) -> None:
        for step in steps:
            step(result, scene)

    return decide


def _deciding(line: Line, fits: Fits) -> Decide:
    rows, _, leaf = write_path(line.at).partition(f".{ROWS}.")
    name = leaf or rows
    keep, is_wanted = line.keep, wanting(line.when, line.unless)
    value_of = None if isinstance(line.effect, Drop) else _value_of(line, fits)

    def decide(holder: Result, here: Scene) -> None:
        if (keep and name in holder) or (is_wanted is not None and not is_wanted(here)):
            return
        if value_of is None:
            holder.pop(name, None)
            return
        value = value_of(ABSENT, here)
        if value is not ABSENT and not is_blank(value):
            holder[name] = copied(value)

    def decide_rows(result: Result, scene: Scene) -> None:
        for row in result.get(rows, ()):
            decide(row, scene.at(row))

    return decide_rows if leaf else decide


def _laying(line: Line, fits: Fits) -> Lay:
    """Make what one line writes, at its place or at all places that a path with `*` means."""
    if ROWS not in line.at and _are_names(line.at) and not isinstance(line.effect, Drop | Sum):
        return _laying_names(line, fits)
    lay = _laying_at(line, fits)

    def lay_everywhere(whole: Any, scene: Scene) -> Any:
        for path, here in _places(whole, line.at, scene):
            whole = lay(whole, path, here)
        return whole

    return lay_everywhere


def _are_names(path: Path) -> bool:
    return bool(path) and all(isinstance(token, str) for token in path)


def _laying_names(line: Line, fits: Fits) -> Lay:
    """Make the same for a path of nothing but names, as nearly all are: its holder is looked for once."""
    path, name, holder_of = line.at, line.at[-1], following(line.at[:-1])
    is_wanted = wanting(line.when, line.unless)
    value_of, joined = _value_of(line, fits), _JOINS[line.keep, isinstance(line.effect, Copy)]

    def lay(whole: Any, scene: Scene) -> Any:
        if is_wanted is not None and not is_wanted(scene):
            return whole
        holder = holder_of(whole)
        there = holder.get(name, ABSENT) if isinstance(holder, dict) else ABSENT
        value = value_of(there, scene)
        if value is ABSENT:
            return whole
        if isinstance(holder, dict):
            holder[name] = joined(there, value)
        else:
            write(whole, path, joined(there, value))
        return whole

    return lay


def _laying_at(line: Line, fits: Fits) -> Callable[[Any, Path, Scene], Any]:
    is_wanted = wanting(line.when, line.unless)
    put = _remove if isinstance(line.effect, Drop) else _putting(line, fits)
    if is_wanted is None:
        return put
    return lambda whole, path, scene: put(whole, path, scene) if is_wanted(scene) else whole


def _putting(line: Line, fits: Fits) -> Callable[[Any, Path, Scene], Any]:
    value_of, joined, sees_all = (
        _value_of(line, fits),
        _JOINS[line.keep, isinstance(line.effect, Copy)],
        isinstance(line.effect, Sum),
    )

    def put(whole: Any, path: Path, scene: Scene) -> Any:
        there = read(whole, path)[0]
        value = value_of(whole if sees_all else there, scene)
        if value is ABSENT:
            return whole
        merged = joined(there, value)
        if not path:
            return merged
        write(whole, path, merged)
        return whole

    return put


def _remove(whole: Any, path: Path, _scene: Scene) -> Any:
    holder, _ = read(whole, path[:-1])
    if path and isinstance(holder, dict) and isinstance(path[-1], str):
        holder.pop(path[-1], None)
    return whole


def _places(whole: Any, path: Path, scene: Scene) -> Iterator[tuple[Path, Scene]]:
    """Yield the places that a path with `*` in it means, and what is seen from each."""
    if ROWS not in path:
        yield path, scene
        return
    cut = path.index(ROWS)
    rows, _ = read(whole, path[:cut])
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from _places(whole, (*path[:cut], index, *path[cut + 1 :]), scene.at(row))


# What a line writes, and what stands there


def over(there: Any, value: Any) -> Any:
    """Lay a value over what stands there: members over members, elements over those of a list as long."""
    if isinstance(there, dict) and isinstance(value, dict) and value:
        whole = {**there, **value}
        for name, member in value.items():
            if isinstance(member, _CONTAINERS):
                whole[name] = over(there.get(name, ABSENT), member)
        return whole
    if isinstance(there, list) and isinstance(value, list) and len(there) == len(value):
        return [over(one, other) for one, other in zip(there, value, strict=True)]
    return copied(value)


def under(there: Any, value: Any) -> Any:
    """Lay a value under what stands there, which stays but for a list of another length: it says less than was sent."""
    if there is ABSENT:
        return copied(value)
    if isinstance(there, dict) and isinstance(value, dict):
        said = {name: under(there.get(name, ABSENT), member) for name, member in value.items()}
        return {**said, **{name: member for name, member in there.items() if name not in value}}
    if isinstance(there, list) and isinstance(value, list):
        same = len(there) == len(value)
        return [under(one, other) for one, other in zip(there, value, strict=True)] if same else copied(value)
    return there


def _instead(_there: Any, value: Any) -> Any:
    return value


_JOINS: Final = {(True, True): under, (True, False): under, (False, True): over, (False, False): _instead}
"""How a line meets what stands there: by whether it keeps that, and whether it is a copy."""


# The effects


def _value_of(line: Line, fits: Fits) -> _Value:
    return _EFFECTS[type(line.effect)](line.effect, fits)


def _constant(effect: Constant, _fits: Fits) -> _Value:
    value = effect.value
    return lambda _there, _scene: copied(value)


def _template(effect: Template, _fits: Fits) -> _Value:
    tell = telling(effect)

    def value_of(_there: Any, scene: Scene) -> Any:
        text = tell(scene)
        return ABSENT if text is None else text

    return value_of


def _copy(effect: Copy, _fits: Fits) -> _Value:
    look, without, fill = first_said(effect.sources), effect.without, effect.fill
    if fill is None and not without:
        return lambda _there, scene: look(scene)

    def value_of(_there: Any, scene: Scene) -> Any:
        value = look(scene)
        if value is ABSENT and fill is not None:
            return copied(fill.value)
        if without and isinstance(value, dict):
            return {name: member for name, member in value.items() if name not in without}
        return value

    return value_of


def _make(effect: Make, _fits: Fits) -> _Value:
    make = effect.form.make
    return lambda _there, scene: make(scene.number or _uncounted)


def _uncounted(_what: str, _first: int) -> int:
    msg = "a number can only be counted where records are written"
    raise AssertionError(msg)


def _each(effect: Each, fits: Fits) -> _Value:
    look, schema = looking(effect.source), effect.fits
    several = effect.source.root if not effect.source.path else None
    element = writing(effect.lines, fits) if effect.lines else None

    def value_of(_there: Any, scene: Scene) -> Any:
        records = scene.records.get(several) if several is not None else None
        if records is not None and not isinstance(records, Kept):
            show = scene.show
            return [show(each) if show is not None else copied(each.document) for each in records]
        rows = look(scene)
        found = rows if isinstance(rows, list) else []
        wanted = found if schema is None else [row for row in found if fits(schema, row)]
        return [copied(row) if element is None else element({}, scene.at(row)) for row in wanted]

    return value_of


def _join(effect: Join, _fits: Fits) -> _Value:
    look, tell, between = looking(effect.source), telling(effect.template), effect.between

    def value_of(_there: Any, scene: Scene) -> Any:
        rows = look(scene)
        texts = [tell(scene.at(row)) for row in rows] if isinstance(rows, list) else []
        return between.join(text for text in texts if text is not None) or ABSENT

    return value_of


def _pairs(effect: Pairs, _fits: Fits) -> _Value:
    look = looking(effect.source)

    def value_of(_there: Any, scene: Scene) -> Any:
        members = look(scene)
        found = members.items() if isinstance(members, dict) else ()
        return [{effect.name: name, effect.value: copied(value)} for name, value in found]

    return value_of


def _put(effect: Put, fits: Fits) -> _Value:
    element_of, key, add = writing(effect.lines, fits), effect.key, effect.add

    def value_of(there: Any, scene: Scene) -> Any:
        element = element_of({}, scene)
        rows = there if isinstance(there, list) else []
        if not any(_has_key(row, key, element.get(key)) for row in rows):
            return [*rows, element]
        return [_added(row, element, add, scene) if _has_key(row, key, element.get(key)) else row for row in rows]

    return value_of


def _has_key(row: Any, key: str, value: Any) -> bool:
    return isinstance(row, dict) and key in row and is_same(row[key], value)


def _added(row: dict[str, Any], element: dict[str, Any], add: tuple[str, ...], scene: Scene) -> dict[str, Any]:
    sums = {name: _plus(row.get(name), element.get(name), scene) for name in add}
    return {**row, **element, **sums}


def _plus(one: Any, other: Any, scene: Scene) -> Any:
    both = _is_number(one) and _is_number(other)
    return _plain(_EXACT.add(Decimal(one), Decimal(other)), scene) if both else other


def _plain(number: Decimal, scene: Scene) -> Any:
    """Write a whole number as one; what nobody could read back is refused."""
    if abs(number) > LARGEST:
        raise Refused(_TOO_LARGE, scene)
    return int(number) if number == number.to_integral_value() else number


def _take(effect: Take, _fits: Fits) -> _Value:
    look = looking(effect.source)

    def value_of(there: Any, scene: Scene) -> Any:
        key = look(scene)
        rows = there if isinstance(there, list) else []
        left = [row for row in rows if not _has_key(row, effect.key, key)]
        if len(left) == len(rows):
            raise Refused(Refusal("not_found", effect.missing), scene.of(key))
        return left

    return value_of


def _sum(effect: Sum, _fits: Fits) -> _Value:
    """Make what adds up; it sees the whole document where others see what stands at their place."""
    rows_of = following(effect.rows)

    def value_of(whole: Any, scene: Scene) -> Any:
        rows = rows_of(whole)
        total = Decimal(0)
        for row in rows if isinstance(rows, list) else ():
            factors: list[Any] = [row.get(name) for name in effect.of] if isinstance(row, dict) else []
            if factors and all(map(_is_number, factors)):
                total = _EXACT.add(total, reduce(_EXACT.multiply, [Decimal(each) for each in factors]))
        return _plain(total, scene)

    return value_of


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


_EFFECTS: Final[dict[type, Callable[[Any, Fits], _Value]]] = {
    Constant: _constant,
    Copy: _copy,
    Each: _each,
    Join: _join,
    Make: _make,
    Pairs: _pairs,
    Put: _put,
    Sum: _sum,
    Take: _take,
    Template: _template,
}
