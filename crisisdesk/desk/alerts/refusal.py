"""The card that says what was not saved, what that means, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_box
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.room import Refusal


class RefusalCard(Painted):
    """``again`` asks to send the command again (now, or when the engine is back)."""

    again = Signal()
    forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(16), px(12), px(16), px(12))
        outer.setSpacing(px(6))
        first = QHBoxLayout()
        first.addSpacing(px(24))
        self._title = Text("", "strong", "primary")
        self._time = Text("", "micro", "tertiary", tabular=True)
        first.addWidget(self._title, 1)
        first.addWidget(self._time)
        outer.addLayout(first)
        self._words = Text("", "body", "secondary", wrap=True)
        outer.addWidget(self._words)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        self.again_button = KeyButton("Send when it is back", kind="primary")
        self.again_button.clicked.connect(self.again)
        self.forget_button = KeyButton("Forget it")
        self.forget_button.clicked.connect(self._forget)
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.forget_button)
        buttons.addStretch(1)
        outer.addLayout(buttons)
        self.hide()

    def show_refusal(self, what: str, refusal: Refusal, clock: str) -> None:
        """Say that ``what`` ("acknowledge A-20931") was not saved at ``clock`` ("02:09:19")."""
        self._title.setText(f"Not saved: {what}")
        self._time.setText(f"{clock} UTC")
        words = refusal.words[:1].upper() + refusal.words[1:]
        if refusal.field:
            words = f"{refusal.field}: {refusal.words}"
        meaning = " Nobody was told and the clock still runs." if refusal.away else ""
        self._words.setText(f"{words}.{meaning} {refusal.remedy[:1].upper()}{refusal.remedy[1:]}.")
        self.again_button.set_text("Send when it is back" if refusal.away else "Try again")
        self.setAccessibleName(f"Not saved: {what}. {self._words.text()}")
        self.show()

    def show_queued(self) -> None:
        """Say that it will be sent."""
        self.again_button.set_text("Will be sent when it is back")
        self.again_button.setEnabled(False)

    def put_away(self) -> None:
        """Close the card."""
        self.again_button.setEnabled(True)
        self.hide()

    def _forget(self) -> None:
        self.put_away()
        self.forgotten.emit()

    def paint(self, painter: QPainter) -> None:
        """The ground, the line and the glyph."""
        px, tone = theme().px, theme().state("stale")
        draw_box(painter, QRectF(self.rect()), fill=tone.soft, line=tone.fg, radius=px(6))
        draw_icon(painter, px(15), px(13), "circle-x", tone.fg)
