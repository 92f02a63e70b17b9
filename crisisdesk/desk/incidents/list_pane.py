"""The list of incidents: open ones first, each in two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.heads import FilterField, RoomHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted_lines import line_ground
from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.incidents.faces import draw_incident_mark, draw_severity_word, severity_name
from crisisdesk.desk.incidents.list_rows import Line, arrange, is_done, spoken, whole_row
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QKeyEvent, QPainter

    from crisisdesk.store.queries import IncidentRow

_ROW, _BAND, _INDENT = 52, 26, 18


class _Model(PatchedList[Line]):
    """Lines of which band heads cannot be selected."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.row(index.row()).row is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Paints a band head or an incident."""

    now_ms = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, _Model)
        tall = _BAND if model.row(index.row()).row is None else _ROW
        return QSize(theme().px(100), theme().px(tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        line, rect = model.row(index.row()), QRectF(option.rect)
        if line.row is None:
            painter.save()
            self._band(painter, rect, line)
            painter.restore()
            return
        with line_ground(painter, rect, option.state):
            self._incident(painter, rect, line.row, line)

    def _band(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        px, color = theme().px, theme().color
        painter.fillRect(rect, color.raised)
        fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 1, color.hair)
        box = rect.adjusted(px(12), 0, -px(12), -1)
        box.setLeft(
            box.left()
            + draw_text(painter, box, line.word, color.primary, "small", weight=600)
            + px(8)
        )
        draw_text(painter, box, line.quiet, color.tertiary, "small", weight=500)

    def _incident(self, painter: QPainter, rect: QRectF, row: IncidentRow, entry: Line) -> None:
        look = theme()
        px, color = look.px, look.color
        severity, done = severity_name(row.severity), is_done(row)
        x, top = rect.x() + px(12 + _INDENT * entry.below), rect.y() + px(8)
        draw_incident_mark(painter, x, top + px(1), severity, row.status)
        end = row.resolved_at
        age = f"took {span_words(end - row.created_at)}" if end and done else ""
        age = age or span_words(self.now_ms - row.created_at)
        line = QRectF(x + px(26), top, rect.right() - x - px(38), px(18))
        used = draw_text(painter, line, age, color.tertiary, "small", align=RIGHT, tabular=True)
        line.setRight(line.right() - used - px(8))
        ink = color.secondary if done else color.primary
        if row.knowing:
            draw_icon(painter, line.x(), line.y() + px(2), "lock", ink, 14)
            line.setLeft(line.left() + px(18))
        draw_text(painter, line, row.title, ink, "body", weight=500 if done else 600)
        below = QRectF(x, top + px(20), rect.right() - x - px(12), px(16))
        word = QRectF(below.x(), below.y(), px(44), below.height())
        draw_severity_word(painter, word, severity, row.status)
        below.setLeft(below.left() + px(44))
        below.setLeft(
            below.left() + draw_mono(painter, below, row.incident_id, color.tertiary, 11) + px(8)
        )
        who, ink = row.commander or "nobody", color.secondary if row.commander else color.primary
        used = draw_text(painter, below, who, ink, "micro", align=RIGHT)
        below.setRight(below.right() - used - px(8))
        words = f"part of {entry.whole}" if entry.whole and not entry.below else row.status
        words = f"part, {row.status}" if entry.below else words
        draw_text(painter, below, words, color.tertiary, "micro")


class IncidentListView(QListView):
    """J and K move as the arrows do; band heads are passed over."""

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes into the incident."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class IncidentListPane(QWidget):
    """Head with the declare button, filter, list. ``chosen`` carries an id, or "" for none."""

    chosen = Signal(str)
    opened = Signal()
    declare_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._rows: dict[str, IncidentRow] = {}
        self._chosen = ""
        self._arranging = False
        self.model = _Model(lambda line: line.key, spoken, self)
        self.view = IncidentListView(self)
        self.delegate = _Delegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.setModel(self.model)
        self.view.setAccessibleName("Incidents")
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.opened.connect(self.opened)
        self.head = RoomHead("Incidents")
        self.declare = KeyButton("Declare", "C")
        self.declare.clicked.connect(self.declare_wanted)
        self.head.add_right(self.declare)
        self.filter = FilterField("Filter by word", width=0)
        self.filter.textChanged.connect(self._arrange)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        field = QVBoxLayout()
        field.setContentsMargins(px(12), px(8), px(12), px(8))
        field.addWidget(self.filter)
        layout.addLayout(field)
        layout.addWidget(self.view, 1)
        look().changed.connect(self.view.doItemsLayout)
        self.setAutoFillBackground(True)
        self._repaint_ground()
        look().changed.connect(self._repaint_ground)

    def add_band(self, band: QWidget) -> None:
        """Put a band between head and list."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, band)

    def _repaint_ground(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)

    def take(self, rows: Iterable[IncidentRow], *, full: bool) -> None:
        """Put newer rows in place of older ones; ``full`` forgets the older ones first."""
        if full:
            self._rows = {}
        self._rows.update((row.incident_id, row) for row in rows)
        self._arrange()

    def rows(self) -> list[IncidentRow]:
        """All that are known."""
        return list(self._rows.values())

    def open_rows(self) -> list[IncidentRow]:
        """Those still led; a part is led with its whole."""
        known = self._rows
        return [r for r in known.values() if not is_done(r) and whole_row(r, known) is r]

    def knows(self) -> bool:
        """Whether there is any incident at all, filtered or not."""
        return bool(self._rows)

    def select(self, incident_id: str) -> None:
        """Select an incident and bring it into view; a filter that hides it is emptied."""
        if self.model.find(incident_id) < 0 and incident_id in self._rows:
            self.filter.clear()
        index = self.model.index_of(incident_id)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def go(self, step: int) -> None:
        """Go ``step`` incidents down (negative: up)."""
        keys = [line.key for line in self.model.rows() if line.row is not None]
        if keys:
            at = keys.index(self._chosen) + step if self._chosen in keys else 0
            self.select(keys[max(0, min(len(keys) - 1, at))])

    def tick(self, now_ms: int) -> None:
        """Turn the ages."""
        if self.delegate.now_ms // 1000 != now_ms // 1000:
            self.delegate.now_ms = now_ms
            self.view.viewport().update()

    def _arrange(self) -> None:
        self._arranging = True
        self.model.show_rows(arrange(self._rows.values(), self.filter.text()))
        index = self.model.index_of(self._chosen)
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.selectionModel().clear()
        self._arranging = False
        if self._chosen not in self._rows:
            first = next((line for line in self.model.rows() if line.row is not None), None)
            if first is not None:
                self.select(first.key)
            elif self._chosen:
                self._choose("")

    def _selected(self, chosen: QItemSelection, _old: QItemSelection) -> None:
        indexes: list[QModelIndex] = list(chosen.indexes())
        # What a filter hides stays open: only the operator's own move chooses another.
        if indexes and not self._arranging:
            self._choose(self.model.row(indexes[0].row()).key)

    def _choose(self, incident_id: str) -> None:
        if incident_id != self._chosen:
            self._chosen = incident_id
            self.chosen.emit(incident_id)
