"""The incarnation: under which origin a file writes, and how a copy is kept from using it too.

Two files that go on under the same origin would give the same number to different events, and one
of them would be lost when they meet. So a new origin is minted for a new file, for a restored one,
and for one that was copied: beside the file stands which origin it has and which file was meant.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from sqlite3 import Connection

from crisisdesk.domain.ids import short_id
from crisisdesk.store.durable import put_in_place

ORIGIN = "origin"
STATION_ID = "station_id"


def settle_origin(raw: Connection, path: Path) -> str:
    """The origin to write under, in the transaction that is open; minted when it must be new."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (ORIGIN,)).fetchone()
    if row is not None and _said_beside(path) == (row[0], path.stat().st_ino):
        return str(row[0])
    origin = uuid.uuid4().hex
    _note(raw, ORIGIN, origin)
    if row is not None:
        # A copy of a living file is another installation; a restored one has no origin any more.
        raw.execute("DELETE FROM meta WHERE name = ?", (STATION_ID,))
    return origin


def settle_station(raw: Connection) -> str:
    """The installation's id, in the transaction that is open; made when there is none yet."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (STATION_ID,)).fetchone()
    if row is not None:
        return str(row[0])
    station_id = short_id("S", uuid.uuid4().bytes, 8)
    _note(raw, STATION_ID, station_id)
    return station_id


def _note(raw: Connection, name: str, value: str) -> None:
    raw.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def say_beside(path: Path, origin: str) -> None:
    """Write down which origin this very file has, once the file itself holds it for good."""
    if _said_beside(path) == (origin, path.stat().st_ino):
        return
    beside = _beside(path)
    part = beside.with_name(f".{beside.name}.part")
    part.write_text(json.dumps({"origin": origin, "file": path.stat().st_ino}), encoding="ascii")
    part.chmod(0o600)
    put_in_place(part, beside)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.origin")


def _said_beside(path: Path) -> tuple[str, int] | None:
    """What stands beside; None when nothing does, or nothing that can be read."""
    try:
        said = json.loads(_beside(path).read_text(encoding="ascii"))
        return (str(said["origin"]), int(said["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
