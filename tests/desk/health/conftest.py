"""A station's folder with measured samples, and the Health room that reads it within the call."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.store.samples.keeping import StationSamples

from tests.desk.comms_room.conftest import FileDesk
from tests.store.samples.bench import HandClock
from tests.store.workload import Station

EVERY_MS = 10_000


def web(number: int) -> Series:
    return series("SRC-shop", "http_latency_seconds", {"instance": f"web-{number}"})


class Measured:
    """Samples of some series up to the desk's now."""

    def __init__(self, folder: Path) -> None:
        station = Station(folder)
        station.close()
        self.desk = FileDesk(station.path)
        self.clock = HandClock(self.desk.now)
        self.store = StationSamples(folder / "samples.sqlite3", self.clock, 16, own_thread=False)

    def measure(self, many: list[Series], looks: int = 360, *, until: int = 0) -> None:
        """One sample each 10 s, the newest ``until`` ms ago."""
        last = self.desk.now - until
        self.store.write(
            [
                Sample(one, last - n * EVERY_MS, 0.2 + 0.1 * math.sin(n / 20 + i))
                for i, one in enumerate(many)
                for n in range(looks)
            ]
        )
        self.store.keep_house()


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[Measured]:
    made = Measured(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def room(qtbot: QtBot, look: Look, measured: Measured) -> HealthRoom:
    """The room in view, not yet read."""
    made = HealthRoom(measured.desk)
    qtbot.addWidget(made)
    made.resize(1228, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def press(room: HealthRoom, keys: str) -> None:
    """Do what these keys do in the room."""
    next(action for action in room.actions() if action.keys == keys).run()
