"""Nobody has been reached: held against a plain model of the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.reached import (
    LIMIT_MS,
    LOST_MS,
    NO_ANSWER,
    REACHED,
    Message,
    Verdict,
    Waiting,
    call_note,
    judge,
    lost_since,
    read_call,
    unreached_since,
)

T = 1_770_861_902_000
ALERT = Waiting(alert_id="A-1", severity="critical", epoch="e1", detected_at=T)
SENT = Message(epoch="e1", status="sent", queued_at=T + 20)

statuses = st.sampled_from(
    ("queued", "sending", "bundled", "sent", "delivered", "read", "failed", "expired", "superseded")
)
messages = st.builds(
    Message,
    epoch=st.sampled_from(("e1", "e2")),
    status=statuses,
    queued_at=st.integers(T - 5, T + 5),
    carrier=st.one_of(st.just(""), statuses),
    lost_at=st.one_of(st.none(), st.integers(T - 5, T + LIMIT_MS + 5)),
)
alerts = st.builds(
    Waiting,
    alert_id=st.sampled_from(("A-1", "A-2", "A-3", "A-4")),
    severity=st.sampled_from(("low", "medium", "high", "critical", "emergency")),
    epoch=st.sampled_from(("e1", "e2")),
    detected_at=st.integers(T - 5, T + 5),
    status=st.sampled_from(("active", "acknowledged", "investigating", "resolved", "closed")),
    owner=st.sampled_from(("", "", "Mateo Ruiz")),
    life=st.integers(1, 3),
    quiet_until=st.one_of(st.none(), st.integers(T, T + 2 * LIMIT_MS)),
    called=st.booleans(),
)
cases = st.lists(
    st.tuples(alerts, st.lists(messages, max_size=4)),
    max_size=4,
    unique_by=lambda case: case[0].alert_id,
)


def is_unreached(alert: Waiting, sent: list[Message], now_ms: int) -> bool:
    """The rule as it is told to a person, at one moment."""
    loud = alert.severity in ("critical", "emergency")
    alone = alert.status == "active" and not alert.owner and not alert.called
    silenced = alert.quiet_until is not None and now_ms < alert.quiet_until
    news = [
        one
        for one in sent
        if one.epoch == alert.epoch and (alert.life == 1 or one.queued_at >= alert.detected_at)
    ]
    needed = [one for one in news if one.status != "superseded"]
    known = [one.lost_at for one in needed if one.lost_at is not None]
    in_vain = bool(needed) and len(known) == len(needed)
    late = now_ms - alert.detected_at >= 120_000 or (
        in_vain and now_ms - max(*known, alert.detected_at) >= 15_000
    )
    heard = any(
        one.status in ("delivered", "read")
        or (one.status == "sent" and one.carrier in ("delivered", "read"))
        for one in news
    )
    return loud and alone and late and not silenced and not heard


@given(cases, st.integers(T - 10, T + 3 * LIMIT_MS))
def test_the_verdict_is_the_rule_applied_to_each(
    case: list[tuple[Waiting, list[Message]]], now_ms: int
) -> None:
    verdict = judge(case, now_ms)
    expected = {alert.alert_id for alert, sent in case if is_unreached(alert, sent, now_ms)}
    assert {alert.alert_id for alert in verdict.unreached} == expected
    ranks = [alert.severity for alert in verdict.unreached]
    assert ranks == sorted(ranks, key=("emergency", "critical").index)


@given(cases, st.integers(T - 10, T + 3 * LIMIT_MS))
def test_nothing_becomes_so_before_the_next_moment_and_something_does_at_it(
    case: list[tuple[Waiting, list[Message]]], now_ms: int
) -> None:
    verdict = judge(case, now_ms)
    before = {alert.alert_id for alert in verdict.unreached}
    if verdict.next_ms is None:
        assert {a.alert_id for a in judge(case, now_ms + 9 * LIMIT_MS).unreached} == before
        return
    assert verdict.next_ms > now_ms
    just_before = {a.alert_id for a in judge(case, verdict.next_ms - 1).unreached}
    assert just_before == before
    assert {a.alert_id for a in judge(case, verdict.next_ms).unreached} > before


def test_it_is_so_two_minutes_after_it_was_detected_to_the_millisecond() -> None:
    assert unreached_since(ALERT, [SENT]) == T + LIMIT_MS
    assert judge([(ALERT, [SENT])], T + LIMIT_MS - 1) == Verdict(next_ms=T + LIMIT_MS)
    assert judge([(ALERT, [SENT])], T + LIMIT_MS) == Verdict(unreached=(ALERT,))


@pytest.mark.parametrize("status", ["delivered", "read"])
def test_one_message_that_arrived_is_enough(status: str) -> None:
    assert unreached_since(ALERT, [SENT, replace(SENT, status=status)]) is None
    carried = replace(SENT, carrier=status)
    assert unreached_since(ALERT, [carried]) is None


def test_what_arrived_in_an_earlier_life_or_epoch_tells_nobody_of_this_one() -> None:
    told = replace(SENT, status="read", queued_at=T - 60_000)
    assert unreached_since(replace(ALERT, life=2), [told]) == T + LIMIT_MS
    assert unreached_since(replace(ALERT, epoch="e2"), [told]) == T + LIMIT_MS
    # In the first life another station's clock may have run behind.
    assert unreached_since(ALERT, [told]) is None


def test_it_is_so_sooner_where_no_message_can_arrive() -> None:
    lost = replace(SENT, status="failed", lost_at=T + 1_000)
    assert unreached_since(ALERT, [lost]) == T + 1_000 + LOST_MS
    assert unreached_since(ALERT, [lost, SENT]) == T + LIMIT_MS, "that one may arrive"
    assert unreached_since(ALERT, [lost, replace(SENT, status="superseded")]) == T + 1_000 + LOST_MS
    later = replace(lost, lost_at=T + LIMIT_MS)
    assert unreached_since(ALERT, [lost, later]) == T + LIMIT_MS, "never later than it was"
    early = replace(lost, lost_at=T - 60_000)
    assert unreached_since(ALERT, [early]) == T + LOST_MS, "an outage that began before it"
    quiet = replace(ALERT, quiet_until=T + 90_000)
    assert unreached_since(quiet, [lost]) == T + 90_000
    assert unreached_since(replace(ALERT, lost_at=T)) == T + LOST_MS


def test_what_was_lost_in_an_earlier_life_says_nothing_of_this_one() -> None:
    lost = replace(SENT, status="failed", queued_at=T - 9_000, lost_at=T - 5_000)
    assert lost_since(replace(ALERT, life=2), [lost]) is None
    assert lost_since(ALERT, [replace(lost, epoch="e0")]) is None
    assert lost_since(ALERT, []) is None


@given(st.text(min_size=1), st.sampled_from((REACHED, NO_ANSWER)))
def test_the_note_of_a_call_is_read_back(name: str, outcome: str) -> None:
    assert read_call(call_note(name, outcome)) == (name, outcome)


@pytest.mark.parametrize(
    "text", ["", "Called", "Called Ann: asleep", "I called Ann: reached", "Called Ann: reached."]
)
def test_other_notes_are_no_calls(text: str) -> None:
    assert read_call(text) is None
