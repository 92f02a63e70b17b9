"""How the desk looks: theme and size of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from crisisdesk.desk.frame.heads import Tab, TabRow
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.settings_room.card import Card, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)


class LookCard(Card):
    """``theme_wanted`` carries dark, light or contrast; ``zoom_wanted`` percent."""

    theme_wanted = Signal(str)
    zoom_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Look", parent=parent)
        self.themes = TabRow(
            (Tab("dark", "Dark"), Tab("light", "Light"), Tab("contrast", "High contrast"))
        )
        self.zooms = TabRow(tuple(Tab(str(zoom), f"{zoom} %") for zoom in ZOOMS))
        self.themes.chosen.connect(self.theme_wanted)
        self.zooms.chosen.connect(lambda key: self.zoom_wanted.emit(int(key)))
        for word, tabs in (("Theme", self.themes), ("Text", self.zooms)):
            label = Text(word, "body", "secondary")
            label.setFixedWidth(theme().px(64))
            self.body.addLayout(row(label, tabs, 1))
        look().changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.themes.set_current(theme().name)
        if theme().zoom in ZOOMS:
            self.zooms.set_current(str(theme().zoom))
