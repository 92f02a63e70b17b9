"""The weekly audit runs once a week, says who is not proven reachable, and ends with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.audit_outcome import KEY, SOURCE
from crisisdesk.domain.audit_week import DAY_MS, KIND, WEEK_MS, Weekly, last_run
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.audit_commands import MindAudit
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.queries import StationReader

from tests.domain.test_rota import schedule
from tests.store.workload import START, Station

WEEKLY = Weekly()
ALERT = alert_id_of(SOURCE, KEY)
MONDAY = WEEKLY.next_due(START)


def mind(station: Station, at: int | None = None) -> bool:
    if at is not None:
        station.now_ms = at
    ran: bool = station.do(MindAudit(weekly=WEEKLY), actor="engine")[0]
    return ran


def alert(station: Station) -> Alert | None:
    found = station.bench.get(ALERT)
    return found if isinstance(found, Alert) else None


def status(station: Station) -> str:
    found = alert(station)
    return "" if found is None else str(found.status)


def prove(station: Station, contact_id: str, method_id: str = "m1") -> None:
    """A test page that is taken."""
    station.do(c.SendTestPage(contact_id=contact_id, method_id=method_id))
    for delivery, _alert in station.do(c.ClaimDeliveries())[0]:
        outcome = Outcome(ok=True, words="250 OK")
        station.do(
            c.SettleDelivery(
                delivery_id=delivery.delivery_id, attempt=delivery.attempt, outcome=outcome
            )
        )


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


def test_it_runs_when_its_moment_comes_and_not_before(station: Station) -> None:
    station.add_contact("Ann", "m1")
    head = station.journal.head().seq
    assert not mind(station)
    assert not mind(station, MONDAY - 60_000)
    assert station.journal.head().seq == head, "while it is not due nothing is written"
    assert mind(station, MONDAY)
    found = alert(station)
    assert found is not None
    assert (found.title, found.severity) == (
        "Reachability: 1 of 1 person has no proven way",
        "medium",
    )
    assert found.description.startswith("Ann: nothing was ever sent to them")


def test_it_runs_once_in_a_week(station: Station) -> None:
    station.add_contact("Ann", "m1")
    assert mind(station, MONDAY)
    head = station.journal.head().seq
    for hours in (0, 1, 50, 166):
        assert not mind(station, MONDAY + hours * 3_600_000)
    assert station.journal.head().seq == head
    assert mind(station, MONDAY + WEEK_MS)
    kept = [v for v in station.bench.at_hand.policies() if v.content.get("kind") == KIND]
    assert [v.content["due"] for v in kept] == [MONDAY + WEEK_MS], "the one before gave way"


def test_one_that_was_missed_runs_once_after_a_restart(station: Station) -> None:
    station.add_contact("Ann", "m1")
    assert mind(station, MONDAY)
    station.recover()
    late = MONDAY + 3 * WEEK_MS + 2 * DAY_MS
    assert mind(station, late)
    station.recover()
    assert not mind(station, late + 1)
    ran = last_run(station.bench.at_hand.policies(), station.now_ms)
    assert ran is not None
    assert ran.due == MONDAY + 3 * WEEK_MS


def test_two_stations_write_the_same_run(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        station = Station(tmp_path / name, seed=ord(name))
        station.add_contact("Ann", "m1")
        mind(station, MONDAY + ord(name) * 1_000)
        [run] = [v for v in station.bench.at_hand.policies() if v.content.get("kind") == KIND]
        told = alert(station)
        assert told is not None
        found.append((run.version_id, run.content, told.alert_id, told.epoch))
        station.close()
    assert found[0] == found[1]


def test_a_proof_ends_the_alert_between_two_audits(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    bea = station.add_contact("Bea", "m2")
    mind(station, MONDAY)
    assert status(station) == "active"
    prove(station, ann)
    assert not mind(station)
    assert status(station) == "active", "Bea has none yet"
    prove(station, bea, "m2")
    assert not mind(station)
    assert status(station) == "resolved"
    reader = StationReader(station.path)
    [over] = [e for e in reader.history([ALERT]) if e.kind == "alert.resolved"]
    reader.close()
    assert over.body["reason"] == "all 2 people have a proven way"


def test_the_next_audit_tells_how_it_stands_then(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    station.add_contact("Bea", "m2")
    mind(station, MONDAY)
    station.now_ms = MONDAY + WEEK_MS - DAY_MS
    prove(station, ann)
    mind(station, MONDAY + WEEK_MS)
    found = alert(station)
    assert found is not None
    assert found.title == "Reachability: 1 of 2 people has no proven way"
    assert found.description.startswith("Bea: ")
    assert found.epoch == "n1", "it is the same occurrence"
    mind(station, MONDAY + 7 * WEEK_MS)
    again = alert(station)
    assert again is not None
    assert again.title == "Reachability: 2 of 2 people have no proven way", "a proof grows old"


def test_nothing_is_said_while_everybody_is_proven(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    station.now_ms = MONDAY - DAY_MS
    prove(station, ann)
    assert mind(station, MONDAY)
    assert status(station) == ""
    assert not mind(station)


def test_who_was_entered_since_its_moment_is_looked_at_the_week_after(station: Station) -> None:
    station.now_ms = MONDAY + DAY_MS
    station.add_contact("Ann", "m1")
    assert not mind(station)
    assert mind(station, MONDAY + WEEK_MS)


def test_with_a_schedule_it_is_about_those_on_call(station: Station) -> None:
    ann = station.add_contact("Ann", "m1")
    station.add_contact("Bea", "m2")
    told = schedule("x")
    told["layers"][0]["members"] = [ann]
    station.do(PublishPolicy(name="Night", content=told))
    mind(station, MONDAY)
    found = alert(station)
    assert found is not None
    assert found.title == "Reachability: 1 of 1 on-call person has no proven way"
    assert found.description.startswith("Ann (on call now): ")
    prove(station, ann)
    mind(station)
    assert status(station) == "resolved"


def test_one_that_was_taken_back_by_hand_is_not_run_again(station: Station) -> None:
    station.add_contact("Ann", "m1")
    assert mind(station, MONDAY)
    [run] = [v for v in station.bench.at_hand.policies() if v.content.get("kind") == KIND]
    station.do(WithdrawPolicy(version_id=run.version_id))
    assert [mind(station) for _ in range(3)] == [False] * 3


def test_one_ended_by_hand_stays_ended_until_the_next_audit(station: Station) -> None:
    station.add_contact("Ann", "m1")
    mind(station, MONDAY)
    station.do(c.ResolveAlert(alert_id=ALERT))
    assert not mind(station)
    assert status(station) == "resolved"
    mind(station, MONDAY + WEEK_MS)
    assert status(station) == "active"
