"""A contract as one HTML page for people: operations, messages, rules and how each is known.

Written on the server from the document alone, without a script: what folds, folds by itself (`details`), and what
belongs together is linked. A renderer from outside would bring a megabyte of scripts that the page's policy forbids.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.contract import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.model import Operation

STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--dim:#777;--accent:#2563a8;--seed:#1a7f4b;--documented:#2563a8;
--observed:#a86a00;--inferred:#8a4fb0}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1.5rem}
h1{margin:.2rem 0}h2{margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}h3{margin:1.2rem 0 .3rem;font-size:1rem}
a{color:var(--accent)}code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:var(--soft);padding:.7rem;
overflow:auto;max-height:26rem;border-radius:4px}details{margin:.35rem 0}summary{cursor:pointer}
.operation,.schema{border:1px solid var(--line);border-radius:6px;padding:.5rem .9rem;margin:.6rem 0}
.verb{display:inline-block;min-width:3.2rem;font-weight:700;color:var(--accent)}.dim{color:var(--dim)}
.need{color:#b3261e}.mark{font-size:11px;padding:0 .35rem;border:1px solid;border-radius:8px;white-space:nowrap}
.seed{color:var(--seed)}.documented{color:var(--documented)}.observed{color:var(--observed)}.inferred{color:var(--inferred)}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid var(--line)}td:first-child{white-space:nowrap}td p{margin:0}
"""
_CODE: Final = re.compile(r"`([^`\n]+)`")
_LEVELS: Final = ("seed", "documented", "observed", "inferred")
_RULES: Final = (
    "format", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default", "nullable", "readOnly",
    "writeOnly", "deprecated",
)  # fmt: skip
_MOST_LEVELS: Final = 12


def index(contracts: Iterable[tuple[str, Contract]]) -> str:
    """Write the page that links to all others."""
    rows = "".join(
        f'<tr><td><a href="docs/{escape(name)}">{escape(name)}</a></td><td>{escape(contract.title)}</td>'
        f"<td>{escape(contract.version)}</td><td>{len(contract.operations)}</td></tr>"
        for name, contract in contracts
    )
    head = "<tr><th>contract</th><th>what it is</th><th>version</th><th>operations</th></tr>"
    return _whole("orderbridge: contracts", f"<h1>Contracts</h1><table>{head}{rows}</table>")


def page(name: str, contract: Contract) -> str:
    """Write the page of one contract."""
    document = contract.document
    info = document["info"]
    parts = [
        '<p><a href="../docs">all contracts</a></p>',
        f"<h1>{escape(str(info['title']))}</h1>",
        (
            f'<p class="dim">version {escape(str(info["version"]))} · '
            f'<a href="{escape(name)}/openapi.json">openapi.json</a> with what is documented</p>'
        ),
        _text(info.get("description")),
        _legend(),
        _contents(contract),
        "<h2>Operations</h2>",
        *(_operation(each, document) for each in contract.operations.values()),
        "<h2>Schemas</h2>",
        *(_component(each, schema) for each, schema in _schemas(document).items()),
    ]
    return _whole(f"{info['title']}: contract", "".join(parts))


