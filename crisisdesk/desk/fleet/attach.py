"""Puts what is known of hub, duty and splits into the window, and leads from there to more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crisisdesk.desk.fleet.banner_words import SPLIT
from crisisdesk.desk.fleet.watch import FleetWatch
from crisisdesk.desk.room import Action
from crisisdesk.desk.splits.room import SPLITS, SplitRoom

if TYPE_CHECKING:
    from crisisdesk.desk.app import Desk
    from crisisdesk.desk.settings_room.room import SettingsRoom


class FleetDoor(QObject):
    """The ways to the page of splits and to the hub card of the settings; has to be closed."""

    def __init__(self, desk: Desk, settings: SettingsRoom) -> None:
        shell = desk.shell
        super().__init__(shell)
        self._shell, self._settings = shell, settings
        self._came_from = 1
        self.watch = FleetWatch(desk.supervisor, self)
        self.splits = SplitRoom(shell)
        self.splits.left.connect(self.leave)
        self.splits.rejoined.connect(shell.set_rejoined)
        self.splits.cuts_changed.connect(settings.hub.show_cuts)
        settings.hub.split_wanted.connect(self.open_splits)
        shell.banner.asked.connect(self.look)
        self.watch.changed.connect(shell.set_standing)
        self.watch.changed.connect(settings.hub.show_standing)
        shell.add_room(self.splits)
        desk.supervisor.changed.connect(lambda state: self.watch.set_away(away=state.kind != "up"))
        # Asked after connecting, and not of the window: it may not have been told of a change yet.
        self.watch.set_away(away=desk.supervisor.state.kind != "up")
        desk.feed.changed.connect(self.watch.learn)
        desk.ticker.ticked.connect(self._tick)

    def _tick(self, now_ms: int) -> None:
        self.watch.tick(now_ms)
        if self._shell.room is not self.splits:
            self.splits.tick(now_ms)

    def close(self) -> None:
        """Ask no more."""
        self.watch.close()

    def actions(self) -> list[Action]:
        """The way to what the banner names, else to the splits."""
        return [
            Action(
                key="fleet look",
                title="What changed while split",
                keys="F7",
                icon="git-merge",
                group="Desk",
                also=("rejoined", "merge", "hub", "cut off"),
                run=lambda: self.look(self._shell.banner.leads_to() or SPLIT),
            )
        ]

    def look(self, goes: str) -> None:
        """Go where a banner leads."""
        if goes == SPLIT:
            self.open_splits()
        else:
            self._settings.show_hub()

    def chosen(self, segment: str) -> None:
        """Go where a statement of the status bar leads."""
        if segment in ("duty", "hub", "commit"):
            self._settings.show_hub()

    def open_splits(self, key: str = "") -> None:
        """Show a split: that of this key, else the newest that was not read."""
        here = self._shell.room
        if here is not self.splits:
            self._came_from = here.key if here.key in self._shell.rooms else 1
        self.splits.open_cut(key)
        self._shell.open_room(SPLITS)

    def leave(self) -> None:
        """Go back to where the operator came from."""
        self._shell.open_room(self._came_from)
