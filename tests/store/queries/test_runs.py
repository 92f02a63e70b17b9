"""Runs, read from the station's file."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.engine import recovery_commands as c
from crisisdesk.store.queries import StationReader

from tests.engine.recovering import COMMAND, content
from tests.store.workload import Station


def test_runs_open_and_past_of_all_and_of_one_incident(tmp_path: Path) -> None:
    station = Station(tmp_path)
    for name in ("P", "Q"):
        told = content({"id": "promote", **COMMAND})
        station.do(c.PublishProcedure(name=name, content=told))
    first = station.do(c.StartRun(procedure="P"))[0]
    second = station.do(c.StartRun(procedure="Q"))[0]
    attempt = station.do(c.ClaimStep(run_id=first, step_id="promote"))[0]
    for number, text in enumerate(("one\n", "two\n")):
        told = {"run_id": first, "step_id": "promote", "attempt": attempt}
        station.do(c.NoteOutput(**told, number=number, text=text))
    station.do(c.EndRun(run_id=second, verdict="aborted", why="wrong"))
    reader = StationReader(station.path)
    assert [run.run_id for run in reader.runs()] == [first]
    assert [run.run_id for run in reader.runs(every=True)] == [second, first]
    assert reader.runs(incident_id="INC-1", every=True) == []
    found = reader.run(first)
    assert found is not None
    assert found.procedure == "P"
    assert reader.run("RUN-NONE") is None
    assert reader.output_of(first, attempt) == "one\ntwo\n"
    assert reader.output_of(first, "another") == ""
    reader.close()
    station.close()
