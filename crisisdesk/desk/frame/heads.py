"""Heads of rooms and panes, and the tabs and filter field that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QSizePolicy

from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_box, draw_key, draw_text, fill, key_width
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget


class Tab(NamedTuple):
    """One view of a room; ``quiet`` is a word such as "18 groups" beside it."""

    key: str
    word: str
    quiet: str = ""


class _TabButton(PaintedButton):
    """One tab."""

    def __init__(self, tab: Tab, parent: QWidget) -> None:
        super().__init__(parent)
        self.tab = tab
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_tab(tab)

    def show_tab(self, tab: Tab) -> None:
        self.tab = tab
        self.setAccessibleName(f"{tab.word} {tab.quiet}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        width = look.px(20) + look.width(self.tab.word, "body", weight=500) + 1
        if self.tab.quiet:
            width += look.px(6) + look.width(self.tab.quiet, "small", tabular=True)
        return QSize(round(width), look.px(28))

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            draw_box(painter, rect, fill=color.hover, radius=px(4))
        ink = color.primary if self.isChecked() else color.secondary
        box = rect.adjusted(px(10), 0, 0, 0)
        width = draw_text(painter, box, self.tab.word, ink, "body", weight=500)
        if self.tab.quiet:
            box.setLeft(box.left() + width + px(6))
            draw_text(painter, box, self.tab.quiet, color.tertiary, "small", tabular=True)


class TabRow(Painted):
    """Tabs 28 px high; emits the key of the one chosen."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, _TabButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().px(4))
        for tab in tabs:
            button = self._buttons[tab.key] = _TabButton(tab, self)
            button.clicked.connect(self._pressed)
            self._group.addButton(button)
            layout.addWidget(button)
        if tabs:
            self._buttons[tabs[0].key].setChecked(True)

    def show_tabs(self, tabs: Sequence[Tab]) -> None:
        """Take new counts; a tab the row was not made with is a KeyError."""
        for tab in tabs:
            if self._buttons[tab.key].tab != tab:
                self._buttons[tab.key].show_tab(tab)

    def set_current(self, key: str) -> None:
        """Mark a tab; emits nothing."""
        self._buttons[key].setChecked(True)

    def current(self) -> str:
        """The key of the tab that is open."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, _TabButton):
            self.chosen.emit(button.tab.key)


class RoomHead(Painted):
    """The head of a room, 48 px: title, tabs, and at the right whatever is added."""

    def __init__(
        self, title: str, tabs: TabRow | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        px = theme().px
        self.setFixedHeight(px(48))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(px(16), 0, px(16), 1)
        self._layout.setSpacing(px(12))
        self.title = Text(title, "title")
        self._layout.addWidget(self.title)
        if tabs is not None:
            self._layout.addWidget(tabs)
        self._layout.addStretch(1)

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._layout.addWidget(widget)

    def retheme(self) -> None:
        """Take the new height."""
        px = theme().px
        self.setFixedHeight(px(48))
        self._layout.setContentsMargins(px(16), 0, px(16), 1)
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)


class PaneHead(Painted):
    """The head of a pane, 32 px: a word, a quieter word, and one at the right."""

    def __init__(
        self, title: str, quiet: str = "", right: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._quiet, self._right = title, quiet, right
        self._grave = False
        self.setFixedHeight(theme().px(32))
        self.setAccessibleName(f"{title} {quiet}".strip())

    def show_words(
        self, title: str, quiet: str = "", right: str = "", *, grave: bool = False
    ) -> None:
        """Say something else; ``grave`` marks the word at the right as something that is wrong."""
        self._title, self._quiet, self._right = title, quiet, right
        self._grave = grave
        name = f"{title} {quiet}".strip()
        self.setAccessibleName(f"{name}, {right}" if grave else name)
        self.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(32))
        super().retheme()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme().px(200), theme().px(32))

    def paint(self, painter: QPainter) -> None:
        """Ground, words, line."""
        px, color = theme().px, theme().color
        width, height = self.width(), self.height()
        fill(painter, 0, 0, width, height, color.raised)
        fill(painter, 0, height - 1, width, 1, color.hair)
        x = float(px(12))
        x += draw_text(
            painter, QRectF(x, 0, width - x, height - 1), self._title, color.primary, "strong"
        )
        box = QRectF(x + px(8), 0, max(0.0, width - x - px(20)), height - 1)
        draw_text(painter, box, self._quiet, color.tertiary, "body", weight=500)
        box = QRectF(x, 0, width - x - px(12), height - 1)
        ink = theme().severity("critical").fg if self._grave else color.tertiary
        weight = 600 if self._grave else 0
        draw_text(painter, box, self._right, ink, "micro", align=RIGHT, weight=weight)


class FilterField(QLineEdit):
    """A field with its glyph at the left and its key at the right while it is empty."""

    def __init__(
        self,
        words: str = "Filter",
        key: str = "/",
        glyph: str = "list-filter",
        width: int = 190,
        parent: QWidget | None = None,
        *,
        least: int = 0,
    ) -> None:
        """``width`` is its own, 0 for what the layout gives; where room is short it gives way down
        to ``least``, 0 for never."""
        super().__init__(parent)
        self._key, self._glyph, self._wide, self._least = key, glyph, width, least
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"Key {key}" if key else "")
        look().changed.connect(self.retheme)
        self.retheme()

    def retheme(self) -> None:
        """Take the new measures."""
        px = theme().px
        if self._wide:
            self.setMinimumWidth(px(self._least or self._wide))
            self.setMaximumWidth(px(self._wide))
        self.setTextMargins(px(20), 0, round(key_width(self._key)) if self._key else 0, 0)
        self.update()

    def sizeHint(self) -> QSize:
        """Its own width, however long the words are."""
        hint = super().sizeHint()
        return QSize(theme().px(self._wide), hint.height()) if self._wide else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Repaint glyph and key where they belong now."""
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, then glyph and key."""
        super().paintEvent(event)
        px, color = theme().px, theme().color
        painter = QPainter(self)
        middle = self.height() / 2
        draw_icon(painter, px(9), round(middle - px(7)), self._glyph, color.tertiary, 14)
        if self._key and not self.text():
            draw_key(painter, self.width() - px(9) - key_width(self._key), middle, self._key)
        painter.end()
