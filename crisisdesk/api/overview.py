"""The routes that show the whole: dashboard, notifications, health, metrics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from crisisdesk.api.dashboard import DashboardOut, dashboard_out
from crisisdesk.api.documented import errors
from crisisdesk.api.orders import NotificationListing
from crisisdesk.api.reads import Counts, StationReader
from crisisdesk.api.room import InRoom, Room
from crisisdesk.api.schemas import HealthOut, NotificationOut, PageOut
from crisisdesk.api.views import notification_out
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.detection.source import DUTY
from crisisdesk.domain.errors import Malformed

router = APIRouter(tags=["overview"])
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/crisis/dashboard/", responses=errors())
async def dashboard(room: InRoom) -> DashboardOut:
    """The station at a glance."""
    now, on_duty = room.door.now_ms(), _on_duty(room)
    counts, unreached, board, station = await room.reads.ask(
        lambda reader: (
            reader.counts(now),
            reader.unreached(now),
            reader.service_board(now, on_duty=on_duty),
            reader.station(),
        )
    )
    return dashboard_out(now, counts, unreached, board, station, room.door.health())


def _on_duty(room: Room) -> bool:
    """Whether it is this station that looks at what one station looks at."""
    if room.lookout is None:
        return False
    told = [one for one in room.lookout.standing() if one.source.where == DUTY]
    return all(one.freshness is not None for one in told if not one.source.paused)


@router.get("/crisis/notifications/", responses=errors())
async def list_notifications(
    room: InRoom, asked: Annotated[NotificationListing, Query()]
) -> PageOut[NotificationOut]:
    """A page of notifications, newest first."""
    for word in asked.status:
        if word not in list(DeliveryStatus):
            raise Malformed(
                "status", f"{word!r} is none of them", f"use {', '.join(DeliveryStatus)}"
            )

    def question(reader: StationReader) -> tuple[list[tuple[Delivery, str]], str | None]:
        page = reader.page_deliveries(
            asked.status, "-queued_at", asked.after, asked.limit, alert_id=asked.alert
        )
        incidents: dict[str, str] = {}
        for delivery in page.items:
            if delivery.alert_id not in incidents:
                alert = reader.alert(delivery.alert_id)
                incidents[delivery.alert_id] = "" if alert is None else alert.incident_id
        return [(d, incidents[d.alert_id]) for d in page.items], page.next

    found, cursor = await room.reads.ask(question)
    return PageOut[NotificationOut](
        results=[notification_out(d, incident) for d, incident in found], next=cursor
    )


@router.get("/healthz", responses=errors())
async def healthz(room: InRoom) -> HealthOut:
    """Whether the engine is alive; open to everyone who reaches it."""
    health = room.door.health()
    return HealthOut(ok=not health.problems, station=health.station, version=health.version)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        **errors(),
        200: {"content": {METRICS_TYPE: {"schema": {"type": "string"}}}},
    },
)
async def metrics(room: InRoom) -> Response:
    """Figures for Prometheus."""
    now = room.door.now_ms()
    counts = await room.reads.ask(lambda reader: reader.counts(now))
    text = exposition([*room.door.counters().items(), *_gauges(counts, now)])
    return Response(text, media_type=METRICS_TYPE)


def _gauges(counts: Counts, now_ms: int) -> Iterable[tuple[str, float]]:
    for status, by_severity in counts.alerts.items():
        for severity, number in by_severity.items():
            name = f'crisisdesk_open_alerts{{status="{status}",severity="{severity}"}}'
            yield name, float(number)
    yield "crisisdesk_unowned_alerts", float(counts.unowned)
    yield "crisisdesk_sla_breached_alerts", float(counts.breached)
    for severity, number in counts.incidents.items():
        yield f'crisisdesk_open_incidents{{severity="{severity}"}}', float(number)
    for status, number in counts.deliveries.items():
        yield f'crisisdesk_deliveries{{status="{status}"}}', float(number)
    if (oldest := counts.oldest_unacknowledged_at) is not None:
        age_s = max(0, now_ms - oldest) / 1000
        yield "crisisdesk_oldest_unacknowledged_alert_age_seconds", age_s
    if counts.mean_response_ms is not None:
        yield "crisisdesk_response_mean_seconds", counts.mean_response_ms / 1000


def exposition(samples: Iterable[tuple[str, float]]) -> str:
    """Prometheus text format 0.0.4; samples are ``name`` or ``name{labels}`` and a value."""
    families: dict[str, list[str]] = {}
    for sample, value in samples:
        number = repr(int(value)) if value == int(value) else repr(value)
        families.setdefault(sample.partition("{")[0], []).append(f"{sample} {number}")
    lines = []
    for name, rows in sorted(families.items()):
        kind = "counter" if name.endswith("_total") else "gauge"
        words = name.removeprefix("crisisdesk_").removesuffix("_total").replace("_", " ")
        lines += [f"# HELP {name} CrisisDesk: {words}.", f"# TYPE {name} {kind}", *sorted(rows)]
    return "\n".join(lines) + "\n"
