"""Contracts become typed models: one pydantic module per partner, written by a generator and never edited.

The generator reads the documented contract, prepared so that a model holds the shape of a message and
nothing that could change one: texts stay as written, unknown members are kept, nothing is filled in.
Rules between members stay the validator's business.
"""

from __future__ import annotations

import difflib
import json
import re
import warnings
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from keyword import iskeyword
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, cast

from orderbridge import jsontext, pointer
from orderbridge.contract import references
from orderbridge.contract.dialect import INTEGER_FORMATS, is_one_way
from orderbridge.contract.shape import rewrite
from orderbridge.errors import DocumentError, InputError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orderbridge.contract.catalogue import Catalogue, Entry
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.shape import Node

GENERATOR: Final = "datamodel-code-generator"
HUB: Final = "_canonical"

_PACKAGE: Final = "orderbridge_models"
_MARKER: Final = "# Written by `orderbridge generate`, never edit."
_INIT: Final = '''"""Typed models of the partners' messages, one module per contract.

Written by `orderbridge generate`, never edit. In each module `MESSAGES` gives the model of every message.
"""
'''
_NO_MODELS: Final = "from __future__ import annotations\n\nfrom pydantic import BaseModel"
_SUPPORT: Final[dict[str, str]] = {"__init__.py": _INIT, "py.typed": ""}

_OPTIONS: Final[dict[str, Any]] = {
    "additional_imports": ["pydantic.BaseModel"],
    "allow_population_by_field_name": True,
    "allow_remote_refs": False,
    "builtin_format_line_length": 120,
    "collapse_root_models": True,
    "custom_file_header": "#",
    "disable_timestamp": True,
    "enum_field_as_literal": "all",
    "extra_fields": "allow",
    "field_constraints": True,
    # Part of the generator itself: its output depends on no other package's version.
    "formatters": ["builtin"],
    "input_file_type": "openapi",
    "naming_strategy": "primary-first",
    "openapi_scopes": ["schemas"],
    "output_model_type": "pydantic_v2.BaseModel",
    "strict_types": ["str", "int", "float", "bool"],
    "target_pydantic_version": "2.14",
    "target_python_version": "3.11",
    "treat_dot_as_module": False,
    "use_annotated": True,
    "use_double_quotes": True,
    "use_field_description": True,
    "use_missing_sentinel": True,
    "use_schema_description": True,
    "use_single_line_docstring": True,
}

Messages = dict[tuple[str, str], str]
"""Operation id and `request` or status -> pointer of the component that describes the message."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: dict[str, Any]
    messages: Messages


def default_folder() -> Path:
    """Give the package's folder in a checkout, else a folder of that name where the user is."""
    checkout = Path(__file__).parent.parent.parent / "generated" / _PACKAGE
    return checkout if checkout.is_dir() else Path(_PACKAGE)


def generate(names: Iterable[str], output: Path, catalogue: Catalogue) -> list[Path]:
    """Write the models of some contracts (none named: every partner and the hub) into a package folder.

    The same contracts give the same bytes.

    Raises:
        UnknownPartnerError: there is no contract of a name.
        MissingExtraError: the generator is not installed.
        DocumentError: the generator cannot make models of a contract.
        InputError: a file cannot be written.

    """
    written = []
    for file, text in _files(names, catalogue).items():
        path = output / file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = f"{path} cannot be written: {error.strerror or error}"
            raise InputError(reason) from error
        written.append(path)
    return written


def check(names: Iterable[str], output: Path, catalogue: Catalogue) -> list[str]:
    """Compare the models in a package folder with what `generate` would write: one diff per file that differs.

    When all contracts are compared, a generated module that none of them asks for is told too.

    Raises:
        UnknownPartnerError, MissingExtraError, DocumentError: as `generate`.

    """
    wanted = list(names)
    files = _files(wanted, catalogue)
    drift = [diff for file, text in files.items() if (diff := _diff(output / file, text))]
    if not set(wanted or default_names(catalogue)).issuperset(default_names(catalogue)):
        return drift
    return [*drift, *(f"{path} is the module of no contract; remove it" for path in _orphans(output, files))]


def _diff(path: Path, text: str) -> str:
    try:
        current = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return f"{path} is missing"
    except (OSError, UnicodeDecodeError) as error:
        return f"{path} cannot be read: {error}"
    lines = difflib.unified_diff(current.splitlines(), text.splitlines(), str(path), "as generated", lineterm="", n=1)
    return "\n".join(lines) or ("" if current == text else f"{path} differs in its line ends")


