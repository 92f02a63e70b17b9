"""The demo day ends in the state it promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.desk.recovery_room.turns import turn_of
from crisisdesk.domain.incident import IncidentStatus
from crisisdesk.domain.recovery.objective import standing
from crisisdesk.domain.recovery.procedure import procedures
from crisisdesk.domain.recovery.step_map import StepMap
from crisisdesk.domain.rota import Rota
from crisisdesk.drills.actions import Report
from crisisdesk.drills.scenario import Scenario, load_scenario
from crisisdesk.settings.places import resource_path
from crisisdesk.store.queries import AlertRow, StationReader

from tests.drills.stage import NOON_MS, Played, played

HOUR_MS = 3_600_000
OPEN = ("active", "acknowledged", "investigating")


@pytest.fixture(scope="module")
def day() -> Scenario:
    return load_scenario(resource_path("demo", "day.yaml"))


@pytest.fixture(scope="module")
def run(day: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(day, tmp_path_factory.mktemp("day"))


@pytest.fixture(scope="module")
def reader(run: Played) -> Iterator[StationReader]:
    opened = StationReader(run.path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def open_rows(reader: StationReader) -> list[AlertRow]:
    return [row for row in reader.alert_rows() if row.status in OPEN]


def test_the_clocks_of_what_nobody_has(open_rows: list[AlertRow]) -> None:
    unowned = sorted((row for row in open_rows if not row.owner), key=lambda row: row.sla_deadline)
    left_s = [(row.sla_deadline - NOON_MS) // 1000 for row in unowned]
    assert len(unowned) == 17
    assert left_s[:3] == [-80, 48, 139]
    assert [row.sla_breached_at is not None for row in unowned[:2]] == [True, False]
    assert [row.severity for row in unowned[:3]] == [3, 4, 4]
    assert {row.severity for row in unowned} == {1, 2, 3, 4}


def test_somebody_is_on_call_by_every_schedule_and_the_policy_can_be_run(
    reader: StationReader,
) -> None:
    rota = Rota(reader.policies())
    known = {contact.contact_id: contact.name for contact in reader.contacts()}
    assert rota.problems == []
    assert sorted(rota.schedules) == ["Database", "Payments"]
    for schedule in rota.schedules:
        on_call = rota.on_call(schedule, NOON_MS) or ()
        assert {known[one] for one in on_call} <= {"Priya Nair", "Mateo Ruiz"}
        assert on_call
    assert [policy.name for policy in rota.escalations.values()] == ["Backups"]


def test_who_has_what(open_rows: list[AlertRow]) -> None:
    owners = {row.owner for row in open_rows if row.owner}
    assert owners == {"Mateo Ruiz", "Aiko Tanaka", "Tom Weber", "Priya Nair", "Klára Langová"}
    assert {row.status for row in open_rows} == set(OPEN)


def test_the_storm_was_a_storm_and_most_of_it_is_over(day: Scenario, reader: StationReader) -> None:
    window = range(-37 * 60_000, -29 * 60_000)
    names = {s.action.name for s in day.past if isinstance(s.action, Report) and s.at_ms in window}
    assert 60 <= len(names) <= 120
    rows = reader.alert_rows()
    ended = [r for r in rows if r.resolved_at is not None and r.resolved_at > NOON_MS - HOUR_MS]
    assert len(ended) == 82
    assert max(row.count for row in rows) >= 80


def test_one_incident_was_led_to_its_end_and_one_is_open(
    run: Played, reader: StationReader
) -> None:
    deploy = reader.incident(run.tally.incidents["deploy"])
    split = reader.incident(run.tally.incidents["split"])
    assert deploy is not None
    assert split is not None
    assert deploy.status == IncidentStatus.CLOSED
    assert deploy.root_cause
    assert deploy.resolution_summary
    assert (deploy.user_impact_count, deploy.financial_impact_cents) == (2140, 1_286_000)
    assert 6 <= len(reader.updates_of(deploy.incident_id)) <= 10
    assert (split.status, split.commander) == (IncidentStatus.IDENTIFIED, "Klára Langová")
    assert len(split.alerts) == 7
    updates = reader.updates_of(split.incident_id)
    assert len(updates) == 10
    assert any(u.is_public for u in updates)
    assert any(u.is_pinned for u in updates)
    assert any(u.happened_at < u.logged_at for u in updates)


def test_the_dashboard_and_the_pages(run: Played, reader: StationReader) -> None:
    counts = reader.counts(NOON_MS)
    assert (counts.open_alerts, counts.unowned, counts.breached) == (24, 17, 1)
    assert counts.deliveries == {"sent": 43, "delivered": 5, "failed": 5}
    assert reader.unreached(NOON_MS).unreached == ()
    assert run.tally.pages_sent == 48
    station = reader.station()
    assert (station.name, station.operator) == ("BRNO-1", "Klára Langová")
    assert set(station.sounds_heard) == {"low", "medium", "high", "critical", "emergency"}


def test_no_address_of_the_day_can_be_reached(day: Scenario) -> None:
    addresses = day.addresses()
    assert len(addresses) == 6
    for url in addresses.values():
        host = url.partition("://")[2].rpartition("@")[2].partition("/")[0].partition("?")[0]
        host = url.partition("@")[2].partition("?")[0] if "@" in url.partition("?")[0] else host
        assert host.endswith(".example.invalid"), url


def test_the_live_part_keeps_the_desk_busy_and_names_only_what_exists(day: Scenario) -> None:
    first_minute = [s for s in day.live if s.at_ms <= 60_000]
    assert len(first_minute) >= 5
    assert day.live[-1].at_ms <= 30 * 60_000


def test_the_live_part_fits_a_day_in_which_nobody_else_acts(day: Scenario, tmp_path: Path) -> None:
    run = played(day, tmp_path, live=True)
    assert run.tally.refused == []
    reader = StationReader(run.path)
    try:
        split = reader.incident(run.tally.incidents["split"])
        counts = reader.counts(run.until_ms)
    finally:
        reader.close()
    assert split is not None
    assert split.status == IncidentStatus.MONITORING
    assert counts.open_alerts < 20, "the storm calms down"
    assert "live-stock" in run.tally.alerts


def test_a_run_waits_for_who_sits_at_the_desk_and_another_one_has_ended_in_time(
    day: Scenario, reader: StationReader
) -> None:
    known = procedures(reader.policies(declared=True))
    assert len(known) == len(day.procedures) == 5
    # Nothing that the station could do by itself begins without a hand.
    assert not any(one.is_automated for one in known)
    (open_run,) = reader.runs()
    turn = turn_of(open_run, NOON_MS, day.operator)
    assert (turn.who, turn.is_approval, turn.title) == (
        "you",
        True,
        "Agree to restart db-primary-fra1",
    )
    assert turn.due_at is not None
    assert turn.due_at > NOON_MS + 30 * 60_000
    states = {one.step_id: str(one.state) for one in StepMap(open_run, NOON_MS).forward()}
    assert [states[name] for name in ("pre-1", "config", "freeze", "behind")] == ["done"] * 4
    assert (states["agree"], states["restart"]) == ("waiting", "later")
    assert open_run.attempts == {}
    objective = standing(open_run, NOON_MS)
    assert objective is not None
    assert (objective.state, 10 * 60_000 < objective.by - NOON_MS < 20 * 60_000) == ("open", True)
    (ended,) = [run for run in reader.runs(every=True) if run.ended_at is not None]
    over = standing(ended, NOON_MS)
    assert over is not None
    assert (ended.verdict, over.state) == ("succeeded", "met")
