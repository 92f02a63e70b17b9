"""When the weekly audit is due, and that it runs once a week."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.audit_week import (
    DAY_MS,
    KIND,
    WEEK_MS,
    Run,
    Weekly,
    content_of,
    due_now,
    known_since,
    last_run,
    next_run,
)
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.ids import uuid7_hex
from crisisdesk.domain.policy_version import PolicyVersion

HOUR_MS = 3_600_000
MONDAY_9 = round(datetime(2026, 11, 30, 9, tzinfo=UTC).timestamp() * 1000)
ZONES = ("UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati")
moments = st.integers(1_700_000_000_000, 2_500_000_000_000)
weeklies = st.builds(
    Weekly, weekday=st.integers(0, 6), hour=st.integers(0, 23), zone=st.sampled_from(ZONES)
)


def version(content: dict[str, Any], at: int = MONDAY_9, **more: Any) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{content}", name="n", content=content, published_at=at, **more
    )


def test_monday_at_nine_is_monday_at_nine_of_its_zone() -> None:
    assert Weekly().last_due(MONDAY_9) == MONDAY_9
    assert Weekly().last_due(MONDAY_9 - 1) == MONDAY_9 - WEEK_MS
    assert Weekly().next_due(MONDAY_9) == MONDAY_9 + WEEK_MS
    assert Weekly().next_due(MONDAY_9 - 1) == MONDAY_9
    prague = Weekly(zone="Europe/Prague")
    assert prague.last_due(MONDAY_9) == MONDAY_9 - HOUR_MS
    friday = Weekly(weekday=4, hour=0)
    assert friday.next_due(MONDAY_9) == MONDAY_9 + 4 * DAY_MS - 9 * HOUR_MS


def test_an_unknown_zone_is_taken_as_utc() -> None:
    assert Weekly(zone="Mars/Base").last_due(MONDAY_9) == MONDAY_9


@given(weeklies, moments)
def test_now_lies_between_two_moments_that_are_on_the_right_clock(weekly: Weekly, now: int) -> None:
    last, then = weekly.last_due(now), weekly.next_due(now)
    assert last <= now < then
    assert abs(then - last - WEEK_MS) <= 2 * HOUR_MS
    assert (weekly.last_due(then), weekly.next_due(last)) == (then, then)
    for at in (last, then):
        clock = datetime.fromtimestamp(at / 1000, ZoneInfo(weekly.zone))
        assert (clock.minute, clock.weekday()) == (0, weekly.weekday)
        # An hour that a change of clocks leaves out is the one after it.
        assert clock.hour - weekly.hour in (0, 1)


@given(weeklies, moments)
def test_it_is_due_once_in_a_week_however_often_it_is_asked(weekly: Weekly, start: int) -> None:
    ran: list[Run] = []
    for hour in range(0, 21 * 24, 5):
        now = start + hour * HOUR_MS
        due = due_now(weekly, ran[-1] if ran else None, 0, now)
        if due is not None:
            assert due <= now
            ran.append(Run(due, now))
    gaps = [later.due - run.due for run, later in pairwise(ran)]
    assert all(abs(gap - WEEK_MS) <= 2 * HOUR_MS for gap in gaps)
    assert 3 <= len(ran) <= 4


@given(weeklies, weeklies, moments)
def test_stations_that_were_told_different_hours_run_one_between_them(
    one: Weekly, other: Weekly, now: int
) -> None:
    due = due_now(one, None, 0, now)
    assert due is not None
    again = due_now(other, Run(due, now), 0, now)
    assert again is None or again - due >= WEEK_MS // 2


def test_one_that_was_missed_runs_however_late() -> None:
    ran = Run(MONDAY_9 - 5 * WEEK_MS, MONDAY_9 - 5 * WEEK_MS)
    assert due_now(Weekly(), ran, 0, MONDAY_9 + 6 * DAY_MS) == MONDAY_9
    assert next_run(Weekly(), ran, 0, MONDAY_9 + 6 * DAY_MS) == MONDAY_9 + 6 * DAY_MS


def test_nobody_is_audited_before_somebody_is_there() -> None:
    now = MONDAY_9 + HOUR_MS
    assert due_now(Weekly(), None, None, now) is None
    assert next_run(Weekly(), None, None, now) is None
    assert due_now(Weekly(), None, MONDAY_9 + 1, now) is None
    assert next_run(Weekly(), None, MONDAY_9 + 1, now) == MONDAY_9 + WEEK_MS
    assert due_now(Weekly(), None, MONDAY_9, now) == MONDAY_9


@given(weeklies, weeklies, moments, st.integers(0, 3 * WEEK_MS))
def test_when_it_runs_next_is_when_it_is_due(
    weekly: Weekly, other: Weekly, now: int, ago: int
) -> None:
    ran = Run(other.last_due(now - ago), now - ago)
    then = next_run(weekly, ran, 0, now)
    assert then is not None
    assert due_now(weekly, ran, 0, then) is not None
    if then > now:
        assert due_now(weekly, ran, 0, then - 1) is None


def test_the_newest_run_counts_and_a_wild_clock_does_not() -> None:
    runs = [version(content_of(MONDAY_9 - n * WEEK_MS), MONDAY_9 + n) for n in (0, 1, 2)]
    assert last_run(runs, MONDAY_9) == Run(MONDAY_9, MONDAY_9)
    wild = version(content_of(MONDAY_9 + 52 * WEEK_MS))
    taken_back = version(content_of(MONDAY_9 + 1), withdrawn_at=MONDAY_9)
    strange = [version({"kind": KIND, "due": "soon"}), version({"kind": "outage", "due": 1})]
    assert last_run([*runs, wild, taken_back, *strange], MONDAY_9) == Run(MONDAY_9, MONDAY_9)
    assert last_run(strange, MONDAY_9) is None


def test_somebody_is_known_since_their_card_was_written_first() -> None:
    def card(*moments: int, **more: Any) -> Contact:
        ids = [uuid7_hex(at, 5) for at in moments]
        set_by = {f"field{n}": name for n, name in enumerate(ids)}
        return Contact(contact_id="C", name="C", saved_id=ids[-1], set_by=set_by, **more)

    assert known_since([]) is None
    assert known_since([card(MONDAY_9, MONDAY_9 + 5), card(MONDAY_9 + 9)]) == MONDAY_9
    assert known_since([card(1, removed=True), card(2, enabled=False), card(7)]) == 7
    assert known_since([Contact(contact_id="C", name="C", saved_id="no id of ours")]) == 0


@pytest.mark.parametrize("ahead", [WEEK_MS, 2**47])
def test_a_card_from_the_future_does_not_keep_the_answer_waiting(ahead: int) -> None:
    found = next_run(Weekly(), None, MONDAY_9 + ahead, MONDAY_9)
    assert found == MONDAY_9 + WEEK_MS
