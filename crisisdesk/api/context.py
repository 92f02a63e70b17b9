"""The route of what surrounds an alert."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.changes import ChangeOut, Hours, change_out
from crisisdesk.api.documented import errors
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.context.gathered import (
    CHANGE_HOURS,
    Context,
    Neighbour,
)
from crisisdesk.domain.context.host_facts import HostKnown
from crisisdesk.domain.context.impact import Impact
from crisisdesk.domain.context.similar import Similar
from crisisdesk.domain.context.words import Part, parts_of
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.queue_order import SEVERITY_NAME

router = APIRouter(prefix="/crisis", tags=["context"])


class RecentChangeOut(Out):
    """A change near an alert: of which service, how that hangs together with the alert's ("" for
    its own), and how long before the alert it was (s, negative: after it)."""

    change: ChangeOut
    service: str
    relation: str
    before_s: float


class NeighbourOut(Out):
    """An open alert of a service close by, and how that hangs together with the alert's."""

    alert_id: str
    service: str
    relation: str
    severity: Severity
    title: str
    since: Time


class SimilarOut(Out):
    """A past alert or incident that was like it (``points`` of 100), and how it ended."""

    id: str
    title: str
    points: int
    because: str
    began_at: Time
    lasted_s: float
    ended_by: str
    ending: str


class AffectedOut(Out):
    """A service that an outage reaches; ``because_of`` is what it needs ("" for the first)."""

    service: str
    because_of: str
    distance: int


class ImpactOut(Out):
    """What the outage would reach, by the catalogue; null where nobody has said."""

    services: list[AffectedOut]
    users: int | None
    regions: list[str]
    money_per_minute_cents: int | None
    money_cents: int | None


class RunbookOut(Out):
    """A runbook and why it is offered."""

    url: str
    because: str


class MeasuredOut(Out):
    """One series of the last hour: its points as [time, value as text]."""

    name: str
    points: list[tuple[Time, str]]


class LineOut(Out):
    """One line of a log."""

    at: Time
    name: str
    text: str


class HostFactOut(Out):
    """One fact of a host, in words."""

    name: str
    words: str


class HostOut(Out):
    """What was measured last of the alert's host, and when."""

    host: str
    measured_at: Time
    facts: list[HostFactOut]


class PartOut(Out):
    """A part of it in words, as desk and command line show it."""

    label: str
    lines: list[str]


class ContextOut(Out):
    """What helps whoever looks at an alert, as it stands now."""

    alert_id: str
    services: list[str]
    owner: str
    team: str
    tier: str
    dashboard: str
    runbooks: list[RunbookOut]
    changes: list[RecentChangeOut]
    neighbours: list[NeighbourOut]
    similar: list[SimilarOut]
    fired_before: int
    impact: ImpactOut
    measured: list[MeasuredOut]
    log_lines: list[LineOut]
    host: HostOut | None
    words: list[PartOut]


@router.get("/alerts/{alert_id}/context/", responses=errors(404))
async def alert_context(room: InRoom, alert_id: str, hours: Hours = CHANGE_HOURS) -> ContextOut:
    """What helps whoever looks at an alert: made when it is asked for, never stored."""
    now_ms = room.door.now_ms()
    found = await room.reads.ask(lambda reader: reader.context_of(alert_id, now_ms, hours))
    if found is None:
        raise NotFound("alert_id", f"no alert {alert_id!r} on this station", "check the id")
    return context_out(found, parts_of(found, now_ms))


def context_out(found: Context, words: list[Part]) -> ContextOut:
    """All of it as it is told."""
    return ContextOut(
        alert_id=found.alert_id,
        services=list(found.services),
        owner=found.owner,
        team=found.team,
        tier=found.tier,
        dashboard=found.dashboard,
        runbooks=[RunbookOut(url=one.url, because=one.because) for one in found.runbooks],
        changes=[
            RecentChangeOut(
                change=change_out(one.change),
                service=one.near.service,
                relation=one.near.words,
                before_s=one.before_ms / 1000,
            )
            for one in found.changes
        ],
        neighbours=[_neighbour(one) for one in found.neighbours],
        similar=[_similar(one) for one in found.similar],
        fired_before=found.fired_before,
        impact=impact_out(found.impact),
        measured=[
            MeasuredOut(name=m.name, points=[(iso(at), repr(value)) for at, value in m.points])
            for m in found.measured
        ],
        log_lines=[LineOut(at=iso(x.at), name=x.name, text=x.text) for x in found.lines],
        host=None if found.host is None else _host(found.host),
        words=[PartOut(label=one.label, lines=list(one.lines)) for one in words],
    )


def _neighbour(one: Neighbour) -> NeighbourOut:
    return NeighbourOut(
        alert_id=one.alert_id,
        service=one.near.service,
        relation=one.near.words,
        severity=SEVERITY_NAME[one.severity],  # type: ignore[arg-type]
        title=one.title,
        since=iso(one.since),
    )


def _host(known: HostKnown) -> HostOut:
    return HostOut(
        host=known.host,
        measured_at=iso(known.at),
        facts=[HostFactOut(name=name, words=words) for name, words in known.facts],
    )


def _similar(one: Similar) -> SimilarOut:
    past = one.past
    return SimilarOut(
        id=past.subject_id,
        title=past.title,
        points=one.points,
        because=one.because,
        began_at=iso(past.began_at),
        lasted_s=past.span_ms / 1000,
        ended_by=past.by,
        ending=past.words,
    )


def impact_out(impact: Impact) -> ImpactOut:
    """What is hurt, as it is told."""
    return ImpactOut(
        services=[
            AffectedOut(service=a.service, because_of=a.needs, distance=a.distance)
            for a in impact.services
        ],
        users=impact.users,
        regions=list(impact.regions),
        money_per_minute_cents=impact.money_per_minute_cents,
        money_cents=impact.money_cents,
    )
