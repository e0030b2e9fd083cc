"""Lift and lower without an account, for the straight way from one partner to the other.

A section becomes Python source (`compiled`), which is compiled when it is first wanted and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.compiled import running
from orderbridge.mapping.compiled.flat import HUB, Flat
from orderbridge.mapping.compiled.lift import Lifting
from orderbridge.mapping.compiled.local import Local
from orderbridge.mapping.compiled.lower import Lowering, UncompiledError
from orderbridge.mapping.compiled.survey import read as read_by
from orderbridge.mapping.compiled.survey import written
from orderbridge.mapping.compiled.writer import Code
from orderbridge.mapping.derive import are_same, identity
from orderbridge.mapping.document import ABSENT, copied, read, without, write
from orderbridge.mapping.lifting import holds
from orderbridge.mapping.lowering import NUMBER, TYPES, lower

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.mapping.operations import Section

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
    "read": read,
    "region_of": running.region_of,
    "text_of": running.text_of,
    "tree_of": running.tree_of,
    "without": without,
    "write": write,
}
_MOST: Final = 500
_MADE: Final[dict[tuple[Any, ...], tuple[Any, Callable[..., Any]]]] = {}
"""By the sections themselves, which are held so that their identities stay their own."""


def compiled_lift(section: Section) -> Callable[[Any], dict[str, Any]]:
    """Make the function that lifts a document (without secrets) to a flat hub document."""
    return _kept(("lift", id(section)), section, lambda: _compiled(lift_code(section)))


def compiled_lower(section: Section, reserved: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    """Make the function that lowers a flat hub document."""
    return _kept(("lower", id(section), reserved), section, lambda: _lower(section, reserved))


def compiled_pair(
    source: Section, target: Section, reserved: frozenset[str], secrets: frozenset[str] = frozenset()
) -> Callable[[Any], tuple[Any, dict[str, Any]]]:
    """Make the function that turns a document of one partner into one of another.

    It gives the document, and of the hub's leaves those that the target's orders have in `only`. `secrets` are the
    names of members (case-folded) that are passed over wherever they stand.
    """
    key = ("pair", id(source), id(target), reserved, secrets)
    return _kept(key, (source, target), lambda: _pair(source, target, reserved, secrets))


def _pair(
    source: Section, target: Section, reserved: frozenset[str], secrets: frozenset[str]
) -> Callable[[Any], tuple[Any, dict[str, Any]]]:
    try:
        return _compiled(pair_code(source, target, reserved, secrets))
    except UncompiledError:
        lift, lower_ = compiled_lift(source), compiled_lower(target, reserved)
        return lambda document: _in_two_steps(lift, lower_, target, without(document, secrets))


def _in_two_steps(
    lift: Callable[[Any], dict[str, Any]], lower_: Callable[[dict[str, Any]], Any], target: Section, document: Any
) -> tuple[Any, dict[str, Any]]:
    hub = lift(document)
    return lower_(hub), {leaf: hub[leaf] for leaf, _ in target.only if leaf in hub}


def pair_code(source: Section, target: Section, reserved: frozenset[str], secrets: frozenset[str]) -> Code:
    """Write the source of a translation.

    Raises:
        UncompiledError: the hub between the two cannot be kept in variables.

    """
    code = Code("translate", ("document",))
    store = Local(code, target, written(source), read_by(target))
    code.constants["whole_name"] = lambda document: identity(compiled_lift(source)(without(document, secrets)), target)
    store.begin()
    Lifting(code, source, store, secrets).write("document")
    store.begin_lowering()
    Lowering(code, target, store, reserved).write()
    told = [(leaf, store.load_root(leaf)) for leaf, _ in target.only]
    names = ", ".join(f"{leaf!a}: {name}" for leaf, name in told if name is not None)
    code.line(f"return whole, said({{{names}}})" if names else "return whole, {}")
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


def _kept(key: tuple[Any, ...], sections: Any, make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    known = _MADE.get(key)
    if known is None:
        while len(_MADE) >= _MOST:
            del _MADE[next(iter(_MADE))]
        known = _MADE[key] = (sections, make())
    return known[1]


def _compiled(code: Code) -> Callable[..., Any]:
    """Compile source that this package wrote; nothing of a mapping is in it but literals and names of constants."""
    namespace = {**_NAMES, **code.constants}
    exec(compile(code.source, f"<{code.function}>", "exec"), namespace)  # noqa: S102 - of our own generator only
    made: Callable[..., Any] = namespace[code.function]
    return made
