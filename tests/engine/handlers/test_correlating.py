"""Candidates in the engine: proposed, joined, accepted, dismissed, over; and nothing is quieted."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import Conflict, DomainError, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
    ReopenCandidate,
)
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.handlers.correlating import GROUPS_LIMIT
from crisisdesk.engine.workbench import Entropy, Workbench

from tests.store.workload import Station, signal

MINUTE = 60_000


def fire(
    station: Station, *numbers: int, service: str = "db", severity: str = "high", **more: Any
) -> list[str]:
    """Alerts of these numbers, a second apart from each other."""
    fired = []
    for number in numbers:
        station.now_ms += 1_000
        one = signal(number, **{"severity": severity, "service": service, "place": "", **more})
        fired += station.do(c.TakeIn(signals=[one]), actor="source:test")[0]
    return fired


def mind(station: Station, **more: Any) -> int:
    looked: int = station.do(MindCandidates(**more), actor="engine")[0]
    return looked


def candidates(station: Station) -> list[Candidate]:
    rows = station.journal._rows("SELECT agg FROM candidate ORDER BY proposed_at, agg")
    return [station.bench.need(Candidate, agg, "id") for (agg,) in rows]


def the_one(station: Station) -> Candidate:
    (found,) = candidates(station)
    return found


def related(station: Station) -> Candidate:
    """Three alerts on one service, proposed."""
    fire(station, 1, 2, 3)
    mind(station)
    return the_one(station)


def accept(station: Station, candidate: Candidate, actor: str = "Priya", **more: Any) -> Any:
    order = AcceptCandidate(candidate_id=candidate.candidate_id, **more)
    return station.do(order, actor=actor)[0]


def incident(station: Station, incident_id: str) -> Incident:
    return station.bench.need(Incident, incident_id, "id")


def publish(station: Station, policy: str = "Shop", **content: Any) -> None:
    whole = {"kind": "correlation", **content}
    result = station.do(PublishPolicy(name=policy, content=whole))[0]
    assert isinstance(result, str), result


def test_three_alerts_of_one_service_become_one_candidate(station: Station) -> None:
    fired = fire(station, 1, 2)
    mind(station)
    assert candidates(station) == []
    fired += fire(station, 3)
    mind(station)
    candidate = the_one(station)
    assert candidate.alerts == fired
    assert (candidate.rule, candidate.group) == ("same service", {"service": "db"})
    assert candidate.title == "3 related alerts on db"
    assert (candidate.worst, candidate.severity) == ("high", "major")
    assert candidate.opened_at == station.bench.need(Alert, fired[0], "id").detected_at
    mind(station)
    assert len(candidates(station)) == 1


@pytest.mark.parametrize(
    "case",
    ["too few", "too far apart", "none is high", "of several services", "without a service"],
)
def test_what_does_not_belong_together_is_not_proposed(station: Station, case: str) -> None:
    if case == "too few":
        fire(station, 1, 2, 2, 2)
    elif case == "too far apart":
        for number in (1, 2, 3):
            fire(station, number)
            mind(station)
            station.now_ms += 3 * MINUTE
    elif case == "none is high":
        fire(station, 1, 2, 3, 4, severity="medium")
    elif case == "of several services":
        for number, service in enumerate(("db", "shop", "mail")):
            fire(station, number, service=service)
    else:
        fire(station, 1, 2, 3, service="")
    mind(station)
    assert candidates(station) == []


def test_three_services_at_one_place_are_proposed(station: Station) -> None:
    for number, service in enumerate(("db", "shop", "mail")):
        fire(station, number, service=service, severity="low", place="Brno")
    mind(station)
    candidate = the_one(station)
    assert candidate.title == "3 alerts of 3 services at Brno"
    assert (candidate.rule, candidate.severity) == ("same place", "minor")


def test_later_alerts_join_while_it_is_open_and_make_it_worse(station: Station) -> None:
    candidate = related(station)
    fired = fire(station, 4, severity="emergency")
    mind(station)
    now = the_one(station)
    assert now.alerts == [*candidate.alerts, *fired]
    assert (now.worst, now.severity, now.title) == (
        "emergency",
        "emergency",
        "4 related alerts on db",
    )


def test_accepting_opens_the_incident_once(station: Station) -> None:
    candidate = related(station)
    incident_id = accept(station, candidate)
    opened = incident(station, incident_id)
    assert (opened.title, opened.severity) == ("3 related alerts on db", "major")
    assert (opened.commander, opened.alerts) == ("Priya", candidate.alerts)
    for alert_id in candidate.alerts:
        alert = station.bench.need(Alert, alert_id, "id")
        assert (alert.incident_id, alert.status) == (incident_id, "active")
    before = station.bench.own_seq
    assert accept(station, candidate, actor="Jonas") == incident_id
    assert station.bench.own_seq == before
    assert the_one(station).status == "accepted"


def test_the_acceptor_may_choose_title_severity_and_commander(station: Station) -> None:
    candidate = related(station)
    refused = accept(station, candidate, severity="huge")
    assert isinstance(refused, DomainError)
    assert refused.field == "severity"
    assert the_one(station).is_open
    incident_id = accept(
        station, candidate, title="Payments down", severity="critical", commander="Klára"
    )
    opened = incident(station, incident_id)
    assert (opened.title, opened.severity, opened.commander) == (
        "Payments down",
        "critical",
        "Klára",
    )


def test_an_alert_with_another_incident_is_not_counted_nor_taken(station: Station) -> None:
    first = fire(station, 1)
    other = station.do(c.EscalateAlert(alert_id=first[0]))[0]
    fire(station, 2, 3)
    mind(station)
    assert candidates(station) == []
    fire(station, 4)
    mind(station)
    candidate = the_one(station)
    assert first[0] not in candidate.alerts
    second = station.do(c.EscalateAlert(alert_id=candidate.alerts[0]))[0]
    opened = incident(station, accept(station, candidate))
    assert opened.alerts == candidate.alerts[1:]
    assert second != other
    assert station.bench.need(Alert, candidate.alerts[0], "id").also_done == []


def test_later_alerts_join_the_incident_while_it_is_open(station: Station) -> None:
    incident_id = accept(station, related(station))
    (late,) = fire(station, 4)
    mind(station)
    assert late in incident(station, incident_id).alerts
    assert station.bench.need(Alert, late, "id").incident_id == incident_id
    (linked,) = [e for e in told(station, incident_id) if e["kind"] == "incident.alert_linked"]
    assert linked["body"] == {"alert_id": late, "rule": "same service"}
    # What a person takes off stays off.
    station.do(c.LinkAlert(incident_id=incident_id, alert_id=late, linked=False))
    fire(station, 4)
    mind(station)
    assert late not in incident(station, incident_id).alerts
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="resolved"))
    (after,) = fire(station, 5)
    mind(station)
    assert after not in incident(station, incident_id).alerts
    fire(station, 6, 7)
    mind(station)
    assert [one.status for one in candidates(station)] == ["accepted", "open"]


def told(station: Station, aggregate: str) -> list[dict[str, Any]]:
    _base, events = station.journal.story(aggregate)
    return [{"kind": event.kind, "body": event.body} for event in events]


def test_a_rule_that_does_not_join_leaves_later_alerts_alone(station: Station) -> None:
    publish(station, "same service", by=["service"], join=False)
    incident_id = accept(station, related(station))
    (late,) = fire(station, 4)
    mind(station)
    assert late not in incident(station, incident_id).alerts
    assert len(candidates(station)) == 1


def test_a_dismissed_group_rests_for_its_window_and_more(station: Station) -> None:
    candidate = related(station)
    order = DismissCandidate(candidate_id=candidate.candidate_id, reason="A test of the pump")
    station.do(order, actor="Jonas")
    dismissed = the_one(station)
    assert (dismissed.status, dismissed.reason) == ("dismissed", "A test of the pump")
    assert dismissed.decided_by == "Jonas"
    rest = 35 * MINUTE
    assert dismissed.rest_until == station.now_ms + rest
    station.now_ms += rest - 4_000
    fire(station, 4, 5, 6)
    mind(station)
    assert len(candidates(station)) == 1
    station.now_ms += 2_000
    fire(station, 7)
    mind(station)
    assert [one.status for one in candidates(station)] == ["dismissed", "open"]


def test_a_dismissal_can_be_taken_back(station: Station) -> None:
    candidate = related(station)
    name = candidate.candidate_id
    station.do(DismissCandidate(candidate_id=name))
    station.do(ReopenCandidate(candidate_id=name))
    assert the_one(station) == candidate
    station.do(ReopenCandidate(candidate_id=name))
    fire(station, 4)
    mind(station)
    assert len(the_one(station).alerts) == 4


def test_what_is_no_longer_open_refuses_in_words(station: Station) -> None:
    candidate = related(station)
    name = candidate.candidate_id
    incident_id = accept(station, candidate)
    for order in (DismissCandidate(candidate_id=name), ReopenCandidate(candidate_id=name)):
        refused = station.do(order)[0]
        assert isinstance(refused, Conflict)
    assert incident_id in str(station.do(DismissCandidate(candidate_id=name))[0])
    missing = station.do(AcceptCandidate(candidate_id="CAN-NONE"))[0]
    assert isinstance(missing, NotFound)
    assert "candidate_id" in str(missing)


def test_it_expires_when_all_its_alerts_have_ended(station: Station) -> None:
    candidate = related(station)
    for number in (1, 2, 3):
        mind(station)
        assert the_one(station).is_open
        fire(station, number, action=SignalAction.RESOLVE)
    mind(station)
    assert the_one(station).status == "expired"
    refused = station.do(DismissCandidate(candidate_id=candidate.candidate_id))[0]
    assert isinstance(refused, Conflict)
    # Somebody who sees more in it may still open it.
    assert incident(station, accept(station, candidate)).alerts == candidate.alerts


def test_a_rule_may_open_the_incident_by_itself(station: Station) -> None:
    publish(
        station,
        by=["label env", "service"],
        at_least=2,
        within_s=60,
        accept="at once",
        name="{env}: {count} on {service}",
        category="data",
        severity_from="critical",
    )
    fire(station, 1, 2, labels={"env": "prod"}, severity="low")
    mind(station)
    candidate = the_one(station)
    opened = incident(station, candidate.incident_id)
    assert (opened.title, opened.severity) == ("prod: 2 on db", "critical")
    assert (opened.category, opened.commander) == ("data", "")


def test_a_built_in_rule_can_be_switched_off_or_replaced(station: Station) -> None:
    publish(station, "same service", disabled=True)
    fire(station, 1, 2, 3)
    mind(station)
    assert candidates(station) == []
    publish(station, "same service", by=["service"], at_least=4)
    mind(station)
    assert candidates(station) == []
    fire(station, 4)
    mind(station)
    assert the_one(station).title == "4 related alerts"


def test_a_start_takes_up_what_came_before_it(station: Station) -> None:
    fire(station, 1, 2, 3)
    station.bench = Workbench(station.journal, station.bench.policy, Entropy(bytes))
    mind(station)
    assert len(the_one(station).alerts) == 3
    fire(station, 4)
    station.bench = Workbench(station.journal, station.bench.policy, Entropy(bytes))
    mind(station)
    assert len(the_one(station).alerts) == 4


def test_what_is_taken_back_was_never_there(station: Station) -> None:
    fire(station, 1, 2)
    bench = station.bench
    bench.begin("source:test", station.now_ms)
    from crisisdesk.engine.handlers.intake import take_in

    take_in(c.TakeIn(signals=[signal(3, severity="high", service="db")]), bench)
    bench.take_back()
    mind(station)
    assert candidates(station) == []
    candidate = related(station)
    bench.begin("Priya", station.now_ms)
    from crisisdesk.engine.handlers.correlating import accept_candidate

    accept_candidate(AcceptCandidate(candidate_id=candidate.candidate_id), bench)
    bench.take_back()
    fire(station, 4)
    mind(station)
    assert the_one(station).is_open
    assert len(the_one(station).alerts) == 4


def test_a_station_without_duty_waits_for_the_others(station: Station) -> None:
    fire(station, 1, 2, 3)
    mind(station, late_ms=5_000)
    assert candidates(station) == []
    station.now_ms += 4_900
    mind(station, late_ms=5_000)
    assert candidates(station) == []
    station.now_ms += 100
    mind(station, late_ms=5_000)
    assert len(candidates(station)) == 1


def test_a_storm_makes_few_candidates_and_one_that_says_so(station: Station) -> None:
    signals = [
        signal(number, severity="critical", service=f"svc-{number // 4}", place="")
        for number in range(2_000)
    ]
    for start in range(0, len(signals), 500):
        station.now_ms += 1_000
        station.do(c.TakeIn(signals=signals[start : start + 500]), actor="source:test")
        while mind(station) >= 1_000:
            pass
    found = candidates(station)
    assert len(found) == GROUPS_LIMIT + 1
    (storm,) = [one for one in found if one.is_storm]
    assert len(storm.alerts) == 100
    assert storm.title.startswith("Many groups of alerts at once: 100 alerts")
    members = [alert for one in found for alert in one.alerts]
    assert len(members) == len(set(members))


def test_alerts_that_belong_together_page_as_if_they_stood_alone(station: Station) -> None:
    method = {
        "method_id": "M-1",
        "channel": "webhook",
        "masked": "webhook://***",
        "min_severity": "high",
    }
    station.do(c.SaveContact(name="Klára", methods=[method]))
    fired = fire(station, 1, 2, 3, severity="critical")
    mind(station)
    accept(station, the_one(station))
    (late,) = fire(station, 4, severity="critical")
    mind(station)
    states = station.bench._states.values()
    pages = {s.alert_id: s for s in states if isinstance(s, Delivery)}
    assert set(pages) == {*fired, late}
    assert all(page.due_at is not None for page in pages.values())
