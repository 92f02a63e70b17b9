"""An acknowledgement holds for a time: the last word counts, an end names what it had seen."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import fold, state_bytes, state_from_bytes
from crisisdesk.domain.holding import HOLD_MS, LAPSED_KEPT, HoldPolicy
from crisisdesk.domain.severity import Severity

from tests.domain.events import JONAS, KLARA, START
from tests.domain.test_merge import BERLIN, PRAGUE, Two

MINUTE = 60_000


def until(minute: int) -> int:
    return START + minute * MINUTE


def hold(minute: int, *, epoch: str = "n1", ask: bool = True) -> dict[str, Any]:
    told = {"epoch": epoch, "life": 1, "until": until(minute)}
    return told | ({"ask_at": until(minute) - 5 * MINUTE} if ask else {})


def taken(holds: int = 30) -> tuple[Two, Event]:
    log = Two("A-1")
    log.fire(PRAGUE, 0)
    ack = log.add(PRAGUE, 60, "alert.acknowledged", epoch="n1", life=1, hold=hold(holds))
    return log, ack


def run_out(log: Two, origin: str, at: int, ack: Event, end: int, **more: Any) -> Event:
    body = {"epoch": "n1", "life": 1, "ack_id": ack.id, "until": end, "owner": KLARA}
    return log.add(origin, at, "alert.ack_expired", **(body | more))


def any_order(log: Two) -> Alert:
    """What all orders of arrival agree on."""
    found = {state_bytes(state) for p in permutations(log.events) if (state := fold(p))}
    assert len(found) == 1
    state = state_from_bytes("alert", found.pop())
    assert isinstance(state, Alert)
    return state


def test_each_severity_that_pages_has_its_time_and_is_asked_before() -> None:
    policy = HoldPolicy()
    assert policy.span("critical", START) == (until(30), until(25))
    assert policy.span("high", START) == (until(120), until(115))
    # The last third of a short one.
    assert policy.span("emergency", START) == (until(15), until(10))
    short = HoldPolicy(hold_ms={"critical": 6 * MINUTE}, ask_ms=5 * MINUTE)
    assert short.span("critical", START) == (until(6), until(4))
    assert HoldPolicy(ask_ms=0).span("critical", START) == (until(30), None)
    assert [s for s in Severity if policy.span(s, START) is None] == ["low", "medium"]
    assert set(HOLD_MS) == set(Severity)


def test_it_is_asked_first_and_decided_after() -> None:
    log, _ack = taken()
    assert any_order(log).hold_due == until(25)
    log.add(BERLIN, 1_500, "alert.ack_asked", epoch="n1", life=1, until=until(30))
    state = any_order(log)
    assert (state.hold_asked_at, state.hold_due) == (START + 1_500_000, until(30))


def test_what_runs_out_leaves_it_to_nobody_with_a_new_clock() -> None:
    log, ack = taken()
    run_out(log, PRAGUE, 1_800, ack, until(30), sla_deadline=until(35), sla_prealarm_at=until(34))
    state = any_order(log)
    assert (state.status, state.owner, state.hold_until) == ("active", "", None)
    assert (state.sla_deadline, state.sla_prealarm_at) == (until(35), until(34))
    # The first response goes on counting.
    assert state.response_ms == 60_000
    [lapse] = state.lapsed
    assert (lapse["by"], lapse["at"], lapse["late"]) == (KLARA, START + 60_000, False)


def test_a_sign_of_life_that_the_decision_had_not_seen_stands() -> None:
    log, ack = taken()
    log.add(PRAGUE, 1_795, "alert.ack_renewed", epoch="n1", life=1, hold=hold(60))
    run_out(log, BERLIN, 1_800, ack, until(30))
    state = any_order(log)
    assert (state.owner, state.hold_until, state.lapsed) == (KLARA, until(60), [])
    assert [t["what"] for t in state.also_done] == ["ack_expired"]


def test_still_on_it_said_too_late_takes_it_again() -> None:
    log, ack = taken()
    run_out(log, BERLIN, 1_800, ack, until(30))
    log.add(PRAGUE, 1_805, "alert.ack_renewed", epoch="n1", life=1, hold=hold(60))
    state = any_order(log)
    assert (state.status, state.owner, state.hold_until) == ("acknowledged", KLARA, until(60))
    assert (state.response_ms, len(state.lapsed)) == (60_000, 1)


def test_a_note_renews_only_what_stands() -> None:
    log, ack = taken()
    run_out(log, BERLIN, 1_800, ack, until(30))
    log.add(PRAGUE, 1_805, "alert.noted", epoch="n1", text="restarting", hold=hold(60))
    state = any_order(log)
    assert (state.owner, state.hold_until) == ("", None)


def test_another_persons_unseen_acknowledgement_stands_and_gets_an_end_of_its_own() -> None:
    log, ack = taken()
    # An older program gives no end.
    log.add(BERLIN, 1_700, "alert.acknowledged", epoch="n1")
    run_out(log, PRAGUE, 1_800, ack, until(30))
    state = any_order(log)
    assert (state.owner, state.status, state.hold_until) == (JONAS, "acknowledged", None)
    assert state.lapsed == []


@pytest.mark.parametrize("epoch", ["n0", "n2"])
def test_what_is_said_of_another_occurrence_renews_nothing(epoch: str) -> None:
    log, _ack = taken()
    log.add(PRAGUE, 100, "alert.ack_renewed", epoch=epoch, life=1, hold=hold(60, epoch=epoch))
    state = any_order(log)
    assert state.hold_until == until(30)
    assert state.also_done[0]["what"] == "renewed"


def test_an_older_question_marks_nothing() -> None:
    log, _ack = taken()
    log.add(PRAGUE, 70, "alert.ack_renewed", epoch="n1", life=1, hold=hold(40))
    log.add(BERLIN, 80, "alert.ack_asked", epoch="n1", life=1, until=until(30))
    assert any_order(log).hold_asked_at is None


def test_nothing_is_due_of_what_is_over_and_reopening_begins_anew() -> None:
    log, ack = taken()
    run_out(log, PRAGUE, 1_800, ack, until(30))
    log.add(PRAGUE, 1_900, "alert.acknowledged", epoch="n1", life=1, hold=hold(62))
    log.add(PRAGUE, 2_000, "alert.resolved", epoch="n1", life=1)
    assert any_order(log).hold_due is None
    body = {"epoch": "n1", "life": 2, "sla_deadline": 5, "sla_prealarm_at": 4}
    log.add(PRAGUE, 2_100, "alert.reopened", **body)
    state = any_order(log)
    assert (state.lapsed, state.hold_until, state.response_ms) == ([], None, None)


def test_the_first_and_the_newest_that_ran_out_are_kept() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 0)
    for n in range(LAPSED_KEPT + 4):
        at = 60 + n * 100
        body = {"epoch": "n1", "life": 1, "hold": hold(n + 1, ask=False)}
        ack = log.add(PRAGUE, at, "alert.acknowledged", **body)
        run_out(log, PRAGUE, at + 50, ack, until(n + 1))
    state = fold(log.events)
    assert isinstance(state, Alert)
    assert len(state.lapsed) == LAPSED_KEPT
    assert state.lapsed[0]["at"] == START + 60_000
    assert state.lapsed[-1]["at"] == START + (60 + (LAPSED_KEPT + 3) * 100) * 1_000
    assert state.response_ms == 60_000
