"""What has to be supplied for a translation, as a JSON Schema of the supply: told from the mappings alone.

Whoever fills it in gets a complete document of every order that is not an exception: what only some orders lack is
described, and not asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract import composition
from orderbridge.contract.members import ANY, listed
from orderbridge.forecast.pairing import Halves, pair
from orderbridge.mapping.notation import read_path, write_path

if TYPE_CHECKING:
    from orderbridge.contract.members import Spot, Steps
    from orderbridge.forecast.table import Member, Pair
    from orderbridge.translation.side import Side

    Schema = dict[str, Any]

_HEADER: Final = "header:"
_POSITION: Final = "^(0|[1-9][0-9]*)$"
_KEPT: Final = ("format", "pattern", "minLength", "maxLength", "minimum", "maximum")
"""Keywords that mean the same in the contract and in the schema of what is supplied."""
_FILL: Final = "Written where the translation leaves a gap."
_OVERRIDE: Final = "Written whatever the translation gives; as `fill`, with any member of the document."
_LOOKUP: Final = (
    "Values looked up by a leaf of the order: target path -> the leaf, and a table or the name of a CSV file."
)
_TABLE: Final = {
    "type": "object",
    "required": ["by", "table"],
    "additionalProperties": False,
    "properties": {
        "by": {
            "type": "string",
            "description": "The path of a leaf of the hub, in the row that the target path names.",
        },
        "table": {
            "description": "The target's value by the hub's; or a CSV file of two columns with a heading.",
            "anyOf": [{"type": "object"}, {"type": "string"}],
        },
    },
}


def supply_schema(source: Side | None, target: Side) -> Schema:
    """Give the JSON Schema (2020-12) of what must be supplied for orders of a partner to become the target's.

    Without a source: what no order can be counted on to give.
    """
    given = None if source is None else Halves.of(source.contract, source.mapping)
    own = Halves.of(target.contract, target.mapping)
    told = pair(given, own)
    members = [each for each in told.of("supplied", "conditional") if not each.path.startswith(_HEADER)]
    fill: Schema = {"type": "object", "description": _FILL}
    for member in members:
        _place(fill, _steps(member), _value(member, own.order.ruled))
    asked = [_asked(each, told) for each in members if each.kind == "supplied"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What {target.name} needs beside {'any order' if source is None else f'an order of {source.name}'}",
        **_headers(told),
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "fill": fill,
            "override": {"type": "object", "description": _OVERRIDE},
            "lookup": {"type": "object", "description": _LOOKUP, "additionalProperties": _TABLE},
        },
        **({"allOf": asked} if asked else {}),
    }


def _steps(member: Member) -> Steps:
    """Give the steps to what is supplied; a list of plain values is supplied as a whole."""
    steps = tuple(str(token) for token in read_path(member.path))
    while steps and steps[-1] == ANY:
        steps = steps[:-1]
    return steps


def _headers(told: Pair) -> Schema:
    """Name the headers that a supply cannot hold."""
    members = [each for each in told.of("supplied", "conditional") if each.path.startswith(_HEADER)]
    lines = [f"{each.path.removeprefix(_HEADER)}{f' ({each.need})' if each.need else ''}" for each in members]
    return {"description": f"Request headers come beside it: {', '.join(lines)}."} if lines else {}


def _place(schema: Schema, steps: Steps, value: Schema) -> None:
    """Put the schema of a value below that of the object that it stands in, through objects and lists."""
    where = ["properties", "fill"]
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        where += ["properties", step]
        if step == ANY:
            schema.setdefault("patternProperties", {_POSITION: {"$ref": f"#{pointer.join(where)}"}})
            schema["additionalProperties"] = False
        schema = schema.setdefault("properties", {}).setdefault(step, value if after is None else {"type": "object"})


def _value(member: Member, root: Spot) -> Schema:
    """Describe a value: what the contract documents of it, and where it is obtained."""
    steps = _steps(member)
    here = root.at(steps)
    said = [member.need or _first(here, "description")]
    if member.kind == "conditional":
        said.append(f"Needed by some orders only: {member.why}.")
    description = " ".join(each if each.endswith(".") else f"{each}." for each in said if each)
    return {**({"description": description} if description else {}), **_constraints(here)}


def _constraints(here: Spot) -> Schema:
    types = sorted(here.types)
    values = listed(here)
    found: Schema = {"type": types[0] if len(types) == 1 else types} if types else {}
    if here.elements.exists:
        found["items"] = _constraints(here.elements)
    if values is not None:
        return {**found, "enum": list(values)}
    return {**found, **{name: first for name in _KEPT if (first := _first(here, name)) is not None}}


def _first(here: Spot, name: str) -> Any:
    """Give a keyword of the parts that all values keep; alternatives may each say something else."""
    for schema in here.schemas:
        for part in composition.parts(schema, here.document):
            if name in part:
                return part[name]
    return None


# What is asked for


def _asked(member: Member, told: Pair) -> Schema:
    """Ask for a member in any of the three ways to supply it."""
    steps = _steps(member)
    ways = [{"required": [part], "properties": {part: _inside(steps, (), told)}} for part in ("fill", "override")]
    # A table is looked up by what a row of the order has; where there are no rows, there is nothing to look up by.
    if all(write_path(steps[:index]) in told.lists for index, step in enumerate(steps) if step == ANY):
        ways.append({"required": ["lookup"], "properties": {"lookup": {"required": [write_path(steps)]}}})
    return {"description": f"{member.path}: {member.need or 'required'}", "anyOf": ways}


def _inside(steps: Steps, done: Steps, told: Pair) -> Schema:
    """Ask for the rest of a path; of a list that the source gives no elements, in its first one."""
    if len(done) == len(steps):
        return {}
    step = steps[len(done)]
    rest = _inside(steps, (*done, step), told)
    if step != ANY:
        return _named(step, rest)
    if write_path(done) not in told.lists:
        return _named("0", rest)
    return {"anyOf": [_named(ANY, rest), _named("0", rest)]}


def _named(name: str, rest: Schema) -> Schema:
    return {"required": [name], **({"properties": {name: rest}} if rest else {})}
