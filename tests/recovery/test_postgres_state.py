"""How servers stand to each other: what may be promoted, what has diverged, what is too far."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.recovery.postgres_state import State, following, readiness, related

PRIMARY = State(is_standby=False, system_id="7", timeline=3, written=1_000)
STANDBY = State(
    is_standby=True,
    system_id="7",
    timeline=3,
    received=1_000,
    replayed=1_000,
    receiver="streaming",
    commit_age_s=4.2,
    commit_at="2026-11-30 10:00:00",
)
LATE = replace(STANDBY, received=900, replayed=850, commit_age_s=90.0)


def test_a_standby_with_all_of_the_log_is_ready_however_old_its_last_commit_is() -> None:
    told = readiness(replace(STANDBY, commit_age_s=9_999.0), PRIMARY, 10)
    assert (told.holds, told.words) == (True, "the same history, timeline 3; it has all of the log")


def test_one_that_is_behind_is_bounded_by_its_last_commit() -> None:
    told = readiness(LATE, PRIMARY, 60)
    assert (told.holds, told.is_loss) == (False, True)
    assert "100 bytes of log are missing" in told.words
    assert "50 received bytes still to be replayed" in told.words
    assert "more than 60 s may be lost" in told.words
    assert readiness(LATE, PRIMARY, 90).holds


def test_without_the_primary_the_bound_is_the_age_of_the_last_commit() -> None:
    told = readiness(STANDBY, None, 5)
    assert told.holds
    assert "what came after it the lost server alone knew" in told.words
    assert not readiness(STANDBY, None, 4).holds
    never = readiness(replace(STANDBY, commit_age_s=None), None, 4)
    assert (never.holds, never.is_loss) == (False, True)


def test_another_history_is_never_a_matter_of_loss() -> None:
    for standby, words in (
        (replace(STANDBY, system_id="8"), "another cluster"),
        (replace(STANDBY, timeline=2), "diverged: timeline 2"),
        (replace(STANDBY, received=1_001), "diverged: 1 bytes"),
        (replace(STANDBY, is_standby=False), "takes writes already"),
    ):
        told = readiness(standby, PRIMARY, 10**6)
        assert (told.holds, told.is_loss) == (False, False)
        assert words in told.words
        assert not following(standby, PRIMARY, 10**6).holds
    assert related(STANDBY, None).holds


def test_following_needs_a_primary_and_a_stream() -> None:
    assert following(STANDBY, PRIMARY, 0).holds
    assert not following(STANDBY, None, 60).holds
    assert not following(STANDBY, replace(STANDBY), 60).holds
    told = following(replace(STANDBY, receiver=""), PRIMARY, 60)
    assert (told.holds, told.words) == (False, "it receives nothing (no link)")
    assert not following(LATE, PRIMARY, 60).holds
