"""What the engine did not keep: told on the card of the detail, and sent again when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.alerts.faces import utc_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.alerts.refusal import RefusalCard
    from crisisdesk.desk.room import Desk, Refusal


class Unsent(QObject):
    """``changed`` says that the card came or went."""

    changed = Signal()

    def __init__(self, desk: Desk, card: RefusalCard, in_view: Callable[[], bool]) -> None:
        """``in_view`` says whether an alert is selected, so that its card can be seen."""
        super().__init__(card)
        self._desk, self._card, self._in_view = desk, card, in_view
        self._again: Callable[[], None] | None = None
        self._when_back = self._away = False
        card.again.connect(self._send_again)
        card.forgotten.connect(self._forget)

    def refused(self, words: str, refusal: Refusal, again: Callable[[], None]) -> None:
        """Say that ``words`` was not kept; ``again`` sends it once more."""
        self._again, self._when_back = again, False
        if not self._in_view():
            self._desk.say(f"Not saved: {words}", f"{refusal.words}. {refusal.remedy}", "high")
            return
        clock = utc_time(self._desk.now_ms(), seconds=True)
        self._card.show_refusal(words, refusal, clock)
        self.changed.emit()

    def engine_changed(self, away: bool) -> None:
        """Send what was to wait for the engine."""
        self._away = away
        if not away and self._again is not None and self._when_back:
            self._send_again()

    def _send_again(self) -> None:
        if self._away and not self._when_back:
            self._when_back = True
            self._card.show_queued()
            return
        again, self._again, self._when_back = self._again, None, False
        self._card.put_away()
        self.changed.emit()
        if again is not None:
            again()

    def _forget(self) -> None:
        self._again, self._when_back = None, False
        self.changed.emit()
