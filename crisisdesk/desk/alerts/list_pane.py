"""The left pane of the Alerts room: head with tabs and filter, new bar, column head, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.column_head import ColumnHead, Name
from crisisdesk.desk.alerts.layout import Span, columns
from crisisdesk.desk.alerts.silence_shelf import SilenceShelf
from crisisdesk.desk.frame.empty_state import EmptyState, EmptyView
from crisisdesk.desk.frame.heads import FilterField, RoomHead, Tab, TabRow
from crisisdesk.desk.frame.new_bar import NewBar
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import chip_width, draw_chip
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.alerts.view import QueueView

TABS = (Tab("now", "Now", "0"), Tab("mine", "Mine", "0"), Tab("silences", "Silences", "0"))
STORM_PER_MINUTE = 120


class StormChip(Painted):
    """Says how many firings came in the last minute, once that is more than people can read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_rate(self, per_minute: int) -> None:
        """Take the firings of the last minute."""
        storm = per_minute >= STORM_PER_MINUTE
        words = f"Storm: {per_minute} / min" if storm else ""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.setFixedSize(self.sizeHint())
            self.setVisible(storm)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(round(chip_width(self._words, height=22)) + 2, theme().px(22))

    def paint(self, painter: QPainter) -> None:
        """The chip."""
        tone = theme().severity("high")
        draw_chip(
            painter,
            0,
            self.height() / 2,
            self._words,
            color=tone.fg,
            line=tone.line,
            fill_color=tone.soft,
            height=22,
            weight=600,
        )


def _names(width: int) -> tuple[Name, ...]:
    """The columns of the queue at a width."""
    at = columns(width)
    severity = Span(at.mark.x, at.word.right - at.mark.x)
    return (
        (severity, "Severity", False),
        (at.firings, "Count", True),
        (at.service, "Service", False),
        (at.title, "What is wrong", False),
        (at.rate, "Last 12 min", False),
        (at.place, "Where", False),
        (at.age, "Age", True),
        (at.owner, "Owner", False),
        (at.clock, "Next clock", True),
    )


class ListPane(QWidget):
    """``filtered`` carries the text of the filter, ``tabbed`` the tab, ``wanted`` what an empty
    state's card or button asks for."""

    filtered = Signal(str)
    tabbed = Signal(str)
    wanted = Signal(str)

    def __init__(self, view: QueueView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.tabs = TabRow(TABS)
        self.tabs.chosen.connect(self.tabbed)
        self.head = RoomHead("Alerts", self.tabs)
        self.storm = StormChip()
        self.head.add_right(self.storm)
        # In a storm the chip takes room that the counts of the tabs must keep.
        self.filter = FilterField(least=96)
        self.filter.textChanged.connect(self.filtered)
        self.filter.installEventFilter(self)
        self.head.add_right(self.filter)
        self.new_bar = NewBar()
        self.columns = ColumnHead(view, _names, slack=10)
        self._empty: EmptyState | None = None
        self._on_shelf = False
        self._empty_view: EmptyView | None = None
        self._pages = QStackedWidget()
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.columns, self.new_bar):
            column.addWidget(part)
        column.addWidget(view, 1)
        self._listing = listing
        self._pages.addWidget(listing)
        self.shelf = SilenceShelf()
        self._pages.addWidget(self.shelf)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(self._pages, 1)

    def show_empty(self, view: EmptyView | None) -> None:
        """Show an empty state in place of the list, or the list again."""
        if view == self._empty_view:
            return
        self._empty_view = view
        focused = QApplication.focusWidget()
        left = focused is None or (self._empty is not None and self._empty.isAncestorOf(focused))
        if self._empty is not None:
            self._pages.removeWidget(self._empty)
            self._empty.deleteLater()
            self._empty = None
        if view is None:
            self._turn()
            if left and self._pages.currentWidget() is not self.shelf and self.isVisible():
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._empty = EmptyState(view)
        self._empty.chosen.connect(self.wanted)
        self._pages.addWidget(self._empty)
        self._turn()

    def show_shelf(self, shown: bool) -> None:
        """Show the silences in place of the alerts, or the alerts again."""
        self._on_shelf = shown
        self._turn()

    @property
    def on_shelf(self) -> bool:
        """Whether the silences are shown."""
        return self._on_shelf

    def _turn(self) -> None:
        page = self.shelf if self._on_shelf else self._empty or self._listing
        self._pages.setCurrentWidget(page)

    @property
    def is_empty(self) -> bool:
        """Whether an empty state stands in place of the list."""
        return self._empty_view is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter Enter and Down go to the list, Esc clears it and goes there too."""
        if (
            watched is self.filter
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.filter.clear()
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)
