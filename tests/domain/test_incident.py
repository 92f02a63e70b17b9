"""The incident's rules: its ladder and lives, one commander, a team, edits, and its timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.incident import Incident
from crisisdesk.domain.merge import TRACES_KEPT
from crisisdesk.domain.update import IncidentUpdate

from tests.domain.events import JONAS, KLARA, START, Log


class IncidentLog(Log):
    """The log of one opened incident."""

    def __init__(self, **body: Any) -> None:
        super().__init__("INC-1")
        self.add("incident.opened", **({"title": "Payments down", "severity": "major"} | body))

    def incident(self) -> Incident:
        state = self.state()
        assert isinstance(state, Incident)
        return state


def test_opening_says_all_and_a_second_opening_nothing() -> None:
    log = IncidentLog(commander=KLARA, response_team=["Zoë", "Anna"], alerts=["A-2", "A-1"])
    incident = log.incident()
    assert (incident.status, incident.commander, incident.commander_generation) == (
        "open",
        KLARA,
        1,
    )
    assert incident.response_team == ["Anna", "Zoë"]
    assert incident.alerts == ["A-2", "A-1"]
    assert (incident.created_at, incident.created_by) == (START + 1_000, KLARA)
    log.add("incident.opened", title="again", severity="minor")
    assert log.incident() == incident


def test_nothing_happens_before_the_opening() -> None:
    log = Log("INC-1")
    log.add("incident.status_changed", status="closed")
    assert log.state() is None
    assert IncidentLog().incident().commander_generation == 0


def test_status_only_climbs_and_the_first_change_is_the_response() -> None:
    log = IncidentLog()
    first = log.add("incident.status_changed", status="investigating", life=1)
    log.add("incident.status_changed", status="monitoring", life=1)
    log.add("incident.status_changed", status="identified", life=1)
    incident = log.incident()
    assert (incident.status, incident.first_response_at) == ("monitoring", first.at_ms)
    assert incident.is_open
    done = log.add(
        "incident.status_changed", status="resolved", life=1, resolution_summary="rolled back"
    )
    closed = log.add("incident.status_changed", status="closed", life=1)
    incident = log.incident()
    assert (incident.status, incident.resolved_at, incident.closed_at) == (
        "closed",
        done.at_ms,
        closed.at_ms,
    )
    assert incident.resolution_summary == "rolled back"
    assert not incident.is_open


def test_closing_at_once_resolves_too() -> None:
    log = IncidentLog()
    closed = log.add("incident.status_changed", status="closed", life=1)
    assert log.incident().resolved_at == closed.at_ms


def test_reopening_begins_a_life_that_old_news_cannot_end() -> None:
    log = IncidentLog()
    log.add("incident.reopened", life=2)
    assert log.incident().life == 1
    log.add("incident.status_changed", status="resolved", life=1)
    log.add("incident.reopened", life=3)
    assert log.incident().life == 1
    log.add("incident.reopened", life=2)
    incident = log.incident()
    assert (incident.status, incident.life, incident.resolved_at) == ("investigating", 2, None)
    log.add("incident.status_changed", status="closed", life=1)
    late = log.incident().also_done[-1]
    assert replace(log.incident(), also_done=incident.also_done) == incident
    assert (late["what"], late["status"], late["life"]) == ("status", "closed", 1)


def test_the_later_generation_commands_and_rivals_are_shown() -> None:
    log = IncidentLog(commander=KLARA)
    log.add("incident.commander_named", commander="Zoë", generation=2)
    log.add("incident.commander_named", commander=JONAS, generation=2)
    log.add("incident.commander_named", commander="Ben", generation=2)
    log.add("incident.commander_named", commander="Ben", generation=2)
    log.add("incident.commander_named", commander="Old", generation=1)
    incident = log.incident()
    assert (incident.commander, incident.rivals) == ("Zoë", ["Ben", JONAS])
    log.add("incident.commander_named", commander=KLARA, generation=3)
    assert (log.incident().commander, log.incident().rivals) == (KLARA, [])


def test_the_team_is_a_set_in_order() -> None:
    log = IncidentLog(response_team=["Zoë"])
    log.add("incident.team_changed", add=["Ben", "Anna", "Ben"])
    log.add("incident.team_changed", remove=["Zoë", "nobody"])
    assert log.incident().response_team == ["Anna", "Ben"]


def test_edits_keep_what_they_did_not_know_and_refuse_other_fields() -> None:
    log = IncidentLog()
    first = log.add("incident.edited", field="root_cause", value="a cable")
    log.add("incident.edited", field="root_cause", value="a switch", base=first.id)
    assert log.incident().overwritten == []
    blind = log.add("incident.edited", field="root_cause", value="a rat", base=first.id)
    log.add("incident.edited", field="status", value="closed")
    incident = log.incident()
    assert (incident.root_cause, incident.status) == ("a rat", "open")
    (lost,) = incident.overwritten
    assert (lost["field"], lost["value"], lost["by_event"]) == ("root_cause", "a switch", blind.id)
    for n in range(TRACES_KEPT + 5):
        log.add("incident.edited", field="root_cause", value=f"guess {n}")
    assert len(log.incident().overwritten) == TRACES_KEPT


def test_alerts_are_linked_once_and_taken_off() -> None:
    log = IncidentLog(alerts=["A-1"])
    for alert_id in ("A-2", "A-1", "A-2"):
        log.add("incident.alert_linked", alert_id=alert_id)
    assert log.incident().alerts == ["A-1", "A-2"]
    log.add("incident.alert_unlinked", alert_id="A-1")
    log.add("incident.alert_unlinked", alert_id="A-9")
    assert log.incident().alerts == ["A-2"]


def test_the_first_response_is_the_first() -> None:
    log = IncidentLog()
    first = log.add("incident.responded")
    log.add("incident.responded")
    assert log.incident().first_response_at == first.at_ms


def test_unknown_kinds_change_nothing() -> None:
    log = IncidentLog()
    before = log.incident()
    log.add("incident.sold", to="somebody")
    assert log.incident() == before


def entry_of(log: Log) -> IncidentUpdate:
    state = log.state()
    assert isinstance(state, IncidentUpdate)
    return state


def posted() -> Log:
    log = Log("U-1")
    log.add(
        "update.posted",
        incident_id="INC-1",
        update_type="decision",
        title="Fail over",
        happened_at=START - 60_000,
        is_public=True,
    )
    return log


def test_an_entry_tells_when_it_happened_and_when_it_was_written() -> None:
    log = posted()
    entry = entry_of(log)
    assert (entry.happened_at, entry.logged_at) == (START - 60_000, START + 1_000)
    assert (entry.author, entry.update_type, entry.is_public) == (KLARA, "decision", True)
    log.add("update.posted", incident_id="INC-2", update_type="note", title="x", happened_at=1)
    assert entry_of(log) == entry


def test_an_edited_entry_counts_its_edits_and_keeps_its_author() -> None:
    log = posted()
    log.add("update.edited", actor=JONAS, title="Fail over to Brno", author=JONAS)
    log.add("update.edited", hidden=True, happened_at=START)
    entry = entry_of(log)
    assert (entry.title, entry.author, entry.edits) == ("Fail over to Brno", KLARA, 2)
    assert (entry.hidden, entry.happened_at) == (True, START)


@pytest.mark.parametrize("kind", ["update.edited", "update.read"])
def test_only_posting_makes_an_entry(kind: str) -> None:
    log = Log("U-1")
    log.add(kind, title="x")
    assert log.state() is None
