"""How a candidate is told to people, by the desk, the command line and the view of a split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus


def how_long(candidate: Candidate, now_ms: int) -> str:
    """For how long its alerts have been coming: ``began 4 min ago``."""
    return f"began {span_words(max(0, now_ms - candidate.opened_at))} ago"


def standing_words(candidate: Candidate) -> str:
    """Where it stands, by whom and why."""
    by = f" by {candidate.decided_by}" if candidate.decided_by else ""
    reason = f": {candidate.reason}" if candidate.reason else ""
    if candidate.status == CandidateStatus.ACCEPTED:
        return f"accepted{by} as {candidate.incident_id}"
    if candidate.status == CandidateStatus.DISMISSED:
        return f"dismissed{by}{reason}"
    if candidate.status == CandidateStatus.MERGED:
        return f"part of {candidate.into}"
    if candidate.status == CandidateStatus.EXPIRED:
        return f"over{reason}"
    return "waits for an answer"


def trace_words(trace: Mapping[str, Any]) -> str:
    """What somebody did at the same time as what stands."""
    if trace["what"] == "dismissed":
        reason = trace.get("reason", "")
        return f"dismissed by {trace['by']}{': ' + reason if reason else ''}; it was accepted"
    return f"also accepted by {trace['by']}: one incident, two who named a commander"


def in_common(candidate: Candidate) -> str:
    """The values its alerts share: ``service db, label env prod``; "" for a storm."""
    if candidate.is_storm:
        return ""
    return ", ".join(f"{name} {value}" for name, value in candidate.group.items())
