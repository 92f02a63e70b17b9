"""Decisions in lines: their order, their clocks, their words."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.incidents.decision_rows import (
    arrange_decisions,
    below,
    clock_of,
    head_words,
    is_due,
    spoken_decision,
)
from crisisdesk.domain.decision import Decision

ONE = Decision(
    decision_id="DEC-1", incident_id="INC-1", title="Fail over", decider="Ana", logged_at=1_000,
    check_at=61_000, revert_trigger="the lag\ngrows",
)  # fmt: skip
LATER = replace(ONE, decision_id="DEC-2", title="Wait", check_at=121_000)
OPEN = replace(ONE, decision_id="DEC-3", title="Tell", check_at=None, revert_trigger="")
GONE = replace(
    ONE, decision_id="DEC-4", status="reverted", ended_at=2_000, ended_by="Bo", reason="worse"
)


def test_what_is_looked_at_soonest_stands_first_and_reverted_last():
    assert arrange_decisions([GONE, OPEN, LATER, ONE]) == [ONE, LATER, OPEN, GONE]
    assert head_words([GONE, OPEN, LATER, ONE], 61_000) == (
        "3 standing, 1 reverted",
        "1 due",
    )
    assert head_words([], 0) == ("none", "")
    assert [is_due(d, 61_000) for d in (ONE, LATER, OPEN, GONE)] == [True, False, False, False]


def test_the_clock_counts_from_the_last_look():
    clock = clock_of(ONE, 31_000)
    assert clock is not None
    assert (clock.text, clock.share) == ("00:30", 0.5)
    looked = replace(ONE, checks=[{"by": "Bo", "at": 21_000, "result": ""}])
    again = clock_of(looked, 41_000)
    assert again is not None
    assert again.share == 0.5
    assert (clock_of(OPEN, 0), clock_of(GONE, 0)) == (None, None)


def test_the_second_line_says_what_matters_next():
    assert below(ONE) == "Ana · taken back if the lag grows"
    objection = {"id": "1", "by": "Bo", "text": "no", "at": 0}
    checked = {"by": "Bo", "at": 0, "result": "orders\nflow"}
    told = replace(OPEN, objections=[objection], checks=[checked], decider="")
    assert below(told) == "nobody named · 1 objection not answered · holds: orders flow"
    assert below(GONE) == "Ana · reverted by Bo · worse"
    assert spoken_decision(ONE, 61_001).startswith("Decision Fail over, standing, Ana")
    assert "look again" in spoken_decision(ONE, 61_001)
