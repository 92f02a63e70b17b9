"""Handing a role over: a brief, a read-back, and command that passes only when accepted."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.handover_brief import Brief
from crisisdesk.domain.incident import Incident
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.role_commands import (
    AcceptRole,
    AssumeRole,
    DeclineRole,
    MindRoles,
    OfferRole,
    WithdrawRole,
)

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

KLARA, JONAS = "Klára Langová", "Jonas Weber"
BRIEF = Brief(known="Two writers since 02:05", next="Stop the second one")
SAID = "There are two writers; I stop the second."


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident that Klára commands; Jonas has a card."""
    station.add_contact(JONAS)
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


def incident(station: Station, incident_id: str) -> Incident:
    state = station.bench.get(incident_id)
    assert isinstance(state, Incident)
    return state


def offer(incident_id: str, **more: Any) -> OfferRole:
    told: dict[str, Any] = {"role": "commander", "to": JONAS, "brief": BRIEF}
    return OfferRole(incident_id=incident_id, **(told | more))


def accept(incident_id: str, said: str = SAID, role: str = "commander") -> AcceptRole:
    return AcceptRole(incident_id=incident_id, role=role, read_back=said)


def test_command_passes_when_it_is_accepted_and_not_before(station: Station, opened: str) -> None:
    assert station.do(offer(opened, to="jonas weber")) == [JONAS]
    assert incident(station, opened).commander == KLARA
    [refused] = station.do(accept(opened), actor="Bo")
    assert isinstance(refused, Conflict)
    for said in ("", "two  writers since 02:05"):
        [refused] = station.do(accept(opened, said), actor=JONAS)
        assert isinstance(refused, Malformed)
        assert refused.field == "read_back"
    assert station.do(accept(opened), actor=JONAS) == [None]
    assert incident(station, opened).commander == JONAS
    [seat] = incident(station, opened).sitting("commander")
    assert seat["read_back"] == SAID
    [again] = station.do(accept(opened), actor=JONAS)
    assert isinstance(again, Conflict)


def test_it_is_declined_and_taken_back(station: Station, opened: str) -> None:
    station.do(offer(opened))
    no = DeclineRole(incident_id=opened, role="commander", reason="I am on a train")
    assert station.do(no, actor=JONAS) == [None]
    assert incident(station, opened).handovers == []
    station.do(offer(opened))
    back = WithdrawRole(incident_id=opened, role="commander")
    [refused] = station.do(back, actor="Bo")
    assert isinstance(refused, Conflict)
    assert station.do(back, back)[0] is None
    [refused] = station.do(accept(opened), actor=JONAS)
    assert isinstance(refused, Conflict)
    assert incident(station, opened).commander == KLARA


def test_a_second_offer_takes_the_first_back(station: Station, opened: str) -> None:
    station.add_contact("Zoë", "m2")
    assert station.do(offer(opened), offer(opened, to="Zoë")) == [JONAS, "Zoë"]
    [standing] = incident(station, opened).handovers
    assert standing["to"] == "Zoë"


def test_it_runs_out_once_and_command_stays(station: Station, opened: str) -> None:
    station.do(offer(opened, within_ms=60_000))
    assert station.do(MindRoles(), actor=ENGINE) == [0]
    station.now_ms += 60_000
    [late] = station.do(accept(opened), actor=JONAS)
    assert isinstance(late, Conflict)
    assert "run out" in str(late)
    assert station.do(MindRoles(late_ms=10_000), actor=ENGINE) == [0]
    assert station.do(MindRoles(), MindRoles(), actor=ENGINE) == [1, 0]
    assert incident(station, opened).commander == KLARA
    assert incident(station, opened).handovers == []


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"to": "Nobody Known"}, NotFound),
        ({"to": ""}, Malformed),
        ({"role": "Boss"}, Malformed),
        ({"role": "scribe"}, Conflict),
        ({"brief": Brief(next="x")}, Malformed),
        ({"brief": Brief(known="x" * 4_001)}, Malformed),
        ({"within_ms": 1}, Malformed),
        ({"within_ms": 10**9}, Malformed),
    ],
)
def test_an_offer_that_cannot_be_changes_nothing(
    station: Station, opened: str, more: dict[str, Any], kind: type[DomainError]
) -> None:
    before = incident(station, opened)
    [refused] = station.do(offer(opened, **more))
    assert type(refused) is kind
    assert incident(station, opened) == before


def test_only_who_has_it_offers_it_and_not_to_themselves(station: Station, opened: str) -> None:
    station.add_contact(KLARA, "m2")
    [own] = station.do(offer(opened, to=KLARA))
    assert isinstance(own, Conflict)
    [other] = station.do(offer(opened), actor="Bo")
    assert isinstance(other, Conflict)
    assert KLARA in str(other)


def test_another_role_is_handed_over_too(station: Station, opened: str) -> None:
    station.do(AssumeRole(incident_id=opened, role="scribe"))
    station.do(offer(opened, role="scribe"))
    assert station.do(accept(opened, role="scribe"), actor=JONAS) == [None]
    assert incident(station, opened).holders("scribe") == [JONAS]
    assert incident(station, opened).commander == KLARA


def test_accepted_here_and_taken_back_there_leaves_nobody_in_doubt() -> None:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    name = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    here.do(c.SaveContact(name=JONAS, methods=[]), START, KLARA)
    assert here.do(offer(name), START + 1, KLARA) == JONAS
    there.pull(here, START + 20)
    assert here.do(WithdrawRole(incident_id=name, role="commander"), START + 50, KLARA) is None
    assert there.do(accept(name), START + 90, JONAS) is None
    assert there.get(name).commander == JONAS
    while here.pull(there, START + 3_000) or there.pull(here, START + 3_000):
        pass
    assert here.bytes() == there.bytes()
    assert here.get(name).holders("commander") == [KLARA, JONAS]


def test_two_stations_let_it_run_out_once() -> None:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    name = here.do(c.OpenIncident(title="A", severity="major"), START, KLARA)
    here.do(c.SaveContact(name=JONAS, methods=[]), START, KLARA)
    here.do(offer(name, within_ms=60_000), START + 1, KLARA)
    there.pull(here, START + 20)
    for station in (here, there):
        assert station.do(MindRoles(), START + 90_000, ENGINE) == 1
    while here.pull(there, START + 93_000) or there.pull(here, START + 93_000):
        pass
    assert here.bytes() == there.bytes()
    assert here.get(name).also_done == []
