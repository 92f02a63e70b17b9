"""One writing engine per data folder: a lock of the operating system, gone when its holder is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crisisdesk.store.errors import InUse

LOCK_NAME = "engine.lock"
# Windows locks bytes against reading too, so the locked one lies behind the holder's number.
_WINDOWS_BYTE = 64


class EngineLock:
    """Holds ``engine.lock`` of a data folder; the file stays with its pid, only the lock goes."""

    def __init__(self, folder: Path) -> None:
        """Take the lock at once; raises InUse naming the holder when another engine has it."""
        self._path = folder / LOCK_NAME
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(fd)
        except OSError as error:
            holder = os.read(fd, 32).decode("ascii", "replace").strip()
            os.close(fd)
            raise InUse(
                f"another engine (process {holder or 'unknown'}) works on {folder}; "
                "stop it first, or give this one another data folder"
            ) from error
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        self._fd: int | None = fd

    def release(self) -> None:
        """Let the next engine in; harmless when already done."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            # Closing is what unlocks; unlocking first would let another in between.
            os.close(fd)


def lock_holder(folder: Path) -> int | None:
    """The pid of the engine that works on this folder; None when there is none."""
    try:
        fd = os.open(folder / LOCK_NAME, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        _lock(fd)
    except OSError:
        text = os.read(fd, 32).strip()
        return int(text) if text.isdigit() else None
    finally:
        os.close(fd)
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        os.lseek(fd, _WINDOWS_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(fd, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
