"""What a dashboard counts, each figure by one statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crisisdesk.domain.alert import OPEN_STATUSES
from crisisdesk.domain.incident import DONE_STATUSES
from crisisdesk.domain.severity import IncidentSeverity, Severity
from crisisdesk.store.queries.responses import FIRST_TAKEN_AT
from crisisdesk.store.queries.rows import DashboardCounts

Rows = Callable[[str, Sequence[Any]], list[Any]]

DAY_MS = 86_400_000
_ALERT_NAMES = {s.rank: s.value for s in Severity}
_INCIDENT_NAMES = {s.rank: s.value for s in IncidentSeverity}
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_DONE = ",".join(f"'{status.value}'" for status in DONE_STATUSES)


def count_deliveries(rows: Rows) -> dict[str, int]:
    """Deliveries by status."""
    return dict(rows("SELECT status, count(*) FROM delivery GROUP BY status", ()))


def count_station(rows: Rows, now_ms: int) -> DashboardCounts:
    """Every figure of `DashboardCounts`."""
    alerts: dict[str, dict[str, int]] = {status.value: {} for status in OPEN_STATUSES}
    total = unowned = breached = 0
    oldest: int | None = None
    for status, severity, number, without, late, since in rows(
        "SELECT status, severity, count(*), sum(owner = ''), count(sla_breached_at), "  # noqa: S608
        f"min(detected_at) FROM alert WHERE status IN ({_OPEN}) GROUP BY status, severity",
        (),
    ):
        alerts[status][_ALERT_NAMES[severity]] = number
        total, unowned, breached = total + number, unowned + without, breached + late
        if status == "active":
            oldest = since if oldest is None else min(oldest, since)
    incidents = rows(
        f"SELECT severity, count(*) FROM incident WHERE status NOT IN ({_DONE}) "  # noqa: S608
        "AND merged_into = '' GROUP BY severity",
        (),
    )
    responses = _responses(rows, now_ms - DAY_MS)
    return DashboardCounts(
        alerts=alerts,
        open_alerts=total,
        unowned=unowned,
        breached=breached,
        incidents={_INCIDENT_NAMES[severity]: number for severity, number in incidents},
        deliveries=count_deliveries(rows),
        oldest_unacknowledged_at=oldest,
        acknowledged_24h=len(responses),
        mean_response_ms=sum(responses) // len(responses) if responses else None,
        median_response_ms=_median(responses),
    )


def _responses(rows: Rows, since_ms: int) -> list[int]:
    sql = (
        f"SELECT response_ms FROM alert WHERE {FIRST_TAKEN_AT} >= ? "  # noqa: S608
        "AND response_ms IS NOT NULL ORDER BY response_ms"
    )
    return [ms for (ms,) in rows(sql, (since_ms,))]


def _median(ordered: list[int]) -> int | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
