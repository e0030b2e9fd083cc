"""What a broken rule says to a person: one small function per schema keyword, all of one signature.

Text is made here and nowhere else, late, from the fault, the value and the user's own schema.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.validation import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderbridge.contract.branches import Fault

_MOST_NAMES: Final = 500
_LONGEST_NAME: Final = 200
_LEAST_LIKE: Final = 0.75


class Case(NamedTuple):
    """A fault with what it is about: the value, the user's schema, and whether the value is secret."""

    fault: Fault
    value: Any
    schema: Mapping[str, Any]
    secret: bool

    @property
    def shown(self) -> str:
        """The value as messages may show it."""
        return show.SECRET if self.secret and not isinstance(self.value, (dict, list)) else show.value(self.value)


class Text(NamedTuple):
    """What a person reads about a broken rule."""

    message: str
    expected: str | None = None
    fix: str | None = None


def code_of(fault: Fault) -> str:
    """Name the code of a broken keyword, without working out its words."""
    if fault.keyword == "oneOf" and fault.detail is None:
        return "any-of"
    return CODES_OF.get(fault.keyword, "rule")


def text(case: Case) -> Text:
    """Say what is wrong, what was expected and how to mend it."""
    return _TEXTS.get(case.fault.keyword, _other)(case)


def nearest(name: str, known: list[str]) -> str | None:
    """Find the declared name that an undeclared one was probably meant to be."""
    # The same member is wrong in every record of a stream.
    return _nearest(name[:_LONGEST_NAME], tuple(known[:_MOST_NAMES]))


@lru_cache(maxsize=1024)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    folded = {_folded(candidate): candidate for candidate in reversed(known)}
    same = folded.get(_folded(name))
    if same is not None:
        return same
    close = get_close_matches(_folded(name), list(folded), n=1, cutoff=_LEAST_LIKE)
    return folded[close[0]] if close else None


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _type(case: Case) -> Text:
    types = [entry for entry in case.fault.detail if entry != "null"] or ["null"]
    wanted = show.choice([show.type_name(entry) for entry in types])
    subject = f"{case.shown} is {show.type_of(case.value)}" if _is_shown(case.value) else f"this is {case.shown}"
    message = f"{subject}; the contract wants {wanted}"
    return Text(message, show.choice(case.fault.detail), _type_fix(case, types))


def _is_shown(value: Any) -> bool:
    return value is not None and not isinstance(value, (dict, list))


def _type_fix(case: Case, types: list[str]) -> str:
    if case.value is None:
        return "send a value, or leave the member out where it is optional"
    if isinstance(case.value, str) and {"number", "integer"} & set(types) and _is_number(case.value):
        return f"send {case.shown if case.secret else case.value} without quotes"
    if isinstance(case.value, str) and "boolean" in types and case.value.lower() in {"true", "false"}:
        return f"send {case.value.lower()} without quotes"
    if "string" in types and not isinstance(case.value, (dict, list)):
        return "send it as a string" if case.secret else f'send "{case.shown}" with quotes'
    if "array" in types and isinstance(case.value, dict):
        return "put the object into an array: [{…}]"
    return f"send {show.choice([show.type_name(entry) for entry in types])}"


def _is_number(text_value: str) -> bool:
    head, _, tail = text_value.removeprefix("-").partition(".")
    return head.isascii() and head.isdigit() and (not tail or (tail.isascii() and tail.isdigit()))


def _required(case: Case) -> Text:
    member = case.fault.detail
    stranger = None
    if isinstance(case.value, dict):
        declared = case.schema.get("properties", {})
        undeclared = [key for key in case.value if key not in declared]
        stranger = nearest(member, undeclared)
    fix = f"rename {show.name(stranger)} to {show.name(member)}" if stranger else f"add {show.name(member)}"
    return Text(f"{show.name(member)} is missing", show.name(member), fix)


def _unknown(case: Case) -> Text:
    known = list(case.schema.get("properties", {}))
    member = case.fault.detail
    match = nearest(member, known)
    hint = f"; did you mean {show.name(match)}?" if match else ""
    fix = f"rename it to {show.name(match)}" if match else "remove it, or ask the partner whether it is known"
    return Text(f"{show.name(member)} is not in the contract{hint}", None, fix)


def _enum(case: Case) -> Text:
    options = [show.value(option) for option in case.fault.detail]
    match = None
    if isinstance(case.value, str) and not case.secret:
        match = nearest(case.value, [option for option in case.fault.detail if isinstance(option, str)])
    hint = f"; did you mean {show.value(match)}?" if match is not None else ""
    fix = f"send {show.value(match)}" if match is not None else f"send {show.choice(options)}"
    wanted = show.choice(options)
    return Text(f"{case.shown} is not one of the values that the contract lists{hint}", wanted, fix)


def _pattern(case: Case) -> Text:
    pattern = case.fault.detail
    message = f"{case.shown} does not have the form that the contract asks for"
    return Text(message, f"a string that matches {pattern}", f"send a string that matches {pattern}")


