"""The output of an automatic step as it comes, in a mono pane with bounded rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.recovery_room.output_words import MOST_LINES, NOTHING, Output

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class OutputPane(PaneGround):
    """Follows the end while the end is in view; who has scrolled up is left there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = NOTHING
        self.head = PaneHead("Output")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MOST_LINES + 1)
        self.text.setAccessibleName("Output of the step")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setMinimumHeight(1)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.text, 1)
        # At another width the same lines are of another height: whoever was at the end stays there.
        self._at_end = True
        bar = self.text.verticalScrollBar()
        bar.actionTriggered.connect(self._scrolled_by_hand)
        bar.valueChanged.connect(self._stay)
        bar.rangeChanged.connect(self._stay)
        look().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.text.setFont(theme().mono(12))
        px = theme().px
        self.text.setStyleSheet(f"border: 0; border-radius: 0; padding: {px(6)}px {px(12)}px;")

    def _scrolled_by_hand(self, _action: int) -> None:
        bar = self.text.verticalScrollBar()
        self._at_end = bar.sliderPosition() >= bar.maximum() - 1

    def _stay(self, *_: int) -> None:
        bar = self.text.verticalScrollBar()
        if self._at_end and bar.value() < bar.maximum():
            bar.setValue(bar.maximum())

    def show_output(self, found: Output) -> None:
        """Show this; what is only longer than before is added, the rest stays where it is."""
        before, self.shown = self.shown, found
        self.head.show_words("Output", found.quiet)
        if found.text == before.text and found.attempt == before.attempt:
            return
        bar = self.text.verticalScrollBar()
        at_end = self._at_end or found.attempt != before.attempt
        grows = found.attempt == before.attempt and found.text.startswith(before.text)
        if grows and before.text:
            cursor = QTextCursor(self.text.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(found.text[len(before.text) :])
        else:
            place = bar.value()
            self.text.setPlainText(found.text)
            bar.setValue(place)
        if at_end:
            self._at_end = True
            bar.setValue(bar.maximum())
