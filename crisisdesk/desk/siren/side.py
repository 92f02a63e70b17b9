"""The right side of the siren: what to press, and how each way of reaching people did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text, ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.siren.dossier import Way

_LINE = 24
_SHOWN = 6
_ICONS = {"email": "mail", "push": "smartphone", "chat": "messages-square", "webhook": "webhook"}


class Ways(Painted):
    """One line for each way: its word on the left, what became of it on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways: Sequence[Way] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(0, theme().px(_LINE) * max(1, min(_SHOWN, len(self._ways))))

    def show_ways(self, ways: Sequence[Way]) -> None:
        """Show these, at most six."""
        self._ways = ways
        said = "; ".join(f"{way.word}: {way.told}" for way in ways)
        self.setAccessibleName(said or "No message was sent by any way")
        self.updateGeometry()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Icon, word, verdict."""
        look = theme()
        color, px, width = look.color, look.px, float(self.width())
        if not self._ways:
            box = QRectF(0, 0, width, px(_LINE))
            words = "Nobody is paged for this alert: see Settings."
            draw_text(painter, box, words, color.secondary, "small")
        for index, way in enumerate(self._ways[:_SHOWN]):
            y, ink = float(index * px(_LINE)), ink_color(way.ink)
            icon = _ICONS.get(way.word, "message-square")
            draw_icon(painter, 0, round(y + px(5)), icon, ink, 14)
            name = QRectF(px(22), y, width * 0.42 - px(22), px(_LINE))
            draw_text(painter, name, way.word, color.primary, "small")
            told = QRectF(width * 0.42, y, width * 0.58, px(_LINE))
            draw_text(painter, told, way.told, ink, "small", align=RIGHT)


class SirenSide(QWidget):
    """The buttons, and why it came to this."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.take = KeyButton("I have it: acknowledge, stop the siren", "A", "primary", big=True)
        self.take_all = KeyButton("I have them all", "Shift A", big=True)
        self.print = KeyButton("Print the call list", "Ctrl P", big=True)
        self.ways = Ways()
        self.why = Text("Why", "strong")
        column = self._column = QVBoxLayout(self)
        column.addWidget(Text("Do one of these", "strong"))
        self._others = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._others.addWidget(self.take_all)
        self._others.addWidget(self.print)
        for button in (self.take, self.take_all, self.print):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self.take)
        column.addLayout(self._others)
        column.addWidget(self.why)
        column.addWidget(self.ways)
        column.addStretch(1)
        self.fit(stacked=False)

    def fit(self, *, stacked: bool) -> None:
        """Take new gaps; ``stacked`` is over the list, where only what to press has room."""
        px, ways = theme().px, QBoxLayout.Direction
        self._column.setContentsMargins(px(20), px(12), px(20), px(4 if stacked else 16))
        self._column.setSpacing(px(8))
        self._others.setDirection(ways.LeftToRight if stacked else ways.TopToBottom)
        self._others.setSpacing(px(8))
        self.why.setContentsMargins(0, px(12), 0, 0)
        for part in (self.why, self.ways):
            part.setVisible(not stacked)

    def show_ways(self, ways: Sequence[Way], unreached: int) -> None:
        """Take how the ways did, and how many alerts are unreached in all."""
        self.ways.show_ways(ways)
        self.take_all.setVisible(unreached > 1)
        self.take_all.set_text(f"I have all {unreached}: acknowledge them")
