"""The parameters of a request: text from path, query, headers and cookies becomes values and their problems.

OpenAPI writes one value in many ways (`style`, `explode`) or as JSON inside a text (`content`). What a text
says is read by its schema and without loss: a text that is no number stays a text and is told as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, unquote_plus

from orderbridge import jsontext, pointer
from orderbridge.contract import composition
from orderbridge.contract.evidence import Tag, is_within
from orderbridge.contract.model import is_json
from orderbridge.contract.secrets import MARK, is_marked
from orderbridge.problem import CODES, Evidence, Problem
from orderbridge.validation import show
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Location, Operation, Parameter

ABSENT: Final[Any] = object()
"""What `decode` gives for a parameter that a query string does not have."""

Pair = tuple[str, str]

_PARTS: Final = ("allOf", "anyOf", "oneOf")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_DEEP: Final = re.compile(r"\[([^\[\]]*)\]")
_DELIMITERS: Final = {"form": ",", "pipeDelimited": "|", "simple": ",", "spaceDelimited": " "}
_PREFIXES: Final = {"label": ".", "matrix": ";"}
_MOST_DEPTH: Final = 20


# Texts to values


def decode(parameter: Parameter, raw: str, document: Any) -> Any:
    """Read a parameter's value from its text, numbers exact; `ABSENT` when a query string does not name it.

    `raw` is the whole query string for a query parameter (percent-encoded, without `?`), the percent-encoded
    segment for a path parameter, else the text of the header or cookie. A `content` parameter in JSON is
    read as JSON, and stays a text if it is none. Nothing is raised for any text.
    """
    if parameter.location == "query":
        return _from_query(parameter, _pairs(raw), document)
    if parameter.media_type is not None:
        return _content(parameter, _unescape(parameter)(raw))[0]
    if not raw.startswith(_PREFIXES.get(parameter.style, "")):
        return unquote(raw)  # not in its style: whatever it was meant to be, it was not said
    schema = _schema(parameter, document)
    tree = _READERS.get(parameter.style, _simple)(parameter, raw, _kind(schema, document))
    return _coerced(_mapped(tree, _unescape(parameter)), schema, document)


def _unescape(parameter: Parameter) -> Callable[[str], str]:
    if parameter.location == "path":
        return unquote
    return unquote_plus if parameter.location == "query" else str.strip


def _content(parameter: Parameter, text: str) -> tuple[Any, tuple[Problem, ...]]:
    if not is_json(parameter.media_type or ""):
        return text, ()
    value, problems = jsontext.read(text)
    return (text, problems) if problems else (value, ())


def _schema(parameter: Parameter, document: Any) -> Any:
    return {} if parameter.schema is None else pointer.get(document, parameter.schema)


def _kind(schema: Any, document: Any) -> str:
    """Tell how a text divides: as an array, as an object, or not at all."""
    types = _types(schema, document)
    if "string" in types:  # any text is one already
        return "text"
    return next((kind for kind in ("array", "object") if kind in types), "text")


def _types(schema: Any, document: Any) -> set[str]:
    parts = list(composition.parts(schema, document, _PARTS))
    types = {part["type"] for part in parts if isinstance(part.get("type"), str)}
    if not types and any("properties" in part for part in parts):
        return {"object"}
    return types


def _simple(parameter: Parameter, raw: str, kind: str) -> Any:
    if kind == "text":
        return raw
    return _divided(raw, ",", kind, explode=parameter.explode)


def _label(parameter: Parameter, raw: str, kind: str) -> Any:
    body = raw.removeprefix(".")
    if kind == "text":
        return body
    # Without explode, versions of the specification disagree on the delimiter: a comma decides.
    delimiter = "," if "," in body and not parameter.explode else "."
    return _divided(body, delimiter, kind, explode=parameter.explode)


def _matrix(parameter: Parameter, raw: str, kind: str) -> Any:
    pairs = [_pair(part) for part in raw.removeprefix(";").split(";")]
    if kind == "object" and parameter.explode:
        return dict(pairs)
    values = [value for name, value in pairs if unquote(name) == parameter.name]
    if kind == "text" or not values:
        return values[0] if len(values) == 1 else raw
    return values if kind == "array" and parameter.explode else _divided(values[0], ",", kind, explode=False)


_READERS: Final[dict[str, Callable[[Parameter, str, str], Any]]] = {
    "form": _simple,
    "label": _label,
    "matrix": _matrix,
    "simple": _simple,
}


def _divided(text: str, delimiter: str, kind: str, *, explode: bool) -> Any:
    parts = text.split(delimiter) if text else []
    if kind == "array":
        return parts
    if explode:
        return dict(_pair(part) for part in parts)
    if len(parts) % 2:  # no names for all values: not an object, and told as such
        return text
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _pair(part: str) -> Pair:
    name, _, value = part.partition("=")
    return name, value


def _pairs(query: str) -> list[Pair]:
    """Divide a query string into names and values that are still percent-encoded."""
    return [(unquote_plus(name), value) for name, value in map(_pair, query.split("&")) if name or value]


def _from_query(parameter: Parameter, pairs: list[Pair], document: Any) -> Any:
    schema = _schema(parameter, document)
    kind = _kind(schema, document)
    if parameter.media_type is None and kind == "object" and parameter.style == "deepObject":
        tree = _deep(parameter.name, pairs)
    elif parameter.media_type is None and kind == "object" and parameter.explode:
        names = {name for name, _ in composition.members(schema, document, _PARTS)}
        tree = {name: value for name, value in pairs if name in names} or ABSENT
    else:
        return _named(parameter, [value for name, value in pairs if name == parameter.name], schema, document)
    return tree if tree is ABSENT else _coerced(_mapped(tree, unquote_plus), schema, document)


def _named(parameter: Parameter, values: list[str], schema: Any, document: Any) -> Any:
    if not values:
        return ABSENT
    kind = _kind(schema, document)
    if parameter.media_type is not None:
        # Two texts for one value: neither is taken in silence.
        return _content(parameter, unquote_plus(values[0]))[0] if len(values) == 1 else values
    if kind == "array" and parameter.explode:
        return _coerced(_mapped([] if values == [""] else values, unquote_plus), schema, document)
    if len(values) > 1:
        return [unquote_plus(value) for value in values]
    if kind == "text":
        return _coerced(unquote_plus(values[0]), schema, document)
    tree = _divided(_plain_delimiter(values[0], parameter.style), _delimiter(parameter), kind, explode=False)
    return _coerced(_mapped(tree, unquote_plus), schema, document)


def _delimiter(parameter: Parameter) -> str:
    return _DELIMITERS.get(parameter.style, ",")


def _plain_delimiter(text: str, style: str) -> str:
    """Read the delimiters that have to be percent-encoded in a URL; a comma does not."""
    if style == "spaceDelimited":
        return text.replace("+", " ").replace("%20", " ")
    return text.replace("%7C", "|").replace("%7c", "|") if style == "pipeDelimited" else text


def _deep(name: str, pairs: list[Pair]) -> Any:
    tree: dict[str, Any] = {}
    for key, value in pairs:
        if not key.startswith(f"{name}["):
            continue
        rest = key[len(name) :]
        steps = _DEEP.findall(rest)
        if "".join(f"[{step}]" for step in steps) != rest or len(steps) > _MOST_DEPTH:
            steps = [rest]
        _put(tree, steps, value)
    return tree or ABSENT


def _put(tree: dict[str, Any], steps: list[str], value: str) -> None:
    """Add a value; a name that comes again, or ends in `[]`, makes a list."""
    *way, last = steps[:-1] if steps[-1] == "" and len(steps) > 1 else steps
    for step in way:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = tree[step] = {"": inner}
        tree = inner
    if last not in tree:
        tree[last] = [value] if steps[-1] == "" else value
    else:
        known = tree[last]
        tree[last] = [*(known if isinstance(known, list) else [known]), value]


def _mapped(tree: Any, change: Callable[[str], str]) -> Any:
    if isinstance(tree, dict):
        return {change(name): _mapped(value, change) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_mapped(value, change) for value in tree]
    return change(tree)


def _coerced(tree: Any, schema: Any, document: Any) -> Any:
    if isinstance(tree, dict):
        members = dict(composition.members(schema, document, _PARTS))
        others: Any = next(_values(schema, document, "additionalProperties"), {})
        return {name: _coerced(value, members.get(name, others), document) for name, value in tree.items()}
    if isinstance(tree, list):
        items: Any = next(_values(schema, document, "items"), {})
        return [_coerced(value, items, document) for value in tree]
    types = _types(schema, document)
    if "array" in types and "string" not in types:
        return [_coerced(tree, next(_values(schema, document, "items"), {}), document)]
    return _scalar(tree, types)


def _values(schema: Any, document: Any, keyword: str) -> Iterator[Any]:
    yield from (part[keyword] for part in composition.parts(schema, document, _PARTS) if keyword in part)


def _scalar(text: str, types: set[str]) -> Any:
    """Read a text as what its schema allows, if it says exactly that; else it stays a text."""
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if types & {"integer", "number"} and _NUMBER.fullmatch(text):
        value, problems = jsontext.read(text)
        # Where texts are allowed too, only a number that is written back alike is meant as one.
        if not problems and ("string" not in types or jsontext.write(value).decode() == text):
            return value
    return text


# Values to problems


@dataclass(frozen=True)
class ParameterCheck:
    """The rules for the parameters of one operation, each schema compiled once."""

    contract: Contract
    operation: Operation
    level: Evidence = "documented"
    _validators: dict[str, Validator] = field(default_factory=dict, repr=False, compare=False)

    def check(
        self,
        *,
        path: Mapping[str, str] | None = None,
        query: str = "",
        headers: Mapping[str, str] | Iterable[Pair] = (),
        cookies: Mapping[str, str] | None = None,
    ) -> list[Problem]:
        """Give the problems of all parameters, in the order of the contract; [] when they keep it.

        `path` and `query` are percent-encoded, as they stand in the URL. A pointer is `header:NAME`,
        `query:NAME`, `path:NAME` or `cookie:NAME`, and the JSON Pointer inside the value behind it.
        """
        given = _Given(path or {}, _pairs(query), query, _joined(headers), cookies or {})
        return [problem for parameter in self.operation.parameters for problem in self._check(parameter, given)]

    def _check(self, parameter: Parameter, given: _Given) -> Iterator[Problem]:
        value, problems = self._read(parameter, given)
        if problems:
            yield from (self._at(parameter, problem) for problem in problems)
            return
        if value is ABSENT:
            yield from self._missing(parameter)
        elif parameter.schema is not None and not (value == "" and self._may_be_empty(parameter)):
            for problem in self._validator(parameter.schema).check_value(value):
                yield self._at(parameter, problem)

    def _read(self, parameter: Parameter, given: _Given) -> tuple[Any, tuple[Problem, ...]]:
        if parameter.media_type is None:
            raw = given.raw(parameter)
            return (ABSENT if raw is None else decode(parameter, raw, self.contract.document)), ()
        texts = given.texts(parameter)
        if len(texts) != 1:  # two texts for one value: neither is taken in silence
            return (texts or ABSENT), ()
        return _content(parameter, _unescape(parameter)(texts[0]))

    def _missing(self, parameter: Parameter) -> Iterator[Problem]:
        if not parameter.required:
            return
        evidence = self._tag(parameter).of("required")
        name = f"{_PLACES[parameter.location]} {show.name(parameter.name)}"
        yield Problem(
            "required",
            f"the {name} is missing",
            f"{parameter.location}:{parameter.name}",
            "error" if is_within(evidence, self.level) else "warning",
            evidence,
            f"{parameter.pointer}/required",
            expected=show.name(parameter.name),
            fix=f"send the {name}",
        )

    def _at(self, parameter: Parameter, problem: Problem) -> Problem:
        """Put a problem of a value to the parameter it came in, without lines, which a body has."""
        where = f"{parameter.location}:{parameter.name}{problem.pointer}"
        found = replace(problem, pointer=where, line=None, column=None)
        if problem.schema_pointer is None and parameter.schema is not None:
            found = replace(found, schema_pointer=parameter.schema)
        if not self._is_secret(parameter):
            return found
        return replace(
            found,
            message=f"{show.SECRET}: {CODES[problem.code].title.lower()}",
            actual=show.SECRET,
            fix=CODES[problem.code].fix,
        )

    def _is_secret(self, parameter: Parameter) -> bool:
        document = self.contract.document
        raw = pointer.get(document, parameter.pointer)
        return raw.get(MARK) is True or is_marked(_schema(parameter, document), document)

    def _may_be_empty(self, parameter: Parameter) -> bool:
        return pointer.get(self.contract.document, parameter.pointer).get("allowEmptyValue") is True

    def _tag(self, parameter: Parameter) -> Tag:
        tokens = pointer.split(parameter.pointer)
        plain = tuple(int(token) if pointer.is_index(token) else token for token in tokens)
        return self.contract.tags.get(plain) or self.contract.tags.get(tuple(tokens)) or Tag()

    def _validator(self, schema: str) -> Validator:
        if schema not in self._validators:
            self._validators[schema] = Validator(self.contract, schema, "request", self.level)
        return self._validators[schema]


def check_parameters(
    contract: Contract,
    operation: Operation,
    *,
    path: Mapping[str, str] | None = None,
    query: str = "",
    headers: Mapping[str, str] | Iterable[Pair] = (),
    cookies: Mapping[str, str] | None = None,
    level: Evidence = "documented",
) -> list[Problem]:
    """Check the parameters of one request; whoever checks many keeps a `ParameterCheck`, which compiles once."""
    check = ParameterCheck(contract, operation, level)
    return check.check(path=path, query=query, headers=headers, cookies=cookies)


_PLACES: Final[dict[Location, str]] = {
    "cookie": "cookie",
    "header": "header",
    "path": "path parameter",
    "query": "query parameter",
}


@dataclass(frozen=True, slots=True)
class _Given:
    """The texts of one request."""

    path: Mapping[str, str]
    pairs: list[Pair]
    query: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]

    def raw(self, parameter: Parameter) -> str | None:
        if parameter.location == "query":
            return self.query
        if parameter.location == "header":
            return self.headers.get(parameter.name.lower())
        return (self.path if parameter.location == "path" else self.cookies).get(parameter.name)

    def texts(self, parameter: Parameter) -> list[str]:
        if parameter.location == "query":
            return [value for name, value in self.pairs if name == parameter.name]
        raw = self.raw(parameter)
        return [] if raw is None else [raw]


def _joined(headers: Mapping[str, str] | Iterable[Pair]) -> dict[str, str]:
    """Join the lines of each header with commas (RFC 9110, section 5.3); names in lower case."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    joined: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined
