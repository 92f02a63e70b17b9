"""Pictures of a desk in every state of hub and duty, and of the page of a real split.

Run ``python -m tests.desk.fleet_gallery [folder]``. The desk, its engine and its data are real (the
split was made by two stations); only what the engine says of the fleet is put in its place here.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from crisisdesk.desk.app import Desk, build_desk
from crisisdesk.desk.fleet.attach import FleetDoor
from crisisdesk.desk.fleet.standing import Standing
from crisisdesk.desk.look.theme import look
from crisisdesk.desk.screens import SHOTS, Shot, live_until, picture
from crisisdesk.desk.splits.room import SPLITS
from crisisdesk.settings.places import Places

from tests.crash.engine_process import running
from tests.desk.fleet.fleets import STATES, now_is
from tests.desk.splits.story import tell

WITHIN_MS = 20_000


def door_of(desk: Desk) -> FleetDoor:
    """The part of the desk that watches the fleet."""
    return next(part for part in desk.parts or [] if isinstance(part, FleetDoor))


def show(desk: Desk, standing: Standing) -> None:
    """Put an answer of the engine in the place of the real one."""
    door_of(desk).watch.changed.emit(now_is(standing, desk.shell.now_ms()))


def take(desk: Desk, folder: Path, name: str, shot: Shot) -> None:
    """One picture."""
    path = folder / f"{name}-{shot.name}.png"
    if not picture(desk, shot).save(str(path)):
        raise OSError(f"{path} cannot be written")
    print(path)


def bars(desk: Desk, folder: Path) -> None:
    """Banner and status bar in every state; the Settings room in the longest ones."""
    shell = desk.shell
    small = Shot("1280x800", 1280, 800)
    for name, standing in STATES.items():
        shell.open_room(1)
        show(desk, standing)
        take(desk, folder, f"bar-{name}", small)
    for shot in SHOTS:
        look().switch(name=shot.theme, zoom=100)
        show(desk, STATES["not-paging"])
        shell.open_room(1)
        take(desk, folder, "desk-not-paging", shot)
        show(desk, STATES["acting"])
        take(desk, folder, "desk-hub-away", shot)
        for name in ("ten", "acting", "alone"):
            show(desk, STATES[name])
            door_of(desk).look("hub")
            take(desk, folder, f"hub-{name}", shot)


def splits(desk: Desk, folder: Path, name: str) -> None:
    """The page of the split at every size."""
    door = door_of(desk)
    show(desk, STATES["holds"])
    live_until(lambda: door.splits.page is not None, WITHIN_MS)
    desk.shell.open_room(1)
    take(desk, folder, f"{name}-banner", SHOTS[1])
    for shot in SHOTS:
        look().switch(name=shot.theme, zoom=100)
        door.open_splits()
        take(desk, folder, name, shot)
    door.splits.list.go(9)
    door.splits.enter()
    take(desk, folder, f"{name}-unfolded", SHOTS[1])
    look().switch(name="contrast", zoom=140)
    take(desk, folder, f"{name}-contrast-140", SHOTS[0])
    look().switch(name="dark", zoom=100)


def visit(app: QApplication, folder: Path, *, collide: bool) -> None:
    """Tell the story, open a desk on it, take its pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        story = tell(Path(scratch), collide=collide)
        with running(story.folder, CRISISDESK_SEALED="true"):
            desk = build_desk(app, Places(story.folder), starts_engine=False, sounds=False)
            desk.start()
            try:
                live_until(lambda: bool(desk.parts), WITHIN_MS)
                live_until(lambda: desk.shell.engine.kind == "up", WITHIN_MS)
                door = door_of(desk)
                live_until(lambda: door.watch.standing.fleet is not None, WITHIN_MS)
                desk.ticker.ticked.disconnect(door._tick)
                desk.feed.changed.disconnect(door.watch.learn)
                splits(desk, folder, "split" if collide else "split-calm")
                if collide:
                    desk.shell.open_room(SPLITS)
                    door.splits.mark_read()
                    bars(desk, folder)
            finally:
                desk.close()


def main(arguments: list[str]) -> int:
    """Write all pictures; returns 0."""
    folder = Path(arguments[0] if arguments else "artefacts/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    visit(app, folder, collide=True)
    visit(app, folder, collide=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
