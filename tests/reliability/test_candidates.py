"""Stations that correlate apart from each other: they end alike, and no alert is proposed twice."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
    ReopenCandidate,
)
from crisisdesk.engine.escalation_commands import PublishPolicy

from tests.reliability.bench import START, MemoryStation
from tests.reliability.tiers import scaled

PEOPLE = ("Klára", "Jonas", "Priya")
ROUNDS_LIMIT = 12


def signal(chance: random.Random, action: SignalAction | None = None) -> Signal:
    number = chance.randrange(14)
    return Signal(
        source="alertmanager",
        key=f"k{number}",
        action=action
        or chance.choice((SignalAction.FIRE, SignalAction.FIRE, SignalAction.RESOLVE)),
        severity=chance.choice(("low", "high", "critical")),  # type: ignore[arg-type]
        title=f"Latency {number}",
        service=f"db-{number % 3}",
        place=f"hall {number % 2}",
    )


def candidates(station: MemoryStation) -> list[Candidate]:
    return [s for s in station.journal.states.values() if isinstance(s, Candidate)]


def act(station: MemoryStation, chance: random.Random, now_ms: int) -> None:
    """One thing that happens at a station."""
    person = chance.choice(PEOPLE)
    known = [one.candidate_id for one in candidates(station)] or ["CAN-NONE"]
    name = chance.choice(sorted(known))
    what = chance.randrange(12)
    if what < 6:
        station.do(c.TakeIn(signals=[signal(chance) for _ in range(chance.randint(1, 4))]), now_ms)
    elif what < 8:
        station.do(MindCandidates(), now_ms, ENGINE)
    elif what == 8:
        station.do(AcceptCandidate(candidate_id=name), now_ms, person)
    elif what == 9:
        station.do(DismissCandidate(candidate_id=name, reason="noise"), now_ms, person)
    elif what == 10:
        station.do(ReopenCandidate(candidate_id=name), now_ms, person)
    else:
        incidents = [s for s in station.journal.states.values() if isinstance(s, Incident)]
        if incidents:
            one = chance.choice(sorted(incidents, key=lambda i: i.incident_id))
            order = c.ChangeIncidentStatus(incident_id=one.incident_id, status="resolved")
            station.do(order, now_ms, person)


def proposed_twice(station: MemoryStation) -> list[tuple[str, str]]:
    """(rule, alert) of alerts that stand in several open candidates of one rule."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in candidates(station):
        for alert_id in one.alerts if one.is_open else ():
            if (one.rule, alert_id) in seen:
                found.append((one.rule, alert_id))
            seen.add((one.rule, alert_id))
    return found


def settle(stations: list[MemoryStation], now_ms: int) -> int:
    """Let them hear each other and look, until nothing more comes of it; after how many rounds."""
    for number in range(1, ROUNDS_LIMIT + 1):
        for station in stations:
            for other in stations:
                station.pull(other, now_ms)
            station.do(MindCandidates(), now_ms, ENGINE)
        if len({tuple(sorted(s.vector().items())) for s in stations}) == 1:
            before = [len(s.journal.sealed) for s in stations]
            for station in stations:
                station.do(MindCandidates(), now_ms, ENGINE)
            if before == [len(s.journal.sealed) for s in stations]:
                return number
    raise AssertionError("they never come to rest")


@settings(max_examples=scaled(150, 3_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 60), count=st.integers(1, 3))
def test_stations_apart_end_alike_and_no_alert_is_proposed_twice(
    seed: int, steps: int, count: int
) -> None:
    chance = random.Random(seed)
    stations = [
        MemoryStation(f"s{n}", n + 1, seed, skew_ms=chance.choice((0, 0, 2_000, -3_000)))
        for n in range(count)
    ]
    content = {"kind": "correlation", "by": ["service"], "at_least": 2}
    content |= {"accept": chance.choice(("ask", "at once")), "join": chance.random() < 0.7}
    stations[0].do(PublishPolicy(name="Pairs", content=content), START)
    now_ms = START
    for _ in range(steps):
        now_ms += chance.choice((100, 1_000, 20_000, 200_000))
        station = chance.choice(stations)
        if chance.random() < 0.15:
            station.pull(chance.choice(stations), now_ms, chance.randint(1, 20))
        act(station, chance, now_ms)
    settle(stations, now_ms + 60_000)
    shown = [station.bytes() for station in stations]
    assert shown[1:] == shown[:1] * (count - 1)
    for station in stations:
        assert proposed_twice(station) == []


