"""The head of one incident: mark, id, title, how long it runs, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.incidents.faces import draw_incident_mark
from crisisdesk.desk.incidents.role_lines import button_words
from crisisdesk.desk.incidents.times import utc_clock, when_words
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.incident import IncidentStatus

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.incident import Incident


class _Words(HeadWords):
    """How long it runs, its status, when it was declared."""

    ident_px = 120

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.incident: Incident | None = None
        self.whole = ""

    def face(self) -> tuple[str, str] | None:
        """Id and title."""
        return None if self.incident is None else (self.incident.incident_id, self.incident.title)

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """Severity and status."""
        if self.incident is not None:
            draw_incident_mark(painter, x, y, self.incident.severity, self.incident.status, size)

    def chips(self) -> list[Chip]:
        """What the chips say, the most needed first."""
        incident = self.incident
        if incident is None:
            return []
        status, end = Chip(str(incident.status), strong=True), incident.resolved_at
        if end is None:
            open_s = max(0, self.now_ms - incident.created_at) // 1000
            chips = [Chip(f"open for {format_span(open_s)}"), status]
        else:
            took = Chip(f"took {span_words(end - incident.created_at)}")
            chips = [Chip(f"ended {when_words(end, self.now_ms)}"), status, took]
        if incident.restricted:
            chips.insert(0, Chip("restricted", strong=True))
        if self.whole:
            chips.insert(0, Chip(f"part of {self.whole}", strong=True))
        if incident.life > 1:
            chips.insert(2, Chip(f"reopened {incident.life - 1}×"))
        return [*chips, Chip(f"declared {utc_clock(incident.created_at)} UTC")]


class IncidentHead(ItemHead):
    """The words at the left, the buttons with their keys at the right."""

    words: _Words

    def __init__(self, parent: QWidget | None = None) -> None:
        buttons = (
            ("post", KeyButton("Post update", "P")),
            ("status", KeyButton("Status", "S")),
            ("reopen", KeyButton("Reopen", "O")),
            ("commander", KeyButton("Commander", "H")),
        )
        super().__init__(_Words(), buttons, parent)

    def show_incident(
        self, incident: Incident, now_ms: int, *, away: bool, whole: str = "", operator: str = ""
    ) -> None:
        """Take the incident as it is now; ``away`` means that nothing can be saved, ``whole`` is
        what it was made part of, ``operator`` who sits here."""
        self.words.incident, self.words.now_ms, self.words.whole = incident, now_ms, whole
        named = (c.words for c in self.words.chips() if c.words != incident.status)
        chips = ", ".join(named)
        self.words.setAccessibleName(
            f"{incident.severity} incident {incident.incident_id}, {incident.title}, "
            f"{incident.status}, {chips}"
        )
        self.words.update()
        self.buttons["status"].setVisible(incident.status != IncidentStatus.CLOSED)
        self.buttons["status"].setEnabled(not away)
        self.buttons["reopen"].setVisible(not incident.is_open)
        self.buttons["reopen"].setEnabled(not away)
        self.buttons["commander"].setEnabled(not away)
        self.buttons["commander"].set_text(button_words(incident, operator))
