"""One candidate in full: why its alerts belong together, them, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.alerts.sections import Facts
from crisisdesk.desk.candidates.head import CandidateHead
from crisisdesk.desk.candidates.member_list import MemberList
from crisisdesk.desk.candidates.words import count_words, facts_of
from crisisdesk.desk.frame.heads import FilterField, PaneHead
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from crisisdesk.desk.candidates.keeper import Dossier
    from crisisdesk.domain.correlation.candidate import Candidate


class CandidatePage(QWidget):
    """Shows a dossier; ``pressed`` carries what was asked for, ``opened`` an alert's id."""

    pressed = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.candidate: Candidate | None = None
        self.head = CandidateHead()
        self.facts = Facts("Why these belong together")
        self.reason = FilterField("Why not, if you dismiss it", "", "message-square-plus", width=0)
        self.reason.returnPressed.connect(lambda: self.pressed.emit("dismiss"))
        self.alerts_head = PaneHead("Alerts")
        self.alerts = MemberList()
        self.setAutoFillBackground(True)
        look().changed.connect(self._repaint_ground)
        self._repaint_ground()
        self.head.pressed.connect(self.pressed)
        self.alerts.opened.connect(self.opened)
        field = QVBoxLayout()
        field.setContentsMargins(px(16), px(10), px(16), px(10))
        field.addWidget(self.reason)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.facts)
        layout.addLayout(field)
        layout.addWidget(self.alerts_head)
        layout.addWidget(self.alerts, 1)

    def _repaint_ground(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)

    def show_dossier(self, dossier: Dossier, now_ms: int, *, away: bool) -> None:
        """Take it as it is now; a reason that is being typed stays for the same candidate."""
        candidate = dossier.candidate
        if self.candidate is None or self.candidate.candidate_id != candidate.candidate_id:
            self.reason.clear()
        self.candidate = candidate
        self.head.show_candidate(candidate, now_ms, away=away)
        self.facts.show_facts(facts_of(candidate, dossier.alerts, now_ms))
        self.reason.setVisible(candidate.is_open)
        firing = sum(alert.is_open and not alert.owner for alert in dossier.alerts)
        words = count_words(candidate)
        self.alerts_head.show_words("Alerts", words, f"{firing} nobody has" if firing else "")
        self.alerts.show_alerts(dossier.alerts, now_ms)

    def set_away(self, away: bool, now_ms: int) -> None:
        """Disable what could not be saved."""
        if self.candidate is not None:
            self.head.show_candidate(self.candidate, now_ms, away=away)

    def tick(self, now_ms: int) -> None:
        """Turn the age."""
        self.head.tick(now_ms)
