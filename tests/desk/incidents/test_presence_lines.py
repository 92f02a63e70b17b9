"""Who of an incident's team is at a desk: a line each, a shape and words."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.incidents.presence_lines import LINES, UNKNOWN, people_of, presence_lines
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.presence import Presence

NOW = 1_770_861_600_000
INCIDENT = Incident(
    incident_id="INC-A",
    title="Orders split",
    severity="critical",
    commander="Klára Langová",
    communication_lead="Bo",
    response_team=["Ann", "bo", "Zoë Ng"],
    seats=[
        {"seat": "1", "role": "scribe", "who": "Ian", "since": 1},
        {"seat": "2", "role": "liaison", "who": "Left", "since": 1, "until": 2},
    ],
    created_at=NOW,
)
HERE = Presence(
    desk="d1", operator="klára langová", station="BRNO-1", incident_id="INC-A",
    opened_ms=NOW - 60_000, since_ms=NOW - 720_000, touched_ms=NOW, seen_ms=NOW,
)  # fmt: skip


def test_the_team_stands_in_its_order_and_who_else_looks_at_it_behind() -> None:
    presences = [
        HERE,
        replace(HERE, desk="d2", operator="Bo", incident_id="", touched_ms=NOW - 600_000),
        replace(HERE, desk="d3", operator="Ann", seen_ms=NOW - 240_000),
        replace(HERE, desk="d4", operator="Guest"),
        replace(HERE, desk="d5", operator="Elsewhere", incident_id="INC-B"),
        replace(HERE, desk="d6", operator="Gone", seen_ms=NOW - 240_000),
    ]
    assert presence_lines(INCIDENT, presences, NOW) == [
        "● Klára Langová: here now, on this incident for 12 min",
        "◐ Bo: desk open, untouched for 10 min",
        "○ Ann: away, last seen 4 min ago",
        "● Guest: here now, on this incident for 12 min (not of the team)",
        "○ Ian, Zoë Ng: at no desk in the last 12 h",
    ]


def test_what_cannot_be_asked_is_said_and_nobody_is_no_line() -> None:
    assert presence_lines(INCIDENT, None, NOW) == [UNKNOWN]
    alone = replace(INCIDENT, commander="", communication_lead="", response_team=[], seats=[])
    assert presence_lines(alone, None, NOW) == []
    assert presence_lines(alone, [], NOW) == []


def test_a_large_team_is_bounded() -> None:
    large = replace(INCIDENT, response_team=[f"P{n}" for n in range(30)])
    assert len(people_of(large)) == 33
    seen = [replace(HERE, desk=f"d{n}", operator=f"P{n}") for n in range(15)]
    found = presence_lines(large, seen, NOW)
    assert len(found) == LINES + 1
    assert found[-2] == "and 4 more: crisisdesk who"
    assert found[-1].startswith("○ Klára Langová, Bo, Ian, P15, P16, ")
    assert found[-1].endswith(" P23 and 6 more: at no desk in the last 12 h")
