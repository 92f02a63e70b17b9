"""Rows of alerts for the tests of the Alerts room."""

from __future__ import annotations

from typing import Any

from crisisdesk.store.queries import AlertRow

NOW = 1_770_861_600_000
SEVERITIES = {"low": 1, "medium": 2, "high": 3, "critical": 4, "emergency": 5}


def alert_row(alert_id: str, severity: str = "high", **changes: Any) -> AlertRow:
    """An active alert that opened two minutes ago and is due in ten."""
    row = AlertRow(
        alert_id=alert_id,
        pos=1,
        status="active",
        severity=SEVERITIES[severity],
        title=f"Trouble {alert_id}",
        service="db-primary",
        place="fra1",
        source="prometheus",
        group_key="",
        count=1,
        owner="",
        detected_at=NOW - 120_000,
        last_seen_at=NOW - 1_000,
        acknowledged_at=None,
        resolved_at=None,
        sla_deadline=NOW + 600_000,
        sla_breached_at=None,
        incident_id="",
        epoch="e1",
        response_ms=None,
    )
    return row._replace(**changes)


def taken(row: AlertRow, owner: str = "Klára Langová", **changes: Any) -> AlertRow:
    """The same in somebody's hands since a minute."""
    return row._replace(status="acknowledged", owner=owner, acknowledged_at=NOW - 60_000, **changes)
