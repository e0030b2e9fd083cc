"""What a work may do inside its transaction: `Reader` reads, `Transaction` writes as well.

Everything belongs to an owner. What another owner has is not there: no method tells it from what never was.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.errors import UsageError
from orderbridge.store.records import IN_FLIGHT, MISMATCH, Claim, Key, Page, Recalled, Record, StoredAnswer
from orderbridge.store.refusals import Lost, Stale, Taken, Unavailable
from orderbridge.store.schema import bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine.interfaces import DBAPICursor

    from orderbridge.jsontext import Json
    from orderbridge.store.database import Connection
    from orderbridge.store.statements import Statement

KEPT: Final = timedelta(hours=24)
"""How long an answer is remembered."""
LEASE: Final = timedelta(seconds=60)
"""How long a claim holds when whoever made it is never heard of again."""
_MOST: Final = 500
_LAST: Final = 2**63 - 1
_STEP: Final = 8
"""The records of a page that are read before it is known how large they are."""
_PAGE: Final = 4 * 1024**2
"""The characters of text, about, after which a page ends."""


class Reader:
    """The records as they are at one moment."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Read through a connection that has begun a transaction."""
        self._connection: Connection | None = connection
        self._statements = connection.database.statements
        self.failed: Exception | None = None
        self.now = now

    def get(self, partner: str, owner: str, kind: str, name: str) -> Record | None:
        """Find a record by its id or, if none has it, by another of its names."""
        found = self.with_id(partner, owner, kind, name)
        if found is not None:
            return found
        of, whose, what = _place(partner, owner, kind)
        key = {"p_partner": of, "p_owner": whose, "p_kind": what, "p_name": bounded(name)}
        row = self._row(self._statements.get_by_name, key)
        return None if row is None else _record(row, owner)

    def with_id(self, partner: str, owner: str, kind: str, name: str) -> Record | None:
        """Find a record by its id alone."""
        of, whose, what = _place(partner, owner, kind)
        row = self._row(
            self._statements.get, {"p_partner": of, "p_owner": whose, "p_kind": what, "p_id": bounded(name)}
        )
        return None if row is None else _record(row, owner)

    def find(
        self,
        owner: str,
        kind: str,
        *,
        partner: str | None = None,
        name: str | None = None,
        after: int = 0,
        limit: int = 50,
    ) -> Page:
        """List an owner's records of a kind: of one partner, under one id or other name, after a `seq`.

        The order is that of their creation; a record that comes or changes meanwhile moves no other between pages.
        A page of large records ends before its `limit`, so that no list takes more memory than a few of them.
        """
        given = {"p_owner": bounded(owner), "p_kind": bounded(kind), "p_after": max(0, min(after, _LAST))}
        if partner is not None:
            given["p_partner"] = bounded(partner)
        if name is not None:
            given["p_name"] = bounded(name)
        return self._page(self._listing(partner, name), given, owner, max(1, min(limit, _MOST)))

    def _page(self, statement: Statement, given: dict[str, Any], owner: str, limit: int) -> Page:
        found: list[Record] = []
        size, step = 0, _STEP
        while True:
            step = min(step, limit - len(found))
            rows = self._execute(statement, {**given, "p_limit": step + 1}).fetchall()
            found += [_record(row, owner) for row in rows[:step]]
            if len(rows) <= step:
                return Page(tuple(found), None)
            size += sum(_size(row) for row in rows[:step])
            if len(found) == limit or size >= _PAGE:
                return Page(tuple(found), found[-1].seq)
            given["p_after"] = found[-1].seq
            step = max(1, (_PAGE - size) * len(found) // size)

    def recall(self, key: Key, fingerprint: str) -> Recalled | None:
        """Tell what is known of an idempotency key; None: nothing, it may be used."""
        row = self._row(self._statements.recall, _key(key))
        if row is None or row[5] <= _written(self.now):
            return None
        if row[0] != fingerprint:
            return MISMATCH
        if row[1] is not None:
            return IN_FLIGHT
        headers = tuple((name, value) for name, value in _read(row[3]))
        return StoredAnswer(row[2], bytes(row[4]), headers)

    def end(self) -> None:
        """Make sure that nothing is asked of this when the transaction is over."""
        self._connection = None

    def _listing(self, partner: str | None, name: str | None) -> Statement:
        if name is None:
            return self._statements.list_all if partner is None else self._statements.list_partner
        return self._statements.named_all if partner is None else self._statements.named_partner

    def _row(self, statement: Statement, parameters: Mapping[str, Any]) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._execute(statement, parameters).fetchone()
        return row

    def _execute(self, statement: Statement, parameters: Mapping[str, Any]) -> DBAPICursor:
        if self._connection is None:
            raise UsageError("this transaction is over: what a work returns must not use it any more")
        try:
            return self._connection.execute(statement, parameters)
        except Exception as error:
            # Whoever catches everything in a work must not turn this into a success.
            self.failed = error
            raise


class Transaction(Reader):
    """The records, and what one work changes of them: all of it, or nothing when the work raises."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Write through a connection that has begun a transaction."""
        super().__init__(connection, now)
        self.has_changed = False

    def put(self, record: Record, names: Sequence[str] = ()) -> Record:
        """Add a record, found under its id and under other names; give it as it is stored.

        Raises:
            Taken: the id or one of the names is another record's; nothing was added.

        """
        seq = self.add(record, names)
        created = record.created_at or self.now
        return record._replace(created_at=created, updated_at=record.updated_at or created, version=1, seq=seq)

    def add(self, record: Record, names: Sequence[str] = ()) -> int:
        """Do the same, and give the `seq` alone.

        Raises:
            Taken: the id or one of the names is another record's; nothing was added.

        """
        created = record.created_at or self.now
        seq = self._insert(record, created, record.updated_at or created)
        if seq is None:
            raise Taken(record.id)
        try:
            self._name(record, seq, names)
        except Taken:
            self._delete(seq, 1)
            raise
        return seq

    def name(self, record: Record, *names: str) -> None:
        """Let a stored record be found under more names.

        Raises:
            Taken: one is another record's, or this one's already; those before it were added.

        """
        self._name(record, record.seq, names)

    def _name(self, record: Record, seq: int, names: Iterable[str]) -> None:
        partner, owner, kind = _place(record.partner, record.owner, record.kind)
        for name in names:
            row = {"partner": partner, "owner": owner, "kind": kind, "name": bounded(name), "record": seq}
            if self._change(self._statements.insert_name, row).rowcount != 1:
                raise Taken(name)

    def update(self, record: Record) -> Record:
        """Store what a record holds now; give it with its new version.

        Raises:
            Stale: it was changed or deleted since `record` was read.

        """
        new = record._replace(version=record.version + 1, updated_at=self.now)
        changed = self._change(
            self._statements.update,
            {
                "p_seq": record.seq,
                "p_version": record.version,
                "p_new_document": _text(new.document),
                "p_new_hub": _text(new.hub),
                "p_new_answer": _text(new.answer),
                "p_new_updated_at": _written(self.now),
                "p_new_version": new.version,
            },
        )
        if changed.rowcount != 1:
            raise Stale(f"the {record.kind} {record.id!r} was changed meanwhile")
        return new

    def delete(self, record: Record) -> None:
        """Remove a record and its names.

        Raises:
            Stale: it was changed or deleted since `record` was read.

        """
        if not self._delete(record.seq, record.version):
            raise Stale(f"the {record.kind} {record.id!r} was changed meanwhile")

    def _delete(self, seq: int, version: int) -> bool:
        return self._change(self._statements.delete, {"p_seq": seq, "p_version": version}).rowcount == 1

    def next(self, counter: str, *, first: int = 1) -> int:
        """Count: give the next number of a counter, which every process shares and no failed work uses up."""
        row = self._row(self._statements.read_counter, {"p_name": bounded(counter)})
        value = first if row is None else int(row[0]) + 1
        self._change(self._statements.write_counter, {"name": bounded(counter), "value": value})
        return value

    def claim(self, key: Key, fingerprint: str, *, lease: timedelta = LEASE) -> Claim | Recalled:
        """Take an idempotency key before a longer work, in a transaction of its own; or tell what is known of it.

        A work that does everything in one transaction needs no claim: `recall` first and `remember` at its end.
        """
        known = self.recall(key, fingerprint)
        if known is not None:
            return known
        token = token_hex(16)
        self._insert_key(key, fingerprint, token=token, ends_at=self.now + lease)
        return Claim(key, fingerprint, token)

    def release(self, claim: Claim) -> None:
        """Give a key back unused: the request was refused."""
        self._change(self._statements.release_key, {**_key(claim.key), "p_token": claim.token})

    def remember(self, key: Key | Claim, fingerprint: str, answer: StoredAnswer, *, kept: timedelta = KEPT) -> None:
        """Keep the answer for a key, in the transaction that makes it true.

        Raises:
            Lost: the claim ran out and the key is somebody else's now, or a key without a claim is in use.

        """
        ends_at = self.now + kept
        if isinstance(key, Key):
            if not self._insert_key(key, fingerprint, answer=answer, ends_at=ends_at):
                raise Lost("the idempotency key is in use")
            return
        done = self._change(
            self._statements.update_key,
            {
                **_key(key.key),
                "p_token": key.token,
                "p_new_token": None,
                "p_new_ends_at": _written(ends_at),
                **{f"p_new_{name}": value for name, value in _columns(answer).items()},
            },
        )
        if done.rowcount != 1:
            raise Lost("the claim on the idempotency key ran out")

    def purge(self) -> int:
        """Forget the answers and claims whose time is over; the store does this by itself now and then."""
        return self._change(self._statements.purge_keys, {"p_now": _written(self.now)}).rowcount

    def _change(self, statement: Statement, parameters: Mapping[str, Any]) -> DBAPICursor:
        self.has_changed = True
        return self._execute(statement, parameters)

    def _insert(self, record: Record, created: datetime, updated: datetime) -> int | None:
        key = bounded(record.id)
        partner, owner, kind = _place(record.partner, record.owner, record.kind)
        values = {
            "partner": partner,
            "owner": owner,
            "kind": kind,
            "id": key,
            "full_id": None if key == record.id else record.id.encode("unicode_escape").decode(),
            "document": _text(record.document),
            "hub": _text(record.hub),
            "answer": _text(record.answer),
            "created_at": _written(created),
            "updated_at": _written(updated),
            "version": 1,
        }
        cursor = self._change(self._statements.insert, values)
        if cursor.rowcount != 1:
            return None
        # What the driver counts as the last row is the `seq`; where it counts none, the statement returns it.
        row = cursor.fetchone() if self._statements.insert_returns else (cursor.lastrowid,)
        return None if row is None else int(row[0])

    def _insert_key(
        self,
        key: Key,
        fingerprint: str,
        *,
        ends_at: datetime,
        token: str | None = None,
        answer: StoredAnswer | None = None,
    ) -> bool:
        row = {
            **{name.removeprefix("p_"): value for name, value in _key(key).items()},
            "fingerprint": fingerprint,
            "token": token,
            "ends_at": _written(ends_at),
            "p_now": _written(self.now),
            **_columns(answer),
        }
        return self._change(self._statements.insert_key, row).rowcount == 1


@lru_cache(1024)
def _place(partner: str, owner: str, kind: str) -> tuple[str, str, str]:
    """Bound the names that a record is kept below; the same callers come again and again."""
    return bounded(partner), bounded(owner), bounded(kind)


def _key(key: Key) -> dict[str, Any]:
    return {"p_owner": bounded(key.owner), "p_operation": bounded(key.operation), "p_key": bounded(key.value)}


def _columns(answer: StoredAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {"status": None, "headers": None, "body": None}
    return {"status": answer.status, "headers": _text(answer.headers), "body": answer.body}


def _record(row: Sequence[Any], owner: str) -> Record:
    partner, kind, key, full_id, document, hub, answer, created_at, updated_at, version, seq = row
    return Record(
        partner=partner,
        owner=owner,
        kind=kind,
        id=key if full_id is None else full_id.encode().decode("unicode_escape"),
        document=_read(document),
        hub=_read(hub),
        answer=_read(answer),
        created_at=datetime.fromisoformat(created_at),
        updated_at=datetime.fromisoformat(updated_at),
        version=version,
        seq=seq,
    )


def _size(row: Sequence[Any]) -> int:
    """Count the texts of a record's three values."""
    return sum(map(len, row[4:7]))


def _text(value: Json) -> str:
    return jsontext.write(value).decode()


def _read(text: str) -> Json:
    value, problems = jsontext.read(text)
    if problems:
        raise Unavailable("a stored value is damaged")
    return value


@lru_cache(64)
def _written(instant: datetime) -> str:
    """Write an instant so that texts sort as the instants do; all works of a transaction write the same one."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
