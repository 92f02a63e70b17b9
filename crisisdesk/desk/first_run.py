"""The first run: name the station, hear the sounds, say who is paged. Inside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import CENTER, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.intake_card import IntakeCard
from crisisdesk.desk.settings_room.people_card import PeopleCard
from crisisdesk.desk.settings_room.sounds_card import SoundsCard
from crisisdesk.desk.settings_room.station_card import StationCard

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.station import Station

STEPS = (
    ("Name this station", "and who sits here"),
    ("Sounds", "hear each one"),
    ("People", "who is paged"),
    ("First source", "or do it later"),
)
_TITLES = (
    ("Who is this?", "The name stands in every page and every entry of the log."),
    (
        "Can you hear every alarm?",
        "Play each one as loud as at night. Tick it only if you heard it.",
    ),
    ("Who is paged?", "One person with one working method is enough to begin with."),
    ("Where do alerts come from?", "Point a system at this station, or do it later in Settings."),
)
_SIDE = 232


class _Path(Painted):
    """The steps at the left: done, current, to come."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self.done: set[int] = set()
        self.setFixedWidth(theme().px(_SIDE))

    def paint(self, painter: QPainter) -> None:
        look, px, color = theme(), theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.window)
        fill(painter, self.width() - 1, 0, 1, self.height(), color.hair)
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for index, (title, words) in enumerate(STEPS):
            top = px(24 + 52 * index)
            circle = QRectF(px(20), top, px(22), px(22))
            if index + 1 < len(STEPS):
                fill(painter, px(31), top + px(24), 1, px(28), color.strong)
            current, done = index == self.at, index in self.done
            ring = look.state("ok").fg if done else color.accent if current else color.control
            painter.setPen(ring)
            painter.setBrush(color.accent if current and not done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
            if done:
                draw_icon(painter, circle.x() + px(4), top + px(4), "check", ring, 14)
            else:
                ink = color.accent_on if current else color.secondary
                draw_text(painter, circle, str(index + 1), ink, "small", align=CENTER, weight=600)
            box = QRectF(px(54), top - px(1), self.width() - px(60), px(18))
            ink = color.primary if current or done else color.secondary
            draw_text(painter, box, title, ink, "body", weight=600)
            draw_text(painter, box.translated(0, px(17)), words, color.tertiary, "micro")
        box = QRectF(px(20), self.height() - px(72), self.width() - px(40), px(56))
        painter.setFont(look.font("micro"))
        painter.setPen(color.tertiary)
        words = "All of it can be changed later in Settings. Nothing is sent meanwhile."
        painter.drawText(box, int(Qt.TextFlag.TextWordWrap), words)


class FirstRun(Painted):
    """``finished`` comes after the last step; ``sounds`` plays through the window's bell."""

    finished = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = _Path()
        self.station, self.sounds = StationCard(desk), SoundsCard(desk)
        self.people, self.intake = PeopleCard(desk), IntakeCard()
        self.station.hide_head()
        self.sounds.hide_head()
        self.station.save.hide()
        self.station.saved.connect(self._station_saved)
        self.sounds.progressed.connect(self._show_step)
        self.people.saved.connect(self._show_step)
        self.pages = QStackedWidget()
        for (title, words), card in zip(
            _TITLES, (self.station, self.sounds, self.people, self.intake), strict=True
        ):
            self.pages.addWidget(_page(title, words, card))
        self.back = KeyButton("Back", "Esc")
        self.later = KeyButton("Skip")
        self.next = KeyButton("Next", "Ctrl Enter", "primary")
        self._hint = Text("", "small", "tertiary")
        self.back.clicked.connect(self.go_back)
        self.later.clicked.connect(self._advance)
        self.next.clicked.connect(self.go_on)
        self._lay_out()
        self._show_step()

    def _lay_out(self) -> None:
        px = theme().px
        foot = QHBoxLayout()
        foot.setContentsMargins(px(40), px(12), px(40), px(16))
        foot.setSpacing(px(8))
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self._hint)
        foot.addWidget(self.later)
        foot.addWidget(self.next)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        right.addLayout(foot)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._path)
        across.addLayout(right, 1)
        top = QWidget()
        top.setFixedHeight(px(45))
        head = QHBoxLayout(top)
        head.setContentsMargins(px(20), 0, px(20), 0)
        head.addWidget(Text("CrisisDesk", "strong"))
        head.setSpacing(px(10))
        head.addWidget(Text("first run", "body", "tertiary"))
        head.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(top)
        outer.addLayout(across, 1)

    def show_station(self, station: Station) -> None:
        """Show what is known already."""
        self.station.show_station(station)
        self.sounds.show_station(station)

    def start(self) -> None:
        """Put the keyboard into the first field."""
        self.station.name.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def step(self) -> int:
        """The step shown, from 0."""
        return self.pages.currentIndex()

    def go_on(self) -> None:
        """Do what this step asks for, and go to the next."""
        if self.step == 0:
            self.station.send()
        elif self.step == 2 and (self.people.name.text or self.people.url.text):
            self.people.send()
        else:
            self._advance()

    def go_back(self) -> None:
        """One step back."""
        if self.step:
            self._show_page(self.step - 1)

    def _station_saved(self) -> None:
        if self.step == 0:
            self._advance()

    def _advance(self) -> None:
        self._path.done.add(self.step)
        if self.step == self.pages.count() - 1:
            self.finished.emit()
            return
        self._show_page(self.step + 1)

    def _show_page(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self._show_step()
        first: tuple[QWidget, ...] = (
            self.station.name.line,
            self.sounds.rows["low"].play,
            self.people.name.line,
            self.next,
        )
        first[step].setFocus(Qt.FocusReason.TabFocusReason)

    def _show_step(self) -> None:
        step = self.step
        self._path.at = step
        self._path.update()
        self.back.setVisible(step > 0)
        self.later.setVisible(step in (1, 2))
        last = step == len(STEPS) - 1
        self.next.set_text("Open the desk" if last else f"Next: {STEPS[step + 1][0].lower()}")
        missing = self.sounds.missing()
        words = ""
        if step == 1 and missing:
            words = f"{missing} sound{'' if missing == 1 else 's'} not heard yet"
        elif step == 2 and not self.people.contacts:
            words = "Nobody is paged yet"
        self._hint.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl Enter goes on, Esc back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.go_on()
        else:
            super().keyPressEvent(event)

    def paint(self, painter: QPainter) -> None:
        """Ground, and lines below the head and above the foot."""
        px, color = theme().px, theme().color
        painter.fillRect(self.rect(), color.panel)
        fill(painter, 0, px(44), self.width(), 1, color.hair)
        fill(painter, px(_SIDE), self.next.y() - px(13), self.width() - px(_SIDE), 1, color.hair)


def _page(title: str, words: str, card: QWidget) -> QWidget:
    px = theme().px
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(px(40), px(28), px(40), px(16))
    column.setSpacing(px(4))
    column.addWidget(Text(title, "figure"))
    column.addWidget(Text(words, "lead", "secondary", weight=400, wrap=True))
    column.addSpacing(px(16))
    column.addWidget(card)
    column.addStretch(1)
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setWidget(inner)
    for ground in (scroll.viewport(), inner):
        ground.setAutoFillBackground(False)
    return scroll
