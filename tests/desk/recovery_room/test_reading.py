"""What the room reads from a station's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.desk.recovery_room.reading import read_board, read_run, run_line
from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.commands import OpenIncident
from crisisdesk.store.queries import StationReader

from tests.desk.recovery_room.scenes import JONAS, KLARA, gated
from tests.store.workload import Station

CONTENT: dict[str, Any] = {
    "kind": "procedure",
    "incident_type": "data",
    "requires_approval": False,
    "steps": [{"id": "freeze", "title": "Freeze writes", "within": "5m"}],
}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.close()


def done(station: Station, command: Any) -> Any:
    (answer,) = station.do(command)
    assert not isinstance(answer, Exception), answer
    return answer


def test_runs_fits_and_library_come_in_one_reading(station: Station) -> None:
    done(station, c.PublishProcedure(name="Fail over", content=CONTENT))
    other = {**CONTENT, "incident_type": "security"}
    done(station, c.PublishProcedure(name="Revoke", content=other))
    incident = done(station, OpenIncident(title="Orders", severity="critical", category="data"))
    run_id = done(station, c.StartRun(procedure="Fail over", incident_id=incident))
    ended = done(station, c.StartRun(procedure="Revoke"))
    done(station, c.EndRun(run_id=ended, verdict="aborted", why="a drill"))
    with closing(StationReader(station.path)) as reader:
        board = read_board(reader, station.now_ms, KLARA)
        one = read_run(reader, run_id, KLARA)
        missing = read_run(reader, "RUN-NONE", KLARA)
        assert reader.own_origin() == reader.run(run_id).home  # type: ignore[union-attr]
    assert [line.run_id for line in board.runs] == [run_id]
    assert [line.run_id for line in board.ended] == [ended]
    fits = [(fit.procedure.name, fit.incident.incident_id) for fit in board.fits]
    assert fits == [("Fail over", incident)]
    assert [one.name for one in board.library] == ["Fail over", "Revoke"]
    assert one is not None
    assert (one.incident, one.is_here) == ("Orders", True)
    assert missing is None


def test_a_line_counts_what_is_passed() -> None:
    line = run_line(gated().run, gated().run.started_at + 5_000, JONAS)
    assert (line.done, line.total, line.turn.who) == (0, 1, "you")
