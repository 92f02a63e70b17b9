"""The checks at the start: SQLite's own, and the end of the hash chain."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.store.chain import Verdict, verify_connection, verify_log
from crisisdesk.store.durable import side
from crisisdesk.store.errors import (
    BackupFailed,
    Damaged,
    ForeignFile,
    InUse,
    NewerDatabase,
    StoreError,
)
from crisisdesk.store.files import reading_connection
from crisisdesk.store.waltail import lost_frames

__all__ = [
    "BackupFailed",
    "Damaged",
    "ForeignFile",
    "InUse",
    "NewerDatabase",
    "StartCheck",
    "StoreError",
    "Verdict",
    "check_start",
    "integrity_check",
    "quick_check",
    "verify_end",
    "verify_log",
]

# About two seconds of checking; what is larger is checked whole by the next backup.
THOROUGH_LIMIT_BYTES = 256 * 1024 * 1024
# A third of a second, spent at every start: the quick check does not compare indexes with tables.
ALWAYS_THOROUGH_BYTES = 48 * 1024 * 1024
TAIL_EVENTS = 200_000
# Half a second: a log of this length is read whole at every start, however it ended.
WHOLE_EVENTS = 60_000
RUNNING = "running"
VERIFIED = "verified"
# Origins, with commas between, whose events may still wait in the spool for others from the hub.
MENDED = "mended"
END_EVENTS = 2_000
NOTHING = Verdict(events=0, pos=0, first_bad=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCheck:
    """What the start found: whether the last engine ended cleanly, and how far the log is verified.

    ``whole`` is False when older events were left for `verify_log` to check later.
    """

    clean: bool
    verdict: Verdict
    whole: bool


def one_line(text: str) -> str:
    """SQLite's findings, several lines of them, as one."""
    return ", ".join(line for line in text.splitlines() if not line.startswith("***"))


def quick_check(path: Path) -> None:
    """SQLite's quick check; raises Damaged in words."""
    _pragma_check(path, "quick_check")


def integrity_check(path: Path) -> None:
    """SQLite's thorough check, indexes against tables too; raises Damaged in words."""
    _pragma_check(path, "integrity_check")


def _pragma_check(path: Path, pragma: str) -> None:
    try:
        with closing(reading_connection(path)) as raw:
            found = [one_line(row[0]) for row in raw.execute(f"PRAGMA {pragma}(3)")]
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path.name} cannot be read ({error}); restore a backup") from error
    if found != ["ok"]:
        raise Damaged(f"{path.name} is damaged: {'; '.join(found)}; restore a backup")


def check_start(
    path: Path, *, tail_events: int = TAIL_EVENTS, whole_events: int = WHOLE_EVENTS
) -> StartCheck:
    """Check an existing file of the current form before it is written to.

    `integrity_check` up to 48 MiB, after an unclean end up to 256 MiB, `quick_check` of what is
    larger, and the chain: whole up to ``whole_events``, else from the last verified event on, at
    most ``tail_events`` of it. Raises Damaged.
    """
    try:
        return _check_start(path, tail_events, whole_events)
    except (TypeError, ValueError, OverflowError) as error:
        # A value of another kind than the form has: SQLite keeps what it finds, its checks agree.
        raise Damaged(f"{path.name} is damaged: {error}; restore a backup") from error


def _check_start(path: Path, tail_events: int, whole_events: int) -> StartCheck:
    if why := lost_frames(side(path, "-wal")):
        raise Damaged(f"{why}; restore a backup")
    clean = _is_clean(path)
    limit = ALWAYS_THOROUGH_BYTES if clean else THOROUGH_LIMIT_BYTES
    if path.stat().st_size > limit:
        quick_check(path)
    else:
        integrity_check(path)
    with closing(reading_connection(path)) as raw:
        (head,) = raw.execute("SELECT coalesce(max(pos), 0) FROM event").fetchone()
        mark = _read_mark(raw) if head > whole_events else NOTHING
        (far,) = raw.execute(
            "SELECT count(*) FROM (SELECT 1 FROM event WHERE pos > ? LIMIT ?)",
            (mark.pos, tail_events + 1),
        ).fetchone()
        whole = far <= tail_events
        verdict = verify_connection(raw, after=mark if whole else _base(raw, head - tail_events))
    if verdict.first_bad is not None:
        raise Damaged(f"in {path.name} {verdict.in_words}; restore a backup")
    return StartCheck(clean=clean, verdict=verdict, whole=whole)


def verify_end(raw: sqlite3.Connection, events: int = END_EVENTS) -> None:
    """Check the chain over the last ``events``, as the disk has them now; raises Damaged."""
    (head,) = raw.execute("SELECT coalesce(max(pos), 0) FROM event").fetchone()
    verdict = verify_connection(raw, after=_base(raw, max(0, head - events)))
    if verdict.first_bad is not None:
        raise Damaged(f"the log does not hold together any more: {verdict.in_words}")


def mark_of(verdict: Verdict) -> str:
    """A good verdict as text for the file's ``meta``."""
    heads = {origin: [seq, digest.hex()] for origin, (seq, digest) in verdict.heads.items()}
    return json.dumps({"events": verdict.events, "pos": verdict.pos, "heads": heads})


def _is_clean(path: Path) -> bool:
    with closing(reading_connection(path)) as raw:
        return raw.execute("SELECT 1 FROM meta WHERE name = ?", (RUNNING,)).fetchone() is None


def _read_mark(raw: sqlite3.Connection) -> Verdict:
    """How far an earlier start has verified; nothing when its end is no longer there."""
    row = raw.execute("SELECT value FROM meta WHERE name = ?", (VERIFIED,)).fetchone()
    if row is None:
        return NOTHING
    kept = json.loads(row[0])
    heads = {origin: (seq, bytes.fromhex(text)) for origin, (seq, text) in kept["heads"].items()}
    for origin, (seq, digest) in heads.items():
        found = raw.execute(
            "SELECT hash FROM event WHERE origin = ? AND seq = ?", (origin, seq)
        ).fetchone()
        if found is None or found[0] != digest:
            return NOTHING
    return Verdict(events=kept["events"], pos=kept["pos"], first_bad=None, heads=heads)


def _base(raw: sqlite3.Connection, pos: int) -> Verdict:
    """The heads at ``pos``, taken as they stand: where the check of a long log's end begins."""
    sql = (
        "SELECT origin, seq, hash FROM event WHERE (origin, seq) IN "
        "(SELECT origin, max(seq) FROM event WHERE pos <= ? GROUP BY origin)"
    )
    heads = {origin: (seq, digest) for origin, seq, digest in raw.execute(sql, (pos,))}
    return Verdict(events=0, pos=pos, first_bad=None, heads=heads)
