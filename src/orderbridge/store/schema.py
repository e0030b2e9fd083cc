"""The tables, and the version that they are stamped with.

Names that come from outside (ids, order numbers, idempotency keys) stand in indexes: see `bounded`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

VERSION: Final = 1
"""Counts up with every change of the tables. A database with any other version is refused."""

METADATA: Final = MetaData()

_Number: Final = BigInteger().with_variant(Integer, "sqlite")

STAMP: Final = Table("orderbridge_schema", METADATA, Column("version", Integer, nullable=False))

RECORD: Final = Table(
    "orderbridge_record",
    METADATA,
    Column("seq", _Number, primary_key=True),
    Column("partner", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    # With escapes, and only where `bounded` changed it.
    Column("full_id", Text),
    Column("document", Text, nullable=False),
    Column("hub", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("owner", "kind", "id", "partner"),
    Index("orderbridge_record_list", "owner", "kind", "seq"),
    Index("orderbridge_record_list_partner", "owner", "kind", "partner", "seq"),
    # A page that was handed out must never be met again by a newer record.
    sqlite_autoincrement=True,
)

NAME: Final = Table(
    "orderbridge_name",
    METADATA,
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("record", _Number, ForeignKey(RECORD.c.seq, ondelete="CASCADE"), nullable=False, index=True),
    PrimaryKeyConstraint("owner", "kind", "name", "partner"),
    sqlite_with_rowid=False,
)

KEY: Final = Table(
    "orderbridge_key",
    METADATA,
    Column("owner", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("token", Text),
    Column("status", SmallInteger),
    Column("headers", Text),
    Column("body", LargeBinary),
    Column("ends_at", Text, nullable=False, index=True),
    PrimaryKeyConstraint("owner", "operation", "key"),
)
"""`token` is there while the first request is in flight; `ends_at` ends the lease then, and the answer's life later."""

COUNTER: Final = Table(
    "orderbridge_counter",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

_AS_IT_IS: Final = re.compile(r"[^\0\ud800-\udfff]{0,200}").fullmatch
_HASHED: Final = "sha256:"


def bounded(name: str) -> str:
    """Give a name in the form in which it is stored and looked up: itself, or a hash of it.

    PostgreSQL keeps no NUL in a text and no long text in an index, no database keeps half a surrogate pair, and callers
    may send all of them. A name that looks
    like such a hash is hashed as well: nobody can choose to meet another name's.
    """
    if _AS_IT_IS(name) and not name.startswith(_HASHED):
        return name
    return _HASHED + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
