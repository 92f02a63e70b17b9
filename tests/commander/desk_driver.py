"""A desk that is worked as a person does: keys and mouse go into its window on a real screen.

``desk_driver.py DATA_DIR WIDTH HEIGHT``; as `tests.crash.desk_driver`, and besides
``{"do": "press", "keys": "Ctrl Return"}``, ``{"do": "write", "words": "..."}`` and
``{"do": "click", "name": "..."}`` for whatever is called so; ``{"do": "copy"}`` puts a picture
of the window into the clipboard.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.app import build_desk
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.recovery_room.room import RecoveryRoom
from crisisdesk.settings.places import Places

from tests.crash.desk_driver import Driver, application, serve

# A screen with clocks on it changes once a second.
LOOK_EVERY_MS, STILL_WITHIN = 50, 40
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}


class CommanderDriver(Driver):
    """Answers for one desk with somebody at its keyboard."""

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One question."""
        does = {
            "press": self._press_keys,
            "write": self._write,
            "click": self._click,
            "copy": self._copy,
            "grab": self._grab_still,
        }
        own = does.get(asked["do"])
        return super().answer(asked) if own is None else own(asked)

    def _state(self, asked: dict[str, Any]) -> dict[str, Any]:
        shell = self._desk.shell
        room = shell.room
        state = super()._state(asked) | {
            "room": room.key,
            "focus": _name(self._app.focusWidget()),
            "incident": "",
            "step": "",
        }
        if isinstance(room, IncidentsRoom):
            dossier = room.page.dossier
            at = dossier.incident if dossier is not None and room.current() else None
            state |= {"incident": room.current() if at else "", "past": room.past.is_on}
            state |= {"images": len(room.page.timeline.composer.draft().images)}
        if isinstance(room, RecoveryRoom):
            state |= {"step": room.page.current}
        return state

    def _copy(self, _asked: dict[str, Any]) -> dict[str, Any]:
        self._app.clipboard().setImage(self._desk.shell.grab().toImage())
        return {}

    def _grab_still(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A picture once two that follow each other are the same: nothing is half laid out."""
        shell = self._desk.shell
        before = shell.grab().toImage()
        for _ in range(STILL_WITHIN):
            QTest.qWait(LOOK_EVERY_MS)
            now = shell.grab().toImage()
            if now == before:
                return self._grab(asked)
            before = now
        return {"saved": False}

    def _window(self) -> QWindow:
        shell = self._desk.shell
        popup = self._app.activePopupWidget()
        if popup is None and self._app.activeWindow() is None:
            # On a bare screen there is no window manager to give the window the focus.
            shell.activateWindow()
            QTest.qWaitForWindowActive(shell)
        where = popup or self._app.activeWindow() or shell
        handle: QWindow = where.window().windowHandle()
        return handle

    def _press_keys(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``Ctrl Shift X``: one key with what is held meanwhile."""
        *held, key = asked["keys"].split()
        modifiers = Qt.KeyboardModifier.NoModifier
        for name in held:
            modifiers |= MODIFIERS[name]
        QTest.keyClick(self._window(), getattr(Qt.Key, f"Key_{key}"), modifiers)
        return {"into": _name(self._app.focusWidget())}

    def _write(self, asked: dict[str, Any]) -> dict[str, Any]:
        for letter in asked["words"]:
            QTest.keyClick(self._window(), letter)
        return {"into": _name(self._app.focusWidget())}

    def _click(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The left button in the middle of what has this accessible name and can be seen."""
        shell = self._desk.shell
        seen = [w for w in shell.findChildren(QWidget) if w.isVisible()]
        found = [w for w in seen if _name(w) == asked["name"]]
        if len(found) != 1:
            return {"clicked": False, "seen": sorted({_name(w) for w in seen})}
        middle = found[0].mapTo(shell, found[0].rect().center())
        QTest.mouseClick(
            self._window(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            QPoint(middle),
        )
        return {"clicked": True}


def _name(widget: QWidget | None) -> str:
    return "" if widget is None else widget.accessibleName() or type(widget).__name__


def main() -> int:
    """Serve until asked to quit, or until nobody asks any more."""
    folder, width, height = sys.argv[1:]
    app = application()
    desk = build_desk(app, Places(Path(folder)), starts_engine=False, sounds=False)
    desk.shell.setGeometry(0, 0, int(width), int(height))
    return serve(desk, CommanderDriver(desk, app), app)


if __name__ == "__main__":
    sys.exit(main())
