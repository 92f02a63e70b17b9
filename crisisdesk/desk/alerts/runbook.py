"""The key that opens the runbook of the selected alert."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from crisisdesk.desk.alerts.runbook_words import KEY, Opening, runbook_of
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import AlertRow


class RunbookKey:
    """Asks which runbook fits now, and hands it to the system; says so when there is none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def action(self, row: AlertRow) -> Action:
        """The action on one alert."""
        return Action(
            key="runbook",
            title="Open the runbook",
            keys=KEY,
            icon="book-open-check",
            group=f"For {row.alert_id}, {row.title}",
            also=("procedure", "wiki", "help with this alert"),
            run=partial(self.open, row.alert_id),
        )

    def open(self, alert_id: str) -> None:
        """Open the runbook of this alert."""
        now = self._desk.now_ms()
        self._desk.ask(lambda reader: runbook_of(reader, alert_id, now), self._show)

    def _show(self, opening: Opening) -> None:
        if opening.url and not QDesktopServices.openUrl(QUrl(opening.url)):
            words = f"No program of this machine opens {opening.url}"
            self._desk.say("The runbook cannot be opened", words)
            return
        self._desk.say(opening.title, opening.body, icon="book-open-check")
