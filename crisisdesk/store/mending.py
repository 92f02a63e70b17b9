"""Bringing a damaged station back without a hand: what `opening` does when a check fails."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.domain.event import Stored
from crisisdesk.store.ballast import Ballast
from crisisdesk.store.checks import MENDED, RUNNING
from crisisdesk.store.durable import side
from crisisdesk.store.errors import BackupFailed, Damaged
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.incarnation import ORIGIN
from crisisdesk.store.restore import restore
from crisisdesk.store.spool import UnpushedSpool
from crisisdesk.store.takeover import take_over

log = logging.getLogger(__name__)

# What SQLite says of the machine, not of the file: another try may go well, nothing is moved.
_NOT_DAMAGE = ("IOERR", "FULL", "BUSY", "LOCKED", "READONLY", "CANTOPEN", "NOMEM", "PERM", "AUTH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """What there is to bring a damaged file back with.

    ``backups`` is the folder of copies, ``spool`` the second copy of un-pushed events, ``has_hub``
    says that everything else is to be had from there. ``now_ms`` is UTC ms. ``ballast`` is given up
    when the disk is full.
    """

    backups: Path
    now_ms: int
    spool: UnpushedSpool | None = None
    has_hub: bool = False
    ballast: Ballast | None = None
    spooled: Sequence[Stored] = field(default=())


def is_damage(error: Exception) -> bool:
    """Whether this error is about the file's content; a full or failing disk is not."""
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
    return isinstance(error, sqlite3.DatabaseError) and not name.startswith(_NOT_DAMAGE)


def mend(path: Path, aid: Aid, why: Damaged) -> str:
    """Make a good file in place of a damaged one; what was done, in words.

    Raises ``why`` with the reason added when nothing could be done; then nothing was moved.
    """
    log.error("%s; bringing the station back", why)
    reason = str(why).partition("; restore a backup")[0]
    try:
        done = restore(
            path,
            aid.backups,
            aid.now_ms,
            spooled=aid.spooled,
            others_have_it=aid.has_hub,
            without_copy=True,
        )
    except (BackupFailed, OSError, sqlite3.Error) as error:
        raise Damaged(f"{reason}, and it could not be brought back: {error}") from error
    with closing(writing_connection(path)) as raw:
        _note_waiting(raw, aid)
    words = f"{reason}; {done.in_words}"
    if done.backup is None and aid.has_hub:
        words += "; what is missing comes from the hub"
    return words


def _note_waiting(raw: sqlite3.Connection, aid: Aid) -> None:
    origins = ",".join(sorted({event.origin for event in aid.spooled}))
    raw.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (MENDED, origins))


def mend_end(path: Path, aid: Aid) -> str:
    """Put back what a whole file has lost at its end: words, empty when nothing is missing.

    The end is missing when the spool knows later events of this station, or when the last engine
    did not end and the log beside the file is gone. Others may know more of it than this file, so
    it goes on under a new incarnation.
    """
    gone = not side(path, "-wal").exists()
    with closing(reading_connection(path)) as raw:
        meta = dict(raw.execute("SELECT name, value FROM meta"))
        head = raw.execute(
            "SELECT seq FROM origin_head WHERE origin = ?", (meta.get(ORIGIN, ""),)
        ).fetchone()
    seq = 0 if head is None else head[0]
    later = [e for e in aid.spooled if e.origin == meta.get(ORIGIN) and e.seq > seq]
    gone = gone and RUNNING in meta and ORIGIN in meta
    if not later and not gone:
        return ""
    with closing(writing_connection(path)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        # Not only the later ones: an earlier restart may have left others waiting.
        taken = take_over(raw, aid.spooled, now_ms=aid.now_ms, rewrite=not aid.has_hub)
        raw.execute("DELETE FROM meta WHERE name = ?", (ORIGIN,))
        _note_waiting(raw, aid)
        raw.execute("COMMIT")
    if not later:
        log.warning("the log beside %s is gone after an unclean end", path.name)
        return (
            f"the log beside {path.name} was gone: the engine before did not end as it should, "
            "and what it wrote last may be missing"
        )
    words = (
        f"{path.name} had lost its end: {taken.salvaged} events were put back from their second "
        "copy"
    )
    if taken.stranded:
        words += f", {taken.stranded} wait for others from the hub"
    log.warning("%s", words)
    return words
