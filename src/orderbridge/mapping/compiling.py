"""Lift and lower without an account, for the straight way from one partner to the other.

A section becomes Python source (`compiled`), which is compiled when it is first wanted and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.compiled import running
from orderbridge.mapping.compiled.lift import Lifting
from orderbridge.mapping.compiled.lower import Lowering, UncompiledError
from orderbridge.mapping.compiled.storing import HUB, Flat
from orderbridge.mapping.compiled.writer import Code
from orderbridge.mapping.derive import are_same
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
_MADE: Final[dict[tuple[Any, ...], tuple[Section, Callable[..., Any]]]] = {}
"""By the section itself, which is held so that its identity stays its own."""


def compiled_lift(section: Section) -> Callable[[Any], dict[str, Any]]:
    """Make the function that lifts a document (without secrets) to a flat hub document."""
    return _kept(("lift", id(section)), section, lambda: _compiled(lift_code(section)))


def compiled_lower(section: Section, reserved: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    """Make the function that lowers a flat hub document."""
    return _kept(("lower", id(section), reserved), section, lambda: _lower(section, reserved))


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


def _kept(key: tuple[Any, ...], section: Section, make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    known = _MADE.get(key)
    if known is None:
        while len(_MADE) >= _MOST:
            del _MADE[next(iter(_MADE))]
        known = _MADE[key] = (section, make())
    return known[1]


def _compiled(code: Code) -> Callable[..., Any]:
    """Compile source that this package wrote; nothing of a mapping is in it but literals and names of constants."""
    namespace = {**_NAMES, **code.constants}
    exec(compile(code.source, f"<{code.function}>", "exec"), namespace)  # noqa: S102 - of our own generator only
    made: Callable[..., Any] = namespace[code.function]
    return made
