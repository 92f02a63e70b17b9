"""What the file's notes say of its log: where positions go on, and how it began."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

COMPACTED = "compacted_hlc"
# The last position that was given to a state out of a snapshot; no event stands there.
INSTALLED_POS = "installed_pos"
# How far the station is with taking a snapshot.
TAKING = "snapshot"

LAST_POS = (
    "SELECT max(coalesce((SELECT max(pos) FROM event), 0), coalesce((SELECT "  # noqa: S608
    f"CAST(value AS INTEGER) FROM meta WHERE name = '{INSTALLED_POS}'), 0))"
)


def note_of(raw: sqlite3.Connection, name: str) -> str | None:
    """One note."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def write_note(raw: sqlite3.Connection, name: str, value: str) -> None:
    """Write one note, in the transaction that is open."""
    raw.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def taking_of(raw: sqlite3.Connection) -> dict[str, Any]:
    """The note on the snapshot that is being taken, or was; empty when there is none."""
    text = note_of(raw, TAKING)
    told: dict[str, Any] = {} if text is None else json.loads(text)
    return told


def is_unchecked(raw: sqlite3.Connection) -> bool:
    """Whether the log stands on a snapshot that may still be thrown away."""
    taking = taking_of(raw)
    return bool(taking) and not taking.get("checked", False)
