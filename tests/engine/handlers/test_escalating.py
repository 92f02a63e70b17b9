"""Escalations in the engine: begun, gone on with, held, quieted, ended; nobody is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.planning import AGAIN_MS, WAIT_MS
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.ids import escalation_id_of
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import (
    MindEscalations,
    MindUnattended,
    PublishPolicy,
    WithdrawPolicy,
)
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

from tests.store.workload import Station, signal

MINUTE = 60_000
HOUR = 60 * MINUTE


def person(station: Station, name: str, severity: str = "high") -> str:
    method = {
        "method_id": f"M-{name}",
        "channel": "webhook",
        "masked": "webhook://***",
        "min_severity": severity,
    }
    contact_id: str = station.do(c.SaveContact(name=name, methods=[method]))[0]
    return contact_id


def publish(station: Station, *steps: Any, name: str = "Night", **more: Any) -> str:
    told = [step if "to" in step else {"to": [step]} for step in steps]
    content = {"kind": "escalation", "steps": told, **more}
    result = station.do(PublishPolicy(name=name, content=content))[0]
    if isinstance(result, DomainError):
        raise result
    version_id: str = result
    return version_id


def fire(station: Station, number: int = 3, severity: str = "critical", **more: Any) -> str:
    signals = [signal(number, severity=severity, **more)]
    alert_id: str = station.do(c.TakeIn(signals=signals), actor="source:test")[0][0]
    return alert_id


def running(station: Station, alert_id: str) -> Escalation:
    alert = station.bench.need(Alert, alert_id, "alert_id")
    name = escalation_id_of(alert_id, alert.epoch, alert.life)
    return station.bench.need(Escalation, name, "escalation_id")


def tick(station: Station, ms: int = 0) -> int:
    station.now_ms += ms
    minded: int = station.do(MindEscalations(), actor="engine")[0]
    return minded


def look(station: Station) -> int:
    found: int = station.do(MindUnattended(), actor="engine")[0]
    return found


def paged(station: Station) -> list[str]:
    """Whom pages wait for, in the order in which they were queued; they are then superseded."""
    states = station.bench._states.values()
    waiting = [s for s in states if isinstance(s, Delivery) and s.due_at is not None]
    for one in waiting:
        station.bench.begin("test", station.now_ms)
        station.bench.emit(one.delivery_id, "delivery.superseded", {"reason": "seen"})
    station.do()
    return [d.contact_name for d in sorted(waiting, key=lambda d: (d.queued_at, d.contact_name))]


def test_without_a_policy_everyone_is_paged_again_and_again(station: Station) -> None:
    person(station, "A")
    person(station, "B")
    alert_id = fire(station)
    assert paged(station) == ["A", "B"]
    assert running(station, alert_id).due_at is not None
    assert tick(station, 15 * MINUTE - 50) == 0
    assert tick(station, 50) == 1
    assert paged(station) == ["A", "B"]


def test_steps_come_in_their_order_at_their_moments(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"to": [{"contact": a}], "wait_s": 120}, {"contact": b})
    alert_id = fire(station)
    assert paged(station) == ["A"]
    tick(station, 2 * MINUTE)
    assert paged(station) == ["B"]
    state = running(station, alert_id)
    assert (state.policy, state.number) == ("Night", 2)
    assert state.due_at == station.now_ms + AGAIN_MS["critical"]


@pytest.mark.parametrize("severity", ["high", "critical", "emergency"])
def test_the_first_page_waits_by_severity(station: Station, severity: str) -> None:
    person(station, "A")
    alert_id = fire(station, severity=severity)
    wait = WAIT_MS[severity]
    assert paged(station) == ([] if wait else ["A"])
    if wait:
        assert running(station, alert_id).quiet_by == "wait"
        tick(station, wait)
        assert paged(station) == ["A"]


def test_a_page_that_still_waits_stands_for_the_next_steps_too(station: Station) -> None:
    person(station, "A")
    fire(station)
    for _ in range(3):
        assert tick(station, HOUR) == 1
    assert paged(station) == ["A"], "a backlog after an outage is one page, not one for each step"
    tick(station, HOUR)
    assert paged(station) == ["A"]


def test_what_goes_away_by_itself_pages_nobody(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station, severity="high")
    fire(station, severity="high", action=SignalAction.RESOLVE)
    assert tick(station, MINUTE) == 1
    assert paged(station) == []
    assert running(station, alert_id).ended_why == "the alert is resolved"
    assert tick(station, HOUR) == 0


def test_the_policy_is_chosen_by_its_matchers_and_pinned(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"contact": a}, name="DB", **{"for": "service=payments-3"})
    rest = publish(station, {"contact": b}, name="Rest", place=9)
    mine, other = fire(station, 3), fire(station, 4)
    assert (running(station, mine).policy, running(station, other).policy) == ("DB", "Rest")
    assert paged(station) == ["A", "B"]
    publish(station, {"contact": a}, name="Rest", place=9)
    station.do(WithdrawPolicy(version_id=rest))
    tick(station, HOUR)
    assert paged(station) == ["A", "B"], "what runs keeps what it began with"
    fire(station, 5)
    assert paged(station) == ["A"]


def test_an_acknowledgement_holds_it_and_taking_it_back_lets_it_go_on(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"contact": a}, {"contact": b})
    alert_id = fire(station)
    paged(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="A")
    tick(station, HOUR)
    assert paged(station) == []
    assert running(station, alert_id).held_at is not None
    station.do(c.UnacknowledgeAlerts(alert_ids=[alert_id]), actor="A")
    assert paged(station) == ["B"]


def test_all_hands_go_on_until_everybody_has_said_so(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"to": [{"contact": a}, {"contact": b}], "ack": "all", "wait_s": 60})
    alert_id = fire(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="A")
    claimed = station.do(c.ClaimDeliveries(), actor="engine")[0]
    assert [delivery.contact_name for delivery, _alert in claimed] == ["B"]
    tick(station, HOUR)
    assert "B" in paged(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="B")
    tick(station, HOUR)
    assert paged(station) == []
    assert running(station, alert_id).held_at is not None


def test_a_silence_puts_it_off_and_its_end_lets_it_go_on(station: Station) -> None:
    person(station, "A")
    silence = SetSilence(matchers="service=payments-3", duration_ms=HOUR, reason="Works")
    silence_id = station.do(silence)[0]
    alert_id = fire(station)
    state = running(station, alert_id)
    assert (paged(station), state.quiet_by) == ([], silence_id)
    tick(station, HOUR - MINUTE)
    assert paged(station) == []
    tick(station, MINUTE)
    assert paged(station) == ["A"], "still broken when the silence ended"
    [page] = [s for s in station.bench._states.values() if isinstance(s, Delivery)]
    assert page.note.startswith("Silenced until ")
    assert page.note.endswith(" UTC by Klára Langová (Works), still open")


def test_a_silence_set_later_quiets_what_comes_next_and_lifting_wakes_it(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station)
    paged(station)
    silence = SetSilence(matchers="service=payments-3", duration_ms=9 * HOUR, reason="Works")
    silence_id = station.do(silence)[0]
    tick(station, HOUR)
    assert (paged(station), running(station, alert_id).quiet_by) == ([], silence_id)
    station.do(LiftSilence(silence_id=silence_id))
    tick(station)
    assert paged(station) == ["A"]


def test_a_silence_that_another_station_lifted_is_noticed(station: Station) -> None:
    person(station, "A")
    silence = SetSilence(matchers="service=payments-3", duration_ms=9 * HOUR, reason="Works")
    silence_id = station.do(silence)[0]
    fire(station)
    station.bench.begin("Jonas", station.now_ms)
    station.bench.emit(silence_id, "silence.lifted", {})
    station.do()
    tick(station, MINUTE)
    assert paged(station) == []
    look(station)
    tick(station)
    assert paged(station) == ["A"]


def test_the_first_contact_of_a_station_is_paged_for_what_waits(station: Station) -> None:
    alert_id = fire(station)
    assert look(station) == 0
    person(station, "A")
    assert look(station) == 1
    assert paged(station) == ["A"]
    assert running(station, alert_id).number == 1
    assert look(station) == 0


@pytest.mark.parametrize("is_on_its_way", [False, True])
def test_a_page_that_told_of_less_does_not_stand_for_a_worse_one(
    station: Station, is_on_its_way: bool
) -> None:
    person(station, "A")
    fire(station, severity="high")
    tick(station, WAIT_MS["high"])
    if is_on_its_way:
        [(claimed, _alert)] = station.do(c.ClaimDeliveries())[0]
        assert claimed.severity == "high"
    fire(station, severity="critical")
    fire(station, severity="critical")
    assert paged(station) == ["A", "A"]


def test_getting_worse_asks_again_at_once(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station, severity="medium")
    assert paged(station) == []
    station.do(c.EditAlert(alert_id=alert_id, changes={"severity": "critical"}))
    assert paged(station) == ["A"]
    fire(station, severity="emergency")
    assert running(station, alert_id).number == 1, "an operator's severity stands"
    second = fire(station, 8, severity="critical")
    paged(station)
    fire(station, 8, severity="emergency")
    assert paged(station) == ["A"]
    assert running(station, second).number == 2


def test_a_reopened_alert_begins_anew(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station)
    paged(station)
    station.do(c.ResolveAlert(alert_id=alert_id))
    tick(station, HOUR)
    station.do(c.ReopenAlert(alert_id=alert_id))
    assert paged(station) == ["A"]
    assert running(station, alert_id).life == 2


# -- nobody is ever left alone -------------------------------------------------------------------

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["fire", "resolve", "ack", "unack", "reopen", "silence", "lift", "tick", "close"]
        ),
        st.integers(0, 3),
        st.sampled_from([1_000, 20_000, 10 * MINUTE, 5 * HOUR]),
    ),
    max_size=25,
)


def move(station: Station, what: str, number: int, alerts: dict[int, str]) -> None:
    known = alerts.get(number, "A-NONE")
    silence = f"service=payments-{number}"
    orders: dict[str, Any] = {
        "ack": c.AcknowledgeAlerts(alert_ids=[known]),
        "unack": c.UnacknowledgeAlerts(alert_ids=[known]),
        "reopen": c.ReopenAlert(alert_id=known),
        "close": c.CloseAlert(alert_id=known),
        "silence": SetSilence(matchers=silence, duration_ms=HOUR, reason="x"),
    }
    if what == "fire":
        alerts[number] = fire(station, number, severity=("high", "critical")[number % 2])
    elif what == "resolve":
        fire(station, number, action=SignalAction.RESOLVE)
    elif what == "lift":
        for one in station.bench.at_hand.silences(station.now_ms):
            station.do(LiftSilence(silence_id=one.silence_id))
    elif what != "tick":
        station.do(orders[what])


@given(moves=MOVES)
@settings(deadline=None, max_examples=150)
def test_no_open_alert_that_nobody_has_is_without_a_next_moment(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, int]]
) -> None:
    station = Station(tmp_path_factory.mktemp("escalating"))
    try:
        person(station, "A")
        alerts: dict[int, str] = {}
        for what, number, ms in moves:
            move(station, what, number, alerts)
            station.now_ms += ms
            while tick(station):
                pass
            for alert_id in alerts.values():
                alert = station.bench.need(Alert, alert_id, "alert_id")
                if alert.status == AlertStatus.ACTIVE:
                    due = running(station, alert_id).due_at
                    assert due is not None
                    assert due > station.now_ms
            assert look(station) == 0
    finally:
        station.journal.close()
