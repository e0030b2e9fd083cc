"""Lift and lower without an account, for the straight way from one partner to the other.

A section becomes Python source (`compiled`), which is compiled when it is first wanted and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.compiled import running
from orderbridge.mapping.compiled.alternatives import settled
from orderbridge.mapping.compiled.flat import HUB, Flat
from orderbridge.mapping.compiled.lift import Lifting
from orderbridge.mapping.compiled.local import Local
from orderbridge.mapping.compiled.lower import Lowering
from orderbridge.mapping.compiled.lower_values import Lookup, UncompiledError
from orderbridge.mapping.compiled.survey import read as read_by
from orderbridge.mapping.compiled.survey import written
from orderbridge.mapping.compiled.writer import Code
from orderbridge.mapping.derive import are_same, identity
from orderbridge.mapping.document import ABSENT, copied, read, without, write, write_names
from orderbridge.mapping.lowering import NUMBER, TYPES, lower
from orderbridge.mapping.reach import holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.mapping.operations import Path, Section

    Pair = Callable[..., tuple[Any, dict[str, Any]]]
    """A document, and the tables of the look-ups -> the other partner's document, and what the hub says of it."""

_T = TypeVar("_T")
_NAMES: Final[dict[str, Any]] = {
    "__builtins__": {
        "bool": bool,
        "dict": dict,
        "int": int,
        "isinstance": isinstance,
        "len": len,
        "list": list,
        "reversed": reversed,
        "set": set,
        "str": str,
        "type": type,
    },
    "ABSENT": ABSENT,
    "Claims": running.Claims,
    "EMPTY": running.EMPTY,
    "Identity": running.Identity,
    "Named": running.Named,
    "grouped_rows": running.grouped_rows,
    "bound_rows": running.bound_rows,
    "tree_of_rows": running.tree_of_rows,
    "is_whole_row": running.is_whole_row,
    "as_maps": running.as_maps,
    "said": running.said,
    "looked_up": running.looked_up,
    "NEW": running.NEW,
    "NUMBER": NUMBER,
    "NUMBERS": running.NUMBERS,
    "Refused": Refused,
    "TYPES": TYPES,
    "are_same": are_same,
    "at": running.at,
    "bound": running.bound,
    "chosen": running.chosen,
    "copied": copied,
    "grouped": running.grouped,
    "holds": holds,
    "is_absent": running.is_absent,
    "is_same": is_same,
    "is_there": running.is_there,
    "is_whole": running.is_whole,
    "joined": running.joined,
    "key_for": running.key_for,
    "key_of": running.key_of,
    "named": running.named,
    "number": running.number,
    "read": read,
    "region_of": running.region_of,
    "text_of": running.text_of,
    "tree_of": running.tree_of,
    "without": without,
    "write": write,
    "write_names": write_names,
}
_MOST: Final = 500
_MADE: Final[dict[tuple[Any, ...], tuple[Any, Any]]] = {}
"""By the sections themselves, which are held so that their identities stay their own."""


def compiled_lift(section: Section) -> Callable[[Any], dict[str, Any]]:
    """Make the function that lifts a document (without secrets) to a flat hub document."""
    return _kept(("lift", id(section)), section, lambda: _compiled(lift_code(section)))


def compiled_lower(section: Section, reserved: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    """Make the function that lowers a flat hub document."""
    return _kept(("lower", id(section), reserved), section, lambda: _lower(section, reserved))


def compiled_pair(
    source: Section,
    target: Section,
    reserved: frozenset[str],
    secrets: frozenset[str] = frozenset(),
    lookups: tuple[tuple[Path, str], ...] = (),
) -> Pair | None:
    """Make the function that turns a document of one partner into one of another; None where it takes an account.

    It gives the document, and of the hub's leaves those that the target's orders have in `only`. `secrets` are the
    names of members (case-folded) that are passed over wherever they stand. `lookups` are paths of the target and the
    leaves that their values are looked up by, in tables that the function is given beside the document.
    """
    key = ("pair", id(source), id(target), reserved, secrets, lookups)
    known = _MADE.get(key)
    if known is not None:
        made: Pair | None = known[1]
        return made
    return _kept(key, (source, target), lambda: _pair(source, target, reserved, secrets, lookups))


def _pair(
    source: Section,
    target: Section,
    reserved: frozenset[str],
    secrets: frozenset[str],
    lookups: tuple[tuple[Path, str], ...],
) -> Pair | None:
    try:
        made: Pair = _compiled(pair_code(source, target, reserved, secrets, lookups))
    except UncompiledError:
        return None if lookups else _in_two_steps(source, target, reserved, secrets)
    return made


def _in_two_steps(source: Section, target: Section, reserved: frozenset[str], secrets: frozenset[str]) -> Pair:
    lift, lower_ = compiled_lift(source), compiled_lower(target, reserved)

    def translate(document: Any, _tables: Any = ()) -> tuple[Any, dict[str, Any]]:
        hub = lift(without(document, secrets))
        return lower_(hub), {leaf: hub[leaf] for leaf, _ in target.only if leaf in hub}

    return translate


def pair_code(
    source: Section,
    target: Section,
    reserved: frozenset[str],
    secrets: frozenset[str] = frozenset(),
    lookups: tuple[tuple[Path, str], ...] = (),
) -> Code:
    """Write the source of a translation.

    Raises:
        UncompiledError: the hub between the two cannot be kept in variables.

    """
    code = Code("translate", ("document", "tables=()"))
    found = tuple(Lookup.at(path, by) for path, by in lookups)
    writes = written(source)
    to = settled(target, writes)
    store = Local(code, to, writes, read_by(to, found), reserved)
    code.constants["whole_name"] = lambda document: identity(compiled_lift(source)(without(document, secrets)), target)
    store.begin()
    Lifting(code, source, store, secrets).write("document")
    store.begin_lowering()
    Lowering(code, to, store, reserved, found).write()
    told = [(leaf, name) for leaf, _ in target.only if (name := store.load_root(leaf)) is not None]
    code.line("told = {}")
    for leaf, name in told:
        with code.when(f"{name} is not None"):
            code.line(f"told[{leaf!a}] = {name}")
    code.line("return whole, told")
    return code


def _lower(section: Section, reserved: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    try:
        return _compiled(lower_code(section, reserved))
    except UncompiledError:
        return lambda hub: lower(hub, section, reserved=reserved).document


def lift_code(section: Section) -> Code:
    """Write the source of lifting."""
    code = Code("lift", ("document",))
    store = Flat(code, section)
    store.begin()
    Lifting(code, section, store).write("document")
    code.line(f"return {HUB}")
    return code


def lower_code(section: Section, reserved: frozenset[str]) -> Code:
    """Write the source of lowering.

    Raises:
        UncompiledError: it takes the interpreter.

    """
    code = Code("lower", (HUB,))
    store = Flat(code, section)
    store.begin_lowering()
    Lowering(code, section, store, reserved).write()
    code.line("return whole")
    return code


def _kept(key: tuple[Any, ...], sections: Any, make: Callable[[], _T]) -> _T:
    known = _MADE.get(key)
    if known is None:
        while len(_MADE) >= _MOST:
            del _MADE[next(iter(_MADE))]
        known = _MADE[key] = (sections, make())
    made: _T = known[1]
    return made


def _compiled(code: Code) -> Callable[..., Any]:
    """Compile source that this package wrote; nothing of a mapping is in it but literals and names of constants."""
    namespace = {**_NAMES, **code.constants}
    exec(compile(code.source, f"<{code.function}>", "exec"), namespace)  # noqa: S102 - of our own generator only
    made: Callable[..., Any] = namespace[code.function]
    return made
