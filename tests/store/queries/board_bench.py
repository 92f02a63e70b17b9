"""A station with a catalogue, sources and samples, and what its board says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.domain.detection.series import UP, Sample, series
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.judging import Board, ServiceLine
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.source_commands import DeclareSource
from crisisdesk.store.queries import StationReader
from crisisdesk.store.samples import FILE as SAMPLES
from crisisdesk.store.samples.keeping import StationSamples

from tests.store.samples.bench import HandClock
from tests.store.workload import Station, signal

CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "db": {"owner": "Kim", "tier": 1, "runbook": "https://wiki.example/db"},
        "shop": {"depends_on": ["db"], "team": "Web"},
        "mail": {},
    },
    "tables": [{"label": "host", "rows": {"h1": {"service": "db"}}}],
}


class Bench:
    """A station with a catalogue, its reader, and samples at its own clock."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder)
        self.station.do(PublishPolicy(name="Shop", content=CATALOGUE))
        self.reader = StationReader(self.station.path)
        clock = HandClock(self.station.now_ms)
        self.samples = StationSamples(folder / SAMPLES, clock, 16, own_thread=False)

    def declare(self, service: str, **changes: Any) -> str:
        given: dict[str, Any] = {"type": "tcp", "settings": {}, "name": service} | changes
        return str(self.station.do(DeclareSource(service=service, **given))[0])

    def look(self, source_id: str, value: float = 1.0, ago: int = 0) -> None:
        at = self.station.now_ms - ago
        self.measure(Sample(series(source_id, UP), at, value))

    def measure(self, sample: Sample) -> None:
        self.samples.write([sample])
        self.samples.write_out()

    def fire(self, number: int, **changes: Any) -> str:
        given: dict[str, Any] = {"labels": {}, "severity": "high"} | changes
        return str(self.station.do(TakeIn(signals=[signal(number, **given)]))[0][0])

    def board(self, *, on_duty: bool = True) -> Board:
        return self.reader.service_board(self.station.now_ms, on_duty=on_duty)

    def line(self, name: str) -> ServiceLine:
        return next(one for one in self.board().lines if one.name == name)

    def state(self, source_id: str, *, on_duty: bool = True) -> State:
        found = self.reader.source_lines(self.station.now_ms, on_duty=on_duty)
        return next(w.state for w in found.lines if w.source.source_id == source_id)

    def close(self) -> None:
        self.reader.close()
        self.samples.close()
        self.station.close()
