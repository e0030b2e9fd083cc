"""A file of tickets, a line for each order, in which the ticket of an order that comes back is found.

Where each line stands is written into a temporary database, not into a dictionary: a million tickets take no more
memory than ten. The database holds hashes and positions, nothing of an order.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.errors import InputError
from orderbridge.translation.ticket import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TABLE: Final = "CREATE TABLE tickets (record INTEGER, identity BLOB, start INTEGER, size INTEGER)"
_INDEXES: Final = ("CREATE INDEX by_identity ON tickets (identity)", "CREATE INDEX by_record ON tickets (record)")
_BY_IDENTITY: Final = "SELECT start, size FROM tickets WHERE identity = ? LIMIT 2"
_BY_BOTH: Final = "SELECT start, size FROM tickets WHERE identity = ? AND record = ? LIMIT 2"
_BY_RECORD: Final = "SELECT start, size FROM tickets WHERE record = ? LIMIT 2"
_NAMELESS: Final = "SELECT start, size FROM tickets WHERE record = ? AND identity IS NULL LIMIT 2"
_RECORDS: Final = range(1, 2**63)

Row = tuple[int, bytes | None, int, int]


@dataclass(frozen=True)
class Tickets:
    """Tickets to look up; `unreadable` lines of the file are none."""

    file: Path
    index: Path = field(repr=False)
    unreadable: int = 0

    def find(self, identity: Sequence[Any] | None, record: int) -> Any:
        """Find the ticket of an order, None where there is none or it is not clear which.

        The values that name the order decide; where it has none, or several tickets have the same, the record's number.
        """
        if identity is None:
            return self._read(_BY_RECORD, record)
        key = _key(identity)
        named = self._rows(_BY_IDENTITY, key)
        if not named:
            return self._read(_NAMELESS, record)
        return self._read(_BY_IDENTITY, key) if len(named) == 1 else self._read(_BY_BOTH, key, record)

    def _read(self, query: str, *values: Any) -> Any:
        rows = self._rows(query, *values)
        if len(rows) != 1:
            return None
        start, size = rows[0]
        self._stream.seek(start)
        line, problems = jsontext.read(self._stream.read(size))
        return line.get("ticket") if not problems and isinstance(line, dict) else None

    def _rows(self, query: str, *values: Any) -> list[tuple[int, int]]:
        return self._database.execute(query, values).fetchall()

    # Opened by the process that looks up: neither may be shared with one that was forked.

    @cached_property
    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.index.as_uri()}?mode=ro", uri=True)

    @cached_property
    def _stream(self) -> IO[bytes]:
        return self.file.open("rb")

    def close(self) -> None:
        """Close what this process has opened."""
        for name in ("_database", "_stream"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is open: another process opens its own."""
        return {"file": self.file, "index": self.index, "unreadable": self.unreadable}


@contextmanager
def indexed(file: Path) -> Iterator[Tickets]:
    """Index a file of `{record, identity, ticket}` lines for as long as the context lasts.

    Raises:
        InputError: the file cannot be read, or is none that can be read twice.

    """
    with TemporaryDirectory(prefix="orderbridge-") as folder:
        index = Path(folder) / "tickets"
        tickets = Tickets(file, index, _build(file, index))
        try:
            yield tickets
        finally:
            tickets.close()


def _build(file: Path, index: Path) -> int:
    """Write the index; give how many lines are no tickets."""
    counts = [0]
    try:
        if not file.is_file():
            reason = f"{file} cannot be read: tickets are looked up, which needs a regular file"
            raise InputError(reason)
        with file.open("rb") as stream, closing(sqlite3.connect(index)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute(_TABLE)
            database.executemany("INSERT INTO tickets VALUES (?, ?, ?, ?)", _rows(stream, counts))
            for statement in _INDEXES:
                database.execute(statement)
            database.commit()
    except OSError as error:
        reason = f"{file} cannot be read: {error.strerror or error}"
        raise InputError(reason) from error
    return counts[0]


def _rows(stream: IO[bytes], unreadable: list[int]) -> Iterator[Row]:
    start = 0
    for line, size in _lines(stream):
        row = _row(line, start, size)
        if row is not None:
            yield row
        elif line.strip():
            unreadable[0] += 1
        start += size


def _lines(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield lines with their sizes; of one that is too long for a ticket only the beginning."""
    while line := stream.readline(MOST_BYTES):
        size = len(line)
        more = line
        while not more.endswith(b"\n") and (more := stream.readline(MOST_BYTES)):
            size += len(more)
        yield line, size


def _row(line: bytes, start: int, size: int) -> Row | None:
    if size > MOST_BYTES:
        return None
    value, problems = jsontext.read(line)
    if problems or not isinstance(value, dict) or "ticket" not in value:
        return None
    record, identity = value.get("record"), value.get("identity")
    if not isinstance(record, int) or isinstance(record, bool) or record not in _RECORDS:
        return None
    if identity is not None and not isinstance(identity, list):
        return None
    return record, None if identity is None else _key(identity), start, size


def _key(identity: Sequence[Any]) -> bytes:
    return sha256("\n".join(map(_canonical, identity)).encode("utf-8", "surrogatepass")).digest()


def _canonical(value: Any) -> str:
    """Write a value so that equal ones are written alike: 1 is 1.0, and members have no order."""
    if isinstance(value, dict):
        members = sorted((jsontext.write(name).decode(), _canonical(member)) for name, member in value.items())
        return "{" + ",".join(f"{name}:{member}" for name, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return jsontext.write(value).decode()
