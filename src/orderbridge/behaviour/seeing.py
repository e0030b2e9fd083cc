"""What sources, tests and texts see in a scene: each is made a function once, and called for every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge import jsontext
from orderbridge.behaviour.effects import REQUEST_ROOTS
from orderbridge.behaviour.result import hub_value
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, following, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderbridge.behaviour.effects import Source, Template, Test

Look: TypeAlias = Callable[[Scene], Any]
"""Gives what a source names, or `ABSENT`."""

Holds: TypeAlias = Callable[[Scene], bool]
"""Tells whether something is so."""

Tell: TypeAlias = Callable[[Scene], str | None]
"""Writes a text; None where it is not complete."""


def looking(source: Source) -> Look:
    """Make what gives what a source names, or `ABSENT`."""
    own = _OWN.get(source.root)
    if own is not None:
        return own(source)
    root, follow = source.root, following(source.path)
    if root in REQUEST_ROOTS:
        return lambda scene: follow(scene.request.get(root, ABSENT))

    def in_a_record(scene: Scene) -> Any:
        found = scene.records.get(root)
        return follow(found.document) if isinstance(found, Kept) else ABSENT

    return in_a_record


def first_said(sources: Iterable[Source]) -> Look:
    """Make what gives the first value of some sources that says anything, or else the first that is there."""
    looks = tuple(map(looking, sources))
    if len(looks) == 1:
        return looks[0]

    def first(scene: Scene) -> Any:
        blank: Any = ABSENT
        for look in looks:
            value = look(scene)
            if value is ABSENT:
                continue
            if not is_blank(value):
                return value
            blank = value if blank is ABSENT else blank
        return blank

    return first


def holding(tests: Iterable[Test]) -> Holds | None:
    """Make what tells whether all of some tests hold; None where there are none to hold."""
    each_holds = tuple(map(_holding, tests))
    if len(each_holds) < 2:  # noqa: PLR2004 - one is its own answer
        return each_holds[0] if each_holds else None
    return lambda scene: all(holds(scene) for holds in each_holds)


def wanting(when: Iterable[Test], unless: Iterable[Test]) -> Holds | None:
    """Make what tells whether `when` holds and `unless` does not; None where it is so in any case."""
    holds, fails = holding(when), holding(unless)
    if fails is None:
        return holds
    if holds is None:
        return lambda scene: not fails(scene)
    return lambda scene: holds(scene) and not fails(scene)


def telling(template: Template) -> Tell:
    """Make what writes a text; of its alternatives the first that is complete."""
    alternatives = [[_piece(each) for each in pieces] for pieces in template.alternatives]

    def tell(scene: Scene) -> str | None:
        for pieces in alternatives:
            written = [piece(scene) for piece in pieces]
            if None not in written:
                return "".join(text for text in written if text is not None)
        return None

    return tell


def _piece(piece: str | Source) -> Tell:
    if isinstance(piece, str):
        return lambda _scene: piece
    look = looking(piece)

    def written(scene: Scene) -> str | None:
        value = look(scene)
        if value is ABSENT or is_blank(value):
            return None
        return value if isinstance(value, str) else jsontext.write(value).decode()

    return written


def _holding(test: Test) -> Holds:
    look, values, by_nothing = looking(test.source), test.values, None in test.values
    texts = frozenset(each for each in values if isinstance(each, str))

    def holds(scene: Scene) -> bool:
        value = look(scene)
        if by_nothing and (value is ABSENT or is_blank(value)):
            return True
        return value in texts if type(value) is str else any(is_same(value, each) for each in values)

    return holds


# What the server has itself


def _in_the_result(source: Source) -> Look:
    leaf = source.leaf
    return lambda scene: hub_value(scene.result, leaf)


def _in_the_row(source: Source) -> Look:
    leaf, follow = source.leaf, following(source.path)

    def look(scene: Scene) -> Any:
        row = scene.row
        if isinstance(row, dict) and leaf in row:
            return row[leaf]
        return follow(row) if row is not ABSENT else ABSENT

    return look


def _counting(source: Source) -> Look:
    name = source.leaf

    def count(scene: Scene) -> Any:
        found = scene.records.get(name)
        return ABSENT if found is None or isinstance(found, Kept) else len(found)

    return count


def _named_in(members: Callable[[Scene], Mapping[str, Any]]) -> Callable[[Source], Look]:
    def of(source: Source) -> Look:
        name = source.leaf
        return lambda scene: members(scene).get(name, ABSENT)

    return of


_OWN: Final[dict[str, Callable[[Source], Look]]] = {
    "caller": _named_in(lambda scene: scene.caller),
    "count": _counting,
    "missed": _named_in(lambda scene: scene.missed),
    "name": _named_in(lambda scene: scene.names),
    "now": lambda _source: lambda scene: scene.now,
    "result": _in_the_result,
    "row": _in_the_row,
    "value": lambda _source: lambda scene: scene.value,
}
