"""A desk at a chosen place of the screen that also tells its banner, its status and its splits.

``desk_driver.py DATA_DIR X WIDTH HEIGHT``; otherwise as `tests.crash.desk_driver`, with
``{"do": "screen", "file": "..."}`` for a picture of the whole screen and ``{"do": "look"}`` to
press the banner's button.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from crisisdesk.desk.app import Desk, build_desk
from crisisdesk.desk.frame.empty_state import EmptyState
from crisisdesk.desk.splits.lines import Line, spoken
from crisisdesk.desk.splits.room import SPLITS, SplitRoom
from crisisdesk.settings.places import Places

from tests.crash.desk_driver import Driver, application, serve


class FleetDriver(Driver):
    """Answers for one desk among several."""

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One question."""
        if asked["do"] == "screen":
            return {"saved": self._app.primaryScreen().grabWindow(0).save(asked["file"])}
        if asked["do"] == "look":
            # A button of the banner, pressed as the mouse does.
            self._desk.shell.banner.look_button.click()
            return {}
        return super().answer(asked)

    def _state(self, asked: dict[str, Any]) -> dict[str, Any]:
        shell = self._desk.shell
        return super()._state(asked) | {
            "furnished": SPLITS in shell.rooms,
            "room": shell.room.key,
            "banner": shell.banner.accessibleName(),
            "status": {
                one.key: " ".join(f"{one.label} {one.strong} {one.tail}".split())
                for one in shell.status.segments()
            },
            "dots": next((one.dots for one in shell.status.segments() if one.dots), ()),
            "split": self._split(shell.rooms.get(SPLITS)),
        }

    @staticmethod
    def _split(room: object) -> dict[str, Any]:
        if not isinstance(room, SplitRoom):
            return {}
        selected = room.list.selected()
        shown = room.stack.currentWidget()
        return {
            "head": room.head.accessibleName() if room.page is not None else "",
            "names": room.names.accessibleName(),
            "lines": [_line(line) for line in room.list.lines.rows()],
            "selected": selected.key if selected is not None else "",
            "empty": shown.accessibleName() if isinstance(shown, EmptyState) else "",
            "decisions": room.page.decisions() if room.page is not None else 0,
            "cuts": len(room.cuts),
        }


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "spoken": spoken(line),
        "decide": line.wants_decision,
        "choices": [choice.words for choice in line.choices],
    }


def open_desk(app: QApplication, arguments: list[str]) -> Desk:
    """A desk on the data folder, its window where it is told."""
    folder, x, width, height = arguments
    desk = build_desk(app, Places(Path(folder)), starts_engine=False, sounds=False)
    desk.shell.setGeometry(int(x), 0, int(width), int(height))
    return desk


def main() -> int:
    """Serve until asked to quit, or until nobody asks any more."""
    app = application()
    desk = open_desk(app, sys.argv[1:])
    return serve(desk, FleetDriver(desk, app), app)


if __name__ == "__main__":
    sys.exit(main())
