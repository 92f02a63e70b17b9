"""The incarnation: under which origin a file writes, and how a copy is kept from using it too.

Two files that go on under the same origin would give the same number to different events, and one
of them would be lost when they meet. So a new origin is minted for a new file, for a restored one,
for one that was copied, and for one that was put back as it was earlier: beside the file stands
which file was meant, its origin, and its *generation*, a nonce that changes with every start and
every end. File and note cannot be written in one step, so the note first names both the generation
that is and the one that will be; whichever the file then holds, a power cut leaves it known.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from crisisdesk.domain.ids import short_id
from crisisdesk.store.durable import put_in_place

log = logging.getLogger(__name__)

ORIGIN = "origin"
STATION_ID = "station_id"
GENERATION = "generation"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Name:
    """Who a file is: its origin and its generation; the latter empty before there were any."""

    origin: str
    generation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands beside a file: its inode, who it is, who it is about to be, and in which boot."""

    file: int
    now: Name
    soon: Name | None = None
    boot: str = ""

    def knows(self, file: int, name: Name) -> bool:
        """Whether the file with this inode and name is the one that was meant."""
        return file == self.file and name in (self.now, self.soon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file says of itself before anything is written.

    ``origin`` is None when it must be minted; ``copied`` says why: the file is another one than the
    note beside it means. ``rebooted`` says that the machine was started anew since.
    """

    origin: str | None
    copied: bool = False
    rebooted: bool = False


def boot_id() -> str:
    """What this run of the machine is called; empty where the system does not tell."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def look(raw: Connection, path: Path, boot: str = "") -> Found:
    """Whether the file may go on under its origin, as far as it and the note beside it tell."""
    name, note = _name_in(raw), _note_beside(path)
    if name is None:
        return Found(origin=None)
    if note is None or not note.knows(path.stat().st_ino, name):
        return Found(origin=None, copied=True)
    return Found(origin=name.origin, rebooted=bool(boot and note.boot and boot != note.boot))


def settle_origin(
    raw: Connection, path: Path, *, fresh: bool = False, boot: str = ""
) -> Callable[[], None]:
    """Write down the origin to write under, minted when it must be new or ``fresh`` asks for it.

    In the transaction that is open; what is returned is to be called once it is committed.
    """
    found, before = look(raw, path), _name_in(raw)
    origin = found.origin if found.origin is not None and not fresh else uuid.uuid4().hex
    if found.copied:
        # A copy of a living file is another installation; a restored one has no origin any more.
        raw.execute("DELETE FROM meta WHERE name = ?", (STATION_ID,))
    known = before if found.origin is not None else None
    try:
        return _change(raw, path, Name(origin, os.urandom(8).hex()), known, boot)
    except OSError as error:
        if found.origin != origin:
            raise
        # A full disk must not keep a station from starting: it goes on under the old generation.
        log.info("the note beside %s could not be renewed: %s", path.name, error)
        return lambda: None


def renew(raw: Connection, path: Path) -> None:
    """Another generation at the end, so that no copy made of the running file passes for it."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        confirm = settle_origin(raw, path, boot=boot_id()) if _name_in(raw) else None
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    if confirm is not None:
        confirm()


def change_origin(raw: Connection, path: Path, origin: str) -> Callable[[], None]:
    """Go on under another origin, in the open transaction; call the result once committed."""
    return _change(raw, path, Name(origin, os.urandom(8).hex()), _name_in(raw), boot_id())


def _change(
    raw: Connection, path: Path, name: Name, before: Name | None, boot: str
) -> Callable[[], None]:
    inode = path.stat().st_ino
    after = Note(file=inode, now=name, boot=boot)
    # Before the commit, and for good: else a power cut behind it would make the file a copy.
    _write_beside(path, Note(file=inode, now=before or name, soon=name, boot=boot))
    note(raw, ORIGIN, name.origin)
    note(raw, GENERATION, name.generation)

    def confirm() -> None:
        try:
            _write_beside(path, after)
        except OSError as error:
            # The first note names this generation already, as the one that will be.
            log.warning("the note beside %s could not be finished: %s", path.name, error)

    return confirm


def own_origin(raw: Connection) -> str:
    """The origin that the file holds; empty when it has none."""
    name = _name_in(raw)
    return "" if name is None else name.origin


def settle_station(raw: Connection) -> str:
    """The installation's id, in the transaction that is open; made when there is none yet."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (STATION_ID,)).fetchone()
    if row is not None:
        return str(row[0])
    station_id = short_id("S", uuid.uuid4().bytes, 8)
    note(raw, STATION_ID, station_id)
    return station_id


def note(raw: Connection, name: str, value: str) -> None:
    """Set one fact about the file, in the transaction that is open."""
    raw.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def say_beside(path: Path, origin: str) -> None:
    """Write down that this very file has this origin and no generation yet."""
    _write_beside(path, Note(file=path.stat().st_ino, now=Name(origin)))


def was_here(path: Path) -> bool:
    """Whether this very file, or one that is gone from here, was a station's."""
    said = _note_beside(path)
    if said is None:
        return False
    return not path.exists() or path.stat().st_size == 0 or path.stat().st_ino == said.file


def _name_in(raw: Connection) -> Name | None:
    sql = "SELECT name, value FROM meta WHERE name IN (?, ?)"
    has = dict(raw.execute(sql, (ORIGIN, GENERATION)).fetchall())
    return Name(has[ORIGIN], has.get(GENERATION, "")) if ORIGIN in has else None


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.origin")


def _write_beside(path: Path, what: Note) -> None:
    told: dict[str, object] = {
        "origin": what.now.origin,
        "generation": what.now.generation,
        "file": what.file,
        "boot": what.boot,
    }
    if what.soon is not None:
        told["soon"] = [what.soon.origin, what.soon.generation]
    beside = _beside(path)
    part = beside.with_name(f".{beside.name}.part")
    part.write_text(json.dumps(told), encoding="ascii")
    part.chmod(0o600)
    put_in_place(part, beside)


def _note_beside(path: Path) -> Note | None:
    """What stands beside; None when nothing does, or nothing that can be read."""
    try:
        said = json.loads(_beside(path).read_text(encoding="ascii"))
        soon = said.get("soon")
        return Note(
            file=int(said["file"]),
            now=Name(str(said["origin"]), str(said.get("generation", ""))),
            soon=None if soon is None else Name(str(soon[0]), str(soon[1])),
            boot=str(said.get("boot", "")),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
