"""The ladder from any order of events, over several lives."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.ladder import ladder, next_status

from tests.domain.incident_log import INCIDENT, MINUTE, START, split_brain


@given(st.randoms())
def test_any_order_of_the_events_gives_the_same_ladder(dice: random.Random):
    log = split_brain()
    shuffled = list(log.events)
    dice.shuffle(shuffled)
    assert ladder(log.incident(), shuffled) == ladder(log.incident(), log.events)


def test_the_ladder_shows_where_it_stands_and_when_each_step_was_reached():
    log = split_brain()
    steps = {str(s.status): s for s in ladder(log.incident(), log.events)}
    assert [s.place for s in steps.values()] == [
        "done", "done", "current", "ahead", "ahead", "ahead",
    ]  # fmt: skip
    assert steps["investigating"].reached_at == START + 10 * MINUTE
    assert steps["resolved"].reached_at is None
    assert next_status(log.incident()) == "monitoring"


def test_a_passed_over_step_is_said_to_be_and_a_reopening_starts_over():
    log = split_brain()
    log.write(
        INCIDENT, "incident.status_changed", {"status": "resolved", "life": 1}, at=60 * MINUTE
    )
    steps = {str(s.status): s.place for s in ladder(log.incident(), log.events)}
    assert steps["monitoring"] == "skipped"
    assert steps["resolved"] == "current"
    log.write(
        INCIDENT, "incident.reopened", {"life": 2, "reason": "errors are back"}, at=70 * MINUTE
    )
    again = {str(s.status): s for s in ladder(log.incident(), log.events)}
    assert again["investigating"].reached_at == START + 70 * MINUTE
    assert [again["open"].place, again["identified"].place] == ["done", "ahead"]
    log.write(INCIDENT, "incident.status_changed", {"status": "closed", "life": 2}, at=80 * MINUTE)
    assert next_status(log.incident()) is None
