"""The head of one incident: mark, id, title, how long it runs, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.faces import draw_incident_mark
from crisisdesk.desk.incidents.times import utc_clock, when_words
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.desk.look.paint import chip_width, draw_chip, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.incident import IncidentStatus

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.incident import Incident

_HEIGHT = 52
_TITLE_LEAST = 180


class _Words(Painted):
    """Mark, id, title and chips; chips give way to the title, the least needed first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.incident: Incident | None = None
        self.now_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(_HEIGHT))

    def chips(self) -> list[str]:
        """What the chips say, the most needed first."""
        incident = self.incident
        if incident is None:
            return []
        end = incident.resolved_at
        if end is None:
            open_s = max(0, self.now_ms - incident.created_at) // 1000
            chips = [f"open for {format_span(open_s)}"]
        else:
            chips = [f"ended {when_words(end, self.now_ms)}"]
            chips.append(f"took {span_words(end - incident.created_at)}")
        chips.append(f"declared {utc_clock(incident.created_at)} UTC")
        if incident.life > 1:
            chips.insert(1, f"reopened {incident.life - 1}×")
        return chips

    def paint(self, painter: QPainter) -> None:
        look, incident = theme(), self.incident
        px, color = look.px, look.color
        if incident is None:
            return
        middle = self.height() / 2
        draw_incident_mark(
            painter, px(16), round(middle - px(10)), incident.severity, incident.status, 20
        )
        box = QRectF(px(46), 0, px(120), self.height() - 1)
        x = box.x() + draw_mono(painter, box, incident.incident_id, color.secondary) + px(12)
        first, *others = self.chips()
        chips = [("", first), ("status", str(incident.status)), *(("", w) for w in others)]
        room = self.width() - x - px(8)
        wanted = look.width(incident.title, "title")
        while len(chips) > 1 and self._wide(chips) + wanted > room:
            chips.pop()
        if self._wide(chips) + min(wanted, px(_TITLE_LEAST)) > room:
            chips = []
        box = QRectF(x, 0, room - self._wide(chips), self.height() - 1)
        x += draw_text(painter, box, incident.title, color.primary, "title") + px(12)
        for kind, words in chips:
            ink = color.primary if kind else color.secondary
            line = color.strong if kind else color.hair
            x += draw_chip(
                painter, x, middle, words, color=ink, line=line, fill_color=color.raised, height=22
            )
            x += px(8)

    @staticmethod
    def _wide(chips: list[tuple[str, str]]) -> float:
        px = theme().px
        return sum(chip_width(words, height=22) + px(8) for _, words in chips) + px(8)


class IncidentHead(Painted):
    """52 px: the words at the left, the buttons with their keys at the right."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._words = _Words(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, px(16), 1)
        layout.setSpacing(px(8))
        layout.addWidget(self._words, 1)
        self.buttons: dict[str, KeyButton] = {}
        for key, word, cap in (
            ("post", "Post update", "P"),
            ("status", "Status", "S"),
            ("reopen", "Reopen", "O"),
            ("commander", "Commander", "H"),
        ):
            button = self.buttons[key] = KeyButton(word, cap)
            button.setObjectName(key)
            button.clicked.connect(self._pressed)
            layout.addWidget(button)
        self.setFixedHeight(px(_HEIGHT))

    def show_incident(self, incident: Incident, now_ms: int, *, away: bool) -> None:
        """Take the incident as it is now; ``away`` means that nothing can be saved."""
        self._words.incident, self._words.now_ms = incident, now_ms
        self._words.setAccessibleName(
            f"{incident.severity} incident {incident.incident_id}, {incident.title}, "
            f"{incident.status}, {', '.join(self._words.chips())}"
        )
        self._words.update()
        self.buttons["status"].setVisible(incident.status != IncidentStatus.CLOSED)
        self.buttons["status"].setEnabled(not away)
        self.buttons["reopen"].setVisible(not incident.is_open)
        self.buttons["reopen"].setEnabled(not away)
        self.buttons["commander"].setEnabled(not away)
        self.buttons["commander"].set_text("Hand over" if incident.commander else "Commander")

    def tick(self, now_ms: int) -> None:
        """Turn "open for"."""
        if self._words.now_ms // 1000 != now_ms // 1000:
            self._words.now_ms = now_ms
            self._words.update()

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