def _orphans(output: Path, files: Mapping[str, str]) -> list[Path]:
    return [
        path
        for path in sorted(output.glob("*.py"))
        if path.name not in files and path.read_text(encoding="utf-8", errors="replace").startswith(_MARKER)
    ]


def _files(names: Iterable[str], catalogue: Catalogue) -> dict[str, str]:
    """Give file name -> text of everything that belongs into the package."""
    files = dict(_SUPPORT)
    for name in list(names) or default_names(catalogue):
        entry = catalogue.entry(name)
        file = f"{module_name(name)}.py"
        if file in files:
            msg = f"two contracts want the module {file}; name the one that is meant"
            raise UsageError(msg)
        files[file] = _module(entry, catalogue.contract(name))
    return files


def default_names(catalogue: Catalogue) -> list[str]:
    """Give the contracts that are meant when none is named: every partner and the hub."""
    hub = [HUB] if HUB in catalogue.entries else []
    return [*(entry.name for entry in catalogue.partners), *hub]


def module_name(name: str) -> str:
    """Give the module of a contract: `_canonical` is `canonical`, `my-shop` is `my_shop`."""
    stem = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_").lower() or "contract"
    return f"p_{stem}" if stem[0].isdigit() or iskeyword(stem) else stem


def _module(entry: Entry, contract: Contract) -> str:
    documented = contract.at("documented")
    prepared = _prepare(documented)
    has_schemas = bool(prepared.document["components"]["schemas"])
    body, classes = _generated(prepared, str(contract.file)) if has_schemas else (_NO_MODELS, {})
    return f"{_header(entry, documented)}\n{body.strip()}\n{_table(prepared.messages, classes)}"


def _header(entry: Entry, documented: Contract) -> str:
    folder = "openapi/" if entry.built_in else ""
    try:
        generator = version(GENERATOR)
    except PackageNotFoundError as error:
        raise MissingExtraError("generate", "generate") from error
    digest = sha256(jsontext.write(rewrite(documented.document, _without_examples))).hexdigest()
    return "\n".join(
        (
            _MARKER,
            f"# source: {folder}{entry.document.parent.name}/{entry.document.name}",
            f"# sha256: {digest} (of the bundled contract at level documented, without its examples)",
            f"# generator: {GENERATOR} {generator}\n",
        )
    )


def _generated(prepared: _Prepared, file: str) -> tuple[str, dict[str, str]]:
    """Run the generator: the module's text, and schema pointer -> class name.

    The metadata that tells the class names comes as a file, and a settings path of our own keeps the
    formatter from looking for a `pyproject.toml` where the user happens to be.
    """
    try:
        from datamodel_code_generator import Error  # noqa: PLC0415 - the extra may be missing
        from datamodel_code_generator import generate as run  # noqa: PLC0415 - the same
    except ImportError as error:
        raise MissingExtraError("generate", "generate") from error
    with TemporaryDirectory() as scratch, warnings.catch_warnings():
        # What it cannot express it says as warnings; the differential tests know those places.
        warnings.simplefilter("ignore")
        source, metadata = Path(scratch, "contract.json"), Path(scratch, "models.json")
        source.write_bytes(jsontext.write(prepared.document))
        try:
            # One module is asked for and no output path given, so it comes back as text.
            text = cast("str", run(source, settings_path=Path(scratch), emit_model_metadata=metadata, **_OPTIONS))
        except Error as error:
            reason = f"no models can be made of this contract: {error}"
            raise DocumentError(reason, file=file) from error
        models = json.loads(metadata.read_bytes())["models"]
    classes = {pointer.join(model["source_path"]): model["class_name"] for model in models if model["source_path"]}
    return text.removeprefix(f"{_OPTIONS['custom_file_header']}\n"), classes


def _table(messages: Messages, classes: Mapping[str, str]) -> str:
    rows = "".join(
        f"    ({json.dumps(operation)}, {json.dumps(message)}): {classes[where]},\n"
        for (operation, message), where in messages.items()
        if where in classes
    )
    return (
        f"\n\nMESSAGES: dict[tuple[str, str], type[BaseModel]] = {{\n{rows}}}\n"
        '"""Operation and `request` or status: the model of each JSON message."""\n'
    )


def _prepare(contract: Contract) -> _Prepared:
    """Make the document that the generator reads: shapes only, and a component for each message."""
    document = rewrite(contract.document, lambda node: _visit(node, contract.document))
    named, messages = _name_messages(contract)
    components = document.get("components", {})
    schemas = dict(components.get("schemas", {}))
    schemas.update({name: pointer.get(document, where) for name, where in named.items()})
    return _Prepared({**document, "components": {**components, "schemas": schemas}}, messages)


