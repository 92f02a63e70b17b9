"""The bar that shows where a link out of the help leads, before anything is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import QHBoxLayout

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class OutsideBar(Painted):
    """44 px at the foot of a page; hidden until a link leads out or nowhere."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = ""
        self.words = Text("", "body", "secondary")
        self.address = Text("", "body", "primary", mono=True)
        self.open_button = KeyButton("Open in the browser", "O", icon="external-link")
        self.close_button = KeyButton("Leave it")
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self.words)
        self._layout.addWidget(self.address, 1)
        self._layout.addWidget(self.open_button)
        self._layout.addWidget(self.close_button)
        self.open_button.clicked.connect(self.open_it)
        self.close_button.clicked.connect(self.leave)
        self.retheme()
        self.hide()

    def offer(self, url: str) -> None:
        """Show an address outside and offer to open it."""
        self._show("Outside CrisisDesk:", url)
        self._url = url
        self.open_button.show()

    def refuse(self, why: str) -> None:
        """Say why a link leads nowhere."""
        self._show(why, "")
        self.open_button.hide()

    def open_it(self) -> None:
        """Hand the address to the system's browser; nothing happens while none is offered."""
        url, self._url = self._url, ""
        if url:
            self.leave()
            QDesktopServices.openUrl(QUrl(url))

    def leave(self) -> None:
        """Forget the address."""
        self._url = ""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _show(self, words: str, address: str) -> None:
        self._url = ""
        self.words.setText(words)
        self.address.setText(address)
        self.setAccessibleName(f"{words} {address}".strip())
        self.show()

    def retheme(self) -> None:
        """Take new sizes."""
        px = theme().px
        self.setFixedHeight(px(44))
        self._layout.setContentsMargins(px(32), 0, px(16), 0)
        self._layout.setSpacing(px(8))
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, 0, self.width(), 1, color.hair)
