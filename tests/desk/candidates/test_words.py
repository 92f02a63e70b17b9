"""What the desk says of candidates, and in which order they stand."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.candidates.words import (
    alert_fact,
    arranged,
    below_words,
    count_words,
    facts_of,
    spoken,
    toast_words,
)
from crisisdesk.domain.correlation.candidate import CandidateStatus

from tests.domain.correlation.making import START, alert
from tests.domain.correlation.test_candidate_words import candidate


def facts(*alerts: Any, **changes: Any) -> dict[str, str]:
    found = facts_of(candidate(opened_at=START, **changes), alerts, START + 240_000)
    return {fact.label: fact.value for fact in found}


def test_the_worst_stands_first_then_the_newest_and_only_open_ones() -> None:
    found = arranged(
        [
            candidate(candidate_id="CAN-1", worst="high", proposed_at=5),
            candidate(candidate_id="CAN-2", worst="high", proposed_at=9),
            candidate(candidate_id="CAN-3", worst="emergency", proposed_at=1),
            candidate(candidate_id="CAN-4", worst="emergency", status=CandidateStatus.MERGED),
        ]
    )
    assert [one.candidate_id for one in found] == ["CAN-3", "CAN-2", "CAN-1"]


def test_one_is_told_in_two_lines_and_aloud() -> None:
    one = candidate(opened_at=START)
    assert below_words(one, START + 240_000) == "same service, began 4 min ago"
    assert below_words(one, START - 5_000) == "same service, began 0 s ago"
    assert spoken(one) == ("proposed as major incident: 1 on db, 1 alerts, rule same service")
    full = candidate(alerts=[f"A-{n}" for n in range(100)])
    assert count_words(full) == "100 or more"
    title, text = toast_words(candidate(why="3 alerts or more with the same service"))
    assert title == "Related: 1 on db"
    assert "the same service. F6 opens an incident" in text


def test_its_facts_say_why_they_belong_together_and_what_would_come_of_it() -> None:
    told = facts(alert(2, 90), alert(1, 0), why="3 alerts or more")
    assert told["Together"] == "3 alerts or more"
    assert told["In common"] == "label env prod, service db"
    assert told["Began"].endswith("UTC, within 1 min")
    assert told["Becomes"] == "A major incident (of its worst alert), availability"
    assert told["Later alerts"] == "Join the incident while it is open"
    assert "Decided" not in told
    other = facts(severity_from="critical", join=False)
    assert other["Becomes"].startswith("A critical incident (by the rule)")
    assert other["Later alerts"] == "Stand alone, says the rule"
    assert "Began" not in other
    trace = {"what": "dismissed", "by": "Jonas", "reason": "a test"}
    decided = facts(
        status=CandidateStatus.ACCEPTED,
        incident_id="INC-1",
        decided_by="Ana",
        decided_at=START,
        also_done=[trace],
    )
    assert decided["Standing"] == "Accepted by Ana as INC-1"
    assert decided["Meanwhile"] == "dismissed by Jonas: a test; it was accepted"


def test_an_alert_says_of_which_candidate_it_is_part() -> None:
    (fact,) = alert_fact([candidate()])
    assert fact.value == "part of candidate CAN-1: 1 on db (F6 or room 2)"
    assert alert_fact([]) == []
