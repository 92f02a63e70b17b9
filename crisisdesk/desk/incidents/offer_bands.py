"""The bands below the head of an incident: a role is offered to whoever sits here, or by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.offers import Band, Offered, band_of, offers_of
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.incident import Incident


class OfferBand(Painted):
    """One offer: a sentence and its button."""

    pressed = Signal(str, str)

    def __init__(self, band: Band) -> None:
        super().__init__()
        px = theme().px
        self.band = band
        self.words = Text("", "strong", wrap=True)
        self.button = KeyButton(band.button, band.key, "primary" if band.key else "normal")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(42), px(6), px(16), px(7))
        row.setSpacing(px(12))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(lambda: self.pressed.emit(self.band.press, self.band.role))
        self.show_band(band)

    def show_band(self, band: Band) -> None:
        """Say how it stands now."""
        self.band = band
        if band.words != self.words.text():
            self.words.setText(band.words)
            self.setAccessibleName(band.words)

    def paint(self, painter: QPainter) -> None:
        """Ground, glyph, line."""
        color, px = theme().color, theme().px
        fill(painter, 0, 0, self.width(), self.height(), color.accent_soft)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.accent_line)
        middle = round(self.height() / 2 - px(8))
        draw_icon(painter, px(16), middle, "arrow-left-right", color.primary, 16)


class OfferBands(QWidget):
    """``pressed`` carries an order and the role that it is about."""

    pressed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bands: dict[str, OfferBand] = {}
        self._offers: list[Offered] = []
        self._operator, self._held = "", False
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.hide()

    def show_offers(self, incident: Incident, operator: str, now_ms: int) -> None:
        """Take the offers that concern whoever sits here."""
        self._offers, self._operator = offers_of(incident, operator), operator
        wanted = {one.offer for one in self._offers}
        for gone in [name for name in self.bands if name not in wanted]:
            band = self.bands.pop(gone)
            self._rows.removeWidget(band)
            band.hide()
            band.deleteLater()
        for one in self._offers:
            if one.offer not in self.bands:
                band = self.bands[one.offer] = OfferBand(band_of(one, operator, now_ms))
                band.pressed.connect(self.pressed)
                band.button.setEnabled(not self._held)
                self._rows.addWidget(band)
        self.setVisible(bool(self.bands))
        self.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn how long they stand."""
        for one in self._offers:
            self.bands[one.offer].show_band(band_of(one, self._operator, now_ms))

    def hold(self, held: bool) -> None:
        """Whether nothing can be answered now."""
        self._held = held
        for band in self.bands.values():
            band.button.setEnabled(not held)
