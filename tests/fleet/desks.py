"""Desks of several stations beside each other on one X screen, each a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.crash.desk_process import DeskProcess
from tests.crash.engine_process import ROOT
from tests.fleet.stations import Station
from tests.guards.screen import start_xvfb, stop

ARTEFACTS = ROOT / "artefacts"
WIDTH, HEIGHT = 1440, 900
SMALLEST_PICTURE = 20_000


class StationDesk(DeskProcess):
    """The desk of a station at a place of the screen; what it says goes to ``NAME.desk.out``."""

    def __init__(self, station: Station, screen: dict[str, str], x: int) -> None:
        self.station = station
        place = [str(station.folder), str(x), str(WIDTH), str(HEIGHT)]
        said = station.folder.with_name(f"{station.name}.desk.out")
        self.start("tests.fleet.desk_driver", place, screen, said)

    def split(self) -> dict[str, Any]:
        """Its page of splits."""
        told: dict[str, Any] = self.ask("state")["split"]
        return told

    def press(self, key: str) -> None:
        """A key into its window."""
        self.ask("press", key=key)


@contextmanager
def screen(width: int = 2 * WIDTH, height: int = HEIGHT) -> Iterator[dict[str, str]]:
    """A screen with room for two desks; yields the environment of a process that shows there."""
    xvfb, display = start_xvfb(f"{width}x{height}x24")
    environment = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
    try:
        yield environment | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    finally:
        stop(xvfb)


@contextmanager
def desks_on(stations: list[Station], shown: dict[str, str]) -> Iterator[list[StationDesk]]:
    """Their desks from left to right, furnished and in touch with their engines."""
    desks: list[StationDesk] = []
    try:
        for number, station in enumerate(stations):
            desks.append(StationDesk(station, shown, number * WIDTH))
        for desk in desks:
            desk.until(lambda s: s["shown"] and s["furnished"] and s["engine"] == "up")
        yield desks
        for desk in desks:
            desk.quit()
    finally:
        for desk in desks:
            if desk.process.poll() is None:
                desk.kill()


def keep_picture(desk: StationDesk, name: str, *, whole: bool = False) -> None:
    """What stands at this window's place, or on the ``whole`` screen, kept with the results."""
    folder = ARTEFACTS
    folder.mkdir(exist_ok=True)
    picture = folder / f"fleet-{name}.png"
    assert desk.ask("screen" if whole else "grab", file=str(picture))["saved"]
    assert picture.stat().st_size > SMALLEST_PICTURE
