"""A button for what cannot be taken back: it asks once more before it says that it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from crisisdesk.desk.frame.key_button import KeyButton

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

HEIGHT = 24


class AskTwice(KeyButton):
    """``meant`` comes with the second press; leaving the button between the two calls it off."""

    meant = Signal()

    def __init__(self, text: str, again: str, of: str) -> None:
        """``of`` is what it is about, for who does not see where the button stands."""
        super().__init__(text, kind="destructive", height=HEIGHT)
        self._text, self._again, self._of = text, again, of
        self.asks = False
        self.setAccessibleName(f"{text} {of}")
        self.clicked.connect(self._press)

    def _press(self) -> None:
        was_asked = self.asks
        self._ask(not was_asked)
        if was_asked:
            self.meant.emit()

    def _ask(self, asks: bool) -> None:
        self.asks = asks
        words = self._again if asks else self._text
        self.set_text(words)
        self.setAccessibleName(f"{words} {self._of}")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere did not mean it."""
        super().focusOutEvent(event)
        if self.asks:
            self._ask(False)
