"""The fold of a candidate: who wins of two who answered at the same time, and what is kept."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from crisisdesk.domain.correlation.candidate import STORM, Candidate, CandidateStatus
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import fold, state_bytes, state_from_bytes

NAME = "CAN-1"
PROPOSED = {
    "rule": "same service",
    "group": {"service": "db", "label env": "prod"},
    "why": "3 alerts or more with the same service",
    "name": "{env}: {count} of {services} on {service}, {severity} by {rule}",
    "opened_at": 5,
    "alerts": ["A-1", "A-2", "A-3"],
    "services": ["db"],
    "worst": "high",
}


def event(number: int, kind: str, body: dict[str, Any], actor: str = "Klára") -> Event:
    return Event(
        origin=f"{number % 3:032x}",
        seq=number // 3 + 1,
        hlc=number * 10,
        id=f"{number:032x}",
        agg=NAME,
        kind=f"candidate.{kind}",
        actor=actor,
        wall_ms=number * 10,
        body=body,
    )


FIRST = event(1, "proposed", PROPOSED, "engine")


def folded(*events: Event) -> Candidate:
    """Folded in every order, with the same result."""
    states = [fold(order) for order in permutations((FIRST, *events))]
    for state in states:
        assert isinstance(state, Candidate)
        assert state_bytes(state) == state_bytes(states[0])  # type: ignore[arg-type]
    first = states[0]
    assert isinstance(first, Candidate)
    assert state_from_bytes("candidate", state_bytes(first)) == first
    return first


def test_its_title_and_severity_follow_its_alerts() -> None:
    plain = folded()
    assert plain.title == "prod: 3 of 1 on db, high by same service"
    assert (plain.severity, plain.is_open, plain.is_storm) == ("major", True, False)
    more = {"alerts": ["A-4", "A-2"], "services": ["shop"], "worst": "emergency"}
    joined = folded(event(2, "joined", more))
    assert joined.alerts == ["A-1", "A-2", "A-3", "A-4"]
    assert joined.title == "prod: 4 of 2 on db, emergency by same service"
    assert joined.severity == "emergency"
    milder = folded(event(2, "joined", {"alerts": [], "worst": "low"}))
    assert milder.worst == "high"
    storm = fold([event(1, "proposed", PROPOSED | {"group": dict(STORM)})])
    assert isinstance(storm, Candidate)
    assert storm.is_storm


ACCEPTED = {"incident_id": "INC-1", "alerts": ["A-1", "A-2", "A-3"]}


def test_an_acceptance_wins_over_all_else() -> None:
    told = {"reason": "a test", "until": 99}
    accepted = event(3, "accepted", ACCEPTED)
    for place in (2, 4):
        state = folded(event(place, "dismissed", told, "Jonas"), accepted)
        assert (state.status, state.incident_id) == (CandidateStatus.ACCEPTED, "INC-1")
        assert (state.decided_by, state.reason, state.rest_until) == ("Klára", "", None)
        (trace,) = state.also_done
        assert (trace["what"], trace["by"], trace["reason"]) == ("dismissed", "Jonas", "a test")
    for kind, body in (("expired", {"alerts": PROPOSED["alerts"]}), ("merged", {"into": "CAN-2"})):
        state = folded(event(2, kind, body, "engine"), accepted)
        assert (state.status, state.into, state.also_done) == (CandidateStatus.ACCEPTED, "", [])


def test_the_first_of_two_acceptances_stands_and_the_other_is_shown() -> None:
    state = folded(
        event(2, "accepted", ACCEPTED), event(3, "accepted", ACCEPTED | {"alerts": []}, "Jonas")
    )
    assert (state.decided_by, state.attached) == ("Klára", ["A-1", "A-2", "A-3"])
    assert [trace["by"] for trace in state.also_done] == ["Jonas"]


def test_a_dismissal_is_taken_back_by_who_saw_it() -> None:
    dismissed = event(2, "dismissed", {"reason": "", "until": 99})
    undo = event(3, "reopened", {"dismissal": dismissed.id})
    assert folded(dismissed, undo) == folded()
    other = event(3, "reopened", {"dismissal": "f" * 32})
    assert folded(dismissed, other).status == CandidateStatus.DISMISSED
    second = event(4, "dismissed", {"reason": "again", "until": 99}, "Jonas")
    assert folded(dismissed, undo, second).decided_by == "Jonas"


def test_it_is_over_only_for_who_knew_all_of_its_alerts() -> None:
    expired = event(3, "expired", {"alerts": ["A-1", "A-2", "A-3"], "why": "all have ended"})
    state = folded(expired)
    assert (state.status, state.reason) == (CandidateStatus.EXPIRED, "all have ended")
    before = event(2, "joined", {"alerts": ["A-4"], "worst": "low"})
    assert folded(before, expired).is_open
    after = event(4, "joined", {"alerts": ["A-4"], "worst": "low"})
    again = folded(expired, after)
    assert (again.is_open, again.decided_at) == (True, None)
    same = event(4, "joined", {"alerts": ["A-3"], "worst": "low"})
    assert folded(expired, same).status == CandidateStatus.EXPIRED


def test_what_the_incident_had_from_it_is_remembered() -> None:
    later = event(3, "joined", {"alerts": ["A-4"], "worst": "low", "attached": True})
    state = folded(event(2, "accepted", ACCEPTED), later)
    assert state.attached == ["A-1", "A-2", "A-3", "A-4"]
    loose = event(3, "joined", {"alerts": ["A-4"], "worst": "low"})
    state = folded(event(2, "accepted", ACCEPTED), loose)
    assert (state.alerts[-1], "A-4" in state.attached) == ("A-4", False)


def test_what_no_station_of_this_version_makes_is_passed_over() -> None:
    for body in (
        {"alerts": [3], "worst": "low"},
        {"alerts": ["A-4"], "worst": "huge"},
        {"alerts": "A-4"},
        {},
    ):
        assert folded(event(2, "joined", body)) == folded()
    for change in ({"worst": "huge"}, {"group": {"service": 3}}, {"severity_from": "best"}):
        assert fold([event(1, "proposed", PROPOSED | change)]) is None
