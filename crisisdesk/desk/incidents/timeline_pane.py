"""The timeline pane: head with its views, the record, the composer at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import Tab, TabRow
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.composer import Composer
from crisisdesk.desk.incidents.timeline_view import TimelineView
from crisisdesk.desk.incidents.times import local_minute, utc_minute, zone_name
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import count_words
from crisisdesk.domain.timeline import TimelineFilter

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.incidents.dossier import Dossier

_TABS = tuple(Tab(key=chosen, word=chosen.capitalize()) for chosen in TimelineFilter)
_ROOM_FOR_ZONE = 560


class _Head(Painted):
    """32 px: word, count, tabs, zones."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.count = Text("", "body", "tertiary", weight=500, tabular=True)
        self.tabs = TabRow(_TABS)
        self.tabs.chosen.connect(self.chosen)
        self.zones = Text("", "micro", "tertiary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(16), 0, px(16), 1)
        layout.setSpacing(px(6))
        layout.addWidget(Text("Timeline", "strong"))
        layout.addWidget(self.count)
        layout.addSpacing(px(4))
        layout.addWidget(self.tabs)
        layout.addStretch(1)
        layout.addWidget(self.zones)
        self.setFixedHeight(px(32))

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(32))
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the zones only where there is room."""
        self.zones.setVisible(self.width() >= theme().px(_ROOM_FOR_ZONE))
        super().resizeEvent(event)

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)


class TimelinePane(QWidget):
    """The record of one incident and the field to add to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = _Head()
        self.view = TimelineView()
        self.composer = Composer()
        self.head.chosen.connect(self._filter)
        self.composer.left.connect(self.view.setFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.composer)

    def add_foot(self, foot: QWidget) -> None:
        """Put something below the record and the composer."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(foot)

    def show_dossier(self, dossier: Dossier, now_ms: int) -> None:
        """Take the record as it is now."""
        many = len(dossier.entries)
        words = "entry" if many == 1 else "entries"
        cut = ", older ones not shown" if dossier.cut_short else ""
        self.head.count.setText(f"{count_words(many)} {words}{cut}")
        here = local_minute(now_ms) != utc_minute(now_ms)
        self.head.zones.setText(f"UTC, then {zone_name(now_ms)}" if here else "UTC")
        self.view.show_entries(dossier.entries, now_ms, dossier.images)
        self.composer.now_ms = now_ms

    def tick(self, now_ms: int) -> None:
        """Keep the composer's "earlier today" true."""
        self.composer.now_ms = now_ms

    def _filter(self, key: str) -> None:
        self.view.set_filter(TimelineFilter(key))
