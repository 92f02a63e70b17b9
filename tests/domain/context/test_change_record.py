"""A recorded change: one identity for one change, the first recording stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.change_record import (
    REPEAT_MS,
    ChangeReport,
    RecordedChange,
    apply_change,
    body_of,
    happened_at,
    identities,
    identity,
)
from crisisdesk.domain.event import Event

NOW = 1_770_861_902_000


def event(seq: int, **body: object) -> Event:
    return Event(
        origin="a" * 32,
        seq=seq,
        hlc=seq,
        id=f"{seq:032x}",
        agg="CHG-1",
        kind="change.recorded",
        actor="Kim",
        wall_ms=NOW,
        hub_offset_ms=0,
        body={"summary": "x", "at": 5, **body},
    )


def test_the_first_recording_says_all_there_is() -> None:
    report = ChangeReport(summary="x", service="shop", details={"a": "b"})
    first = apply_change(None, event(1, **body_of(report, 5)))
    assert isinstance(first, RecordedChange)
    assert (first.service, first.details, first.at, first.recorded_by) == (
        "shop",
        {"a": "b"},
        5,
        "Kim",
    )
    assert apply_change(first, event(2, summary="else")) is first
    assert apply_change(None, replace(event(1), kind="change.else")) is None


def test_the_key_of_a_source_goes_before_all_else_and_sources_are_apart() -> None:
    one = ChangeReport(summary="x", source="ci", key="7")
    assert identity(one, 1) == identity(replace(one, summary="y", at=9), 2)
    assert identity(one, 1) != identity(replace(one, source="cd"), 1)
    plain = replace(one, key="")
    assert len({identity(plain, 1), identity(plain, 2), identity(one, 1)}) == 3


@given(st.integers(0, 2**45), st.integers(0, REPEAT_MS))
def test_a_repeat_without_a_time_within_the_span_is_known_again(now: int, later: int) -> None:
    report = ChangeReport(summary="deploy")
    assert identities(report, now)[0] in identities(report, now + later)


@given(st.none() | st.integers(-(2**62), 2**62), st.integers(0, 2**45))
def test_nothing_happened_in_the_future_or_before_all_clocks(at: int | None, now: int) -> None:
    assert 0 <= happened_at(ChangeReport(summary="x", at=at), now) <= now + 60_000
