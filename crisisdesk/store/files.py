"""Connections to the station's SQLite file: one that writes, and any number that only read."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_TIMEOUT_MS = 5_000
JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024
# "CRDS": tells this file from any other SQLite file.
APPLICATION_ID = 0x43524453
# The number of the newest migration, kept in the file's user_version.
SCHEMA_VERSION = 11


def writing_connection(path: Path) -> sqlite3.Connection:
    """The one connection that may write and checkpoint; makes the file when it does not exist.

    Every commit is on disk when it returns (WAL, synchronous=FULL). Transactions are begun by hand.
    """
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute("PRAGMA cell_size_check=ON")
        raw.execute("PRAGMA wal_autocheckpoint=1000")
        raw.execute(f"PRAGMA journal_size_limit={JOURNAL_SIZE_LIMIT}")
        raw.execute("PRAGMA cache_size=-32768")
        if sys.platform == "darwin":
            raw.execute("PRAGMA fullfsync=1")
            raw.execute("PRAGMA checkpoint_fullfsync=1")
    except BaseException:
        raw.close()
        raise
    return raw


def writing_engine(path: Path) -> Engine:
    """The SQLAlchemy engine around `writing_connection`; its single connection lives on one thread.

    Transactions begin IMMEDIATE: sqlite3's own legacy handling would start them late, and a read
    that turns into a write would fail at once with BUSY_SNAPSHOT.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    engine = create_engine(
        "sqlite://", creator=lambda: writing_connection(path), poolclass=StaticPool
    )
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def reading_connection(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, bound to the thread that makes it.

    It is opened read-only as well as ``query_only``: the last connection to close would otherwise
    checkpoint, and only the writer may do that. Raises sqlite3.OperationalError when the file does
    not exist.
    """
    raw = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    try:
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute("PRAGMA cell_size_check=ON")
    except BaseException:
        raw.close()
        raise
    return raw