def three_alerts(station: MemoryStation, *numbers: int, late_ms: int = 0) -> None:
    signals = [
        Signal(
            source="alertmanager",
            key=f"k{number}",
            action=SignalAction.FIRE,
            severity="high",  # type: ignore[arg-type]
            title=f"Latency {number}",
            service="db",
        )
        for number in numbers
    ]
    for at, one in enumerate(signals):
        station.do(c.TakeIn(signals=[one]), START + late_ms + at * 1_000)


def two_with_one_candidate() -> tuple[MemoryStation, MemoryStation, str]:
    one, two = MemoryStation("Ostrava", 1), MemoryStation("Brno", 2)
    three_alerts(one, 1, 2, 3)
    two.pull(one, START + 3_000)
    for station in (one, two):
        station.do(MindCandidates(), START + 3_000, ENGINE)
    (mine,), (theirs,) = candidates(one), candidates(two)
    assert mine.candidate_id == theirs.candidate_id
    return one, two, mine.candidate_id


def test_stations_with_the_same_alerts_propose_the_same_candidate() -> None:
    one, two, name = two_with_one_candidate()
    settle([one, two], START + 5_000)
    assert one.bytes() == two.bytes()
    assert [c.candidate_id for c in candidates(one)] == [name]


def test_windows_that_opened_at_the_same_moment_are_one() -> None:
    one, two = MemoryStation("Ostrava", 1), MemoryStation("Brno", 2)
    three_alerts(one, 1, 2, 3)
    three_alerts(two, 4, 5, 6)
    for station in (one, two):
        station.do(MindCandidates(), START + 5_000, ENGINE)
    settle([one, two], START + 6_000)
    assert one.bytes() == two.bytes()
    (stands,) = candidates(one)
    assert len(stands.alerts) == 6


def test_windows_that_opened_apart_become_one() -> None:
    one, two = MemoryStation("Ostrava", 1), MemoryStation("Brno", 2)
    three_alerts(one, 1, 2, 3)
    three_alerts(two, 4, 5, 6, late_ms=500)
    for station in (one, two):
        station.do(MindCandidates(), START + 5_000, ENGINE)
    settle([one, two], START + 6_000)
    assert one.bytes() == two.bytes()
    stands, gone = sorted(candidates(one), key=lambda c: c.status == CandidateStatus.MERGED)
    assert stands.is_open
    assert gone.into == stands.candidate_id
    assert len(stands.alerts) == 6


def test_two_who_accept_it_apart_have_one_incident_and_are_both_shown() -> None:
    one, two, name = two_with_one_candidate()
    three_alerts(two, 7)
    two.do(MindCandidates(), START + 4_000, ENGINE)
    mine = one.do(AcceptCandidate(candidate_id=name), START + 5_000, "Klára")
    theirs = two.do(AcceptCandidate(candidate_id=name), START + 6_000, "Jonas")
    assert mine == theirs
    settle([one, two], START + 7_000)
    assert one.bytes() == two.bytes()
    incident = one.get(mine)
    assert (incident.commander, incident.rivals) == ("Klára", ["Jonas"])
    assert len(incident.alerts) == 4
    (trace,) = one.get(name).also_done
    assert (trace["what"], trace["by"]) == ("accepted", "Jonas")


def test_an_acceptance_wins_over_a_dismissal_and_keeps_its_trace() -> None:
    for first, second in (("accept", "dismiss"), ("dismiss", "accept")):
        one, two, name = two_with_one_candidate()
        orders = {
            "accept": AcceptCandidate(candidate_id=name),
            "dismiss": DismissCandidate(candidate_id=name, reason="a test of the pump"),
        }
        one.do(orders[first], START + 5_000, "Klára")
        two.do(orders[second], START + 6_000, "Jonas")
        settle([one, two], START + 7_000)
        assert one.bytes() == two.bytes()
        candidate = one.get(name)
        assert candidate.status == CandidateStatus.ACCEPTED
        (trace,) = candidate.also_done
        assert (trace["what"], trace["reason"]) == ("dismissed", "a test of the pump")
