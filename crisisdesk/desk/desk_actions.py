"""The actions of the desk itself, and the palette, key sheet and shortcuts for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from crisisdesk.desk.frame.command_palette import CommandPalette
from crisisdesk.desk.frame.keys_sheet import KeyGroup, KeysSheet
from crisisdesk.desk.help.door import HelpDoor
from crisisdesk.desk.key_map import KeyMap
from crisisdesk.desk.look.theme import ZOOM_MAX, ZOOM_MIN, look, theme
from crisisdesk.desk.look.tokens import THEMES, ThemeName
from crisisdesk.desk.room import Action
from crisisdesk.desk.shell import ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent

    from crisisdesk.desk.shell import Shell

_THEME_WORDS = {"dark": "Dark", "light": "Light", "contrast": "High contrast"}


class DeskActions(QObject):
    """Palette, key sheet and shortcuts of one window."""

    def __init__(self, shell: Shell, quit_desk: Callable[[], None]) -> None:
        super().__init__(shell)
        self._shell, self._quit = shell, quit_desk
        self._found: dict[str, Action] = {}
        self._more: list[Callable[[], list[Action]]] = []
        self.palette = CommandPalette(shell)
        self.sheet = KeysSheet(shell)
        self.help = HelpDoor(shell)
        self.keys = KeyMap(shell, self.in_force)
        self.palette.chosen.connect(self._chosen)
        shell.status.chosen.connect(self._status_chosen)
        shell.room_changed.connect(self.learn)
        shell.installEventFilter(self)
        self.learn()

    def learn(self) -> None:
        """Listen to every key named now; new rooms are heard from here on."""
        self.keys.learn(self.in_force())
        for room in self._shell.rooms.values():
            if not room.property("heard"):
                room.setProperty("heard", True)
                room.acted.connect(self.learn)

    def add(self, find: Callable[[], list[Action]]) -> None:
        """Take in actions that are in force in every room."""
        self._more.append(find)
        self.learn()

    def in_force(self) -> list[Action]:
        """The open room's actions, then the desk's."""
        return [*self._shell.room.actions(), *self._own()]

    def open_palette(self) -> None:
        """Show every action of every room."""
        shell = self._shell
        actions = shell.room.actions()
        for room in shell.rooms.values():
            if room is not shell.room:
                actions.extend(a for a in room.actions() if a.group in ("Anywhere", room.word))
        actions.extend([*self._own(), *self.help.entries()])
        self._found = {}
        listed = []
        for number, action in enumerate(actions):
            name = f"{number} {action.key}"
            self._found[name] = action
            listed.append(action.for_palette()._replace(key=name))
        self.palette.open_with(listed)

    def open_keys(self) -> None:
        """Show all keys."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for action in self.in_force():
            if action.keys:
                group = "On the selected" if action.group.startswith("For ") else action.group
                groups.setdefault(group, []).append((action.keys, action.title))
        self.sheet.open_with([KeyGroup(title, tuple(lines)) for title, lines in groups.items()])

    def close_overlays(self) -> None:
        """Take palette and key sheet away."""
        self.palette.dismiss()
        self.sheet.dismiss()

    def _chosen(self, name: str) -> None:
        action = self._found.get(name)
        if action is not None:
            action.run()

    def _status_chosen(self, key: str) -> None:
        if key == "palette":
            self.open_palette()
        elif key in ("sources", "sound", "operator"):
            self._shell.open_room(9)

    def _own(self) -> list[Action]:
        shell = self._shell

        def make(
            key: str, title: str, keys: str, icon: str, run: Callable[[], None], group: str = "Desk"
        ) -> Action:
            return Action(key=key, title=title, keys=keys, icon=icon, run=run, group=group)

        rooms = [
            make(f"room {e.key}", e.word, e.digit, e.icon, self._opener(int(e.key)), "Rooms")
            for e in ROOMS
            if int(e.key) in shell.rooms
        ]
        themes = [
            make(f"theme {n}", f"{_THEME_WORDS[n]} theme", "", "sun", self._theme_setter(n))
            for n in THEMES
            if n != theme().name
        ]
        return [
            *rooms,
            make("worst", "Go to the worst alert", "F8", "siren", shell.go_to_worst),
            *(action for find in self._more for action in find()),
            make("palette", "Find an action", "Ctrl K", "search", self.open_palette),
            make("keys", "Show all keys", "?", "keyboard", self.open_keys),
            make("help", "Help for what is in view", "F1", "circle-help", self.help.open),
            make("undo", "Undo the last action", "Ctrl Z", "undo-2", shell.undo_last),
            *themes,
            make("larger", "Larger text", "Ctrl +", "plus", lambda: self._zoom(10)),
            make("smaller", "Smaller text", "Ctrl -", "minus", lambda: self._zoom(-10)),
            make("plain", "Text at 100 %", "Ctrl 0", "search", lambda: self._zoom(0)),
            make(
                "quit", "Quit the desk, the engine keeps running", "Ctrl Q", "log-out", self._quit
            ),
        ]

    def _opener(self, key: int) -> Callable[[], None]:
        return lambda: self._shell.open_room(key)

    def _theme_setter(self, name: ThemeName) -> Callable[[], None]:
        return lambda: self.set_look(name=name)

    def _zoom(self, by: int) -> None:
        zoom = 100 if by == 0 else min(ZOOM_MAX, max(ZOOM_MIN, theme().zoom + by))
        self.set_look(zoom=zoom)

    def set_look(self, *, name: ThemeName | None = None, zoom: int | None = None) -> None:
        """Take another theme or zoom and keep it."""
        look().switch(name=name, zoom=zoom)
        self._shell.remember("look.theme", theme().name)
        self._shell.remember("look.zoom", theme().zoom)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc that nothing else wanted is the room's."""
        if event.type() == event.Type.KeyPress:
            key = getattr(event, "key", lambda: 0)()
            if key == Qt.Key.Key_Escape and not self.sheet.isVisible():
                return self.keys.press("Esc")
        return False
