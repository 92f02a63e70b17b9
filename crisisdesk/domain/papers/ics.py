"""The forms of the Incident Command System that a war room fills in most: ICS 201, 202 and 214.

The boxes and their numbers are those of the forms of the US National Incident Management System
(FEMA, ICS Forms Booklet); what no fact of the incident answers is left as an empty box for a pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_channels import channel_words, channels_of
from crisisdesk.domain.incident_record import Standing
from crisisdesk.domain.papers.document import Block, Document, Facts, Heading, Pair, Table, Text
from crisisdesk.domain.papers.report import timeline_table
from crisisdesk.domain.papers.times import moment_words, stamp
from crisisdesk.domain.roles import positions_of, role_seats
from crisisdesk.domain.timeline import TimelineEntry

FormNumber = Literal["201", "202", "214"]
FORMS: dict[FormNumber, str] = {
    "201": "Incident briefing",
    "202": "Incident objectives",
    "214": "Activity log",
}
BLANK = "\n\n\n"
_SHORT_OF_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An operational period, UTC ms; ``of`` is whose activities ICS 214 tells ("" for all)."""

    since: int
    until: int
    of: str = ""


def ics_form(number: FormNumber, stood: Standing, period: Period, local: tzinfo) -> Document:
    """The filled form. ``stood`` is the incident as it stood at the end of the period."""
    incident = stood.incident
    blocks = {"201": _briefing, "202": _objectives, "214": _activities}[number](stood, period)
    return Document(
        title=f"{FORMS[number]} (ICS {number})",
        under=f"{incident.incident_id}, as it stood on {moment_words(period.until, local)}",
        mark=f"ICS {number}",
        foot="Times are UTC. What is empty here was written down nowhere.",
        blocks=blocks,
    )


def _briefing(stood: Standing, period: Period) -> list[Block]:
    incident = stood.incident
    services = sorted({a.service for a in stood.alerts if a.service})
    situation = [incident.description, incident.business_impact]
    return [
        *_named(incident, ("1", "Incident name"), ("2", "Incident number")),
        Heading(number="3", text="Date and time initiated"),
        Text(text=stamp(incident.created_at)),
        Heading(number="4", text="Map or sketch: services and places"),
        Text(text=", ".join(services) or BLANK),
        Heading(number="5", text="Situation summary and safety briefing"),
        Text(text="\n".join(part for part in situation if part) or BLANK),
        *_prepared("6", incident),
        Heading(number="7", text="Current and planned objectives"),
        Text(text=_objectives_words(stood) or BLANK),
        Heading(number="8", text="Current and planned actions"),
        timeline_table([e for e in stood.entries if e.update_id and not e.told.withdrawn]),
        Heading(number="9", text="Current organization"),
        Facts(pairs=_organization(incident)),
        Heading(number="10", text="Resource summary"),
        _resources(incident, _since(incident, period)),
    ]


def _objectives(stood: Standing, period: Period) -> list[Block]:
    incident = stood.incident
    return [
        *_named(incident, ("1", "Incident name"), ("", "Incident number")),
        Heading(number="2", text="Operational period"),
        _span(period),
        Heading(number="3", text="Objectives"),
        Text(text=_pinned_words(stood.entries) or BLANK),
        Heading(number="4", text="Command emphasis and general situational awareness"),
        Text(text=incident.description or BLANK),
        Heading(number="5", text="Site safety plan required? Where it is"),
        Text(text=BLANK),
        Heading(number="6", text="Parts of the action plan"),
        Text(text="ICS 201, ICS 214, emergency contact sheet"),
        *_prepared("7", incident),
        Heading(number="8", text="Approved by the incident commander"),
        Facts(pairs=(("Name", incident.commander or "nobody"), ("Signature", ""))),
    ]


def _activities(stood: Standing, period: Period) -> list[Block]:
    incident = stood.incident
    mine = [
        e
        for e in stood.entries
        if period.since <= e.happened_at <= period.until and period.of in ("", e.author)
    ]
    table = timeline_table(mine)
    # A log on paper is written on: there is room for more.
    empty = [("", "", "")] * max(0, _SHORT_OF_LINES - len(mine))
    return [
        *_named(incident, ("1", "Incident name"), ("", "Incident number")),
        Heading(number="2", text="Operational period"),
        _span(period),
        Heading(number="3", text="Name"),
        Text(text=period.of or "everybody"),
        Heading(number="4", text="ICS position"),
        Text(text=", ".join(positions_of(incident, period.of)) or BLANK),
        Heading(number="5", text="Home agency and unit"),
        Text(text=BLANK),
        Heading(number="6", text="Resources assigned"),
        _resources(incident, _since(incident, period)),
        Heading(number="7", text="Activity log"),
        Table(heads=table.heads, rows=[*table.rows, *empty], shares=table.shares),
        *_prepared("8", incident),
    ]


def _named(incident: Incident, name: Pair, number: Pair) -> list[Block]:
    return [
        Heading(number=name[0], text=name[1]),
        Text(text=incident.title),
        Heading(number=number[0], text=number[1]),
        Text(text=incident.incident_id),
    ]


def _span(period: Period) -> Facts:
    return Facts(pairs=(("From", stamp(period.since)), ("To", stamp(period.until))))


def _since(incident: Incident, period: Period) -> int:
    return max(incident.created_at, period.since)


def _prepared(number: str, incident: Incident) -> list[Block]:
    signed = Facts(pairs=(("Name", incident.commander or "nobody"), ("Signature", "")))
    return [Heading(number=number, text="Prepared by"), signed]


def _pinned_words(entries: Sequence[TimelineEntry]) -> str:
    pinned = [e.told.plain for e in entries if e.is_pinned and not e.told.withdrawn]
    return "\n".join(f"{at}. {words}" for at, words in enumerate(pinned, start=1))


def _organization(incident: Incident) -> list[Pair]:
    seats = [
        (seat.word, ", ".join(h.who for h in seat.holders) or "nobody")
        for seat in role_seats(incident)
    ]
    team = ("Response team", ", ".join(incident.response_team) or "nobody")
    # The form has no box for them; who reads it has to know where to be heard.
    channels = [("Channel", channel_words(one)) for one in channels_of(incident)]
    return [*seats, team, *channels]


def _objectives_words(stood: Standing) -> str:
    """What is pinned, and the decisions that stand."""
    decided = [
        f"Decided: {d.title}" + (f" (look again {stamp(d.check_at)})" if d.check_at else "")
        for d in stood.decisions
        if d.stands
    ]
    return "\n".join(filter(None, (_pinned_words(stood.entries), *decided)))


def _resources(incident: Incident, since: int) -> Table:
    seated = [h for seat in role_seats(incident) for h in seat.holders]
    began = {h.who: max(since, h.since or 0) for h in reversed(seated)}
    people = dict.fromkeys((*(h.who for h in seated), *incident.response_team))
    rows = [
        (name, ", ".join(positions_of(incident, name)), stamp(began.get(name, since)))
        for name in people
    ]
    return Table(
        heads=("Name", "ICS position", "In this period since"), rows=rows, shares=(34, 40, 26)
    )
