"""What has a cause is not paged, and never swallowed: kept quiet, woken, and said so in the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import MindEscalations, PublishPolicy, WithdrawPolicy
from crisisdesk.engine.handlers.causing import CAUSE_OVER, wake_fallen, wake_orphaned
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

from tests.engine.handlers.test_escalating import fire, look, paged, person, running, tick
from tests.store.workload import Station, signal

MINUTE = 60_000
HOUR = 60 * MINUTE
NEEDS: dict[str, Any] = {
    "kind": "dependencies",
    "services": {"shop": ["db"], "till": ["db"], "db": ["san"]},
}


def publish(station: Station, content: dict[str, Any] | None = None, name: str = "Needs") -> str:
    version_id: str = station.do(PublishPolicy(name=name, content=content or NEEDS))[0]
    assert isinstance(version_id, str), version_id
    return version_id


@pytest.fixture
def shop(station: Station) -> Station:
    """A station that pages one person and knows what the shop needs."""
    person(station, "A")
    publish(station)
    return station


def down(station: Station, service: str, number: int, severity: str = "critical") -> str:
    return fire(station, number, severity, service=service, title=f"{service} is down")


def over(station: Station, number: int) -> None:
    fire(station, number, action=SignalAction.RESOLVE)


def notes(station: Station) -> list[str]:
    states = station.bench._states.values()
    return sorted({d.note for d in states if isinstance(d, Delivery) and d.note})


def test_a_consequence_waits_and_names_its_cause(shop: Station) -> None:
    db = down(shop, "db", 1)
    assert paged(shop) == ["A"]
    one = down(shop, "shop", 2)
    state = running(shop, one)
    assert (state.quiet_by, state.due_at) == (db, shop.now_ms + 4 * HOUR)
    assert (state.number, paged(shop)) == (0, [])
    assert shop.bench.need(Alert, one, "alert_id").status == AlertStatus.ACTIVE
    assert look(shop) == 0


def test_a_cause_that_comes_later_keeps_the_next_step_quiet(shop: Station) -> None:
    one = down(shop, "shop", 2)
    assert paged(shop) == ["A"]
    db = down(shop, "db", 1)
    assert paged(shop) == ["A"]
    tick(shop, 15 * MINUTE)
    assert running(shop, one).quiet_by == db
    assert paged(shop) == ["A"], "only the cause is paged again"


@pytest.mark.parametrize("end", ["resolve", "close", "fall", "moved"])
def test_when_the_cause_is_over_what_still_stands_is_paged(shop: Station, end: str) -> None:
    db, one, gone = down(shop, "db", 1), down(shop, "shop", 2), down(shop, "till", 3)
    paged(shop)
    if end == "resolve":
        over(shop, 1)
    elif end == "close":
        shop.do(c.CloseAlert(alert_id=db))
    elif end == "fall":
        shop.do(c.EditAlert(alert_id=db, changes={"severity": "high"}))
    else:
        fire(shop, 1, "critical", service="cdn", title="it was the CDN")
    if end in ("fall", "moved"):
        shop.do(c.AcknowledgeAlerts(alert_ids=[db]))
    assert tick(shop) == 2
    assert running(shop, one).due_at == shop.now_ms + MINUTE
    assert running(shop, one).quiet_by == ""
    over(shop, 3)
    tick(shop, MINUTE - 1_000)
    assert paged(shop) == [], "what recovers with its cause pages nobody"
    tick(shop, 2_000)
    assert paged(shop) == ["A"]
    assert running(shop, one).number == 1
    assert running(shop, gone).ended_why == "the alert is resolved"


def test_an_acknowledged_cause_still_keeps_quiet(shop: Station) -> None:
    db = down(shop, "db", 1)
    shop.do(c.AcknowledgeAlerts(alert_ids=[db]))
    one = down(shop, "shop", 2)
    tick(shop, HOUR)
    assert running(shop, one).quiet_by == db


def test_an_emergency_and_what_is_graver_than_its_cause_are_paged(shop: Station) -> None:
    down(shop, "db", 1)
    paged(shop)
    one = down(shop, "shop", 2)
    assert paged(shop) == []
    shop.do(c.EditAlert(alert_id=one, changes={"severity": "emergency"}))
    assert paged(shop) == ["A"]
    down(shop, "till", 3, "emergency")
    assert paged(shop) == ["A"]


def test_after_four_hours_a_page_says_so_and_it_begins_anew(shop: Station) -> None:
    db, one = down(shop, "db", 1), down(shop, "shop", 2)
    shop.do(c.AcknowledgeAlerts(alert_ids=[db]))
    paged(shop)
    tick(shop, 4 * HOUR - 1_000)
    assert paged(shop) == []
    tick(shop, 1_000)
    assert paged(shop) == ["A"]
    assert notes(shop) == [f"Kept quiet for 4 h by {db} (db is down), still open"]
    state = running(shop, one)
    assert state.history[-1]["words"] == notes(shop)[0]
    tick(shop, 15 * MINUTE)
    assert running(shop, one).quiet_by == db
    assert running(shop, one).quiet_since == shop.now_ms
    tick(shop, 4 * HOUR)
    assert paged(shop) == ["A"]


def test_the_ceiling_is_that_of_all_its_causes_together(shop: Station) -> None:
    """One cause after the other does not keep an alert quiet for ever."""
    down(shop, "db", 1)
    one = down(shop, "shop", 2)
    since = running(shop, one).quiet_since
    tick(shop, 3 * HOUR)
    san = down(shop, "san", 4)
    over(shop, 1)
    tick(shop)
    tick(shop, 2 * MINUTE)
    state = running(shop, one)
    assert (state.quiet_by, state.quiet_since) == (san, since)
    assert since is not None
    assert state.due_at == since + 4 * HOUR


def test_a_silence_goes_before_a_cause(shop: Station) -> None:
    down(shop, "db", 1)
    silence = shop.do(SetSilence(matchers="service=shop", duration_ms=HOUR, reason="Works"))[0]
    one = down(shop, "shop", 2)
    assert running(shop, one).quiet_by == silence
    shop.do(LiftSilence(silence_id=silence))
    tick(shop)
    assert running(shop, one).quiet_by.startswith("A-")


def test_other_rules_are_heeded_at_once(shop: Station) -> None:
    db, one = down(shop, "db", 1), down(shop, "shop", 2)
    paged(shop)
    shop.do(c.AcknowledgeAlerts(alert_ids=[db]))
    [version] = shop.bench.at_hand.policies()
    shop.do(WithdrawPolicy(version_id=version.version_id))
    assert tick(shop) == 1
    tick(shop, MINUTE)
    assert paged(shop) == ["A"]
    two = down(shop, "till", 3)
    assert paged(shop) == ["A"]
    rule = {"kind": "inhibition", "when": "service=db", "keep_quiet": "service=till"}
    publish(shop, rule, "Rule")
    tick(shop, 15 * MINUTE)
    assert running(shop, two).quiet_by == db
    assert running(shop, one).quiet_by == ""


def test_a_rule_published_and_a_cause_fired_in_the_same_group_count(station: Station) -> None:
    person(station, "A")
    station.now_ms += 1
    rule = PublishPolicy(name="Needs", content=NEEDS)

    def taken(number: int, service: str) -> c.TakeIn:
        return c.TakeIn(signals=[signal(number, severity="critical", service=service)])

    [db], _rule, [one] = station.do(taken(1, "db"), rule, taken(2, "shop"))
    assert running(station, one).quiet_by == db


def test_a_refused_command_leaves_no_cause_behind(shop: Station) -> None:
    one = down(shop, "shop", 2, "high")
    bench = shop.bench
    before = down(shop, "san", 9, "low")
    bench.begin("Ann", shop.now_ms)
    bench.emit(
        before,
        "alert.repeated",
        {"epoch": "n1", "set": {"severity": "emergency", "service": "db"}},
    )
    causes = bench.at_hand.causes(bench.touched)
    assert causes.keeping(bench.need(Alert, one, "alert_id")) is not None
    bench.take_back()
    assert causes.keeping(bench.need(Alert, one, "alert_id")) is None


def test_a_restart_forgets_no_cause(shop: Station) -> None:
    db = down(shop, "db", 1)
    shop.recover()
    one = down(shop, "shop", 2)
    assert running(shop, one).quiet_by == db


def test_an_engine_that_died_in_between_is_made_good(shop: Station) -> None:
    down(shop, "db", 1)
    one = down(shop, "shop", 2)
    paged(shop)
    over(shop, 1)
    shop.recover()
    assert tick(shop) == 0, "the fall was in memory alone"
    assert look(shop) == 0
    tick(shop, MINUTE)
    assert paged(shop) == ["A"]
    assert running(shop, one).number == 1


def test_a_station_without_duty_leaves_it_to_the_others_for_a_while(shop: Station) -> None:
    down(shop, "db", 1)
    one = down(shop, "shop", 2)
    over(shop, 1)
    late = MindEscalations(late_ms=5_000)
    assert shop.do(late, actor="engine") == [0]
    assert running(shop, one).quiet_by != ""
    shop.now_ms += 5_000
    assert shop.do(late, actor="engine") == [1]
    assert running(shop, one).quiet_by == ""
    assert shop.do(late, actor="engine") == [0]


def test_many_are_woken_in_turns(shop: Station) -> None:
    down(shop, "db", 1)
    for number in range(2, 9):
        down(shop, "shop", number)
    over(shop, 1)
    bench = shop.bench
    turns = []
    for _ in range(4):
        bench.begin("engine", shop.now_ms)
        turns.append(wake_fallen(bench, 3))
        shop.do()
    assert turns == [3, 3, 1, 0]
    woken = [s for s in bench._states.values() if isinstance(s, Escalation) and not s.quiet_by]
    assert len(woken) == 8


def test_only_what_alerts_keep_quiet_is_orphaned(shop: Station) -> None:
    db = down(shop, "db", 1)
    one = down(shop, "shop", 2)
    bench = shop.bench
    bench.begin("engine", shop.now_ms)
    assert wake_orphaned(bench, ["wait", "flapping", "SIL-1", db], 9) == 0
    assert bench.sealed == []
    over(shop, 1)
    bench.begin("engine", shop.now_ms)
    assert wake_orphaned(bench, [db], 9) == 1
    [event] = [s.event for s in bench.sealed]
    assert (event.agg, event.body["why"]) == (running(shop, one).escalation_id, CAUSE_OVER)


def test_without_a_time_to_settle_it_pages_at_once(tmp_path: Path) -> None:
    station = Station(tmp_path, policy=Policy(settle_ms=0))
    try:
        person(station, "A")
        publish(station)
        down(station, "db", 1)
        down(station, "shop", 2)
        paged(station)
        over(station, 1)
        while tick(station):
            pass
        assert paged(station) == ["A"]
    finally:
        station.close()


SERVICES = ("san", "db", "shop", "till")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["fire", "fire", "resolve", "ack", "unack", "silence", "lift", "edit"]),
        st.integers(0, 5),
        st.sampled_from(["high", "critical", "emergency"]),
        st.sampled_from([500, 20_000, 10 * MINUTE, HOUR, 5 * HOUR]),
    ),
    max_size=25,
)
RULES = (
    NEEDS,
    {"kind": "inhibition", "when": "severity=critical", "keep_quiet": "severity=high"},
    {"kind": "inhibition", "when": "service=shop", "keep_quiet": "service=db", "equal": ["x"]},
)


def move(station: Station, what: str, number: int, severity: str, alerts: dict[int, str]) -> None:
    service = SERVICES[number % 4]
    known = alerts.get(number, "A-NONE")
    if what == "fire":
        alerts[number] = fire(station, number, severity, service=service)
    elif what == "resolve":
        over(station, number)
        if number in alerts:
            assert not station.bench.need(Alert, known, "alert_id").is_open
    elif what == "ack":
        station.do(c.AcknowledgeAlerts(alert_ids=[known]))
    elif what == "unack":
        station.do(c.UnacknowledgeAlerts(alert_ids=[known]))
    elif what == "edit":
        station.do(c.EditAlert(alert_id=known, changes={"severity": severity}))
    elif what == "silence":
        order = SetSilence(matchers=f"service={service}", duration_ms=HOUR, reason="x")
        station.do(order)
    else:
        for one in station.bench.at_hand.silences(station.now_ms):
            station.do(LiftSilence(silence_id=one.silence_id))


def check_nobody_is_lost(station: Station, alerts: dict[int, str]) -> None:
    for alert_id in alerts.values():
        alert = station.bench.need(Alert, alert_id, "alert_id")
        if alert.status != AlertStatus.ACTIVE:
            continue
        state = running(station, alert_id)
        assert state.due_at is not None
        assert state.due_at > station.now_ms
        assert state.due_at <= station.now_ms + 4 * HOUR + MINUTE
        if state.quiet_since is not None and state.quiet_by.startswith("A-"):
            assert state.due_at <= state.quiet_since + 4 * HOUR
            assert alert.severity != "emergency"
    assert look(station) == 0


@given(moves=MOVES, rules=st.sets(st.integers(0, 2)))
@settings(deadline=None, max_examples=100)
def test_no_open_alert_that_nobody_has_is_without_a_next_moment(
    tmp_path_factory: pytest.TempPathFactory,
    moves: list[tuple[str, int, str, int]],
    rules: set[int],
) -> None:
    """Whatever is inhibited, flapping, silenced or taken back."""
    station = Station(tmp_path_factory.mktemp("causing"))
    try:
        person(station, "A")
        for number in sorted(rules):
            publish(station, RULES[number], f"Rule {number}")
        alerts: dict[int, str] = {}
        for what, number, severity, ms in moves:
            move(station, what, number, severity, alerts)
            station.now_ms += ms
            while tick(station):
                pass
            check_nobody_is_lost(station, alerts)
    finally:
        station.close()
