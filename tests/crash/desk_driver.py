"""A real desk in a process of its own that answers a test's questions on its standard input.

One JSON object a line comes in, one goes out: ``{"do": "state"}``, ``{"do": "press", "key": "A"}``,
``{"do": "grab", "file": "..."}``, ``{"do": "quit"}``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.alarm_bell import AlarmBell
from crisisdesk.desk.alerts.faces import alert_of
from crisisdesk.desk.app import Desk, build_desk
from crisisdesk.settings.places import Places


class Driver:
    """Answers for one desk."""

    def __init__(self, desk: Desk, app: QApplication) -> None:
        self._desk, self._app = desk, app
        self._rang: list[str] = []
        self._bell: AlarmBell | None = None

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One question."""
        does = {
            "state": self._state,
            "press": self._press,
            "grab": self._grab,
            "quit": self._quit,
        }
        return does[asked["do"]](asked)

    def _state(self, _asked: dict[str, Any]) -> dict[str, Any]:
        shell = self._desk.shell
        if self._bell is None:
            self._bell = shell.findChild(AlarmBell)
            if self._bell is not None:
                self._bell.rang.connect(lambda motif: self._rang.append(motif.value))
        view, model = shell.alerts.view, shell.alerts.model
        rows = []
        for number in view.visible_rows():
            row = alert_of(model.item(number))
            if row is not None and not view.row_rect(number).isEmpty():
                rows.append({"alert_id": row.alert_id, "title": row.title, "status": row.status})
        calling = self._bell is not None and bool(self._bell._memory.heard)
        return {
            "pid": os.getpid(),
            "platform": self._app.platformName(),
            "shown": shell.isVisible(),
            "queue_shown": view.isVisible(),
            "engine": shell.engine.kind,
            "steps": list(shell.engine.steps),
            "operator": shell.operator(),
            "rows": rows,
            "selected": view.selected_id,
            "furnished": self._bell is not None,
            "rang": self._rang,
            "calling": calling,
        }

    def _press(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A key event into the window, as a keyboard would send it."""
        shell = self._desk.shell
        # On a bare screen there is no window manager to give the window the focus.
        shell.activateWindow()
        active = QTest.qWaitForWindowActive(shell)
        QTest.keyClick(shell.windowHandle(), getattr(Qt.Key, f"Key_{asked['key']}"))
        return {"active": active, "into": type(self._app.focusWidget()).__name__}

    def _grab(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What stands on the screen at the window's place."""
        shell = self._desk.shell
        place = shell.geometry()
        picture = self._app.primaryScreen().grabWindow(
            0, place.x(), place.y(), place.width(), place.height()
        )
        return {"saved": picture.save(asked["file"])}

    def _quit(self, _asked: dict[str, Any]) -> dict[str, Any]:
        self._app.quit()
        return {}


def serve(desk: Desk, driver: Driver, app: QApplication) -> int:
    """Show the desk and answer until asked to quit, or until nobody asks any more."""
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def read() -> None:
        line = sys.stdin.readline()
        told = driver.answer(json.loads(line) if line else {"do": "quit"})
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    notifier.activated.connect(read)
    desk.start()
    try:
        return app.exec()
    finally:
        notifier.setEnabled(False)
        desk.close()


def application() -> QApplication:
    """As the program names it."""
    app = QApplication(["crisisdesk"])
    app.setApplicationName("CrisisDesk")
    return app


def main() -> int:
    """``desk_driver.py DATA_DIR [watch]``; with ``watch`` the desk starts no engine."""
    app = application()
    desk = build_desk(app, Places(Path(sys.argv[1])), starts_engine=sys.argv[2:] != ["watch"])
    return serve(desk, Driver(desk, app), app)


if __name__ == "__main__":
    sys.exit(main())
