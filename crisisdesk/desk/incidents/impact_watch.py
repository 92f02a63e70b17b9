"""Keeps the impact pane true: reads it when the incident changed, and as its clocks go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.impact_pane import read_face

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.impact_pane import ImpactFace, ImpactPane
    from crisisdesk.desk.room import Desk

# What was promised is told in minutes; reading it looks through a year of incidents.
EVERY_MS = 10_000
_ANSWER_WITHIN_MS = 5_000


class ImpactWatch:
    """Asks at most once at a time, and for an incident anew when another is shown."""

    def __init__(self, desk: Desk, pane: ImpactPane) -> None:
        self._desk, self._pane = desk, pane
        self._incident = ""
        self._asked_at = self._read_at = 0
        self._asking = False

    def show(self, incident_id: str) -> None:
        """Look at this incident; "" for none."""
        if incident_id != self._incident:
            self._incident, self._read_at, self._asking = incident_id, 0, False
            self._pane.show_face(None)
        self.tick(self._desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time."""
        waiting = self._asking and now_ms - self._asked_at < _ANSWER_WITHIN_MS
        if not self._incident or waiting or now_ms - self._read_at < EVERY_MS:
            return
        self._asking, self._asked_at = True, now_ms
        wanted, viewer = self._incident, self._desk.operator()

        def answer(face: ImpactFace | None) -> None:
            if wanted == self._incident:
                self._asking, self._read_at = False, now_ms
                self._pane.show_face(face)

        self._desk.ask(lambda reader: read_face(reader, wanted, viewer, now_ms), answer)
