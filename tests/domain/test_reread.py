"""A state that is stored and read again between two events ends as one that never was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, apply_foreign, fold, state_bytes, state_from_bytes

from tests.domain import test_fold as cases
from tests.domain.fold_bodies import make_log


def reread(kind: str, events: list[Event]) -> State | None:
    """As a station folds that is restarted after each event."""
    state: State | None = None
    for event in events:
        state, _why = apply_foreign(state, event)
        if state is not None:
            state = state_from_bytes(kind, state_bytes(state))
    return state


@pytest.mark.parametrize("kind", list(cases.CASES))
@settings(max_examples=150, deadline=None)
@given(seed=cases.SEEDS, length=st.integers(2, 20))
def test_storing_between_two_events_changes_nothing(kind: str, seed: int, length: int) -> None:
    events = [replace(e, dedup_id=None) for e in make_log(kind, seed, length)]
    events.sort(key=lambda event: event.order)
    assert cases.bytes_of(reread(kind, events)) == cases.bytes_of(fold(events))


def test_concurrent_edits_are_joined_in_an_order_that_outlives_storing() -> None:
    """Their ids sort against the order in which they were made."""
    (fired,) = make_log("alert", 1, 1)
    events = [replace(fired, dedup_id=None)]
    for number, severity in enumerate(("high", "high", "critical", "low"), start=1):
        body: dict[str, Any] = {"field": "severity", "base": "", "value": severity}
        edit: dict[str, Any] = {"kind": "alert.edited", "id": f"{9 - number:032x}", "body": body}
        events.append(replace(fired, seq=99 + number, hlc=9_999 + number, dedup_id=None, **edit))
    assert cases.bytes_of(reread("alert", events)) == cases.bytes_of(fold(events))
