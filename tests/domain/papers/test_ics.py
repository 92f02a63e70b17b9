"""The ICS forms have their boxes, and a period tells only what happened in it."""

from __future__ import annotations

from datetime import UTC

import pytest

from crisisdesk.domain.incident_record import IncidentRecord, Standing
from crisisdesk.domain.papers.document import Document, Facts, Heading, Table, Text
from crisisdesk.domain.papers.ics import FORMS, FormNumber, Period, ics_form

from tests.domain.incident_log import INCIDENT, MINUTE, START, split_brain

UNTIL = START + 40 * MINUTE
BOXES = {"201": 10, "202": 8, "214": 8}


def stood() -> Standing:
    log = split_brain()
    found = IncidentRecord(INCIDENT, log.updates(), log.events).at(UNTIL)
    assert found is not None
    return found


def form(number: FormNumber, since: int = START, of: str = "") -> Document:
    return ics_form(number, stood(), Period(since=since, until=UNTIL, of=of), UTC)


def after(document: Document, heading: str) -> object:
    blocks = list(document.blocks)
    at = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.text == heading)
    return blocks[at + 1]


@pytest.mark.parametrize("number", FORMS)
def test_every_box_of_the_form_is_there_once_in_order(number: FormNumber):
    document = form(number)
    numbers = [b.number for b in document.blocks if isinstance(b, Heading) and b.number]
    assert list(map(int, numbers)) == list(range(1, BOXES[number] + 1))
    assert document.mark == f"ICS {number}"


def test_the_briefing_says_who_leads_and_what_was_decided():
    document = form("201")
    organization = after(document, "Current organization")
    assert isinstance(organization, Facts)
    assert dict(organization.pairs)["Incident commander"] == "Mateo Ruiz"
    objectives = after(document, "Current and planned objectives")
    assert isinstance(objectives, Text)
    assert objectives.text.startswith("1. Decision: promote fra2")
    resources = after(document, "Resource summary")
    assert isinstance(resources, Table)
    assert ("Mateo Ruiz", "Incident commander, Response team") in [r[:2] for r in resources.rows]


def test_the_log_tells_one_persons_doings_of_the_period_and_leaves_room():
    since = START + 15 * MINUTE
    log = after(form("214", since, "Aiko Tanaka"), "Activity log")
    assert isinstance(log, Table)
    assert {row[1] for row in log.rows} == {"Aiko Tanaka", ""}
    assert len(log.rows) == 6
    everybody = after(form("214", since), "Activity log")
    assert isinstance(everybody, Table)
    assert all(row[0] >= "2026-02-12 02:20:02Z" for row in everybody.rows if row[0])


def test_what_nobody_wrote_down_is_a_box_for_a_pen():
    safety = after(form("202"), "Site safety plan required? Where it is")
    assert safety == Text(text="\n\n\n")
