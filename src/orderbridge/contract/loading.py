"""A file becomes a contract, or a clear refusal with file, line and reason.

Loading a misspelt contract and then accepting everything would be the worst fault of a validator, so a
document is checked whole before anything is read from it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from orderbridge import jsontext, pointer
from orderbridge.contract import branches, references, semantics
from orderbridge.contract.contract import Contract
from orderbridge.contract.files import Folder, read_bytes
from orderbridge.contract.operations import read_operations
from orderbridge.contract.shape import Node, rewrite
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orderbridge.yamltext import Document

_SUPPORTED: Final = "3.0."


def load(path: Path, name: str) -> Contract:
    """Read a contract from its OpenAPI 3.0 document (YAML or JSON).

    Raises:
        DocumentError: the document, or one it refers to, cannot be used.

    """
    folder = Folder(path)
    source = folder.read(folder.document)
    _check_version(source.value, str(path))
    document = _inlined(references.bundle(source.value, folder), folder)
    _refuse_first(_faults(document), source, str(path))
    return Contract(name, document, read_operations(document), path.parent, path)


def _check_version(document: Any, file: str) -> None:
    if not isinstance(document, dict):
        reason = "not an OpenAPI document: the whole is not a mapping"
        raise DocumentError(reason, file=file, line=1, column=1)
    version = document.get("openapi", document.get("swagger"))
    if version is None:
        reason = "not an OpenAPI document: there is no member 'openapi'"
        raise DocumentError(reason, file=file, line=1, column=1)
    if not str(version).startswith(_SUPPORTED):
        reason = f"this is OpenAPI {version}; orderbridge reads 3.0.x"
        raise DocumentError(reason, file=file, line=1, column=1)


def _faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pointer and reason of what makes a document unusable, the plainest first."""
    yield from _shape_faults(document)
    yield from references.check_all(document)
    yield from semantics.check(document)


def _refuse_first(faults: Iterator[tuple[str, str]], source: Document, file: str) -> None:
    for where, reason in faults:
        line, column = source.place(where)
        raise DocumentError(reason, file=file, line=line, column=column, pointer=where)


def _shape_faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    schema, validator = _openapi_schema()
    if validator.is_valid(document):
        return
    for error in validator.iter_errors(document):
        for fault in branches.faults(error, schema, document):
            yield pointer.join(fault.at), _reason(fault)


def _reason(fault: branches.Fault) -> str:
    match fault.keyword:
        case "additionalProperties" | "patternProperties":
            return f"{_names(fault.detail)} has no meaning here; is it misspelt?"
        case "required":
            return f"{fault.detail!r} is missing"
        case "type":
            return f"has to be {' or '.join(str(entry) for entry in fault.detail)}"
        case "enum":
            return f"has to be one of {', '.join(json.dumps(entry) for entry in fault.detail)}"
        case _:
            return f"breaks the OpenAPI rule {fault.keyword!r} ({fault.detail!r})"


def _names(detail: Any) -> str:
    return ", ".join(repr(name) for name in detail) if isinstance(detail, list) else repr(detail)


@cache
def _openapi_schema() -> tuple[Any, jsonschema_rs.Validator]:
    text = resources.files("orderbridge.contract").joinpath("openapi-3.0.schema.json").read_bytes()
    schema = json.loads(text)
    return schema, jsonschema_rs.Draft4Validator(schema, offline=True, validate_formats=False)


def _inlined(document: dict[str, Any], folder: Folder) -> dict[str, Any]:
    """Put the text of example files into the document, as every other tool wants it."""

    def visit(node: Node) -> Any:
        example = node.value
        if node.kind != "example" or not isinstance(example, dict) or "externalValue" not in example:
            return example
        reference = example["externalValue"]
        if not isinstance(reference, str) or "://" in reference:
            return example
        kept = {key: value for key, value in example.items() if key != "externalValue"}
        return {**kept, "value": _example(folder, reference)}

    inlined: dict[str, Any] = rewrite(document, visit)
    return inlined


def _example(folder: Folder, reference: str) -> Any:
    name = folder.inside(reference)
    shown = folder.shown(name)
    if not name.endswith(".json"):
        return folder.read(name).value
    value, problems = jsontext.read(read_bytes(folder.path / name, shown=shown))
    if problems:
        first = problems[0]
        raise DocumentError(first.message, file=shown, line=first.line or 0, column=first.column or 0)
    return value
