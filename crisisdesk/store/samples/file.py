"""The file of samples: how it is made, told from others, and put aside when it is no good."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# "CRSM": tells this file from any other SQLite file.
APPLICATION_ID = 0x4352534D
VERSION = 1
PAGE_BYTES = 8192
# An hour's number times this plus the series' number is the key of a row; series have 24 bits.
SERIES_LIMIT = 1 << 24

_SCHEMA = (
    # ``newest`` is the hour (since the epoch) of the newest sample that was put in order.
    (
        "CREATE TABLE series (id INTEGER PRIMARY KEY, source TEXT NOT NULL, metric TEXT NOT NULL, "
        "labels TEXT NOT NULL, newest INTEGER NOT NULL, UNIQUE (source, metric, labels))"
    ),
    # What came in and is not yet in order, a row for each time it was written out.
    "CREATE TABLE arrived (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL)",
    # One hour of one series: what came of it as a whole, and in ``data`` its samples (grain 2), its
    # minutes (1) or nothing more (0).
    (
        "CREATE TABLE hour (key INTEGER PRIMARY KEY, low REAL, high REAL, last REAL, mean REAL, "
        "count INTEGER NOT NULL, grain INTEGER NOT NULL, data BLOB)"
    ),
    # From which hour on samples, minutes and hours are kept.
    "CREATE TABLE horizon (grain INTEGER PRIMARY KEY, hour INTEGER NOT NULL)",
    (
        "CREATE TABLE line (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, "
        "name TEXT NOT NULL, text TEXT NOT NULL)"
    ),
    "CREATE INDEX line_by_time ON line (at)",
)


class Unfit(Exception):
    """A file that is not to be written into. ``why`` becomes part of the name it is given."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


def open_for_writing(path: Path, budget_bytes: int) -> sqlite3.Connection:
    """The one connection that writes; makes the file when there is none.

    A commit survives the end of the process at once and a power cut within seconds
    (synchronous=NORMAL): no sample is worth a flush of the disk. The file never grows beyond the
    budget. Raises Unfit, and sqlite3.Error as SQLite does.
    """
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        raw.execute("PRAGMA busy_timeout=5000")
        raw.text_factory = legible
        # Looked at before anything is set: another's file is left as it is.
        fresh = check(raw)
        if fresh:
            raw.execute(f"PRAGMA page_size={PAGE_BYTES}")
            raw.execute("PRAGMA auto_vacuum=INCREMENTAL")
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=NORMAL")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute("PRAGMA cell_size_check=ON")
        raw.execute("PRAGMA wal_autocheckpoint=500")
        raw.execute("PRAGMA journal_size_limit=0")
        raw.execute(f"PRAGMA max_page_count={max(64, budget_bytes // PAGE_BYTES)}")
        if fresh:
            raw.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA:
                raw.execute(statement)
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            raw.execute(f"PRAGMA user_version={VERSION}")
            raw.execute("COMMIT")
    except BaseException:
        raw.close()
        raise
    return raw


def legible(text: bytes) -> str:
    """Text of the file; what a torn page made of it is no reason to stop."""
    return text.decode("utf-8", "replace")


def check(raw: sqlite3.Connection) -> bool:
    """Whether the file is empty and has to be set up; raises Unfit for another's or a newer one."""
    # At one moment: whoever sets the file up may be done between two questions.
    raw.execute("BEGIN")
    (maker,) = raw.execute("PRAGMA application_id").fetchone()
    (version,) = raw.execute("PRAGMA user_version").fetchone()
    empty = False
    if maker == 0 and version == 0:
        (tables,) = raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        empty = tables == 0
    raw.execute("COMMIT")
    if empty:
        return True
    if maker != APPLICATION_ID:
        raise Unfit("other", "it is no file of samples")
    if version > VERSION:
        raise Unfit(
            f"version-{version}",
            f"it has version {version} and was written by a newer program; this one knows "
            f"{VERSION}",
        )
    return False


def put_aside(path: Path, why: str) -> Path:
    """Give a file and its write-ahead log another name, so that a new one can be begun.

    Only a damaged one takes the place of the one before it: those could fill the disk. Raises
    OSError when the folder refuses.
    """
    target = path.with_name(f"{path.stem}-{why}{path.suffix}")
    number = 1
    while why != "damaged" and target.exists():
        number += 1
        target = path.with_name(f"{path.stem}-{why}-{number}{path.suffix}")
    path.replace(target)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(target.with_name(target.name + ending))
        else:
            target.with_name(target.name + ending).unlink(missing_ok=True)
    return target
