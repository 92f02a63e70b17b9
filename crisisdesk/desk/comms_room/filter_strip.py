"""The counts of the delivery board, each a filter with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy

from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.paint import draw_box, draw_key, draw_text, fill, key_width
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import count_words
from crisisdesk.domain.delivery_words import EVERYTHING, FACES, GROUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.delivery_words import Group

HEIGHT = 40
_GAP, _PAD = 4, 12


class GroupButton(PaintedButton):
    """One group of states: its key, its word, how many; ``bare`` leaves the key out."""

    def __init__(self, group: Group, parent: QWidget) -> None:
        super().__init__(parent)
        self.states = group
        self.count = 0
        self.bare = False
        self.setCheckable(True)
        self.setAccessibleDescription(f"Key {group.keys}")
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Say how many stand in it."""
        self.count = count
        self.setAccessibleName(f"{self.states.word}, {count}")
        self.update()

    def sizeHint(self) -> QSize:
        """Key, word and count."""
        look = theme()
        width = look.px(8 + 8) + look.width(self.states.word, "body", weight=500)
        width += look.px(6) + look.width(count_words(self.count), "small", tabular=True) + 1
        if not self.bare:
            width += key_width(self.states.keys) + look.px(7)
        return QSize(round(width + 1), look.px(28))

    def paint(self, painter: QPainter) -> None:
        """Ground, key, word, count; a count that wants somebody has its colour."""
        px, color = theme().px, theme().color
        rect = QRectF(self.rect())
        if self.isChecked():
            draw_box(painter, rect, fill=color.selected, line=color.accent_line, radius=px(4))
        elif self.underMouse():
            draw_box(painter, rect, fill=color.hover, radius=px(4))
        x = float(px(8))
        if not self.bare:
            x += draw_key(painter, x, rect.center().y(), self.states.keys) + px(7)
        ink = color.primary if self.isChecked() else color.secondary
        box = QRectF(x, 0, max(0.0, rect.width() - x - px(8)), rect.height())
        x += draw_text(painter, box, self.states.word, ink, "body", weight=500) + px(6)
        tone = FACES[self.states.states[0]].tone if self.states.key != EVERYTHING else ""
        warns = self.count > 0 and tone in ("critical", "stale")
        ink = ink_color(tone) if warns else color.tertiary
        box.setLeft(x)
        told, weight = count_words(self.count), 600 if warns else 0
        draw_text(painter, box, told, ink, "small", tabular=True, weight=weight)


class FilterStrip(Painted):
    """The groups in one line; ``chosen`` carries the key of the one pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Deliveries by state")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(HEIGHT))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, GroupButton] = {}
        for group in GROUPS:
            button = self._buttons[group.key] = GroupButton(group, self)
            button.clicked.connect(self._pressed)
            self._group.addButton(button)
        self._buttons[EVERYTHING].setChecked(True)

    def button(self, key: str) -> GroupButton:
        """The button of a group."""
        return self._buttons[key]

    def current(self) -> str:
        """The key of the group that is shown."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_current(self, key: str) -> None:
        """Mark a group; emits nothing."""
        self._buttons[key].setChecked(True)
        self._place()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Take the counts of the groups, by key."""
        for key, button in self._buttons.items():
            if counts.get(key, 0) != button.count:
                button.show_count(counts.get(key, 0))
        self._place()

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, GroupButton):
            self.chosen.emit(button.states.key)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme().px(600), theme().px(HEIGHT))

    def retheme(self) -> None:
        """Take the new height and widths."""
        self.setFixedHeight(theme().px(HEIGHT))
        self._place()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the keys where there is no room for them, then the groups without any."""
        self._place()

    def _place(self) -> None:
        px = theme().px
        room = self.width() - 2 * px(_PAD)
        every = list(self._buttons.values())
        wanted = [b for b in every if b.count or b.isChecked() or b.states.key == EVERYTHING]
        for bare, shown in ((False, every), (True, every), (True, wanted)):
            for button in every:
                button.bare = bare
            if sum(button.sizeHint().width() + px(_GAP) for button in shown) <= room:
                break
        x, y = px(_PAD), (px(HEIGHT) - 1 - px(28)) // 2
        for button in every:
            button.setVisible(button in shown)
            if button in shown:
                size = button.sizeHint()
                button.setGeometry(x, y, size.width(), size.height())
                x += size.width() + px(_GAP)

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
