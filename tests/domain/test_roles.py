"""Roles as they are read: what is empty, who are rivals, what strains and what helps."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.playbook.content import Role
from crisisdesk.domain.roles import (
    CHAIR_LIMIT_MS,
    TeamWarning,
    checked_role,
    positions_of,
    role_seats,
    role_word,
    team_warnings,
)

from tests.domain.events import JONAS, KLARA, START
from tests.domain.test_seat_fold import ZOE, IncidentLog

PLAN = (Role(role="scribe", duty="Writes it down"), Role(role="site_lead"))


def only(found: tuple[TeamWarning, ...]) -> TeamWarning:
    [one] = found
    return one


def test_roles_of_the_plan_are_shown_empty_and_held_ones_with_their_holders() -> None:
    log = IncidentLog()
    log.add("incident.role_assumed", role="deputy", who=JONAS)
    seats = {one.role: one for one in role_seats(log.incident(), PLAN)}
    assert list(seats) == ["commander", "deputy", "communications_lead", "scribe", "site_lead"]
    assert (seats["scribe"].holders, seats["scribe"].duty) == ((), "Writes it down")
    assert (seats["scribe"].planned, seats["deputy"].planned) == (True, False)
    [deputy] = seats["deputy"].holders
    assert (deputy.who, deputy.since) == (JONAS, log.events[1].at_ms)
    assert role_word("site_lead") == "Site lead"


def test_two_in_a_role_for_one_are_rivals_and_experts_are_not() -> None:
    log = IncidentLog()
    for role in ("scribe", "subject_expert"):
        for who in (JONAS, ZOE):
            log.add("incident.role_assumed", role=role, who=who)
    seats = {one.role: one for one in role_seats(log.incident())}
    assert (seats["scribe"].rivals, seats["subject_expert"].rivals) == ((ZOE,), ())
    warning = only(team_warnings(log.incident(), START))
    assert (warning.strain, warning.remedy, warning.role) == ("rivals", "choose", "scribe")


def test_seven_answer_to_one_and_an_eighth_is_one_too_many() -> None:
    people = [f"P{at}" for at in range(8)]
    log = IncidentLog(response_team=people[:7])
    assert team_warnings(log.incident(), START) == ()
    log.add("incident.team_changed", add=people[7:])
    warning = only(team_warnings(log.incident(), START))
    assert (warning.strain, warning.who, warning.role) == ("span", KLARA, "operations_lead")
    assert warning.words == f"8 people answer to {KLARA}; one can lead 7"
    log.add("incident.role_assumed", role="operations_lead", who=JONAS)
    warning = only(team_warnings(log.incident(), START))
    assert (warning.who, warning.remedy) == (JONAS, "split")
    log.add("incident.team_changed", remove=people[7:])
    assert team_warnings(log.incident(), START) == ()


def test_more_than_four_hours_in_the_chair_are_told() -> None:
    log = IncidentLog()
    since = log.events[0].at_ms
    assert team_warnings(log.incident(), since + CHAIR_LIMIT_MS) == ()
    warning = only(team_warnings(log.incident(), since + CHAIR_LIMIT_MS + 1))
    assert (warning.strain, warning.remedy, warning.role) == ("hours", "hand_over", "commander")
    log.add("incident.commander_named", commander=JONAS, generation=2)
    assert team_warnings(log.incident(), since + CHAIR_LIMIT_MS + 1) == ()
    log.add("incident.status_changed", status="resolved", life=1)
    assert team_warnings(log.incident(), since + 9 * CHAIR_LIMIT_MS) == ()


def test_the_same_person_in_two_roles_that_exclude_each_other_is_told() -> None:
    log = IncidentLog()
    log.add("incident.role_assumed", role="liaison", who=KLARA)
    assert team_warnings(log.incident(), START) == ()
    log.add("incident.role_assumed", role="scribe", who=KLARA)
    warning = only(team_warnings(log.incident(), START))
    assert warning.words == f"{KLARA} is incident commander and scribe at once"
    assert (warning.remedy, warning.role) == ("hand_over", "scribe")


def test_positions_are_told_in_words_and_names_of_roles_are_checked() -> None:
    log = IncidentLog(response_team=[KLARA])
    log.add("incident.role_assumed", role="site_lead", who=KLARA)
    assert positions_of(log.incident(), KLARA) == [
        "Incident commander",
        "Site lead",
        "Response team",
    ]
    assert positions_of(log.incident(), "") == []
    assert checked_role("site_lead") == "site_lead"
    for wrong in ("", "Site lead", "x" * 60, 7):
        with pytest.raises(Malformed, match="is no role"):
            checked_role(wrong)
