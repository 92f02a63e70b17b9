"""The middle pane: ways through time above, the painted calendar below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import Tab, TabRow
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.grid import CalendarGrid
from crisisdesk.desk.planning.oncall.weeks import title_words
from crisisdesk.desk.planning.oncall.words import place_word

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.desk.planning.oncall.weeks import Calendar, Span

_WORDS_FROM = 640
TABS = (Tab("weeks", "2 weeks", "W"), Tab("month", "Month", "M"))


class _Title(Painted):
    """The days shown, and their zone as far as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = self._zone = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str, zone: str) -> None:
        self._words, self._zone = words, zone
        self.setAccessibleName(f"{words}, {zone}")
        self.setToolTip(f"Days and times are those of {zone}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(150), theme().px(28))

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        box = QRectF(self.rect())
        words = self._words
        if theme().width(words, "strong", tabular=True) > box.width():
            words = words.rpartition(" ")[0]  # the year can be missed first
        used = draw_text(painter, box, words, color.primary, "strong", tabular=True)
        box.setLeft(box.left() + used + px(8))
        whole = theme().width(self._zone, "small") <= box.width()
        words = self._zone if whole else place_word(self._zone)
        draw_text(painter, box, words, color.tertiary, "small")


class _Bar(Painted):
    """Title, spans and steps, 40 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setFixedHeight(px(40))
        self.title = _Title()
        self.tabs = TabRow(TABS)
        self.earlier, self.later = KeyButton("Earlier", "←"), KeyButton("Later", "→")
        self.now = KeyButton("Today", "T")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(px(12), 0, px(12), 1)
        self._layout.setSpacing(px(8))
        self._layout.addWidget(self.title, 1)
        for widget in (self.tabs, self.earlier, self.now, self.later):
            self._layout.addWidget(widget)

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(40))
        self._fit()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the arrows stand without their words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= theme().px(_WORDS_FROM)
        for button, word in ((self.earlier, "Earlier"), (self.later, "Later")):
            button.set_text(word if wide else "")
            button.setAccessibleName(f"A week {word.lower()}")
            button.setToolTip("" if wide else word)

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)


class CalendarPane(QWidget):
    """``spanned`` carries another span, ``turned`` weeks to go, ``now_wanted`` asks for today."""

    spanned = Signal(str)
    turned = Signal(int)
    now_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.grid = _Bar(), CalendarGrid()
        self.bar.tabs.chosen.connect(self.spanned)
        self.bar.earlier.clicked.connect(lambda: self.turned.emit(-1))
        self.bar.later.clicked.connect(lambda: self.turned.emit(1))
        self.bar.now.clicked.connect(self.now_wanted)
        self.grid.turned.connect(self.turned)
        self.grid.seen.connect(self._show_part)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.grid)
        self._scroll.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._scroll, 1)

    def show_calendar(
        self, calendar: Calendar, published: Published, span: Span, now_ms: int
    ) -> None:
        """Show this calendar."""
        self.bar.title.show_words(title_words(calendar), calendar.zone)
        self.bar.tabs.set_current(span)
        self.grid.show_calendar(calendar, published, span, now_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rows share the height that is in view."""
        if event.type() == QEvent.Type.Resize and watched is self._scroll.viewport():
            self.grid.fit_page(self._scroll.viewport().height())
        return super().eventFilter(watched, event)

    def _show_part(self, part: QRect) -> None:
        self._scroll.ensureVisible(0, part.bottom(), 0, 0)
        self._scroll.ensureVisible(0, part.top(), 0, 0)
