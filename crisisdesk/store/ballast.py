"""The ballast: room on the disk that is kept for the day it is full.

On a full disk it is given up, so that acknowledgements can still be kept; once there is room enough
again it is laid back. `look` does both and is cheap; whoever calls it does so every second or so.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from crisisdesk.store.durable import RESERVE_BYTES

log = logging.getLogger(__name__)

BALLAST_NAME = "ballast"
BALLAST_BYTES = 64 * 1024 * 1024
# Less than this and the next groups may not fit: the ballast goes before one has to fail.
FULL_BYTES = 8 * 1024 * 1024


class Ballast:
    """Keeps the file ``ballast`` in one folder; `problem` says in words how short the room is.

    ``reserve`` is the room below which nothing big is written (see `durable.require_space`).
    """

    def __init__(
        self,
        folder: Path,
        *,
        size: int = BALLAST_BYTES,
        reserve: int = RESERVE_BYTES,
        full: int = FULL_BYTES,
    ) -> None:
        self._path = folder / BALLAST_NAME
        self._folder = folder
        self._size = size
        self._reserve = reserve
        self._full = full
        self._dropped = False
        self._unreadable = ""
        self._last_free = reserve

    @property
    def is_there(self) -> bool:
        """Whether the whole of it lies on the disk."""
        try:
            return self._path.stat().st_size == self._size
        except OSError:
            return False

    @property
    def free(self) -> int:
        """Bytes free for this user, without the ballast."""
        return shutil.disk_usage(self._folder).free

    @property
    def problem(self) -> str:
        """What the operator should know, empty when there is room enough."""
        if self._unreadable:
            return self._unreadable
        mib = self._last_free >> 20
        if self._dropped:
            return (
                f"the disk is full: {mib} MiB are free and the reserve is in use; free some space "
                "now, else nothing can be saved soon"
            )
        if self._last_free < self._reserve:
            return (
                f"only {mib} MiB are free on the disk of the data folder; no backups are made "
                f"and no images kept below {self._reserve >> 20} MiB, free some space"
            )
        return ""

    @property
    def short_of_space(self) -> str:
        """Why nothing big is to be written now, in words; empty while there is room.

        By the last look: a disk that cannot be looked at is not said to be full.
        """
        if self._last_free >= self._reserve:
            return ""
        return f"only {self._last_free >> 20} MiB are free of the {self._reserve >> 20} kept free"

    def look(self) -> None:
        """See how much room there is; give the ballast up or lay it back as that demands."""
        try:
            self._last_free = self.free
            self._unreadable = ""
        except OSError as error:
            self._unreadable = f"the data folder cannot be looked at: {error.strerror or error}"
            return
        if self.is_there:
            if self._last_free < self._full:
                self.give_up()
        elif self._last_free >= self._size + self._full * 2:
            self._lay()

    def give_up(self) -> None:
        """Make room at once; called when the disk has refused a write. Harmless when gone."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.error("the ballast could not be given up: %s", error)
            return
        if not self._dropped:
            log.error("the disk is full: the reserve of %d MiB is given up", self._size >> 20)
        self._dropped = True

    def _lay(self) -> None:
        """Real blocks: a file with holes would hold no room."""
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                _allocate(fd, self._size)
            finally:
                os.close(fd)
        except OSError as error:
            log.warning("the ballast could not be laid: %s", error)
            self._path.unlink(missing_ok=True)
            return
        if self._dropped:
            log.info("there is room on the disk again")
        self._dropped = False
        self._last_free = self.free


def _allocate(fd: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, size)
        return
    block = bytes(1024 * 1024)
    for at in range(0, size, len(block)):
        os.write(fd, block[: size - at])
