"""What the desk says of candidates, in which order they stand, and the facts of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.desk.incidents.times import utc_clock, when_words
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.correlation.candidate_words import in_common, standing_words, trace_words
from crisisdesk.domain.correlation.rule import MEMBERS_LIMIT, WORST
from crisisdesk.domain.severity import SEVERITY_RANK

if TYPE_CHECKING:
    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.correlation.candidate import Candidate

ACCEPT_KEY = "F6"


def arranged(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Open ones, the worst first and of those the newest; the first is what the key accepts."""
    found = [one for one in candidates if one.is_open]
    found.sort(key=lambda c: (-SEVERITY_RANK[c.worst], -c.proposed_at, c.candidate_id))
    return tuple(found)


def count_words(candidate: Candidate) -> str:
    """How many alerts it holds; one that is full says that there may be more."""
    many = len(candidate.alerts)
    return f"{many} or more" if many >= MEMBERS_LIMIT else str(many)


def below_words(candidate: Candidate, now_ms: int) -> str:
    """The second line of the band: ``same service, began 4 min ago``."""
    return f"{candidate.rule}, began {span_words(max(0, now_ms - candidate.opened_at))} ago"


def spoken(candidate: Candidate) -> str:
    """One of the band for the screen reader."""
    return (
        f"proposed as {candidate.severity} incident: {candidate.title}, "
        f"{count_words(candidate)} alerts, rule {candidate.rule}"
    )


def toast_words(candidate: Candidate) -> tuple[str, str]:
    """Title and text of the notice of a new one."""
    text = f"{candidate.why or candidate.rule}. {ACCEPT_KEY} opens an incident of them."
    return f"Related: {candidate.title}", text


def facts_of(candidate: Candidate, alerts: Sequence[Alert], now_ms: int) -> list[Fact]:
    """Why they belong together, and what would come of it."""
    began = sorted(alert.detected_at for alert in alerts)
    times = ""
    if began:
        lasted = span_words(began[-1] - began[0])
        times = f"{utc_clock(began[0])} to {utc_clock(began[-1])} UTC, within {lasted}"
    worst = "of its worst alert" if candidate.severity_from == WORST else "by the rule"
    later = "Join the incident while it is open" if candidate.join else "Stand alone, says the rule"
    decided = "" if candidate.decided_at is None else when_words(candidate.decided_at, now_ms)
    standing = standing_words(candidate)
    facts = [
        Fact("Standing", f"{standing[:1].upper()}{standing[1:]}"),
        Fact("Decided", decided),
        Fact("Rule", candidate.rule),
        Fact("Together", candidate.why),
        Fact("In common", in_common(candidate)),
        Fact("Began", times),
        Fact("Becomes", f"A {candidate.severity} incident ({worst}), {candidate.category}"),
        Fact("Later alerts", later),
        *(Fact("Meanwhile", trace_words(trace)) for trace in candidate.also_done),
    ]
    return [fact for fact in facts if fact.value]


def alert_fact(candidates: Sequence[Candidate]) -> list[Fact]:
    """What an alert's detail says of the open candidates that hold it."""
    return [
        Fact(
            "Related", f"part of candidate {one.candidate_id}: {one.title} ({ACCEPT_KEY} or room 2)"
        )
        for one in candidates
    ]
