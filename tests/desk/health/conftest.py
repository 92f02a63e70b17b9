"""A station's folder with measured samples, and the Health room that reads it within the call."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.rule_words import ended_signal, signal_of
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.service_board.judging import ServiceLine
from crisisdesk.engine.commands import Command
from crisisdesk.engine.rule_commands import DeclareRule, NoteFindings
from crisisdesk.store.queries import StationReader
from crisisdesk.store.samples.keeping import StationSamples

from tests.desk.comms_room.conftest import FileDesk
from tests.store.queries.board_bench import Bench
from tests.store.samples.bench import HandClock
from tests.store.workload import Station

EVERY_MS = 10_000


def web(number: int) -> Series:
    return series("SRC-shop", "http_latency_seconds", {"instance": f"web-{number}"})


SLOW: dict[str, Any] = {
    "rule_type": "threshold",
    "conditions": {"metric": "http_latency_seconds", "op": ">", "value": 0.25, "clear": 0.22},
    "severity": "critical",
}
ODD: dict[str, Any] = {
    "rule_type": "anomaly",
    "conditions": {"metric": "http_latency_seconds", "score": 0.6},
}


class Measured:
    """Samples of some series up to the desk's now."""

    def __init__(self, folder: Path) -> None:
        station = Station(folder)
        station.close()
        self.desk = FileDesk(station.path)
        self._seed = 1
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

    def rule(self, name: str, written: dict[str, Any]) -> str:
        """Publish a rule; returns its id."""
        rule_id: str = self._do(self.desk.now - 7_200_000, DeclareRule(name=name, written=written))
        return rule_id

    def fire(self, rule_id: str, one: Series, ago_ms: int) -> str:
        """Let a rule fire for a series so long ago; returns the alert's id."""
        at = self.desk.now - ago_ms
        with closing(StationReader(self.desk.path)) as reader:
            (rule,) = (r for r in reader.known_rules().standing if r.rule_id == rule_id)
        told = signal_of(rule, Transition(rule_id, one, True, at, 0.3))
        self._do(at, NoteFindings(signals=[told]))
        return alert_id_of("rule", key_of(rule_id, one))

    def end(self, rule_id: str, one: Series, ago_ms: int) -> None:
        """Let what it fired be over."""
        told = ended_signal(rule_id, key_of(rule_id, one), "over")
        self._do(self.desk.now - ago_ms, NoteFindings(signals=[told]))

    def _do(self, now_ms: int, command: Command) -> Any:
        # Another seed each time, so that no two things get one id.
        self._seed += 1
        station = Station(self.desk.path.parent, now_ms, self._seed)
        try:
            (done,) = station.do(command)
        finally:
            station.close()
        assert not isinstance(done, Exception), done
        return done


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


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A station with the catalogue db, shop (which needs it) and mail."""
    made = Bench(tmp_path)
    yield made
    made.close()


class Seated:
    """The room before a station's board, at the station's time."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.desk = bench, FileDesk(bench.station.path)
        self.desk.now = bench.station.now_ms
        self.room = HealthRoom(self.desk)

    def look(self, later_ms: int = 0) -> None:
        """Let time pass, and the room read again."""
        self.bench.station.now_ms += later_ms
        self.desk.now = self.bench.station.now_ms
        self.room.beside.read()
        self.room.read()
        self.room.tick(self.desk.now)

    def names(self) -> list[str]:
        """The services as they stand in the list."""
        rows = self.room.beside.pane.services.lines.rows()
        return [row.name for row in rows if isinstance(row, ServiceLine)]


@pytest.fixture
def seated(qtbot: QtBot, look: Look, bench: Bench) -> Seated:
    """The room in view and read once."""
    made = Seated(bench)
    qtbot.addWidget(made.room)
    made.room.resize(1228, 640)
    with qtbot.waitExposed(made.room):
        made.room.show()
    made.look()
    return made


def press(room: HealthRoom, keys: str) -> None:
    """Do what these keys do in the room."""
    next(action for action in room.actions() if action.keys == keys).run()
