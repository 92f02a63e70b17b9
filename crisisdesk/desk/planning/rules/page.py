"""The page of rules: a list at the left, the chosen one in words and as YAML at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import (
    QListView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.patched_list import Index, PatchedList
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.rules.lines import RuleLine, rule_lines, spoken
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QPainter, QShowEvent

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change

_ROW, _LOST_MS = 48, 10_000
_HOW = (
    "Rules are published from a file: crisisdesk policy check FILE says how often one would have "
    "proposed, crisisdesk policy publish FILE lets it count. This text is such a file."
)


class _Delegate(QStyledItemDelegate):
    """Name and standing, then kind."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(100), theme().px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PatchedList)
        line, rect = model.row(index.row()), QRectF(option.rect)
        assert isinstance(line, RuleLine)
        px, color = theme().px, theme().color
        with line_ground(painter, rect, option.state):
            top = QRectF(rect.x() + px(12), rect.y() + px(7), rect.width() - px(24), px(18))
            ink = color.secondary if line.counts else color.primary
            used = draw_text(painter, top, line.standing, ink, "micro", align=RIGHT)
            top.setRight(top.right() - used - px(8))
            ink = color.primary if line.counts else color.tertiary
            draw_text(painter, top, line.name, ink, "body", weight=600)
            below = QRectF(top.x(), top.bottom(), rect.width() - px(24), px(16))
            draw_text(painter, below, f"{line.kind}, {line.facts}", color.tertiary, "micro")


class RulesPage(QWidget):
    """Read alone; ``acted`` says that ``actions()`` has changed."""

    word = "Rules"
    help_page = "correlation"
    acted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale, self._asked_ms, self._asking = True, 0, False
        self.setAccessibleName(self.word)
        self.rows: PatchedList[RuleLine] = PatchedList(lambda line: line.key, spoken, self)
        self.view = QListView()
        self.view.setModel(self.rows)
        self.view.setItemDelegate(_Delegate(self.view))
        dress(self.view, "Rules")
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.head = PaneHead("Rules")
        self.title = Text("", "title")
        self.words = Text("", "body", "secondary", wrap=True)
        self.how = Text(_HOW, "small", "tertiary", wrap=True)
        self.yaml = QPlainTextEdit()
        self.yaml.setReadOnly(True)
        self.yaml.setAccessibleName("The rule as YAML")
        self.yaml.setTabChangesFocus(True)
        split = SplitPane()
        split.add_pane(_column(self.head, self.view))
        split.add_pane(self._side(), stretch=1)
        px = theme().px
        split.setSizes([px(380), px(840)])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        self.setAutoFillBackground(True)
        look().changed.connect(self._retheme)
        self._retheme()

    def _side(self) -> QWidget:
        px = theme().px
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(px(16), px(14), px(16), px(14))
        column.setSpacing(px(8))
        for widget in (self.title, self.words, self.how):
            column.addWidget(widget)
        column.addWidget(self.yaml, 1)
        return side

    def _retheme(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)
        self.yaml.setFont(theme().mono(12))

    # -- what the room asks --------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when something was published or withdrawn."""
        if change.full or any(name.startswith("POL-") for name in change.touched):
            self._stale = True
        self.tick(self.desk.now_ms())

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        self.tick(self.desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Read what is stale, while in view."""
        waits = self._asking and now_ms - self._asked_ms < _LOST_MS
        if self._stale and self.isVisible() and not waits:
            self._stale, self._asking, self._asked_ms = False, True, now_ms
            self.desk.ask(lambda reader: rule_lines(reader.policies()), self._take)

    def engine_changed(self, away: bool) -> None:
        """Nothing here needs the engine."""

    def focus_first(self) -> None:
        """The list."""
        self.view.setFocus()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """The way through the list."""
        return [
            Action(
                key=f"rules {title}",
                title=title,
                run=lambda step=step: self.go(step),  # type: ignore[misc]
                keys=keys,
                group="Rules",
            )
            for title, keys, step in (("Next rule", "J", 1), ("Rule before", "K", -1))
        ]

    def go(self, step: int) -> None:
        """Choose the rule ``step`` lines further down (negative: up)."""
        at = max(0, min(self.rows.rowCount() - 1, self.view.currentIndex().row() + step))
        self.view.setCurrentIndex(self.rows.index(at, 0))

    # -- what is shown -------------------------------------------------------------------------

    def _take(self, lines: list[RuleLine]) -> None:
        self._asking = False
        self.rows.show_rows(lines)
        self.head.show_words("Rules", str(len(lines)))
        if not self.view.currentIndex().isValid():
            self.go(0)
        self._show()

    def _selected(self, _chosen: QItemSelection, _old: QItemSelection) -> None:
        self._show()

    def _show(self) -> None:
        found = self.view.selectionModel().selectedIndexes()
        line = self.rows.row(found[0].row()) if found else None
        self.title.setText("" if line is None else line.name)
        self.words.setText("" if line is None else line.words)
        self.words.setVisible(line is not None and bool(line.words))
        text = "" if line is None else line.yaml
        if self.yaml.toPlainText() != text:
            self.yaml.setPlainText(text)


def _column(*widgets: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return column
