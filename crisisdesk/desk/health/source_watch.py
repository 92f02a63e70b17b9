"""Counts fresh and silent sources for the status bar, whichever room is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.domain.service_board.watching import SourceCount, count_sources

if TYPE_CHECKING:
    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import StationReader

EVERY_MS = 5_000
# A store that could not be read leaves a question unanswered.
GIVEN_UP_MS = 30_000


class SourceWatch(QObject):
    """``counted`` carries a `SourceCount` when it has changed."""

    counted = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.on_duty = True
        self.count = SourceCount()
        self._asking = False
        self._asked_ms: int | None = None

    def set_duty(self, *, on_duty: bool) -> None:
        """Whether this station is the one that looks."""
        if on_duty != self.on_duty:
            self.on_duty, self._asked_ms = on_duty, 0

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time."""
        if self._asked_ms is None:
            # A window that opens has more urgent things to read.
            self._asked_ms = now_ms
        rest = GIVEN_UP_MS if self._asking else EVERY_MS
        if 0 <= now_ms - self._asked_ms < rest:
            return
        self._asking, self._asked_ms = True, now_ms
        on_duty = self.on_duty

        def question(reader: StationReader) -> SourceCount:
            found = reader.source_lines(now_ms, on_duty=on_duty, only_looks=True)
            return count_sources(found.lines, now_ms)

        self.desk.ask(question, self._take)

    def _take(self, count: SourceCount) -> None:
        self._asking = False
        if count != self.count:
            self.count = count
            self.counted.emit(count)
