"""The clock strip: every running clock, the next to expire first, late ones before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal

from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.look.countdown import Countdown, countdown
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_ring, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

MORE = "more"
WHILE_NONE = "The time left to acknowledge stands here, the next to expire first."
_HEIGHT = 56


class ClockCell(NamedTuple):
    """One running clock; ``key`` names its owner, times are UTC ms, ``icon`` a lucide name.

    ``grave`` marks an ack or a page: late, it is painted solid.
    """

    key: str
    label: str
    icon: str
    deadline_ms: int
    total_ms: int
    paused: bool = False
    grave: bool = False


def in_order(cells: Sequence[ClockCell]) -> list[ClockCell]:
    """By deadline, so late ones come first; equal deadlines by key."""
    return sorted(cells, key=lambda cell: (cell.deadline_ms, cell.key))


class _Cell(PaintedButton):
    """One cell; repaints only when its figures or its bar move."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cell: ClockCell | None = None
        self.more = 0
        self.clock = Countdown(text="", state="calm", share=0.0, spoken="")
        self.inverted = False

    def show_cell(self, cell: ClockCell) -> None:
        self.cell, self.more = cell, 0
        self.setToolTip("")
        self.update()

    def show_more(self, count: int) -> None:
        self.cell, self.more = None, count
        self.setAccessibleName(f"{count} more clocks")
        self.update()

    def set_clock(self, clock: Countdown, inverted: bool) -> None:
        moved = round(clock.share * self.width()) != round(self.clock.share * self.width())
        if clock.text == self.clock.text and inverted == self.inverted and not moved:
            return
        self.clock, self.inverted = clock, inverted
        if self.cell is not None:
            self.setAccessibleName(f"{self.cell.label}, {clock.spoken}")
        self.update()

    def wanted_width(self) -> int:
        look = theme()
        if self.cell is None:
            return look.px(96)
        label = look.px(14 + 5) + look.width(self.cell.label, "micro")
        digits = look.width(self.clock.text or "00:00", "clock", tabular=True)
        return max(look.px(112), round(max(label, digits)) + look.px(14 * 2 + 14))

    def paint(self, painter: QPainter) -> None:
        look, px, color = theme(), theme().px, theme().color
        width, height = self.width(), self.height()
        ground, ink, label, bar = color.panel, color.secondary, color.tertiary, color.strong
        late = self.clock.state == "late" and self.cell is not None
        if self.inverted:
            ground, ink, label, bar = color.primary, color.window, color.window, color.accent
        elif late and self.cell is not None:
            tone = look.severity("critical")
            solid = self.cell.grave
            ground, bar = (tone.solid, tone.on) if solid else (tone.soft, tone.solid)
            ink, label = (tone.on, tone.on) if solid else (tone.fg, color.primary)
        elif self.clock.state in ("soon", "urgent"):
            ink = bar = color.primary
        if self.underMouse() and not self.inverted and not late:
            ground = color.hover
        fill(painter, 0, 0, width, height - 1, ground)
        if not self.inverted:
            fill(painter, width - 1, 0, 1, height, color.hair)
        pad = px(14)
        if self.cell is None:
            box = QRectF(pad, 0, width - pad, height)
            draw_text(painter, box, f"+{self.more} more", color.secondary, "strong")
        else:
            draw_icon(painter, pad, px(7), self.cell.icon, label, 14)
            box = QRectF(pad + px(19), px(7), width - pad - px(24), px(14))
            draw_text(painter, box, self.cell.label, label, "micro")
            box = QRectF(pad, px(21), width - pad, px(24))
            draw_text(painter, box, self.clock.text, ink, "clock", tabular=True)
            share = 1.0 if late else self.clock.share
            fill(painter, 0, height - 1 - px(2), round(width * share), px(2), bar)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()))


class ClockStrip(Painted):
    """A row of clocks 56 px high; what does not fit hides behind "+5 more"."""

    chosen = Signal(str)
    more = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[ClockCell] = []
        self._buttons: list[_Cell] = []
        self._now_ms = 0
        self.setAccessibleName("Clocks, next to expire first")
        self.setFixedHeight(theme().px(_HEIGHT))

    def show_cells(self, cells: Sequence[ClockCell]) -> None:
        """Take the running clocks, in any order."""
        if not cells or not self._cells:
            self.update()
        self._cells = in_order(cells)
        words = "Clocks, next to expire first" if cells else f"No clock runs. {WHILE_NONE}"
        self.setAccessibleName(words)
        self._lay_out()

    def set_now(self, now_ms: int) -> None:
        """Turn every clock; only cells whose picture changes are repainted."""
        self._now_ms = now_ms
        self._turn()

    def shown(self) -> list[str]:
        """The keys of the cells in view, left to right."""
        return [
            button.cell.key for button in self._buttons if not button.isHidden() and button.cell
        ]

    def hidden_count(self) -> int:
        """How many clocks stand behind the last cell."""
        return len(self._cells) - len(self.shown())

    def retheme(self) -> None:
        """Take the new height and widths."""
        self.setFixedHeight(theme().px(_HEIGHT))
        self._lay_out()
        super().retheme()

    def sizeHint(self) -> QSize:
        """One line of cells."""
        return QSize(theme().px(640), theme().px(_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cells as fit."""
        self._lay_out()

    def _button(self, index: int) -> _Cell:
        while len(self._buttons) <= index:
            button = _Cell(self)
            button.setProperty("ring", False)
            button.clicked.connect(self._pressed)
            self._buttons.append(button)
        return self._buttons[index]

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, _Cell) and button.cell is not None:
            self.chosen.emit(button.cell.key)
        else:
            self.more.emit()

    def _clock(self, cell: ClockCell) -> Countdown:
        return countdown(
            deadline_ms=cell.deadline_ms,
            now_ms=self._now_ms,
            total_ms=cell.total_ms,
            paused=cell.paused,
        )

    def _lay_out(self) -> None:
        x, index, reserve = 0, 0, theme().px(96)
        count = len(self._cells)
        for index, cell in enumerate(self._cells):
            button = self._button(index)
            button.show_cell(cell)
            button.clock = self._clock(cell)
            width = button.wanted_width()
            last = index == count - 1
            if x + width > self.width() - (0 if last else reserve) and index > 0:
                button.show_more(count - index)
                button.setGeometry(x, 0, reserve, self.height())
                button.show()
                index += 1
                break
            button.setGeometry(x, 0, width, self.height())
            button.show()
            x += width
            index += 1
        for button in self._buttons[index if count else 0 :]:
            button.cell = None
            button.hide()
        self._turn()

    def _turn(self) -> None:
        inverted = False
        for button in self._buttons:
            if button.isHidden() or button.cell is None:
                continue
            clock = self._clock(button.cell)
            first = clock.state == "urgent" and not inverted
            inverted = inverted or first
            button.set_clock(clock, first)

    def paint(self, painter: QPainter) -> None:
        """The ground behind the cells."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        if not self._cells:
            px = theme().px
            draw_icon(painter, px(14), px(7), "timer", color.tertiary, 14)
            box = QRectF(px(33), px(7), self.width() - px(40), px(14))
            draw_text(painter, box, "No clock runs", color.tertiary, "micro")
            box = QRectF(px(14), px(24), self.width() - px(28), px(18))
            draw_text(painter, box, WHILE_NONE, color.tertiary, "small")
