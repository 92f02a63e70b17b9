"""Who this is: the station's name and the operator in its chair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.settings_room.card import Card, Field, Verdict, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.station import Station


class StationCard(Card):
    """``saved`` comes when the engine has kept the names."""

    saved = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(
            "Station and operator",
            "The name stands in every page; every action is written down with its operator.",
            parent,
        )
        self._desk = desk
        self.name = Field("Name of this station", "BRNO-1", 240)
        self.operator = Field("Who sits here", "Klára Langová", 240)
        self.save = KeyButton("Save", kind="primary")
        self.save.clicked.connect(self.send)
        self.verdict = Verdict()
        for field in (self.name, self.operator):
            field.line.returnPressed.connect(self.send)
        line = row(self.name, self.operator, self.save, 1)
        line.setAlignment(self.save, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(line)
        self.body.addWidget(self.verdict)

    def show_station(self, station: Station) -> None:
        """Show the names kept."""
        self.name.set_text(station.name)
        self.operator.set_text(station.operator)

    def send(self) -> None:
        """Save both names."""
        name, operator = self.name.text, self.operator.text
        if not self.save.isEnabled():
            return
        if not name or not operator:
            missing = self.operator if name else self.name
            missing.line.setFocus()
            self.verdict.say("Both names are needed.", "stale")
            return
        self.save.setEnabled(False)
        self._desk.command(
            "the names",
            lambda client: client.set_station(name=name, operator=operator),
            self._done,
            self._refused,
        )

    def _done(self, _: object) -> None:
        self.save.setEnabled(True)
        self.verdict.say("Saved.")
        self.saved.emit()

    def _refused(self, refusal: Refusal) -> None:
        self.save.setEnabled(True)
        self.verdict.say(f"Not saved: {refusal.words}; {refusal.remedy}.", "stale")
