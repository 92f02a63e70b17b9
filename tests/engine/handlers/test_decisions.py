"""Decisions through the engine: their life, their refusals, and a check-back that rings once."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.decision_commands import (
    AnswerObjection,
    CheckDecision,
    LogDecision,
    MindDecisions,
    ObjectToDecision,
    RevertDecision,
    ReviseDecision,
)
from crisisdesk.engine.handlers.decisions import SOURCE
from crisisdesk.engine.incident_commands import RestrictIncident

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

KLARA, JONAS = "Klára Langová", "Jonas Weber"


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident that Klára commands."""
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


@pytest.fixture
def logged(station: Station, opened: str) -> str:
    """A decision that is to be looked at again in ten minutes."""
    order = LogDecision(
        incident_id=opened,
        title="Fail over to fra2",
        options=["wait for the link"],
        objections=[{"by": JONAS, "text": "the lag is 4 s", "answer": ""}],
        decider=JONAS,
        check_at=station.now_ms + 600_000,
    )
    made: str = station.do(order)[0]
    return made


def decision(station: Station, name: str) -> Decision:
    state = station.bench.get(name)
    assert isinstance(state, Decision)
    return state


def rung(station: Station, name: str) -> Alert:
    state = station.bench.get(alert_id_of(SOURCE, name))
    assert isinstance(state, Alert)
    return state


def test_it_is_logged_objected_to_answered_and_changed(station: Station, logged: str) -> None:
    one = decision(station, logged)
    assert (one.decider, one.options, one.logged_by) == (JONAS, ["wait for the link"], KLARA)
    [objected] = station.do(ObjectToDecision(decision_id=logged, text="nobody at fra2"))
    for objection in (one.objections[0]["id"], objected):
        order = AnswerObjection(decision_id=logged, objection=objection, answer="taken up")
        assert station.do(order) == [None]
        [again] = station.do(order)
        assert isinstance(again, Conflict)
    assert decision(station, logged).unanswered == []
    station.do(ReviseDecision(decision_id=logged, changes={"risk": "lost rows", "title": "Go"}))
    assert (decision(station, logged).risk, decision(station, logged).title) == ("lost rows", "Go")


def test_its_check_back_rings_once_and_is_quiet_when_somebody_looked(
    station: Station, logged: str
) -> None:
    contact = station.add_contact(JONAS)
    assert station.do(MindDecisions(), actor=ENGINE) == [0]
    station.now_ms += 600_000
    assert station.do(MindDecisions(late_ms=60_000), actor=ENGINE) == [0]
    assert station.do(MindDecisions(), MindDecisions(), actor=ENGINE) == [1, 0]
    assert decision(station, logged).rings
    alert = rung(station, logged)
    assert (alert.status, alert.title) == ("active", "Look again: Fail over to fra2")
    pages = [s for s in station.bench._states.values() if isinstance(s, Delivery)]
    assert [(p.contact_id, p.title) for p in pages] == [
        (contact, "Check back: Look again: Fail over to fra2")
    ]
    then = station.now_ms + 60_000
    assert station.do(CheckDecision(decision_id=logged, result="0 s", check_at=then)) == [None]
    assert (rung(station, logged).status, decision(station, logged).next_due) == ("resolved", then)
    station.now_ms += 60_000
    assert station.do(MindDecisions(), actor=ENGINE) == [1]
    assert rung(station, logged).status == "active"
    station.do(RevertDecision(decision_id=logged, reason="the lag grows"))
    assert rung(station, logged).status == "resolved"
    assert station.do(RevertDecision(decision_id=logged, reason="again")) == [None]


def test_moving_the_check_back_quiets_what_rang(station: Station, logged: str) -> None:
    station.now_ms += 600_000
    station.do(MindDecisions(), actor=ENGINE)
    changes = {"check_at": station.now_ms + 60_000, "title": "Fail over to fra2"}
    assert station.do(ReviseDecision(decision_id=logged, changes=changes)) == [None]
    assert rung(station, logged).status == "resolved"


def test_of_an_ended_incident_nothing_rings(station: Station, opened: str, logged: str) -> None:
    station.do(c.ChangeIncidentStatus(incident_id=opened, status="resolved"))
    station.now_ms += 600_000
    assert station.do(MindDecisions(), actor=ENGINE) == [1]
    assert station.bench.get(alert_id_of(SOURCE, logged)) is None


def test_what_rings_does_not_give_a_restricted_incident_away(
    station: Station, opened: str, logged: str
) -> None:
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    station.now_ms += 600_000
    station.do(MindDecisions(), actor=ENGINE)
    alert = rung(station, logged)
    assert "fra2" not in f"{alert.title} {alert.description} {alert.labels}"
    [hidden] = station.do(CheckDecision(decision_id=logged), actor="Mallory")
    assert isinstance(hidden, Conflict)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"options": ["x"] * 21}, "options"),
        ({"options": [""]}, "options[0]"),
        ({"objections": [{"by": "", "text": "x"}]}, "objections[0].by"),
        ({"objections": [{"by": "x", "text": "x"}] * 21}, "objections"),
        ({"check_at": 1}, "check_at"),
        ({"check_at": 10**15}, "check_at"),
        ({"decider": "x" * 151}, "decider"),
    ],
)
def test_what_cannot_be_logged_names_its_field(
    station: Station, opened: str, more: dict[str, Any], field: str
) -> None:
    [refused] = station.do(LogDecision(**({"incident_id": opened, "title": "x"} | more)))
    assert isinstance(refused, Malformed)
    assert refused.field == field


def test_what_cannot_be_done_changes_nothing(station: Station, logged: str) -> None:
    before = decision(station, logged)
    orders: list[tuple[c.Command, type[DomainError]]] = [
        (ReviseDecision(decision_id=logged, changes={"status": "reverted"}), Malformed),
        (ReviseDecision(decision_id=logged, changes={"title": "", "risk": "x"}), Malformed),
        (AnswerObjection(decision_id=logged, objection="none", answer="x"), NotFound),
        (CheckDecision(decision_id=logged, check_at=1), Malformed),
        (RevertDecision(decision_id=logged, reason=""), Malformed),
        (CheckDecision(decision_id="DEC-NONE"), NotFound),
    ]
    for order, kind in orders:
        [refused] = station.do(order)
        assert type(refused) is kind
    assert decision(station, logged) == before
    station.do(RevertDecision(decision_id=logged, reason="x"))
    [over] = station.do(CheckDecision(decision_id=logged))
    assert isinstance(over, Conflict)


def test_two_stations_ring_once() -> None:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    name = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    order = LogDecision(incident_id=name, title="x", check_at=START + 1_000)
    made = here.do(order, START + 10, KLARA)
    there.pull(here, START + 20)
    for station in (here, there):
        assert station.do(MindDecisions(), START + 2_000, ENGINE) == 1
    while here.pull(there, START + 3_000) or there.pull(here, START + 3_000):
        pass
    assert here.bytes() == there.bytes()
    assert here.get(made).also_done == []
    assert here.get(alert_id_of(SOURCE, made)).status == "active"
