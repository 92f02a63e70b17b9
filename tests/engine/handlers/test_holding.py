"""Still on it: asked before the end, renewed by a word, run out without one; nobody is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import Stored
from crisisdesk.domain.fold import state_bytes
from crisisdesk.domain.holding import HoldPolicy
from crisisdesk.engine import commands as c
from crisisdesk.engine.hold_commands import (
    AcceptOffer,
    DeclineOffer,
    MindHolds,
    OfferAlert,
    RenewAlerts,
    WithdrawOffer,
)
from crisisdesk.engine.policy import Policy

from tests.engine.handlers.test_escalating import (
    HOUR,
    MINUTE,
    fire,
    look,
    move,
    paged,
    person,
    running,
    tick,
)
from tests.engine.handlers.test_leases import PRIYA, SAM, ack, alert_of, hold_left
from tests.store.workload import Station


def mind(station: Station, ms: int = 0, **more: Any) -> int:
    station.now_ms += ms
    minded: int = station.do(MindHolds(**more), actor="engine")[0]
    return minded


def titles(station: Station) -> list[tuple[str, str]]:
    """Who is to be told what, of pages that wait."""
    states = station.bench._states.values()
    waiting = [s for s in states if isinstance(s, Delivery) and s.due_at is not None]
    return sorted((d.contact_name, d.title.partition(" ")[0]) for d in waiting)


def taken(station: Station, severity: str = "critical") -> str:
    """Sam has it; both were paged and the pages are out of the way."""
    for name in (SAM, PRIYA):
        person(station, name)
    alert_id = fire(station, severity=severity)
    ack(station, alert_id)
    paged(station)
    tick(station, 5 * MINUTE)
    return alert_id


def kinds(station: Station, alert_id: str) -> list[str]:
    return [e.kind.removeprefix("alert.") for e in station.journal.story(alert_id)[1]]


def test_the_owner_is_asked_before_the_end_once_by_his_usual_method(station: Station) -> None:
    alert_id = taken(station)
    assert mind(station, 19 * MINUTE) == 0
    assert mind(station, MINUTE) == 1
    assert titles(station) == [(SAM, "Still")]
    assert mind(station) == 0
    assert alert_of(station, alert_id).hold_asked_at == station.now_ms - 7
    assert kinds(station, alert_id)[-1] == "ack_asked"


def test_a_word_renews_it_and_takes_the_question_back(station: Station) -> None:
    alert_id = taken(station)
    mind(station, 20 * MINUTE)
    station.do(RenewAlerts(alert_ids=[alert_id]), actor=SAM)
    assert hold_left(station, alert_id) == 30
    state = alert_of(station, alert_id)
    assert (state.hold_asked_at, state.owner) == (None, SAM)
    [page] = [s for s in station.bench._states.values() if isinstance(s, Delivery) and s.due_at]
    assert station.do(c.ClaimDeliveries(), actor="engine")[0] == []
    after = station.bench.need(Delivery, page.delivery_id, "delivery_id")
    assert (after.status, after.words) == ("superseded", f"{SAM} answered")


def test_unanswered_it_runs_out_and_others_are_paged_at_once(station: Station) -> None:
    alert_id = taken(station)
    tick(station, 10 * MINUTE)
    mind(station, 10 * MINUTE)
    assert mind(station, 5 * MINUTE) == 1
    state = alert_of(station, alert_id)
    assert (state.status, state.owner, state.hold_due) == (AlertStatus.ACTIVE, "", None)
    assert state.sla_deadline > station.now_ms
    esc = running(station, alert_id)
    assert esc.number == 2
    assert esc.due_at is not None
    # The question that still waits does not stand for the page.
    assert (PRIYA, "payments-3:") in titles(station)
    assert (SAM, "payments-3:") in titles(station)
    assert mind(station) == 0


def test_the_reason_is_told_where_the_escalation_goes_on(station: Station) -> None:
    alert_id = taken(station)
    tick(station, 10 * MINUTE)
    mind(station, 15 * MINUTE)
    esc = running(station, alert_id)
    events = station.journal.story(esc.escalation_id)[1]
    [why] = [e.body["why"] for e in events if e.kind == "escalation.resumed"]
    assert why == f"the acknowledgement of {SAM} ran out"


def test_an_engine_that_was_away_decides_when_it_wakes(station: Station) -> None:
    alert_id = taken(station)
    folder = station.path.parent
    now = station.now_ms + 3 * HOUR
    station.close()
    woken = Station(folder, now_ms=now)
    try:
        assert mind(woken) == 1
        assert alert_of(woken, alert_id).owner == ""
        assert kinds(woken, alert_id)[-1] == "ack_expired"
    finally:
        woken.journal.close()


def test_who_is_no_contact_is_asked_at_the_desk_and_that_is_said(station: Station) -> None:
    person(station, PRIYA)
    alert_id = fire(station)
    ack(station, alert_id, "somebody")
    paged(station)
    mind(station, 25 * MINUTE)
    assert titles(station) == []
    [asked] = [e for e in station.journal.story(alert_id)[1] if e.kind == "alert.ack_asked"]
    assert asked.body["contacts"] == []
    assert "no contact is called somebody" in asked.body["words"]
    assert alert_of(station, alert_id).hold_asked_at is not None


def test_where_the_owner_cannot_be_paged_who_leads_the_incident_is(station: Station) -> None:
    person(station, PRIYA)
    alert_id = fire(station)
    ack(station, alert_id, "somebody")
    station.do(c.EscalateAlert(alert_id=alert_id, commander=PRIYA), actor="somebody")
    paged(station)
    mind(station, 26 * MINUTE)
    assert titles(station) == [(PRIYA, "Still")]


def test_a_severity_may_be_without_end(tmp_path: Path) -> None:
    off = HoldPolicy(hold_ms={"high": 0, "critical": 0, "emergency": 0, "medium": 0, "low": 0})
    station = Station(tmp_path / "off", policy=Policy(hold=off))
    try:
        alert_id = taken(station)
        assert alert_of(station, alert_id).hold_due is None
        assert mind(station, 100 * HOUR, look=True) == 0
        assert alert_of(station, alert_id).owner == SAM
    finally:
        station.journal.close()


def test_acknowledgements_of_an_older_program_get_an_end_from_now(station: Station) -> None:
    alert_id = fire(station)
    quiet = fire(station, number=4, severity="low")
    station.bench.begin(SAM, station.now_ms)
    for name in (alert_id, quiet):
        station.bench.emit(name, "alert.acknowledged", {"epoch": "n1"})
    station.do()
    station.now_ms += 50 * HOUR
    assert mind(station) == 0
    assert mind(station, look=True) == 1
    assert hold_left(station, alert_id) == 30
    assert mind(station, look=True) == 0
    assert alert_of(station, quiet).hold_until is None


def test_another_station_is_late_so_that_the_one_on_duty_decides(station: Station) -> None:
    alert_id = taken(station)
    assert mind(station, 20 * MINUTE, late_ms=5_000) == 0
    assert mind(station, 5_000, late_ms=5_000) == 1
    assert mind(station, 5 * MINUTE - 4_900, late_ms=5_000) == 0
    assert alert_of(station, alert_id).owner == SAM


@pytest.mark.parametrize(
    ("who", "before", "problem"),
    [
        (PRIYA, "ack", f"{SAM} has"),
        (SAM, "nothing", "nobody has"),
        (SAM, "resolve", "already resolved"),
    ],
)
def test_only_who_has_it_can_say_still_on_it(
    station: Station, who: str, before: str, problem: str
) -> None:
    alert_id = fire(station)
    if before != "nothing":
        ack(station, alert_id)
    if before == "resolve":
        station.do(c.ResolveAlert(alert_id=alert_id))
    refused = station.do(RenewAlerts(alert_ids=[alert_id]), actor=who)[0]
    assert isinstance(refused, DomainError)
    assert problem in str(refused)


def test_an_occurrence_that_was_not_seen_is_not_renewed(station: Station) -> None:
    alert_id = fire(station)
    ack(station, alert_id)
    for epochs in (["n0"], ["n1", "n1"]):
        refused = station.do(RenewAlerts(alert_ids=[alert_id], epochs=epochs), actor=SAM)[0]
        assert isinstance(refused, DomainError)
    assert station.do(RenewAlerts(alert_ids=[alert_id], epochs=["n1"]), actor=SAM) == [[alert_id]]


def test_an_offer_nobody_answers_goes_back_and_the_giver_is_told(station: Station) -> None:
    alert_id = taken(station)
    station.do(OfferAlert(alert_id=alert_id, to=PRIYA), actor=SAM)
    assert titles(station) == [(PRIYA, "Take")]
    assert mind(station, 10 * MINUTE) == 1
    state = alert_of(station, alert_id)
    assert (state.owner, state.handoff_id) == (SAM, "")
    assert (SAM, "Hand-off") in titles(station)
    assert mind(station) == 0


# -- two stations --------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Station, Station]]:
    made = (Station(tmp_path / "one", seed=1), Station(tmp_path / "two", seed=2))
    yield made
    for one in made:
        one.close()


def carry(to: Station, source: Station) -> None:
    """All that one station wrote, to the other."""
    sql = "SELECT origin, seq, raw, body, salt, hash FROM event WHERE origin=? ORDER BY seq"
    rows = source.journal._rows(sql, (source.bench.origin,))
    names = ("origin", "seq", "raw", "body", "salt", "hash")
    events = [Stored(**dict(zip(names, row, strict=True))) for row in rows]
    to.do(c.Absorb(events=events), actor="engine")


def same(two: tuple[Station, Station], alert_id: str) -> Alert:
    one, other = (alert_of(station, alert_id) for station in two)
    assert state_bytes(one) == state_bytes(other)
    return one


def test_both_decide_the_same_end_and_it_counts_once(two: tuple[Station, Station]) -> None:
    one, other = two
    alert_id = taken(one)
    carry(other, one)
    other.now_ms = one.now_ms
    for station in two:
        tick(station, 10 * MINUTE)
        mind(station, 15 * MINUTE)
        assert alert_of(station, alert_id).owner == ""
    carry(other, one)
    carry(one, other)
    assert len(same(two, alert_id).lapsed) == 1
    assert running(one, alert_id).number == running(other, alert_id).number == 2


def test_said_at_one_and_run_out_at_the_other_what_was_said_stands(
    two: tuple[Station, Station],
) -> None:
    one, other = two
    alert_id = taken(one)
    carry(other, one)
    other.now_ms = one.now_ms + 25 * MINUTE
    one.now_ms += 24 * MINUTE
    station_says = RenewAlerts(alert_ids=[alert_id])
    assert one.do(station_says, actor=SAM) == [[alert_id]]
    mind(other)
    assert alert_of(other, alert_id).owner == ""
    carry(other, one)
    carry(one, other)
    alert = same(two, alert_id)
    assert (alert.owner, alert.lapsed) == (SAM, [])
    one.now_ms = other.now_ms = one.now_ms + HOUR
    for station in two:
        mind(station)
        tick(station)
    assert alert_of(one, alert_id).owner == ""


# -- nobody is ever left alone -------------------------------------------------------------------

DEEDS = ["fire", "resolve", "ack", "unack", "reopen", "close", "silence", "lift", "tick"]
OURS = ["still", "claim", "note", "worse", "offer", "accept", "decline", "withdraw", "incident"]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(DEEDS + OURS),
        st.integers(0, 2),
        st.sampled_from([SAM, PRIYA]),
        st.sampled_from([1_000, 20_000, 10 * MINUTE, 26 * MINUTE, 5 * HOUR]),
    ),
    max_size=30,
)


def deed(station: Station, what: str, number: int, who: str, alerts: dict[int, str]) -> None:
    known = alerts.get(number, "A-NONE")
    orders: dict[str, Any] = {
        "ack": c.AcknowledgeAlerts(alert_ids=[known]),
        "still": RenewAlerts(alert_ids=[known]),
        "claim": c.InvestigateAlert(alert_id=known),
        "note": c.NoteAlert(alert_id=known, text="x"),
        "worse": c.EditAlert(alert_id=known, changes={"severity": "emergency"}),
        "offer": OfferAlert(alert_id=known, to=PRIYA if who == SAM else SAM),
        "accept": AcceptOffer(alert_id=known),
        "decline": DeclineOffer(alert_id=known, reason="asleep"),
        "withdraw": WithdrawOffer(alert_id=known),
        "incident": c.EscalateAlert(alert_id=known),
    }
    if what in orders:
        station.do(orders[what], actor=who)
    else:
        move(station, what, number, alerts)


def must_have_a_next_moment(station: Station, alert_id: str) -> None:
    alert = alert_of(station, alert_id)
    if not alert.is_open:
        assert alert.hold_due is None
        return
    if alert.status == AlertStatus.ACTIVE:
        due = running(station, alert_id).due_at
        assert due is not None
        assert due > station.now_ms
    else:
        assert alert.hold_until is not None
    if alert.hold_due is not None:
        assert alert.hold_due > station.now_ms


@given(moves=MOVES)
@settings(deadline=None, max_examples=120)
def test_no_open_alert_that_pages_is_without_a_next_moment(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, str, int]]
) -> None:
    station = Station(tmp_path_factory.mktemp("holding"))
    try:
        person(station, SAM)
        person(station, PRIYA)
        alerts: dict[int, str] = {}
        for what, number, who, ms in moves:
            deed(station, what, number, who, alerts)
            station.now_ms += ms
            while mind(station) or tick(station):
                pass
            for alert_id in alerts.values():
                must_have_a_next_moment(station, alert_id)
            assert mind(station, look=True) == 0
            assert look(station) == 0
    finally:
        station.journal.close()


def test_the_state_of_a_fold_is_never_taken_for_what_it_is_not(station: Station) -> None:
    """Of an alert that an older program left with an end in the past only its holder loses it."""
    alert_id = taken(station)
    state = alert_of(station, alert_id)
    assert replace(state, status="resolved").hold_due is None
    assert replace(state, newer_needed="alert.x!").hold_due is None
