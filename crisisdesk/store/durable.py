"""Files put in place so that a power cut leaves either the old or the new, never half of one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from crisisdesk.store.errors import BackupFailed

RESERVE_BYTES = 200 * 1024 * 1024
SIDES = ("-wal", "-shm")


def flush(path: Path) -> None:
    """Force a file's content to the disk."""
    fd = os.open(path, os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def flush_folder(folder: Path) -> None:
    """Force a folder's names to the disk; Windows keeps them without being asked."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def put_in_place(finished: Path, target: Path) -> None:
    """Give a finished file, in the target's folder, the target's name, for good."""
    flush(finished)
    finished.replace(target)
    flush_folder(target.parent)


def require_space(folder: Path, needed_bytes: int, *, reserve: int = RESERVE_BYTES) -> None:
    """Raise BackupFailed in words when a copy would leave less than ``reserve`` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < reserve + needed_bytes:
        raise BackupFailed(
            f"only {free >> 20} MiB are free where the copies are kept, and a copy of "
            f"{needed_bytes >> 20} MiB must leave {reserve >> 20}; free some space"
        )


def side(path: Path, suffix: str) -> Path:
    """A file that SQLite keeps beside the database."""
    return path.with_name(path.name + suffix)


def remove_with_sides(path: Path) -> None:
    """Delete a database file and what SQLite keeps beside it, as far as they exist."""
    for file in (path, *(side(path, suffix) for suffix in SIDES)):
        file.unlink(missing_ok=True)
