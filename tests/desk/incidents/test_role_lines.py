"""The other roles and what strains a team, in lines."""

from __future__ import annotations

from crisisdesk.desk.incidents.role_lines import role_lines, strain_lines
from crisisdesk.domain.playbook.content import Role
from crisisdesk.domain.roles import CHAIR_LIMIT_MS

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import ZOE, IncidentLog


def test_who_is_in_which_and_what_is_to_be_filled() -> None:
    log = IncidentLog()
    assert role_lines(log.incident(), ()) == []
    for who in (JONAS, ZOE):
        log.add("incident.role_assumed", role="subject_expert", who=who)
    log.offer()
    planned = (Role(role="scribe"), Role(role="site_lead"), Role(role="commander"))
    assert role_lines(log.incident(), planned) == [
        f"Subject expert: {JONAS}, since 02:05Z; {ZOE}, since 02:05Z",
        "To be filled: Scribe, Site lead",
        f"Incident commander: {KLARA} offers it to {JONAS} until 02:06Z",
    ]


def test_what_strains_stands_with_what_helps() -> None:
    log = IncidentLog()
    since = log.events[0].at_ms
    assert strain_lines(log.incident(), since) == []
    [line] = strain_lines(log.incident(), since + CHAIR_LIMIT_MS + 1)
    assert line.startswith(f"{KLARA} has been incident commander for 4 h")
    assert line.endswith(": hand incident commander over")
