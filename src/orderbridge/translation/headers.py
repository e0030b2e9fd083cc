"""Request headers as a second, small document of the same trip.

Names have no case; a header that holds JSON is read as what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.errors import UsageError
from orderbridge.mapping.operations import Leaf
from orderbridge.problem import Problem
from orderbridge.translation.missing import Gap
from orderbridge.validation import plain
from orderbridge.validation.parameters import ParameterCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.translation.side import Side

_SENDABLE: Final = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
_NOT_ASCII: Final = re.compile(r"[^ -~]")


def check(headers: Any) -> None:
    """Refuse what is no map from header names to JSON values.

    Raises:
        UsageError: it is not.

    """
    if not isinstance(headers, Mapping):
        msg = "headers are a map from names to values"
        raise UsageError(msg)
    _, problems = plain.exact(dict(headers))
    if problems:
        msg = f"headers are JSON values: {problems[0].message}"
        raise UsageError(msg)


def errors(side: Side, headers: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give the errors of headers that are there; what is missing is told as a gap."""
    found = ParameterCheck(side.contract, side.contract.operation()).check(headers=headers)
    broken = (
        each
        for each in found
        if each.severity == "error" and each.code != "required" and each.pointer.startswith("header:")
    )
    return (*broken, *_unsendable(headers))


def _unsendable(headers: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what no header can hold: a line break would begin another header (RFC 9110, section 5.5)."""
    for name, value in headers.items():
        if not _SENDABLE.fullmatch(value):
            yield Problem(
                "format",
                f"the value of {name} cannot be sent in a header: it has control characters, letters beyond ASCII, or "
                "blanks around it",
                f"header:{name}",
                fix="use visible characters of ASCII with blanks between them",
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
    """Write a header's value; what is not a text is written as JSON, in ASCII."""
    if isinstance(value, str):
        return value
    return _NOT_ASCII.sub(_escaped, jsontext.write(value).decode())


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


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
