"""Roles in lines: who, since when, what waits, what strains, and what the key is for."""

from __future__ import annotations

from crisisdesk.desk.incidents.role_lines import (
    SeatLine,
    button_words,
    role_at_hand,
    roles_to_choose,
    seat_lines,
    spoken_seat,
    step_of,
    step_words,
    strain_count,
    strain_lines,
)
from crisisdesk.domain.playbook.content import Role
from crisisdesk.domain.roles import CHAIR_LIMIT_MS

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import ZOE, IncidentLog

PLANNED = (Role(role="scribe", duty="Writes down"), Role(role="site_lead"), Role(role="commander"))


def test_who_is_in_which_and_what_is_to_be_filled() -> None:
    log = IncidentLog()
    since = log.events[0].at_ms
    for who in (JONAS, ZOE):
        log.add("incident.role_assumed", role="subject_expert", who=who)
    lines = seat_lines(log.incident(), PLANNED, since + 90_000)
    assert [(line.word, line.names, line.aside) for line in lines] == [
        ("Incident commander", (KLARA,), "for 1 min"),
        ("Communication lead", (), ""),
        ("Scribe", (), "to be filled"),
        ("Subject expert", (JONAS, ZOE), "2 people"),
        ("Site lead", (), "to be filled"),
    ]
    assert spoken_seat(lines[2]) == "Scribe: nobody. to be filled. Writes down"
    assert "scribe" in roles_to_choose(log.incident(), ())
    assert roles_to_choose(log.incident(), PLANNED)["site_lead"] == "Site lead: nobody"


def test_an_offer_says_how_long_it_stands() -> None:
    log = IncidentLog()
    log.offer()
    until = log.incident().handovers[0]["until"]
    [line] = [s for s in seat_lines(log.incident(), (), until - 30_000) if s.role == "commander"]
    assert line.aside == f"offered to {JONAS}, 30 s left"
    [line] = [s for s in seat_lines(log.incident(), (), until) if s.role == "commander"]
    assert line.aside == f"offered to {JONAS}, has run out"


def test_what_strains_stands_with_what_helps_and_at_its_role() -> None:
    log = IncidentLog()
    since = log.events[0].at_ms
    assert strain_lines(log.incident(), since) == []
    late = since + CHAIR_LIMIT_MS + 1
    [words] = strain_lines(log.incident(), late)
    assert words.startswith(f"{KLARA} has been incident commander for 4 h")
    assert words.endswith(": hand incident commander over")
    assert (strain_count(log.incident(), since), strain_count(log.incident(), late)) == (
        "",
        "1 strain",
    )
    line = seat_lines(log.incident(), (), late)[0]
    assert (line.trouble, line.names) == ("too long in the chair", (KLARA,))


def test_the_key_is_for_what_waits_then_for_what_one_has_then_for_command() -> None:
    log = IncidentLog()
    incident = log.incident()
    assert (role_at_hand(incident, KLARA), step_of(incident, "commander", KLARA)) == (
        "commander",
        "hand",
    )
    assert step_of(incident, "scribe", KLARA) == "take"
    log.add("incident.role_assumed", role="subject_expert", who=JONAS)
    assert step_of(log.incident(), "subject_expert", KLARA) == "take"
    assert step_words(incident, "commander", ZOE) == f"Take incident commander over from {KLARA}"
    log.add("incident.role_assumed", role="scribe", who=ZOE)
    assert role_at_hand(log.incident(), ZOE.upper()) == "scribe"
    log.offer(to=ZOE)
    incident = log.incident()
    assert role_at_hand(incident, ZOE) == "commander"
    assert (button_words(incident, ZOE), button_words(incident, KLARA)) == ("Answer", "Offered")
    assert button_words(incident, "") == "Take over"


def test_rivals_are_settled_first() -> None:
    log = IncidentLog()
    for who in (ZOE, JONAS):
        log.add("incident.role_assumed", role="scribe", who=who)
    incident = log.incident()
    assert step_of(incident, "scribe", ZOE) == "settle"
    line = next(s for s in seat_lines(incident, (), 0) if s.role == "scribe")
    assert line == SeatLine(
        role="scribe",
        word="Scribe",
        names=(ZOE, JONAS),
        aside="2 people",
        trouble=f"{ZOE} and {JONAS} both have it; H settles it",
    )
