"""Seats and hand-overs: history, rivals, and an acceptance that is never lost."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.incident import Incident
from crisisdesk.domain.seat_fold import BRIEF, SEATS_KEPT

from tests.domain.events import JONAS, KLARA, START, Log

ZOE = "Zoë"


class IncidentLog(Log):
    """The log of one incident that Klára commands."""

    def __init__(self, **body: Any) -> None:
        super().__init__("INC-1")
        told = {"title": "Orders", "severity": "major", "commander": KLARA}
        self.add("incident.opened", **(told | body))

    def incident(self) -> Incident:
        state = self.state()
        assert isinstance(state, Incident)
        return state

    def offer(self, role: str = "commander", to: str = JONAS, **more: Any) -> str:
        """One offer that stands for a minute; its id."""
        body: dict[str, Any] = {
            "role": role,
            "to": to,
            "until": START + 60_000,
            "known": "two writers",
        }
        return self.add("incident.handover_offered", **(body | more)).id

    def accept(self, offer: str, role: str = "commander", who: str = JONAS, **more: Any) -> None:
        body: dict[str, Any] = {
            "offer": offer,
            "role": role,
            "read_back": "stop writes first",
            "generation": 2,
        }
        self.add("incident.handover_accepted", actor=who, **(body | more))


def spans(incident: Incident, role: str) -> list[tuple[str, bool]]:
    """Who sat in a role, and whether they still do."""
    return [(s["who"], "until" not in s) for s in incident.seats if s["role"] == role]


def test_the_registers_leave_their_history() -> None:
    log = IncidentLog()
    first = log.incident().seats[0]
    assert (first["who"], first["at"], first["by"]) == (KLARA, log.events[0].at_ms, KLARA)
    log.add("incident.commander_named", commander=JONAS, generation=2)
    log.add("incident.edited", field="communication_lead", value=ZOE, base="")
    log.add("incident.edited", field="communication_lead", value="", base="")
    incident = log.incident()
    assert spans(incident, "commander") == [(KLARA, False), (JONAS, True)]
    assert spans(incident, "communications_lead") == [(ZOE, False)]
    assert (incident.holders("commander"), incident.holders("communications_lead")) == ([JONAS], [])


def test_one_sits_where_one_should_and_rivals_stand_until_somebody_chooses() -> None:
    log = IncidentLog()
    first = log.add("incident.role_assumed", role="scribe", who=ZOE)
    log.add("incident.role_assumed", role="scribe", who=JONAS)
    assert log.incident().holders("scribe") == [ZOE, JONAS]
    log.add("incident.role_assumed", role="scribe", who=ZOE)
    assert log.incident().also_done[-1]["what"] == "role_assumed"
    log.add("incident.role_renounced", role="scribe", seats=[first.id])
    assert log.incident().holders("scribe") == [JONAS]
    seat = log.incident().sitting("scribe")[0]["seat"]
    log.add("incident.role_assumed", role="scribe", who=KLARA, instead=[seat])
    assert spans(log.incident(), "scribe") == [(ZOE, False), (JONAS, False), (KLARA, True)]
    log.add("incident.role_renounced", role="scribe", seats=[seat])
    assert log.incident().also_done[-1]["what"] == "role_left"
    log.add("incident.role_assumed", role="commander", who=ZOE)
    assert log.incident().commander == KLARA


def test_command_passes_only_when_it_is_accepted() -> None:
    log = IncidentLog()
    offer = log.offer()
    assert (log.incident().commander, log.incident().next_due) == (KLARA, START + 60_000)
    assert {log.incident().handovers[0][name] for name in BRIEF} == {"two writers", ""}
    log.offer(to=ZOE)
    assert log.incident().also_done[-1]["to"] == ZOE
    log.accept(offer)
    incident = log.incident()
    assert (incident.commander, incident.commander_generation, incident.rivals) == (JONAS, 2, [])
    assert (incident.handovers, incident.next_due) == ([], None)
    assert incident.sitting("commander")[0]["read_back"] == "stop writes first"


@pytest.mark.parametrize("end", ["declined", "withdrawn", "expired"])
def test_an_offer_that_ends_leaves_command_where_it_was(end: str) -> None:
    log = IncidentLog()
    offer = log.offer()
    log.add(f"incident.handover_{end}", offer="other", role="commander")
    assert len(log.incident().handovers) == 1
    log.add(f"incident.handover_{end}", offer=offer, role="commander")
    assert (log.incident().commander, log.incident().handovers) == (KLARA, [])


def test_an_acceptance_that_crossed_with_the_end_makes_rivals_of_the_two() -> None:
    log = IncidentLog()
    offer = log.offer()
    log.add("incident.handover_withdrawn", offer=offer, role="commander")
    log.accept(offer)
    incident = log.incident()
    assert (incident.commander, incident.rivals) == (KLARA, [JONAS])
    assert incident.also_done[-1]["what"] == "handover_accepted"
    log.add("incident.role_assumed", role="deputy", who=KLARA)
    offer = log.offer("deputy", to=ZOE)
    log.add("incident.handover_expired", offer=offer, role="deputy")
    log.accept(offer, "deputy", ZOE)
    assert log.incident().holders("deputy") == [KLARA, ZOE]


def test_somebody_named_meanwhile_ends_the_offer() -> None:
    log = IncidentLog()
    offer = log.offer()
    log.add("incident.commander_named", commander=ZOE, generation=2)
    assert log.incident().handovers == []
    log.accept(offer)
    assert (log.incident().commander, log.incident().rivals) == (ZOE, [JONAS])
    log.accept(offer, who="Late", generation=1)
    assert log.incident().rivals == [JONAS]


def test_other_roles_and_the_communication_lead_are_handed_over_too() -> None:
    log = IncidentLog()
    log.add("incident.role_assumed", role="subject_expert", who=KLARA)
    log.add("incident.role_assumed", role="subject_expert", who=ZOE)
    log.accept(log.offer("subject_expert"), "subject_expert")
    assert log.incident().holders("subject_expert") == [ZOE, JONAS]
    log.add("incident.edited", field="communication_lead", value=KLARA, base="")
    log.accept(log.offer("communications_lead"), "communications_lead")
    incident = log.incident()
    assert (incident.communication_lead, incident.editors["communication_lead"]) == (JONAS, JONAS)
    assert spans(incident, "communications_lead") == [(KLARA, False), (JONAS, True)]


def test_a_restricted_incident_is_for_whoever_sits_or_is_asked() -> None:
    log = IncidentLog(restricted=True)
    assert not log.incident().may_see("mallory")
    log.offer(to="Mallory")
    log.add("incident.role_assumed", role="scribe", who=ZOE)
    assert log.incident().may_see("mallory")
    assert log.incident().may_see(ZOE)


def test_the_history_is_bounded_and_nobody_who_sits_falls_out_of_it() -> None:
    log = IncidentLog()
    log.add("incident.role_assumed", role="liaison", who=ZOE)
    for turn in range(SEATS_KEPT + 10):
        names = (KLARA, JONAS)
        log.add("incident.commander_named", commander=names[turn % 2], generation=turn + 2)
    incident = log.incident()
    assert len([s for s in incident.seats if "until" in s]) == SEATS_KEPT
    assert incident.holders("liaison") == [ZOE]


def test_a_seat_that_is_no_text_is_passed_over() -> None:
    log = IncidentLog()
    log.add("incident.role_assumed", role="scribe", who=7)
    log.add("incident.handover_offered", role="commander", to=ZOE, until="soon")
    assert log.incident() == IncidentLog().incident()
