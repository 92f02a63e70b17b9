"""The roles of an incident as they are read: who sits where since when, what is empty or strained.

Which roles there are to fill says the response plan; commander and communication lead are shown in
every incident. What strains is told with the one thing that helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import COMMANDER, COMMUNICATIONS_LEAD, Incident
from crisisdesk.domain.playbook.content import Role

DEPUTY, OPERATIONS_LEAD, SCRIBE, LIAISON = "deputy", "operations_lead", "scribe", "liaison"
SUBJECT_EXPERT = "subject_expert"
ROLE_WORDS: dict[str, str] = {
    COMMANDER: "Incident commander",
    DEPUTY: "Deputy",
    OPERATIONS_LEAD: "Operations lead",
    COMMUNICATIONS_LEAD: "Communication lead",
    SCRIBE: "Scribe",
    LIAISON: "Liaison",
    SUBJECT_EXPERT: "Subject expert",
}
# Who may be several; of the others two at once are rivals.
SEVERAL = frozenset({SUBJECT_EXPERT})
# Shown in every incident, whatever its plan says.
ALWAYS = (COMMANDER, COMMUNICATIONS_LEAD)
# Nobody does both well: who leads neither writes the record nor has their hands in the work, and
# a deputy is there to take over from somebody else.
EXCLUSIVE = (
    (COMMANDER, DEPUTY),
    (COMMANDER, OPERATIONS_LEAD),
    (COMMANDER, SCRIBE),
    (OPERATIONS_LEAD, SCRIBE),
    (COMMUNICATIONS_LEAD, SCRIBE),
)
SPAN_LIMIT = 7
CHAIR_LIMIT_MS = 4 * 3_600_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")

Strain = Literal["rivals", "span", "hours", "exclusive"]
Remedy = Literal["choose", "assume", "hand_over", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is in a role. ``since`` is UTC ms, None where no record of it is left; ``seat`` its id
    ("" then)."""

    who: str
    since: int | None = None
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSeat:
    """One role of an incident: its holders, who acts first; ``planned`` where its response plan
    asks for it, with the ``duty`` that stands there; ``offer`` as `Incident.handovers` has it."""

    role: str
    word: str
    duty: str = ""
    planned: bool = False
    holders: tuple[Holder, ...] = ()
    offer: dict[str, Any] | None = None

    @property
    def rivals(self) -> tuple[str, ...]:
        """Those who took it at the same moment as whoever acts, where only one should have it."""
        names = tuple(holder.who for holder in self.holders)
        return () if self.role in SEVERAL else names[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWarning:
    """What strains a team, in words, and what helps: ``remedy`` with the role it is about."""

    strain: Strain
    role: str
    who: str
    words: str
    remedy: Remedy
    remedy_words: str


def checked_role(value: Any, field: str = "role") -> str:
    """The name of a role by its form; raises Malformed."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        remedy = f"use one of {', '.join(ROLE_WORDS)}, or one of the response plan"
        raise Malformed(field, f"{value!r} is no role", remedy)
    return value


def role_word(role: str) -> str:
    """A role as people call it."""
    return ROLE_WORDS.get(role, role.replace("_", " ").capitalize())


def role_seats(incident: Incident, planned: Iterable[Role] = ()) -> tuple[RoleSeat, ...]:
    """The roles that are held, offered, planned or always there, in one fixed order."""
    duties = {one.role: one.duty for one in planned}
    held = {seat["role"] for seat in incident.seats if "until" not in seat}
    offered = {offer["role"] for offer in incident.handovers}
    names = {*ALWAYS, *duties, *held, *offered}
    order = [*(name for name in ROLE_WORDS if name in names), *sorted(names - ROLE_WORDS.keys())]
    return tuple(
        RoleSeat(
            role=name,
            word=role_word(name),
            duty=duties.get(name, ""),
            planned=name in duties,
            holders=_holders(incident, name),
            offer=incident.offer_of(name),
        )
        for name in order
    )


def _holders(incident: Incident, role: str) -> tuple[Holder, ...]:
    seats = {seat["who"]: seat for seat in reversed(incident.sitting(role))}
    return tuple(
        Holder(
            who=who,
            since=seats[who]["at"] if who in seats else None,
            seat=seats[who]["seat"] if who in seats else "",
        )
        for who in incident.holders(role)
    )


def positions_of(incident: Incident, name: str) -> list[str]:
    """In which roles somebody is, in words; "Response team" for who is only in the team."""
    if not name:
        return []
    seats = role_seats(incident)
    found = [s.word for s in seats if name in (holder.who for holder in s.holders)]
    return [*found, "Response team"] if name in incident.response_team else found


def team_warnings(incident: Incident, now: int) -> tuple[TeamWarning, ...]:
    """What strains the team of an incident that is led, the worst first."""
    if not incident.is_open:
        return ()
    seats = {one.role: one for one in role_seats(incident)}
    return (*_rivals(seats), *_spans(incident, seats), *_hours(seats, now), *_exclusive(seats))


def _rivals(seats: dict[str, RoleSeat]) -> list[TeamWarning]:
    return [
        TeamWarning(
            strain="rivals",
            role=one.role,
            who=one.holders[0].who,
            words=f"{one.word}: {' and '.join(h.who for h in one.holders)} both have it",
            remedy="choose",
            remedy_words="say who has it",
        )
        for one in seats.values()
        if one.rivals
    ]


def _acting(seats: dict[str, RoleSeat], role: str) -> str:
    one = seats.get(role)
    return one.holders[0].who if one is not None and one.holders else ""


def _spans(incident: Incident, seats: dict[str, RoleSeat]) -> list[TeamWarning]:
    """Whom more than seven people answer to. Experts and the team answer to operations, if there
    is somebody; everybody else, and without that everybody, answers to the commander."""
    commander, operations = _acting(seats, COMMANDER), _acting(seats, OPERATIONS_LEAD)
    hands = {*incident.response_team, *(h.who for h in _of(seats, SUBJECT_EXPERT))}
    leads = {h.who for one in seats.values() if one.role != SUBJECT_EXPERT for h in one.holders}
    hands -= leads
    delegated = bool(operations) and operations != commander
    reports = (leads if delegated else leads | hands) - {commander}
    found = []
    if commander and len(reports) > SPAN_LIMIT:
        role = DEPUTY if delegated else OPERATIONS_LEAD
        found.append(_span(COMMANDER, commander, len(reports), role))
    if delegated and len(hands) > SPAN_LIMIT:
        found.append(_span(OPERATIONS_LEAD, operations, len(hands), ""))
    return found


def _of(seats: dict[str, RoleSeat], role: str) -> tuple[Holder, ...]:
    return seats[role].holders if role in seats else ()


def _span(role: str, who: str, many: int, helper: str) -> TeamWarning:
    helps = f"name somebody as {role_word(helper).lower()}" if helper else "split part of it off"
    return TeamWarning(
        strain="span",
        role=helper or role,
        who=who,
        words=f"{many} people answer to {who}; one can lead {SPAN_LIMIT}",
        remedy="assume" if helper else "split",
        remedy_words=helps,
    )


def _hours(seats: dict[str, RoleSeat], now: int) -> list[TeamWarning]:
    found = []
    for one in seats.values():
        holder = one.holders[0] if one.holders else None
        if one.role in SEVERAL or holder is None or holder.since is None:
            continue
        if now - holder.since > CHAIR_LIMIT_MS:
            lasts = span_words(now - holder.since)
            found.append(
                TeamWarning(
                    strain="hours",
                    role=one.role,
                    who=holder.who,
                    words=f"{holder.who} has been {one.word.lower()} for {lasts}",
                    remedy="hand_over",
                    remedy_words=f"hand {one.word.lower()} over",
                )
            )
    return found


def _exclusive(seats: dict[str, RoleSeat]) -> list[TeamWarning]:
    found = []
    for first, second in EXCLUSIVE:
        who = _acting(seats, first)
        if who and who == _acting(seats, second):
            words = f"{who} is {role_word(first).lower()} and {role_word(second).lower()} at once"
            found.append(
                TeamWarning(
                    strain="exclusive",
                    role=second,
                    who=who,
                    words=words,
                    remedy="hand_over",
                    remedy_words=f"hand {role_word(second).lower()} over",
                )
            )
    return found
