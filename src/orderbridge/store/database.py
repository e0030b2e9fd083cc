"""One database: how it is named, how connections to it are made, and what its errors mean.

SQLite and PostgreSQL differ in a few statements and options, which stand in the table `_KINDS`; everything else of the
store is the same for both. On both, whoever writes holds the one write lock from the beginning: works never deadlock,
never meet half of another, and records get their `seq` in the order in which they can be seen.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from orderbridge.errors import InputError, MissingExtraError, UsageError
from orderbridge.store.refusals import Stale, Unavailable
from orderbridge.store.schema import VERSION
from orderbridge.store.statements import Statements, compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, Dialect

    from orderbridge.store.statements import Statement

_BUSY_SECONDS: Final = 10
_PAUSE: Final = 0.02
_BUSY: Final = frozenset({5, 6})
"""SQLite's codes for a file, or a table in it, that others have locked; `_PRIMARY` takes the details off a code."""
_PRIMARY: Final = 0xFF


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of database is spoken to."""

    options: Mapping[str, Any]
    session: tuple[str, ...]
    """What every connection is told first."""
    reading: tuple[str, ...]
    """What a connection is told that never writes."""
    write: str
    """Begins a transaction that holds the write lock."""
    read: str
    """Begins a transaction that sees the database as it is at one moment."""
    create: str
    """Begins the transaction in which the tables are looked for and made."""
    has_tables: str
    paramstyle: str
    """The style of the driver's parameters without names."""


_SQLITE: Final = _Kind(
    # Transactions are begun by hand; a connection is used by one thread at a time, not always by the one that made it.
    options={"isolation_level": None, "timeout": _BUSY_SECONDS, "check_same_thread": False, "cached_statements": 64},
    session=("PRAGMA synchronous=FULL", "PRAGMA fullfsync=ON", "PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY"),
    reading=("PRAGMA query_only=ON",),
    write="BEGIN IMMEDIATE",
    read="BEGIN",
    create="BEGIN IMMEDIATE",
    has_tables="SELECT 1 FROM sqlite_master WHERE name = 'orderbridge_schema'",
    paramstyle="qmark",
)
_POSTGRESQL: Final = _Kind(
    options={
        "autocommit": True,
        "application_name": "orderbridge",
        "connect_timeout": 5,
        # A server that is gone without a word is noticed.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": _BUSY_SECONDS * 1000,
    },
    session=(
        f"SET lock_timeout = '{_BUSY_SECONDS}s'",
        # Whoever stops in the middle, holding the lock, loses it before those who wait for it give up.
        f"SET idle_in_transaction_session_timeout = '{_BUSY_SECONDS // 2}s'",
        # An answer is given when the order is on disk, whatever this server does for others.
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    ),
    reading=(),
    write="BEGIN ISOLATION LEVEL READ COMMITTED; LOCK TABLE orderbridge_schema IN EXCLUSIVE MODE",
    read="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    # Any number, the same for all: only those who open a store at the same moment meet here.
    create="BEGIN; SELECT pg_advisory_xact_lock(5928340172)",
    has_tables="SELECT to_regclass('orderbridge_schema') WHERE to_regclass('orderbridge_schema') IS NOT NULL",
    paramstyle="format",
)
_KINDS: Final = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_DRIVERS: Final = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite"}

_AGAIN: Final = frozenset({"40001", "40P01"})
"""SQLSTATEs after which certainly nothing was done, and the same may succeed at once: serialization and deadlock."""


