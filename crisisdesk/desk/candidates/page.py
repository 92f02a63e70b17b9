"""One candidate in full: why its alerts belong together, them, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.sections import Facts
from crisisdesk.desk.candidates.member_list import MemberList
from crisisdesk.desk.candidates.words import ACCEPT_KEY, count_words, facts_of
from crisisdesk.desk.frame.heads import FilterField, PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.faces import MARK_OF
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import chip_width, draw_chip, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.correlation.candidate import CandidateStatus

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.candidates.keeper import Dossier
    from crisisdesk.domain.correlation.candidate import Candidate

_HEIGHT, _LEAST = 52, 200


class _Words(Painted):
    """Outlined mark, id, title, how it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidate: Candidate | None = None
        self.now_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(_HEIGHT))

    def chips(self) -> list[str]:
        """How it stands, and since when."""
        candidate = self.candidate
        if candidate is None:
            return []
        if not candidate.is_open:
            return [str(candidate.status)]
        return ["proposed", f"began {span_words(self.now_ms - candidate.opened_at)} ago"]

    def paint(self, painter: QPainter) -> None:
        look, candidate = theme(), self.candidate
        px, color = look.px, look.color
        if candidate is None:
            return
        middle = self.height() / 2
        mark = MARK_OF[candidate.severity]
        grey = None if candidate.is_open else color.tertiary
        draw_mark(painter, px(16), round(middle - px(10)), mark, "outline", 20, grey)
        box = QRectF(px(46), 0, px(150), self.height() - 1)
        x = box.x() + draw_mono(painter, box, candidate.candidate_id, color.secondary) + px(12)
        chips, room = self.chips(), self.width() - x - px(8)
        while chips and room - self._wide(chips) < px(_LEAST):
            chips.pop()
        box = QRectF(x, 0, max(0.0, room - self._wide(chips)), self.height() - 1)
        x += draw_text(painter, box, candidate.title, color.primary, "title") + px(12)
        for words in chips:
            x += draw_chip(
                painter,
                x,
                middle,
                words,
                color=color.secondary,
                line=color.hair,
                fill_color=color.raised,
                height=22,
            ) + px(8)

    @staticmethod
    def _wide(chips: list[str]) -> float:
        px = theme().px
        return sum(chip_width(words, height=22) + px(8) for words in chips) + px(8)


class CandidateHead(Painted):
    """52 px: the words at the left, the buttons with their keys at the right."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.words = _Words(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, px(16), 1)
        layout.setSpacing(px(8))
        layout.addWidget(self.words, 1)
        self.buttons = {
            "accept": KeyButton("Open incident", ACCEPT_KEY, "primary"),
            "dismiss": KeyButton("Dismiss", "X"),
            "reopen": KeyButton("Bring back", "O"),
            "incident": KeyButton("Its incident", "E"),
        }
        for name, button in self.buttons.items():
            button.setObjectName(name)
            button.clicked.connect(self._pressed)
            layout.addWidget(button)
        self.setFixedHeight(px(_HEIGHT))

    def show_candidate(self, candidate: Candidate, now_ms: int, *, away: bool) -> None:
        """Take it as it is now; ``away`` means that nothing can be saved."""
        self.words.candidate, self.words.now_ms = candidate, now_ms
        chips = ", ".join(self.words.chips())
        self.words.setAccessibleName(
            f"candidate {candidate.candidate_id}, {candidate.severity}, {candidate.title}, {chips}"
        )
        self.words.update()
        for name, button in self.buttons.items():
            button.setVisible(name in offered(candidate))
            button.setEnabled(name == "incident" or not away)

    def tick(self, now_ms: int) -> None:
        """Turn the age."""
        if self.words.now_ms // 1000 != now_ms // 1000:
            self.words.now_ms = now_ms
            self.words.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEIGHT))
        super().retheme()

    def _pressed(self) -> None:
        self.pressed.emit(self.sender().objectName())

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)


def offered(candidate: Candidate) -> tuple[str, ...]:
    """What can be done with it: ``accept``, ``dismiss``, ``reopen``, ``incident``."""
    if candidate.is_open:
        return ("accept", "dismiss")
    if candidate.status == CandidateStatus.ACCEPTED:
        return ("incident",)
    return ("reopen",) if candidate.status == CandidateStatus.DISMISSED else ()


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
        self.alerts.show_alerts(dossier.alerts)

    def set_away(self, away: bool, now_ms: int) -> None:
        """Disable what could not be saved."""
        if self.candidate is not None:
            self.head.show_candidate(self.candidate, now_ms, away=away)

    def tick(self, now_ms: int) -> None:
        """Turn the age."""
        self.head.tick(now_ms)
