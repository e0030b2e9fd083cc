"""Defaults from the nearest `orderbridge.toml`, or `[tool.orderbridge]` of a `pyproject.toml`.

Top-level keys speak for every command that has the option, a table for the command of its name. Flags
and environment win over the file. A key or value that no command understands is refused: a misspelt
setting that does nothing is found too late.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from orderbridge.cli.main import COMMANDS, load_command
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OWN: Final = "orderbridge.toml"
SHARED: Final = "pyproject.toml"
_TABLE: Final = re.compile(rb"""^\s*\[?\s*(["']?)tool\1\s*(?:[\]=]|\.\s*["']?orderbridge)""", re.MULTILINE)
"""The ways in which our table can begin: `[tool.orderbridge]`, `tool.orderbridge.jobs = 2`, `[tool]`, `tool = {`."""

Options = dict[str, click.Option]
"""The options of one command by the key that they have in a file."""


def defaults(start: Path | None = None) -> dict[str, Any]:
    """Give click's default map from the nearest configuration file at or above a folder.

    Raises:
        DocumentError: the file is not TOML, or says something that no command understands.

    """
    try:
        folder = (start or Path.cwd()).resolve()
    except OSError:  # the working folder has been removed
        return {}
    for candidate in (folder, *folder.parents):
        found = _configuration(candidate)
        if found is not None:
            return _per_command(*found)
    return {}


def _configuration(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    own = folder / OWN
    if (data := _data(own)) is not None:
        return own, _parsed(own, data)
    shared = folder / SHARED
    # Most projects above which we are called say nothing to us, and reading all of it takes longer than this look.
    if (data := _data(shared)) is None or b"orderbridge" not in data or _TABLE.search(data) is None:
        return None
    tools = _parsed(shared, data).get("tool")
    table = tools.get("orderbridge") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise DocumentError("tool.orderbridge has to be a table", file=str(shared))
    return shared, table


def _data(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror or error}", file=str(path)) from error


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"not TOML: {error}", file=str(path)) from error


def _per_command(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: _options(load_command(name)) for name in COMMANDS}
    given: dict[str, Any] = {name: {} for name in COMMANDS}
    for key, value in table.items():
        if not isinstance(value, dict):
            _shared(path, key, value, known, given)
    for key, value in table.items():
        if isinstance(value, dict):
            _own(path, key, value, known, given)
    return given


def _own(path: Path, name: str, table: Mapping[str, Any], known: Mapping[str, Options], given: dict[str, Any]) -> None:
    if name not in known:
        raise DocumentError(f"[{name}] is no command{_known(name, COMMANDS)}", file=str(path))
    for key, value in table.items():
        option = known[name].get(_spelt(key))
        if option is None:
            raise DocumentError(f"{name}.{key} is no option{_known(key, known[name])}", file=str(path))
        given[name][option.name] = _value(path, option, f"{name}.{key}", value)


def _shared(path: Path, key: str, value: Any, known: Mapping[str, Options], given: dict[str, Any]) -> None:
    """Hand a top-level value to every command that has the option and can use the value."""
    takers = {name: option for name, options in known.items() if (option := options.get(_spelt(key))) is not None}
    if not takers:
        every = {key for options in known.values() for key in options}
        raise DocumentError(f"{key} is no option{_known(key, every)}", file=str(path))
    refusal: DocumentError | None = None
    used = False
    for name, option in takers.items():
        try:
            given[name][option.name] = _value(path, option, key, value)
            used = True
        except DocumentError as error:
            refusal = error
    if refusal is not None and not used:
        raise refusal


def _options(command: click.Command) -> Options:
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    return {max(option.opts, key=len).removeprefix("--"): option for option in options}


def _spelt(key: str) -> str:
    return key.replace("_", "-")


def _value(path: Path, option: click.Option, key: str, value: Any) -> Any:
    """Take a value as the option would take it from the command line, and paths relative to the file."""
    if option.multiple:
        entries = value if isinstance(value, list) else [value]
        return [_single(path, option, key, entry) for entry in entries]
    return _single(path, option, key, value)


def _single(path: Path, option: click.Option, key: str, value: Any) -> Any:
    wanted, word = _kind(option)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise DocumentError(f"{key} has to be {word}", file=str(path))
    if isinstance(option.type, click.Path):
        return str(path.parent / str(value))
    try:
        option.type.convert(value, option, None)
    except click.BadParameter as error:
        raise DocumentError(f"{key}: {error.message.rstrip('.')}", file=str(path)) from error
    return value


def _kind(option: click.Option) -> tuple[type | tuple[type, ...], str]:
    if option.is_flag:
        return bool, "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return int, "a whole number"
    if isinstance(option.type, click.types.FloatParamType):
        return (int, float), "a number"
    return str, "a string"


def _known(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(_spelt(name), names := sorted(names), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there is {', '.join(names)}"
