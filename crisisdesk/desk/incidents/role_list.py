"""The list of an incident's roles: a badge with initials, the role, who is in it, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from crisisdesk.desk.frame.line_list import LineDelegate, LineList
from crisisdesk.desk.incidents.faces import initials
from crisisdesk.desk.incidents.role_lines import SeatLine, spoken_seat
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import CENTER, RIGHT, draw_box, draw_text
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

ROW = 40


def draw_badge(painter: QPainter, box: QRectF, names: Sequence[str]) -> None:
    """Initials, two heads for several people, a dashed frame for nobody."""
    look = theme()
    px, color = look.px, look.color
    if not names:
        painter.setPen(QPen(color.control, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        draw_icon(painter, box.x() + px(6), box.y() + px(6), "user", color.tertiary, 14)
        return
    draw_box(painter, box, fill=color.raised, line=color.strong, radius=px(4))
    if len(names) > 1:
        draw_icon(painter, box.x() + px(6), box.y() + px(6), "users", color.secondary, 14)
    else:
        draw_text(
            painter, box, initials(names[0]), color.secondary, "micro", align=CENTER, weight=600
        )


def draw_seat(
    painter: QPainter, rect: QRectF, word: str, names: Sequence[str], aside: str, trouble: str = ""
) -> None:
    """The role above, who is in it below; what is wrong with it at the right."""
    look = theme()
    px, color = look.px, look.color
    draw_badge(painter, QRectF(rect.x() + px(12), rect.y() + px(7), px(26), px(26)), names)
    left, wide = rect.x() + px(48), rect.width() - px(60)
    ink = look.state("stale").fg if trouble else color.tertiary
    right = QRectF(left + wide * 0.3, rect.y() + px(5), wide * 0.7, px(14))
    used = draw_text(painter, right, trouble or aside, ink, "micro", align=RIGHT, tabular=True)
    box = QRectF(left, rect.y() + px(5), wide - used - px(8), px(14))
    draw_text(painter, box, word, color.tertiary, "micro")
    held = ", ".join(names)
    ink = color.primary if held else color.tertiary
    box = QRectF(left, rect.y() + px(18), wide, px(18))
    draw_text(painter, box, held or "nobody", ink, "strong")


class _Delegate(LineDelegate[SeatLine]):
    """Two lines for a role."""

    height = ROW

    def paint_line(self, painter: QPainter, rect: QRectF, line: SeatLine) -> None:
        """Badge, word, who."""
        draw_seat(painter, rect, line.word, line.names, line.aside, line.trouble)


class RoleList(LineList[SeatLine]):
    """All roles without scrolling of its own. ``entered`` is Enter on the selected one."""

    def __init__(self) -> None:
        super().__init__("Roles", _Delegate(), lambda line: line.role, spoken_seat, picks=False)
        self.setProperty("ring", False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look().changed.connect(self._fit)
        self._fit()

    def show_seats(self, lines: Sequence[SeatLine], now_ms: int) -> None:
        """Take how they stand; the selected one stays selected."""
        if list(lines) != list(self.lines.rows()):
            self.show_lines(lines, now_ms)
            self._fit()

    def current_role(self) -> str:
        """The role the keyboard is on; "" for none."""
        line = self.selected() if self.hasFocus() else None
        return "" if line is None else line.role

    def _fit(self) -> None:
        self.setFixedHeight(max(1, self.lines.rowCount()) * theme().px(ROW))
