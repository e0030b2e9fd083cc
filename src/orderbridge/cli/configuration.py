"""Defaults from the nearest `orderbridge.toml`, or `[tool.orderbridge]` of a `pyproject.toml`.

Top-level keys speak for every command that has the option, a table for the command of its name. Flags
and environment win over the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from orderbridge.cli.main import COMMANDS
from orderbridge.errors import DocumentError

OWN: Final = "orderbridge.toml"
SHARED: Final = "pyproject.toml"


def defaults(start: Path | None = None) -> dict[str, Any]:
    """Give click's default map from the nearest configuration file at or above a folder.

    Raises:
        DocumentError: the file is not TOML, or names an unknown command.

    """
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        found = _configuration(candidate)
        if found is not None:
            return _per_command(*found)
    return {}


def _configuration(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    own = folder / OWN
    if own.is_file():
        return own, _parsed(own)
    shared = folder / SHARED
    if not shared.is_file():
        return None
    table = _parsed(shared).get("tool", {}).get("orderbridge")
    return (shared, table) if isinstance(table, dict) else None


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(str(error), file=str(path)) from error


def _per_command(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    shared = {_option(key): _resolved(path, key, value) for key, value in table.items() if not isinstance(value, dict)}
    own = {key: value for key, value in table.items() if isinstance(value, dict)}
    for name in own.keys() - set(COMMANDS):
        reason = f"[{name}] is no command; there is {', '.join(COMMANDS)}"
        raise DocumentError(reason, file=str(path))
    return {
        name: {**shared, **{_option(key): _resolved(path, key, value) for key, value in own.get(name, {}).items()}}
        for name in COMMANDS
    }


def _option(key: str) -> str:
    return key.replace("-", "_")


def _resolved(path: Path, key: str, value: Any) -> Any:
    """Read paths of a file relative to the file, not to where the command happens to be called."""
    if key == "contracts":
        entries = value if isinstance(value, list) else [value]
        return [str(path.parent / str(entry)) for entry in entries]
    if key == "spec":
        return str(path.parent / str(value))
    return value