def _format(case: Case) -> Text:
    name = case.fault.detail
    wanted = _FORMATS.get(name, f"a string in the format {name}")
    return Text(f"{case.shown} is not {wanted}", wanted, f"send {wanted}")


_FORMATS: Final = {
    "byte": "base64 text",
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time with an offset, such as 2026-01-31T09:30:00Z",
    "email": "an e-mail address",
    "int32": "an integer of 32 bits",
    "int64": "an integer of 64 bits",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "an absolute URI",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
}


def _bound(words: str) -> Callable[[Case], Text]:
    def bound(case: Case) -> Text:
        limit = show.value(case.fault.detail)
        wanted = f"{words} {limit}"
        return Text(f"{case.shown} is not {wanted}", wanted, f"send a number {wanted}")

    return bound


def _size(words: str, noun: str) -> Callable[[Case], Text]:
    def size(case: Case) -> Text:
        limit = case.fault.detail
        wanted = f"{words} {limit} {noun}{'' if limit == 1 else 's'}"
        actual = len(case.value)
        what = case.shown if noun == "character" else ("the array" if noun == "element" else "the object")
        return Text(f"{what} has {actual}; the contract wants {wanted}", wanted, f"send {wanted}")

    return size


def _multiple(case: Case) -> Text:
    wanted = f"a multiple of {show.value(case.fault.detail)}"
    return Text(f"{case.shown} is not {wanted}", wanted, f"send {wanted}")


def _unique(case: Case) -> Text:
    return Text("the array holds equal elements", "distinct elements", "remove the repeated elements")


def _not(case: Case) -> Text:
    if case.schema.get("not") == {}:
        # A member that only some values of another one allow: that other one is why the contract says so here.
        return Text("beside the other members nothing may stand here", None, "leave this member out")
    message = "this combination is one that the contract rules out"
    return Text(message, None, _not_fix(case.schema))


def _not_fix(schema: Mapping[str, Any]) -> str:
    forbidden = schema.get("not")
    members = forbidden.get("required") if isinstance(forbidden, dict) else None
    if isinstance(members, list) and len(members) == 1:
        return f"leave {show.name(members[0])} out"
    return "see the `not` rule of the contract for what is ruled out"


def _alternatives(case: Case) -> Text:
    message = "the value fits none of the alternatives of the contract"
    return Text(message, None, "make it fit one of the alternatives")


def _too_many(case: Case) -> Text:
    if case.fault.detail is None:
        return _alternatives(case)
    message = "the value fits several alternatives of the contract; exactly one is asked for"
    return Text(message, "exactly one alternative", "leave out what makes it fit more than one")


def _read_only(case: Case) -> Text:
    return Text("the receiver sets this member; a request does not carry it", None, "leave it out")


def _write_only(case: Case) -> Text:
    return Text("only a request carries this member; a response does not", None, "leave it out")


def _never(case: Case) -> Text:
    return Text("the contract allows no value here", None, "leave it out")


def _other(case: Case) -> Text:
    return Text(f"{case.shown} breaks the rule {case.fault.keyword!r} of the contract")


CODES_OF: Final[dict[str, str]] = {
    "additionalProperties": "unknown-property",
    "anyOf": "any-of",
    "enum": "enum",
    "exclusiveMaximum": "exclusive-maximum",
    "exclusiveMinimum": "exclusive-minimum",
    "falseSchema": "never",
    "format": "format",
    "maxItems": "max-items",
    "maxLength": "max-length",
    "maxProperties": "max-properties",
    "maximum": "maximum",
    "minItems": "min-items",
    "minLength": "min-length",
    "minProperties": "min-properties",
    "minimum": "minimum",
    "multipleOf": "multiple-of",
    "not": "not-allowed",
    "oneOf": "one-of",
    "pattern": "pattern",
    "readOnly": "read-only",
    "required": "required",
    "type": "type",
    "uniqueItems": "unique-items",
    "writeOnly": "write-only",
}
"""Schema keyword -> problem code."""

_TEXTS: Final[dict[str, Callable[[Case], Text]]] = {
    "additionalProperties": _unknown,
    "anyOf": _alternatives,
    "enum": _enum,
    "exclusiveMaximum": _bound("less than"),
    "exclusiveMinimum": _bound("more than"),
    "falseSchema": _never,
    "format": _format,
    "maxItems": _size("at most", "element"),
    "maxLength": _size("at most", "character"),
    "maxProperties": _size("at most", "member"),
    "maximum": _bound("at most"),
    "minItems": _size("at least", "element"),
    "minLength": _size("at least", "character"),
    "minProperties": _size("at least", "member"),
    "minimum": _bound("at least"),
    "multipleOf": _multiple,
    "not": _not,
    "oneOf": _too_many,
    "pattern": _pattern,
    "readOnly": _read_only,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique,
    "writeOnly": _write_only,
}
