"""Incidents made parts of others and split again, also on two stations at once; restriction."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import whole_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.incident_commands import (
    MergeIncident,
    MindRings,
    RestrictIncident,
    SplitIncident,
    UnmergeIncident,
)

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

KLARA = "Klára Langová"


def incident(station: Station, name: str) -> Incident:
    state = station.bench.get(name)
    assert isinstance(state, Incident)
    return state


@pytest.fixture
def two(station: Station) -> tuple[str, str]:
    """Two incidents with an alert each, the second led by somebody else."""
    first, second = station.fire(2)
    [a] = station.do(c.OpenIncident(title="Orders", severity="critical", alerts=[first]))
    lead = c.OpenIncident(title="Mails", severity="major", alerts=[second], commander="Bo")
    [b] = station.do(lead)
    return a, b


def merged(station: Station, part: str, into: str) -> Any:
    return station.do(MergeIncident(incident_id=part, into=into, reason="one cause"))[0]


def test_a_part_says_where_it_went_and_takes_no_orders(
    station: Station, two: tuple[str, str]
) -> None:
    a, b = two
    assert merged(station, b, a) == a
    assert (incident(station, b).merged_into, incident(station, a).absorbed) == (a, [b])
    assert merged(station, b, a) == a
    for order in (
        c.ChangeIncidentStatus(incident_id=b, status="resolved"),
        c.EditIncident(incident_id=b, changes={"title": "x"}),
        c.ReopenIncident(incident_id=b, reason="x"),
    ):
        [refused] = station.do(order)
        assert isinstance(refused, Conflict)
        assert a in refused.remedy


def test_what_makes_no_sense_is_refused(station: Station, two: tuple[str, str]) -> None:
    a, b = two
    [third] = station.do(c.OpenIncident(title="Third", severity="minor"))
    merged(station, b, a)
    for part, into in ((a, a), (a, b), (b, third)):
        before = incident(station, part)
        refused = merged(station, part, into)
        assert isinstance(refused, Conflict)
        assert incident(station, part) == before
    station.do(c.ChangeIncidentStatus(incident_id=third, status="resolved"))
    assert isinstance(merged(station, a, third), Conflict)


def test_whoever_works_on_the_whole_has_the_alerts_of_its_parts(
    station: Station, two: tuple[str, str]
) -> None:
    a, b = two
    alert_id = incident(station, b).alerts[0]
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="Bo")
    merged(station, b, a)
    held = station.bench.get(alert_id)
    assert isinstance(held, Alert)
    if held.hold_until is not None:
        station.now_ms = held.hold_until - 1_000
    station.do(c.PostUpdate(incident_id=a, title="Still on it"))
    after = station.bench.get(alert_id)
    assert isinstance(after, Alert)
    assert (after.hold_until or 0) >= (held.hold_until or 0)


def test_a_merge_is_undone(station: Station, two: tuple[str, str]) -> None:
    a, b = two
    before = incident(station, b)
    merged(station, b, a)
    station.do(UnmergeIncident(incident_id=b, reason="two disks after all"))
    after = incident(station, b)
    assert (after.merged_into, after.alerts, after.status) == ("", before.alerts, before.status)
    assert incident(station, a).absorbed == []
    assert station.do(UnmergeIncident(incident_id=b)) == [None]
    assert merged(station, b, a) == a


def test_alerts_are_split_off_once(station: Station, two: tuple[str, str]) -> None:
    a, b = two
    merged(station, b, a)
    moved = incident(station, b).alerts
    order = SplitIncident(incident_id=a, alerts=moved, title="Mails again")
    [new] = station.do(order)
    one, alert = incident(station, new), station.bench.get(moved[0])
    assert isinstance(alert, Alert)
    assert (one.title, one.alerts, one.split_from, one.severity) == (
        "Mails again",
        moved,
        a,
        "critical",
    )
    assert (alert.incident_id, incident(station, b).alerts) == (new, [])
    assert station.do(order) == [new]
    station.do(MergeIncident(incident_id=new, into=a))
    [refused] = station.do(order)
    assert isinstance(refused, Conflict)


def test_only_alerts_of_the_incident_can_go(station: Station, two: tuple[str, str]) -> None:
    for alerts, field in (([], "alerts"), (["A-NONE"], "alerts[0]")):
        [refused] = station.do(SplitIncident(incident_id=two[0], alerts=alerts))
        assert isinstance(refused, Malformed)
        assert refused.field == field


def test_a_restriction_is_inherited_and_not_lost_in_a_merge(
    station: Station, two: tuple[str, str]
) -> None:
    a, b = two
    station.do(RestrictIncident(incident_id=b, restricted=True, readers=["Zoë"]), actor="Bo")
    assert incident(station, b).readers == ["Bo", "Zoë"]
    assert isinstance(merged(station, b, a), Conflict)
    [refused] = station.do(MergeIncident(incident_id=b, into=a), actor="Bo")
    assert isinstance(refused, Conflict)
    assert "restrict" in refused.remedy
    [new] = station.do(SplitIncident(incident_id=b, alerts=incident(station, b).alerts), actor="Bo")
    assert incident(station, new).restricted
    assert incident(station, new).may_see("Zoë")


def test_restricting_is_for_those_it_is_for(station: Station, two: tuple[str, str]) -> None:
    order = RestrictIncident(incident_id=two[0], restricted=True, readers=["Zoë"], reason="a name")
    station.do(order)
    [refused] = station.do(RestrictIncident(incident_id=two[0], restricted=False), actor="Mallory")
    assert isinstance(refused, Conflict)
    assert station.do(order) == [None]
    odd = RestrictIncident(incident_id=two[0], restricted=False, readers=["Zoë"])
    assert isinstance(station.do(odd)[0], Malformed)
    station.do(RestrictIncident(incident_id=two[0], restricted=False), actor="Zoë")
    assert not incident(station, two[0]).restricted


# -- two stations ----------------------------------------------------------------------------


def apart() -> tuple[MemoryStation, MemoryStation, str, str]:
    """Two stations that know two incidents and stop hearing each other."""
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    a = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    b = here.do(c.OpenIncident(title="B", severity="major"), START + 5, KLARA)
    there.pull(here, START + 10)
    return here, there, a, b


def exchange(here: MemoryStation, there: MemoryStation, now: int) -> None:
    while here.pull(there, now) or there.pull(here, now):
        pass


def test_merged_into_each_other_they_are_one_on_both_stations() -> None:
    here, there, a, b = apart()
    here.do(MergeIncident(incident_id=b, into=a), START + 100, KLARA)
    there.do(MergeIncident(incident_id=a, into=b), START + 100, KLARA)
    exchange(here, there, START + 200)
    for station in (here, there):
        wholes = {whole_of(station.get(name), station.get).incident_id for name in (a, b)}
        assert wholes == {a}
    # Both see it at the same moment; what they write is one decision.
    assert [s.do(MindRings(), START + 300, ENGINE) for s in (here, there)] == [1, 1]
    exchange(here, there, START + 400)
    assert here.bytes() == there.bytes()
    assert (here.get(a).merged_into, here.get(b).merged_into) == ("", a)
    assert [s.do(MindRings(), START + 500, ENGINE) for s in (here, there)] == [0, 0]
    assert not isinstance(
        here.do(c.ChangeIncidentStatus(incident_id=a, status="resolved"), START + 600, KLARA),
        Exception,
    )


def test_split_off_at_the_same_moment_it_is_one_incident() -> None:
    here, there, a, _b = apart()
    alert_ids = here.do(c.TakeIn(signals=[_signal()]), START + 20, "source:alertmanager")
    here.do(c.LinkAlert(incident_id=a, alert_id=alert_ids[0]), START + 30, KLARA)
    exchange(here, there, START + 40)
    order = SplitIncident(incident_id=a, alerts=alert_ids)
    made = [s.do(order, START + 100, KLARA) for s in (here, there)]
    assert made[0] == made[1]
    exchange(here, there, START + 200)
    assert here.bytes() == there.bytes()
    assert (here.get(made[0]).alerts, here.get(a).alerts) == (alert_ids, [])
    assert here.get(alert_ids[0]).incident_id == made[0]


def _signal() -> Any:
    from tests.store.workload import signal

    return signal(1)
