"""The way into the help and back out; nothing of the help is loaded before it is first wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.help.room import HelpRoom
    from crisisdesk.desk.shell import Shell

_PAGE_OF_ROOM = {
    1: "alerts",
    2: "incidents",
    3: "health",
    4: "deliveries",
    9: "first-steps",
    20: "fleet",
}


class HelpDoor(QObject):
    """Opens the help in the place of the room in view and gives that place back."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.room: HelpRoom | None = None
        self._came_from = 1
        self._focus: QWidget | None = None

    def open(self, page: str = "") -> None:
        """Show a page, or the one that speaks of what the operator is at."""
        shell = self._shell
        room = self._furnished()
        if shell.stack.currentWidget() is not room:
            page = page or self._fitting()
            self._came_from, self._focus = shell.room.key, QApplication.focusWidget()
            shell.stack.setCurrentWidget(room)
            shell.room_changed.emit(room.key)
        if page:
            room.field.clear()
            room.open_page(page)
        room.focus_first()

    def close(self) -> None:
        """Go back to the room and the widget that had the keyboard."""
        shell, focus = self._shell, self._focus
        if self.room is None or shell.stack.currentWidget() is not self.room:
            return
        shell.open_room(self._came_from)
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def entries(self) -> list[Action]:
        """One action for each page."""
        from crisisdesk.desk.help.pages import help_root, load_pages

        return [
            Action(
                key=f"help page {page.name}",
                title="Help" if page.title == "Help" else f"Help: {page.title}",
                icon="circle-help",
                group="Help",
                run=partial(self.open, page.name),
            )
            for page in load_pages(help_root())
        ]

    def _furnished(self) -> HelpRoom:
        if self.room is None:
            from crisisdesk.desk.help.room import HelpRoom

            self.room = HelpRoom(self._shell)
            self.room.left.connect(self.close)
            self._shell.stack.addWidget(self.room)
        return self.room

    def _fitting(self) -> str:
        """The page for the room in view; in Settings for the card that has the keyboard."""
        from crisisdesk.desk.settings_room.room import SettingsRoom

        room, focus = self._shell.room, QApplication.focusWidget()
        if isinstance(room, SettingsRoom) and focus is not None:
            cards = ((room.people, "paging"), (room.sounds, "sound"), (room.hub, "fleet"))
            for card, page in cards:
                if card.isAncestorOf(focus):
                    return page
            if room.intake.isAncestorOf(focus) or room.intake is focus:
                return "connect-prometheus"
        return room.help_page() or _PAGE_OF_ROOM.get(room.key, "index")
