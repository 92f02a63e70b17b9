"""Putting a good copy in the place of a damaged file, and saving what the damaged one still tells.

A finished copy waits beside the file under its own name, the damaged files are moved aside
together, then the copy takes the name. What a power cut interrupts, `finish_restore` finishes.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import GENESIS, verify
from crisisdesk.store.backup import backup_name, check_backup, list_backups
from crisisdesk.store.durable import (
    SIDES,
    flush_folder,
    put_in_place,
    remove_with_sides,
    require_space,
    side,
)
from crisisdesk.store.errors import BackupFailed, Damaged
from crisisdesk.store.files import reading_connection
from crisisdesk.store.rebuild import rebuild_in

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Which copy was put in place, how many later events the damaged file gave, and where it is."""

    backup: Path
    backup_ms: int
    salvaged: int
    damaged_folder: Path


def restore(path: Path, folder: Path, now_ms: int) -> Restored:
    """Put the newest good copy of ``folder`` in place of ``path``; the caller holds the lock.

    The damaged file, with its log, goes to ``corrupt-<time>/`` beside it. Events it holds behind
    the copy's end are taken over as long as their chain is whole. The file gets a new incarnation
    when it is opened: events that were lost may be known elsewhere under the old one's numbers.
    Raises BackupFailed when no copy is good; then nothing was moved.
    """
    made_ms, backup = _newest_good(folder)
    require_space(path.parent, backup.stat().st_size)
    part = path.with_name(f".{path.name}.part")
    remove_with_sides(part)
    shutil.copyfile(backup, part)
    salvaged = _prepare(part, path)
    put_in_place(part, _waiting(path))
    aside = path.parent / backup_name(now_ms).replace("station-", "corrupt-").removesuffix(".db")
    finish_restore(path, aside=aside, force=True)
    log.warning(
        "restored %s from %s with %d later events; the damaged file is in %s",
        path.name,
        backup.name,
        salvaged,
        aside.name,
    )
    return Restored(backup=backup, backup_ms=made_ms, salvaged=salvaged, damaged_folder=aside)


def finish_restore(path: Path, *, aside: Path | None = None, force: bool = False) -> bool:
    """Finish a restore that was begun; True when there was one.

    Without ``force`` a file that still stands at ``path`` keeps its place: whatever was interrupted
    before it was moved is begun again by who finds it damaged.
    """
    waiting = _waiting(path)
    if not waiting.exists() or (path.exists() and not force):
        return False
    aside = aside or path.parent / "corrupt-interrupted"
    aside.mkdir(exist_ok=True)
    # The database first: its log without it harms nobody, a log beside the new file would.
    for file in (path, *(side(path, suffix) for suffix in SIDES)):
        if file.exists():
            file.replace(aside / file.name)
    flush_folder(aside)
    put_in_place(waiting, path)
    return True


def _waiting(path: Path) -> Path:
    return path.with_name(f"{path.name}.restored")


def _newest_good(folder: Path) -> tuple[int, Path]:
    tried = []
    for made_ms, backup in list_backups(folder):
        try:
            check_backup(backup)
        except Damaged as error:
            tried.append(str(error))
        else:
            return made_ms, backup
    why = "; ".join(tried) or f"there is none in {folder}"
    raise BackupFailed(f"no good copy to restore ({why}); nothing was moved")


def _prepare(part: Path, damaged: Path) -> int:
    """Take over later events into the copy and forget whose file it was; returns how many."""
    with closing(sqlite3.connect(part, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        salvaged = 0
        for row in _later_events(raw, damaged):
            _take_over(raw, row)
            salvaged += 1
        if salvaged:
            rebuild_in(raw)
        raw.execute("DELETE FROM meta WHERE name IN ('origin', 'running', 'verified')")
        raw.execute("COMMIT")
    return salvaged


def _later_events(raw: sqlite3.Connection, damaged: Path) -> Iterator[tuple[Any, ...]]:
    """Events of the damaged file behind the copy's end, while it reads and the chain is whole."""
    heads = {o: (s, h) for o, s, h in raw.execute("SELECT origin, seq, hash FROM origin_head")}
    (pos,) = raw.execute("SELECT coalesce(max(pos), 0) FROM event").fetchone()
    sql = (
        "SELECT pos, origin, seq, hlc, agg, kind, wall_ms, raw, body, salt, hash FROM event "
        "WHERE pos > ? ORDER BY pos"
    )
    try:
        with closing(reading_connection(damaged)) as old:
            for row in old.execute(sql, (pos,)):
                origin, seq = row[1], row[2]
                last_seq, last_hash = heads.get(origin, (0, GENESIS))
                envelope, body, salt, digest = row[7:]
                if seq != last_seq + 1 or verify(envelope, body, salt, digest, last_hash):
                    log.warning("later events were saved up to position %d", row[0] - 1)
                    return
                heads[origin] = (seq, digest)
                yield row
    except sqlite3.DatabaseError as error:
        log.warning("the damaged file could not be read to its end: %s", error)


def _take_over(raw: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    raw.execute(
        "INSERT INTO event (pos,origin,seq,hlc,agg,kind,wall_ms,raw,body,salt,hash) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        row,
    )
    _pos, origin, seq, hlc, *_rest, digest = row
    raw.execute(
        "INSERT INTO origin_head (origin,seq,hash,hlc) VALUES (?,?,?,?) ON CONFLICT(origin) "
        "DO UPDATE SET seq=excluded.seq, hash=excluded.hash, hlc=excluded.hlc",
        (origin, seq, digest, hlc),
    )
