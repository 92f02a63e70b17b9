"""The routes of what is made of an incident: impact, alike alerts, export, forms of the ICS.

A PDF is drawn by the desk's printer (`crisisdesk incident export`), which an engine without a
screen does not have; the HTML is one page without anything from elsewhere, ready to be printed.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from crisisdesk.api.context import ImpactOut, impact_out
from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Room, Viewer
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.context.sla_impact import SlaImpact, sla_words
from crisisdesk.domain.correlation.alike import Alike
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.incident_record import IncidentRecord, Standing
from crisisdesk.domain.papers.document import Document, markdown, page
from crisisdesk.domain.papers.ics import FormNumber, Period, ics_form
from crisisdesk.domain.papers.report import incident_data, incident_report

router = APIRouter(prefix="/crisis/incidents/{incident_id}", tags=["incidents"])

MARKDOWN, HTML = "text/markdown; charset=utf-8", "text/html; charset=utf-8"
# A page that is shown in a browser loads nothing and runs nothing.
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
}
At = Annotated[str, Query(max_length=40, description="As it stood then; else now.")]
Since = Annotated[str, Query(max_length=40, description="Begin of the operational period.")]
Of = Annotated[str, Query(max_length=150, description="ICS 214: the activities of this person.")]
_PAGES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document.",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "text/markdown": {"schema": {"type": "string"}},
        },
    }
}
_EXPORTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document; as JSON: times in ISO 8601, money in whole cents.",
        "content": _PAGES[200]["content"] | {"application/json": {"schema": {"type": "object"}}},
    }
}


class PromiseOut(Out):
    """What an incident does to one promised availability. ``target_ppm`` is the promised part of
    the window in millionths; ``before_s`` was spent by others in the window that ends now,
    ``by_this_s`` by this incident besides. ``breaches_at`` is when the budget will be spent if the
    service stays out; null where it is not out, or is spent already."""

    service: str
    target_ppm: int
    window_s: float
    budget_s: float
    before_s: float
    by_this_s: float
    left_s: float
    is_out: bool
    breaches_at: Time | None
    words: str


class IncidentImpactOut(Out):
    """Whom an incident hurts and what it costs by the catalogue, and what it does to promises."""

    incident_id: str
    at: Time
    impact: ImpactOut
    promises: list[PromiseOut]


class AlikeAlertOut(Out):
    """An alert that is alike to those of the incident; ``points`` only order them."""

    alert_id: str
    severity: Severity
    service: str
    title: str
    detected_at: Time
    points: int
    because: str


class AlikeOut(Out):
    """What is alike, the most first, a handful; attach one by its id."""

    results: list[AlikeAlertOut]


@router.get("/impact/", responses=errors(404, 409))
async def incident_impact(room: InRoom, viewer: Viewer, incident_id: str) -> IncidentImpactOut:
    """What it does to services, people, money and promised availability, as of now."""
    now = room.door.now_ms()

    def look(reader: StationReader) -> IncidentImpactOut:
        readable_in(reader, incident_id, viewer)
        found = reader.impact_of(incident_id, now)
        assert found is not None
        return IncidentImpactOut(
            incident_id=incident_id,
            at=iso(now),
            impact=impact_out(found.impact),
            promises=[_promise(one, now) for one in found.promises],
        )

    return await room.reads.ask(look)


@router.get("/alike/", responses=errors(404, 409))
async def alike_alerts(room: InRoom, viewer: Viewer, incident_id: str) -> AlikeOut:
    """Open alerts of no incident that look as if they were part of this one."""

    def look(reader: StationReader) -> AlikeOut:
        readable_in(reader, incident_id, viewer)
        return AlikeOut(results=[_alike(one) for one in reader.alike_of(incident_id, viewer)])

    return await room.reads.ask(look)


@router.get("/export/", responses=errors(404, 409) | _EXPORTS, response_class=Response)
async def export_incident(
    room: InRoom,
    viewer: Viewer,
    incident_id: str,
    format: Literal["json", "markdown", "html"] = "json",  # noqa: A002 - a word of the query
    at: At = "",
) -> Response:
    """The whole incident: facts, channels, decisions, alerts, timeline."""
    stood, at_ms = await _stood(room, incident_id, viewer, at)
    if format == "json":
        data = json.dumps(incident_data(stood, at_ms), ensure_ascii=False)
        return Response(data.encode(), media_type="application/json", headers=_HEADERS)
    return _sent(incident_report(stood, at_ms, UTC), format)


@router.get("/forms/{number}/", responses=errors(404, 409) | _PAGES, response_class=Response)
async def incident_form(
    room: InRoom,
    viewer: Viewer,
    incident_id: str,
    number: FormNumber,
    format: Literal["html", "markdown"] = "html",  # noqa: A002 - a word of the query
    at: At = "",
    since: Since = "",
    of: Of = "",
) -> Response:
    """An ICS form filled in: 201 briefing, 202 objectives, 214 activity log. The period ends at
    ``at`` and begins with the incident where ``since`` says nothing else."""
    stood, at_ms = await _stood(room, incident_id, viewer, at)
    begin = ms_of(since, "since") if since else stood.incident.created_at
    if begin > at_ms:
        raise Malformed("since", "is after the end of the period", "begin it before")
    period = Period(since=begin, until=at_ms, of=of)
    return _sent(ics_form(number, stood, period, UTC), format)


async def _stood(room: Room, incident_id: str, viewer: str, at: str) -> tuple[Standing, int]:
    """The incident as it stood, and when that was."""
    at_ms = ms_of(at, "at") if at else room.door.now_ms()

    def look(reader: StationReader) -> IncidentRecord:
        readable_in(reader, incident_id, viewer)
        record = reader.record_of(incident_id, viewer)
        assert record is not None
        return record

    record = await room.reads.ask(look)
    stood = await room.apart(record.at, at_ms if at else None)
    if stood is None:
        problem = f"{incident_id} was declared at {iso(record.began)}"
        raise Conflict("at", problem, "ask for a later moment")
    return stood, at_ms


def _sent(document: Document, form: str) -> Response:
    if form == "html":
        return Response(page(document).encode(), media_type=HTML, headers=_HEADERS)
    return Response(markdown(document).encode(), media_type=MARKDOWN, headers=_HEADERS)


def _alike(one: Alike) -> AlikeAlertOut:
    alert = one.alert
    return AlikeAlertOut(
        alert_id=alert.alert_id,
        severity=alert.severity,  # type: ignore[arg-type]
        service=alert.service,
        title=alert.title,
        detected_at=iso(alert.detected_at),
        points=one.points,
        because=one.because,
    )


def _promise(one: SlaImpact, now: int) -> PromiseOut:
    return PromiseOut(
        service=one.service,
        target_ppm=one.target_ppm,
        window_s=one.window_ms / 1000,
        budget_s=one.budget_ms / 1000,
        before_s=one.before_ms / 1000,
        by_this_s=one.by_this_ms / 1000,
        left_s=one.left_ms / 1000,
        is_out=one.is_out,
        breaches_at=iso_or_none(one.breaches_at),
        words=sla_words(one, now),
    )
