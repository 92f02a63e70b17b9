"""When a heartbeat is missing, and when nobody can say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.heartbeat import (
    HOUR_MS,
    LONGEST_MS,
    NOTHING,
    SHORTEST_MS,
    Hearing,
    Heartbeat,
    State,
    content_of,
    hash_of,
    heartbeats,
    missing_at,
    newest_hearer,
    patience,
    read_heartbeat,
    state_of,
)
from crisisdesk.domain.policy_version import PolicyVersion

MINUTE, DAY = 60_000, 24 * HOUR_MS
T = 1_770_861_902_000
ONE = Heartbeat(
    heartbeat_id="HB-1",
    version_id="POL-1",
    name="nightly",
    every_ms=5 * MINUTE,
    grace_ms=MINUTE,
    severity="critical",
    token_hash=hash_of("x"),
    paused=False,
    since=0,
    by="",
)
DAILY = replace(ONE, every_ms=DAY, grace_ms=HOUR_MS)


def content(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "heartbeat_id": "HB-1",
        "every_ms": 5 * MINUTE,
        "grace_ms": MINUTE,
        "severity": "critical",
        "token_hash": hash_of("x"),
        "paused": False,
        "since": T,
    }
    return content_of(**(given | changes))


def version(number: int = 1, **changes: Any) -> PolicyVersion:
    given: dict[str, Any] = {
        "version_id": f"POL-{number}",
        "name": "nightly",
        "content": content(),
        "published_at": T + number,
        "published_by": "Ann",
    }
    return PolicyVersion(**(given | changes))


def test_what_never_beat_is_never_missing() -> None:
    assert missing_at(ONE, NOTHING) is None
    assert state_of(ONE, NOTHING, T + 99 * DAY, is_told=False) is State.NEW


def test_it_is_late_in_its_grace_and_missing_after_it() -> None:
    heard = Hearing(beat=T)
    due = T + 5 * MINUTE
    states = [state_of(ONE, heard, at, is_told=False) for at in (T, due, due + 1, due + MINUTE)]
    assert states == [State.WELL, State.WELL, State.LATE, State.MISSING]
    assert missing_at(ONE, heard) == due + MINUTE


def test_a_job_that_began_has_its_grace_to_be_done() -> None:
    assert missing_at(ONE, Hearing(started=T)) == T + MINUTE
    assert missing_at(ONE, Hearing(beat=T - 1, started=T)) == T + MINUTE
    # A start before the last beat is over.
    assert missing_at(ONE, Hearing(beat=T + 1, started=T)) == T + 1 + 6 * MINUTE


def test_what_is_paused_is_not_missed_and_resumed_has_a_whole_period() -> None:
    heard = Hearing(beat=T - DAY)
    assert missing_at(replace(ONE, paused=True), heard) is None
    assert state_of(replace(ONE, paused=True), heard, T, is_told=False) is State.PAUSED
    assert missing_at(replace(ONE, since=T), heard) == T + 6 * MINUTE


def test_who_was_away_waits_a_whole_period_for_a_short_one() -> None:
    until = patience(ONE, T, T + MINUTE, T + 4 * MINUTE)
    assert until == T + 10 * MINUTE
    heard = Hearing(beat=T, patient_until=until)
    assert missing_at(ONE, heard) == until
    assert state_of(ONE, heard, T + 6 * MINUTE, is_told=False) is State.UNSURE


def test_a_long_period_is_not_begun_anew_by_a_restart_in_between() -> None:
    assert patience(DAILY, T, T + HOUR_MS, T + 2 * HOUR_MS) == 0
    touched = patience(DAILY, T, T + 23 * HOUR_MS, T + 24 * HOUR_MS)
    assert touched == T + 24 * HOUR_MS + DAY + HOUR_MS
    # Away for longer than the whole time in which it was due.
    assert patience(DAILY, T, T + HOUR_MS, T + 30 * HOUR_MS) == T + 30 * HOUR_MS + DAY + HOUR_MS


@given(st.integers(0, 10 * DAY), st.integers(0, DAY), st.integers(SHORTEST_MS, 3 * DAY))
def test_nobody_misses_a_beat_that_came_while_they_were_away(
    away_after: int, away_for: int, every: int
) -> None:
    one = replace(ONE, every_ms=every)
    away, back = T + away_after, T + away_after + away_for
    heard = Hearing(beat=T, patient_until=patience(one, T, away, back))
    at = missing_at(one, heard)
    due = T + every
    assert at is not None
    assert at >= due + one.grace_ms
    if away <= due + one.grace_ms and back >= due - one.grace_ms:
        # The beat that was due may have come the moment before this station was back.
        assert at >= back + every + one.grace_ms


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("every_s", {"every_ms": SHORTEST_MS - 1}),
        ("every_s", {"every_ms": LONGEST_MS + 1}),
        ("grace_s", {"grace_ms": 9_999}),
        ("severity", {"severity": "worst"}),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        content(**changes)
    assert refused.value.field == field


def test_the_newest_version_that_stands_counts_by_its_own_id() -> None:
    older, newer = version(1), version(2, content=content(every_ms=HOUR_MS))
    other = version(3, name="nightly", content=content(heartbeat_id="HB-2"))
    found = heartbeats([newer, other, older])
    assert [(one.heartbeat_id, one.every_ms) for one in found] == [
        ("HB-1", HOUR_MS),
        ("HB-2", 5 * MINUTE),
    ]
    gone = [replace(newer, withdrawn_at=T), replace(older, withdrawn_at=T)]
    assert heartbeats(gone) == []


@pytest.mark.parametrize(
    "changes",
    [{"kind": "escalation"}, {"every_ms": "5"}, {"since": -1}, {"severity": "x"}, {"heartbeat": 7}],
)
def test_what_cannot_be_read_here_is_no_heartbeat(changes: dict[str, Any]) -> None:
    assert read_heartbeat(version(content=content() | changes)) is None


def test_who_told_last_that_it_hears_it() -> None:
    hears = {"S-1": {"HB-1": 5}, "S-2": {"HB-1": 7, "HB-2": 9}, "S-3": {}}
    assert newest_hearer(hears, "HB-1") == ("S-2", 7)
    assert newest_hearer(hears, "HB-3") == ("", 0)
