"""Every statement of the store, written once for both databases and compiled once per database.

The works run on the driver's own cursor: its share of a small statement is a tenth of what running it through the
library would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from orderbridge.store.schema import COUNTER, KEY, METADATA, NAME, RECORD, STAMP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.engine.interfaces import Dialect
    from sqlalchemy.sql import ClauseElement, ColumnElement

_INSERTS: Final[dict[str, Callable[[Table], Any]]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

COLUMNS: Final = (
    RECORD.c.partner,
    RECORD.c.kind,
    RECORD.c.id,
    RECORD.c.full_id,
    RECORD.c.document,
    RECORD.c.hub,
    RECORD.c.answer,
    RECORD.c.created_at,
    RECORD.c.updated_at,
    RECORD.c.version,
    RECORD.c.seq,
)
"""What is read of a record, in this order."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text with places for values, and the names of the values in their order.

    The drivers take names as well, and look for each of them anew every time: that takes as long as a small statement.
    """

    text: str
    names: tuple[str, ...] = ()

    def values(self, named: Mapping[str, Any]) -> list[Any]:
        """Put values in their order."""
        return [named[name] for name in self.names]


@dataclass(frozen=True, slots=True)
class Statements:
    """All of them."""

    create: tuple[str, ...]
    read_stamp: Statement
    write_stamp: Statement
    get: Statement
    get_by_name: Statement
    list_all: Statement
    list_partner: Statement
    named_all: Statement
    named_partner: Statement
    insert: Statement
    insert_returns: bool
    update: Statement
    delete: Statement
    insert_name: Statement
    recall: Statement
    insert_key: Statement
    update_key: Statement
    release_key: Statement
    purge_keys: Statement
    read_counter: Statement
    write_counter: Statement


def compiled(dialect: Dialect) -> Statements:
    """Compile all statements for a database."""

    def text(statement: ClauseElement, *columns: str) -> Statement:
        made: Any = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        return Statement(str(made), tuple(made.positiontup or ()))

    def insert(table: Table) -> Any:
        return _INSERTS[dialect.name](table)

    new_record = insert(RECORD).on_conflict_do_nothing(index_elements=["owner", "kind", "id", "partner"])
    returns = dialect.name == "postgresql"
    if returns:
        new_record = new_record.returning(RECORD.c.seq)
    return Statements(
        create=tuple(str(each.compile(dialect=dialect)) for each in _definitions()),
        read_stamp=text(select(STAMP.c.version)),
        write_stamp=text(insert(STAMP), "version"),
        get=text(_get()),
        get_by_name=text(_get_by_name()),
        list_all=text(_listed(_is(RECORD, "owner", "kind"))),
        list_partner=text(_listed(_is(RECORD, "owner", "kind", "partner"))),
        named_all=text(_named("owner", "kind")),
        named_partner=text(_named("owner", "kind", "partner")),
        insert=text(new_record, *(column.name for column in RECORD.c if column.name != "seq")),
        insert_returns=returns,
        update=text(_update()),
        delete=text(delete(RECORD).where(*_is(RECORD, "seq", "version"))),
        insert_name=text(insert(NAME).on_conflict_do_nothing(), *(column.name for column in NAME.c)),
        recall=text(_recall()),
        insert_key=text(_insert_key(insert(KEY)), *(column.name for column in KEY.c)),
        update_key=text(_update_key()),
        release_key=text(delete(KEY).where(*_is(KEY, "owner", "operation", "key", "token"))),
        purge_keys=text(delete(KEY).where(KEY.c.ends_at <= bindparam("p_now"))),
        read_counter=text(select(COUNTER.c.value).where(*_is(COUNTER, "name"))),
        write_counter=text(_write_counter(insert(COUNTER)), "name", "value"),
    )


def _definitions() -> Iterator[CreateTable | CreateIndex]:
    for table in METADATA.sorted_tables:
        yield CreateTable(table)
        yield from (CreateIndex(each) for each in sorted(table.indexes, key=lambda index: str(index.name)))


def _is(table: Table, *columns: str) -> list[ColumnElement[bool]]:
    """Compare columns with the parameters of their names; those of an update would be taken for what it sets."""
    return [table.c[name] == bindparam(f"p_{name}") for name in columns]


def _get() -> ClauseElement:
    return select(*COLUMNS).where(*_is(RECORD, "partner", "owner", "kind", "id"))


def _get_by_name() -> ClauseElement:
    where = _is(NAME, "partner", "owner", "kind", "name")
    return select(*COLUMNS).join(NAME, NAME.c.record == RECORD.c.seq).where(*where)


def _listed(where: Sequence[ColumnElement[bool]]) -> ClauseElement:
    after = RECORD.c.seq > bindparam("p_after")
    # One dialect writes the offset in any case, and would make a parameter of it.
    return (
        select(*COLUMNS)
        .where(*where, after)
        .order_by(RECORD.c.seq)
        .limit(bindparam("p_limit"))
        .offset(literal_column("0"))
    )


def _named(*columns: str) -> ClauseElement:
    by_id = select(RECORD.c.seq).where(*_is(RECORD, *columns), RECORD.c.id == bindparam("p_name"))
    by_name = select(NAME.c.record).where(*_is(NAME, *columns, "name"))
    return _listed([*_is(RECORD, *columns), RECORD.c.seq.in_(by_id.union(by_name))])


def _update() -> ClauseElement:
    where = _is(RECORD, "seq", "version")
    return update(RECORD).where(*where).values(_new("document", "hub", "answer", "updated_at", "version"))


def _new(*columns: str) -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(f"p_new_{name}") for name in columns}


def _recall() -> ClauseElement:
    columns = (KEY.c.fingerprint, KEY.c.token, KEY.c.status, KEY.c.headers, KEY.c.body, KEY.c.ends_at)
    return select(*columns).where(*_is(KEY, "owner", "operation", "key"))


def _insert_key(insert: Any) -> ClauseElement:
    """Write a key that is new, or one whose time is over."""
    rest = ("fingerprint", "token", "status", "headers", "body", "ends_at")
    written: ClauseElement = insert.on_conflict_do_update(
        index_elements=["owner", "operation", "key"],
        set_={name: insert.excluded[name] for name in rest},
        where=KEY.c.ends_at <= bindparam("p_now"),
    )
    return written


def _update_key() -> ClauseElement:
    where = _is(KEY, "owner", "operation", "key", "token")
    return update(KEY).where(*where).values(_new("token", "status", "headers", "body", "ends_at"))


def _write_counter(insert: Any) -> ClauseElement:
    written: ClauseElement = insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": insert.excluded.value}
    )
    return written
