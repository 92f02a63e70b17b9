"""One person to call: who, what was tried, the number in large figures, and how the call went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import Role, theme
from crisisdesk.domain.reached import NO_ANSWER, REACHED

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.siren.dossier import Callee

NO_NUMBER = "no number"
_HEIGHT, _NARROW = 76, 760


class CallRow(Painted):
    """``logged`` carries the outcome of a call; ``settings_wanted`` asks for where numbers go."""

    logged = Signal(str)
    settings_wanted = Signal()

    def __init__(self, callee: Callee, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.callee = callee
        self._number, self.marked = 1, False
        self.reached = KeyButton("Reached", parent=self)
        self.no_answer = KeyButton("No answer", parent=self)
        self.add_number = KeyButton("Add one in Settings", parent=self)
        self.reached.clicked.connect(lambda: self.logged.emit(REACHED))
        self.no_answer.clicked.connect(lambda: self.logged.emit(NO_ANSWER))
        self.add_number.clicked.connect(self.settings_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_callee(callee, 1, marked=False)

    def sizeHint(self) -> QSize:
        """One height for all."""
        return QSize(0, theme().px(_HEIGHT))

    def show_callee(self, callee: Callee, number: int, *, marked: bool) -> None:
        """Say it anew; ``marked`` is the one to call now."""
        self.callee, self._number, self.marked = callee, number, marked
        phones = ", ".join(callee.phones) or NO_NUMBER
        parts = (f"{number}. {callee.name}", callee.role, *callee.tried)
        you = "you, press A" if callee.is_you else phones
        self.setAccessibleName(", ".join(part for part in (*parts, you) if part))
        self.setToolTip(self.accessibleName())
        self.reached.setAccessibleName(f"{callee.name}: {REACHED}")
        self.no_answer.setAccessibleName(f"{callee.name}: {NO_ANSWER}")
        for button in (self.reached, self.no_answer):
            button.setVisible(not callee.is_you)
        self.add_number.setVisible(not callee.phones and not callee.is_you)
        self._place()
        self.update()

    def retheme(self) -> None:
        """Take new sizes."""
        super().retheme()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons stay at the right."""
        self._place()

    def _columns(self) -> tuple[float, float, float]:
        """Where what was tried, the numbers and the buttons begin."""
        px = theme().px
        buttons = self.reached.sizeHint().width() + self.no_answer.sizeHint().width() + px(6)
        end = float(self.width() - px(20) - buttons)
        start = px(48)
        if self.width() < px(_NARROW):
            return start, start + (end - start) * 0.5, end
        return start + (end - start) * 0.31, start + (end - start) * 0.61, end

    def _place(self) -> None:
        px = theme().px
        _, phones, x = self._columns()
        height = px(_HEIGHT)
        for button in (self.reached, self.no_answer):
            hint = button.sizeHint()
            button.setGeometry(round(x), (height - hint.height()) // 2, hint.width(), hint.height())
            x += hint.width() + px(6)
        hint = self.add_number.sizeHint()
        self.add_number.setGeometry(round(phones), px(38), hint.width(), px(26))

    def paint(self, painter: QPainter) -> None:
        """Number, name over role, what was tried, telephone numbers."""
        look = theme()
        color, px = look.color, look.px
        callee, width = self.callee, float(self.width())
        if self.marked:
            fill(painter, 0, 0, width, self.height(), color.selected)
        fill(painter, 0, self.height() - 1, width, 1, color.hair)
        tried, phones, end = self._columns()
        narrow = tried <= px(48)
        box = QRectF(0, 0, px(36), self.height())
        draw_text(painter, box, str(self._number), color.tertiary, "body", align=RIGHT)
        second = callee.tried[-1] if narrow and callee.tried else callee.role
        # A name alone stands on the line of its number.
        top, high = (px(16), px(22)) if second else (0, self.height())
        box = QRectF(px(48), top, (phones if narrow else tried) - px(60), high)
        draw_text(painter, box, callee.name, color.primary, "lead")
        box = QRectF(px(48), px(40), box.width(), px(18))
        draw_text(painter, box, second, color.secondary, "small")
        if not narrow:
            self._paint_tried(painter, tried, phones - tried - px(12))
        self._paint_phones(painter, phones, end - phones - px(12))

    def _paint_tried(self, painter: QPainter, x: float, width: float) -> None:
        px, lines = theme().px, self.callee.tried
        y = (theme().px(_HEIGHT) - px(17) * len(lines)) / 2
        for line in lines:
            box = QRectF(x, y, width, px(17))
            draw_text(painter, box, line, theme().color.secondary, "small")
            y += px(17)

    def _paint_phones(self, painter: QPainter, x: float, width: float) -> None:
        """The first number large, the others small below it."""
        look, callee = theme(), self.callee
        color, px = look.color, look.px
        first, *others = callee.phones or (NO_NUMBER,)
        if callee.is_you:
            first, others = "you: press A", []
        known = bool(callee.phones) or callee.is_you
        below = bool(others) or not known
        top = px(10) if not known else px(14)
        box = QRectF(x, top, width, px(26)) if below else QRectF(x, 0, width, px(_HEIGHT))
        ink = color.primary if known else color.secondary
        draw_text(painter, box, first, ink, fitting(first, width), tabular=True)
        if others:
            words = f"or {', '.join(others)}"
            box = QRectF(x, px(42), width, px(18))
            draw_text(painter, box, words, color.secondary, "small", tabular=True)


def fitting(text: str, width: float) -> Role:
    """The largest step in which a number stands whole: one that is cut cannot be dialled."""
    look = theme()
    roles: tuple[Role, ...] = ("clock", "lead", "body")
    return next((r for r in roles if look.width(text, r, tabular=True) <= width), "micro")