def _whole(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


def _legend() -> str:
    marks = " ".join(f"{_mark(level)}" for level in _LEVELS)
    return (
        f'<p class="dim">How each rule is known: {marks}. Breaking one of the first two is an error, of the others a'
        " warning.</p>"
    )


def _contents(contract: Contract) -> str:
    rows = "".join(
        f'<tr><td><span class="verb">{escape(each.method.upper())}</span> <a href="#operation-{escape(each.id)}">'
        f"<code>{escape(each.path)}</code></a></td><td>{escape(str(_raw(contract.document, each).get('summary', '')))}"
        "</td></tr>"
        for each in contract.operations.values()
    )
    return f"<table>{rows}</table>"


def _schemas(document: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return found


def _raw(document: Any, operation: Operation) -> Any:
    return document["paths"][operation.path][operation.method.lower()]


# Operations


def _operation(operation: Operation, document: Any) -> str:
    raw = _raw(document, operation)
    body = raw.get("requestBody")
    parts = [
        f'<section class="operation" id="operation-{escape(operation.id)}">',
        (
            f'<h3><span class="verb">{escape(operation.method.upper())}</span> <code>{escape(operation.path)}</code> '
            f'<span class="dim">{escape(operation.id)}</span> {_evidence(raw)}</h3>'
        ),
        _text(raw.get("summary")),
        _text(raw.get("description")),
        _security(operation.security),
        _parameters([_resolved(each, document) for each in _all_parameters(document, operation, raw)]),
        _message("Request", _resolved(body, document), document) if body else "",
        *(
            _message(f"Response {status}", _resolved(each, document), document)
            for status, each in raw.get("responses", {}).items()
        ),
        "</section>",
    ]
    return "".join(parts)


def _all_parameters(document: Any, operation: Operation, raw: Any) -> list[Any]:
    return [*document["paths"][operation.path].get("parameters", []), *raw.get("parameters", [])]


def _security(alternatives: Sequence[Mapping[str, Any]]) -> str:
    if not alternatives:
        return ""
    ways = " or ".join(
        " and ".join(f"<code>{escape(name)}</code>" for name in each) or "nothing" for each in alternatives
    )
    return f"<p>Credential: {ways}</p>"


def _parameters(parameters: Sequence[Any]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f'<tr><td><code>{escape(str(each["name"]))}</code> <span class="dim">{escape(str(each["in"]))}</span>'
        f"{_need(each.get('required') is True)}</td><td>{_line(_schema_of(each))} {_evidence(each)}"
        f"{_text(each.get('description'))}</td></tr>"
        for each in parameters
    )
    return f"<details><summary>Parameters ({len(parameters)})</summary><table>{rows}</table></details>"


def _schema_of(parameter: Any) -> Any:
    return parameter.get("schema") or next((each.get("schema") for each in parameter.get("content", {}).values()), {})


def _message(title: str, body: Any, document: Any) -> str:
    contents = "".join(_content(kind, media, document) for kind, media in body.get("content", {}).items())
    first, _, rest = str(body.get("description", "")).partition("\n")
    head = f'{escape(title)} {_evidence(body)} <span class="dim">{escape(first)}</span>'
    return f"<details><summary>{head}</summary>{_text(rest)}{contents}</details>"


def _content(kind: str, media: Any, document: Any) -> str:
    schema = media.get("schema", {})
    examples = "".join(_examples(media, document))
    return f"<p><code>{escape(kind)}</code> {_line(schema)}</p>{_members(schema, 0)}{examples}"


def _examples(media: Any, document: Any) -> Iterator[str]:
    named = {name: _resolved(each, document) for name, each in media.get("examples", {}).items()}
    if "example" in media:
        named["example"] = {"value": media["example"]}
    for name, each in named.items():
        if "value" in each:
            text = jsontext.write(each["value"], indent=2).decode()
            summary = f": {each['summary']}" if "summary" in each else ""
            yield f"<details><summary>Example {escape(name + summary)}</summary><pre>{escape(text)}</pre></details>"


def _resolved(value: Any, document: Any) -> Any:
    target = references.local(value.get("$ref"))
    return references.resolve(document, target)[1] if target is not None else value


# Schemas


def _component(name: str, schema: Any) -> str:
    head = f"<h3><code>{escape(name)}</code> {_evidence(schema)}</h3>"
    return (
        f'<section class="schema" id="schema-{escape(name)}">{head}<p>{_line(schema)}</p>{_body(schema, 0)}</section>'
    )


def _body(schema: Any, depth: int) -> str:
    return f"{_text(schema.get('description'))}{_members(schema, depth)}"


def _members(schema: Any, depth: int) -> str:
    """Write what is inside a schema: its members, its elements, its alternatives. What is elsewhere is linked."""
    if depth > _MOST_LEVELS or not isinstance(schema, dict) or "$ref" in schema:
        return ""
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{_need(name in required)}</td><td>{_line(each)} {_evidence(each)}"
        f"{_body(each, depth + 1)}</td></tr>"
        for name, each in schema.get("properties", {}).items()
    )
    inner = "".join(_part(word, each, depth) for word, each in _parts(schema))
    return (f"<table>{rows}</table>" if rows else "") + inner


def _parts(schema: Any) -> Iterator[tuple[str, Any]]:
    for keyword, word in (("items", "each element"), ("additionalProperties", "any other member"), ("not", "not")):
        if isinstance(schema.get(keyword), dict) and schema[keyword]:
            yield word, schema[keyword]
    for keyword, word in (("allOf", "and"), ("oneOf", "exactly one of"), ("anyOf", "any of")):
        for each in schema.get(keyword, ()):
            yield word, each


def _part(word: str, schema: Any, depth: int) -> str:
    inside = _body(schema, depth + 1)
    if not inside:
        return f'<p class="dim">{word}: {_line(schema)}</p>'
    return f'<details><summary><span class="dim">{word}:</span> {_line(schema)}</summary>{inside}</details>'


def _line(schema: Any) -> str:
    """Write a schema in one line: its type or a link, and its rules."""
    if not isinstance(schema, dict):
        return "anything" if schema is not False else "nothing"
    target = schema.get("$ref")
    if isinstance(target, str):
        name = target.rpartition("/")[2]
        return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
    words = [escape(str(schema.get("type", "" if set(schema) & {"allOf", "oneOf", "anyOf"} else "anything")))]
    if "enum" in schema:
        words.append("one of " + ", ".join(f"<code>{_json(each)}</code>" for each in schema["enum"]))
    words += [
        f'<span class="dim">{rule}</span> <code>{_json(schema[rule])}</code>' for rule in _RULES if rule in schema
    ]
    if schema.get("additionalProperties") is False:
        words.append('<span class="dim">no other members</span>')
    if schema.get("x-secret") is True:
        words.append('<span class="need">secret</span>')
    return " ".join(filter(None, words))


def _json(value: Any) -> str:
    return escape(jsontext.write(value).decode())


def _need(required: bool) -> str:  # noqa: FBT001 - the only question there is
    return ' <span class="need">required</span>' if required else ""


def _evidence(value: Any) -> str:
    mark = value.get("x-evidence") if isinstance(value, dict) else None
    if isinstance(mark, dict):
        mark = mark.get("default")
    return _mark(mark) if mark in _LEVELS else ""


def _mark(level: str) -> str:
    return f'<span class="mark {level}">{level}</span>'


def _text(text: Any) -> str:
    """Write a description: as text, with paragraphs and `code`; no other markup of a document counts."""
    if not isinstance(text, str) or not text.strip():
        return ""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{_CODE.sub(_as_code, escape(each))}</p>" for each in paragraphs)


def _as_code(match: re.Match[str]) -> str:
    return f"<code>{match[1]}</code>"
