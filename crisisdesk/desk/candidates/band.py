"""The band above the list of incidents: what is proposed as one, each in two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.candidates.words import ACCEPT_KEY, below_words, spoken
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.incidents.faces import MARK_OF, WORD_OF
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_key, draw_text, fill, key_width
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.correlation.candidate import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QKeyEvent, QPainter

_ROW, _MOST = 52, 4
# What the word and the count need at the left of the head.
_HEAD_WORDS = 108


class _Delegate(QStyledItemDelegate):
    """Outlined mark (no incident yet), title, rule and age; keys on the one selected."""

    now_ms = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(100), theme().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PatchedList)
        candidate, rect = model.row(index.row()), QRectF(option.rect)
        assert isinstance(candidate, Candidate)
        color = theme().color

        def rest() -> None:
            painter.fillRect(rect, color.accent_soft)

        with line_ground(painter, rect, option.state, rest=rest):
            fill(painter, rect.x(), rect.y(), theme().px(3), rect.height() - 1, color.accent)
            self._words(painter, rect, candidate)

    def _words(self, painter: QPainter, rect: QRectF, candidate: Candidate) -> None:
        look = theme()
        px, color = look.px, look.color
        x, top = rect.x() + px(12), rect.y() + px(8)
        mark = MARK_OF[candidate.severity]
        draw_mark(painter, x, top + px(1), mark, "outline", 16)
        line = QRectF(x + px(26), top, rect.right() - x - px(38), px(18))
        draw_text(painter, line, candidate.title, color.primary, "body", weight=600)
        below = QRectF(x, top + px(20), rect.right() - x - px(12), px(16))
        word = QRectF(below.x(), below.y(), px(44), below.height())
        draw_text(
            painter, word, WORD_OF[candidate.severity], look.severity(mark).fg, "micro", weight=600
        )
        below.setLeft(below.left() + px(44))
        words = below_words(candidate, self.now_ms)
        draw_text(painter, below, words, color.secondary, "micro")


class CandidateList(QListView):
    """As high as its rows up to four; Enter accepts, X dismisses."""

    accepted = Signal(object)
    dismissed = Signal(object)
    chosen = Signal(str)
    selects = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: PatchedList[Candidate] = PatchedList(lambda c: c.candidate_id, spoken, self)
        self.delegate = _Delegate(self)
        self.setItemDelegate(self.delegate)
        self.setModel(self.rows)
        dress(self, "Proposed incidents")
        self.selectionModel().selectionChanged.connect(self._selected)
        look().changed.connect(self.fit)

    def current(self) -> Candidate | None:
        """The one that is selected."""
        found = self.selectionModel().selectedIndexes()
        return self.rows.row(found[0].row()) if found else None

    def fit(self) -> None:
        """Take the height of the rows."""
        shown = max(1, min(_MOST, self.rows.rowCount()))
        self.setFixedHeight(theme().px(_ROW) * shown)

    def _selected(self, chosen: QItemSelection, _old: QItemSelection) -> None:
        self.selects.emit(bool(self.selectionModel().selectedIndexes()))
        for index in chosen.indexes():
            self.chosen.emit(self.rows.row(index.row()).candidate_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter accepts; J and K move as the arrows do."""
        candidate, key = self.current(), event.key()
        if candidate is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit(candidate)
            event.accept()
            return
        super().keyPressEvent(event)


class CandidateBand(QWidget):
    """Hidden while nothing is proposed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = _BandHead()
        self.list = CandidateList()
        self.list.selects.connect(self.head.show_selected)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.list)
        self.hide()

    def show_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Take what is proposed now."""
        self.list.rows.show_rows(candidates)
        self.list.fit()
        many = len(candidates)
        self.head.show_words("Proposed", str(many))
        self.head.setAccessibleName(f"{many} proposed, {ACCEPT_KEY} opens an incident of the first")
        self.setVisible(bool(candidates))

    def select(self, candidate_id: str) -> None:
        """Select one; "" or one that is not there selects none."""
        index = self.list.rows.index_of(candidate_id)
        if index.isValid():
            self.list.setCurrentIndex(index)
        else:
            self.list.selectionModel().clear()

    def tick(self, now_ms: int) -> None:
        """Turn the ages."""
        if self.list.delegate.now_ms // 1000 != now_ms // 1000:
            self.list.delegate.now_ms = now_ms
            self.list.viewport().update()


class _BandHead(PaneHead):
    """The word, how many, and the keys at the right."""

    def __init__(self) -> None:
        super().__init__("Proposed")
        self._selected = False

    def show_selected(self, selected: bool) -> None:
        """Name the keys that work on one that is selected, or those that lead there."""
        self._selected = selected
        self.update()

    def paint(self, painter: QPainter) -> None:
        """As any head, then the keys."""
        super().paint(painter)
        px, color = theme().px, theme().color
        middle, x = (self.height() - 1) / 2, float(self.width() - px(12))
        on_one = (("X", "dismiss"), ("Enter", "open"))
        for key, word in on_one if self._selected else (("G", "look"), (ACCEPT_KEY, "open")):
            if x - theme().width(word, "micro") - key_width(key) < px(_HEAD_WORDS):
                return
            x -= theme().width(word, "micro")
            box = QRectF(x, 0, theme().width(word, "micro") + 2, self.height() - 1)
            draw_text(painter, box, word, color.tertiary, "micro")
            x -= key_width(key) + px(5)
            draw_key(painter, x, middle, key)
            x -= px(10)
