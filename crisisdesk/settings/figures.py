"""Figures that a screen needs of the station's settings, as the engine is told them."""

from __future__ import annotations

import logging
from pathlib import Path

from crisisdesk.domain.flapping import Damping
from crisisdesk.settings.errors import SettingsError

log = logging.getLogger(__name__)


class FlappingFigures:
    """What counts as flapping, by ``[quieting]`` of a settings file; read anew when it has changed.

    A file that cannot be read, which the engine would refuse to start with, leaves what was read
    last, and the log says so. For one thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_of: tuple[int, int] | None = None
        self._damping: Damping | None = None

    def __call__(self) -> Damping:
        """The figures as they are now."""
        from crisisdesk.settings.file import load_settings

        found = self._mark()
        if self._damping is None or found != self._read_of:
            self._read_of = found
            try:
                self._damping = load_settings(self._path).quieting.damping()
            except SettingsError as error:
                log.warning("what counts as flapping is taken as before: %s", error)
                self._damping = self._damping or Damping()
        return self._damping

    def _mark(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size
