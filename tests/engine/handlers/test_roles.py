"""Roles through the engine: taken, refused, given up, chosen."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.engine import commands as c
from crisisdesk.engine.incident_commands import RestrictIncident
from crisisdesk.engine.role_commands import AssumeRole, RenounceRole

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

KLARA, BO = "Klára Langová", "Bo"


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident that Klára commands."""
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


def incident(station: Station, incident_id: str) -> Incident:
    state = station.bench.get(incident_id)
    assert isinstance(state, Incident)
    return state


@pytest.mark.parametrize("role", ["commander", "communications_lead", "scribe", "site_lead"])
def test_what_somebody_has_is_taken_with_a_reason_only(
    station: Station, opened: str, role: str
) -> None:
    order = AssumeRole(incident_id=opened, role=role)
    assert station.do(order) == [None]
    assert station.do(order) == [None]
    [refused] = station.do(order, actor=BO)
    assert isinstance(refused, Conflict)
    assert KLARA in str(refused)
    assert incident(station, opened).holders(role) == [KLARA]
    taken = AssumeRole(incident_id=opened, role=role, who=BO, reason="she fell ill")
    assert station.do(taken) == [None]
    assert incident(station, opened).holders(role) == [BO]


def test_experts_may_be_several(station: Station, opened: str) -> None:
    for who in (KLARA, BO):
        assert station.do(AssumeRole(incident_id=opened, role="subject_expert", who=who)) == [None]
    assert incident(station, opened).holders("subject_expert") == [KLARA, BO]
    station.do(RenounceRole(incident_id=opened, role="subject_expert", who=KLARA))
    assert incident(station, opened).holders("subject_expert") == [BO]


def test_command_is_not_given_up_without_a_word(station: Station, opened: str) -> None:
    [refused] = station.do(RenounceRole(incident_id=opened, role="commander"))
    assert isinstance(refused, Malformed)
    assert station.do(RenounceRole(incident_id=opened, role="commander", reason="ill")) == [None]
    assert incident(station, opened).commander == ""
    for role in ("communications_lead", "scribe"):
        station.do(AssumeRole(incident_id=opened, role=role))
        assert station.do(RenounceRole(incident_id=opened, role=role)) == [None]
        assert incident(station, opened).holders(role) == []
        [refused] = station.do(RenounceRole(incident_id=opened, role=role))
        assert isinstance(refused, Conflict)


def test_what_cannot_be_changes_nothing(station: Station, opened: str) -> None:
    before = incident(station, opened)
    [wrong] = station.do(AssumeRole(incident_id=opened, role="Big Boss"))
    assert isinstance(wrong, Malformed)
    [missing] = station.do(AssumeRole(incident_id="INC-NONE", role="scribe"))
    assert isinstance(missing, NotFound)
    assert incident(station, opened) == before
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    [hidden] = station.do(AssumeRole(incident_id=opened, role="scribe"), actor="Mallory")
    assert isinstance(hidden, Conflict)
    station.do(c.ChangeIncidentStatus(incident_id=opened, status="closed"))
    [closed] = station.do(AssumeRole(incident_id=opened, role="scribe"))
    assert isinstance(closed, Conflict)


def _apart() -> tuple[MemoryStation, MemoryStation, str]:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    incident_id = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    there.pull(here, START + 20)
    return here, there, incident_id


def _together(here: MemoryStation, there: MemoryStation) -> None:
    while here.pull(there, START + 3_000) or there.pull(here, START + 3_000):
        pass
    assert here.bytes() == there.bytes()


@pytest.mark.parametrize("role", ["commander", "scribe"])
def test_two_who_took_it_apart_are_rivals_until_one_is_chosen(role: str) -> None:
    here, there, name = _apart()
    for at, (station, who) in enumerate(((here, BO), (there, "Cy"))):
        order = AssumeRole(incident_id=name, role=role, reason="nobody answers")
        assert station.do(order, START + 100 + at, who) is None
    _together(here, there)
    assert here.get(name).holders(role) == [BO, "Cy"]
    chosen = AssumeRole(incident_id=name, role=role, who="Cy")
    assert there.do(chosen, START + 4_000, KLARA) is None
    _together(here, there)
    assert here.get(name).holders(role) == ["Cy"]


def test_of_rivals_for_command_one_may_step_back() -> None:
    for gone, stays in ((BO, "Cy"), ("Cy", BO)):
        here, there, name = _apart()
        for at, (station, who) in enumerate(((here, BO), (there, "Cy"))):
            order = AssumeRole(incident_id=name, role="commander", reason="x")
            station.do(order, START + 100 + at, who)
        _together(here, there)
        back = RenounceRole(incident_id=name, role="commander", reason="you have it")
        assert here.do(back, START + 4_000, gone) is None
        assert here.get(name).holders("commander") == [stays]
