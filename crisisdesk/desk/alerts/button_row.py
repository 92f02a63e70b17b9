"""A row of buttons on one line; what does not fit keeps its key and its place in the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.frame.key_button import KeyButton


class ButtonRow(QWidget):
    """Buttons in order, 8 px apart, with the padding of a pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: tuple[KeyButton, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self._lay_out)

    def show_buttons(self, buttons: Sequence[KeyButton]) -> None:
        """Show these and hide the others; all are children of the row."""
        for button in self._buttons:
            button.setVisible(button in buttons)
        self._buttons = tuple(buttons)
        self._lay_out()

    def sizeHint(self) -> QSize:
        """As wide as they like, as high as they need."""
        return QSize(theme().px(300), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        self._lay_out()

    def _lay_out(self) -> None:
        px = theme().px
        x = px(16)
        for button in self._buttons:
            size = button.sizeHint()
            fits = x + size.width() <= self.width() - px(16)
            button.setGeometry(x, px(4), size.width(), size.height())
            button.setVisible(fits)
            x += size.width() + px(8)
        self.setFixedHeight(px(4 + 28 + 12))
