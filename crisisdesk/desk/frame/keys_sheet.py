"""All keys on one sheet over the window, opened with "?"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from crisisdesk.desk.frame.overlay import Overlay, PopupFrame
from crisisdesk.desk.look.paint import RIGHT, draw_keys, draw_text, fill, keys_width
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

_HEAD, _LINE, _GROUP, _COLUMN, _PAD = 48, 26, 30, 300, 24


class KeyGroup(NamedTuple):
    """Keys that belong together: ``lines`` holds (keys parted by blanks, what they do)."""

    title: str
    lines: tuple[tuple[str, str], ...]


def columns(groups: Sequence[KeyGroup], count: int) -> list[list[KeyGroup]]:
    """Share groups out over columns in order, so that the heights come close to equal."""
    weights = [len(group.lines) + 1.5 for group in groups]
    share = sum(weights) / max(1, count)
    result: list[list[KeyGroup]] = [[] for _ in range(max(1, count))]
    at, filled = 0, 0.0
    for group, weight in zip(groups, weights, strict=True):
        if filled and filled + weight / 2 > share and at < len(result) - 1:
            at, filled = at + 1, 0.0
        result[at].append(group)
        filled += weight
    return [column for column in result if column]


class _Sheet(PopupFrame):
    """The popup with the columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: list[list[KeyGroup]] = []

    def tall(self) -> int:
        px = theme().px
        longest = max(
            (sum(_GROUP + _LINE * len(group.lines) + 12 for group in column))
            for column in self.columns or [[]]
        )
        return px(_HEAD + longest + _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px, color = theme().px, theme().color
        painter = QPainter(self)
        box = QRectF(px(_PAD), 0, px(300), px(_HEAD))
        draw_text(painter, box, "All keys", color.primary, "title")
        right = self.width() - px(16)
        draw_keys(painter, right, px(_HEAD) / 2, "Esc")
        box = QRectF(right - px(320), 0, px(320) - keys_width("Esc") - px(8), px(_HEAD))
        draw_text(painter, box, "Ctrl K finds every action", color.tertiary, "small", align=RIGHT)
        fill(painter, 1, px(_HEAD) - 1, self.width() - 2, 1, color.hair)
        for index, column in enumerate(self.columns):
            x = px(_PAD) + index * px(_COLUMN + _PAD)
            y = px(_HEAD + 8)
            for group in column:
                box = QRectF(x, y, px(_COLUMN), px(_GROUP))
                draw_text(painter, box, group.title, color.tertiary, "small", weight=600)
                y += px(_GROUP)
                for keys, words in group.lines:
                    box = QRectF(x, y, px(_COLUMN) - keys_width(keys) - px(8), px(_LINE))
                    draw_text(painter, box, words, color.primary, "body")
                    draw_keys(painter, x + px(_COLUMN), y + px(_LINE) / 2, keys)
                    y += px(_LINE)
                y += px(12)
        painter.end()


class KeysSheet(Overlay):
    """Shows every key by room; Esc, "?" or a press beside it closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._groups: tuple[KeyGroup, ...] = ()
        self._sheet = _Sheet(self)

    def open_with(self, groups: Sequence[KeyGroup]) -> None:
        """Show these keys."""
        self._groups = tuple(groups)
        said = "; ".join(
            f"{group.title}: " + ", ".join(f"{keys} {words}" for keys, words in group.lines)
            for group in self._groups
        )
        self.setAccessibleName("All keys")
        self.setAccessibleDescription(said)
        self.open_over()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Centre the sheet, with as many columns as the window is wide for."""
        px = theme().px
        fit = (self.width() - px(2 * _PAD + 32)) // px(_COLUMN + _PAD)
        count = max(1, min(3, fit, len(self._groups)))
        self._sheet.columns = columns(self._groups, count)
        count = len(self._sheet.columns)
        width = count * px(_COLUMN + _PAD) + px(_PAD)
        height = self._sheet.tall()
        top = max(px(12), (self.height() - height) // 2)
        self._sheet.setGeometry((self.width() - width) // 2, top, width, height)
        self._sheet.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc and "?"; every other key stops here."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.dismiss()
        event.accept()
