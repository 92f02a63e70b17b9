"""Pictures of every room, for servers without a display and for looking at what was built."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QSize, QThread
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.comms_room.room import CommsRoom
from crisisdesk.desk.front import ROOMS
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crisisdesk.desk.app import Desk
    from crisisdesk.desk.look.tokens import ThemeName
    from crisisdesk.settings.places import Places

LOAD_MS = 15_000
SETTLE_MS = 400
STEP_MS = 10
# Clocks turn once a second: between two turns the window stands still.
STILL_MS, STILL_WITHIN = 60, 30
_SUPPOSED = "internet"


class Shot(NamedTuple):
    """One size: pixels at 100 %, device ratio, theme."""

    name: str
    width: int
    height: int
    ratio: float = 1.0
    theme: ThemeName = "dark"


SHOTS = (
    Shot("1920x1080", 1920, 1080),
    Shot("1280x800", 1280, 800),
    Shot("1280x800-light", 1280, 800, theme="light"),
    Shot("1280x800-2x", 1280, 800, ratio=2.0),
)


def live_until(done: Callable[[], bool], limit_ms: int) -> bool:
    """Let the window live until ``done`` or the time is up; says which it was."""
    deadline = QDeadlineTimer(limit_ms)
    while not done():
        if deadline.hasExpired():
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, STEP_MS)
        QThread.msleep(STEP_MS)
    return True


def picture(desk: Desk, shot: Shot) -> QPixmap:
    """The window at the shot's size and device ratio, once two pictures in a row are the same:
    before, something may be half laid out."""
    desk.shell.resize(QSize(shot.width, shot.height))
    live_until(lambda: False, SETTLE_MS)
    before = _rendered(desk, shot)
    for _ in range(STILL_WITHIN):
        live_until(lambda: False, STILL_MS)
        now = _rendered(desk, shot)
        if now.toImage() == before.toImage():
            break
        before = now
    return before


def _rendered(desk: Desk, shot: Shot) -> QPixmap:
    size = QSize(shot.width, shot.height)
    pixmap = QPixmap(size * shot.ratio)
    pixmap.setDevicePixelRatio(shot.ratio)
    painter = QPainter(pixmap)
    desk.shell.render(painter, QPoint(0, 0))
    painter.end()
    return pixmap


def take_screens(desk: Desk, folder: Path, shots: tuple[Shot, ...] = SHOTS) -> list[Path]:
    """Pictures of every room of the rail and of the channel map; the worst alert and the first
    incident are open."""
    folder.mkdir(parents=True, exist_ok=True)
    shell, written = desk.shell, []
    for shot in shots:
        look().switch(name=shot.theme, zoom=100)
        for key in sorted(int(entry.key) for entry in ROOMS):
            room = shell.rooms[key]
            shell.open_room(key)
            if key == 1:
                shell.go_to_worst()
            if isinstance(room, IncidentsRoom):
                live_until(lambda room=room: bool(room.current()), LOAD_MS)  # type: ignore[misc]
            path = folder / f"{room.word.lower()}-{shot.name}.png"
            if not picture(desk, shot).save(str(path)):
                raise OSError(f"{path} cannot be written")
            written.append(path)
            if isinstance(room, CommsRoom):
                written.append(_map_picture(desk, room, shot, folder))
        if desk.actions is not None:
            shell.open_room(1)
            desk.actions.open_palette()
            path = folder / f"palette-{shot.name}.png"
            picture(desk, shot).save(str(path))
            desk.actions.palette.dismiss()
            written.append(path)
    return written


def _map_picture(desk: Desk, room: CommsRoom, shot: Shot, folder: Path) -> Path:
    """The channel map once it is read, as if the internet were out; the board is shown again."""
    room.open_page("map")
    room.map.without[_SUPPOSED] = None
    room.map.read()
    live_until(lambda: any(column.supposed for column in room.map.found.columns), LOAD_MS)
    path = folder / f"channel-map-{shot.name}.png"
    if not picture(desk, shot).save(str(path)):
        raise OSError(f"{path} cannot be written")
    room.map.suppose_nothing()
    room.open_page("board")
    return path


def write_screens(places: Places, folder: Path) -> int:
    """Open a desk on a running engine, write pictures of every room; returns the exit code."""
    from crisisdesk.desk.app import build_desk

    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["crisisdesk"])
    desk = build_desk(app, places, starts_engine=False, sounds=False)
    desk.shell.resize(SHOTS[0].width, SHOTS[0].height)
    desk.start()
    try:
        tally = desk.shell.alerts.tally
        if not live_until(lambda: bool(tally.open()), LOAD_MS):
            sys.stderr.write("crisisdesk: the played day did not show at the desk\n")
            return 1
        live_until(lambda: False, SETTLE_MS)
        take_screens(desk, folder)
    finally:
        desk.close()
    return 0
