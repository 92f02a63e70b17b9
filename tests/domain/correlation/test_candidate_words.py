"""How a candidate is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.correlation.candidate import STORM, Candidate, CandidateStatus
from crisisdesk.domain.correlation.candidate_words import in_common, standing_words, trace_words


def candidate(**changes: Any) -> Candidate:
    plain = Candidate(
        candidate_id="CAN-1",
        rule="same service",
        group={"label env": "prod", "service": "db"},
        template="{count} on {service}",
        opened_at=5,
        proposed_at=6,
        alerts=["A-1"],
        worst="high",
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "waits for an answer"),
        (
            {"status": CandidateStatus.ACCEPTED, "decided_by": "Ana", "incident_id": "INC-1"},
            "accepted by Ana as INC-1",
        ),
        (
            {"status": CandidateStatus.DISMISSED, "decided_by": "Ana", "reason": "a test"},
            "dismissed by Ana: a test",
        ),
        ({"status": CandidateStatus.MERGED, "into": "CAN-2"}, "part of CAN-2"),
        (
            {"status": CandidateStatus.EXPIRED, "reason": "all its alerts have ended"},
            "over: all its alerts have ended",
        ),
    ],
)
def test_where_it_stands(changes: dict[str, Any], words: str) -> None:
    assert standing_words(candidate(**changes)) == words


def test_what_was_done_meanwhile_and_what_is_shared() -> None:
    dismissed = {"what": "dismissed", "by": "Jonas", "reason": "a test"}
    assert trace_words(dismissed) == "dismissed by Jonas: a test; it was accepted"
    assert trace_words({"what": "accepted", "by": "Jonas"}).startswith("also accepted by Jonas")
    assert in_common(candidate()) == "label env prod, service db"
    assert in_common(candidate(group=dict(STORM))) == ""
