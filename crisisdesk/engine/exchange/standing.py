"""What an exchange's outcome and the others' reports say about where this station stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crisisdesk.engine.exchange.exchange import NOTHING, Outcome
from crisisdesk.engine.exchange.ports import Digest, Marks, Report
from crisisdesk.engine.fleet import Durability, HubStatus, StationStatus

SUSPECT_MS = 2_000


def missing(have: Mapping[str, int], want: Mapping[str, int]) -> int:
    """How many events of vector ``want`` are not in vector ``have``."""
    return sum(max(0, seq - have.get(origin, 0)) for origin, seq in want.items())


def vector_of(marks: Marks) -> dict[str, int]:
    """The vector of these marks."""
    return {origin: mark.seq for origin, mark in marks.items()}


def hub_up(before: HubStatus, outcome: Outcome, now_ms: int) -> HubStatus:
    """The link after an exchange that went through."""
    here, there = vector_of(outcome.here), vector_of(outcome.hub)
    return replace(
        before,
        state="up",
        since_ms=before.since_ms if before.state == "up" else now_ms,
        words="",
        to_push=missing(there, here),
        to_pull=missing(here, there),
    )


def hub_down(before: HubStatus, state: str, words: str, now_ms: int) -> HubStatus:
    """The link after an exchange that did not; ``state`` is away or refused."""
    assert state in ("away", "refused")
    since = before.since_ms if before.state == state else now_ms
    return replace(before, state=state, since_ms=since, words=words)  # type: ignore[arg-type]


def durability(own: str, outcome: Outcome) -> Durability:
    """How far the own log is safe; other stations count by their last report."""
    others = [r.vector.get(own, 0) for r in reports_of(outcome) if r.origin != own]
    return Durability(
        disk=outcome.here.get(own, NOTHING).seq,
        hub=outcome.hub.get(own, NOTHING).seq,
        other=max(others, default=0),
    )


def stations(own: str, outcome: Outcome, digests: Mapping[str, bool]) -> tuple[StationStatus, ...]:
    """Every registered station, this one first, then by name."""
    here = vector_of(outcome.here)
    found = [
        StationStatus(
            station_id=report.station_id,
            origin=report.origin,
            name=report.name,
            version=report.version,
            is_self=report.origin == own,
            seen_ms=report.seen_ms,
            behind=missing(report.vector, here),
            duty_rank=report.duty_rank,
            digest_agrees=digests.get(report.origin),
        )
        for report in reports_of(outcome)
    ]
    return tuple(sorted(found, key=lambda s: (not s.is_self, s.name, s.origin)))


def compare_digests(mine: Digest, outcome: Outcome) -> dict[str, bool]:
    """Origin -> whether its states are ours, for the reports that can be compared.

    Same events and the same fold must give the same states; anything else is a fault.
    """
    return {
        report.origin: report.digest == mine.digest
        for report in reports_of(outcome)
        if report.digest
        and report.fold_version == mine.fold_version
        and dict(report.vector) == mine.vector
    }


def reports_of(outcome: Outcome) -> tuple[Report, ...]:
    """The reports that came with it."""
    return () if outcome.fleet is None else outcome.fleet.reports
