"""Lines to documents: each effect is one small function that gives what a line writes."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any, Final

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
from orderbridge.codec.codec import is_same
from orderbridge.jsontext.limits import LARGEST
from orderbridge.mapping.document import ABSENT, copied, is_blank, read, write
from orderbridge.mapping.notation import ROWS, write_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderbridge.behaviour.effects import Line, Source
    from orderbridge.behaviour.scene import Result, Scene
    from orderbridge.mapping.operations import Path

_EXACT: Final = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_TOO_LARGE: Final = Refusal("conflict", Template((("this adds up to more than a number can be",),)))


class Refused(Exception):  # noqa: N818 - it says what is wrong with the request
    """The lines refuse the request, in the partner's words."""

    def __init__(self, refusal: Refusal, scene: Scene) -> None:
        """Say why, as seen from a scene."""
        super().__init__(scene.text(refusal.message) or "")
        self.refusal = refusal


def written(lines: Sequence[Line], document: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    """Lay lines over a copy of a document, in their order; without any it is the document itself.

    Raises:
        Refused: a line takes an element that is not there, or adds up to more than a number can be.

    """
    return laid(lines, copied(document), scene, fits) if lines else document


def laid(lines: Iterable[Line], whole: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    """Do the same to the document itself; give it, or what stands in its place.

    Raises:
        Refused: a line takes an element that is not there.

    """
    for line in lines:
        whole = _laid(line, whole, scene, fits)
    return whole


def resulting(lines: Iterable[Line], result: Result, scene: Scene, fits: Callable[[str, Any], bool]) -> None:
    """Write lines into a hub result, in place; each sees what those before it wrote."""
    for line in lines:
        rows, leaf = _rows_and_leaf(line.at)
        for holder in result.get(rows, ()) if leaf else (result,):
            here = scene.at(holder) if leaf else scene
            name = leaf or rows
            if (line.keep and name in holder) or not here.holds(line.when) or here.fails(line.unless):
                continue
            value = _value(line, ABSENT, here, fits)
            if value is not ABSENT and not is_blank(value):
                holder[name] = value


@lru_cache(1024)
def _rows_and_leaf(path: Path) -> tuple[str, str]:
    """Divide a path of the hub into the list and the leaf of its rows; one of no row has no leaf."""
    rows, _, leaf = write_path(path).partition(f".{ROWS}.")
    return rows, leaf


def _laid(line: Line, whole: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    for path, here in _places(whole, line.at, scene) if ROWS in line.at else ((line.at, scene),):
        if not here.holds(line.when) or here.fails(line.unless):
            continue
        if isinstance(line.effect, Drop):
            _remove(whole, path)
            continue
        there, _ = read(whole, path)
        value = _value(line, whole if isinstance(line.effect, Sum) else there, here, fits)
        if value is ABSENT:
            continue
        merged = _joined(line, there, value)
        if not path:
            whole = merged
        else:
            write(whole, path, merged)
    return whole


def _joined(line: Line, there: Any, value: Any) -> Any:
    """Lay what a line writes under or over what stands there."""
    if line.keep:
        return value if there is ABSENT else under(there, value)
    return over(there, value) if isinstance(line.effect, Copy) else value


def _places(whole: Any, path: Path, scene: Scene) -> Iterator[tuple[Path, Scene]]:
    """Yield the places that a path with `*` in it means, and what is seen from each."""
    if ROWS not in path:
        yield path, scene
        return
    cut = path.index(ROWS)
    rows, _ = read(whole, path[:cut])
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from _places(whole, (*path[:cut], index, *path[cut + 1 :]), scene.at(row))


def over(there: Any, value: Any) -> Any:
    """Lay a value over what stands there: members over members, elements over those of a list as long."""
    if isinstance(there, dict) and isinstance(value, dict) and value:
        whole = there.copy()
        for name, member in value.items():
            whole[name] = over(there.get(name, ABSENT), member) if isinstance(member, dict | list) else member
        return whole
    if isinstance(there, list) and isinstance(value, list) and len(there) == len(value):
        return [over(one, other) for one, other in zip(there, value, strict=True)]
    return copied(value)


def under(there: Any, value: Any) -> Any:
    """Lay a value under what stands there, which stays but for a list of another length: it says less than was sent."""
    if isinstance(there, dict) and isinstance(value, dict):
        return {
            **value,
            **{name: under(member, value[name]) if name in value else member for name, member in there.items()},
        }
    if isinstance(there, list) and isinstance(value, list):
        same = len(there) == len(value)
        return [under(one, other) for one, other in zip(there, value, strict=True)] if same else copied(value)
    return there


def _remove(whole: Any, path: Path) -> None:
    holder, _ = read(whole, path[:-1])
    if path and isinstance(holder, dict) and isinstance(path[-1], str):
        holder.pop(path[-1], None)


def _value(line: Line, there: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    return _EFFECTS[type(line.effect)](line.effect, there, scene, fits)


# The effects


def _constant(effect: Constant, _there: Any, _scene: Scene, _fits: Any) -> Any:
    return copied(effect.value)


def _template(effect: Template, _there: Any, scene: Scene, _fits: Any) -> Any:
    text = scene.text(effect)
    return ABSENT if text is None else text


def _copy(effect: Copy, _there: Any, scene: Scene, _fits: Any) -> Any:
    value = scene.look(effect.sources[0]) if len(effect.sources) == 1 else _first_said(effect.sources, scene)
    if value is ABSENT and effect.fill is not None:
        return copied(effect.fill.value)
    if isinstance(value, dict) and effect.without:
        return {name: member for name, member in value.items() if name not in effect.without}
    return value


def _first_said(sources: Iterable[Source], scene: Scene) -> Any:
    """Give the first value that says anything, or else the first that is there."""
    found = (value for source in sources if (value := scene.look(source)) is not ABSENT)
    value = next(found, ABSENT)
    return next((each for each in found if not is_blank(each)), value) if is_blank(value) else value


def _make(effect: Make, _there: Any, scene: Scene, _fits: Any) -> Any:
    return effect.form.make(scene.number or _uncounted)


def _uncounted(_what: str, _first: int) -> int:
    msg = "a number can only be counted where records are written"
    raise AssertionError(msg)


def _each(effect: Each, _there: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    records = scene.records_of(effect.source)
    if records is not None:
        show = scene.show
        return [show(each) if show is not None else each.document for each in records]
    rows = scene.look(effect.source)
    found = rows if isinstance(rows, list) else []
    wanted = [row for row in found if effect.fits is None or fits(effect.fits, row)]
    return [written(effect.lines, {}, scene.at(row), fits) if effect.lines else copied(row) for row in wanted]


def _join(effect: Join, _there: Any, scene: Scene, _fits: Any) -> Any:
    rows = scene.look(effect.source)
    texts = [scene.at(row).text(effect.template) for row in rows] if isinstance(rows, list) else []
    whole = effect.between.join(text for text in texts if text is not None)
    return whole or ABSENT


def _pairs(effect: Pairs, _there: Any, scene: Scene, _fits: Any) -> Any:
    members = scene.look(effect.source)
    found = members.items() if isinstance(members, dict) else ()
    return [{effect.name: name, effect.value: copied(value)} for name, value in found]


def _put(effect: Put, there: Any, scene: Scene, fits: Callable[[str, Any], bool]) -> Any:
    element = written(effect.lines, {}, scene, fits)
    rows = there if isinstance(there, list) else []
    if not any(_has_key(row, effect.key, element.get(effect.key)) for row in rows):
        return [*rows, element]
    return [
        _added(row, element, effect.add, scene) if _has_key(row, effect.key, element.get(effect.key)) else row
        for row in rows
    ]


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


def _take(effect: Take, there: Any, scene: Scene, _fits: Any) -> Any:
    key = scene.look(effect.source)
    rows = there if isinstance(there, list) else []
    left = [row for row in rows if not _has_key(row, effect.key, key)]
    if len(left) == len(rows):
        raise Refused(Refusal("not_found", effect.missing), scene.of(key))
    return left


def _sum(effect: Sum, whole: Any, scene: Scene, _fits: Any) -> Any:
    rows, _ = read(whole, effect.rows)
    total = Decimal(0)
    for row in rows if isinstance(rows, list) else ():
        factors: list[Any] = [row.get(name) for name in effect.of] if isinstance(row, dict) else []
        if factors and all(map(_is_number, factors)):
            total = _EXACT.add(total, reduce(_EXACT.multiply, [Decimal(each) for each in factors]))
    return _plain(total, scene)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


_EFFECTS: Final[dict[type, Callable[[Any, Any, Scene, Any], Any]]] = {
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
