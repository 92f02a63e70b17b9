"""Verified copies of the station's file: made whole, kept by age, never a file without its log."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from crisisdesk.engine.ports import Clock
from crisisdesk.store.chain import Verdict, verify_connection
from crisisdesk.store.checks import one_line
from crisisdesk.store.durable import put_in_place, remove_with_sides, require_space, side
from crisisdesk.store.errors import BackupFailed, Damaged
from crisisdesk.store.files import reading_connection

HOURS_KEPT = 24
DAYS_KEPT = 7
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_PREFIX = "station-"
_STAMP = "%Y%m%dT%H%M%SZ"


def backup_name(at_ms: int) -> str:
    """``station-20270115T080000Z.db`` for UTC milliseconds."""
    return f"{_PREFIX}{datetime.fromtimestamp(at_ms // 1000, UTC).strftime(_STAMP)}.db"


def backup_time(path: Path) -> int | None:
    """UTC ms from a backup's name; None for a file that is no backup."""
    if path.suffix != ".db" or not path.name.startswith(_PREFIX):
        return None
    try:
        made = datetime.strptime(path.stem.removeprefix(_PREFIX), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(made.timestamp()) * 1000


def list_backups(folder: Path) -> list[tuple[int, Path]]:
    """(UTC ms, file) of every finished backup, newest first."""
    found = [(at, path) for path in folder.glob(f"{_PREFIX}*.db") if (at := backup_time(path))]
    return sorted(found, reverse=True)


def choose_drops(
    times_ms: Sequence[int],
    now_ms: int,
    hours_kept: int = HOURS_KEPT,
    days_kept: int = DAYS_KEPT,
) -> set[int]:
    """Which backups to drop: kept are the newest of all, of each of the last hours and days.

    One from the future (a clock was wrong) is kept until its time has come.
    """
    kept: set[int] = set()
    hours: set[int] = set()
    days: set[int] = set()
    for at in sorted(times_ms, reverse=True):
        age_h, age_d = (now_ms - at) // HOUR_MS, (now_ms - at) // DAY_MS
        if at > now_ms or not kept:
            kept.add(at)
        if 0 <= age_h < hours_kept and age_h not in hours:
            hours.add(age_h)
            kept.add(at)
        if 0 <= age_d < days_kept and age_d not in days:
            days.add(age_d)
            kept.add(at)
    return set(times_ms) - kept


def copy_verified(source: Path, target: Path) -> Verdict:
    """Copy the database with all that stands in its log, check the copy whole, put it in place.

    Raises BackupFailed in words when there is no room or the disk refuses, Damaged when the copy
    (and so the source) is no good. Nothing is left behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    log = side(source, "-wal")
    size = source.stat().st_size + (log.stat().st_size if log.exists() else 0)
    require_space(target.parent, size)
    part = target.with_name(f".{target.name}.part")
    remove_with_sides(part)
    try:
        verdict = _copy(source, part)
        put_in_place(part, target)
    except (sqlite3.Error, OSError) as error:
        raise BackupFailed(f"the copy {target.name} could not be made ({error})") from error
    finally:
        with contextlib.suppress(OSError):
            remove_with_sides(part)
    return verdict


def _copy(source: Path, part: Path) -> Verdict:
    with (
        contextlib.closing(reading_connection(source)) as reading,
        contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        reading.backup(copy)
        # The copy must be one file: a log beside it could be forgotten when it is moved.
        copy.execute("PRAGMA journal_mode=DELETE")
        return _check(copy, part.name)


def check_backup(path: Path) -> Verdict:
    """Check a finished copy whole; raises Damaged in words."""
    try:
        with contextlib.closing(reading_connection(path)) as raw:
            return _check(raw, path.name)
    except sqlite3.Error as error:
        raise Damaged(f"the copy {path.name} cannot be read ({error})") from error


def _check(raw: sqlite3.Connection, name: str) -> Verdict:
    problems = [one_line(row[0]) for row in raw.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise Damaged(f"{name} is damaged inside: {'; '.join(problems)}")
    verdict = verify_connection(raw, pause=_let_others_run)
    if verdict.first_bad is not None:
        raise Damaged(f"in {name} {verdict.in_words}")
    return verdict


def _let_others_run() -> None:
    """Give the interpreter to the threads that answer people; they would wait 5 ms at each turn."""
    time.sleep(0.000_2)  # noqa: TID251 - the pause is the point: nothing is waited for


class BackupKeeper:
    """Implements `engine.ports.Keeper` for one station file and one folder of copies."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        clock: Clock,
        *,
        hours_kept: int = HOURS_KEPT,
        days_kept: int = DAYS_KEPT,
    ) -> None:
        self._kept = (hours_kept, days_kept)
        self._path = path
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._last_ms = next((at for at, _ in list_backups(folder)), None)

    def back_up(self) -> None:
        """Make a verified copy now, then drop what is too old.

        Raises StoreFailed in words: BackupFailed when it could not be made, Damaged when the
        station's own file is no good any more.
        """
        with self._one_at_a_time:
            now = self._clock.now_ms()
            try:
                copy_verified(self._path, self._folder / backup_name(now))
                self._last_ms = now
                self._thin(now)
            except OSError as error:
                raise BackupFailed(f"the copies could not be kept ({error})") from error

    def last_backup_ms(self) -> int | None:
        """When the newest good copy was made, UTC ms; None when there is none."""
        return self._last_ms

    def _thin(self, now: int) -> None:
        copies = dict(list_backups(self._folder))
        for at in choose_drops(list(copies), now, *self._kept):
            copies[at].unlink()
