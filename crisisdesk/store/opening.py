"""Opening the station's file: lock, checks, migration, incarnation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.store.checks import quick_check
from crisisdesk.store.files import writing_engine
from crisisdesk.store.journal import SqliteJournal
from crisisdesk.store.migrate import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A journal that is ready, its incarnation, and whether the file is new."""

    journal: SqliteJournal
    origin: str
    is_new: bool


def open_station(path: Path) -> Opened:
    """Check, migrate and open the file; makes it when it does not exist.

    Raises `StoreError` (store.checks) for a damaged file or one written by a newer program; neither
    is touched.
    """
    is_new = not path.exists()
    if not is_new:
        quick_check(path)
    migrate(path)
    origin = _origin(path)
    return Opened(journal=SqliteJournal(path, origin), origin=origin, is_new=is_new)


def _origin(path: Path) -> str:
    """This file's incarnation, minted once for every new file."""
    engine = writing_engine(path)
    try:
        with engine.begin() as connection:
            row = connection.exec_driver_sql("SELECT value FROM meta WHERE name='origin'").first()
            if row is not None:
                return str(row[0])
            origin = uuid.uuid4().hex
            connection.exec_driver_sql(
                "INSERT INTO meta (name, value) VALUES ('origin', ?)", (origin,)
            )
            return origin
    finally:
        engine.dispose()
