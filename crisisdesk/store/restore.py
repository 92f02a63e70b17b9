"""Putting a good copy in the place of a damaged file, and saving what the damaged one still tells.

A finished copy waits beside the file under its own name, the damaged files are moved aside
together, then the copy takes the name. What a power cut interrupts, `finish_restore` finishes.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from crisisdesk.domain.event import Stored
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
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.incarnation import STATION_ID
from crisisdesk.store.migrate import migrate
from crisisdesk.store.salvage import Found, scan
from crisisdesk.store.takeover import Taken, take_over

log = logging.getLogger(__name__)

# A restore may use what is kept free for such days.
RESTORE_RESERVE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What stands there now, out of what, and where the damaged file is.

    ``backup`` is None when there was no good copy and the file was made anew. ``salvaged`` later
    events were taken over as they are, ``rewritten`` ones under new numbers, ``stranded`` ones wait
    for what comes before them.
    """

    backup: Path | None
    backup_ms: int
    salvaged: int
    rewritten: int
    stranded: int
    damaged_folder: Path

    @property
    def in_words(self) -> str:
        """One sentence for the operator."""
        base = "nothing else" if self.backup is None else self.backup.name
        words = f"it was made again from {base} and {self.salvaged} later events"
        if self.rewritten:
            words += f", {self.rewritten} events behind a gap were written anew"
        if self.stranded:
            words += f", {self.stranded} events wait for others from the hub"
        return f"{words}; the damaged file is in {self.damaged_folder}"


def restore(
    path: Path,
    folder: Path,
    now_ms: int,
    *,
    spooled: Sequence[Stored] = (),
    others_have_it: bool = False,
    without_copy: bool = False,
) -> Restored:
    """Put the newest good copy of ``folder`` in place of ``path``; the caller holds the lock.

    The damaged file, with its log, goes to ``corrupt-<time>/`` beside it. Events that still can be
    read in it or were ``spooled`` are taken over. Those behind a gap are written anew, unless
    ``others_have_it``: then what is missing comes from the hub. The file gets a new incarnation
    when it is opened: events that were lost may be known elsewhere under the old one's numbers.
    ``without_copy`` makes the file anew when no copy is good; then only an empty result, with
    nobody else who has the events, raises. Raises BackupFailed; then nothing was moved.
    """
    part = path.with_name(f".{path.name}.part")
    remove_with_sides(part)
    made_ms, backup = _base(part, folder, path, without_copy=without_copy)
    taken = _prepare(part, path, spooled, now_ms, rewrite=not others_have_it)
    if backup is None and not others_have_it and taken == Taken():
        remove_with_sides(part)
        raise BackupFailed(f"no event of {path.name} can be read any more; nothing was moved")
    put_in_place(part, _waiting(path))
    remove_with_sides(part)
    aside = _aside(path, now_ms)
    finish_restore(path, aside=aside, force=True)
    done = Restored(
        backup=backup,
        backup_ms=made_ms,
        salvaged=taken.salvaged,
        rewritten=taken.rewritten,
        stranded=taken.stranded,
        damaged_folder=aside,
    )
    log.warning("restored %s: %s", path.name, done.in_words)
    return done


def _aside(path: Path, now_ms: int) -> Path:
    name = backup_name(now_ms).replace("station-", "corrupt-").removesuffix(".db")
    free = (path.parent / f"{name}{n}" for n in ("", *(f"-{n}" for n in range(2, 1_000))))
    return next(folder for folder in free if not folder.exists())


def _base(part: Path, folder: Path, path: Path, *, without_copy: bool) -> tuple[int, Path | None]:
    """Make the file that is added to: out of the newest good copy, or an empty one."""
    try:
        made_ms, backup = _newest_good(folder)
    except BackupFailed as error:
        if not without_copy:
            raise
        log.error("%s; the file is made again from what can be read", error)
        migrate(part)
        _keep_station(part, path)
        return 0, None
    require_space(path.parent, backup.stat().st_size, reserve=RESTORE_RESERVE_BYTES)
    shutil.copyfile(backup, part)
    return made_ms, backup


def _keep_station(part: Path, damaged: Path) -> None:
    """The installation stays who it is, if the damaged file still says so."""
    try:
        with closing(reading_connection(damaged)) as old:
            row = old.execute("SELECT value FROM meta WHERE name = ?", (STATION_ID,)).fetchone()
    except sqlite3.DatabaseError as error:
        log.warning("the station gets a new id, its old one cannot be read: %s", error)
        return
    if row is not None and str(row[0]).startswith("S-"):
        with closing(writing_connection(part)) as raw:
            raw.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (STATION_ID, row[0]))


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


def _prepare(
    part: Path, damaged: Path, spooled: Sequence[Stored], now_ms: int, *, rewrite: bool
) -> Taken:
    """Take over later events into the copy and forget whose file it was."""
    with closing(sqlite3.connect(part, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("BEGIN IMMEDIATE")
        found: Iterable[Found | Stored] = chain(scan(damaged), spooled)
        taken = take_over(raw, found, now_ms=now_ms, rewrite=rewrite)
        raw.execute("DELETE FROM meta WHERE name IN ('origin', 'running', 'verified')")
        raw.execute("COMMIT")
    return taken
