"""Opening the station's file: lock, checks, migration, incarnation."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.store.aside import judge_again
from crisisdesk.store.checks import RUNNING, VERIFIED, StartCheck, check_start, mark_of
from crisisdesk.store.errors import Damaged, ForeignFile, StoreError
from crisisdesk.store.files import SCHEMA_VERSION, writing_connection
from crisisdesk.store.header import Header, check_header
from crisisdesk.store.incarnation import (
    boot_id,
    own_origin,
    settle_origin,
    settle_station,
    was_here,
)
from crisisdesk.store.journal import SqliteJournal
from crisisdesk.store.leaving import leave_origin
from crisisdesk.store.lock import EngineLock
from crisisdesk.store.mending import Aid, is_damage, mend, mend_end
from crisisdesk.store.migrate import migrate
from crisisdesk.store.rebuild import rebuild_in
from crisisdesk.store.restore import finish_restore
from crisisdesk.store.rivals import Compare, Rivalry, look_for_rivals

log = logging.getLogger(__name__)

_FOLD = "fold_version"
# A tenth of a second.
REFOLD_EVENTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A journal that is ready, its incarnation, and whether the file is new.

    ``clean`` is False when the engine before did not end as it should. ``verified_whole`` is False
    when the log is so long that its older part was not checked now (the next backup does).
    ``recovered`` says in words what was damaged and how it was brought back; empty when all was
    well.
    """

    journal: SqliteJournal
    origin: str
    station_id: str
    is_new: bool
    clean: bool = True
    verified_whole: bool = True
    recovered: str = ""


def open_station(
    path: Path,
    aid: Aid | None = None,
    *,
    compare: Compare | None = None,
    boot: str | None = None,
) -> Opened:
    """Lock, check, migrate and open the file; makes it when it does not exist.

    With ``aid`` a damaged file is brought back at once, and `Opened.recovered` tells how; without
    it Damaged is raised. With ``compare`` the own log is compared with the hub's before anything is
    written; ``boot`` names this run of the machine (`incarnation.boot_id`). The lock is let go when
    the journal is closed. Raises `StoreError` in words: InUse, NewerDatabase, ForeignFile, Damaged
    (see `store.restore`), BackupFailed before an upgrade; the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = EngineLock(path.parent)
    asking = _Asking(compare, boot_id() if boot is None else boot)
    try:
        finish_restore(path)
        if aid is None:
            return _open_locked(path, lock, None, asking)
        if aid.spool is not None:
            aid = replace(aid, spooled=tuple(aid.spool.load()))
        try:
            return _open_locked(path, lock, aid, asking)
        except Damaged as why:
            words = mend(path, aid, why)
        return replace(_open_locked(path, lock, aid, asking), recovered=words)
    except BaseException:
        lock.release()
        raise


@dataclass(frozen=True, slots=True)
class _Asking:
    compare: Compare | None
    boot: str


def _open_locked(path: Path, lock: EngineLock, aid: Aid | None, asking: _Asking) -> Opened:
    header = _header(path, aid)
    is_new = header.is_blank
    check: StartCheck | None = None
    recovered = ""
    try:
        # Checks come before an upgrade, so that no damage is carried into the new form; the first
        # form with a `meta` table to ask is the first there was.
        if not is_new:
            check = check_start(path)
            recovered = "" if aid is None else mend_end(path, aid)
        if is_new or header.schema_version < SCHEMA_VERSION:
            migrate(path)
        origin, station_id = _begin(path, check, asking)
    except (OSError, sqlite3.Error) as error:
        kind = Damaged if is_damage(error) else StoreError
        raise kind(f"{path.name} cannot be opened ({error}); nothing was changed") from error
    journal = SqliteJournal(
        path,
        origin,
        station_id,
        on_close=lock.release,
        spool=None if aid is None else aid.spool,
        ballast=None if aid is None else aid.ballast,
    )
    journal.fill_spool()
    return Opened(
        journal=journal,
        origin=origin,
        station_id=station_id,
        is_new=is_new,
        clean=check is None or check.clean,
        verified_whole=check is None or check.whole,
        recovered=recovered,
    )


def _header(path: Path, aid: Aid | None) -> Header:
    """As `check_header`; a file that was this station's own and is no more so is damaged."""
    try:
        header = check_header(path)
    except ForeignFile as error:
        if aid is not None and was_here(path):
            raise Damaged(f"{path.name} does not say any more what it is") from error
        raise
    if header.is_blank and aid is not None and was_here(path):
        raise Damaged(f"{path.name} is gone or empty")
    return header


def _begin(path: Path, check: StartCheck | None, asking: _Asking) -> tuple[str, str]:
    """Settle the incarnation, fold anew if the fold has changed, and note that an engine runs."""
    rivalry = Rivalry()
    if asking.compare is not None:
        rivalry = look_for_rivals(path, asking.compare, asking.boot)
    with closing(writing_connection(path)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        try:
            before = own_origin(raw)
            confirm = settle_origin(raw, path, fresh=rivalry.fresh, boot=asking.boot)
            origin = own_origin(raw)
            station_id = settle_station(raw)
            _refold_if_changed(raw)
            if rivalry.agreed is not None:
                log.warning("%s", leave_origin(raw, before, origin, rivalry.agreed.seq).in_words)
            _note(raw, RUNNING, "1")
            if check is not None and check.whole:
                _note(raw, VERIFIED, mark_of(check.verdict))
        except BaseException:
            raw.rollback()
            raise
        raw.commit()
        confirm()
        try:
            # Into the file itself: a log that is gone later would take the note along.
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.OperationalError as error:
            log.warning("the log could not be moved into %s yet: %s", path.name, error)
    return origin, station_id


def _refold_if_changed(raw: sqlite3.Connection) -> None:
    """Fold anew after the fold has changed; a short log always, for damaged states show nowhere."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (_FOLD,)).fetchone()
    if row is not None and row[0] == str(FOLD_VERSION):
        (events,) = raw.execute("SELECT count(*) FROM event").fetchone()
        if events <= REFOLD_EVENTS and (spoilt := rebuild_in(raw).different):
            log.warning("%d states were not what the log says; they were folded again", spoilt)
        return
    result = rebuild_in(raw)
    judge_again(raw)
    _note(raw, _FOLD, str(FOLD_VERSION))
    if result.aggregates:
        log.info("folded %d aggregates by fold %d", result.aggregates, FOLD_VERSION)


def _note(raw: sqlite3.Connection, name: str, value: str) -> None:
    raw.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
