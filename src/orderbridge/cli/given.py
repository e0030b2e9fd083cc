"""Files that a translation is given beside the orders: what to supply, headers, a ticket, the key that seals it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.contract.files import read_bytes, read_document
from orderbridge.errors import InputError, UsageError
from orderbridge.translation.supply import NOTHING, read_supply
from orderbridge.translation.ticket import MOST_BYTES, unreadable, unseal

if TYPE_CHECKING:
    from orderbridge.contract.members import Spot
    from orderbridge.mapping.hub import Scope
    from orderbridge.translation.supply import Supply

_MOST_KEY: Final = 4096


def supply(file: str | None, target: Spot | None = None, scope: Scope | None = None) -> Supply:
    """Read what to supply: YAML or JSON, its tables from the same folder, their values as `target` has them.

    What tables are looked up by are leaves of the hub's `scope`.

    Raises:
        InputError: the file or a table cannot be read.
        DocumentError: it is not acceptable YAML or JSON, or a table is none.
        UsageError: it is not of the documented form.

    """
    if file is None:
        return NOTHING
    path = Path(file)
    try:
        return read_supply(read_document(path).value, path.parent, target, scope)
    except UsageError as error:
        msg = f"{file}: {error}"
        raise UsageError(msg) from error


def headers(file: str | None) -> dict[str, Any] | None:
    """Read request headers: a YAML or JSON object, name -> value.

    Raises:
        InputError: the file cannot be read.
        DocumentError: it is not acceptable YAML or JSON.
        UsageError: it is no object.

    """
    if file is None:
        return None
    value = read_document(Path(file)).value
    if not isinstance(value, dict):
        msg = f"{file}: headers are an object, name -> value"
        raise UsageError(msg)
    return {name: _header(member) for name, member in value.items()}


def _header(value: Any) -> Any:
    """Take a number or a flag as the text that a header holds; what holds members is JSON inside a header."""
    return jsontext.write(value).decode() if isinstance(value, (bool, int, Decimal)) else value


def ticket_key(file: str | None) -> str | None:
    """Read a ticket key, and make sure that it is one.

    Raises:
        InputError: the file cannot be read.
        UsageError: it holds no key.

    """
    if file is None:
        return None
    text = read_bytes(Path(file), most=_MOST_KEY).decode("ascii", "replace").strip()
    try:
        unseal("", text)
    except UsageError as error:
        msg = f"{file}: {error}"
        raise UsageError(msg) from error
    return text


def ticket(file: str) -> Any:
    """Read the ticket of one order: its JSON value, or the problem that it is none.

    A line of a file of tickets, `{record, identity, ticket}`, is taken for the ticket in it.

    Raises:
        InputError: the file cannot be read.

    """
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror or error}"
        raise InputError(msg) from error
    if len(data) > MOST_BYTES:
        return unreadable("it is larger than a ticket can be")
    value, problems = jsontext.read(data)
    if problems:
        return unreadable(problems[0].message)
    return value["ticket"] if isinstance(value, dict) and isinstance(value.get("ticket"), dict) else value
