"""Which incident is meant, what is part of it, and who may touch it."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.handlers.incident_parts import (
    find_incident,
    known_incident,
    led_incident,
    the_parts,
    the_whole,
)
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident

from tests.store.workload import Station


@pytest.fixture
def three(station: Station) -> list[str]:
    """Three incidents of which the last is part of the second, and that of the first."""
    orders = [c.OpenIncident(title=title, severity="major") for title in "abc"]
    ids: list[str] = station.do(*orders)
    station.do(MergeIncident(incident_id=ids[2], into=ids[1]))
    station.do(MergeIncident(incident_id=ids[1], into=ids[0]))
    return ids


def incident(station: Station, name: str) -> Incident:
    found = find_incident(station.bench, name)
    assert found is not None
    return found


def test_parts_and_the_whole_find_each_other(station: Station, three: list[str]) -> None:
    whole = incident(station, three[0])
    assert the_whole(station.bench, incident(station, three[2])) == whole
    assert [p.incident_id for p in the_parts(station.bench, whole)] == three[1:]
    assert find_incident(station.bench, "") is None


def test_what_is_part_of_another_one_is_not_acted_on(station: Station, three: list[str]) -> None:
    station.bench.begin("Zoë", station.now_ms)
    with pytest.raises(Conflict) as caught:
        led_incident(station.bench, three[2])
    assert three[0] in caught.value.remedy
    assert known_incident(station.bench, three[2]).incident_id == three[2]
    assert led_incident(station.bench, three[0]).incident_id == three[0]
    with pytest.raises(NotFound):
        known_incident(station.bench, "INC-NONE", "into")


def test_a_restricted_one_is_for_few_and_for_the_engine(station: Station, three: list[str]) -> None:
    station.do(RestrictIncident(incident_id=three[0], restricted=True))
    station.bench.begin("Mallory", station.now_ms)
    with pytest.raises(Conflict, match=r"restricted.*ask Klára Langová"):
        known_incident(station.bench, three[0])
    station.bench.begin(ENGINE, station.now_ms)
    assert known_incident(station.bench, three[0]).restricted
