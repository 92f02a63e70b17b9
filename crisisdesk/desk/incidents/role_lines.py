"""The roles of an incident beside commander, communication lead and team, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.roles import ALWAYS, RoleSeat, role_seats, team_warnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Role


def role_lines(incident: Incident, planned: Sequence[Role]) -> list[str]:
    """Who is in each since when, which are to be filled, and what is offered to whom."""
    seats = role_seats(incident, planned)
    held = [_held(seat) for seat in seats if seat.role not in ALWAYS and seat.holders]
    empty = [seat.word for seat in seats if seat.role not in ALWAYS and not seat.holders]
    lines = [*held, *(f"To be filled: {', '.join(empty)}" for _ in empty[:1])]
    return [*lines, *(_offered(seat) for seat in seats if seat.offer is not None)]


def _held(seat: RoleSeat) -> str:
    people = [
        f"{one.who}, since {_clock(one.since)}" if one.since is not None else one.who
        for one in seat.holders
    ]
    return f"{seat.word}: {'; '.join(people)}"


def _offered(seat: RoleSeat) -> str:
    assert seat.offer is not None
    until = _clock(seat.offer["until"])
    return f"{seat.word}: {seat.offer['by']} offers it to {seat.offer['to']} until {until}"


def strain_lines(incident: Incident, now_ms: int) -> list[str]:
    """What strains the team, each with what helps."""
    return [f"{one.words}: {one.remedy_words}" for one in team_warnings(incident, now_ms)]


def _clock(at_ms: int) -> str:
    """``02:05Z``; the day stands in the timeline."""
    return f"{stamp(at_ms)[11:16]}Z"
