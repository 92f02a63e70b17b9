"""The dashboard as it is told: figures of the station, and how its services stand."""

from __future__ import annotations

from typing import Literal

from crisisdesk.api.reads import Counts
from crisisdesk.api.schemas import EngineOut, Out, StationOut, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.api.views import engine_out, station_out
from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.reached import Verdict
from crisisdesk.domain.service_board.judging import Board, ServiceLine
from crisisdesk.domain.service_board.words import why_words
from crisisdesk.domain.station import Station
from crisisdesk.engine.door import Health

# So many services are told one by one, the worst first; of the others how many stand how.
MOST_TOLD = 100


class ServiceOut(Out):
    """One service. ``alerts`` counts open ones by severity; ``because`` names the services at the
    root of what it needs that are not well; ``words`` say why it stands as it does."""

    name: str
    state: Literal["down", "degraded", "not sure", "no data", "ok"]
    since: Time | None
    alerts: dict[str, int]
    unowned: int
    quiet: int
    because: list[str]
    silenced_until: Time | None
    owner: str
    tier: str
    sources: list[str]
    words: str


class ServicesOut(Out):
    """How the services stand: ``counts`` by state, ``worst`` the first hundred, the worst first.
    ``unplaced`` open alerts are of no service."""

    counts: dict[str, int]
    unplaced: int
    worst: list[ServiceOut]


class DashboardOut(Out):
    """The station at one moment. ``alerts`` counts open ones by status and severity, ``incidents``
    open ones by severity, ``deliveries`` all by status; response times are of the last 24 hours.
    ``unreached`` are the alerts for which the siren sounds: nobody has been reached."""

    at: Time
    alerts: dict[str, dict[str, int]]
    open_alerts: int
    unowned: int
    breached: int
    incidents: dict[str, int]
    deliveries: dict[str, int]
    unreached: list[str]
    oldest_unacknowledged_at: Time | None
    acknowledged_24h: int
    mean_response_ms: int | None
    median_response_ms: int | None
    services: ServicesOut
    station: StationOut
    engine: EngineOut


def dashboard_out(
    now_ms: int,
    counts: Counts,
    unreached: Verdict,
    board: Board,
    station: Station,
    health: Health,
) -> DashboardOut:
    """The whole station at a glance."""
    return DashboardOut(
        at=iso(now_ms),
        alerts=counts.alerts,
        open_alerts=counts.open_alerts,
        unowned=counts.unowned,
        breached=counts.breached,
        incidents=counts.incidents,
        deliveries=counts.deliveries,
        unreached=[waiting.alert_id for waiting in unreached.unreached],
        oldest_unacknowledged_at=iso_or_none(counts.oldest_unacknowledged_at),
        acknowledged_24h=counts.acknowledged_24h,
        mean_response_ms=counts.mean_response_ms,
        median_response_ms=counts.median_response_ms,
        services=services_out(board, now_ms),
        station=station_out(station),
        engine=engine_out(health),
    )


def services_out(board: Board, now_ms: int) -> ServicesOut:
    """The board as it is told."""
    return ServicesOut(
        counts={str(state): number for state, number in board.counts().items()},
        unplaced=board.unplaced,
        worst=[_service_out(line, now_ms) for line in board.lines[:MOST_TOLD]],
    )


def _service_out(line: ServiceLine, now_ms: int) -> ServiceOut:
    return ServiceOut(
        name=line.name,
        state=str(line.state),  # type: ignore[arg-type]
        since=iso_or_none(line.since),
        alerts={SEVERITY_NAME[rank]: n for rank, n in enumerate(line.alerts, 1) if n},
        unowned=line.unowned,
        quiet=line.quiet,
        because=[name for name, _state in line.because],
        silenced_until=None if line.hush is None else iso(line.hush.until),
        owner=line.owner,
        tier=line.tier,
        sources=[watcher.source.source_id for watcher in line.watchers],
        words=why_words(line, now_ms),
    )
