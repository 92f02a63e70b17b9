"""The Settings room: station, people, hub, sounds, sources and look, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import RoomHead
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action, Room
from crisisdesk.desk.settings_room.hub_card import HubCard
from crisisdesk.desk.settings_room.intake_card import IntakeCard
from crisisdesk.desk.settings_room.look_card import LookCard
from crisisdesk.desk.settings_room.people_card import PeopleCard
from crisisdesk.desk.settings_room.sounds_card import SoundsCard
from crisisdesk.desk.settings_room.station_card import StationCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change

_TWO_COLUMNS_FROM = 1400


class SettingsRoom(Room):
    """Key 9. ``theme_wanted`` and ``zoom_wanted`` ask the desk for another look."""

    key = 9
    word = "Settings"
    icon = "settings-2"

    theme_wanted = Signal(str)
    zoom_wanted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.station, self.people = StationCard(desk), PeopleCard(desk)
        self.sounds, self.intake, self.look_card = SoundsCard(desk), IntakeCard(), LookCard()
        self.hub = HubCard()
        self.look_card.theme_wanted.connect(self.theme_wanted)
        self.look_card.zoom_wanted.connect(self.zoom_wanted)
        px = theme().px
        page = QWidget()
        across = self._across = QHBoxLayout(page)
        across.setContentsMargins(px(16), px(16), px(16), px(16))
        across.setSpacing(px(12))
        self._columns = (QVBoxLayout(), QVBoxLayout())
        for column in self._columns:
            column.setSpacing(px(12))
            column.setAlignment(Qt.AlignmentFlag.AlignTop)
            across.addLayout(column, 1)
        self.columns = 0
        self._arrange(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(RoomHead("Settings"))
        outer.addWidget(self._scroll, 1)

    def _arrange(self, columns: int) -> None:
        """Put the cards into one column, or the sounds and sources beside the rest."""
        if columns == self.columns:
            return
        self.columns = columns
        right = (self.sounds, self.intake) if columns == 2 else ()
        cards = (self.station, self.people, self.hub, self.sounds, self.intake, self.look_card)
        for card in cards:
            for column in self._columns:
                column.removeWidget(card)
            self._columns[card in right].addWidget(card)
        self._across.setStretch(1, columns - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where both have room."""
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= theme().px(_TWO_COLUMNS_FROM) else 1)

    def on_snapshot(self, change: Change) -> None:
        """Names, confirmed sounds, contacts and the outcome of tests."""
        if change.station is not None:
            self.station.show_station(change.station)
            self.sounds.show_station(change.station)
        if change.contacts_changed or change.deliveries_changed:
            self.people.read()

    def show_url(self, url: str) -> None:
        """The engine's address for the sources."""
        self.intake.show_url(url)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """A way to each card."""
        return [
            self._action("station", "Name station and operator", "user", self.station.name.line),
            self._action("people", "Add a person to page", "users", self.people.name.line),
            self._file_action("import", "Import people from a file…", "download", self._import),
            self._file_action(
                "sheet", "Print the emergency contact sheet…", "printer", self._print
            ),
            Action(
                key="settings hub",
                title="Hub and stations",
                icon="network",
                group="Settings",
                also=("fleet", "duty", "join", "durability"),
                run=self.show_hub,
            ),
            self._action("sounds", "Test the sounds", "volume-2", self.sounds.rows["low"].play),
            self._action("sources", "Connect a source", "webhook", self.intake),
        ]

    def _import(self) -> None:
        self._goer(self.people.files.open)()
        self.people.files.choose()

    def _print(self) -> None:
        self._goer(self.people.files.print)()
        self.people.files.choose_paper()

    @staticmethod
    def _file_action(key: str, title: str, icon: str, run: Callable[[], None]) -> Action:
        return Action(
            key=f"settings {key}",
            title=title,
            icon=icon,
            group="Settings",
            also=("contacts", "csv", "vcard", "pdf", "print"),
            run=run,
        )

    def show_hub(self) -> None:
        """Go to the hub's card."""
        self.desk.open_room(self.key)
        bar = self._scroll.verticalScrollBar()
        bar.setValue(max(0, self.hub.y() - theme().px(12)))

    def _action(self, key: str, title: str, icon: str, target: QWidget) -> Action:
        return Action(
            key=f"settings {key}",
            title=title,
            icon=icon,
            group="Settings",
            run=self._goer(target),
        )

    def _goer(self, target: QWidget) -> Callable[[], None]:
        def run() -> None:
            self.desk.open_room(self.key)
            self._scroll.ensureWidgetVisible(target)
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

        return run

    def focus_first(self) -> None:
        """The page itself, so that no letter lands in a field unasked."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)
