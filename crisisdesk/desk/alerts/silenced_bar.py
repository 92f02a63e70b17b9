"""The line in an alert's detail that says it is kept quiet, until when, by whom and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crisisdesk.desk.alerts.faces import Quieter
from crisisdesk.desk.alerts.kept_words import bar_words
from crisisdesk.desk.alerts.silence_words import silenced_words
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.kept_quiet import KeptQuiet

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

_TALL = 52


class SilencedBar(Painted):
    """``lifted`` carries the silence's id, ``asked`` that of the alert that is its cause; hidden
    while nothing keeps the alert quiet."""

    lifted = Signal(str)
    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by = self._words = self._reason = ""
        self.lift = KeyButton("Lift", parent=self)
        self.lift.clicked.connect(self._clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, theme().px(16), 1)
        layout.addStretch(1)
        layout.addWidget(self.lift)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(_TALL))
        self.hide()

    def show_silence(self, quieter: Quieter | None, now_ms: int) -> None:
        """Say what keeps the alert quiet; None puts the line away."""
        self._by = self._words = self._reason = tip = ""
        if isinstance(quieter, KeptQuiet):
            self._by = quieter.by
            self._words, self._reason = bar_words(quieter)
            tip = self._words
        elif quieter is not None:
            self._by = quieter.silence_id
            self._words, self._reason = silenced_words(quieter, now_ms), quieter.reason
            tip = f"{quieter.silence_id}: {quieter.in_text()}"
        self.lift.set_text("Show" if isinstance(quieter, KeptQuiet) else "Lift")
        self.lift.setVisible(bool(self._by))
        self.setAccessibleName(f"{self._words}: {self._reason}")
        self.setToolTip(tip)
        self.setVisible(quieter is not None)
        self.update()

    def _clicked(self) -> None:
        (self.asked if self._by.startswith("A-") else self.lifted).emit(self._by)

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_TALL))
        super().retheme()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme().px(300), theme().px(_TALL))

    def paint(self, painter: QPainter) -> None:
        """Glyph and words on the raised ground."""
        px, color = theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, 0, self.width(), 1, color.hair)
        draw_icon(painter, px(16), px(10), "bell-off", color.secondary)
        right = self.lift.x() if self.lift.isVisibleTo(self) else self.width()
        box = QRectF(px(38), px(7), right - px(38 + 12), px(18))
        draw_text(painter, box, self._words, color.primary, "body", weight=500)
        draw_text(painter, box.translated(0, px(19)), self._reason, color.secondary, "small")
