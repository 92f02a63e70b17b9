"""Connections to the station's SQLite file: one writing engine, and any number of reading ones."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

BUSY_TIMEOUT_MS = 5_000
JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024


def writing_engine(path: Path) -> Engine:
    """The one engine that may write and checkpoint; its single connection lives on one thread.

    Every commit is on disk when it returns (WAL, synchronous=FULL). Transactions begin IMMEDIATE:
    sqlite3's own legacy handling would start them late, and a read that turns into a write would
    fail at once with BUSY_SNAPSHOT.
    """

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
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
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def reading_engine(path: Path) -> Engine:
    """An engine that cannot write and never checkpoints, so that it can never meet the writer there.

    Raises sqlite3.OperationalError on first use when the file does not exist.
    """

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
        )
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute("PRAGMA trusted_schema=OFF")
        return raw

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)
