"""By when a run is to have recovered, as it is written down when it starts."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.incident import Incident
from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.commands import EscalateAlert, OpenIncident
from crisisdesk.engine.escalation_commands import PublishPolicy

from tests.engine.handlers.test_impact import fire
from tests.engine.recovering import content
from tests.store.workload import Station

MINUTE = 60_000
CATALOGUE = {
    "kind": "catalogue",
    "services": {"db": {"recovery_minutes": 45}, "mail": {"recovery_minutes": 30}, "wiki": {}},
}


def begun(station: Station, incident_id: str = "", **fields: Any) -> Run:
    station.do(c.PublishProcedure(name="Fail over", content=content({"id": "a"}, **fields)))
    (run_id,) = station.do(c.StartRun(procedure="Fail over", incident_id=incident_id))
    run = station.bench.get(run_id)
    assert isinstance(run, Run), run_id
    station.do(c.EndRun(run_id=run_id, verdict="aborted", why="drill"))
    return run


def test_it_counts_from_the_incident_else_from_now(station: Station) -> None:
    stated = {"recovery_time_objective": "20m"}
    run = begun(station, **stated)
    assert run.objective == {
        "by": run.started_at + 20 * MINUTE,
        "within_ms": 20 * MINUTE,
        "of": "procedure",
    }
    (incident_id,) = station.do(OpenIncident(title="Down", severity="critical"))
    incident = station.bench.get(incident_id)
    assert isinstance(incident, Incident)
    station.now_ms += 5 * MINUTE
    run = begun(station, incident_id, **stated)
    assert run.objective["by"] == incident.created_at + 20 * MINUTE
    assert run.started_at > incident.created_at
    assert begun(station, incident_id).objective == {}


def test_the_catalogue_states_it_where_the_procedure_does_not(station: Station) -> None:
    station.do(PublishPolicy(name="Shop", content=CATALOGUE))
    (incident_id,) = station.do(EscalateAlert(alert_id=fire(station, "db")))
    run = begun(station, incident_id)
    assert (run.objective["of"], run.objective["within_ms"]) == ("db", 45 * MINUTE)
    own = begun(station, incident_id, recovery_time_objective="10m")
    assert own.objective["of"] == "procedure"
    (silent,) = station.do(EscalateAlert(alert_id=fire(station, "wiki", 2)))
    assert begun(station, silent, note="again").objective == {}


def test_the_miss_is_written_down_by_the_station_that_leads_it_once(station: Station) -> None:
    station.do(
        c.PublishProcedure(
            name="Fail over", content=content({"id": "a"}, recovery_time_objective="20m")
        )
    )
    (run_id,) = station.do(c.StartRun(procedure="Fail over"))
    assert station.do(c.MindRuns()) == [0]
    station.now_ms += 20 * MINUTE + 1_000
    assert station.do(c.MindRuns()) == [1]
    assert station.do(c.MindRuns()) == [0]
    run = station.bench.get(run_id)
    assert isinstance(run, Run)
    assert run.missed_at is not None
    station.do(c.MarkStep(run_id=run_id, step_id="a"))
    run = station.bench.get(run_id)
    assert isinstance(run, Run)
    assert run.verdict == "succeeded"
