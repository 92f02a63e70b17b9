"""Whose file it is and which form it has, told without changing a byte of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from crisisdesk.store.errors import Damaged, ForeignFile, NewerDatabase
from crisisdesk.store.files import APPLICATION_ID, SCHEMA_VERSION, reading_connection

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100


class Header(NamedTuple):
    """The maker's number, the form's number, and whether the file holds nothing yet."""

    application_id: int
    schema_version: int
    is_blank: bool


def read_header(path: Path) -> Header:
    """The header of a file; of one that does not exist, a blank one.

    With a log beside it the truth may stand there, so SQLite reads it; otherwise the bytes are read
    straight, because even a read-only opening would make files beside it. Raises Damaged when it is
    no SQLite file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return Header(0, 0, True)
    if not head:
        return Header(0, 0, True)
    if len(head) < _HEADER_BYTES or not head.startswith(_MAGIC):
        raise Damaged(f"{path.name} is no database; restore a backup or choose another data folder")
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return _ask_sqlite(path)
    version = int.from_bytes(head[60:64], "big")
    application_id = int.from_bytes(head[68:72], "big")
    if (application_id, version) == (0, 0):
        return _ask_sqlite(path)
    return Header(application_id, version, False)


def _ask_sqlite(path: Path) -> Header:
    try:
        raw = reading_connection(path)
        try:
            (application_id,) = raw.execute("PRAGMA application_id").fetchone()
            (version,) = raw.execute("PRAGMA user_version").fetchone()
            (objects,) = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            raw.close()
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path.name} cannot be read ({error}); restore a backup") from error
    return Header(application_id, version, objects == 0 and version == 0)


def check_header(path: Path) -> Header:
    """The header of a file that this program may open, or a blank one.

    Raises NewerDatabase, ForeignFile or Damaged in words; the file is not touched.
    """
    header = read_header(path)
    if header.is_blank:
        return header
    if header.application_id != APPLICATION_ID:
        raise ForeignFile(
            f"{path.name} belongs to another program; choose another data folder for CrisisDesk"
        )
    if header.schema_version > SCHEMA_VERSION:
        raise NewerDatabase(
            f"{path.name} was written by a newer CrisisDesk: it has schema "
            f"{header.schema_version}, this program knows up to {SCHEMA_VERSION}; install the "
            "newer program, or restore a backup made before the upgrade; nothing was changed"
        )
    return header
