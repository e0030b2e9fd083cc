"""Request headers as a second, small document of the same trip.

Names have no case; a header that holds JSON is read as what it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderbridge import jsontext
from orderbridge.mapping.operations import Leaf
from orderbridge.translation.missing import Gap
from orderbridge.validation.parameters import ParameterCheck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderbridge.problem import Problem
    from orderbridge.translation.side import Side


def errors(side: Side, headers: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give the errors of headers that are there; what is missing is told as a gap."""
    check = ParameterCheck(side.contract, side.contract.operation())
    found = check.check(headers=headers)
    return tuple(
        each
        for each in found
        if each.severity == "error" and each.code != "required" and each.pointer.startswith("header:")
    )


def document_of(side: Side, headers: Mapping[str, Any]) -> dict[str, Any]:
    """See request headers as a document: names in lower case, JSON inside a header read."""
    contents = {
        parameter.name.lower()
        for parameter in side.contract.operation().parameters
        if parameter.location == "header" and parameter.media_type is not None
    }
    whole: dict[str, Any] = {}
    for name, value in headers.items():
        key = name.lower()
        whole[key] = value
        if key in contents and isinstance(value, (str, bytes)):
            read_value, problems = jsontext.read(value)
            whole[key] = value if problems else read_value
    return whole


def written(value: Any) -> str:
    """Write a header's value; what is not a text is written as JSON."""
    if isinstance(value, str):
        return value
    return jsontext.write(value).decode()


def gaps(side: Side, document: dict[str, Any]) -> Iterator[Gap]:
    """Yield the required headers that are missing."""
    lines: dict[Any, Leaf] = {}
    for each in side.section("headers").operations:
        # A header that holds JSON has several lines; one of them says where to get it.
        if isinstance(each, Leaf) and each.at and (each.need or each.at[0] not in lines):
            lines[each.at[0]] = each
    for parameter in side.contract.at("documented").operation().parameters:
        name = parameter.name.lower()
        if parameter.location == "header" and parameter.required and name not in document:
            line = lines.get(name)
            yield Gap((name,), "documented", line.need if line else None, line)


def row(leaf: dict[str, Any]) -> dict[str, Any]:
    """Write the pointers of a report's row as `header:name`, and what is inside of JSON behind it."""
    changed = {**leaf, "pointer": _named(leaf["pointer"])}
    for member in ("targets", "sources"):
        if member in leaf:
            changed[member] = [*map(_named, leaf[member])]
    return changed


def _named(where: str) -> str:
    return where.replace("header:/", "header:", 1)