def _name_messages(contract: Contract) -> tuple[dict[str, str], Messages]:
    """Find the component of each JSON message, and names for the schemas that are none: name -> pointer."""
    taken = set(contract.document.get("components", {}).get("schemas", {}))
    names: dict[str, str] = {}
    messages: Messages = {}
    for operation, message, schema in _message_schemas(contract):
        where, _ = references.resolve(contract.document, schema)
        tokens = pointer.split(where)
        if tokens[:2] != ["components", "schemas"] or len(tokens) != len(("components", "schemas", "name")):
            if where not in names:
                names[where] = _free_name(_wanted_name(tokens, operation, message), taken)
            where = pointer.join(["components", "schemas", names[where]])
        messages[operation, message] = where
    return {name: where for where, name in names.items()}, messages


def _message_schemas(contract: Contract) -> Iterator[tuple[str, str, str]]:
    for operation in contract.operations.values():
        bodies = {"request": operation.request, **operation.responses} if operation.request else operation.responses
        for message, body in bodies.items():
            if body.json_schema is not None:
                yield operation.id, message, body.json_schema


def _wanted_name(tokens: list[str], operation: str, message: str) -> str:
    if tokens[0] == "components":  # a shared response or request body has a name already
        return _pascal(tokens[2])
    return _pascal(operation) + _pascal(message)


def _pascal(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^0-9A-Za-z]+", text))


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    taken.add(name)
    return name


def _without_examples(node: Node) -> Any:
    if not isinstance(node.value, dict):
        return node.value
    return {key: value for key, value in node.value.items() if key not in {"example", "examples"}}


def _visit(node: Node, document: Any) -> Any:
    value = _without_examples(node)
    if node.kind != "schema" or not isinstance(value, dict) or "$ref" in value:
        return value
    shape = {key: entry for key, entry in value.items() if key not in _DROPPED and not key.startswith("x-")}
    for change in (_bounds, _nulls, _conditions, _openness):
        change(shape)
    _one_way(shape, document)
    return shape


_DROPPED: Final = frozenset({"default", "discriminator", "externalDocs", "not", "title", "xml"})
"""What would fill in a member, rename a class, or says something that a type cannot."""


def _bounds(shape: dict[str, Any]) -> None:
    """Turn integer formats into bounds; any other format is dropped, so that text comes back as it was."""
    power = INTEGER_FORMATS.get(shape.pop("format", None) or "")
    if power is None or shape.get("type") not in {"integer", "number"}:
        return
    shape["minimum"] = max(shape.get("minimum", -(2**power)), -(2**power))
    shape["maximum"] = min(shape.get("maximum", 2**power - 1), 2**power - 1)


def _nulls(shape: dict[str, Any]) -> None:
    # 3.0.3: nullable widens the `type` beside it and nothing else; an enum has to list null itself.
    if "type" not in shape or ("enum" in shape and None not in shape["enum"]):
        shape.pop("nullable", None)


def _conditions(shape: dict[str, Any]) -> None:
    """Drop alternatives that state a rule between members rather than another shape."""
    for keyword in ("anyOf", "oneOf"):
        if not all(map(_describes, shape.get(keyword, ()))):
            del shape[keyword]
    if "allOf" not in shape:
        return
    parts = [part for part in shape["allOf"] if _describes(part)]
    if parts:
        shape["allOf"] = parts
    else:
        del shape["allOf"]


def _describes(schema: Any) -> bool:
    """Tell whether a schema says by itself what a value looks like."""
    if not isinstance(schema, dict):
        return False
    if schema.keys() & {"$ref", "type", "enum"}:
        return True
    if "properties" in schema and "not" not in schema:
        return any(map(_describes, schema["properties"].values()))
    return any(_describes(part) for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, ()))


def _openness(shape: dict[str, Any]) -> None:
    if shape.get("additionalProperties") is False:
        del shape["additionalProperties"]


def _one_way(shape: dict[str, Any], document: Any) -> None:
    """One model serves both directions, so it asks for no member that belongs into one of them only."""
    members = shape.get("properties")
    if not isinstance(members, dict) or "required" not in shape:
        return
    both = [
        name
        for name in shape["required"]
        if not any(is_one_way(members.get(name), direction, document) for direction in ("request", "response"))
    ]
    shape["required"] = both
    if not both:
        del shape["required"]
