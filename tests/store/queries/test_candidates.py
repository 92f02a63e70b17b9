"""Candidates as the station's file tells them."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.engine import commands as c
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
)
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station, signal


def proposed(station: Station, service: str, first: int) -> list[str]:
    signals = [
        signal(first + n, severity="high", service=service, place="", starts_at=None)
        for n in range(3)
    ]
    fired: list[str] = station.do(c.TakeIn(signals=signals))[0]
    station.do(MindCandidates(), actor="engine")
    return fired


def test_open_ones_are_told_newest_first_and_others_when_asked(tmp_path: Path) -> None:
    station = Station(tmp_path)
    members = proposed(station, "db", 1)
    proposed(station, "shop", 11)
    proposed(station, "mail", 21)
    reader = StationReader(station.path)
    try:
        names = [one.candidate_id for one in reader.candidates()]
        assert [reader.candidate(n).group["service"] for n in names] == ["mail", "shop", "db"]  # type: ignore[union-attr]
        (own,) = reader.candidates_of(members[0])
        assert own.candidate_id == names[2]
        assert [alert.alert_id for alert in reader.members(own)] == own.alerts == sorted(members)
        station.do(DismissCandidate(candidate_id=names[1]))
        station.do(AcceptCandidate(candidate_id=names[2]))
        assert [one.candidate_id for one in reader.candidates()] == names[:1]
        assert [one.status for one in reader.candidates(every=True)] == [
            "open",
            "dismissed",
            "accepted",
        ]
        assert len(reader.candidates(every=True, limit=2)) == 2
        assert reader.candidates_of(members[0]) == []
        assert reader.candidate("CAN-NONE") is None
        fired = reader.fired_since(station.now_ms - 60_000)
        assert len(fired) == 9
        assert reader.fired_since(station.now_ms) == []
    finally:
        reader.close()
        station.close()


def test_the_journal_remembers_what_may_still_matter(tmp_path: Path) -> None:
    station = Station(tmp_path)
    for number, service in enumerate(("open", "dismissed", "led", "ended")):
        proposed(station, service, number * 10)
    by_service = {one.group["service"]: one for one in station.journal.candidates()}
    assert set(by_service) == {"open", "dismissed", "led", "ended"}
    station.do(DismissCandidate(candidate_id=by_service["dismissed"].candidate_id))
    station.do(AcceptCandidate(candidate_id=by_service["led"].candidate_id))
    incident_id = station.do(AcceptCandidate(candidate_id=by_service["ended"].candidate_id))[0]
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="closed"))
    kept = {one.group["service"] for one in station.journal.candidates()}
    assert kept == {"open", "dismissed", "led"}
    recent = station.journal.recent_alerts(3_600_000, 5)
    assert len(recent) == 5
    assert recent == sorted(recent, key=lambda alert: alert.detected_at)
    station.close()