class Database:
    """Where a store keeps its records; makes connections, and holds none."""

    def __init__(self, url: URL) -> None:
        """Prepare for a database; nothing is connected yet."""
        is_file = url.get_backend_name() == "sqlite"
        self.label = url.database if is_file else url.render_as_string(hide_password=True)
        self._dialect = _dialect(url)
        self._kind = _KINDS[self._dialect.name]
        self._arguments, options = self._dialect.create_connect_args(url)
        # What the URL says wins.
        self._options = {**self._kind.options, **options}
        self.statements: Statements = compiled(self._dialect)
        dbapi = self._dialect.loaded_dbapi
        self.error: type[Exception] = dbapi.Error
        self._broken_reference: type[Exception] = dbapi.IntegrityError
        self._wrong_value: type[Exception] = dbapi.DataError

    def connect(self, *, reading: bool = False) -> Connection:
        """Make a connection.

        Raises:
            Unavailable: there is none to be had.

        """
        raw: DBAPIConnection | None = None
        try:
            raw = self._dialect.connect(*self._arguments, **self._options)
            cursor = raw.cursor()
            for statement in (*self._kind.session, *(self._kind.reading if reading else ())):
                cursor.execute(statement)
        except self.error as error:
            if raw is not None:
                raw.close()
            raise self.unavailable(error) from error
        return Connection(self, raw, cursor, self._kind.read if reading else self._kind.write)

    def prepare(self) -> None:
        """Make the tables, or see that they are those we know.

        Raises:
            InputError: they are not, or the database cannot be used.

        """
        try:
            connection = self.connect()
        except Unavailable as error:
            raise InputError(f"cannot open the database {self.label}: {error}") from error
        try:
            if self._dialect.name == "sqlite":
                self._write_ahead(connection.cursor)
            self._make_tables(connection.cursor)
        except self.error as error:
            raise InputError(f"cannot use the database {self.label}: {reason(error)}") from error
        finally:
            connection.close()

    def _write_ahead(self, cursor: DBAPICursor) -> None:
        """Choose the mode of the file, which stays with it: readers and the writer do not wait for each other."""
        ends = time.monotonic() + _BUSY_SECONDS
        # Others who open the same new file are not waited for by the library here.
        while not self._is_chosen(cursor, patient=time.monotonic() < ends):
            time.sleep(_PAUSE)
        cursor.execute("PRAGMA journal_mode")
        if (cursor.fetchone() or ("",))[0] != "wal":
            raise InputError(f"the file system of the database {self.label} cannot keep a write-ahead log")

    def _is_chosen(self, cursor: DBAPICursor, *, patient: bool) -> bool:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except self.error as error:
            if patient and getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _BUSY:
                return False
            raise
        return True

    def _make_tables(self, cursor: DBAPICursor) -> None:
        cursor.execute(self._kind.create)
        cursor.execute(self._kind.has_tables)
        if cursor.fetchone() is None:
            for statement in self.statements.create:
                cursor.execute(statement)
            stamp = self.statements.write_stamp
            cursor.execute(stamp.text, stamp.values({"version": VERSION}))
        cursor.execute(self.statements.read_stamp.text)
        found = [row[0] for row in cursor.fetchall()]
        if found != [VERSION]:
            cursor.execute("ROLLBACK")
            was = " and ".join(map(str, found)) or "none"
            raise InputError(f"the database {self.label} has schema version {was}; this orderbridge knows {VERSION}")
        cursor.execute("COMMIT")

    def unavailable(self, error: Exception, connection: DBAPIConnection | None = None) -> Unavailable:
        """Say what it means, before a commit, that the driver gave up."""
        lost = connection is not None and self._dialect.is_disconnect(error, connection, None)  # type: ignore[arg-type] # the drivers' classes share no base that the library's type knows
        return Unavailable(reason(error), may_retry=lost or self.was_undone(error))

    def refusal(self, error: Exception, connection: DBAPIConnection) -> Exception:
        """Say what an error of the driver means for a work: its own fault, or the database's."""
        if isinstance(error, self._broken_reference):
            return Stale("the record is gone")
        return error if isinstance(error, self._wrong_value) else self.unavailable(error, connection)

    def was_undone(self, error: Exception) -> bool:
        """Tell whether the database says that it did nothing, and that the same may work at once."""
        return getattr(error, "sqlstate", None) in _AGAIN


class Connection:
    """A connection to a database, and its one cursor."""

    def __init__(self, database: Database, raw: DBAPIConnection, cursor: DBAPICursor, begin: str) -> None:
        """Take over a connection of the driver."""
        self.database = database
        self.cursor = cursor
        self._raw = raw
        self._begin = begin

    def execute(self, statement: Statement, parameters: Mapping[str, Any]) -> DBAPICursor:
        """Run a statement.

        Raises:
            Stale: what it refers to is not there.
            Unavailable: the database could not.

        """
        try:
            self.cursor.execute(statement.text, statement.values(parameters))
        except self.database.error as error:
            raise self.database.refusal(error, self._raw) from error
        return self.cursor

    def begin(self) -> None:
        """Begin a transaction of the kind that this connection is for."""
        self._plainly(self._begin)

    def commit(self) -> None:
        """Make what was done durable.

        Raises:
            Unavailable: it is not known to be durable.

        """
        try:
            self.cursor.execute("COMMIT")
        except self.database.error as error:
            # A connection that breaks here may have broken after the commit: never to be tried again by itself.
            raise Unavailable(reason(error), may_retry=self.database.was_undone(error)) from error

    def rollback(self) -> None:
        """Take everything back."""
        self._plainly("ROLLBACK")

    def savepoint(self) -> None:
        """Begin a part that can be undone alone."""
        self._plainly("SAVEPOINT work")

    def release(self) -> None:
        """End a part that stays."""
        self._plainly("RELEASE SAVEPOINT work")

    def undo(self) -> None:
        """End a part and take it back."""
        self._plainly("ROLLBACK TO SAVEPOINT work")
        self._plainly("RELEASE SAVEPOINT work")

    def close(self) -> None:
        """Let go of it, whatever state it is in; what was not committed is gone."""
        try:
            self._raw.close()
        except self.database.error:
            return

    def _plainly(self, text: str) -> None:
        # Without parameters: only so does one driver take two statements at once.
        try:
            self.cursor.execute(text)
        except self.database.error as error:
            raise self.database.unavailable(error, self._raw) from error


def database_at(url: str) -> Database:
    """Find the database that a path or URL names.

    Raises:
        UsageError: it names none that the store can be in.
        MissingExtraError: its driver is not installed.

    """
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    except ArgumentError as error:
        raise UsageError("the database is a file or a URL like postgresql+psycopg://user@host/name") from error
    return Database(_completed(parsed))


def reason(error: BaseException) -> str:
    """Give what a driver says, in one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _completed(url: URL) -> URL:
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() not in _KINDS:
        raise UsageError(f"the database is SQLite or PostgreSQL, not {url.get_backend_name()}")
    if url.get_backend_name() == "sqlite" and (url.database or ":memory:") == ":memory:":
        raise UsageError("the database has to be a file: one in memory would lose what it acknowledged")
    return url


def _dialect(url: URL) -> Dialect:
    try:
        kind: Any = url.get_dialect()
        dbapi = kind.import_dbapi()
    except NoSuchModuleError as error:
        raise UsageError(f"the database driver {url.drivername!r} is not one that is known") from error
    except ModuleNotFoundError as error:
        raise MissingExtraError("PostgreSQL", "postgres") from error
    style = _KINDS[kind.name].paramstyle
    dialect: Dialect = kind(dbapi=dbapi, paramstyle=style)
    return dialect
