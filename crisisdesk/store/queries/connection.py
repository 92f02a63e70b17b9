"""The reading connection: opens when needed, notices a replaced file, speaks in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crisisdesk.store.files import APPLICATION_ID, SCHEMA_VERSION, reading_connection


class StoreUnavailable(Exception):
    """The station's file cannot be read now; the message says why and what to do."""


class ReadingConnection:
    """One read-only connection to a file that may appear, vanish or be replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._opened = 0

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one statement, read and let go at once."""
        try:
            return self._connected().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            self.close()
            raise _unavailable(self._path, error) from error

    def data_version(self) -> int:
        """SQLite's data version, made different too when the file was replaced by another."""
        if self._raw is not None and self._seen() != self._identity:
            self.close()
        version: int = self.rows("PRAGMA data_version")[0][0]
        return (self._opened << 40) + version

    def close(self) -> None:
        """Close if open."""
        if self._raw is not None:
            raw, self._raw = self._raw, None
            raw.close()

    def _seen(self) -> tuple[int, int]:
        try:
            stat = self._path.stat()
        except OSError as error:
            self.close()
            raise _unavailable(self._path, error) from error
        return (stat.st_dev, stat.st_ino)

    def _connected(self) -> sqlite3.Connection:
        if self._raw is None:
            self._identity = self._seen()
            raw = reading_connection(self._path)
            try:
                self._check(raw)
            except BaseException:
                raw.close()
                raise
            raw.create_function("casefold", 1, str.casefold, deterministic=True)
            self._raw = raw
            self._opened += 1
        return self._raw

    def _check(self, raw: sqlite3.Connection) -> None:
        """Refuse a file of another make or version before asking it anything."""
        (maker,) = raw.execute("PRAGMA application_id").fetchone()
        (version,) = raw.execute("PRAGMA user_version").fetchone()
        name = self._path.name
        if maker == 0 and version == 0:
            raise StoreUnavailable(f"{name} is still being set up; start the engine")
        if maker != APPLICATION_ID:
            raise StoreUnavailable(
                f"{name} is not a CrisisDesk station; choose another data folder"
            )
        if version > SCHEMA_VERSION:
            raise StoreUnavailable(
                f"{name} was written by a newer CrisisDesk (schema {version}, this program knows "
                f"{SCHEMA_VERSION}); install the newer program"
            )
        if version < SCHEMA_VERSION:
            raise StoreUnavailable(
                f"{name} has schema {version} and waits for its upgrade to {SCHEMA_VERSION}; "
                "start the engine, which does it"
            )


def _unavailable(path: Path, error: Exception) -> StoreUnavailable:
    text = str(error)
    if not path.exists():
        return StoreUnavailable(f"there is no station at {path.name} yet; start the engine")
    if "locked" in text or "busy" in text:
        return StoreUnavailable(f"{path.name} is locked by another program ({text}); try again")
    if "malformed" in text or "not a database" in text or "encrypted" in text:
        return StoreUnavailable(
            f"{path.name} is damaged ({text}); restart the engine, which checks and restores it"
        )
    return StoreUnavailable(f"{path.name} cannot be read ({text})")
